package runner

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"course/program"
	"course/runner/store"
)

// measuredCell is one that takes a while to be measured.
func measuredCell(id string) program.Program {
	return with(cell(id, "func main() { time.Sleep(15 * time.Millisecond) }"), func(o *program.Options) { o.Measure, o.Repeat = true, 6 })
}

// A pair is two tools with one store that measure the same, the second as soon as the first has begun.
type pair struct {
	mu      sync.Mutex
	runs    [2]map[string]int
	inside  [2]bool
	overlap bool
	waits   [2]int
	done    [2]int
}

func (p *pair) on(tool int, begun func()) func(Event) {
	p.runs[tool] = make(map[string]int)
	return func(e Event) {
		p.mu.Lock()
		defer p.mu.Unlock()
		switch e.Kind {
		case Started:
			p.runs[tool][e.ID]++
			p.inside[tool] = true
			p.overlap = p.overlap || p.inside[1-tool]
			begun()
		case Ended:
			p.inside[tool] = false
		case Waiting:
			p.waits[tool]++
		case Done:
			p.done[tool]++
		case Fetching, Compiling, Building, Printed:
		}
	}
}

// measureTwice has both tools run programs by execute.
func measureTwice(t *testing.T, programs []program.Program, execute func(*Runner, []program.Program, func(Event)) error) *pair {
	t.Helper()
	at := Store{Dir: t.TempDir()}
	run(t, &Runner{Store: at}, cell("warm", "func main() { time.Sleep(1) }")) // what they import is there then
	var p pair
	begun, once := make(chan struct{}), sync.Once{}
	first, second := p.on(0, func() { once.Do(func() { close(begun) }) }), p.on(1, func() {})
	failed := make(chan error, 2)
	go func() { failed <- execute(&Runner{Store: at, pressure: calm}, programs, first) }()
	go func() {
		<-begun
		failed <- execute(&Runner{Store: at, pressure: calm}, programs, second)
	}()
	for range 2 {
		if err := <-failed; err != nil {
			t.Fatal(err)
		}
	}
	if p.overlap {
		t.Error("runs of two tools were under way at once")
	}
	if p.waits[1] != 1 || p.waits[0] > 1 {
		t.Errorf("told of %v waits", p.waits)
	}
	if p.done != [2]int{len(programs), len(programs)} {
		t.Errorf("%v programs are done", p.done)
	}
	return &p
}

// TestToolsMeasureInTurns: what one measures would disturb the other.
func TestToolsMeasureInTurns(t *testing.T) {
	p := measureTwice(t, []program.Program{measuredCell("one"), measuredCell("two")}, func(r *Runner, programs []program.Program, on func(Event)) error {
		return r.Run(t.Context(), programs, on)
	})
	if p.runs[0]["lesson/one"] == 0 || p.runs[0]["lesson/one"] != p.runs[1]["lesson/one"] {
		t.Errorf("runs %v", p.runs)
	}
}

// TestWhatAnotherToolMeasuresMeanwhileIsThere, for who asks for what is missing.
func TestWhatAnotherToolMeasuresMeanwhileIsThere(t *testing.T) {
	p := measureTwice(t, []program.Program{measuredCell("one"), measuredCell("two")}, func(r *Runner, programs []program.Program, on func(Event)) error {
		return r.RunMissing(t.Context(), programs, on)
	})
	for _, id := range []string{"lesson/one", "lesson/two"} {
		if (p.runs[0][id] > 0) == (p.runs[1][id] > 0) {
			t.Errorf("%s ran %d times by one and %d by the other", id, p.runs[0][id], p.runs[1][id])
		}
	}
}

// TestWaitingForATurnEndsWithItsContext, and the turn is free afterwards.
func TestWaitingForATurnEndsWithItsContext(t *testing.T) {
	dir := t.TempDir()
	r := &Runner{Store: Store{Dir: dir}, pressure: calm}
	run(t, r, measuredCell("kept"))
	release, err := store.Open(dir).TakeTurn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	time.AfterFunc(50*time.Millisecond, func() { cancel(enough) })
	if err := r.Run(ctx, []program.Program{measuredCell("more")}, nil); !errors.Is(err, enough) {
		t.Errorf("error %v", err)
	}
	release()
	run(t, r, measuredCell("more"))
}
