// Package evidence weighs results: timings, inline values, and the claims of a course, which it judges. It is the one place where lessons and results
// meet before they are drawn.
package evidence

import (
	"cmp"
	"slices"
	"time"

	"course/formula"
	"course/lessons"
	"course/problem"
	"course/program"
	"course/runner/machine"
)

// A Report is what the results say about a course.
type Report struct {
	Timings   map[string][]Timing        // program ID -> a timing for each point of a measured program, in the order of its points
	Tallies   map[string][]Tally         // program ID -> a tally for each mode of a program whose outcome varies
	Values    map[problem.Position]Value // lessons.Value.Position -> what the page shows in its place
	Judgments map[string]*Judgment       // the ID of a claim or of a part, "lesson/id" -> what came of it; none of those that lessons.Course.Refused names
	Rows      []Row                      // one for each of the course's Sources, in their order
	Problems  problem.List               // positions are those of the lessons
}

// A Timing is how long the counted runs of a program at one point took, and what else was measured of them.
type Timing struct {
	Mode               program.Mode
	Value              float64         // of the sweep; 0 where there is none
	Outcome            program.Outcome // how these runs ended
	Runs               int             // how many: the warm-up is not counted
	Wall, User, System Summary
	CPU                Summary // User and System together, of all processes
	Noise              string  // why all of this means little, in words; empty where nothing was noticed

	Memory, Switches, Startup, Overlap Measured // of the same runs, memory of those that were weighed; their Runs are 0 where nothing is known
}

// Point returns where the runs were made.
func (t Timing) Point() program.Point { return program.Point{Mode: t.Mode, Value: t.Value} }

// A Measured is what the runs of a program at one point tell of a metric: their median, and the interval that covers that of all
// runs that could be made with 95 %, as Summary has it.
type Measured struct {
	Series            formula.Series
	Unit              formula.Unit    // Time in nanoseconds, Size in bytes, Number
	Median, Low, High float64         // 0 where Runs is
	Covers            bool            // else there are too few runs, and Low and High are the least and the greatest
	Runs              int             // how many tell of it; 0 where nothing is known
	Noise             string          // of all but memory, endings and outputs: why it means little, in words; empty where nothing was noticed
	AtLeast           bool            // of a size: it was looked at too seldom, and may have been more
	Recorded          bool            // it was not measured here, but on Machine
	Machine           machine.Machine // zero where Runs is
	Taken             time.Time       // when the result was; zero where Runs is
	Outcome           program.Outcome // how these runs ended: where several ways are expected, the most frequent
	Others            int             // how many runs ended in another way, and tell nothing here
}

// A Judgment is what came of a claim, or of a part of one.
type Judgment struct {
	Claim   *lessons.Claim
	ID      string // "lesson/id"
	Lesson  string // the name of that in which the claim stands
	Verdict lessons.Verdict
	Why     string // of Undecided and NotJudged: why, as the end of a sentence: "the times of sum (threads) are noisy: …", each reason once; else, and of a claim with parts, empty

	Comparisons []Comparison // what the condition rests on, in its order; none of a claim with parts, or that is not judged
	Parts       []*Judgment  // in the order of Claim.Parts; that of a part which stands elsewhere is the one of that claim

	Recorded bool             // at least one of the results is not from here
	Lacking  bool             // at least one of the results is not there
	Machine  *machine.Machine // on which the results were taken; nil where there is none, or where they are of several
	Python   []string         // what ran the cells in Python, each once: "CPython 3.11.7, with the GIL"
}

// Differs reports whether the verdict contradicts that which the author has pinned: one that is undecided, or was not judged, contradicts nothing.
func (j *Judgment) Differs() bool {
	return j.Claim.Verdict != "" && j.Verdict != j.Claim.Verdict && j.Verdict != lessons.Undecided && j.Verdict != lessons.NotJudged
}

// Reasons returns why a claim is undecided or not judged, each reason once: of one with parts those of its parts.
func (j *Judgment) Reasons() []string {
	all := []string{j.Why}
	if j.Verdict == lessons.Undecided || j.Verdict == lessons.NotJudged {
		for _, part := range j.Parts {
			all = append(all, part.Why)
		}
	}
	return distinct(all)
}

// Pinned returns the judgments on claims, and on parts of them, whose authors have pinned a verdict, by their places in the course.
func (r *Report) Pinned() (pinned []*Judgment) {
	for _, j := range r.Judgments {
		if j.Claim.Verdict != "" {
			pinned = append(pinned, j)
		}
	}
	slices.SortFunc(pinned, func(a, b *Judgment) int {
		return cmp.Or(a.Claim.VerdictAt().Compare(b.Claim.VerdictAt()), cmp.Compare(a.ID, b.ID))
	})
	return pinned
}

// A Comparison is one of those that a claim's condition consists of, as it was measured. Where measurements are compared with each other, as in a < b, the
// effect is the ratio of what should be larger to what should be smaller, b / a, and Threshold the least that matters. Where one is compared with
// a constant, the effect is it, and Threshold the constant. Of outcomes and outputs the effect is the share of the runs in which the comparison is true: it holds
// where that is all of them, and does not where it is none.
type Comparison struct {
	Text              string         // as it is written: "sleepers.process.wall < sleepers.thread.wall"
	Left, Right       *formula.Bound // its sides; where one is a constant, it is the right
	Op                formula.Op     // of these sides: 2*ms > a is a < 2*ms
	Unit              formula.Unit   // of the effect
	Ratio             bool           // the effect is that of two measurements to each other
	Counted           bool           // it is of outcomes or outputs
	Effect, Low, High float64        // with its interval; all 0 where Known is false
	Threshold         float64
	Known             bool
	Verdict           lessons.Verdict // Holds, DoesNotHold or Undecided
	Why               string          // of Undecided: why, as Judgment has it
	Of                []Measured      // what it rests on, each once; none of outcomes and outputs
	Runs              int             // the fewest of any that it rests on

	reasons reasons // which Why says
}

// A Row is a source with what the course says of it.
type Row struct {
	Source    *lessons.Source
	Standings []Standing // of a claim: on each system that claims of the course speak of, in the order go, one-slot, cpython
}

// A Standing is how a source stands on one system.
type Standing struct {
	System    lessons.System
	Verdict   lessons.Verdict // of all Judgments together, as of parts
	Judgments []*Judgment     // in the order of the lessons, at least one: of claims, or, where the parts of a claim are about several systems, of those that are about this one
}

// A Summary is the median of several durations, and the interval that covers the median of all runs
// that could be made with a confidence of at least 95 %, from the order statistics. Where there are too
// few runs for that (fewer than 6), Low and High are the least and the greatest, and Covers is false.
type Summary struct {
	Median, Low, High time.Duration
	Covers            bool
}

// A Value is an inline value as it is shown.
type Value struct {
	Text  string // "41 ms", or "not measured" where there is no result
	Title string // what it is and how sure: "wall time of …, median of 9 runs, 95 % interval 40.9 ms to 42.3 ms"
	Known bool

	Says     string          // what it is: "wall time of sleepers (threads)", or the expression
	Interval string          // with the digits of Text, "40.9 ms to 42.3 ms"; empty where it rests on no measurement
	Runs     int             // the fewest of what it rests on; 0 where it rests on no measurement
	Programs []string        // the IDs of those that it rests on, each once
	Machine  machine.Machine // on which they were measured; zero where it rests on none, or where they were of several
	Recorded bool            // at least one of them was not measured here
}
