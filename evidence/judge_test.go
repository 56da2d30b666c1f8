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

	"github.com/google/go-cmp/cmp"
)

const lesson = "# Start\n\nIt took `= sum.thread.wall` and `= sum.process.cpu`.\n\n```go {#sum}\n" +
	"func f(n int) int { return n }\n\nfunc main() { worker.Start(f, 1).Wait() }\n```\n"

// judged weighs the values of the lesson, in their order, against runs of its cell.
func judged(t *testing.T, runs ...runner.Run) (*evidence.Report, []evidence.Value) {
	t.Helper()
	course, err := lessons.Load(fstest.MapFS{"01-start.md": &fstest.MapFile{Data: []byte(lesson)}}, nil)
	if err != nil || len(course.Problems) > 0 {
		t.Fatal(err, course.Problems)
	}
	report := evidence.Judge(course, []runner.Result{{ID: "start/sum", Runs: runs}, {ID: "elsewhere/sum", Runs: runs}})
	values := make([]evidence.Value, 2)
	for at, v := range report.Values {
		if at.Column < 20 {
			values[0] = v
		} else {
			values[1] = v
		}
	}
	return report, values
}

func run(mode program.Mode, wall, user, system time.Duration) runner.Run {
	return runner.Run{Mode: mode, Wall: wall, User: user, System: system}
}

func TestValueIsTheMedianOfTheCountedRuns(t *testing.T) {
	const ms = time.Millisecond
	warmup := run(program.Thread, 900*ms, 0, 0)
	warmup.Purpose = runner.Warmup
	_, values := judged(t, warmup,
		run(program.Thread, 40*ms, 0, 0), run(program.Process, 50*ms, 2*ms, 3*ms),
		run(program.Thread, 42*ms, 0, 0), run(program.Process, 50*ms, 3*ms, 3*ms),
		run(program.Thread, 41*ms, 0, 0), run(program.Process, 50*ms, 3*ms, 4*ms))
	want := evidence.Value{
		Text: "41 ms", Title: "wall time of sum (threads): median of 3 runs, which took 40 ms to 42 ms", Known: true,
		Says: "wall time of sum (threads)", Interval: "40 ms to 42 ms", Runs: 3, Programs: []string{"start/sum"},
	}
	if diff := cmp.Diff(want, values[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if values[1].Text != "6 ms" || !strings.Contains(values[1].Title, "CPU time") {
		t.Errorf("CPU time is %+v", values[1])
	}
}

func TestWhatDidNotEndAsExpectedIsNotMeasured(t *testing.T) {
	crash := run(program.Thread, time.Second, 0, 0)
	crash.Outcome = program.Outcome{Kind: program.Panicked}
	report, values := judged(t, crash, run(program.Process, time.Second, 0, 0))
	if values[0].Known || values[0].Text != "not measured" {
		t.Errorf("the time of a crash is shown: %+v", values[0])
	}
	if timings := report.Timings["start/sum"]; len(timings) != 1 || timings[0].Mode != program.Process {
		t.Errorf("timings are %+v", timings)
	}
}

func TestANoisyValueSaysSo(t *testing.T) {
	course, err := lessons.Load(fstest.MapFS{"01-start.md": &fstest.MapFile{Data: []byte(lesson)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	noise := map[program.Point]string{program.At(program.Thread): "3 of 8 runs were disturbed: a reason"}
	report := evidence.Judge(course, []runner.Result{{
		ID: "start/sum", Runs: []runner.Run{run(program.Thread, 1, 0, 0), run(program.Process, 1, 0, 0)}, Noise: noise,
	}})
	for _, timing := range report.Timings["start/sum"] {
		if timing.Noise != noise[program.At(timing.Mode)] {
			t.Errorf("%s is noisy for %q", timing.Mode, timing.Noise)
		}
	}
	for _, v := range report.Values {
		if strings.Contains(v.Title, "thread") != strings.HasSuffix(v.Title, "; noisy: 3 of 8 runs were disturbed: a reason") {
			t.Errorf("it says %q", v.Title)
		}
	}
}

func TestWithoutResultsNothingIsKnown(t *testing.T) {
	report, values := judged(t)
	if values[0].Text != "not measured" || values[1].Text != "not measured" || len(report.Problems) > 0 {
		t.Errorf("values %+v, problems %v", values, report.Problems)
	}
}

func TestTimingsLeaveOutRunsThatEndedOtherwise(t *testing.T) {
	crash := run(program.Thread, time.Second, 0, 0)
	crash.Outcome = program.Outcome{Kind: program.Panicked}
	timings := evidence.Timings(runner.Result{Runs: []runner.Run{run(program.Thread, 1, 0, 0), crash, run(program.Thread, 3, 0, 0)}})
	if len(timings) != 1 || timings[0].Runs != 2 || timings[0].Wall.Median != 2 || timings[0].Outcome != (program.Outcome{}) {
		t.Errorf("timings are %+v", timings)
	}
}
