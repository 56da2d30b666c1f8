package evidence

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"course/formula"
	"course/lessons"
	"course/runner/machine"
)

// A court judges the claims of a course.
type court struct {
	course    *lessons.Course
	basis     *basis
	judgments map[string]*Judgment
}

// judge judges all claims but those with which something is wrong.
func (c *court) judge() {
	for _, l := range c.course.Lessons {
		for _, claim := range l.Claims() {
			if !c.course.Refused(claim) {
				c.claim(l.Name, claim)
			}
		}
	}
}

// claim judges a claim, or a part of one, once.
func (c *court) claim(lesson string, claim *lessons.Claim) *Judgment {
	id := lesson + "/" + claim.ID
	if j := c.judgments[id]; j != nil {
		return j
	}
	j := &Judgment{Claim: claim, ID: id, Lesson: lesson, Verdict: lessons.Undecided, Why: "something is wrong with it"}
	if c.course.Refused(claim) { // and another one refers to it
		return j
	}
	c.judgments[id] = j // undecided, to a part of it that is the claim itself
	switch {
	case len(claim.Parts) > 0:
		c.parts(j)
	case claim.Holds != nil:
		c.condition(j)
	}
	return j
}

// parts judges a claim by its parts.
func (c *court) parts(j *Judgment) {
	var machines []machine.Machine
	for _, part := range j.Claim.Parts {
		lesson := j.Lesson
		if elsewhere := c.course.Elsewhere(part); elsewhere != nil {
			lesson, _, _ = strings.Cut(part.At, "/")
			part = elsewhere
		}
		of := c.claim(lesson, part)
		j.Parts = append(j.Parts, of)
		j.Recorded, j.Lacking = j.Recorded || of.Recorded, j.Lacking || of.Lacking
		j.Python = distinct(append(j.Python, of.Python...))
		if of.Machine != nil {
			machines = append(machines, *of.Machine)
		}
	}
	j.Machine = sole(machines)
	j.Verdict, j.Why = combined(j.Parts), "" // each part tells its own
}

// combined returns the verdict on what several judgments are about: some that hold and some that do not make it Partly, whatever the others are.
func combined(all []*Judgment) lessons.Verdict {
	n := make(map[lessons.Verdict]int)
	for _, j := range all {
		n[j.Verdict]++
	}
	switch {
	case n[lessons.Partly] > 0 || n[lessons.Holds] > 0 && n[lessons.DoesNotHold] > 0:
		return lessons.Partly
	case len(all) == 0:
		return lessons.Undecided
	case n[all[0].Verdict] == len(all):
		return all[0].Verdict
	}
	return lessons.Undecided
}

// condition judges a claim by when it holds.
func (c *court) condition(j *Judgment) {
	bound, wrong := j.Claim.Holds.Bind(c.basis.scope)
	if len(wrong) > 0 || bound.Condition() == nil {
		return // which is a problem of the lesson
	}
	if why := c.basis.in(j.Lesson).notHere(bound.Series()); why != "" {
		j.Verdict, j.Why = lessons.NotJudged, why
		return
	}
	var machines []machine.Machine
	for _, s := range bound.Series() {
		if r := c.basis.results[s.Program]; r != nil {
			machines = append(machines, r.Machine)
			j.Recorded = j.Recorded || r.Recorded
			j.Python = distinct(append(j.Python, r.Python))
		} else if s.Program != "" {
			j.Lacking = true
		}
	}
	j.Machine = sole(machines)
	if why := c.lacks(j.Claim, machines); why != "" {
		j.Verdict, j.Why = lessons.NotJudged, why
		return
	}
	j.Verdict = c.weigh(j, bound.Condition())
	j.Why = ""
	if j.Verdict == lessons.Undecided {
		var open reasons
		for _, of := range j.Comparisons {
			open.join(of.reasons)
		}
		j.Why = open.String()
	}
}

// notHere says why programs cannot be run on the machine, where that is so of one that series name, and no recorded result stands in for it.
func (b *basis) notHere(series []formula.Series) string {
	for _, s := range series {
		if r := b.results[s.Program]; r != nil && r.NotHere != "" && len(r.Runs) == 0 {
			return fmt.Sprintf("cell %s cannot be run: %s", b.cell(s.Program), r.NotHere)
		}
	}
	return ""
}

