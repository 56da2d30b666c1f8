package machine

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWhatTheKernelCounts(t *testing.T) {
	fsys := files(map[string]string{
		"proc/stat":                  "cpu  1170845 4050 360699 681274 3434 10 2216 80219 0 0\ncpu0 1 0 0 0 0 0 0 0 0 0\ncpu1 1 0 0 0 0 0 0 0 0 0\nintr 5 1\n",
		"proc/pressure/cpu":          "some avg10=1.27 avg60=1.06 avg300=8.98 total=5562188491\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=1\n",
		"proc/self/cgroup":           "0::/a/b\n",
		"proc/self/mountinfo":        "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
		"sys/fs/cgroup/a/b/cpu.stat": "usage_usec 15520778427\nnr_periods 10\nnr_throttled 3\nthrottled_usec 250000\n",
		"sys/fs/cgroup/a/cpu.stat":   "nr_throttled 1\nthrottled_usec 50000\n",
		"sys/fs/cgroup/cpu.stat":     "usage_usec 15520778427\n",
	})
	want := Pressure{
		processors: 2, idle: 6847080 * time.Millisecond, stolen: 802190 * time.Millisecond, waited: 5562188491 * time.Microsecond,
		throttles: 4, throttled: 300 * time.Millisecond,
	}
	if diff := cmp.Diff(want, readPressure(fsys), cmp.AllowUnexported(Pressure{})); diff != "" {
		t.Error(diff)
	}
	fsys = files(map[string]string{
		"proc/self/cgroup":           "1:cpu:/\n",
		"proc/self/mountinfo":        "31 23 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n",
		"sys/fs/cgroup/cpu/cpu.stat": "nr_periods 10\nnr_throttled 2\nthrottled_time 7000000\n",
	})
	if diff := cmp.Diff(Pressure{waited: -1, throttles: 2, throttled: 7 * time.Millisecond}, readPressure(fsys), cmp.AllowUnexported(Pressure{})); diff != "" {
		t.Error(diff)
	}
}

func TestAQuotaDisturbsARun(t *testing.T) {
	group := quotaGroup(t)
	defer group.leave()
	if m := This(); m.Quota != 0.2 {
		t.Errorf("the machine has %+v", m)
	}
	before := PressureNow()
	for ProcessorTime()-before.own < 100*time.Millisecond { // it takes a processor for so long, as far as it gets one
	}
	if got := Disturbance(before, PressureNow(), 0); !strings.Contains(got, "a control group's quota stopped it ") {
		t.Errorf("with a fifth of a processor, a run is disturbed by %q", got)
	}
}

// A group is a control group that this process has entered.
type group struct {
	t        *testing.T
	dir, own string
}

// quotaGroup enters a control group that may use a fifth of a processor, where one can be made. It is to be left.
func quotaGroup(t *testing.T) group {
	dirs, version := controlGroups(os.DirFS("/"), "cpu")
	if version == 0 {
		t.Skip("there are no control groups here")
	}
	g := group{t, filepath.Join("/", dirs[0], "course-test-"+strconv.Itoa(os.Getpid())), filepath.Join("/", dirs[0])}
	if err := os.Mkdir(g.dir, 0o700); err != nil {
		t.Skip(err)
	}
	file, quota := "cpu.max", "20000 100000"
	if version == 1 {
		file, quota = "cpu.cfs_quota_us", "20000" // of 100 ms
	}
	err := os.WriteFile(filepath.Join(g.dir, file), []byte(quota), 0)
	if err == nil {
		err = g.enter(g.dir)
	}
	if err != nil {
		_ = os.Remove(g.dir)
		t.Skip(err)
	}
	return g
}

func (group) enter(dir string) error {
	return os.WriteFile(filepath.Join(dir, "cgroup.procs"), []byte(strconv.Itoa(os.Getpid())), 0)
}

func (g group) leave() {
	err := g.enter(g.own)
	if err == nil {
		err = os.Remove(g.dir)
	}
	if err != nil {
		g.t.Error(err)
	}
}
