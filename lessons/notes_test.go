package lessons

import (
	"fmt"
	"testing"

	"github.com/yuin/goldmark/ast"
)

func TestANumberedCommentIsExplainedBelow(t *testing.T) {
	c := course(t, "01-a.md", "# A\n\n"+
		"```go {#one}\nfunc main() {\n\tx := f(1) // (1)\n\t_ = x //(2)\n\t// (3)\n\t_ = 1 // see (4)\n}\n\nfunc f(n int) int { return (2) }\n```\n\n1. first\n2. second\n\n"+
		"- ```python {#two}\n  x = 1  # (1)\n  y = 2  // (2)\n  ```\n  1. in a list\n\n"+
		"```yaml\na: b # (7)\n```\n\n7. a listing\n")
	same(t, "problems", brief(c.Problems), []string(nil))
	var got []string
	say := func(of string, notes []Note) {
		for _, n := range notes {
			got = append(got, fmt.Sprintf("%s (%d) on line %d from %d, which is %s: %s", of, n.Number, n.Line, n.Column, n.At, plainText(n.Item.(*ast.ListItem), c.Lessons[0].Source)))
		}
	}
	for _, cell := range c.Lessons[0].Cells() {
		say(cell.ID, cell.Notes)
	}
	for _, b := range c.Lessons[0].Blocks {
		if l, ok := b.(*Listing); ok {
			say("listing", l.Notes)
		}
	}
	same(t, "notes", got, []string{
		"one (1) on line 2 from 10, which is 01-a.md:5:1: first",
		"one (2) on line 3 from 6, which is 01-a.md:6:1: second",
		"two (1) on line 1 from 5, which is 01-a.md:18:3: in a list",
		"listing (7) on line 1 from 4, which is 01-a.md:24:1: a listing",
	})
}

func TestNotesWithoutALineAndLinesWithoutANoteAreProblems(t *testing.T) {
	c := course(t, "01-a.md", "# A\n\n"+
		"```go {#one}\nfunc main() {\n\tx := 1 // (1)\n\t_ = x  // (3)\n\t_ = x // (1)\n}\n```\n\n1. first\n2. second\n\n"+
		"> ```go\n> func g() { g() } // (1)\n> ```\n")
	var got []string
	for _, p := range c.Problems {
		got = append(got, fmt.Sprintf("%s+%d %s", p.Position, p.Length, p.Message))
	}
	same(t, "problems", got, []string{
		"01-a.md:6:9+6 there is no note (3)",
		"01-a.md:7:8+6 a second line is numbered (1)",
		"01-a.md:12:1+0 note 2 is about no line of the code above",
		"01-a.md:15:20+6 there is no note (1)",
	})
}
