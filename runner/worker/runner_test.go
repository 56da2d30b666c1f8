package worker_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"course/runner/worker"
)

func init() {
	worker.Register((*tally).Run, (*fixed).Run, (*outer).Run, (*locked).Run, (*quitter).Run)
}

type tally struct {
	From, To, Sum int
	Parts         []int
}

func (t *tally) Run() {
	for n := t.From; n <= t.To; n++ {
		t.Sum += n
		t.Parts = append(t.Parts, t.Sum)
	}
}

// fixed has a Run that works on a copy in every mode.
type fixed struct{ N int }

func (f fixed) Run() { f.N++; variable.n = f.N }

// outer has its Run from what it embeds.
type outer struct {
	tally
	Name string
}

type locked struct{ n int }

func (l *locked) Run() { l.n++ }

type quitter struct{ Status int }

func (q *quitter) Run() { q.Status = 1; runtime.Goexit() }

type generic[T any] struct{ N T }

func (*generic[T]) Run() {}

type stranger struct{}

func (*stranger) Run() {}

func (*stranger) Other() {}

func TestStartRunner(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		state := &tally{From: 1, To: 4}
		w := worker.StartRunner(state, as)
		own := w.Mode() == worker.Process
		got, err := w.Wait()
		if err != nil || got.Sum != 10 || len(got.Parts) != 4 {
			t.Fatalf("%+v, %v", got, err)
		}
		if copied := got != state; copied != own || (state.Sum == 0) != own {
			t.Errorf("a copy: %v, and the caller's is %+v", copied, state)
		}
		variable.n = 1
		value := &fixed{N: 4}
		if got, err := worker.StartRunner(value, as).Wait(); err != nil || got.N != 4 || (variable.n == 5) == own {
			t.Errorf("a value receiver: %+v, %v; a package variable is %d", got, err, variable.n)
		}
	})
}

func TestRunnersThatGoNowhere(t *testing.T) {
	as := worker.As(worker.Process)
	errorOf := func(_ any, err error) error { return err }
	type local struct{ tally }
	for name, test := range map[string]struct {
		want string
		err  error
	}{
		"unexported field": {"its field n is not exported", errorOf(worker.StartRunner(&locked{}, as).Wait())},
		"embedded":         {"its field tally is not exported", errorOf(worker.StartRunner(&outer{}, as).Wait())},
		"not registered":   {"call worker.Register((*stranger).Run) in init", errorOf(worker.StartRunner(&stranger{}, as).Wait())},
		"generic":          {"declare that at top level, not generic", errorOf(worker.StartRunner(&generic[int]{}, as).Wait())},
		"local":            {"declare that at top level, not generic", errorOf(worker.StartRunner(&local{}, as).Wait())},
		"by Do":            {"is a method: give its value to worker.StartRunner", errorOf(worker.Do((*tally).Run, &tally{}, as).Wait())},
		"another method":   {"is a method: a process finds its function by name", errorOf(worker.Do((*stranger).Other, nil, as).Wait())},
	} {
		refused, ok := errors.AsType[*worker.RefusedError](test.err)
		if !ok || !strings.Contains(refused.Reason, test.want) || !strings.HasPrefix(refused.Call, "runner_test.go:") {
			t.Errorf("%s: %v, want %q", name, test.err, test.want)
		}
	}
	for _, mode := range modes[1:] {
		got, err := worker.StartRunner(&quitter{}, worker.As(mode)).Wait()
		if death, ok := errors.AsType[*worker.DeathError](err); !ok || death.How != "runtime.Goexit was called" || got != nil {
			t.Errorf("%s: %+v, %v", mode, got, err)
		}
	}
}
