package lessons

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"course/problem"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark/ast"
)

// course loads files, given as name and content in turn.
func course(t testing.TB, files ...string) *Course {
	t.Helper()
	c, err := Load(mapFS(files...), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mapFS(files ...string) fstest.MapFS {
	fsys := make(fstest.MapFS)
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return fsys
}

// lesson loads one lesson that begins with a title.
func lesson(t testing.TB, text string) (*Course, *Lesson) {
	t.Helper()
	c := course(t, "01-a.md", "# A\n"+text)
	return c, c.Lessons[0]
}

// brief gives each problem as "line:column+length message".
func brief(l problem.List) []string {
	var all []string
	for _, p := range l {
		all = append(all, fmt.Sprintf("%d:%d+%d %s", p.Line, p.Column, p.Length, p.Message))
	}
	return all
}

func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestLessonsAreInReadingOrder(t *testing.T) {
	c := course(t,
		"10-ten.md", "# Ten", "2-two.md", "# Two", "last.md", "# Last", "00-moved.md", "---\norder: 3\n---\n# Moved",
		"README.md", "# No", "_draft.md", "# No", ".hidden.md", "# No", "notes.txt", "no", "dir/01-x.md", "# No")
	var names []string
	for _, l := range c.Lessons {
		names = append(names, l.Name+" "+l.Title)
	}
	same(t, "lessons", names, []string{"two Two", "moved Moved", "ten Ten", "last Last"})
	same(t, "problems", brief(c.Problems), []string(nil))
}

func TestUnchangedLessonsAreShared(t *testing.T) {
	fsys := mapFS("01-a.md", "# A\n\n```go {#x files=data.txt}\nfunc main() {}\n```\n", "02-b.md", "# B\n", "data.txt", "1")
	first, _ := Load(fsys, nil)
	fsys["02-b.md"].Data = []byte("# B2\n")
	second, _ := Load(fsys, first)
	if second.Lessons[0] != first.Lessons[0] {
		t.Error("the lesson that is the same was read again")
	}
	if second.Lessons[1] == first.Lessons[1] || second.Lessons[1].Title != "B2" {
		t.Error("the lesson that changed was not read again")
	}
	fsys["data.txt"].Data = []byte("2")
	third, _ := Load(fsys, second)
	if third.Lessons[0] == second.Lessons[0] || third.Programs()[0].Options.Files["data.txt"] != "2" {
		t.Error("the lesson whose data changed was not read again")
	}
	fsys["02-b.md"].Data = []byte("# B2\n\n`= a/x.plain.wall`\n")
	fourth, _ := Load(fsys, third)
	if !fourth.Programs()[0].Options.Measure || third.Programs()[0].Options.Measure {
		t.Error("a value of another lesson must have the cell measured, from then on")
	}
	fifth, _ := Load(fsys, fourth)
	if !slices.Equal(fifth.Lessons, fourth.Lessons) {
		t.Error("lessons that name each other are shared as others are")
	}
}

func TestMissingDirectoryIsAnError(t *testing.T) {
	_, err := Load(os.DirFS(filepath.Join(t.TempDir(), "none")), nil)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the error is %v", err)
	}
}

func TestACourseWithoutLessonsSaysWhatALessonIs(t *testing.T) {
	for name, c := range map[string]*Course{"nothing": course(t), "other files": course(t, "README.md", "# R", "a.txt", "x")} {
		same(t, name, c.Problems, problem.List{{
			Message: "the course has no lessons: a lesson is a file whose name ends in .md",
			Hint:    `write one, such as 01-start.md, that begins with "# " and a title`,
		}})
	}
}

func TestWhatIsNoFileIsNoLesson(t *testing.T) {
	c := course(t, "01-dir.md/a.txt", "x", "course.yaml/b", "x", "02-a.md", "# A")
	same(t, "problems", brief(c.Problems), []string{"1:1+0 this is no file", "1:1+0 this is no file"})
	same(t, "lessons", len(c.Lessons), 1)
}

// TestSourcesThatCannotBeReadAreToldOnce: what claims name may be there.
func TestSourcesThatCannotBeReadAreToldOnce(t *testing.T) {
	c := course(t, "sources.yaml/a", "x", "01-a.md", "# A\n\n```go {#x repeat=6}\nfunc main() {}\n```\n\n```claim\nid: c\nsays: c\nfrom: [S1, S2]\nholds-when: x.plain.exit == ok\n```\n")
	same(t, "problems", brief(c.Problems), []string{"1:1+0 this is no file"})
}

func TestLinksOutOfTheCourseAreNotFollowed(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	if err := errors.Join(
		os.WriteFile(filepath.Join(outside, "secret"), []byte("# secret"), 0o600),
		os.Symlink(filepath.Join(outside, "secret"), filepath.Join(dir, "01-link.md")),
		os.Symlink(outside, filepath.Join(dir, "out")),
		os.WriteFile(filepath.Join(dir, "02-a.md"), []byte("# A\n\n```go {#x files=[out/secret, ../x, /etc/passwd, none, .]}\nfunc main() {}\n```\n"), 0o600),
	); err != nil {
		t.Fatal(err)
	}
	c, err := Load(os.DirFS(dir), nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "problems", brief(c.Problems), []string{
		"1:1+0 a symbolic link is not read",
		`3:18+10 the file "out/secret" is reached by a symbolic link`,
		`3:30+4 the file "../x" is not in the course`,
		`3:36+11 the file "/etc/passwd" is not in the course`,
		`3:49+4 the file "none" does not exist`,
		`3:55+1 the file "." is not in the course`,
	})
	same(t, "lessons", len(c.Lessons), 1)
}

func TestProblemsOfALesson(t *testing.T) {
	const bom = "\ufeff"
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"no title":                   {"text", []string{"1:1+0 the lesson has no title"}},
		"nothing":                    {"", []string{"1:1+0 the lesson has no title"}},
		"empty title":                {"# \n", []string{"1:1+0 the title is empty"}},
		"two titles":                 {"# A\n\n# B\n", []string{"3:1+0 a second title"}},
		"title twice":                {"---\ntitle: A\n---\n# B\n", []string{"4:1+0 a second title"}},
		"no YAML, no heading":        {"---\ntitle: a: b\n---\ntext", []string{"2:8+1 this is not YAML: mapping value is not allowed in this context"}},
		"open, no heading":           {"---\ntitle: A\n", []string{"1:1+3 the front matter is never closed"}},
		"empty title, no heading":    {"---\ntitle: \"\"\n---\n", []string{"2:8+0 title is empty"}},
		"no value, no heading":       {"---\ntitle:\n---\n", []string{"2:1+5 title has no value"}},
		"misspelt, no heading":       {"---\ntitel: A\n---\n", []string{`2:1+5 unknown key "titel"`}},
		"two mistakes are two":       {"---\norder: x\n---\n", []string{"1:1+0 the lesson has no title", "2:8+1 order is not a number from 0 to 1000000"}},
		"empty title above":          {"---\ntitle: \"\"\n---\n# B\n", []string{"2:8+0 title is empty"}},
		"unknown key":                {"---\ntitel: A\n---\n# B\n", []string{`2:1+5 unknown key "titel"`}},
		"key twice":                  {"---\norder: 1\norder: 2\n---\n# B\n", []string{"3:1+5 order is given twice"}},
		"anchor":                     {"---\ntitle: &a B\n---\n", []string{"2:8+1 YAML anchors and aliases are not allowed"}},
		"alias":                      {"---\nsummary: *a\n---\n# B\n", []string{"2:10+1 YAML anchors and aliases are not allowed"}},
		"order is no number":         {"---\norder: first\n---\n# B\n", []string{"2:8+5 order is not a number from 0 to 1000000"}},
		"a list for a title":         {"---\ntitle: [a]\n---\n# B\n", []string{"2:8+1 title must be a single value"}},
		"no mapping":                 {"---\njust text\n---\n# B\n", []string{"2:1+9 this is not a name and a value"}},
		"front matter open":          {"---\ntitle: A\n# B\n", []string{"1:1+3 the front matter is never closed"}},
		"front matter, bom and CRLF": {bom + "---\r\ntitle: A\r\nfoo: 1\r\n---\r\n", []string{`3:1+3 unknown key "foo"`}},
		"umlauts before a key":       {"---\n{title: Über, fö: 1}\n---\n", []string{`2:16+3 unknown key "fö"`}},
		"bom":                        {bom + "# A <b>\n", []string{"1:8+3 raw HTML is not allowed"}},
		"NUL":                        {"# A\n\na\x00b\x00\n", []string{"3:2+1 a NUL byte"}},
		"not UTF-8":                  {"# A\n\nd\xe9j\xe0 vu\n", []string{"3:2+1 the byte 0xe9 is not UTF-8"}},
		"html":                       {"# A\n\n<div>\n*x*\n</div>\n\n<!-- fine -->\n\n<!-- fine\n\ntoo -->\n\nx <br> y <!-- fine -->\n", []string{"3:1+5 raw HTML is not allowed", "13:3+4 raw HTML is not allowed"}},
		"comment and more":           {"# A\n\n<!-- a --> <script>\n", []string{"3:1+19 raw HTML is not allowed"}},
		"unclosed fence":             {"# A\n\n```go {#a}\nfunc\n", []string{"3:1+0 the code block is never closed"}},
		"fence closed by its quote":  {"# A\n\n> ```go\n> x\n\ny\n", []string{"3:3+0 the code block is never closed"}},
		"fence closed by another":    {"# A\n\n> ```go\n> x\n```go\n```\n", []string{"3:3+0 the code block is never closed"}},
		"fence closed by fewer":      {"# A\n\n````sh\nx\n```\n", []string{"3:1+0 the code block is never closed"}},
		"closed fences":              {"# A\n\n````sh\n```\n`````\n\n> ~~~\n> x\n> ~~~\n\n- ```sh\n  ls\n  ```\n\n```\n```\n", nil},
		"later blocks":               {"# A\n\n~~~quiz {#a}\n~~~\n\n```python {#a}\n```\n\n```python\nx\n```\n\n```python {check=false}\n```\n", []string{"3:4+4 quiz blocks are not supported yet", "6:1+0 the cell is empty", "13:12+11 a Python block with attributes has no id"}},
		"attributes elsewhere":       {"# A\n\n```sh {#a}\n```\n", []string{`3:4+2 attributes of a "sh" block`}},
		"words after go":             {"# A\n\n```go linenos\n```\n", []string{`3:7+7 unexpected "linenos"`}},
		"a long line":                {"# A\n\n" + strings.Repeat("x", maxLine+1), []string{"3:1+0 the line is longer than 16 KiB"}},
		"a long paragraph":           {"# A\n\n" + strings.Repeat("a word\n", maxParagraph/7+1) + "\nb <br>\n", []string{"3:1+0 the paragraph is longer than 16 KiB", "2345:3+4 raw HTML is not allowed"}},
		"deep":                       {"# A\n\n" + strings.Repeat("> ", 5000), []string{"3:1+0 more than 100 levels of lists or quotes"}},
		"deep emphasis":              {"# A\n\n" + strings.Repeat("*a **b ", 90) + strings.Repeat("c** d* ", 90), []string{"3:345+0 more than 100 levels of lists, quotes or emphasis"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := brief(course(t, "01-a.md", test.text).Problems)
			slices.Sort(got)
			slices.Sort(test.want)
			same(t, "problems", got, test.want)
		})
	}
}

