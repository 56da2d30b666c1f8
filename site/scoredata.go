package site

import (
	"bytes"
	"encoding/json"
	"math"

	"course/evidence"
	"course/formula"
	"course/lessons"
	"course/runner/machine"
)

const scoreboardData = lessons.ScoreboardData

// ScoreboardVersion is the version of the form of scoreboard.json. It changes where a field is renamed, removed or means something else.
const ScoreboardVersion = 2

// A Scoreboard is what scoreboard.json holds: every row of the course's sources, in their order.
type Scoreboard struct {
	Version int        `json:"version"` // of this form
	Course  string     `json:"course"`  // its title
	Rows    []ScoreRow `json:"rows"`    // in the order of sources.yaml
}

// A ScoreRow is something that others say or show, and what came of it.
type ScoreRow struct {
	ID     string             `json:"id"` // "S0.1"
	Kind   lessons.SourceKind `json:"kind"`
	Group  string             `json:"group"`           // who says it
	Says   string             `json:"says"`            // in the course's words
	Where  []string           `json:"where,omitempty"` // addresses, relative to this file, of where the course treats it beside claims
	Claims []ScoreClaim       `json:"claims"`          // those of the course that treat it, by system and then in the order of the lessons; empty where none does
}

// A ScoreClaim is a claim of the course, and what came of it.
type ScoreClaim struct {
	System lessons.System `json:"system"`
	ScorePart
	Parts []ScorePart `json:"parts,omitempty"` // each with its own verdict
}

// A ScorePart is what came of a claim, or of a part of one.
type ScorePart struct {
	Lesson   string           `json:"lesson"` // the name of that in which it stands
	Claim    string           `json:"claim"`  // its id there
	Href     string           `json:"href"`   // its address, relative to this file
	Verdict  lessons.Verdict  `json:"verdict"`
	Pinned   lessons.Verdict  `json:"pinned,omitempty"`   // the verdict that the author has written down; absent where none
	Why      string           `json:"why,omitempty"`      // of undecided and not judged here: why
	Effects  []ScoreEffect    `json:"effects,omitempty"`  // what the verdict rests on; those of which nothing is known are left out; absent of a claim with parts, or that is not judged
	Machine  *machine.Machine `json:"machine,omitempty"`  // on which it was measured; absent where it was not, or on several
	Python   []string         `json:"python,omitempty"`   // what ran the cells in Python that it rests on: "CPython 3.11.7, with the GIL"
	Recorded bool             `json:"recorded,omitempty"` // at least one result came with the course, and was not measured for this site
}

// A ScoreEffect is a comparison of a claim, as it was measured.
type ScoreEffect struct {
	Condition string          `json:"condition"`           // as the lesson has it
	Unit      string          `json:"unit"`                // of the numbers: number (a ratio, a share or a count), time (nanoseconds) or size (bytes)
	Ratio     bool            `json:"ratio,omitempty"`     // the effect is how many times as large that is which the condition wants to be larger
	Counted   bool            `json:"counted,omitempty"`   // the condition is of how runs ended or what they printed: it holds where it is true in all of them, and does not where in none; the effect is the share in which it is
	Effect    float64         `json:"effect"`              // the median, or the share
	Low       *float64        `json:"low,omitempty"`       // the interval of 95 %, from here; absent where it has no bound
	High      *float64        `json:"high,omitempty"`      // to here; absent where it has no bound
	Threshold *float64        `json:"threshold,omitempty"` // fixed beforehand: the interval has to lie wholly beyond it; absent of what is counted
	Runs      int             `json:"runs"`                // the fewest of any measurement that it rests on
	Verdict   lessons.Verdict `json:"verdict"`
	Why       string          `json:"why,omitempty"` // why it is undecided, in words
}

// scoreData draws scoreboard.json.
func (s *Site) scoreData() ([]byte, error) {
	board := Scoreboard{Version: ScoreboardVersion, Course: s.course.Title, Rows: []ScoreRow{}}
	for _, row := range s.report.Rows {
		src := row.Source
		of := ScoreRow{ID: src.ID, Kind: src.Kind, Group: src.Group, Says: oneLine(src.Says), Claims: []ScoreClaim{}}
		for _, where := range src.Where {
			of.Where = append(of.Where, s.whereHref(where))
		}
		for _, st := range row.Standings {
			for _, j := range st.Judgments {
				of.Claims = append(of.Claims, s.scoreClaim(j, st.System))
			}
		}
		board.Rows = append(board.Rows, of)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err := e.Encode(board)
	return b.Bytes(), err
}

func (s *Site) scoreClaim(j *evidence.Judgment, system lessons.System) ScoreClaim {
	c := ScoreClaim{System: system, ScorePart: s.scorePart(j)}
	for _, part := range j.Parts {
		c.Parts = append(c.Parts, s.scorePart(part))
	}
	return c
}

func (s *Site) scorePart(j *evidence.Judgment) ScorePart {
	c := ScorePart{
		Lesson: j.Lesson, Claim: j.Claim.ID, Href: s.claimLink(j.ID, nil),
		Verdict: j.Verdict, Pinned: j.Claim.Verdict, Why: j.Why, Machine: j.Machine, Python: j.Python, Recorded: j.Recorded,
	}
	for _, of := range j.Comparisons {
		if !of.Known || bound(of.Effect) == nil {
			continue
		}
		unit := of.Unit
		if unit != formula.Time && unit != formula.Size {
			unit = formula.Number // a share of the runs
		}
		c.Effects = append(c.Effects, ScoreEffect{
			Condition: of.Text, Unit: string(unit), Ratio: of.Ratio, Counted: of.Counted, Effect: of.Effect, Low: bound(of.Low), High: bound(of.High),
			Runs: of.Runs, Verdict: of.Verdict, Why: of.Why,
		})
		if !of.Counted {
			c.Effects[len(c.Effects)-1].Threshold = bound(of.Threshold)
		}
	}
	return c
}

// bound returns what JSON can hold of a number: nil for what is infinite, or no number.
func bound(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}
