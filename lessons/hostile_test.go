package lessons

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"course/problem"
)

// hostile returns lessons that are made to be costly, by what they are made of.
func hostile() map[string]string {
	r := strings.Repeat
	const size = maxLesson / 8 // what takes goldmark more than linear time still shows
	fill := func(block string) string { return r(block+"\n\n", size/(len(block)+2)) }
	para := func(part string) string {
		line := r(part, 1000/len(part))
		return fill(strings.TrimSpace(r(line+"\n", maxParagraph/(len(line)+2)-1)))
	}
	numbered := func(format string) string {
		var b strings.Builder
		for i := 1; b.Len() < size; i++ {
			fmt.Fprintf(&b, strings.ReplaceAll(format, "N", "%[1]d"), i)
		}
		return b.String()
	}
	var nested, backticks strings.Builder
	for i := range 600 {
		nested.WriteString(r(" ", min(2*i, 300)) + "- a\n")
	}
	for i := 1; backticks.Len() < 14_000; i++ {
		backticks.WriteString(r("`", i) + "a")
	}
	all := map[string]string{
		"one line of 5 MB": r("a", 5<<20), "5 MB": r("a\n", 5<<19), "NUL bytes": "# T\n\n" + r("\x00", 9000),
		"invalid UTF-8": "# T\n\n" + r("\xff\xfe", 4000), "5,000 quotes": "# T\n\n" + r("> ", 5000) + "a\n", "5,000 quotes, no space": r(">", 5000),
		"5,000 items": r("- ", 5000) + "a", "5,000 numbered items": r("1. ", 5000) + "a", "nested lists": nested.String(),
		"quotes at the limit": r(r("> ", maxDepth-1)+"a\n", 1000), "items at the limit": r(r("- ", maxDepth-1)+"a\n", 1000),
		"emphasis within emphasis": r("*a **b ", 2000) + r("c** d*", 2000), "unclosed fence": "# T\n\n```go {#a}\n" + r("x\n", 50_000),
		"fences": r("```\n", size/4), "tildes": r("~~~\n", size/4), "headings": r("# a\n", size/4), "setext": r("a\n-\n", size/4),
		"items": r("- a\n", size/4), "loose items": r("- a\n\n", size/5), "tasks": r("- [ ] a\n", size/8), "blank lines": "- " + r("\n", size),
		"wide table": fill(r("|a", 3000) + "\n" + r("|-", 3000) + "\n" + r("|\n", 1000)), "tables": fill("a|b\n-|-" + r("\n|", 4000)),
		"references": numbered("[N]: b\n\n"), "uses of a reference": "[a]: b\n\n" + para("[a]"), "uses of long references": "[a]: " + r("x", 15_000) + ".md\n\n[b]: " + r("x", 15_000) + "\n\n" + para("[a]![b]"), "footnotes": numbered("[^N]: b\n\n[^N]\n\n"),
		"backticks": fill(backticks.String()), "html": para("<a>"), "comments": para("<!-- "), "front matter": "---\n" + r("a:\n", 4000) + "---\n",
		"deep front matter": "---\na: " + r("[", 9000) + "\n---\n", "front matter of items": "---\n" + r("- ", 4000) + "\n---\n", "front matter of marks": "---\n" + r("? ", 4000) + "\n---\n",
		"deep Go": "# T\n\n```go {#a}\nvar x = " + r("(", 14_000) + "\n```\n", "nested Go": "# T\n\n```go {#a}\nfunc main() {\n" + r("{\n", 7000) + "```\n",
		"attributes": "# T\n\n```go {#a " + r("a=[", 4000) + "\n```\n", "maps": "# T\n\n```go {#a " + r("expect={a=b} ", 1000) + "}\n```\n",
		"many cells": numbered("```go {#aN}\nfunc fN() {}\n```\n\n"),
	}
	for _, part := range []string{"[", "](", "[a](", "![", "*a ", "a**b_c~", "<", "<a ", "&", "www.", "http://a", "a.b@c.d_", "a|", "~a", "\\", "[a](b \"", "[a]: <", "[a]: b ", "$", ":::a "} {
		all["paragraphs of "+part] = para(part)
	}
	return all
}

// What has no place in any lesson is told, and nothing that asks about the course fails on it.
func TestAnEntirelyBrokenLessonIsStillALesson(t *testing.T) {
	broken := "---\ntitle: [\n---\n\x00\xff[a](javascript:x) ![b][r] [c](d.md#%zz) `= a.b` `=a.thread.wall` `= z/y.plain.wall`\n\n[r]: data:x\n\n" +
		"# \n\n# `= a.thread.wall`\n\n```go {#a {#b modes=[x\n}\n```\n\n```go {#c expect=compile-error}\nfunc (\n```\n\n```go {#d}\npackage x\nimport \"C\"\n```\n\n```go {#c}\n```\n\n```go #e\n```\n\n```go {}\n```\n\n> ```go {#f}\n"
	for name, files := range map[string][]string{
		"alone": {"01-a.md", broken}, "beside another": {"01-a.md", broken, "02-b.md", "# B\n\n`= a/d.plain.wall` [a](01-a.md)\n"},
		"refused":    {"01-a.md", strings.Repeat("x", maxLine+1), "02-b.md", "# B\n\n`= a/d.plain.wall` [a](01-a.md)\n"},
		"twice":      {"01-a.md", broken, "02-a.md", broken},
		"everything": {"course.yaml", "title: [", "01-a.md", broken, "index.md", broken, "B ä.md", broken},
	} {
		t.Run(name, func(t *testing.T) {
			c := course(t, files...)
			if len(c.Problems) == 0 || len(c.Lessons) == 0 {
				t.Fatalf("%d problems, %d lessons", len(c.Problems), len(c.Lessons))
			}
			for _, p := range append(c.Problems, c.Check()...) {
				if p.Line < 1 || p.Column < 1 {
					t.Errorf("%s: %s is nowhere", p.Position, p.Message)
				}
			}
			for _, l := range c.Lessons {
				for _, id := range []string{"a", "c", "d", "listing-1", "none"} {
					c.Locate(l.Name+"/"+id, problem.Problem{Position: problem.Position{File: id + ".cell", Line: 1, Column: 1}, Message: "undefined: path"})
				}
			}
			c.Programs()
		})
	}
}

func TestHostileLessonsAreReadOrRefused(t *testing.T) {
	for name, text := range hostile() {
		t.Run(name, func(t *testing.T) {
			c, err := Load(fstest.MapFS{"01-a.md": {Data: []byte(text)}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(c.Lessons) != 1 {
				t.Errorf("there are %d lessons", len(c.Lessons))
			}
			_ = c.Check()
			c.Programs()
		})
	}
}
