package sandbox

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// verdict runs a filter as the kernel does, as far as ours go (bpf(4), seccomp(2)).
func (f filter) verdict(t *testing.T, arch, call uint32, first, second uint64) uint32 {
	t.Helper()
	var data [64]byte // struct seccomp_data
	binary.LittleEndian.PutUint32(data[dataCall:], call)
	binary.LittleEndian.PutUint32(data[dataArch:], arch)
	binary.LittleEndian.PutUint64(data[dataFirstArg:], first)
	binary.LittleEndian.PutUint64(data[dataSecondArg:], second)
	var loaded uint32
	jump := func(at int, in unix.SockFilter, yes bool) int {
		if yes {
			return at + int(in.Jt)
		}
		return at + int(in.Jf)
	}
	for at := 0; at < len(f); at++ {
		switch in := f[at]; in.Code {
		case unix.BPF_LD | unix.BPF_W | unix.BPF_ABS:
			loaded = binary.LittleEndian.Uint32(data[in.K:])
		case unix.BPF_JMP | unix.BPF_K | unix.BPF_JEQ:
			at = jump(at, in, loaded == in.K)
		case unix.BPF_JMP | unix.BPF_K | unix.BPF_JGE:
			at = jump(at, in, loaded >= in.K)
		case unix.BPF_JMP | unix.BPF_K | unix.BPF_JSET:
			at = jump(at, in, loaded&in.K != 0)
		case unix.BPF_RET | unix.BPF_K:
			return in.K
		default:
			t.Fatalf("instruction %d is %#v", at, in)
		}
	}
	t.Fatal("the filter has no verdict")
	return 0
}

// TestTheFilterRefusesWhatIsListedAndNothingElse goes through all numbers that a call may have.
func TestTheFilterRefusesWhatIsListedAndNothingElse(t *testing.T) {
	if arch == 0 {
		t.Skip("there is no filter for this processor")
	}
	eperm, enosys := fails(unix.EPERM), fails(unix.ENOSYS)
	for _, way := range []struct {
		inside   bool
		landlock int
	}{{true, 0}, {true, 7}, {false, 0}, {false, LandlockTruncate - 1}, {false, LandlockTruncate}, {false, LandlockSignals}} {
		inside := way.inside
		f := callFilter(inside, way.landlock)
		if len(f) > 4096 { // BPF_MAXINSNS, linux/bpf_common.h
			t.Fatalf("%d instructions", len(f))
		}
		listed := slices.Concat(refused, refusedHere)
		if !inside {
			listed = slices.Concat(listed, changes, shared)
			if way.landlock < LandlockTruncate {
				listed = append(listed, unix.SYS_TRUNCATE)
			}
		}
		for call := range uint32(2000) {
			want := uint32(unix.SECCOMP_RET_ALLOW)
			switch {
			case slices.Contains(listed, call):
				want = eperm
			case call == unix.SYS_IOPRIO_SET && !inside: // whose 0 is no process
				want = eperm
			case call == unix.SYS_CLONE3:
				want = enosys
			case call == unix.SYS_SOCKET && !inside:
				want = fails(unix.EACCES)
			case call == unix.SYS_SOCKET:
				want = fails(unix.EAFNOSUPPORT) // of family 0
			}
			if got := f.verdict(t, arch, call, 0, 0); got != want {
				t.Errorf("inside %v, call %d: %#x, want %#x", inside, call, got, want)
			}
		}
		for _, call := range []uint32{0x40000000, 0x40000000 | unix.SYS_GETPID, 0xffffffff} {
			if got := f.verdict(t, arch, call, 0, 0); got != enosys {
				t.Errorf("call %#x: %#x", call, got)
			}
		}
		if got := f.verdict(t, arch^1, unix.SYS_GETPID, 0, 0); got != unix.SECCOMP_RET_KILL_PROCESS {
			t.Errorf("another processor's calls: %#x", got)
		}
	}
}