func TestFilesThatCannotBeLessons(t *testing.T) {
	c := course(t, "01-start.md", "# A", "02-start.md", "# B", "03-Ab ä.md", "# C", "index.md", "# D",
		"04-big.md", strings.Repeat("a\n", maxLesson), "course.yaml", "titel: x\nrequire: y\n")
	all := append(c.Problems, course(t, "course.yaml", strings.Repeat("a", maxYAML+1)).Problems...)
	var got []string
	for _, p := range all {
		got = append(got, p.String()+" "+p.Message)
		if p.Hint == "" {
			t.Errorf("%s: no hint", p.Message)
		}
	}
	same(t, "problems", got, []string{
		`02-start.md:1:1 the lesson's name, "start", is that of 01-start.md`,
		`03-Ab ä.md:1:1 "03-Ab ä.md" is no name for a lesson`,
		"04-big.md:1:1 the lesson is larger than 256 KiB",
		`course.yaml:1:1 unknown key "titel"`,
		"course.yaml:2:10 require must be a list",
		`index.md:1:1 "index.md" is no name for a lesson`,
		"course.yaml:1:1 more than 16 KiB",
	})
	same(t, "name", c.Lessons[1].Name, "ab--")
}

func TestLimitsSayWhatToDo(t *testing.T) {
	for text, want := range map[string]string{
		strings.Repeat("a\n", maxLesson):                                                                      "split the lesson into several; until then it is not read",
		"# A\n\n" + strings.Repeat("x", maxLine+1):                                                            "break the line; until then the lesson is not read",
		"# A\n\n" + strings.Repeat("a word\n", maxParagraph/7+1):                                              "break it with a blank line; until then it is not read",
		"# A\n\n" + strings.Repeat("> ", 5000):                                                                "nest less deeply; until then the lesson is not read",
		"# A\n\n" + strings.Repeat("*a **b ", 90) + strings.Repeat("c** d* ", 90):                             "nest less deeply; until then the lesson is not read",
		"# A\n\n" + strings.Repeat("|a", 100) + "\n" + strings.Repeat("|-", 100) + strings.Repeat("\n|", 200): "make this table smaller, or split the lesson; until then it is not read",
		"# A\n\n```go\n" + strings.Repeat("var _ int\n", maxCell/10+1) + "```\n":                              "split it into two blocks",
	} {
		if c := course(t, "01-a.md", text); len(c.Problems) != 1 || c.Problems[0].Hint != want {
			t.Errorf("%.20q: %v, not one with the hint %q", text, c.Problems, want)
		}
	}
}

