package lessons

import (
	"fmt"
	"strings"
	"testing"

	"course/problem"

	"github.com/yuin/goldmark/ast"
)

const someTerms = `- term: thread
  means: What a *core* runs; see [start](01-a.md#h).
  also: [threads, OS thread]
  see: [address space, 01-a.md]
  python: threading.Thread
- term: address space
  means: All addresses that a process can use.
- term: "C++"
  means: A language.
- term: C
  means: Another.
`

func withGlossary(t testing.TB, glossary string, files ...string) *Course {
	return course(t, append([]string{"glossary.yaml", glossary, "01-a.md", "---\nterms: Threads\n---\n# A\n\n## H\n\nA thread.\n"}, files...)...)
}

func TestGlossary(t *testing.T) {
	c := withGlossary(t, someTerms)
	same(t, "problems", told(c.Problems), []string(nil))
	var all []string
	for _, term := range c.Terms {
		all = append(all, fmt.Sprint(term.Name, " ", term.ID, " ", term.Means.Plain, term.Also, term.See))
	}
	same(t, "terms", all, []string{
		"address space term-address-space All addresses that a process can use.[] []",
		"C term-c-1 Another.[] []", "C++ term-c A language.[] []",
		"thread term-thread What a core runs; see start.[threads OS thread] [address space 01-a.md]",
	})
	thread := c.Term("  os  THREAD ")
	if thread == nil || thread.Name != "thread" || c.Introduces(thread) != c.Lessons[0] || c.Introduces(c.Term("c")) != nil {
		t.Errorf("%v is introduced by %v", thread, c.Introduces(thread))
	}
}

// told gives each problem with its file and hint.
func told(l problem.List) (all []string) {
	for _, p := range l {
		all = append(all, fmt.Sprintf("%v+%d %s (%s)", p.Position, p.Length, p.Message, p.Hint))
	}
	return all
}

func TestMistakesInTheGlossary(t *testing.T) {
	for name, test := range map[string]struct {
		glossary string
		want     []string
	}{
		"nothing":        {"", []string{`01-a.md:2:8+7 glossary.yaml has no term "Threads" ()`}},
		"no list":        {"term: x\n", []string{"glossary.yaml:1:1+4 this is not a list (begin each item with a dash)"}},
		"unknown key":    {someTerms + "  mean: x\n", []string{`glossary.yaml:12:3+4 unknown key "mean" (did you mean "means"?)`}},
		"no meaning":     {someTerms + "- term: x\n", []string{"glossary.yaml:12:3+0 the entry has no means (write means: …)"}},
		"no term":        {someTerms + "- means: x\n", []string{"glossary.yaml:12:3+0 the entry has no term (write term: …)"}},
		"empty":          {someTerms + "- term: x\n  means: ''\n", []string{"glossary.yaml:13:11+0 means is empty (say it in a sentence or two)"}},
		"twice":          {someTerms + "- term: Thread\n  means: x\n", []string{`glossary.yaml:12:9+0 "Thread" is a spelling of the term in line 1 (a spelling is of one term: remove one)`}},
		"one spelling":   {someTerms + "- term: x\n  means: x\n  also: [x, Os Thread]\n", []string{`glossary.yaml:14:10+0 "x" is given twice (upper and lower case are the same: remove one)`, `glossary.yaml:14:13+0 "Os Thread" is a spelling of the term in line 1 (a spelling is of one term: remove one)`}},
		"no word":        {someTerms + "- term: <b>\n  means: x\n", []string{`glossary.yaml:12:9+0 "<b>" does not begin with a letter or a digit (write the word as it stands in a sentence)`}},
		"two paragraphs": {someTerms + "- term: x\n  means: |\n    a\n\n    b\n", []string{"glossary.yaml:14:5+0 this is more than a sentence or two (it is one paragraph, of text, emphasis, code and links)"}},
		"HTML":           {someTerms + "- term: x\n  means: |\n    a\n    <b>c</b>\n", []string{"glossary.yaml:15:5+0 this cannot stand here (write text, emphasis, code and links)", "glossary.yaml:15:9+0 this cannot stand here (write text, emphasis, code and links)"}},
		"picture":        {someTerms + "- term: x\n  means: a ![b](c.png)\n", []string{"glossary.yaml:13:12+0 this cannot stand here (write text, emphasis, code and links)"}},
		"script":         {someTerms + "- term: x\n  means: a [b](javascript:alert)\n", []string{"glossary.yaml:13:12+0 this link is not allowed (links have http, https or mailto, or lead to a lesson: 01-start.md#cell)"}},
		"no lesson":      {someTerms + "- term: x\n  means: a [b](02-b.md)\n", []string{`glossary.yaml:13:12+0 there is no lesson 02-b.md (did you mean "01-a.md"?)`}},
		"no heading":     {someTerms + "- term: x\n  means: a\n  see: 01-a.md#z\n", []string{`glossary.yaml:14:8+9 01-a.md has no heading, cell or claim z (did you mean "h"?)`}},
		"see nothing":    {someTerms + "- term: x\n  means: a\n  see: [thred, https://example.com, x]\n", []string{`glossary.yaml:14:9+5 "thred" is no term, and no part of a lesson (did you mean "thread"?)`, `glossary.yaml:14:16+19 "https://example.com" is no term, and no part of a lesson (name a term, or a lesson's file and what is in it: 01-start.md#cell)`, `glossary.yaml:14:37+1 a term that refers to itself (name another one, or leave it out)`}},
	} {
		same(t, name, told(withGlossary(t, test.glossary).Problems), test.want)
	}
}

