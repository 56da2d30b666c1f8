package lessons

import (
	"testing"

	"course/problem"
)

func TestRowsThatBreakAreFound(t *testing.T) {
	const head = "\n> | a | b |\n> |---|---|\n> "
	for row, want := range map[string][]string{
		"| a | b |":              nil,
		"a | b":                  nil,
		"| a |":                  nil,
		"| `a` | `b` |":          nil,
		"| `a \\| b` | c |":      nil,
		"| a \\| b | c |   ":     nil,
		"| `` ` `` | ` |":        nil,
		"| `a || b` | c |":       {"5:8+1 this | ends the cell of the table, and with it the code"},
		"a | `b || c`":           {"5:10+1 this | ends the cell of the table, and with it the code"},
		"| ``a ` | b`` | c |":    {"5:11+1 this | ends the cell of the table, and with it the code"},
		"| a || b |":             {"5:8+1 the row has more cells than the table's head: what is behind this | is not shown, of 2 columns"},
		"a | b | c":              {"5:9+1 the row has more cells than the table's head: what is behind this | is not shown, of 2 columns"},
		"| é | b | `c` | d |":    {"5:12+1 the row has more cells than the table's head: what is behind this | is not shown, of 2 columns"},
		"| `a | b |\n> | c` | d": nil,
	} {
		c, _ := lesson(t, head+row+"\n")
		same(t, "problems", brief(c.Problems), []string(nil))
		var got []string
		for _, p := range c.Check() {
			if p.Length == 1 { // it is none of what two readers see differently
				got = append(got, brief(problem.List{p})...)
			}
		}
		same(t, row, got, want)
	}
}
