package sandbox

import (
	"maps"
	"os"
	"runtime"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// refused are the system calls that reach beyond a program: to other processes, to what is mounted, to the
// machine's settings, and to parts of the kernel that a cell has no use for and that had many faults. It follows
// what container engines refuse by default (moby/profiles, seccomp/default.json), as far as that does not go with
// capabilities. Those with memory that nobody's proportional set size counts are among them: also a file in memory, and the pages in a pipe,
// are nobody's once their descriptors are in a message that nobody has received. Files in the cell's directory, of which there
// may be so many, do what package worker would have them for.
var refused = []uint32{
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_KCMP, unix.SYS_PIDFD_GETFD, unix.SYS_PROCESS_MADVISE,
	unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT,
	unix.SYS_OPEN_TREE, unix.SYS_MOVE_MOUNT, unix.SYS_FSOPEN, unix.SYS_FSCONFIG, unix.SYS_FSMOUNT, unix.SYS_FSPICK, unix.SYS_MOUNT_SETATTR,
	unix.SYS_NAME_TO_HANDLE_AT, unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_FANOTIFY_INIT, unix.SYS_QUOTACTL, unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_ACCT,
	unix.SYS_KEYCTL, unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD,
	unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
	unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE, unix.SYS_KEXEC_LOAD, unix.SYS_REBOOT, unix.SYS_SYSLOG, unix.SYS_VHANGUP,
	unix.SYS_SETTIMEOFDAY, unix.SYS_CLOCK_SETTIME, unix.SYS_ADJTIMEX, unix.SYS_CLOCK_ADJTIME, unix.SYS_SETHOSTNAME, unix.SYS_SETDOMAINNAME,
	unix.SYS_SHMGET, unix.SYS_SHMAT, unix.SYS_SHMCTL, unix.SYS_MSGGET, unix.SYS_MSGSND, unix.SYS_MSGRCV, unix.SYS_MSGCTL,
	unix.SYS_SEMGET, unix.SYS_SEMCTL, unix.SYS_MEMFD_CREATE, unix.SYS_VMSPLICE,
}

// changes are the calls that change what is known of a file by its name: Landlock does not cover them, and where there
// is no private root a name can be that of any file of the user's. Those by descriptor are for files that could be opened.
var changes = slices.Concat([]uint32{
	unix.SYS_FCHMODAT, unix.SYS_FCHMODAT2, unix.SYS_FCHOWNAT, unix.SYS_UTIMENSAT, unix.SYS_SETXATTR, unix.SYS_LSETXATTR, unix.SYS_REMOVEXATTR, unix.SYS_LREMOVEXATTR,
	unix.SYS_SETXATTRAT, unix.SYS_REMOVEXATTRAT, unix.SYS_FILE_SETATTR,
}, changesHere)

// shared are the calls that reach what Landlock does not know of and, where there are no namespaces, everybody shares: message queues by name, and
// what is told of files.
var shared = []uint32{unix.SYS_MQ_OPEN, unix.SYS_MQ_UNLINK, unix.SYS_INOTIFY_ADD_WATCH}

// Of the calls whose first argument is a process, ofSelf are refused for another than the calling one, 0: the supervisor may be
// of the same user. Where there is no process namespace, so are ofSelfOutside.
var (
	ofSelf        = []uint32{unix.SYS_PRLIMIT64}
	ofSelfOutside = []uint32{unix.SYS_SCHED_SETAFFINITY, unix.SYS_SCHED_SETSCHEDULER, unix.SYS_SCHED_SETPARAM, unix.SYS_SCHED_SETATTR, unix.SYS_MIGRATE_PAGES, unix.SYS_MOVE_PAGES}
)

// priorities are the calls that are, outside of a process namespace, for the calling process alone, with the first argument that says that
// the second is a process (setpriority(2), ioprio_set(2)).
var priorities = map[uint32]uint32{unix.SYS_SETPRIORITY: unix.PRIO_PROCESS, unix.SYS_IOPRIO_SET: 1}

// families are those of sockets that stay within a network namespace. Others (vsock, alg) do not.
var families = []uint32{unix.AF_UNIX, unix.AF_INET, unix.AF_INET6, unix.AF_NETLINK}

// newNamespaces are the flags of clone that make namespaces (clone(2)).
const newNamespaces = unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP

// Where struct seccomp_data, which a filter sees, has what (linux/seccomp.h; both processors are little-endian).
const (
	dataCall      = 0
	dataArch      = 4
	dataFirstArg  = 16
	dataSecondArg = 24
)

// A program of the kernel's packet filter, which looks at each system call.
type filter []unix.SockFilter

func (f *filter) load(at uint32) {
	*f = append(*f, unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at})
}

