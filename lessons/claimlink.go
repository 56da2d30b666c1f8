package lessons

import (
	"fmt"
	"slices"
	"strings"

	"course/stats"

	"course/formula"
	"course/problem"
	"course/program"
)

// nameClaims refuses ids that another claim or a cell has.
func (l *Lesson) nameClaims() {
	first := make(map[string]problem.Position)
	for _, c := range l.cells {
		if _, ok := first[c.ID]; !ok {
			first[c.ID] = c.Position
		}
	}
	again := 0
	take := func(c *Claim) (taken bool) {
		at, there := first[c.ID]
		if !there {
			first[c.ID] = c.Position
			return true
		}
		l.report(c.idAt.at(0), len(c.ID), fmt.Sprintf("the id %q is given twice", c.ID), fmt.Sprintf("the other is at %s; give this one another id", at))
		again++
		c.ID = fmt.Sprintf("again-%d", again)
		return false
	}
	l.claims = slices.DeleteFunc(l.claims, func(c *Claim) bool { return !take(c) })
	for _, c := range l.claims {
		for _, part := range c.Parts {
			if part.idAt.code != nil {
				take(part)
			}
		}
	}
}

// all returns the claim and its parts.
func (c *Claim) all() []*Claim { return append([]*Claim{c}, c.Parts...) }

// A claimChecker finds what is wrong with claims once all lessons and sources are there.
type claimChecker struct {
	course *Course
	scope  formula.Course
	few    map[*Cell]bool // has been told to be run too seldom
}

func (c *Course) checkClaims() {
	k := &claimChecker{course: c, scope: c.Scope(), few: make(map[*Cell]bool)}
	for _, l := range c.Lessons {
		for _, claim := range l.claims {
			k.from(l, claim)
			for _, one := range claim.all() {
				k.condition(l, one)
				k.needs(l, one)
				k.elsewhere(l, one)
			}
		}
	}
	c.checkCircles()
}

func (k *claimChecker) formula(l *Lesson, w writing, errors []formula.Error) {
	for _, e := range errors {
		k.course.report(l, w.at(e.Offset), e.Length, e.Message, e.Hint)
	}
}

// from checks the sources that a claim names.
func (k *claimChecker) from(l *Lesson, claim *Claim) {
	for i, id := range claim.From {
		report := func(message, hint string) {
			k.course.report(l, claim.fromAt[i].at(0), len(id), message, hint)
		}
		source := k.course.Source(id)
		switch {
		case source == nil && (k.course.sources.unread || len(k.course.sources.problems) > 0): // it may be there when they are mended
		case len(k.course.Sources) == 0:
			report(fmt.Sprintf("there is no source %q", id), "the course has no "+sourcesFile+", which lists them: write it, or leave out from")
			return
		case source == nil:
			report(fmt.Sprintf("there is no source %q", id), hintAmong(id, k.course.claimIDs()))
		case source.Kind != SourceClaim:
			report(fmt.Sprintf("source %q is a %s, which is neither true nor false", id, source.Kind), "say in "+sourcesFile+" where the course has it: where: "+l.File)
		case slices.Contains(claim.From[:i], id):
			report(id+" is given twice", "remove one")
		}
	}
}

// condition checks when a claim holds, and what it rests on.
func (k *claimChecker) condition(l *Lesson, claim *Claim) {
	if claim.Holds == nil {
		return
	}
	bound, errors := claim.Holds.Bind(k.scope)
	k.formula(l, claim.holdsAt, errors)
	for _, use := range claim.Holds.Programs() {
		if target, cell := k.course.cell(use.Program); cell != nil && !cell.code.failed {
			k.system(l, claim, cell)
			k.repeat(target, cell)
		}
	}
	if bound == nil {
		return
	}
	errors = bound.CheckClaim(claim.Least)
	k.formula(l, claim.holdsAt, errors)
	if len(errors) > 0 || claim.leastRefused {
		return
	}
	switch needed := bound.Condition().NeedsLeast(); {
	case needed && claim.Least == 0:
		k.course.report(l, claim.holdsAt.at(0), 0, "the claim does not say which effect matters",
			"write least: 1.15, or by what ratio the two have to differ: a comparison without it would be crossed by noise alone")
	case !needed && claim.Least != 0:
		k.course.report(l, claim.leastAt.at(0), 0, "least means nothing here", "the threshold stands in holds-when: leave least out")
	}
}

