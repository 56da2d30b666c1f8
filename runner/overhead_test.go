package runner

import (
	"testing"
	"time"

	"course/program"
	"course/runner/build"
	"course/runner/store"
	"course/stats"
)

func TestWhatARunTakesByItselfIsStated(t *testing.T) {
	r := newRunner()
	r.Store.Dir = t.TempDir()
	measured := func(id, text string) program.Program {
		return with(cell(id, text), func(o *program.Options) { o.Measure, o.Repeat = true, 1 })
	}
	sleeps := measured("sleeps", "func main() { time.Sleep(time.Millisecond) }")
	workers := measured("workers", "func main() { worker.Println(1) }")
	first := run(t, r, sleeps, workers, cell("plain", "func main() {}"))
	for id, known := range map[string]bool{"sleeps": true, "workers": true, "plain": false} {
		got := first[id]
		if len(got.Problems) > 0 || (got.Overhead > 0) != known {
			t.Errorf("%s: overhead %v, problems %v", id, got.Overhead, messages(got.Problems))
		}
	}
	// The first run of an empty program warms up, and does not count.
	j := &job{runner: r}
	toolchain, err := build.KnownToolchain(r.shelf, "")
	if err != nil {
		t.Fatal(err)
	}
	j.terms = r.terms(toolchain, python{})
	var kept Result
	if key := j.terms.key(emptyProgram(false), false); !r.shelf.Load(store.Overheads, key, &kept) {
		t.Fatal("what an empty program takes is not kept")
	}
	all := counted(kept.Runs, program.At(program.Plain))
	if len(kept.Runs) != 1+emptyRuns || len(all) != emptyRuns || kept.Runs[0].Purpose != Warmup {
		t.Errorf("of %d runs %d count, and the first is for %q", len(kept.Runs), len(all), kept.Runs[0].Purpose)
	}
	if median := time.Duration(stats.Median(walls(all)).Median); first["sleeps"].Overhead != median {
		t.Errorf("overhead %v, want %v", first["sleeps"].Overhead, median)
	}
	// It is measured once: another time would be another number.
	again := run(t, r, measured("again", "func main() { println(1) }"), workers)
	if again["again"].Overhead != first["sleeps"].Overhead || again["workers"].Overhead != first["workers"].Overhead {
		t.Errorf("overheads were %v and %v, are %v and %v", first["sleeps"].Overhead, first["workers"].Overhead, again["again"].Overhead, again["workers"].Overhead)
	}
	r.Trusted = func(program.Program) bool { return true }
	if trusted := run(t, r, workers)["workers"]; trusted.Overhead == first["workers"].Overhead || trusted.Overhead == 0 {
		t.Errorf("as the user it takes %v, in the sandbox %v", trusted.Overhead, first["workers"].Overhead)
	}
}
