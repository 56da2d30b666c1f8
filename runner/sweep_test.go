package runner

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"course/stats"

	"course/program"

	"github.com/google/go-cmp/cmp"
)

func swept(values ...float64) *program.Sweep { return &program.Sweep{Name: "workers", Values: values} }

func TestPointsTakeTurns(t *testing.T) {
	o := program.Options{Modes: twoModes, Measure: true, Repeat: 3, Sweep: swept(1, 4)}
	trial := tried(o, Budget{}, steady(ms))
	trial.weighing = true
	if err := trial.perform(); err != nil {
		t.Fatal(err)
	}
	var made []string
	for _, run := range trial.runs {
		made = append(made, strings.TrimSpace(fmt.Sprint(run.Point(), " ", run.Purpose)))
	}
	const t1, p1, t4, p4 = "thread@1", "process@1", "thread@4", "process@4"
	want := []string{
		t1 + " warmup", p1 + " warmup", t4 + " warmup", p4 + " warmup", t1 + " memory", p1 + " memory", t4 + " memory", p4 + " memory",
		t1, p1, t4, p4, p4, t4, p1, t1, p1, t4, p4, t1,
	}
	if diff := cmp.Diff(want, made); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestNoPointHasBetterTurns: after any two rounds each point came in the middle on average, and after two rounds for each, each was as often first or last.
func TestNoPointHasBetterTurns(t *testing.T) {
	points := program.Options{Modes: program.Modes(), Sweep: swept(1, 2, 3, 4, 5, 6, 7, 8)}.Points()
	n := len(points)
	sums, firsts, lasts := make(map[program.Point]int), make(map[program.Point]int), make(map[program.Point]int)
	for round := range 2 * n {
		order := inTurn(points, round)
		for place, at := range order {
			sums[at] += place
		}
		firsts[order[0]]++
		lasts[order[n-1]]++
		if round%2 == 0 {
			continue
		}
		for _, at := range points {
			if got, want := sums[at], (round+1)/2*(n-1); got != want {
				t.Fatalf("after %d rounds the places of %s sum up to %d, want %d", round+1, at, got, want)
			}
		}
	}
	for _, at := range points {
		if firsts[at] != 2 || lasts[at] != 2 {
			t.Errorf("%s is first %d times and last %d times", at, firsts[at], lasts[at])
		}
	}
}

// A sweep has the time of a cell for each of its values, so that an interval at a value may become as narrow as one of a cell without sweep.
func TestEachValueHasItsTime(t *testing.T) {
	o := program.Options{Modes: twoModes, Measure: true}
	for name, test := range map[string]struct {
		sweep   *program.Sweep
		budget  Budget
		time    time.Duration
		counted int // at each point: a round takes 200 ms, and the next 220 ms, for each value
	}{
		"none":   {nil, Budget{}, DefaultBudget, 11},
		"two":    {swept(1, 2), Budget{}, 2 * DefaultBudget, 11},
		"five":   {swept(1, 2, 3, 4, 5), Budget{}, 5 * DefaultBudget, 11},
		"larger": {swept(1, 2, 3), Budget{Cell: 2 * DefaultBudget}, 6 * DefaultBudget, 23},
	} {
		o.Sweep = test.sweep
		trial := tried(o, test.budget, swaying(100*ms))
		if err := trial.perform(); err != nil {
			t.Fatal(err)
		}
		if trial.rule.Budget != test.time || trial.stopped != StoppedBudget {
			t.Errorf("%s: stopped by %q, with a budget of %v", name, trial.stopped, trial.rule.Budget)
		}
		for _, at := range o.Points() {
			if n := len(counted(trial.runs, at)); n != test.counted {
				t.Errorf("%s: %d counted runs at %s, want %d", name, n, at, test.counted)
			}
		}
	}
}

func TestAMemoryThatIsAskedForIsWeighedForAnInterval(t *testing.T) {
	for _, test := range []struct {
		weigh, can bool
		want       int
	}{{false, true, 1}, {true, true, stats.LeastRuns}, {true, false, 0}} {
		o := program.Options{Modes: twoModes, Measure: true, Weigh: test.weigh, Repeat: 7, Sweep: swept(1, 2)}
		trial := tried(o, Budget{}, steady(ms))
		trial.weighing = test.can
		if err := trial.perform(); err != nil {
			t.Fatal(err)
		}
		for _, at := range o.Points() {
			weighed := 0
			for _, run := range trial.runs {
				if run.Point() == at && run.Purpose == Weighing {
					weighed++
				}
			}
			if n := len(counted(trial.runs, at)); weighed != test.want || n != 7 {
				t.Errorf("weigh %t: weighed %d times at %s and counted %d, want %d and 7", test.weigh, weighed, at, n, test.want)
			}
		}
	}
}

// TestAPointThatFailsIsNotRepeated, while the others are, also in its mode.
func TestAPointThatFailsIsNotRepeated(t *testing.T) {
	o := program.Options{Modes: twoModes, Measure: true, Repeat: 2, Sweep: swept(1, 2)}
	trial := tried(o, Budget{}, nil)
	bad := program.Point{Mode: program.Thread, Value: 2}
	trial.execute = func(at program.Point, _ Purpose, _ int) (Run, observed, error) {
		run := Run{Mode: at.Mode, Value: at.Value, Wall: ms}
		if at == bad {
			run.Outcome.Kind = program.TimedOut
		}
		return run, observed{}, nil
	}
	if err := trial.perform(); err != nil {
		t.Fatal(err)
	}
	for _, at := range o.Points() {
		want := 2
		if at == bad {
			want = 0
		}
		if n := len(counted(trial.runs, at)); n != want {
			t.Errorf("%d counted runs at %s, want %d", n, at, want)
		}
	}
	got := messages(trial.problems())
	if want := []string{"tried.cell: cell tried (thread) with workers=2 did not end in time, expected to end well"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A program finds its parameters in every mode, and in the processes that it starts.
func TestAProgramFindsItsParameters(t *testing.T) {
	p := cell("params", `func tell(int) string { return os.Getenv("COURSE_PARAM_workers") + " " + os.Getenv("COURSE_PARAM_nap") }

func main() {
	there, err := worker.Start(tell, 0).Wait()
	fmt.Println(tell(0), there, err)
}`, program.Modes()...)
	p.Options.Params = map[string]string{"nap": "10ms"}
	p.Options.Sweep = swept(0.5, 4)
	p.Options.Env = []string{"COURSE_PARAM_nap=1s"}
	times := with(p, func(o *program.Options) {
		o.Sweep = &program.Sweep{Name: "workers", Values: []float64{1e6, 1.5e9}, Time: true}
	})
	times.ID = "lesson/times"
	told := make(map[string]bool)
	results := make(map[string]Result)
	err := newRunner().Run(t.Context(), []program.Program{p, times}, func(e Event) {
		if e.Kind == Started {
			told[fmt.Sprint(e.ID, " ", e.Mode, " ", e.Param)] = true
		}
		if e.Kind == Done {
			results[e.ID] = *e.Result
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, texts := range map[string]map[float64]string{p.ID: {0.5: "0.5", 4: "4"}, times.ID: {1e6: "1ms", 1.5e9: "1.5s"}} {
		result := results[id]
		if len(result.Runs) != 2*len(program.Modes()) || len(result.Problems) > 0 {
			t.Fatalf("%s: %d runs, problems %q", id, len(result.Runs), messages(result.Problems))
		}
		for _, run := range result.Runs {
			text := texts[run.Value]
			if want := fmt.Sprintf("%[1]s 10ms %[1]s 10ms <nil>", text); text == "" || len(run.Output.Lines) != 1 || run.Output.Lines[0].Text != want {
				t.Errorf("%s at %s printed %v, want %q", id, run.Point(), run.Output.Lines, want)
			}
			if event := fmt.Sprint(id, " ", run.Mode, " workers=", text); !told[event] {
				t.Errorf("nobody was told of %q, but of %v", event, told)
			}
		}
	}
}

func TestParametersAreInTheKey(t *testing.T) {
	base := cell("keyed", "func main() {}")
	seen := map[string]string{(terms{}).key(base, true): "nothing"}
	for name, change := range map[string]func(o *program.Options){
		"parameter":       func(o *program.Options) { o.Params = map[string]string{"nap": "10ms"} },
		"other parameter": func(o *program.Options) { o.Params = map[string]string{"nap": "11ms"} },
		"sweep":           func(o *program.Options) { o.Sweep = swept(1, 2) },
		"longer sweep":    func(o *program.Options) { o.Sweep = swept(1, 2, 4) },
		"sweep of times":  func(o *program.Options) { o.Sweep = swept(1, 2); o.Sweep.Time = true },
		"other name":      func(o *program.Options) { o.Sweep = swept(1, 2); o.Sweep.Name = "n" },
		"order":           func(o *program.Options) { o.Vary.Order = true },
		"mask":            func(o *program.Options) { o.Vary.Masks = []string{"a b"} },
		"two masks":       func(o *program.Options) { o.Vary.Masks = []string{"a", "b"} },
		"measured":        func(o *program.Options) { o.Measure = true },
		"weighed":         func(o *program.Options) { o.Measure, o.Weigh = true, true },
	} {
		key := (terms{}).key(with(base, change), true)
		if other, ok := seen[key]; ok {
			t.Errorf("%s has the key of %s", name, other)
		}
		seen[key] = name
	}
	empty := with(base, func(o *program.Options) { o.Params, o.Vary.Masks = map[string]string{}, []string{} })
	if (terms{}).key(empty, true) != (terms{}).key(base, true) {
		t.Error("no parameters and no masks are something else than none")
	}
}
