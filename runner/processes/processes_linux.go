package processes

import (
	"bufio"
	"bytes"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// A Process is a line of the process table.
type Process struct {
	ID            int // its pid
	Threads       int
	Resident      int64 // bytes; the kernel counts them roughly
	Zombie        bool  // it has ended, and waits to be reaped
	parent, group int
	began         string // in clock ticks since boot: together with the pid it names a process for good
}

// Below returns the processes below pid, children and theirs, as far as they are found.
func Below(pid int) []Process {
	below := map[int][]Process{}
	names, _ := Names("/proc")
	for _, name := range names {
		if p, ok := Read(name); ok {
			below[p.parent] = append(below[p.parent], p)
		}
	}
	all := below[pid]
	for i := 0; i < len(all); i++ {
		all = append(all, below[all[i].ID]...)
	}
	return all
}

// Kill kills p and its group, unless that is ownGroup, which cannot grow while it is killed. Its number may belong to somebody
// else by now: so it is held first, and then looked at again.
func (p Process) Kill(ownGroup int) {
	handle, err := unix.PidfdOpen(p.ID, 0)
	if err != nil && err != unix.ENOSYS { // Linux before 5.3 has no handles
		return
	}
	if err == nil {
		defer unix.Close(handle)
	}
	if now, ok := Read(strconv.Itoa(p.ID)); !ok || now.began != p.began {
		return
	}
	if p.group > 1 && p.group != ownGroup {
		_ = unix.Kill(-p.group, unix.SIGKILL)
	}
	if err == nil {
		_ = unix.PidfdSendSignal(handle, unix.SIGKILL, nil, 0)
	} else {
		_ = unix.Kill(p.ID, unix.SIGKILL)
	}
}

// Parents reports whether p may have children, which the system tells of each thread where it is built to (proc_pid_task(5)).
func (p Process) Parents() bool {
	dir := "/proc/" + strconv.Itoa(p.ID) + "/task/"
	threads, err := Names(dir)
	if err != nil {
		return false // it has ended
	}
	for _, thread := range threads {
		if children, err := os.ReadFile(dir + thread + "/children"); err != nil || len(children) > 0 {
			return true
		}
	}
	return false
}

// Read reads /proc/pid/stat (proc_pid_stat(5)): pid (name) state ppid pgrp, and from field 20 on
// num_threads, itrealvalue, starttime, vsize and rss. The name may hold anything, so fields are counted from its last parenthesis.
func Read(pid string) (Process, bool) {
	number, err := strconv.Atoi(pid)
	if err != nil {
		return Process{}, false
	}
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return Process{}, false
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 22 {
		return Process{}, false
	}
	parent, perr := strconv.Atoi(fields[1])
	group, gerr := strconv.Atoi(fields[2])
	p := Process{ID: number, parent: parent, group: group, Zombie: fields[0] == "Z", began: fields[19]}
	p.Threads, _ = strconv.Atoi(fields[17])
	pages, _ := strconv.ParseInt(fields[21], 10, 64)
	p.Resident = pages * int64(os.Getpagesize())
	return p, perr == nil && gerr == nil
}

// Names returns the names of what is in a directory, in no order.
func Names(dir string) ([]string, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Readdirnames(-1)
}

// Memory is that of processes, in which a page of n of them counts as an n-th of each, and of the files in
// memory that have no name (memfd_create(2)), which need not be in the memory of any.
func Memory(all []Process) (own int64) {
	var mapped, open int64
	type file struct{ device, inode uint64 }
	seen := make(map[file]bool)
	for _, p := range all {
		dir := "/proc/" + strconv.Itoa(p.ID)
		pss := Kilobytes(dir+"/smaps_rollup", "Pss:", "Pss_Shmem:")
		own += pss["Pss:"] - pss["Pss_Shmem:"]
		mapped += pss["Pss_Shmem:"]
		names, _ := Names(dir + "/fd")
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

// Kilobytes reads lines like "Pss: 12 kB", and returns bytes. What is not there is 0, as is all of a process that
// is gone.
func Kilobytes(name string, keys ...string) map[string]int64 {
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
