package lessons

import (
	"fmt"
	"image/png"
	"slices"
	"strings"
	"testing"
)

func TestLinksLeadSomewhere(t *testing.T) {
	c := course(t, "01-start.md", "# Start\n\nSee [next](02-next.md), [a part](./02-next.md#seen \"title\"), [here](#start), [r], [data](data.png#x) and <https://go.dev>,\n"+
		"[mail](mailto:a@b.c) <a@b.c> [up](HTTPS://go.dev/README.md) http://a.b www.a.b.\n\n[r]: 02%2Dnext.md\n", "02-next.md", "# Next\n\n## Seen\n\n[back](01-start.md)\n",
		"data.png", picture(t, 1, 2, png.Encode))
	same(t, "problems", brief(c.Problems), []string(nil))
	if c.Images["data.png"] == nil {
		t.Error("an image that a lesson links to is not on the site")
	}
}

// TestLinksToFilesLeadToWhatReadersGet: a file that stands beside the lessons is not on the site for that, whatever its name is.
func TestLinksToFilesLeadToWhatReadersGet(t *testing.T) {
	for link, want := range map[string]string{
		"data.txt":                   "data.txt is not part of the site (readers get lessons, images and the site's own pages: show what is in it as code, or link to where it is published, with https:)",
		"d%61ta.txt":                 "data.txt is not part of the site (readers get lessons, images and the site's own pages: show what is in it as code, or link to where it is published, with https:)",
		"dir/":                       "dir is not part of the site (readers get lessons, images and the site's own pages: show what is in it as code, or link to where it is published, with https:)",
		"gone.txt":                   "there is no file gone.txt (use one of 01-start.md, accessibility.html, feed.xml, glossary.html, index.html, machine.html, scoreboard.html, scoreboard.json)",
		"../data.txt":                "there is no file ../data.txt (use one of 01-start.md, accessibility.html, feed.xml, glossary.html, index.html, machine.html, scoreboard.html, scoreboard.json)",
		"%00.txt":                    "there is no file \x00.txt (use one of 01-start.md, accessibility.html, feed.xml, glossary.html, index.html, machine.html, scoreboard.html, scoreboard.json)",
		"01-Start.md":                `there is no lesson 01-Start.md (did you mean "01-start.md"?)`,
		"start.html":                 "start.html is what becomes of a lesson (name the lesson's file, 01-start.md, which works on code hosts as well)",
		"pic.png":                    "there is no image pic.png (did you mean \"Pic.png\"?)",
		"Pic.png":                    "",
		"P%69c.png":                  "",
		"./machine.html":             "",
		"index.html":                 "",
		"accessibility.html":         "",
		"feed.xml":                   "",
		"machine.html#m1":            "machine.html has no part m1 ()",
		"scoreboard.html":            "",
		"scoreboard.json":            "",
		"scoreboard.html#row-S0.1":   "",
		"scoreboard.html#row-S0%2E1": "",
		"Scoreboard.html":            `there is no file Scoreboard.html (did you mean "scoreboard.html"?)`,
		"scoreboard.html#row-s0.1":   `scoreboard.html has no part row-s0.1 (did you mean "row-S0.1"?)`,
		"scoreboard.html#S0.1":       "scoreboard.html has no part S0.1 (there is only \"row-S0.1\")",
		"glossary.html#term-lock":    "",
		"glossary.html#term-lok":     `glossary.html has no part term-lok (did you mean "term-lock"?)`,
		"/data.txt":                  "/data.txt leads out of the course (a site may lie below any path: name the file by its path from the lesson, without the slash)",
		"//go.dev/data.txt":          "//go.dev/data.txt is an address without a scheme (write https: before it)",
		"https:go.dev":               "https:go.dev is no address (write all of it, such as https://go.dev)",
		"http://[a":                  "http://%5Ba is no address (write all of it, such as https://go.dev)",
	} {
		c := course(t, "01-start.md", "---\ndate: 2026-11-22\n---\n\n[it]("+link+")\n\n# Start\n", "data.txt", "x", "dir/x.txt", "x", "Pic.png", picture(t, 1, 2, png.Encode), "course.yaml", "url: https://example.org\n",
			"sources.yaml", "groups:\n  - title: A\n    rows:\n      - id: S0.1\n        kind: claim\n        says: It is so.\n", "glossary.yaml", "- term: lock\n  means: One at a time.\n")
		got := ""
		for _, p := range c.Problems {
			got += fmt.Sprintf("%s (%s)", p.Message, p.Hint)
			same(t, link, p.Position.String(), "01-start.md:5:1")
		}
		same(t, link, got, want)
	}
	c := course(t, "01-start.md", "# Start\n\n[a](scoreboard.html) [b](glossary.html) [c](feed.xml)\n")
	same(t, "pages that a course does not have", brief(c.Problems), []string{"3:1+0 there is no file scoreboard.html", "3:22+0 there is no file glossary.html", "3:41+0 there is no file feed.xml"})
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
