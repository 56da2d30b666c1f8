package runner

import (
	"os/exec"
	"slices"
	"testing"
	"time"

	"course/program"
	"course/runner/sandbox"
)

// BenchmarkEmptyCell runs an empty program in turn by os/exec alone, trusted, and confined without and with namespaces, and reports the
// median wall time of each in ms: of a run, what it is measured to take (wall) and what it takes until the next can begin (run),
// both also as ratios to os/exec. With workers, it imports package worker, and has the log that measured ones have.
func BenchmarkEmptyCell(b *testing.B) {
	b.Run("plain", func(b *testing.B) { benchmarkEmpty(b, emptyProgram(false)) })
	b.Run("workers", func(b *testing.B) { benchmarkEmpty(b, emptyProgram(true)) })
}

func benchmarkEmpty(b *testing.B, p program.Program) {
	j, err := newRunner().begin(b.Context(), []program.Program{p}, b.TempDir(), nil)
	if err != nil {
		b.Fatal(err)
	}
	builds, err := j.builds(b.Context(), []program.Program{p})
	if err != nil || len(builds[0].Problems) > 0 {
		b.Fatal(builds, err)
	}
	type way struct {
		name      string
		once      func() (run, wall time.Duration)
		run, wall []time.Duration
	}
	bare := func() (run, wall time.Duration) {
		begin := time.Now()
		if err := exec.CommandContext(b.Context(), builds[0].Path).Run(); err != nil {
			b.Fatal(err)
		}
		return time.Since(begin), time.Since(begin)
	}
	supervisedBy := func(confined, refused bool) func() (run, wall time.Duration) {
		s, err := startSupervisor(sandbox.Without{Namespaces: refused})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = s.close() })
		return func() (run, wall time.Duration) {
			begin := time.Now()
			ran, _, err := execute(b.Context(), s, builds[0], program.At(program.Plain), treatment{confined: confined}, func(Line) {})
			if err != nil || ran.Outcome.Kind != program.OK {
				b.Fatal(ran, err)
			}
			return time.Since(begin), ran.Wall
		}
	}
	ways := []*way{
		{name: "exec", once: bare},
		{name: "trusted", once: supervisedBy(false, false)},
		{name: "without", once: supervisedBy(true, true)},
		{name: "namespaces", once: supervisedBy(true, false)},
	}
	for _, w := range ways {
		w.once()
	}
	for b.Loop() {
		for _, w := range ways {
			run, wall := w.once()
			w.run, w.wall = append(w.run, run), append(w.wall, wall)
		}
	}
	median := func(all []time.Duration) float64 {
		slices.Sort(all)
		return all[len(all)/2].Seconds() * 1000
	}
	first := median(ways[0].wall)
	b.ReportMetric(first, "exec-ms")
	for _, w := range ways[1:] {
		run, wall := median(w.run), median(w.wall)
		b.ReportMetric(wall, w.name+"-wall-ms")
		b.ReportMetric(wall/first, w.name+"/wall")
		b.ReportMetric(run/first, w.name+"/run")
	}
}