// lacks says what a claim needs that one of the machines does not have; nothing where there are no machines.
func (c *court) lacks(claim *lessons.Claim, machines []machine.Machine) string {
	for _, need := range claim.Needs {
		bound, wrong := need.Bind(c.basis.scope)
		if len(wrong) > 0 || bound.Condition() == nil {
			continue
		}
		for _, m := range machines {
			if !meets(m, bound.Condition()) {
				return fmt.Sprintf("it needs %s, and the machine has %s", bound, possessions(m, bound.Series()))
			}
		}
	}
	return ""
}

// meets reports whether a condition is true of a machine.
func meets(m machine.Machine, c *formula.Condition) bool {
	one := func(of *formula.Condition) bool { return meets(m, of) }
	value := func(b *formula.Bound) float64 {
		return b.Value(func(s formula.Series) float64 { return has(m, s.Metric) })
	}
	switch c.Op {
	case formula.And:
		return !slices.ContainsFunc(c.Of, func(of *formula.Condition) bool { return !one(of) })
	case formula.Or:
		return slices.ContainsFunc(c.Of, one)
	case formula.Not:
		return !one(c.Of[0])
	case formula.Less:
		return value(c.Left) < value(c.Right)
	case formula.AtMost:
		return value(c.Left) <= value(c.Right)
	case formula.More:
		return value(c.Left) > value(c.Right)
	case formula.AtLeast:
		return value(c.Left) >= value(c.Right)
	case formula.Equal:
		return value(c.Left) == value(c.Right)
	case formula.Different:
		return value(c.Left) != value(c.Right)
	case formula.Contains: // of texts alone, and a machine has none
	}
	return false
}

// possessions says how much a machine has of what series name.
func possessions(m machine.Machine, series []formula.Series) string {
	var all []string
	for _, s := range series {
		all = append(all, Say(s.Unit(), has(m, s.Metric))+" "+strings.Replace(s.Metric, "memory", "of memory", 1))
	}
	return strings.Join(distinct(all), " and ")
}

// sole returns the only machine, with its Go where any result was made with it, or nil where there are none or several.
func sole(machines []machine.Machine) *machine.Machine {
	if len(machines) == 0 || slices.ContainsFunc(machines, func(m machine.Machine) bool { return !m.Same(machines[0]) }) {
		return nil
	}
	i := slices.IndexFunc(machines, func(m machine.Machine) bool { return m.Go != "" })
	return &machines[max(i, 0)]
}

// distinct returns the texts that are not empty, each once.
func distinct(texts []string) (all []string) {
	for _, text := range texts {
		if text != "" && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// rows says how each source stands.
func (c *court) rows() []Row {
	bySource := make(map[string]map[lessons.System][]*Judgment)
	for _, l := range c.course.Lessons {
		for _, claim := range l.Claims() {
			for _, id := range claim.From {
				if bySource[id] == nil {
					bySource[id] = make(map[lessons.System][]*Judgment)
				}
				c.claim(l.Name, claim).stand(bySource[id])
			}
		}
	}
	rows := make([]Row, 0, len(c.course.Sources))
	for _, source := range c.course.Sources {
		row := Row{Source: source}
		for _, system := range []lessons.System{lessons.OnGo, lessons.OnOneSlot, lessons.OnCPython} {
			if of := bySource[source.ID][system]; len(of) > 0 {
				row.Standings = append(row.Standings, Standing{system, combined(of), of})
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// stand adds j to what there is of the system that it is about; of one whose parts are about several each part to its own.
func (j *Judgment) stand(bySystem map[lessons.System][]*Judgment) {
	if systems := j.systems(nil); len(systems) == 1 {
		if all := bySystem[systems[0]]; !slices.Contains(all, j) {
			bySystem[systems[0]] = append(all, j)
		}
		return
	}
	for _, part := range j.Parts {
		part.stand(bySystem)
	}
}

// systems adds to those that are there what j, or its parts, are about, each once.
func (j *Judgment) systems(there []lessons.System) []lessons.System {
	for _, part := range j.Parts {
		there = part.systems(there)
	}
	if system := cmp.Or(j.Claim.On, lessons.OnGo); len(j.Parts) == 0 && !slices.Contains(there, system) {
		there = append(there, system)
	}
	return there
}
