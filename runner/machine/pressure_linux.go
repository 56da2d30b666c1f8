package machine

import (
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// PressureNow reads what the kernel counts.
func PressureNow() Pressure {
	p := readPressure(os.DirFS("/"))
	p.own = ProcessorTime()
	p.at = time.Now()
	return p
}

// readPressure reads what the kernel tells in files. Within a container those of /proc are the machine's.
func readPressure(fsys fs.FS) Pressure {
	p := Pressure{waited: -1}
	for line := range strings.Lines(readText(fsys, "proc/stat")) {
		fields := strings.Fields(line)
		switch {
		case len(fields) > 8 && fields[0] == "cpu": // proc_stat(5): user nice system idle iowait irq softirq steal
			p.idle, p.stolen = ticks(fields[4])+ticks(fields[5]), ticks(fields[8])
		case len(fields) > 0 && strings.HasPrefix(fields[0], "cpu"):
			p.processors++
		}
	}
	// "some avg10=0.12 avg60=0.10 avg300=0.05 total=123456", in µs (Documentation/accounting/psi.rst of Linux)
	some, _, _ := strings.Cut(readText(fsys, "proc/pressure/cpu"), "\n")
	if _, total, ok := strings.Cut(some, "total="); ok {
		if n, err := strconv.ParseInt(total, 10, 64); err == nil {
			p.waited = time.Duration(n) * time.Microsecond
		}
	}
	dirs, _ := controlGroups(fsys, "cpu")
	for _, dir := range dirs {
		for line := range strings.Lines(readText(fsys, path.Join(dir, "cpu.stat"))) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
			n, _ := strconv.ParseInt(value, 10, 64)
			switch name {
			case "nr_throttled":
				p.throttles += n
			case "throttled_usec": // version 2
				p.throttled += time.Duration(n) * time.Microsecond
			case "throttled_time": // version 1
				p.throttled += time.Duration(n)
			}
		}
	}
	return p
}

func ticks(field string) time.Duration {
	n, _ := strconv.ParseInt(field, 10, 64)
	return time.Duration(n) * tick
}

// ProcessorTime returns the processor time of this process, without its children.
func ProcessorTime() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
