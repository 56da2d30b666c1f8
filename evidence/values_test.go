package evidence_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"course/evidence"
	"course/lessons"
	"course/program"
	"course/runner"
	"course/runner/machine"

	"github.com/google/go-cmp/cmp"
)

const valueCells = "\n\n```go {#sum modes=[serial,thread] params={nap=10ms}}\nfunc f(n int) int { return n }\n\nvar nap = worker.Param(\"nap\", time.Second)\n\nfunc main() { worker.Start(f, 1).Wait() }\n```\n\n" +
	"```go {#lost vary=outcome}\nfunc main() {}\n```\n\n```go {#grow modes=[thread] sweep={n=[1,8]}}\nvar n = worker.Param(\"n\", 1)\n\nfunc main() {}\n```\n"

// inline returns what is shown in the place of an expression, by results of the cells above: times of mode thread are half those of serial, within a few percent.
func inline(t *testing.T, expression string, change func(results []runner.Result)) evidence.Value {
	t.Helper()
	course, err := lessons.Load(fstest.MapFS{"01-start.md": {Data: []byte("# Start\n\n`= " + expression + "`" + valueCells)}}, nil)
	if err != nil || len(course.Problems) > 0 {
		t.Fatal(err, course.Problems)
	}
	here := machine.Machine{CPU: "a CPU", Cores: 4, Memory: 8 << 30}
	sum, grow := runner.Result{ID: "start/sum", Machine: here}, runner.Result{ID: "start/grow", Machine: here}
	for i := range 9 {
		wall := time.Duration(98+i/2) * time.Millisecond
		sum.Runs = append(sum.Runs, runner.Run{Mode: program.Serial, Wall: wall}, runner.Run{Mode: program.Thread, Wall: wall/2 + time.Duration(i)*time.Microsecond},
			runner.Run{Mode: program.Thread, Wall: wall, Purpose: runner.Weighing, Memory: &runner.Memory{PSS: int64(40+i) << 20, Looks: 100}})
		grow.Runs = append(grow.Runs, runner.Run{Mode: program.Thread, Value: 1, Wall: wall}, runner.Run{Mode: program.Thread, Value: 8, Wall: 8 * wall})
	}
	lost := runner.Result{ID: "start/lost", Machine: here, Runs: []runner.Run{
		{Mode: program.Plain, Times: 15}, {Mode: program.Plain, Times: 5, Outcome: program.Outcome{Kind: program.Panicked}},
	}}
	results := []runner.Result{sum, grow, lost}
	if change != nil {
		change(results)
	}
	report := evidence.Judge(course, results)
	for _, v := range report.Values {
		return v
	}
	t.Fatal("there is no value")
	return evidence.Value{}
}

func TestValuesOfExpressions(t *testing.T) {
	here := machine.Machine{CPU: "a CPU", Cores: 4, Memory: 8 << 30}
	sum := []string{"start/sum"}
	for expression, want := range map[string]evidence.Value{
		"speedup(sum.thread)": {
			Text: "2.00", Title: "speedup(sum.thread): from medians of 9 runs or more, 95 % interval 1.96 to 2.05",
			Says: "speedup(sum.thread)", Interval: "1.96 to 2.05", Runs: 9, Programs: sum, Machine: here, Known: true,
		},
		"sum.thread.memory": {
			Text: "44 MiB", Title: "memory of sum (threads): median of 9 runs, 95 % interval 41 MiB to 47 MiB",
			Says: "memory of sum (threads)", Interval: "41 MiB to 47 MiB", Runs: 9, Programs: sum, Machine: here, Known: true,
		},
		"grow.thread.wall[8]": {
			Text: "800 ms", Title: "wall time of grow with n=8 (threads): median of 9 runs, 95 % interval 780 ms to 810 ms",
			Says: "wall time of grow with n=8 (threads)", Interval: "780 ms to 810 ms", Runs: 9, Programs: []string{"start/grow"}, Machine: here, Known: true,
		},
		"param.nap":                       {Text: "10 ms", Title: "param.nap, as the lesson sets it", Says: "param.nap", Known: true},
		"64*KiB + 0*memory + cores*1*KiB": {Text: "68 KiB", Title: "64*KiB + 0*memory + cores*1*KiB", Says: "64*KiB + 0*memory + cores*1*KiB", Machine: here, Known: true},
		"cores":                           {Text: "4", Title: "cores of the machine", Says: "cores of the machine", Machine: here, Known: true},
	} {
		if diff := cmp.Diff(want, inline(t, expression, nil)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", expression, diff)
		}
	}
}

// TestMemoryOfTheMachineHasThreeDigits: nobody chose the others.
func TestMemoryOfTheMachineHasThreeDigits(t *testing.T) {
	v := inline(t, "memory", func(r []runner.Result) {
		for i := range r {
			r[i].Machine.Memory = 25274790912
		}
	})
	if v.Text != "23.5 GiB" {
		t.Errorf("it is %q", v.Text)
	}
}

func TestAShareIsOfAllRuns(t *testing.T) {
	v := inline(t, "share(lost.plain.exit == panic)", nil)
	if !v.Known || v.Runs != 20 || !strings.HasPrefix(v.Text, "0.2") || !strings.HasPrefix(v.Title, "share of runs with exit panic of lost: of 20 runs, 95 % interval 0.") {
		t.Errorf("it is %+v", v)
	}
}

func TestWhatIsNotKnownIsSaidToBe(t *testing.T) {
	for name, test := range map[string]struct {
		expression  string
		change      func([]runner.Result)
		text, title string
	}{
		"no result":           {"speedup(sum.thread)", func(r []runner.Result) { r[0].ID = "x/y" }, "not measured", "no results of sum"},
		"no result of a mode": {"speedup(sum.thread)", func(r []runner.Result) { r[0].Runs = r[0].Runs[:1] }, "not measured", "no run of sum (threads)"},
		"division by nothing": {"sum.thread.wall / sum.thread.user", nil, "not known", "comes to no number"},
		"several machines":    {"cores", func(r []runner.Result) { r[0].Machine.Cores = 2 }, "not measured", "on several machines"},
		"noise":               {"speedup(sum.thread)", func(r []runner.Result) { r[0].Noise = map[program.Point]string{program.At(program.Thread): "because"} }, "2.00", "; noisy: because"},
		"recorded":            {"speedup(sum.thread)", func(r []runner.Result) { r[0].Recorded = true }, "2.00", "; recorded, not measured here"},
	} {
		v := inline(t, test.expression, test.change)
		if v.Text != test.text || !strings.Contains(v.Title, test.title) || v.Known != (test.text == "2.00") {
			t.Errorf("%s: %+v", name, v)
		}
	}
}
