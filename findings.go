package course

import (
	"fmt"
	"slices"

	"course/evidence"
	"course/lessons"
	"course/problem"
)

// A Finding is a claim on which the results say something else than its author has pinned. It is no problem of the course: machines differ.
type Finding struct {
	problem.Position                 // of the verdict in the lesson
	Claim            string          `json:"claim"` // its ID, "lesson/id"
	Pinned           lessons.Verdict `json:"pinned"`
	Verdict          lessons.Verdict `json:"verdict"`
	Recorded         bool            `json:"recorded,omitempty"` // by results that came with the course
}

// String says it: "01-start.md:12:10: claim start/faster: does not hold here, and holds is pinned".
func (f Finding) String() string {
	where := "here"
	if f.Recorded {
		where = "as recorded"
	}
	return fmt.Sprintf("%s: claim %s: %q %s, and %q is pinned", f.Position, f.Claim, f.Verdict, where, f.Pinned)
}

// Findings returns those of the course, by their places in it. A claim that is undecided, or not judged here, is none.
func (s *Snapshot) Findings() (all []Finding) {
	for _, j := range s.Report.Pinned() {
		if j.Differs() {
			all = append(all, Finding{j.Claim.VerdictAt(), j.ID, j.Claim.Verdict, j.Verdict, j.Recorded})
		}
	}
	return all
}

// Verdicts counts those of the course.
func (s *Snapshot) Verdicts() evidence.Verdicts { return s.Report.Verdicts(s.Course) }

// A Noisy is a cell by whose times, as they were noisy, claims are not decided. What is stored stays until its cell changes: who wants to know runs it again.
type Noisy struct {
	Cell   string   `json:"cell"`   // "lesson/cell"
	Claims []string `json:"claims"` // "lesson/id", sorted
}

// Noisy returns those of the course that were measured here, in its order.
func (s *Snapshot) Noisy() (all []Noisy) {
	claims := make(map[string][]string)
	for id, j := range s.Report.Judgments {
		for _, c := range j.Comparisons {
			for _, m := range c.Of {
				if cell := m.Series.Program; c.Verdict == lessons.Undecided && j.Verdict == lessons.Undecided && m.Noise != "" && !m.Recorded && !slices.Contains(claims[cell], id) {
					claims[cell] = append(claims[cell], id)
				}
			}
		}
	}
	for _, p := range s.Course.Programs() {
		if of := claims[p.ID]; of != nil {
			slices.Sort(of)
			all = append(all, Noisy{p.ID, of})
		}
	}
	return all
}
