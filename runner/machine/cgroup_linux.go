package machine

import (
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
)

// controlGroups returns the directories of the control group of this process in which that controller acts, and of those
// above it as far as they can be seen, and the version of their files (cgroups(7)): 0 where there is none. What bounds one
// bounds all below it. From within a container, the groups above its own are not seen.
func controlGroups(fsys fs.FS, controller string) (dirs []string, version int) {
	mount, root, version := groupMount(fsys, controller)
	if version == 0 {
		return nil, 0
	}
	own := root // as seen where nothing better is known
	for line := range strings.Lines(readText(fsys, "proc/self/cgroup")) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3) // number, controllers, path
		if len(fields) == 3 && (version == 2 && fields[0] == "0" || version == 1 && slices.Contains(strings.Split(fields[1], ","), controller)) {
			own = fields[2]
		}
	}
	below, inside := strings.CutPrefix(path.Clean("/"+own)+"/", strings.TrimSuffix(root, "/")+"/")
	if !inside {
		below = ""
	}
	for below = strings.Trim(below, "/"); below != "" && below != "."; below = path.Dir(below) {
		dirs = append(dirs, path.Join(mount, below))
	}
	return append(dirs, mount), version
}

// groupMount returns where a controller's groups are mounted, and which group is the topmost there. A controller
// belongs to one hierarchy: to one of version 1 that names it, else to that of version 2.
func groupMount(fsys fs.FS, controller string) (mount, root string, version int) {
	for line := range strings.Lines(readText(fsys, "proc/self/mountinfo")) {
		// proc_pid_mountinfo(5): id parent device root mount-point options optional… - type source super-options
		before, after, _ := strings.Cut(line, " - ")
		fields, rest := strings.Fields(before), strings.Fields(after)
		if len(fields) < 5 || len(rest) < 3 {
			continue
		}
		switch at := strings.TrimPrefix(fields[4], "/"); {
		case rest[0] == "cgroup" && slices.Contains(strings.Split(rest[2], ","), controller):
			return at, fields[3], 1
		case rest[0] == "cgroup2" && version == 0:
			mount, root, version = at, fields[3], 2
		}
	}
	return mount, root, version
}

// processorQuota returns how many processors' worth of time the control groups of this process allow; 0 where they set no bound.
func processorQuota(fsys fs.FS) float64 {
	least := math.Inf(1)
	dirs, version := controlGroups(fsys, "cpu")
	for _, dir := range dirs {
		text := readText(fsys, path.Join(dir, "cpu.max"))
		if version == 1 {
			text = readText(fsys, path.Join(dir, "cpu.cfs_quota_us")) + " " + readText(fsys, path.Join(dir, "cpu.cfs_period_us"))
		}
		fields := strings.Fields(text)
		if len(fields) < 2 {
			continue
		}
		quota, err := strconv.ParseFloat(fields[0], 64) // "max", or in version 1 -1, is no bound
		period, perr := strconv.ParseFloat(fields[1], 64)
		if err == nil && perr == nil && quota > 0 && period > 0 {
			least = min(least, quota/period)
		}
	}
	if math.IsInf(least, 1) {
		return 0
	}
	return least
}

// memoryBound returns how many bytes the control groups of this process allow; 0 where that is no bound on a machine of so much memory.
func memoryBound(fsys fs.FS, memory int64) int64 {
	least := int64(math.MaxInt64)
	dirs, version := controlGroups(fsys, "memory")
	for _, dir := range dirs {
		name := map[int]string{1: "memory.limit_in_bytes", 2: "memory.max"}[version]
		if n, err := strconv.ParseInt(strings.TrimSpace(readText(fsys, path.Join(dir, name))), 10, 64); err == nil && n > 0 {
			least = min(least, n)
		}
	}
	if least == math.MaxInt64 || memory > 0 && least >= memory { // version 1 writes a large number for none
		return 0
	}
	return least
}

// readText returns what is in a file, and nothing where it cannot be read.
func readText(fsys fs.FS, name string) string {
	text, _ := fs.ReadFile(fsys, name)
	return string(text)
}
