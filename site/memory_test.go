package site

import (
	"fmt"
	"testing"

	"course/lessons"
	"course/program"
	"course/runner"
	"course/site/chart"
)

// TestMemoryIsShownWhereItIsKnown, or where the lesson asks for it: then it is said what is not.
func TestMemoryIsShownWhereItIsKnown(t *testing.T) {
	sure := &runner.Memory{PSS: 41 << 20, PageTables: 120 << 10, Stacks: 80 << 10, Looks: runner.SureLooks}
	rough := &runner.Memory{PSS: 2 << 20, Looks: runner.SureLooks - 1}
	asked := lessons.Show{Memory: true}
	for _, test := range []struct {
		name            string
		show            lessons.Show
		thread, process *runner.Memory
		want            string
	}{
		{"known", lessons.Show{}, sure, sure, "Threads true 41 120 80 false; Processes true 41 120 80 false; "},
		{"of one only", lessons.Show{}, sure, nil, "nil"},
		{"hardly known", lessons.Show{}, sure, rough, "nil"},
		{"hardly known, but asked for", asked, sure, rough, "Threads true 41 120 80 false; Processes true 2 0 0 true; "},
		{"of one only, but asked for", asked, nil, sure, "Threads false 0 0 0 false; Processes true 41 120 80 false; "},
		{"of none, but asked for", asked, nil, nil, "Threads false 0 0 0 false; Processes false 0 0 0 false; "},
	} {
		cell := &lessons.Cell{Show: test.show, Options: program.Options{Measure: true, Modes: []program.Mode{program.Thread, program.Process}}}
		result := &runner.Result{Runs: []runner.Run{
			{Mode: program.Thread, Purpose: runner.Weighing, Memory: test.thread}, {Mode: program.Process, Purpose: runner.Weighing, Memory: test.process},
		}}
		got := "nil"
		if drawn, ok := memoryOf(cell, result, nil).(chart.Memory); ok {
			got = ""
			for _, row := range drawn.Rows {
				got += fmt.Sprintf("%s %t %d %d %d %t; ", row.Mode.Name, row.Known, row.Pages>>20, row.Tables>>10, row.Stacks>>10, row.AtLeast)
			}
		}
		if got != test.want {
			t.Errorf("%s: it shows %q, want %q", test.name, got, test.want)
		}
	}
}
