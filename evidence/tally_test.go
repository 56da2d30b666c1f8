package evidence_test

import (
	"testing"

	"course/evidence"
	"course/program"
	"course/runner"

	"github.com/google/go-cmp/cmp"
)

func TestTalliesOfEachMode(t *testing.T) {
	died := program.Outcome{Kind: program.Panicked}
	runs := []runner.Run{
		{Mode: program.Thread, Times: 3},
		{Mode: program.Process, Times: 20},
		{Mode: program.Thread, Times: 12, Outcome: died},
		{Mode: program.Thread, Times: 3, Outcome: program.Outcome{Kind: program.Deadlocked}},
		{Mode: program.Serial, Times: -1}, // recorded results may hold anything
	}
	got := evidence.Tallies(runner.Result{Runs: runs, Others: map[program.Point]int{program.At(program.Thread): 2, program.At(program.Process): -7, program.At(program.Serial): 1}})
	want := []evidence.Tally{
		{Mode: program.Thread, Runs: 20, Ways: []evidence.Way{{12, &runs[2]}, {3, &runs[0]}, {3, &runs[3]}}, Others: 2},
		{Mode: program.Process, Runs: 20, Ways: []evidence.Way{{20, &runs[1]}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if all := evidence.Tallies(runner.Result{Runs: []runner.Run{{Mode: program.Plain}}}); all != nil {
		t.Errorf("a program whose outcome does not vary has %+v", all)
	}
}
