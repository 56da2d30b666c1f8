package runner

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// newEventLog makes a log, in memory of which nobody can cut off the end: to whoever has mapped it that
// would be a fault. It is to be closed.
func newEventLog(string) (*eventLog, error) {
	const name, flags = "course-events", unix.MFD_CLOEXEC | unix.MFD_ALLOW_SEALING
	fd, err := unix.MemfdCreate(name, flags|unix.MFD_NOEXEC_SEAL)
	if errors.Is(err, unix.EINVAL) { // before Linux 6.3
		fd, err = unix.MemfdCreate(name, flags)
	}
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	l := &eventLog{file: os.NewFile(uintptr(fd), name)}
	if err := unix.Ftruncate(fd, logSize); err != nil {
		l.close()
		return nil, os.NewSyscallError("ftruncate", err)
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK|unix.F_SEAL_GROW|unix.F_SEAL_SEAL); err != nil {
		l.close()
		return nil, os.NewSyscallError("fcntl", err)
	}
	return l, nil
}
