package site

import (
	"testing"

	"course/runner"
)

func TestTheRuleIsSaidWithWhatEndedIt(t *testing.T) {
	open := &runner.Rule{Least: 6, Most: 20}
	for _, test := range []struct {
		result *runner.Result
		want   string
	}{
		{nil, ""},
		{&runner.Result{}, ""},
		{&runner.Result{Rule: &runner.Rule{Least: 9, Most: 9}, Stopped: runner.StoppedCount}, "9 runs in each mode"},
		{&runner.Result{Rule: open}, "6 to 20 runs in each mode"},
		{&runner.Result{Rule: open, Stopped: runner.StoppedCount}, "6 to 20 runs in each mode: it ran as often as it may"},
		{&runner.Result{Rule: open, Stopped: runner.StoppedNarrow}, "6 to 20 runs in each mode: every interval was as narrow"},
		{&runner.Result{Rule: open, Stopped: runner.StoppedBudget}, "6 to 20 runs in each mode: the time was spent"},
		{&runner.Result{Rule: open, Stopped: runner.StoppedCourse}, "6 to 20 runs in each mode: the time for the whole course was spent, so it ran as seldom as can be"},
	} {
		if got := rule(test.result); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}
