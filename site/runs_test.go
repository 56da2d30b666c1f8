package site

import (
	"slices"
	"strings"
	"testing"
	"time"

	"course/evidence"
	"course/lessons"
	"course/program"
	"course/runner"
	"course/site/markup"
)

// tableOf draws the table of all runs of a cell in two modes.
func tableOf(runs []runner.Run) string {
	result := runner.Result{ID: "start/it", Runs: runs}
	cell := &lessons.Cell{ID: "it", Options: program.Options{Modes: []program.Mode{program.Thread, program.Process}, Measure: true}}
	var w markup.Writer
	runsTable(&w, cell, &result, evidence.Timings(result))
	return string(w.Bytes())
}

// TestEachRunIsTold, in its order, with what it was for where it does not count, how it ended where not as the others, and that it was disturbed.
func TestEachRunIsTold(t *testing.T) {
	panicked := program.Outcome{Kind: program.Panicked}
	drawn := tableOf([]runner.Run{
		{Mode: program.Thread, Wall: 17 * ms, Purpose: runner.Warmup},
		{Mode: program.Process, Wall: 40 * ms, Purpose: runner.Warmup},
		{Mode: program.Thread, Wall: 19 * ms, Purpose: runner.Weighing, Memory: &runner.Memory{PSS: 3 << 20, Looks: 100}},
		{Mode: program.Thread, Wall: 90 * ms, Purpose: runner.Replaced, Disturbed: "others took 97 %"},
		{Mode: program.Thread, Wall: 16 * ms, User: 4 * ms},
		{Mode: program.Process, Wall: 42 * ms, Outcome: panicked},
		{Mode: program.Thread, Wall: 15 * ms, User: 4 * ms, Disturbed: "others took 40 %"},
		{Mode: program.Process, Wall: 41 * ms},
		{Mode: program.Thread, Wall: 18 * ms, User: 4 * ms, Disturbed: "others took 97 %"},
	})
	for _, want := range []string{
		">warm-up 17.0 ms, memory 19.0 ms, replaced 90.0 ms*, 16.0 ms, 15.0 ms*, 18.0 ms*</td>",
		">warm-up 40.0 ms (ended well), 42.0 ms, 41.0 ms (ended well)</td>",
		"* disturbed: others took 97 %; others took 40 %</p>",
		"<td>4.00 ms (4.00 ms to 4.00 ms)</td>",
		"3.00 MiB</td>",
		`<td class="wrong">panicked, not as expected</td>`,
	} {
		if !strings.Contains(drawn, want) {
			t.Errorf("the table lacks %q:\n%s", want, drawn)
		}
	}
}

// TestRunsAreToldBriefly: a cell of four modes at ten values has 2,000 of them.
func TestRunsAreToldBriefly(t *testing.T) {
	var runs []runner.Run
	for i := range 1000 {
		runs = append(runs, runner.Run{Mode: []program.Mode{program.Thread, program.Process}[i%2], Wall: time.Duration(10_000+7*i) * time.Microsecond, Disturbed: strings.Repeat("x", 1+i)})
	}
	some, all := len(tableOf(slices.Clone(runs[:200]))), len(tableOf(runs))
	if each := (all - some) / 800; each > 16 {
		t.Errorf("a run takes %d bytes of the page", each)
	}
}
