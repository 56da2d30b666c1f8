package runner

import (
	"bufio"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

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
	return &meter{limits: limits, weighs: weighs, shared: kilobytes("/proc/meminfo", "Shmem:")["Shmem:"]}
}

// next is when to look again.
func (m *meter) next() <-chan time.Time { return time.After(pause(m.cost, m.weighs)) }

// pause is the time between a look of that cost and the next one. It is short enough that a program which takes memory as fast as
// it can gets a few hundred MiB beyond its limit, and so long that it would not show in a measurement: a look costs no
// more than one part in two hundred of a processor's time, unless there are so many processes that it takes long.
// A run that is weighed is looked at at once, and then every millisecond, or so often that a fifth of the time goes into it.
func pause(cost time.Duration, weighs bool) time.Duration {
	const longest = 250 * time.Millisecond
	switch {
	case !weighs:
		return min(max(50*time.Millisecond, 200*cost), longest)
	case cost == 0:
		return 0
	}
	return min(max(time.Millisecond, 4*cost), longest)
}

// exceeded returns the limit that the run exceeds, if any.
func (m *meter) exceeded() limit {
	begin := time.Now()
	defer func() { m.cost = time.Since(begin) }()
	var threads int
	var resident int64
	all := descendants(os.Getpid())
	for _, p := range all {
		threads += p.threads
		resident += p.resident
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
	most := resident + kilobytes("/proc/meminfo", "Shmem:")["Shmem:"] - m.shared
	if most > m.limits.Memory && memory(all) > m.limits.Memory {
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
func (m *meter) weigh(all []process) int64 {
	var now Memory
	for _, p := range all {
		if !p.zombie {
			now.PageTables += kilobytes("/proc/"+strconv.Itoa(p.pid)+"/status", "VmPTE:")["VmPTE:"]
			now.Stacks += int64(p.threads) * kernelStack
		}
	}
	now.PSS = memory(all) // last, for it is the most: what ends meanwhile does not pass for more than it was
	if now.PSS == 0 {     // it is over
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

// memory is that of processes, in which a page of n of them counts as an n-th of each, and of the files in
// memory that have no name (memfd_create(2)), which need not be in the memory of any.
func memory(all []process) (own int64) {
	var mapped, open int64
	type file struct{ device, inode uint64 }
	seen := make(map[file]bool)
	for _, p := range all {
		dir := "/proc/" + strconv.Itoa(p.pid)
		pss := kilobytes(dir+"/smaps_rollup", "Pss:", "Pss_Shmem:")
		own += pss["Pss:"] - pss["Pss_Shmem:"]
		mapped += pss["Pss_Shmem:"]
		names, _ := readNames(dir + "/fd")
		for _, name := range names {
			var st unix.Stat_t
			if unix.Stat(dir+"/fd/"+name, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFREG || st.Nlink > 0 {
				continue
			}
			if f := (file{uint64(st.Dev), st.Ino}); !seen[f] {
				seen[f] = true
				open += st.Blocks * 512 // stat(2)
			}
		}
	}
	return own + max(mapped, open)
}

// add adds what the system counted for a process that was reaped, and for those for whom it had waited.
func (u *Usage) add(r *unix.Rusage) {
	u.Voluntary += int64(r.Nvcsw) // which has 32 bits on some machines
	u.Involuntary += int64(r.Nivcsw)
	u.MinorFaults += int64(r.Minflt)
	u.MajorFaults += int64(r.Majflt)
}

// kilobytes reads lines like "Pss: 12 kB", and returns bytes. What is not there is 0, as is all of a process that
// is gone.
func kilobytes(name string, keys ...string) map[string]int64 {
	text, _ := os.ReadFile(name)
	found := make(map[string]int64, len(keys))
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan() && len(found) < len(keys); {
		for _, key := range keys {
			if value, ok := bytes.CutPrefix(lines.Bytes(), []byte(key)); ok {
				n, _ := strconv.ParseInt(string(bytes.TrimSuffix(bytes.TrimSpace(value), []byte(" kB"))), 10, 64)
				found[key] = n << 10
			}
		}
	}
	return found
}