func TestTitles(t *testing.T) {
	for text, want := range map[string]string{
		"# One":                               "One",
		"x\n\nTwo *and* `a_b` &amp; \\*\n===": "Two and a_b & *",
		"---\ntitle: 2024\norder: 010\n---\n": "2024",
		"---\ntitle: >\n  a\n  b\n---\n":      "a b",
		"> # quoted\n\n# Real":                "Real",
		"\ufeff# With a mark":                 "With a mark",
	} {
		c := course(t, "01-a.md", text)
		same(t, fmt.Sprintf("title of %q", text), c.Lessons[0].Title, want)
		same(t, fmt.Sprintf("title of the course %q", text), c.Title, want)
		if len(c.Problems) > 0 {
			t.Errorf("%q: %v", text, c.Problems)
		}
	}
	c := course(t, "01-a.md", "# A", "course.yaml", "title: The Course\nsummary: S\n")
	same(t, "title and summary", []string{c.Title, c.Summary}, []string{"The Course", "S"})
}

func TestBlocks(t *testing.T) {
	_, l := lesson(t, "\nText.\n\n```go {#x}\nfunc main() {}\n```\n\n```sh\nls\n```\n\n    indented\n\n> [!WARNING]\n> Mind *this*.\n\n- item\n\n  ```go {#y}\n  func main() {}\n  ```\n\n## End\n[r]: x\n")
	var got []string
	for _, b := range l.Blocks {
		s := fmt.Sprintf("%s %T", b.Pos(), b)
		switch b := b.(type) {
		case *Prose:
			s += " " + b.Node.Kind().String()
			for _, inner := range b.Inner {
				s += fmt.Sprintf(" with %s %T", inner.Pos(), inner)
			}
		case *Listing:
			s += fmt.Sprintf(" %q %q %v", b.Language, b.Source, b.Check)
		}
		got = append(got, strings.ReplaceAll(s, "*lessons.", ""))
	}
	same(t, "blocks", got, []string{
		"01-a.md:3:1 Prose Paragraph", "01-a.md:5:1 Cell", `01-a.md:9:1 Listing "sh" "ls\n" false`,
		`01-a.md:13:5 Listing "" "indented\n" false`, "01-a.md:15:1 Prose Alert", "01-a.md:18:1 Prose List with 01-a.md:20:3 Cell", "01-a.md:24:1 Prose Heading",
	})
	alert := l.Blocks[4].(*Prose).Node.(*Alert)
	same(t, "alert", []string{alert.Name, plainText(alert, l.Source)}, []string{"warning", "Mind this."})
	_, nested := lesson(t, "\n- > [!TIP]\n  > In a list.\n  >\n  > > [!CAUTION]\n  > > In a quote.\n\n> > [!note]\n> > In another.\n\n> [!NOTE]\n")
	var names []string
	for _, block := range nested.Blocks {
		_ = ast.Walk(block.(*Prose).Node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if a, ok := n.(*Alert); ok && entering {
				names = append(names, a.Name+": "+plainText(a, nested.Source))
			}
			return ast.WalkContinue, nil
		})
	}
	same(t, "alerts within", names, []string{"tip: In a list.In a quote.", "caution: In a quote.", "note: In another."})
	same(t, "cells", []string{l.Cells()[0].ID, l.Cells()[1].ID}, []string{"x", "y"})
}

