package lessons

import (
	"fmt"
	"slices"
	"strings"

	"course/problem"
)

// A Bet is a question that is put before its answer, from course.yaml: readers choose what they expect, and are shown what came of it.
type Bet struct {
	Position problem.Position // of its key
	Asks     string           // plain text, as all of it is
	Choices  []Choice         // 2 to 6
	Shows    string           // the cell whose times are shown as the answer, "lesson/cell": one that is measured, unless that is a problem

	showsAt place
}

// A Choice is an answer to a bet.
type Choice struct {
	Says  string
	Claim string // it is right where this claim, or part of one, holds: "lesson/id". Empty of the one that is right where none of the others is

	claimAt place
}

// Choices that can be told apart at a glance.
const minChoices, maxChoices = 2, 6

// betKeys are those of a bet.
var betKeys = &yamlKeys{
	known:  []string{"asks", "choices", "shows"},
	nested: map[string]*yamlKeys{"choices": {known: []string{"says", "claim"}}},
}

// bet reads a bet, or reports why it is none.
func (r *yamlReader) bet(s setting) *Bet {
	bet := &Bet{Position: problem.Position{File: configFile, Line: s.keyAt.line, Column: s.keyAt.column}}
	whole := r.demand(s, "the bet", "asks", "choices", "shows")
	for _, v := range s.settings {
		switch v.key {
		case "asks":
			bet.Asks = v.text
		case "shows":
			bet.Shows, bet.showsAt = v.text, place{v.line, v.column, len(v.value)}
		case "choices":
			if n := len(v.items); n < minChoices || n > maxChoices {
				r.report(v.keyAt.line, v.keyAt.column, v.keyAt.length, fmt.Sprintf("a bet has %d to %d choices, and not %d", minChoices, maxChoices, n), "")
				whole = false
			}
			whole = r.choices(bet, v.items) && whole
		}
	}
	if !whole {
		return nil
	}
	return bet
}

// choices reads those of a bet; it returns false if something has been reported.
func (r *yamlReader) choices(bet *Bet, items []setting) bool {
	whole, rest := true, 0
	refuse := func(at place, message, hint string) {
		r.report(at.line, at.column, at.length, message, hint)
		whole = false
	}
	for _, item := range items {
		whole = r.demand(item, "the choice", "says") && whole
		var choice Choice
		for _, v := range item.settings {
			at := place{v.line, v.column, len(v.value)}
			switch {
			case v.key == "claim":
				if choice.Claim, choice.claimAt = v.text, at; v.text == "" {
					refuse(at, "claim is empty", "name one, lesson/id, or leave it out")
				}
			case slices.ContainsFunc(bet.Choices, func(other Choice) bool { return v.text != "" && other.Says == v.text }):
				refuse(at, fmt.Sprintf("%q is a choice already", excerpt(v.text)), "remove one, or say what sets them apart")
			default:
				choice.Says = v.text
			}
		}
		switch same := slices.IndexFunc(bet.Choices, func(other Choice) bool { return other.Claim == choice.Claim }); {
		case choice.Claim != "" && same >= 0:
			refuse(choice.claimAt, "another choice has this claim", "one of them is right where it holds: give the other its own")
		case choice.Claim != "" || choice.claimAt.line > 0: // an empty one has been reported
		case slices.Contains(r.refused, "claim"): // it was to have one
			whole = false
		case rest > 0:
			refuse(item.keyAt, "a second choice without claim", fmt.Sprintf("the one in line %d is right where no other is: give this one claim: lesson/id", rest))
		default:
			rest = item.keyAt.line
		}
		bet.Choices = append(bet.Choices, choice)
	}
	return whole
}

// demand reports the keys that a mapping lacks, or that are empty; it returns false if there are some.
func (r *yamlReader) demand(s setting, what string, keys ...string) bool {
	whole := true
	for _, key := range keys {
		switch i := slices.IndexFunc(s.settings, func(v setting) bool { return v.key == key }); {
		case i < 0 && slices.Contains(r.refused, key):
			whole = false
		case i < 0:
			r.report(s.keyAt.line, s.keyAt.column, 0, what+" has no "+key, "write "+key+": …")
			whole = false
		case s.settings[i].yaml != "" && s.settings[i].text == "": // a list has no text
			r.report(s.settings[i].line, s.settings[i].column, 0, key+" is empty", "give it a text")
			whole = false
		}
	}
	return whole
}

// checkBet checks what the bet names, once all lessons are there.
func (c *Course) checkBet() {
	if c.Bet == nil {
		return
	}
	report := func(at place, message, hint string) {
		c.Problems = append(c.Problems, c.config.problem(c.config.at(at.line, at.column), at.length, message, hint))
	}
	for _, choice := range c.Bet.Choices {
		if choice.Claim == "" {
			continue
		}
		switch claim := c.Claim(choice.Claim); {
		case claim == nil:
			report(choice.claimAt, fmt.Sprintf("there is no claim %q", excerpt(choice.Claim)), hintAmong(choice.Claim, c.judgedAsOne()))
		case len(claim.Parts) > 0:
			report(choice.claimAt, choice.Claim+" has parts, some of which may hold and others not", problem.HintOneOf(partIDs(choice.Claim, claim)))
		case claim.At != "":
			report(choice.claimAt, choice.Claim+" stands elsewhere", "name "+claim.At)
		}
	}
	switch _, cell := c.cell(c.Bet.Shows); {
	case cell == nil:
		report(c.Bet.showsAt, fmt.Sprintf("there is no cell %q", excerpt(c.Bet.Shows)), hintAmong(c.Bet.Shows, c.cellIDs()))
	case cell.code.failed: // it has a problem of its own
	case !cell.Options.Measure:
		report(c.Bet.showsAt, c.Bet.Shows+" is not measured: it has no times to show", "give the cell show=[time], or name another")
	}
}

// judgedAsOne returns the IDs, "lesson/id", of the claims and parts that hold as a whole or not at all.
func (c *Course) judgedAsOne() (ids []string) {
	for _, l := range c.Lessons {
		for _, claim := range l.claims {
			for _, one := range claim.all() {
				if len(one.Parts) == 0 && one.At == "" {
					ids = append(ids, l.Name+"/"+one.ID)
				}
			}
		}
	}
	return ids
}

// partIDs returns those of the parts of the claim with the given ID, "lesson/id".
func partIDs(id string, claim *Claim) (ids []string) {
	lesson, _, _ := strings.Cut(id, "/")
	for _, part := range claim.Parts {
		ids = append(ids, lesson+"/"+part.ID)
	}
	return ids
}

// cellIDs returns those of all cells, "lesson/cell".
func (c *Course) cellIDs() (ids []string) {
	for _, l := range c.Lessons {
		for _, cell := range l.cells {
			ids = append(ids, l.Name+"/"+cell.ID)
		}
	}
	return ids
}