// system checks that a cell runs, and on what the claim is about.
func (k *claimChecker) system(l *Lesson, claim *Claim, cell *Cell) {
	at := claim.onAt
	if at.code == nil {
		at = claim.holdsAt
	}
	report := func(message, hint string) { k.course.report(l, at.at(0), 0, message, hint) }
	o := &cell.Options
	switch python := o.Language == program.Python; {
	case len(o.Modes) == 0: // binding tells
	case o.ExpectsNotCompiled():
		k.course.report(l, claim.holdsAt.at(0), 0, fmt.Sprintf("cell %q is meant not to compile, so nothing of it is measured", cell.ID), "name a cell that runs")
	case claim.On == OnCPython && !python:
		report(fmt.Sprintf("the claim is about CPython, and cell %q is in Go", cell.ID), "name cells in Python, or write on: go")
	case claim.On != OnCPython && python:
		report(fmt.Sprintf("cell %q is in Python, and the claim is not about CPython", cell.ID), "write on: cpython")
	case claim.On == OnOneSlot && o.Procs != 1:
		report(fmt.Sprintf("the claim is about one slot, and cell %q has more", cell.ID), "add procs=1 to the cell, or write on: go")
	case claim.On == OnGo && o.Procs == 1:
		report(fmt.Sprintf("cell %q has one slot, and the claim is about Go with as many as there are cores", cell.ID), "write on: one-slot, or leave procs=1 out of the cell")
	}
}

// repeat checks that a cell of l is run often enough to tell anything.
func (k *claimChecker) repeat(l *Lesson, cell *Cell) {
	if n := cell.Options.Repeat; n == 0 || n >= stats.LeastRuns || k.few[cell] {
		return
	}
	k.few[cell] = true
	for _, a := range cell.attrs {
		if a.name == "repeat" {
			at := cell.attrsAt
			at.Column += a.offset
			k.course.report(l, at, a.length, "too few runs for the claims that rest on this cell", fmt.Sprintf("%d are the fewest that tell anything: write more, or leave repeat out", stats.LeastRuns))
		}
	}
}

// needs checks what a claim needs of the machine.
func (k *claimChecker) needs(l *Lesson, claim *Claim) {
	for i, need := range claim.Needs {
		if claim.needsAt[i].code == nil { // told of the whole
			continue
		}
		bound, errors := need.Bind(k.scope)
		if bound != nil {
			errors = bound.CheckNeed()
		}
		k.formula(l, claim.needsAt[i], errors)
	}
}

// elsewhere checks that there is the claim that a part stands for.
func (k *claimChecker) elsewhere(l *Lesson, part *Claim) {
	if part.At == "" || k.course.Claim(part.At) != nil {
		return
	}
	at := part.atAt
	name, id, _ := strings.Cut(part.At, "/")
	target := k.course.lesson(name)
	if target == nil {
		k.course.report(l, at.at(0), len(name), fmt.Sprintf("there is no lesson %q", name), hintAmong(name, k.scope.Lessons()))
		return
	}
	var ids []string
	for _, c := range target.claims {
		ids = append(ids, c.ID)
	}
	hint := "the lesson has no claims"
	if len(ids) > 0 {
		hint = hintAmong(id, ids)
	}
	k.course.report(l, at.at(len(at.value)-len(id)), len(id), fmt.Sprintf("there is no claim %q", id), hint)
}

// Elsewhere returns the claim that a part At another place stands for; nil where there is none, or where it would be a part of itself.
func (c *Course) Elsewhere(part *Claim) *Claim {
	if part.At == "" || c.circles[part] {
		return nil
	}
	return c.Claim(part.At)
}

// checkCircles finds the parts by which a claim would be a part of itself.
func (c *Course) checkCircles() {
	const (
		open = iota + 1
		done
	)
	c.circles = make(map[*Claim]bool)
	state := make(map[*Claim]int)
	var visit func(claim *Claim)
	visit = func(claim *Claim) {
		state[claim] = open
		for _, part := range claim.all() {
			if part.At == "" {
				continue
			}
			switch target := c.Claim(part.At); {
			case target == nil, state[target] == done:
			case state[target] == open:
				c.circles[part] = true
			default:
				visit(target)
			}
		}
		state[claim] = done
	}
	for _, l := range c.Lessons {
		for _, claim := range l.claims {
			if state[claim] == 0 {
				visit(claim)
			}
		}
	}
	for _, l := range c.Lessons {
		for _, claim := range l.claims {
			for _, part := range claim.Parts {
				if c.circles[part] {
					c.report(l, part.atAt.at(0), len(part.atAt.value), "the claim would be a part of itself", "name another one, or say here what this part says")
				}
			}
		}
	}
}

// cell returns the cell of a program and the lesson that it is in, or nil.
func (c *Course) cell(id string) (*Lesson, *Cell) {
	name, id, _ := strings.Cut(id, "/")
	if l := c.lesson(name); l != nil {
		for _, cell := range l.cells {
			if cell.ID == id {
				return l, cell
			}
		}
	}
	return nil, nil
}
