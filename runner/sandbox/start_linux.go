package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Start is one start of a program.
type Start struct {
	Path   string   // of its binary
	Args   []string // beside its name
	Tree   string   // the directory that it is in, and of which it is to have all; empty: it has its binary alone
	Reads  []string // what else of the machine's files it is to have, to read, wherever that lies
	Dir    string   // its working directory
	Env    []string
	Files  []uintptr // its descriptors, from 0 on
	Limits Limits    // complete

	Without Without // as to Landlock; whether there are namespaces, Enter says

	// Ready is called right before the program starts, when all else is done.
	Ready func()

	layers []Layer
}

// Begin starts the program, confined by what Enter made of this process and by what it adds itself. The program is
// killed when over is closed, at the latest. It is the caller's to wait for.
func (s *Start) Begin(over <-chan struct{}) (pid int, layers []Layer, err error) {
	if !s.inside() {
		if err := s.share(); err != nil {
			return 0, nil, fmt.Errorf("give it its files: %w", err)
		}
	}
	var limits map[int]uint64
	done := make(chan struct{})
	go func() {
		// Landlock, the system-call filter, ids and capabilities are those of a thread, and are inherited: this one
		// gives all up that the program may not have, and the supervisor keeps it. It is not unlocked, so it ends with
		// this function, and the program with it (Pdeathsig).
		runtime.LockOSThread()
		if err = s.restrict(); err == nil {
			// The user's other programs may have had all the processes that are left to this one; limits are what they are then.
			for wait := time.Millisecond; ; wait *= 2 {
				limits = s.rlimits()
				if pid, err = s.start(limits); !errors.Is(err, unix.EAGAIN) || wait > time.Second {
					break
				}
				time.Sleep(wait)
			}
		}
		began := err == nil
		close(done)
		if began {
			<-over
		}
	}()
	<-done
	if err == nil {
		err = s.asCell(func() error { return bound(pid, limits) }) // which the filter refuses to that thread
	}
	return pid, s.layers, err
}

// asCell calls f on a thread that is of the cell's user and has no filter: it may do to the program what root may not everywhere,
// for that of a container often lacks CAP_SYS_RESOURCE (prlimit(2)).
func (s *Start) asCell(f func() error) error {
	failed := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with this function
		err := s.become()
		if err == nil {
			err = f()
		}
		failed <- err
	}()
	return <-failed
}

// start starts the program with these limits, which it may raise again until bound is called.
func (s *Start) start(limits map[int]uint64) (int, error) {
	restore, err := lower(limits)
	defer restore()
	if err != nil {
		return 0, err
	}
	if s.Ready != nil {
		s.Ready()
	}
	// A session of its own is also a group of its own to the scheduler (sched(7), autogroup): however many
	// processes there are, the supervisor that is to end them gets its turn.
	pid, err := syscall.ForkExec(s.Path, append([]string{s.Path}, s.Args...), &syscall.ProcAttr{
		Dir: s.Dir, Env: s.Env, Files: s.Files,
		Sys: &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL},
	})
	if err != nil {
		return 0, os.NewSyscallError("start", err)
	}
	return pid, nil
}

// restrict takes from this thread what the program may not have. The order is that in which one thing
// needs what the next one takes.
func (s *Start) restrict() error {
	// Without it neither Landlock nor a filter can be had by who is not root; with it nobody gets more than they have.
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return os.NewSyscallError("prctl", err)
	}
	for c := uintptr(0); unix.Prctl(unix.PR_CAPBSET_READ, c, 0, 0, 0) == nil; c++ {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err != nil && !errors.Is(err, unix.EPERM) {
			return os.NewSyscallError("prctl", err)
		}
	}
	if err := s.landlock(); err != nil {
		return fmt.Errorf("landlock: %w", err)
	}
	if err := s.setUser(); err != nil {
		return err
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	if err := unix.Capset(&header, &none[0]); err != nil { // what is not permitted is not ambient either
		return os.NewSyscallError("capset", err)
	}
	s.layers = append(s.layers, Capabilities, Rlimits)
	if err := s.filter(); err != nil {
		return fmt.Errorf("seccomp: %w", err)
	}
	return nil
}

// setUser makes this thread another user, where there is one to be had. The system's own calls are of a
// thread, package syscall's would be of all.
func (s *Start) setUser() error {
	if os.Getuid() != 0 {
		return nil
	}
	for _, output := range s.Files[1:3] { // so that it can be opened by name, /dev/stdout
		_ = unix.Fchown(int(output), s.user(), s.user()) // some files cannot be given away, which then cannot be opened
	}
	s.layers = append(s.layers, Nobody)
	return s.become()
}

// user is whom a supervisor that is root makes a cell.
func (s *Start) user() int {
	if s.inside() {
		return cellID
	}
	return nobody
}

// become makes this thread that user, where it is root.
func (s *Start) become() error {
	if os.Getuid() != 0 {
		return nil
	}
	id := s.user()
	var none uint32
	for _, call := range [][4]uintptr{
		{unix.SYS_SETGROUPS, 0, uintptr(unsafe.Pointer(&none)), 0},
		{unix.SYS_SETRESGID, uintptr(id), uintptr(id), uintptr(id)},
		{unix.SYS_SETRESUID, uintptr(id), uintptr(id), uintptr(id)},
	} {
		if _, _, errno := unix.RawSyscall(call[0], call[1], call[2], call[3]); errno != 0 {
			return os.NewSyscallError("set user", errno)
		}
	}
	return nil
}

// share lets another user reach the program and own its directory, which are below a directory of the tool's alone.
func (s *Start) share() error {
	if os.Getuid() != 0 {
		return nil
	}
	err := filepath.WalkDir(s.Dir, func(name string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(name, nobody, nobody)
	})
	shared := os.TempDir()
	for _, name := range []string{s.Path, s.Dir} {
		for dir := filepath.Dir(name); err == nil && strings.HasPrefix(dir, shared+"/"); dir = filepath.Dir(dir) {
			err = os.Chmod(dir, 0o711)
		}
	}
	return err
}
