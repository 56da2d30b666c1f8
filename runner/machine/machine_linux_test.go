package machine

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// files makes a file system of names and contents.
func files(texts map[string]string) fstest.MapFS {
	fsys := make(fstest.MapFS)
	for name, text := range texts {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestWhatBoundsAMachine(t *testing.T) {
	const (
		mount2   = "31 23 0:28 / /sys/fs/cgroup rw,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
		mounts1  = "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
		unified  = "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
		infinite = "9223372036854771712\n"
		memory   = 8 << 30
	)
	for name, test := range map[string]struct {
		files map[string]string
		quota float64
		limit int64
	}{
		"nothing is known": {},
		"version 2, without bounds": {files: map[string]string{
			"proc/self/cgroup": "0::/user.slice/session\n", "proc/self/mountinfo": mount2,
			"sys/fs/cgroup/user.slice/session/cpu.max": "max 100000\n", "sys/fs/cgroup/user.slice/session/memory.max": "max\n",
		}},
		"version 2, the least of own and those above": {files: map[string]string{
			"proc/self/cgroup": "0::/a/b/c\n", "proc/self/mountinfo": mount2,
			"sys/fs/cgroup/a/b/c/cpu.max": "400000 100000\n", "sys/fs/cgroup/a/b/cpu.max": "max 100000\n", "sys/fs/cgroup/a/cpu.max": "75000 50000\n",
			"sys/fs/cgroup/a/b/c/memory.max": "max\n", "sys/fs/cgroup/a/b/memory.max": "1073741824\n", "sys/fs/cgroup/a/memory.max": "2147483648\n",
		}, quota: 1.5, limit: 1 << 30},
		"version 2, in a container": {files: map[string]string{
			"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": mount2,
			"sys/fs/cgroup/cpu.max": "50000 100000\n", "sys/fs/cgroup/memory.max": "536870912\n",
		}, quota: 0.5, limit: 512 << 20},
		"more memory than there is": {files: map[string]string{
			"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": mount2, "sys/fs/cgroup/memory.max": "1099511627776\n",
		}},
		"version 1, without bounds": {files: map[string]string{
			"proc/self/cgroup": "5:memory:/m\n4:cpu,cpuacct:/c\n0::/\n", "proc/self/mountinfo": unified + mounts1,
			"sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_quota_us": "-1\n", "sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_period_us": "100000\n",
			"sys/fs/cgroup/memory/m/memory.limit_in_bytes": infinite, "sys/fs/cgroup/memory/memory.limit_in_bytes": infinite,
		}},
		"version 1": {files: map[string]string{
			"proc/self/cgroup": "5:memory:/m\n4:cpu,cpuacct:/c/d\n0::/\n", "proc/self/mountinfo": unified + mounts1,
			"sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_quota_us": "250000\n", "sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_period_us": "100000\n",
			"sys/fs/cgroup/memory/m/memory.limit_in_bytes": "67108864\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": infinite,
		}, quota: 2.5, limit: 64 << 20},
		"version 1, in a container that sees the host's names": {files: map[string]string{
			"proc/self/cgroup":                   "4:cpu,cpuacct:/docker/1f\n",
			"proc/self/mountinfo":                "32 31 0:29 /docker/1f /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n",
			"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "100000\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
		}, quota: 1},
		"a group outside of what is mounted": {files: map[string]string{
			"proc/self/cgroup":      "0::/../../other\n",
			"proc/self/mountinfo":   "32 31 0:29 /pod /sys/fs/cgroup rw - cgroup2 cgroup rw\n",
			"sys/fs/cgroup/cpu.max": "300000 100000\n", "sys/fs/other/cpu.max": "1 100000\n",
		}, quota: 3},
		"damaged": {files: map[string]string{
			"proc/self/cgroup": "0\n::::\n0::/a\n", "proc/self/mountinfo": "\nx - y\n" + mount2,
			"sys/fs/cgroup/a/cpu.max": "7", "sys/fs/cgroup/cpu.max": "x 0\n", "sys/fs/cgroup/memory.max": "-5\n",
		}},
	} {
		m := Machine{Memory: memory}
		m.read(files(test.files))
		if diff := cmp.Diff(Machine{Memory: memory, Quota: test.quota, MemoryLimit: test.limit}, m); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestWhatTheKernelTellsOfAMachine(t *testing.T) {
	var m Machine
	m.read(files(map[string]string{
		"proc/cpuinfo": "processor\t: 0\nmodel name\t: Some  Processor @ 2.00GHz\nprocessor\t: 1\nmodel name\t: Another\n",
		"sys/devices/system/cpu/cpu0/topology/thread_siblings_list": "0,64\n",
		"sys/kernel/mm/transparent_hugepage/enabled":                "always [madvise] never\n",
	}))
	if diff := cmp.Diff(Machine{CPU: "Some Processor @ 2.00GHz", ThreadsPerCore: 2, HugePages: "madvise"}, m); diff != "" {
		t.Error(diff)
	}
	for list, want := range map[string]int{"": 0, "0": 1, "0-1": 2, "0-3,8": 5, "x": 0, "3-1": 0, "0-": 0} {
		if got := countList(list); got != want {
			t.Errorf("%q has %d, want %d", list, got, want)
		}
	}
}
