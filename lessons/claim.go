package lessons

import (
	"slices"
	"strings"

	"course/formula"
	"course/problem"
)

// A Claim is a statement that is judged by what was measured: a fenced claim block, in YAML.
type Claim struct {
	Position problem.Position // of its opening fence; of a part, of its first line
	ID       string           // unique in the lesson; of a part that has none, that of the whole with its number: "general-1"
	Says     string           // Markdown of one paragraph, as text
	Said     *Prose           // the same, to be rendered; its Position is that of the text. nil where Says cannot be read, and of a part At another place
	From     []string         // the ids of the sources that say so
	On       System
	Needs    []*formula.Parsed // conditions of the machine without which it is not judged
	Holds    *formula.Parsed   // when it does; nil where there are Parts, where it is At another place, or where it cannot be read
	Least    float64           // the smallest ratio that matters, formula.LeastEffect or more, where measurements are compared with each other; else 0
	Because  []*Prose          // why, shown below the verdict
	Parts    []*Claim          // each judged by itself; none where it is judged as a whole
	At       string            // of a part that is a claim in its own right: its ID, "lesson/id"; else empty
	Verdict  Verdict           // as the author has pinned it, empty where not

	verdictAt                    problem.Position
	idAt, holdsAt, leastAt, onAt writing
	fromAt, needsAt              []writing // of each of From and Needs; nowhere for those that a part has from the whole
	atAt                         writing
	leastRefused                 bool
	first, last                  int // the lines of the block; of a part, of that which it is in
}

// Pos returns where the block begins.
func (c *Claim) Pos() problem.Position { return c.Position }

// VerdictAt returns where the author has pinned the verdict; the zero value where there is no Verdict.
func (c *Claim) VerdictAt() problem.Position { return c.verdictAt }

// Refused reports whether something is wrong with the claim or, of a part, with the block that it is in: nothing can be said of it until that is mended.
func (c *Course) Refused(claim *Claim) bool {
	from := problem.Position{File: claim.Position.File, Line: claim.first}
	i, _ := slices.BinarySearchFunc(c.Problems, from, func(p problem.Problem, at problem.Position) int { return p.Position.Compare(at) })
	return i < len(c.Problems) && c.Problems[i].File == from.File && c.Problems[i].Line <= claim.last
}

// PinProblem returns that something is wrong with the verdict that is pinned to the claim with the given ID, "lesson/id".
func (c *Course) PinProblem(id, message, hint string) problem.Problem {
	p := problem.Problem{Message: message, Hint: hint}
	name, _, _ := strings.Cut(id, "/")
	if l, claim := c.lesson(name), c.Claim(id); claim != nil {
		p.Position, p.Length, p.Source = claim.verdictAt, len(claim.Verdict), l.sourceLine(claim.verdictAt)
	}
	return p
}

// Claims returns the lesson's claims in the order in which they stand there, with those in lists and quotes.
func (l *Lesson) Claims() []*Claim { return slices.Clone(l.claims) }

// Claim returns the claim, or the part of one, with the given ID, "lesson/id"; nil where there is none.
func (c *Course) Claim(id string) *Claim {
	name, id, _ := strings.Cut(id, "/")
	l := c.lesson(name)
	if l == nil {
		return nil
	}
	for _, claim := range l.claims {
		for _, one := range claim.all() {
			if one.ID == id {
				return one
			}
		}
	}
	return nil
}

// A System is what a claim is about. Its value is its name in lessons.
type System string

// The systems.
const (
	OnGo      System = "go"       // threads and processes of Go, as many slots as there are cores: if nothing else is said
	OnOneSlot System = "one-slot" // the same with one slot (procs=1), which is like CPython's lock
	OnCPython System = "cpython"  // CPython itself, in python cells
)

// A Verdict is what comes of judging a claim. Its value is its name in lessons, reports and JSON.
type Verdict string

// The verdicts.
const (
	Holds       Verdict = "holds"
	DoesNotHold Verdict = "does not hold"
	Partly      Verdict = "partly" // of a claim with parts, some of which hold and others do not
	Undecided   Verdict = "undecided"
	NotJudged   Verdict = "not judged here"
)

// A Source is a row of the course's sources.yaml: something that others say or show, and that the course has to treat.
type Source struct {
	Position problem.Position
	ID       string // "S0.1"
	Kind     SourceKind
	Group    string   // what says it: "a short benchmark article"
	Says     string   // in the course's words
	Where    []string // links to where the course treats it beside claims, "01-start.md#cell", for what is no claim

	whereAt []problem.Position // of each of Where
}

// A SourceKind is what a source is. Its value is its name in sources.yaml.
type SourceKind string

// The kinds of sources.
const (
	SourceClaim  SourceKind = "claim"  // true or false: claims of the course name it in From
	SourceSystem SourceKind = "system" // a mechanism that runs in a lesson
	SourceFigure SourceKind = "figure" // a table, diagram or guide that the site shows
)