func TestTermsAndNeedsOfALesson(t *testing.T) {
	for name, test := range map[string]struct {
		front, text string
		want        []string
	}{
		"fine":       {"terms: [C]\nneeds: [a]\n", "C, that is.", nil},
		"unknown":    {"terms: [addres space]\n", "", []string{`02-b.md:2:9+12 glossary.yaml has no term "addres space" (did you mean "address space"?)`}},
		"introduced": {"terms:\n  - OS thread\n", "A thread.", []string{`02-b.md:3:5+9 "OS thread" is introduced by 01-a.md (one lesson introduces a term: remove it here or there)`}},
		"twice":      {"terms: [C, c]\n", "C.", []string{"02-b.md:2:12+1 c is given twice (remove one)"}},
		"never said": {"terms: C\n", "`C`, [C](x.md), C-like", []string{`02-b.md:2:8+1 the lesson introduces "C", and its prose never says it (use the word in a paragraph, or name in also how it is spelled there)`, "02-b.md:6:6+0 there is no lesson x.md (use one of 01-a.md, 02-b.md, 03-c.md)"}},
		"no lesson":  {"needs: [x, b, c, a, a]\n", "", []string{`02-b.md:2:9+1 there is no lesson "x" (did you mean "a"?)`, "02-b.md:2:12+1 \"b\" is this lesson itself (a lesson needs what was read before: remove it)", `02-b.md:2:15+1 the lesson "c" comes later (a lesson needs what was read before: change the order, or remove it)`, "02-b.md:2:21+1 a is given twice (remove one)"}},
	} {
		c := withGlossary(t, someTerms, "02-b.md", "---\n"+test.front+"---\n# B\n\n"+test.text+"\n", "03-c.md", "# C\n")
		same(t, name, told(c.Problems), test.want)
	}
	c := course(t, "01-a.md", "---\nterms: x\n---\n# A\n")
	same(t, "no glossary", told(c.Problems), []string{`01-a.md:2:8+1 there is no term "x" (the course has no glossary.yaml, which says what terms mean: write it, or leave terms out)`})
}

// mentioned writes each mention as it stands in the lesson, with "[" where it begins, and "]" where it ends.
func mentioned(c *Course, l *Lesson) string {
	var all []string
	found := c.Mentions(l)
	_ = ast.Walk(l.document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		for _, m := range found[n] {
			if entering {
				s := string(l.Source[m.From:m.To])
				if m.Begins {
					all = append(all, "[")
				}
				all = append(all, s)
				if m.Ends {
					all = append(all, "]")
				}
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.ReplaceAll(strings.Join(all, ""), "][", "] [")
}

func TestMentions(t *testing.T) {
	for text, want := range map[string]string{
		"A thread, and a thread.": "[thread]",
		"THREADS":                 "[THREADS]",
		"An OS thread":            "[OS thread]",
		"> the address\n> *space*, an Address\n> space": "[Addressspace]",
		"an *OS\nthread*": "[OSthread]",
		"an OS *thread*":  "[thread]",
		"## A thread\n\n[a thread](01-a.md) `thread`\n\nC++ C": "[C++] [C]",
		"C is C++": "[C] [C++]",
		"threading multi-thread thread-safe thread_ x.thread thread.go &C; \\*C": "[C]",
		"the thread's, the thread.":                             "[thread]",
		"ünthread threadü":                                      "",
		"- one\n- a thread\n\n| C |\n| - |\n| address space |":  "[thread] [C] [address space]",
		"os] thread ] OS thread":                                "[thread]",
		"OS  thread":                                            "[OS  thread]",
		"[^1]\n\n[^1]: A thread":                                "[thread]",
		"```claim\nid: x\nsays: A thread.\n```\n\n    a thread": "",
	} {
		c := course(t, "glossary.yaml", someTerms, "01-a.md", "# A\n\n## h\n\n"+text+"\n")
		same(t, text, mentioned(c, c.Lessons[0]), want)
	}
}

func TestTheGlossaryIsReadWhenItChanges(t *testing.T) {
	fsys := mapFS("glossary.yaml", someTerms, "01-a.md", "---\nterms: thread\n---\n# A\n\nA thread.\n\n## h\n")
	first, _ := Load(fsys, nil)
	fsys["02-b.md"] = mapFS("", "# B\n")[""]
	second, _ := Load(fsys, first)
	if len(second.Terms) == 0 || first.Terms[0] != second.Terms[0] {
		t.Error("the glossary that is the same was read again")
	}
	fsys["glossary.yaml"].Data = []byte(strings.ReplaceAll(someTerms, "term: thread", "term: Faden"))
	third, _ := Load(fsys, second)
	same(t, "problems", told(third.Problems), []string{
		`01-a.md:2:8+6 glossary.yaml has no term "thread" (use one of address space, C, C++, Faden)`,
	})
	delete(fsys, "glossary.yaml")
	fourth, _ := Load(fsys, third)
	if len(fourth.Terms) > 0 || fourth.Term("C") != nil {
		t.Error("there are terms without a glossary")
	}
}