func TestInlineValuesThatAreNearlyRight(t *testing.T) {
	const code = "; if this is code, leave out the blank after =)"
	const how = " (write cell.mode.metric, or lesson/cell.mode.metric, as in squares.process.wall; a cell that runs once has the mode plain)"
	for span, want := range map[string]string{
		"`= x.wall`":                            `3:4+6 "x.wall" names no mode (write x.mode.wall; a cell that runs once has the mode plain)`,
		"`= x`":                                 `3:4+1 "x" names nothing that is measured` + strings.TrimSuffix(how, ")") + code,
		"`= x.plain.wall.a`":                    `3:4+14 "x.plain.wall.a" names nothing that is measured` + how,
		"`= 1 + 2`":                             `3:4+5 "1 + 2" names nothing that is measured (if this is code, leave out the blank after =)`,
		"`= f(x)`":                              `3:4+1 unknown function "f" (use one of ratio, speedup, scaling, slope, share` + code,
		"> `=  x.plain.wall +\n> 1*KiB`":        `3:20+1 a time and a size are neither added nor subtracted (units are factors: 10*ms, 64*KiB)`,
		"> `= x.plain.wall +\n> y.plain.wall`":  `4:3+1 there is no cell "y" (did you mean "x"?)`,
		"`= x.plain.wall < 1*ms`":               `3:4+19 a comparison is no value (what holds or does not stands in a claim block; a value is a number, a time or a size)`,
		"`= x.plain.exit`":                      `3:4+12 "x.plain.exit" is no value (a value is a number, a time or a size, such as share(x.plain.exit == ok))`,
		"`= share(x.plain.exit == ok) + cores`": "",
		"`= x.plain.wall / x.plain.wall`":       `3:4+27 this comes to the same whatever is measured (name two cells, two modes or two metrics)`,
		"`= x.thread.wall`":                     `3:6+6 cell "x" does not run as "thread" (there is only "plain")`,
		"`=x.thread.wall`":                      "3:2+14 \"=x.thread.wall\" has no blank after the = (write `= x.thread.wall` for what was measured)",
		"`=a/x.plain.wal`":                      "3:2+14 \"=a/x.plain.wal\" has no blank after the = (write `= a/x.plain.wal` for what was measured)",
		"`=x.y.z`":                              "",
		"`=x.wall`":                             "",
		"`=x.plain.wall+1`":                     "",
		"`a=x.plain.wall`":                      "",
	} {
		c, _ := lesson(t, "\n"+span+"\n\n```go {#x}\nfunc main() {}\n```\n")
		got := ""
		for i, p := range c.Problems {
			got += fmt.Sprintf("%s (%s)", brief(c.Problems)[i], p.Hint)
		}
		same(t, span, got, want)
	}
}

