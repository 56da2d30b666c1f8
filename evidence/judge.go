package evidence

import (
	"cmp"
	"slices"

	"course/formula"
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
				report.Timings[id] = timings(result, func(at program.Point) []*runner.Run { return runsAt(result, at, cell.Options.Expect[at.Mode]) })
			}
		}
	}
	basis := newBasis(course, results)
	for _, l := range course.Lessons {
		for _, prose := range proseOf(l) {
			for _, v := range prose.Values {
				report.Values[v.Position] = basis.in(l.Name).inline(v)
			}
		}
	}
	c := &court{course: course, basis: basis, judgments: make(map[string]*Judgment)}
	c.judge()
	report.Judgments, report.Rows = c.judgments, c.rows()
	return report
}

// proseOf returns all prose of a lesson, that of its claims and its questions too.
func proseOf(l *lessons.Lesson) (all []*lessons.Prose) {
	for _, block := range l.Blocks {
		if prose, ok := block.(*lessons.Prose); ok {
			all = append(all, prose)
		}
	}
	for _, claim := range l.Claims() {
		for _, one := range append([]*lessons.Claim{claim}, claim.Parts...) {
			if one.Said != nil {
				all = append(all, one.Said)
			}
			all = append(all, one.Because...)
		}
	}
	for _, recall := range l.Recalls() {
		for _, q := range recall.Questions {
			all = append(all, q.Asks, q.Answer)
		}
	}
	return all
}

// Timings summarizes the counted runs at each point: the modes in the order in which they were first run, in each the values in ascending order. Of
// a point whose runs ended in different ways, those count that ended in the most frequent one.
func Timings(result runner.Result) []Timing {
	return timings(result, func(at program.Point) []*runner.Run { return alike(result, at, endings(result, at)) })
}

// timings summarizes those runs at each point that are to count there.
func timings(result runner.Result, runsAt func(at program.Point) []*runner.Run) []Timing {
	var all []Timing
	for _, at := range points(result) {
		runs := runsAt(at)
		if len(runs) == 0 {
			continue
		}
		of := func(metric string) Measured {
			m := sample(formula.Series{Program: result.ID, Point: at, Metric: metric}, runs)
			if m.Runs > 0 {
				m.of(result)
			}
			return m
		}
		wall := of("wall")
		all = append(all, Timing{
			Mode: at.Mode, Value: at.Value, Outcome: runs[0].Outcome, Runs: wall.Runs, Noise: result.Noise[at],
			Wall: wall.summary(), User: of("user").summary(), System: of("system").summary(), CPU: of("cpu").summary(),
			Memory: of("memory"), Switches: of("switches"), Startup: of("startup"), Overlap: of("overlap"),
		})
	}
	return all
}

// points returns where the program was run: the modes in the order in which they first were, in each the values in ascending order.
func points(result runner.Result) []program.Point {
	rank := make(map[program.Mode]int)
	var seen []program.Point
	for i := range result.Runs {
		at := result.Runs[i].Point()
		if _, ok := rank[at.Mode]; !ok {
			rank[at.Mode] = len(rank)
		}
		if !slices.Contains(seen, at) {
			seen = append(seen, at)
		}
	}
	slices.SortFunc(seen, func(a, b program.Point) int {
		return cmp.Or(rank[a.Mode]-rank[b.Mode], cmp.Compare(a.Value, b.Value))
	})
	return seen
}
