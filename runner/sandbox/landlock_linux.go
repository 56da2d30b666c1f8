package sandbox

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Package go-landlock restricts all threads of a process, and here it is one; so the three calls are made here
// (landlock(7)).

// Rights to files, linux/landlock.h.
const (
	readRights = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	fileRights = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE |
		unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
)

// landlockABI returns the version of Landlock that is there to be used, 0 where there is none.
func (w Without) landlockABI() int {
	abi := landlockABI()
	if w.Landlock > 0 {
		abi = min(abi, w.Landlock-1)
	}
	return abi
}

// landlockABI returns the version of Landlock that the kernel has, 0 where it has none.
func landlockABI() int {
	const version = 1 // LANDLOCK_CREATE_RULESET_VERSION
	abi, _, errno := unix.RawSyscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, version)
	if errno != 0 {
		return 0
	}
	return int(abi)
}

// landlockLayer is the layer that a version makes.
func landlockLayer(abi int) Layer { return Layer(fmt.Sprint(Landlock, " ", abi)) }

// ruleset says what is refused from now on unless a rule allows it, as far as a version knows it.
func ruleset(abi int) unix.LandlockRulesetAttr {
	attr := unix.LandlockRulesetAttr{Handled_access_fs: 1<<13 - 1} // all of the first version
	if abi >= 2 {
		attr.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if abi >= 3 {
		attr.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if abi >= 5 {
		attr.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	}
	if abi >= 6 { // neither signals nor abstract sockets cross
		attr.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	}
	return attr
}

// landlock lets this thread have nothing of the machine's files but what the program needs. The network is
// not its matter: there is none, or the system-call filter refuses sockets.
func (s *Start) landlock() error {
	abi := s.Without.landlockABI()
	if abi == 0 {
		return nil
	}
	attr := ruleset(abi)
	fd, _, errno := unix.RawSyscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if errno != 0 {
		return os.NewSyscallError("create ruleset", errno)
	}
	defer unix.Close(int(fd))
	allow := func(rights uint64, names ...string) error {
		for _, name := range names {
			if err := allowBeneath(int(fd), name, rights&attr.Handled_access_fs); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}
	err := errors.Join(
		allow(readRights, s.Path, "/proc"), s.allowTree(allow), allow(readRights, programs...), allow(readRights, system...),
		allow(fileRights&^unix.LANDLOCK_ACCESS_FS_EXECUTE, devices...), allow(attr.Handled_access_fs, s.Dir),
	)
	if s.inside() {
		err = errors.Join(err, allow(attr.Handled_access_fs, "/tmp/shm"), allow(readRights, "/"))
	}
	if err != nil {
		return err
	}
	if _, _, errno := unix.RawSyscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return os.NewSyscallError("restrict self", errno)
	}
	s.layers = append(s.layers, landlockLayer(abi))
	return nil
}

// allowTree gives the rights to what a program reads beside its binary.
func (s *Start) allowTree(allow func(rights uint64, names ...string) error) error {
	tree := s.Tree
	if tree == "" {
		return nil
	}
	if s.inside() {
		tree = ProgramDir
	}
	return errors.Join(allow(readRights, tree), allow(readRights, s.Reads...))
}

// allowBeneath gives rights to a file, or to all in a directory. One that is not there needs none.
func allowBeneath(ruleset int, name string, rights uint64) error {
	fd, err := unix.Open(name, unix.O_PATH|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return os.NewSyscallError("open", err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return os.NewSyscallError("fstat", err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		rights &= fileRights
	}
	attr := unix.LandlockPathBeneathAttr{Allowed_access: rights, Parent_fd: int32(fd)}
	if _, _, errno := unix.RawSyscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&attr)), 0, 0, 0); errno != 0 {
		return os.NewSyscallError("add rule", errno)
	}
	return nil
}
