package evidence_test

import (
	"strings"
	"testing"
	"time"

	"course/evidence"
	"course/lessons"
	"course/program"
	"course/runner"
	"course/runner/machine"
)

// TestTimesAreOfTheMostFrequentExpectedEnding, and of the one that the lesson names first where there are as many, whichever came first.
func TestTimesAreOfTheMostFrequentExpectedEnding(t *testing.T) {
	course := claimed(t, "id: it\nsays: It.\nholds-when: either.thread.wall > 50*ms")
	three, panicked := program.Outcome{Kind: program.Exited, Exit: 3}, program.Outcome{Kind: program.Panicked}
	for _, test := range []struct {
		well, three, panicked int
		verdict               lessons.Verdict
		runs                  int
		outcome               program.Outcome
	}{
		{9, 8, 0, lessons.DoesNotHold, 9, program.Outcome{}},
		{8, 9, 0, lessons.Holds, 9, three},
		{7, 7, 0, lessons.Holds, 7, three},
		{6, 7, 9, lessons.Holds, 7, three}, // what is not expected counts for nothing
		{0, 0, 9, lessons.Undecided, 0, program.Outcome{}},
	} {
		r := runner.Result{ID: "start/either"}
		for range test.panicked {
			r.Runs = append(r.Runs, runner.Run{Mode: program.Thread, Wall: ms, Outcome: panicked})
		}
		for range test.well {
			r.Runs = append(r.Runs, runner.Run{Mode: program.Thread, Wall: 10 * ms})
		}
		for range test.three {
			r.Runs = append(r.Runs, runner.Run{Mode: program.Thread, Wall: 100 * ms, Outcome: three})
		}
		report := evidence.Judge(course, []runner.Result{r})
		c := report.Judgments["start/it"].Comparisons[0]
		if m := c.Of[0]; c.Verdict != test.verdict || m.Runs != test.runs || m.Outcome != test.outcome || m.Runs > 0 && m.Others != test.well+test.three+test.panicked-test.runs {
			t.Errorf("%+v: %q of %+v", test, c.Verdict, m)
		}
		if timings := report.Timings["start/either"]; test.runs > 0 && (timings[0].Runs != test.runs || timings[0].Outcome != test.outcome) || test.runs == 0 && len(timings) > 0 {
			t.Errorf("%+v: timings %+v", test, timings)
		}
	}
}

// TestTimesOfSeveralCellsMayBeOfSeveralSpeeds: what cells took at different times is less sure than what modes of one took in turns, and what was measured long apart is not compared.
func TestTimesOfSeveralCellsMayBeOfSeveralSpeeds(t *testing.T) {
	taken := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	grow := append(around(program.Point{Mode: program.Thread, Value: 1}, 100*ms), around(program.Point{Mode: program.Thread, Value: 4}, 25*ms)...)
	sum := halved()
	for i := range 6 {
		grow = append(grow, runner.Run{Mode: program.Thread, Value: 4, Purpose: runner.Weighing, Memory: &runner.Memory{PSS: 200<<20 + int64(i), Looks: runner.SureLooks}})
		sum = append(sum, runner.Run{Mode: program.Thread, Purpose: runner.Weighing, Memory: &runner.Memory{PSS: 100<<20 + int64(i), Looks: runner.SureLooks}})
	}
	for _, test := range []struct {
		holds   string
		later   time.Duration
		verdict lessons.Verdict
		why     string
	}{
		{"sum.thread.wall < sum.serial.wall\nleast: 1.9", 0, lessons.Holds, ""}, // 50 and 100 ms in one cell
		{"sum.thread.wall < grow.thread.wall[1]\nleast: 1.9", 0, lessons.Undecided, "1.9 lies in it"},
		{"sum.thread.wall < grow.thread.wall[1]\nleast: 1.7", 0, lessons.Holds, ""},
		{"sum.thread.wall < grow.thread.wall[1]\nleast: 1.7", time.Hour, lessons.Holds, ""},
		{"sum.thread.wall < grow.thread.wall[1]\nleast: 1.7", time.Hour + time.Second, lessons.Undecided, "measured more than an hour apart"},
		{"sum.thread.wall < grow.thread.wall[1]\nleast: 1.7", -2 * time.Hour, lessons.Undecided, "measured more than an hour apart"},
		{"speedup(sum.thread) < scaling(grow.thread)\nleast: 1.8", 0, lessons.Holds, ""}, // 2 and 4: the speed of each sitting cancels out
		{"sum.thread.memory < grow.thread.memory[4]\nleast: 1.9", 2 * time.Hour, lessons.Holds, ""},
	} {
		j := evidence.Judge(claimed(t, "id: it\nsays: It.\nholds-when: "+test.holds), []runner.Result{
			{ID: "start/sum", Runs: sum, Taken: taken}, {ID: "start/grow", Runs: grow, Taken: taken.Add(test.later)},
		}).Judgments["start/it"]
		if j.Verdict != test.verdict || !strings.Contains(j.Why, test.why) || (j.Why == "") != (test.why == "") {
			t.Errorf("%s, %v later: %q, for %q; %+v", test.holds, test.later, j.Verdict, j.Why, j.Comparisons)
		}
	}
}

// TestAMachineIsTheSameWithAnotherGo, and for a cell in Python, which has none: what the machine has is known, and what was measured on it is compared.
func TestAMachineIsTheSameWithAnotherGo(t *testing.T) {
	course := claimed(t, "id: it\nsays: There are `= cores` cores.\nholds-when: grow.thread.wall[1] < sum.thread.wall\nleast: 1.5")
	report := evidence.Judge(course, []runner.Result{
		{ID: "start/grow", Runs: around(program.Point{Mode: program.Thread, Value: 1}, 20*ms), Machine: machine.Machine{Cores: 2}},
		{ID: "start/sum", Runs: halved(), Machine: machine.Machine{Cores: 2, Go: "go1.26.1", HugePages: "always"}},
	})
	if j := report.Judgments["start/it"]; j.Verdict != lessons.Holds || j.Machine == nil || j.Machine.Go != "go1.26.1" {
		t.Errorf("got %+v", j)
	}
	for _, v := range report.Values {
		if v.Text != "2" {
			t.Errorf("cores are %+v", v)
		}
	}
	if len(report.Values) != 1 {
		t.Errorf("the values are %+v", report.Values)
	}
}

// TestResultsOfSeveralMachinesAreNotCompared, for then it is the machines that differ.
func TestResultsOfSeveralMachinesAreNotCompared(t *testing.T) {
	course := claimed(t, "id: it\nsays: It.\nholds-when: grow.thread.wall[1] < sum.thread.wall\nleast: 1.5")
	results := []runner.Result{
		{ID: "start/sum", Runs: halved(), Machine: machine.Machine{CPU: "a"}},
		{ID: "start/grow", Runs: around(program.Point{Mode: program.Thread, Value: 1}, 20*ms), Machine: machine.Machine{CPU: "b"}, Recorded: true},
	}
	j := evidence.Judge(course, results).Judgments["start/it"]
	if j.Verdict != lessons.Undecided || j.Why != "it was measured on several machines" || j.Machine != nil || !j.Recorded {
		t.Errorf("got %+v", j)
	}
}