func TestInlineValues(t *testing.T) {
	c := course(t, "01-a.md", "# A\n\nIt took `= run.process.wall`, `= b/go.plain.cpu`.\n\n```go {#run modes=[process]}\nfunc main() { worker.Do(nil, 1) }\n```\n\n```go {#decl}\ntype T int\n```\n\n"+
		"## Not `= run.process.wall`\n\n`= rum.process.wall` `= run.procass.wall` `= run.process.wal` `= c/x.plain.wall` `= b/gx.plain.wall`\n`= 1 + 2` `= run.wall` `=x` `= decl.plain.wall`\n",
		"02-b.md", "# B\n\n```go {#go}\nfunc main() {}\n```\n\n| a |\n|---|\n| `= go.plain.user` |\n")
	same(t, "problems", brief(c.Problems), []string{
		"13:9+18 a value in a heading",
		`15:4+3 there is no cell "rum"`, `15:29+7 cell "run" does not run as "procass"`, `15:58+3 unknown metric "wal"`,
		`15:66+1 there is no lesson "c"`, `15:87+2 there is no cell "gx"`,
		`16:4+5 "1 + 2" names nothing that is measured`, `16:14+8 "run.wall" names no mode`,
		`16:32+4 cell "decl" is not run, so nothing of it is measured`,
	})
	var got []string
	for _, b := range c.Lessons[0].Blocks[0].(*Prose).Values {
		got = append(got, fmt.Sprint(b.Position.Column, b.Text, " ", b.Formula.Programs()))
	}
	slices.Sort(got)
	same(t, "values", got, []string{"10run.process.wall [{a/run true false false}]", "32b/go.plain.cpu [{b/go true false false}]"})
	for _, p := range c.Programs() {
		if want := p.ID != "a/decl"; p.Options.Measure != want {
			t.Errorf("%s is measured: %v", p.ID, p.Options.Measure)
		}
	}
}
