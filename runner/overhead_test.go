package runner

import (
	"testing"

	"course/program"
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
