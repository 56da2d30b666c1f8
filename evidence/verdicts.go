package evidence

import (
	"fmt"
	"strings"

	"course/lessons"
)

// Verdicts are how many claims of a course have each verdict. Parts count with the claim that they are of.
type Verdicts map[lessons.Verdict]int

// Verdicts counts those of the course that r is of.
func (r *Report) Verdicts(course *lessons.Course) Verdicts {
	all := make(Verdicts)
	for _, l := range course.Lessons {
		for _, claim := range l.Claims() {
			if j := r.Judgments[l.Name+"/"+claim.ID]; j != nil {
				all[j.Verdict]++
			}
		}
	}
	return all
}

// String lists them: "3 hold, 1 does not hold, 2 undecided"; empty where there are no claims.
func (v Verdicts) String() string {
	var all []string
	add := func(verdict lessons.Verdict, one, several string) {
		switch n := v[verdict]; n {
		case 0:
		case 1:
			all = append(all, "1 "+one)
		default:
			all = append(all, fmt.Sprintf("%d %s", n, several))
		}
	}
	add(lessons.Holds, "holds", "hold")
	add(lessons.Partly, "partly", "partly")
	add(lessons.DoesNotHold, "does not hold", "do not hold")
	add(lessons.Undecided, "undecided", "undecided")
	add(lessons.NotJudged, "not judged here", "not judged here")
	return strings.Join(all, ", ")
}
