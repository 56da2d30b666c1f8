package runner

import (
	"bufio"
	"bytes"
	"os"
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
}

func newMeter(limits sandbox.Limits) *meter {
	return &meter{limits: limits, shared: kilobytes("/proc/meminfo", "Shmem:")["Shmem:"]}
}

// next is when to look again: often enough that a program which takes memory as fast as it can gets a
// few hundred MiB beyond its limit, and not so often that it would show in a measurement: a look costs no
// more than one part in two hundred of a processor's time, unless there are so many processes that it takes long.
func (m *meter) next() <-chan time.Time {
	return time.After(min(max(50*time.Millisecond, 200*m.cost), 250*time.Millisecond))
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
	// Pages that processes share are counted more than once here, and what others have put into files in memory, too. To
	// find out takes time for each page, so it is asked only where the answer matters.
	most := resident + kilobytes("/proc/meminfo", "Shmem:")["Shmem:"] - m.shared
	if most > m.limits.Memory && memory(all) > m.limits.Memory {
		return memoryLimit
	}
	return ""
}

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
