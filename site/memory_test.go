package site

import (
	"fmt"
	"strings"
	"testing"

	"course/lessons"
	"course/program"
	"course/runner"
)

// TestMemoryIsShownWhereItIsKnown, or where the lesson asks for it: then it is said what is not.
func TestMemoryIsShownWhereItIsKnown(t *testing.T) {
	sure := &runner.Memory{PSS: 41 << 20, PageTables: 120 << 10, Stacks: 80 << 10, Looks: runner.SureLooks}
	rough := &runner.Memory{PSS: 2 << 20, Looks: runner.SureLooks - 1}
	asked, other := lessons.Show{Memory: true}, lessons.Show{Output: true}
	for _, test := range []struct {
		name            string
		show            lessons.Show
		thread, process *runner.Memory
		want            string
	}{
		{"known", lessons.Show{}, sure, sure, "Threads 41.0 MiB 120 KiB 80.0 KiB; Processes 41.0 MiB 120 KiB 80.0 KiB; "},
		{"known and not to be shown", other, sure, sure, "nil"},
		{"of one only", lessons.Show{}, sure, nil, "nil"},
		{"hardly known", lessons.Show{}, sure, rough, "nil"},
		{"hardly known, but asked for", asked, sure, rough, "Threads 41.0 MiB 120 KiB 80.0 KiB; Processes at least 2.00 MiB 0 B 0 B; At least: the run"},
		{"of one only, but asked for", asked, nil, sure, "Threads not known  ; Processes 41.0 MiB 120 KiB 80.0 KiB; "},
		{"of none, but asked for", asked, nil, nil, ""},
	} {
		cell := &lessons.Cell{Show: test.show, Options: program.Options{Measure: true, Modes: []program.Mode{program.Thread, program.Process}}}
		result := &runner.Result{Runs: []runner.Run{
			{Mode: program.Thread, Purpose: runner.Weighing, Memory: test.thread}, {Mode: program.Process, Purpose: runner.Weighing, Memory: test.process},
		}}
		got := "nil"
		if m := newMemory(cell, result); m != nil {
			got = ""
			for _, row := range m.Rows {
				got += fmt.Sprintf("%s %s %s %s; ", row.Mode.Name, row.PSS, row.PageTables, row.Stacks)
			}
			got += m.AtLeast
		}
		if got != test.want && (!strings.HasPrefix(got, test.want) || !strings.HasSuffix(test.want, "the run")) {
			t.Errorf("%s: it shows %q, want %q", test.name, got, test.want)
		}
	}
}