func TestTheFilterLooksAtArguments(t *testing.T) {
	if arch == 0 {
		t.Skip("there is no filter for this processor")
	}
	f := callFilter(true, 7)
	const thread = unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND | unix.CLONE_THREAD
	for flags, want := range map[uint64]uint32{
		thread: unix.SECCOMP_RET_ALLOW, uint64(unix.SIGCHLD): unix.SECCOMP_RET_ALLOW,
		unix.CLONE_NEWUSER: fails(unix.EPERM), unix.CLONE_NEWNS | thread: fails(unix.EPERM), unix.CLONE_NEWNET: fails(unix.EPERM), unix.CLONE_NEWPID: fails(unix.EPERM),
		unix.CLONE_NEWIPC: fails(unix.EPERM), unix.CLONE_NEWUTS: fails(unix.EPERM), unix.CLONE_NEWCGROUP: fails(unix.EPERM),
	} {
		if got := f.verdict(t, arch, unix.SYS_CLONE, flags, 0); got != want {
			t.Errorf("clone with %#x: %#x, want %#x", flags, got, want)
		}
	}
	for family := range uint64(64) {
		want := fails(unix.EAFNOSUPPORT)
		if slices.Contains(families, uint32(family)) {
			want = unix.SECCOMP_RET_ALLOW
		}
		if got := f.verdict(t, arch, unix.SYS_SOCKET, family, 0); got != want {
			t.Errorf("a socket of family %d: %#x, want %#x", family, got, want)
		}
	}
}

// TestTheFilterLeavesOtherProcessesAlone: limits are a process's own; without namespaces so are its turns on the processors.
func TestTheFilterLeavesOtherProcessesAlone(t *testing.T) {
	if arch == 0 {
		t.Skip("there is no filter for this processor")
	}
	type call struct {
		number        uint32
		first, second uint64
	}
	self := []call{{unix.SYS_PRLIMIT64, 0, 7}, {unix.SYS_SCHED_SETAFFINITY, 0, 8}, {unix.SYS_SETPRIORITY, unix.PRIO_PROCESS, 0}, {unix.SYS_IOPRIO_SET, 1, 0}}
	others := []call{
		{unix.SYS_SCHED_SETAFFINITY, 2, 8},
		{unix.SYS_SCHED_SETSCHEDULER, 2, 0},
		{unix.SYS_SCHED_SETPARAM, 2, 0},
		{unix.SYS_SCHED_SETATTR, 2, 0},
		{unix.SYS_MIGRATE_PAGES, 2, 0},
		{unix.SYS_MOVE_PAGES, 2, 0},
		{unix.SYS_SETPRIORITY, unix.PRIO_PROCESS, 2},
		{unix.SYS_SETPRIORITY, unix.PRIO_USER, 0},
		{unix.SYS_SETPRIORITY, unix.PRIO_PGRP, 0},
		{unix.SYS_IOPRIO_SET, 1, 2},
		{unix.SYS_IOPRIO_SET, 3, 0},
	}
	for _, inside := range []bool{true, false} {
		f := callFilter(inside, 7)
		for _, c := range self {
			if got := f.verdict(t, arch, c.number, c.first, c.second); got != unix.SECCOMP_RET_ALLOW {
				t.Errorf("inside %v, %v of itself: %#x", inside, c, got)
			}
		}
		if got := f.verdict(t, arch, unix.SYS_PRLIMIT64, 1, 7); got != fails(unix.EPERM) {
			t.Errorf("inside %v, limits of another: %#x", inside, got)
		}
		for _, c := range others {
			want := fails(unix.EPERM)
			if inside { // others are those of the cell
				want = unix.SECCOMP_RET_ALLOW
			}
			if got := f.verdict(t, arch, c.number, c.first, c.second); got != want {
				t.Errorf("inside %v, %v of others: %#x, want %#x", inside, c, got, want)
			}
		}
	}
}

// TestTheKernelTakesTheFilter has the kernel refuse what the filter does, one call after the other, without rights with which
// any of them could do harm.
func TestTheKernelTakesTheFilter(t *testing.T) {
	if !filters() {
		t.Skip("the kernel has no filters")
	}
	for line := range strings.Lines(helped(t, "filter")) {
		t.Error(strings.TrimSpace(line))
	}
}

func helpFilter(s *Start) error {
	if err := s.restrict(); err != nil {
		return err
	}
	for _, call := range calls(false, landlockABI()) {
		if _, _, errno := unix.RawSyscall6(uintptr(call), 0, 0, 0, 0, 0, 0); errno != unix.EPERM {
			fmt.Printf("call %d: %v\n", call, errno)
		}
	}
	if _, _, errno := unix.RawSyscall(unix.SYS_CLONE3, 0, 0, 0); errno != unix.ENOSYS {
		fmt.Println("clone3:", errno)
	}
	if _, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); err != unix.EACCES {
		fmt.Println("a socket:", err)
	}
	if _, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0); err != nil {
		fmt.Println("a pair of sockets:", err)
	}
	return nil
}
