package evidence_test

import (
	"fmt"
	"strings"
	"testing"

	"course/evidence"
	"course/runner"

	"github.com/google/go-cmp/cmp"
)

// TestOutcomesThatDifferReadDifferently, wherever in what they print they do.
func TestOutcomesThatDifferReadDifferently(t *testing.T) {
	long := strings.Repeat("very long line ", 20)
	for _, test := range []struct {
		name string
		ways []string
		want []string
	}{
		{"short", []string{"a/b/c", "c/a/b"}, []string{"a │ b │ c", "c │ a │ b"}},
		{"alone", []string{long}, []string{"very long line very lon…"}},
		{"at once", []string{"1 " + long, "2"}, []string{"1 very long line very l…", "2"}},
		{"at the end", []string{long + "1", long + "2"}, []string{"…g line very long line 1", "…g line very long line 2"}},
		{"in the middle", []string{long + "1" + long, long + "2" + long}, []string{"… line 1very long line …", "… line 2very long line …"}},
		{"one goes on", []string{long + "1", long}, []string{"…g line very long line 1", "…ng line very long line "}},
		{"two are more like each other", []string{long + "1", long + "2", "3" + long}, []string{"…g line very long line 1", "…g line very long line 2", "3very long line very lo…"}},
		{"nothing", []string{"", "x"}, []string{"", "x"}},
	} {
		var tally evidence.Tally
		for _, way := range test.ways {
			var run runner.Run
			for line := range strings.SplitSeq(way, "/") {
				run.Output.Lines = append(run.Output.Lines, runner.Line{Text: line})
			}
			tally.Ways = append(tally.Ways, evidence.Way{First: &run})
		}
		got := tally.Gists(24, func(text string) string { return text })
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestAGistHasNoStackTrace: its calls differ by their nature, and outcomes that differ in nothing else are counted as one.
func TestAGistHasNoStackTrace(t *testing.T) {
	var run runner.Run
	for _, text := range []string{"panic: boom", "", "goroutine 1 [running]:", "main.main()"} {
		run.Output.Lines = append(run.Output.Lines, runner.Line{Stderr: true, Text: text})
	}
	tally := evidence.Tally{Ways: []evidence.Way{{First: &run}}}
	if got := tally.Gists(40, func(text string) string { return text }); got[0] != "panic: boom" {
		t.Errorf("it says %q", got)
	}
}

// TestAGistSaysWhoPrinted, where that is all that differs.
func TestAGistSaysWhoPrinted(t *testing.T) {
	var tally evidence.Tally
	for _, name := range []string{"a", "b"} {
		tally.Ways = append(tally.Ways, evidence.Way{First: &runner.Run{Output: runner.Output{Lines: []runner.Line{{Worker: name, Text: "done"}}}}})
	}
	if got := fmt.Sprint(tally.Gists(40, strings.ToUpper)); got != "[A: DONE B: DONE]" {
		t.Errorf("it says %s", got)
	}
}
