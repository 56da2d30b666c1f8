package runner

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"course/runner/processes"
	"course/runner/sandbox"

	"golang.org/x/sys/unix"
)

// A meter looks again and again at what a run takes.
type meter struct {
	limits sandbox.Limits
	shared int64         // the machine's memory of files in memory, before the run
	cost   time.Duration // of the last look
	dir    string        // of the run, where nothing else bounds what is written there; else empty
	weighs bool          // it is to find the most
	most   *Memory       // that it has seen
}

func newMeter(limits sandbox.Limits, weighs bool) *meter {
	return &meter{limits: limits, weighs: weighs, shared: processes.Kilobytes("/proc/meminfo", "Shmem:")["Shmem:"]}
}

// next is when to look again.
func (m *meter) next() <-chan time.Time { return time.After(pause(m.cost, m.weighs)) }

// pause is the time between a look of that cost and the next one.
// A run that is weighed is looked at at once, and then every millisecond, or so often that a fifth of the time goes into it.
func pause(cost time.Duration, weighs bool) time.Duration {
	switch {
	case !weighs:
		return processes.Pause(cost)
	case cost == 0:
		return 0
	}
	return min(max(time.Millisecond, 4*cost), processes.LongestPause)
}

// exceeded returns the limit that the run exceeds, if any.
func (m *meter) exceeded() limit {
	begin := time.Now()
	defer func() { m.cost = time.Since(begin) }()
	var threads int
	var resident int64
	all := processes.Below(os.Getpid())
	for _, p := range all {
		threads += p.Threads
		resident += p.Resident
	}
	if threads > m.limits.Processes {
		return processLimit
	}
	if m.dir != "" && overfull(m.dir, m.limits.Disk) {
		return diskLimit
	}
	if m.weighs {
		if m.weigh(all) > m.limits.Memory {
			return memoryLimit
		}
		return ""
	}
	// Pages that processes share are counted more than once here, and what others have put into files in memory, too. To
	// find out takes time for each page, so it is asked only where the answer matters.
	most := resident + processes.Kilobytes("/proc/meminfo", "Shmem:")["Shmem:"] - m.shared
	if most > m.limits.Memory && processes.Memory(all) > m.limits.Memory {
		return memoryLimit
	}
	return ""
}

// overfull reports whether the files in dir take more than so many bytes of the disk, or are more than a private root has room for.
// What the run has hidden, by taking away its own permissions or a file's name, is not seen.
func overfull(dir string, most int64) bool {
	var taken int64
	files := 0
	err := filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		var st unix.Stat_t
		if err == nil && unix.Lstat(name, &st) == nil {
			taken += st.Blocks * 512 // stat(2)
			files++
		}
		if taken > most || files > sandbox.MaxFiles {
			return fs.SkipAll
		}
		return nil
	})
	return err == nil && (taken > most || files > sandbox.MaxFiles)
}

// kernelStack is the size of a thread's stack in the kernel, which no file tells: 16 KiB where words have 64 bits, half of it
// where they have 32 (THREAD_SIZE in arch/x86/include/asm/page_64_types.h and page_32_types.h, arch/arm64/include/asm/memory.h,
// arch/arm/include/asm/thread_info.h of Linux). Kernels made for finding faults (KASAN) have larger ones.
const kernelStack = 16 << 10 * strconv.IntSize / 64

// weigh sees whether this is the most that the run took, and returns the proportional set size.
func (m *meter) weigh(all []processes.Process) int64 {
	var now Memory
	for _, p := range all {
		if !p.Zombie {
			now.PageTables += processes.Kilobytes("/proc/"+strconv.Itoa(p.ID)+"/status", "VmPTE:")["VmPTE:"]
			now.Stacks += int64(p.Threads) * kernelStack
		}
	}
	now.PSS = processes.Memory(all) // last, for it is the most: what ends meanwhile does not pass for more than it was
	if now.PSS == 0 {               // it is over
		return 0
	}
	if m.most == nil {
		m.most = new(Memory)
	}
	looks := m.most.Looks + 1
	if now.total() > m.most.total() {
		*m.most = now
	}
	m.most.Looks = looks
	return now.PSS
}

func (m Memory) total() int64 { return m.PSS + m.PageTables + m.Stacks }

// add adds what the system counted for a process that was reaped, and for those for whom it had waited.
func (u *Usage) add(r *unix.Rusage) {
	u.Voluntary += int64(r.Nvcsw) // which has 32 bits on some machines
	u.Involuntary += int64(r.Nivcsw)
	u.MinorFaults += int64(r.Minflt)
	u.MajorFaults += int64(r.Majflt)
}
