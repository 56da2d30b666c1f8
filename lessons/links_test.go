package lessons

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestLinksLeadSomewhere(t *testing.T) {
	c := course(t, "01-start.md", "# Start\n\nSee [next](02-next.md), [a part](./02-next.md#seen \"title\"), [here](#start), [r], [data](data.txt) and <https://go.dev>,\n"+
		"[mail](mailto:a@b.c) <a@b.c> [up](HTTPS://go.dev/README.md) http://a.b www.a.b.\n\n[r]: 02%2Dnext.md\n", "02-next.md", "# Next\n\n## Seen\n\n[back](01-start.md)\n")
	same(t, "problems", brief(c.Problems), []string(nil))
}

func TestLinksToNoLessonAreProblems(t *testing.T) {
	c := course(t, "01-start.md", "# Start\n\nSee [next](02-nxt.md#seen), [up](../02-next.md), [r], [r] and [r][r].\n\n> - *a [q](README.md?a)*\n\n[r]: gone.md\n",
		"02-next.md", "# [Next](<02-next.md>)\n\nx[^1]\n\n[^1]: [f](1.md)\n", "README.md", "# No lesson")
	var got []string
	for _, p := range c.Problems {
		got = append(got, fmt.Sprintf("%s %s (%s)", p.Position, p.Message, p.Hint))
	}
	same(t, "problems", got, []string{
		`01-start.md:3:5 there is no lesson 02-nxt.md (did you mean "02-next.md"?)`,
		`01-start.md:3:29 there is no lesson ../02-next.md (did you mean "02-next.md"?)`,
		"01-start.md:3:50 there is no lesson gone.md (use one of 01-start.md, 02-next.md)",
		"01-start.md:5:8 there is no lesson README.md (use one of 01-start.md, 02-next.md)",
		"02-next.md:5:7 there is no lesson 1.md (use one of 01-start.md, 02-next.md)",
	})
}

// TestALinkLeadsToAPartThatIsThere: a heading, as code hosts name it, a cell, or the top.
func TestALinkLeadsToAPartThatIsThere(t *testing.T) {
	c := course(t, "01-start.md", "# The start\n\n[a](#a-heading-its) [b](#A-Heading-its) [c](#one) [d](#cell-one) [e](#) [f](#top) [g](#the-start) [h](02-next.md#inner) [i](#nope)\n"+
		"[j](02-next.md#One-Thing-1) [k](02-next.md#one-thing-2) [l](02-next.md#gone) [m](01-start.md#one) [r] [r]\n\n## A heading, *it`s`*\n\n```go {#one}\nfunc main() {}\n```\n\n[r]: #r\n",
		"02-next.md", "# Next\n\n## One thing\n\n## One thing\n\n> - x\n>\n>   ```go {#inner}\n>   func main() {}\n>   ```\n")
	var got []string
	for _, p := range c.Problems {
		got = append(got, fmt.Sprintf("%s %s (%s)", p.Position, p.Message, p.Hint))
	}
	same(t, "problems", got, []string{
		`01-start.md:3:121 01-start.md has no heading, cell or claim nope (did you mean "one"?)`,
		`01-start.md:4:29 02-next.md has no heading, cell or claim one-thing-2 (did you mean "one-thing-1"?)`,
		`01-start.md:4:57 02-next.md has no heading, cell or claim gone (use one of one-thing, one-thing-1, inner)`,
		`01-start.md:4:99 01-start.md has no heading, cell or claim r (use one of a-heading-its, one)`,
	})
}

func TestLinksWithOtherSchemesAreProblems(t *testing.T) {
	for text, want := range map[string]string{
		"[a](javascript:alert(1))":             `3:1+0 a link with the scheme "javascript" is not allowed`,
		"x [a](JaVaScRiPt&colon;alert(1))":     `3:3+0 a link with the scheme "javascript" is not allowed`,
		"[a](&#106;avascript&#58;x)":           `3:1+0 a link with the scheme "javascript" is not allowed`,
		"[a](<&#32;java\tscript:x>)":           `3:1+0 a link with the scheme "%20java%09script" is not allowed`,
		"[a](data:text/html,x)":                `3:1+0 a link with the scheme "data" is not allowed`,
		"<vbscript:x>":                         `3:1+0 a link with the scheme "vbscript" is not allowed`,
		"[a][r]\n\n[r]: file:///etc/passwd":    `3:1+0 a link with the scheme "file" is not allowed`,
		"| a |\n|---|\n| b [a](about:blank) |": `5:5+0 a link with the scheme "about" is not allowed`,
	} {
		c, _ := lesson(t, "\n"+text+"\n")
		same(t, text, brief(c.Problems), []string{want})
	}
}

// A lesson that is taken from before is as linked as one that is read again.
func TestLinksAreCheckedAgainWhenOtherLessonsChange(t *testing.T) {
	fsys := mapFS("01-a.md", "# A\n\n[b](02-b.md)\n", "02-b.md", "# B\n")
	whole, _ := Load(fsys, nil)
	same(t, "with it", brief(whole.Problems), []string(nil))
	b := fsys["02-b.md"]
	delete(fsys, "02-b.md")
	without, _ := Load(fsys, whole)
	same(t, "without it", brief(without.Problems), []string{"3:1+0 there is no lesson 02-b.md"})
	fsys["02-b.md"] = b
	again, _ := Load(fsys, without)
	same(t, "with it again", brief(again.Problems), []string(nil))
	if again.Lessons[0] != whole.Lessons[0] || !slices.Equal(again.Lessons[:1], without.Lessons) {
		t.Error("the lesson that links was read again")
	}
}

func TestALinkMayBeLong(t *testing.T) {
	c, _ := lesson(t, "\n[a]("+strings.Repeat("x", 10_000)+".md)\n")
	same(t, "problems", brief(c.Problems), []string{"3:1+0 there is no lesson " + strings.Repeat("x", 60) + "…"})
}