func (f *filter) give(verdict uint32) {
	*f = append(*f, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: verdict})
}

// unless goes over the next n instructions unless what is loaded compares with k.
func (f *filter) unless(compares uint16, k uint32, n int) {
	*f = append(*f, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_K | compares, K: k, Jf: uint8(n)})
}

func fails(errno unix.Errno) uint32 { return unix.SECCOMP_RET_ERRNO | uint32(errno) }

// calls are those that are refused whatever their arguments are, with that version of Landlock.
func calls(inside bool, landlock int) []uint32 {
	all := slices.Concat(refused, refusedHere)
	if inside {
		return all
	}
	all = slices.Concat(all, changes, shared)
	if landlock < LandlockTruncate {
		all = append(all, unix.SYS_TRUNCATE)
	}
	return all
}

// callFilter refuses what reaches beyond a program and, where there is no network namespace, all sockets but
// pairs.
func callFilter(inside bool, landlock int) filter {
	var f filter
	f.load(dataArch)
	f = append(f, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: arch, Jt: 1})
	f.give(unix.SECCOMP_RET_KILL_PROCESS) // its calls have other numbers
	f.load(dataCall)
	f.unless(unix.BPF_JGE, 0x40000000, 1) // __X32_SYSCALL_BIT, asm/unistd.h; nowhere else are there so many
	f.give(fails(unix.ENOSYS))
	for _, call := range calls(inside, landlock) {
		f.unless(unix.BPF_JEQ, call, 1)
		f.give(fails(unix.EPERM))
	}
	// Its flags are in memory, where a filter cannot look: so whoever calls it has to do with clone.
	f.unless(unix.BPF_JEQ, unix.SYS_CLONE3, 1)
	f.give(fails(unix.ENOSYS))
	f.unless(unix.BPF_JEQ, unix.SYS_CLONE, 4)
	f.load(dataFirstArg)
	f.unless(unix.BPF_JSET, newNamespaces, 1)
	f.give(fails(unix.EPERM))
	f.give(unix.SECCOMP_RET_ALLOW)
	own := ofSelf
	if !inside {
		own = slices.Concat(ofSelf, ofSelfOutside)
		for _, call := range slices.Sorted(maps.Keys(priorities)) {
			f.unless(unix.BPF_JEQ, call, 6)
			f.load(dataFirstArg)
			f.unless(unix.BPF_JEQ, priorities[call], 3)
			f.load(dataSecondArg)
			f.unless(unix.BPF_JEQ, 0, 1)
			f.give(unix.SECCOMP_RET_ALLOW)
			f.give(fails(unix.EPERM))
		}
	}
	for _, call := range own {
		f.unless(unix.BPF_JEQ, call, 4)
		f.load(dataFirstArg)
		f.unless(unix.BPF_JEQ, 0, 1)
		f.give(unix.SECCOMP_RET_ALLOW)
		f.give(fails(unix.EPERM))
	}
	if !inside {
		f.unless(unix.BPF_JEQ, unix.SYS_SOCKET, 1)
		f.give(fails(unix.EACCES))
	} else {
		f.unless(unix.BPF_JEQ, unix.SYS_SOCKET, 2*len(families)+2)
		f.load(dataFirstArg)
		for _, family := range families {
			f.unless(unix.BPF_JEQ, family, 1)
			f.give(unix.SECCOMP_RET_ALLOW)
		}
		f.give(fails(unix.EAFNOSUPPORT))
	}
	f.give(unix.SECCOMP_RET_ALLOW)
	return f
}

// filters reports whether the kernel has system-call filters, and there is one for this processor.
func filters() bool {
	verdict := uint32(unix.SECCOMP_RET_ERRNO)
	_, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_GET_ACTION_AVAIL, 0, uintptr(unsafe.Pointer(&verdict)))
	return arch != 0 && errno == 0
}

// filter has the kernel refuse system calls of this thread, and of what it starts. Nothing of it slows down
// what the program does beside them: kernels before 5.16 would otherwise switch off speculation.
func (s *Start) filter() error {
	if arch == 0 {
		return nil
	}
	f := callFilter(s.inside(), s.Without.landlockABI())
	program := unix.SockFprog{Len: uint16(len(f)), Filter: &f[0]}
	_, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_SPEC_ALLOW, uintptr(unsafe.Pointer(&program)))
	runtime.KeepAlive(f)
	if errno == unix.ENOSYS || errno == unix.EINVAL { // the kernel is built without
		return nil
	}
	if errno != 0 {
		return os.NewSyscallError("set filter", errno)
	}
	s.layers = append(s.layers, Seccomp)
	return nil
}

// inside reports whether the program is to run in namespaces of its own.
func (s *Start) inside() bool { return len(s.layers) > 0 && s.layers[0] == Namespaces }
