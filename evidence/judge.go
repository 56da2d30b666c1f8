package evidence

import (
	"fmt"
	"slices"

	"course/lessons"
	"course/problem"
	"course/program"
	"course/runner"
)

// Judge says what results, of which those of other courses are left aside, mean for course. It is
// pure. What depends on a result that is missing is not known, which is no problem: it may come.
func Judge(course *lessons.Course, results []runner.Result) *Report {
	report := &Report{Timings: make(map[string][]Timing), Tallies: make(map[string][]Tally), Values: make(map[problem.Position]Value)}
	byID := make(map[string]runner.Result, len(results))
	for _, r := range results {
		byID[r.ID] = r
	}
	for _, l := range course.Lessons {
		for _, cell := range l.Cells() {
			id := l.Name + "/" + cell.ID
			if result, ok := byID[id]; ok && cell.Options.Vary.Outcome {
				report.Tallies[id] = Tallies(result)
			} else if ok && cell.Options.Measure {
				report.Timings[id] = slices.DeleteFunc(Timings(result), func(t Timing) bool {
					return !cell.Options.Expect[t.Mode].Has(t.Outcome) // how long a mishap took is no answer
				})
			}
		}
	}
	for _, l := range course.Lessons {
		for _, block := range l.Blocks {
			prose, ok := block.(*lessons.Prose)
			if !ok {
				continue
			}
			for _, v := range prose.Values {
				report.Values[v.Position] = report.value(v)
			}
		}
	}
	c := &court{course: course, basis: newBasis(course, results), judgments: make(map[string]*Judgment)}
	c.judge()
	report.Judgments, report.Rows = c.judgments, c.rows()
	return report
}

// Timings summarizes the counted runs of each mode, in the order in which the modes were first run. Of
// a mode whose runs ended in different ways, those count that ended as its first one did.
func Timings(result runner.Result) []Timing {
	var all []Timing
	for _, mode := range modes(result) {
		var wall, user, system, cpu []float64
		var outcome program.Outcome
		for _, run := range result.Runs {
			if run.Mode != mode || run.Purpose != runner.Counted {
				continue
			}
			if len(wall) == 0 {
				outcome = run.Outcome
			}
			if run.Outcome == outcome {
				wall = append(wall, float64(run.Wall))
				user = append(user, float64(run.User))
				system = append(system, float64(run.System))
				cpu = append(cpu, float64(run.User+run.System))
			}
		}
		if len(wall) > 0 {
			all = append(all, Timing{
				Mode: mode, Outcome: outcome, Runs: len(wall), Noise: result.Noise[program.At(mode)],
				Wall: Summarize(wall), User: Summarize(user), System: Summarize(system), CPU: Summarize(cpu),
			})
		}
	}
	return all
}

func modes(result runner.Result) []program.Mode {
	var seen []program.Mode
	for _, run := range result.Runs {
		if !slices.Contains(seen, run.Mode) {
			seen = append(seen, run.Mode)
		}
	}
	return seen
}

// value looks v up among the timings.
func (r *Report) value(v *lessons.Value) Value {
	for _, t := range r.Timings[v.Program] {
		if t.Mode != v.Mode {
			continue
		}
		s, name := t.metric(v.Metric)
		title := fmt.Sprintf("%s of %s in mode %s: %s", name, v.Program, v.Mode, s.detail(t.Runs))
		if t.Noise != "" {
			title += "; noisy: " + t.Noise
		}
		return Value{Text: s.String(), Title: title, Known: true}
	}
	return Value{Text: "not measured", Title: fmt.Sprintf("%s has no result in mode %s", v.Program, v.Mode)}
}

// metric returns the summary that goes by one of the names of lessons.Metrics, and what it is called.
func (t Timing) metric(name string) (Summary, string) {
	switch name {
	case "user":
		return t.User, "user time"
	case "system":
		return t.System, "system time"
	case "cpu":
		return t.CPU, "CPU time, user and system,"
	}
	return t.Wall, "wall time"
}
