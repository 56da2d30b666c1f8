package site

import (
	"strings"

	"course/runner"
)

// rule says how often a program was to run, and what ended that.
func rule(result *runner.Result) string {
	if result == nil || result.Rule == nil {
		return ""
	}
	says := []string{result.Rule.String()}
	switch result.Stopped {
	case runner.StoppedNarrow:
		says = append(says, "every interval was as narrow")
	case runner.StoppedBudget:
		says = append(says, "the time was spent")
	case runner.StoppedCourse:
		says = append(says, "the time for the whole course was spent, so it ran as seldom as can be")
	case runner.StoppedCount:
		if result.Rule.Least < result.Rule.Most {
			says = append(says, "it ran as often as it may")
		}
	}
	return strings.Join(says, ": ")
}
