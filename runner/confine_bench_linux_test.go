package runner

import (
	"slices"
	"testing"
	"time"

	"course/program"
)

// BenchmarkConfined runs an empty program trusted, without and with namespaces in turn, and reports what the other two
// take as ratios of medians to the first: of a run as the tool sees it, and of its wall time, which is what is measured.
func BenchmarkConfined(b *testing.B) {
	p := cell("empty", "func main() {}")
	r := newRunner()
	root := b.TempDir()
	j, err := r.begin(b.Context(), []program.Program{p}, root, nil)
	if err != nil {
		b.Fatal(err)
	}
	builds, err := j.build(b.Context(), []program.Program{p})
	if err != nil {
		b.Fatal(err)
	}
	ways := []struct {
		name              string
		confined, refused bool
		took, wall        []time.Duration
	}{{name: "trusted"}, {name: "without", confined: true, refused: true}, {name: "namespaces", confined: true}}
	supervisors := make([]*supervisor, len(ways))
	for i := range ways {
		if supervisors[i], err = startSupervisor(ways[i].refused); err != nil {
			b.Fatal(err)
		}
		defer supervisors[i].close()
	}
	once := func(i int) (took, wall time.Duration) {
		begin := time.Now()
		ran, _, err := execute(b.Context(), supervisors[i], builds[0], program.Plain, treatment{confined: ways[i].confined}, func(Line) {})
		if err != nil || ran.Outcome.Kind != program.OK {
			b.Fatal(ran, err)
		}
		return time.Since(begin), ran.Wall
	}
	for i := range ways {
		once(i)
	}
	for b.Loop() {
		for i := range ways {
			took, wall := once(i)
			ways[i].took, ways[i].wall = append(ways[i].took, took), append(ways[i].wall, wall)
		}
	}
	median := func(all []time.Duration) float64 {
		slices.Sort(all)
		return float64(all[len(all)/2])
	}
	for _, w := range ways[1:] {
		b.ReportMetric(median(w.took)/median(ways[0].took), w.name+"/run")
		b.ReportMetric(median(w.wall)/median(ways[0].wall), w.name+"/wall")
	}
}
