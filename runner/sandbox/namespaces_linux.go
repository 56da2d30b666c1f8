package sandbox

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// Who is who within a sandbox. nobody is the user whom a tool of root's lends to a cell: on the machine it owns
// nothing. A tool of anybody else has but one user to lend, its own.
const (
	supervisorID = 0
	cellID       = 1000
	nobody       = 65534 // linux/highuid.h, DEFAULT_OVERFLOWUID: what systems give to nobody
)

// Attributes are those of the process that is to call Enter. Starting it fails where namespaces are
// refused.
func Attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{
		Setpgid: true, Pdeathsig: syscall.SIGKILL,
		Cloneflags: unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS,
	}
	if uid, gid := os.Getuid(), os.Getgid(); uid != 0 {
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: cellID, HostID: uid, Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: cellID, HostID: gid, Size: 1}}
		attr.AmbientCaps = needed // who is not root of its namespace would lose them when it executes
		return attr
	}
	ids := []syscall.SysProcIDMap{{ContainerID: supervisorID, HostID: 0, Size: 1}, {ContainerID: cellID, HostID: nobody, Size: 1}}
	attr.UidMappings, attr.GidMappings, attr.GidMappingsEnableSetgroups = ids, ids, true
	return attr
}

// needed are the capabilities that Enter, Begin and the supervisor use in a namespace of users of their own.
var needed = []uintptr{
	unix.CAP_SYS_ADMIN, unix.CAP_NET_ADMIN, unix.CAP_SETPCAP, unix.CAP_SYS_PTRACE, unix.CAP_KILL, unix.CAP_DAC_OVERRIDE, unix.CAP_CHOWN, unix.CAP_SYS_RESOURCE,
}

// Refused reports whether err is one by which a system says that it lets nobody have namespaces: then a
// program runs without. Any other is a fault.
func Refused(err error) bool {
	for _, refusal := range []error{
		unix.EPERM, unix.EACCES, // a distribution's policy, or a container's
		unix.ENOSPC,              // user.max_user_namespaces (namespaces(7))
		unix.EINVAL, unix.ENOSYS, // the kernel has none, or no mount_setattr (Linux 5.12)
		unix.ENODEV, // or no tmpfs
	} {
		if errors.Is(err, refusal) {
			return true
		}
	}
	return false
}

// network makes the one interface work that there is in a new network namespace.
func network() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return os.NewSyscallError("socket", err)
	}
	defer unix.Close(fd)
	loopback, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	loopback.SetUint16(unix.IFF_UP)
	return os.NewSyscallError("ioctl", unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, loopback))
}

// Enter makes of the namespaces that this process was started in the place that s is to run in: path
// and dir of s are then those in there. It is called once, by a process with a single purpose.
func (s *Start) Enter() error {
	if err := s.privateRoot(); err != nil {
		return fmt.Errorf("make a private root: %w", err)
	}
	if err := network(); err != nil {
		return fmt.Errorf("make a private network: %w", err)
	}
	if err := unix.Sethostname([]byte("cell")); err != nil {
		return os.NewSyscallError("sethostname", err)
	}
	// It may be of the same user as the cell, which is not to look into it (proc(5), PR_SET_DUMPABLE).
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return os.NewSyscallError("prctl", err)
	}
	s.layers = []Layer{Namespaces, PrivateRoot}
	return nil
}
