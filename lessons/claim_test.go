package lessons

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// measuredCells are what claims of these tests rest on: in a lesson a.
const measuredCells = "# A\n\n```go {#sum modes=[serial,thread,process]}\nfunc main() { worker.Start(f, 1) }\n```\n\n" +
	"```go {#slot procs=1 repeat=9}\nfunc main() { worker.Start(f, 1) }\n```\n\n" +
	"```go {#few repeat=5}\nfunc main() { worker.Start(f, 1) }\n```\n\n" +
	"```go {#lost vary=outcome}\nfunc main() { worker.Start(f, 1) }\n```\n\n" +
	"```go {#unrun}\nfunc f(int) {}\n```\n\n```go {#broken expect=compile-error}\nfunc main() { var x int = \"\" }\n```\n"

const someSources = "groups:\n  - title: an article\n    rows:\n      - {id: S0.1, kind: claim, says: Processes are faster.}\n" +
	"      - {id: S0.2, kind: claim, says: Threads are lighter.}\n      - {id: S0.7, kind: system, says: Start and join.}\n"

// claimed loads a course with a claim in a lesson of its own, which begins in line 3.
func claimed(t testing.TB, claim string) *Course {
	t.Helper()
	return course(t, "01-a.md", measuredCells, "02-c.md", "# C\n\n```claim\n"+claim+"```\n", "sources.yaml", someSources)
}

func TestClaims(t *testing.T) {
	c := claimed(t, "id: faster\nsays: Processes are `faster`\n  than [threads](01-a.md#sum).\nfrom: [S0.1, S0.2]\nholds-when: a/sum.process.wall < a/sum.thread.wall\nleast: 1.15\n"+
		"needs: cores >= 2\nbecause: |\n  They do not wait:\n  `= a/sum.process.wall`.\n\n  - one\n  - two\nverdict: does not hold\n")
	same(t, "problems", brief(c.Problems), []string(nil))
	claim := c.Claim("c/faster")
	if claim == nil || len(c.Lessons[1].Claims()) != 1 || c.Lessons[1].Claims()[0] != claim || c.Lessons[1].Blocks[0] != Block(claim) {
		t.Fatalf("the claim is %v", claim)
	}
	same(t, "says", claim.Says, "Processes are `faster` than [threads](01-a.md#sum).")
	same(t, "from", claim.From, []string{"S0.1", "S0.2"})
	same(t, "holds-when", claim.Holds.String(), "a/sum.process.wall < a/sum.thread.wall")
	same(t, "least, on, verdict", fmt.Sprint(claim.Least, claim.On, claim.Verdict)+claim.VerdictAt().String(), "1.15godoes not hold02-c.md:17:10")
	same(t, "needs", len(claim.Needs), 1)
	var because []string
	for _, p := range claim.Because {
		because = append(because, fmt.Sprintf("%s %v %d", p.Node.Kind(), p.Position, len(p.Values)))
	}
	same(t, "because", because, []string{"Paragraph 02-c.md:12:3 1", "List 02-c.md:15:3 0"})
	same(t, "said", claim.Said.Position.String(), "02-c.md:5:7")
	o, _ := c.Scope().Options("a/sum")
	same(t, "the cell is measured and weighed", []bool{o.Measure, o.Weigh}, []bool{true, false})
	if id, ok := c.Lessons[1].Anchors().Find("faster"); id != "claim-faster" || !ok {
		t.Errorf("links lead to %q", id)
	}
}

func TestClaimsHaveTheirCellsMeasuredAndWeighed(t *testing.T) {
	for condition, want := range map[string][]any{
		"a/sum.process.wall < a/sum.thread.wall\nleast: 2":     {true, false, 0},
		"a/sum.process.memory > a/sum.thread.memory\nleast: 2": {true, true, 0},
		"a/sum.process.exit == ok":                             {false, false, 6}, // what happens once proves nothing
	} {
		c := claimed(t, "id: x\nsays: x\nholds-when: "+condition+"\n")
		same(t, "problems of "+condition, brief(c.Problems), []string(nil))
		o, _ := c.Scope().Options("a/sum")
		same(t, condition, []any{o.Measure, o.Weigh, o.Repeat}, want)
	}
	c := claimed(t, "id: x\nsays: x\nholds-when: share(a/lost.thread.exit == panic) > 0.1\n")
	same(t, "problems of outcomes", brief(c.Problems), []string(nil))
	c = claimed(t, "id: x\nsays: x\nholds-when: a/lost.thread.wall < 2*ms\n")
	same(t, "problems of times of outcomes", brief(c.Problems), []string{`6:15+4 the outcome of cell "lost" varies, so its wall time is not measured`})
}

func TestPartsOfAClaim(t *testing.T) {
	c := course(t, "01-a.md", measuredCells+"\n- in a list\n\n  > ```claim\n  > id: one\n  > says: One.\n  > holds-when: sum.thread.wall < 2*ms\n  > ```\n",
		"02-c.md", "# C\n\n```claim\nid: general\nsays: In general.\nneeds: [cores>=2]\non: go\nparts:\n  - says: First.\n    holds-when: a/sum.process.wall < a/sum.thread.wall\n    least: 1.5\n"+
			"  - {id: second, says: Second., holds-when: a/sum.thread.exit == ok, needs: memory > 1*GiB}\n  - claim: a/one\n```\n")
	same(t, "problems", brief(c.Problems), []string(nil))
	var got []string
	for _, id := range []string{"c/general", "c/general-1", "c/second", "c/general-3"} {
		part := c.Claim(id)
		got = append(got, fmt.Sprintf("%s at %v needs %d, elsewhere %v", part.Says, part.Position, len(part.Needs), c.Elsewhere(part) == c.Claim("a/one")))
	}
	same(t, "parts", got, []string{
		"In general. at 02-c.md:3:1 needs 1, elsewhere false", "First. at 02-c.md:9:5 needs 1, elsewhere false",
		"Second. at 02-c.md:12:6 needs 2, elsewhere false", " at 02-c.md:13:5 needs 1, elsewhere true",
	})
	prose, _ := c.Lessons[0].Blocks[len(c.Lessons[0].Blocks)-1].(*Prose)
	if prose == nil || len(prose.Inner) != 1 || c.Claim("a/one").Position.String() != "01-a.md:29:5" {
		t.Errorf("a claim in a list is at %v, in %v", c.Claim("a/one").Position, prose)
	}
	for fragment, want := range map[string]string{"general-1": "claim-general-1", "second": "claim-second"} {
		if id, _ := c.Lessons[1].Anchors().Find(fragment); id != want {
			t.Errorf("#%s leads to %q", fragment, id)
		}
	}
}

func TestProblemsOfClaims(t *testing.T) {
	const holds = "holds-when: a/sum.process.wall < a/sum.thread.wall\nleast: 2\n"
	for name, test := range map[string]struct {
		claim string
		want  []string // line:column of the file: the block's first line is line 4
	}{
		"nothing":               {"", []string{"3:1+0 the claim does not say when it holds (write holds-when: …, or parts that do)", "3:1+0 the claim has no id (write id: …)", "3:1+0 the claim has no says (write says: …)"}},
		"no YAML":               {"text\n", []string{"4:1+4 this is not a name and a value (write name: value)"}},
		"a backtick":            {"id: x\nsays: `x` is fast\n" + holds, []string{"5:7+1 a value in YAML cannot begin with ` (put quotes around the whole of it: \"`x` is fast\")"}},
		"a backtick and quotes": {"id: x\nbecause: `x` is \"fast\"\n" + holds, []string{"5:10+1 a value in YAML cannot begin with ` (write the whole of it on the next line, below a |)"}},
		"unknown key":           {"id: x\nsays: x\nholds-wen: x\n", []string{`6:1+9 unknown key "holds-wen" (did you mean "holds-when"?)`}},
		"no id":                 {"says: x\n" + holds, []string{"3:1+0 the claim has no id (write id: …)"}},
		"a bad id":              {"id: X-1\nsays: x\n" + holds, []string{`4:5+3 "X-1" is no id (an id is a lower-case letter, then lower-case letters, digits and _)`}},
		"says is a list":        {"id: x\nsays: [a]\n" + holds, []string{"5:7+1 says must be a single value ()"}},
		"says is long":          {"id: x\nsays: |\n  a\n\n  b\n" + holds, []string{"5:7+0 says is more than a sentence or two (it is one paragraph: what there is to say beyond it goes to because)"}},
		"says is empty":         {"id: x\nsays: \"\"\n" + holds, []string{"5:7+0 says is empty (write it, or leave it out)"}},
		"an escape":             {"id: x\nsays: 'it''s'\n" + holds, []string{"5:7+0 an escape in a text (write the text without quotes, below says: |)"}},
		"html":                  {"id: x\nsays: a <b>\nbecause: |\n  x\n\n  y <i>\n" + holds, []string{"5:9+3 raw HTML is not allowed (write it as Markdown, or as code between backticks; or allow it in course.yaml: html: true)", "9:5+3 raw HTML is not allowed (write it as Markdown, or as code between backticks; or allow it in course.yaml: html: true)"}},
		"a heading":             {"id: x\nsays: x\nbecause: |\n  x\n\n  # y\n" + holds, []string{"9:3+0 this cannot stand in a block (its texts have paragraphs, lists, quotes and tables: put all else below it)"}},
		"a cell":                {"id: x\nsays: x\nbecause: |\n  - ~~~go {#y}\n    ~~~\n" + holds, []string{"7:5+0 this cannot stand in a block (its texts have paragraphs, lists, quotes and tables: put all else below it)"}},
		"a link to nowhere":     {"id: x\nsays: x\nbecause: see [this](03-x.md)\n" + holds, []string{"6:14+0 there is no lesson 03-x.md (did you mean \"01-a.md\"?)"}},
		"source":                {"id: x\nsays: x\nfrom: S0.3\n" + holds, []string{`6:7+4 there is no source "S0.3" (did you mean "S0.1"?)`}},
		"sources":               {"id: x\nsays: x\nfrom:\n  - S0.1\n  - S0.7\n  - S0.1\n" + holds, []string{`8:5+4 source "S0.7" is a system, which is neither true nor false (say in sources.yaml where the course has it: where: 02-c.md)`, "9:5+4 S0.1 is given twice (remove one)"}},
		"no cell":               {"id: x\nsays: x\nleast: 2\nholds-when: a/sum.process.wall < a/sun.thread.wall\n", []string{`7:36+3 there is no cell "sun" (did you mean "sum"?)`}},
		"no mode, folded": {"id: x\nsays: x\nleast: 2\nholds-when: >\n  a/sum.process.wall <\n  a/sum.goroutine.wall\n", []string{
			`9:9+9 cell "sum" does not run as "goroutine" (use one of serial, thread, process)`,
		}},
		"no metric, in quotes": {"id: x\nsays: x\nleast: 2\nholds-when: \"a/sum.process.wall < \\\n  a/sum.thread.wal\"\n", []string{
			`8:16+3 unknown metric "wal" (did you mean "wall"?)`,
		}},
		"units":         {"id: x\nsays: x\nholds-when: a/sum.thread.wall < 1*KiB\n", []string{"6:31+1 a time is compared with a size (units are factors: 10*ms, 64*KiB)"}},
		"not run":       {"id: x\nsays: x\nholds-when: a/unrun.thread.wall < 1*ms\n", []string{`6:15+5 cell "unrun" is not run, so nothing of it is measured (give it a main function)`}},
		"not compiled":  {"id: x\nsays: x\nholds-when: a/broken.plain.wall < 1*ms\n", []string{`6:13+0 cell "broken" is meant not to compile, so nothing of it is measured (name a cell that runs)`}},
		"itself":        {"id: x\nsays: x\nleast: 2\nholds-when: a/sum.thread.wall < a/sum.thread.wall\n", []string{"7:13+37 a measurement is compared with itself (name two cells, two modes or two metrics)"}},
		"no condition":  {"id: x\nsays: x\nholds-when: speedup(a/sum.thread)\n", []string{"6:13+21 this is no condition (compare it: speedup(grind.thread) >= 1.5)"}},
		"no least":      {"id: x\nsays: x\nholds-when: a/sum.process.wall < a/sum.thread.wall\n", []string{"6:13+0 the claim does not say which effect matters (write least: 1.15, or by what ratio the two have to differ: a comparison without it would be crossed by noise alone)"}},
		"useless least": {"id: x\nsays: x\nleast: 1.5\nholds-when: a/sum.process.wall < 2*ms\n", []string{"6:8+0 least means nothing here (the threshold stands in holds-when: leave least out)"}},
		"least of one":  {"id: x\nsays: x\nleast: 1\nholds-when: a/sum.process.wall < a/sum.thread.wall\n", []string{"6:8+1 least is not a number from 1.05 to 1000 (it is the smallest ratio that matters, such as 1.15)"}},
		"least, no one": {"id: x\nsays: x\nleast: most\nholds-when: a/sum.process.wall < a/sum.thread.wall\n", []string{"6:8+4 least is not a number from 1.05 to 1000 (it is the smallest ratio that matters, such as 1.15)"}},
		"a need":        {"id: x\nsays: x\nneeds: [cores >= 2, a/sum.thread.wall < 1*s]\n" + holds, []string{"6:21+23 what a claim needs is known before anything is measured (needs are of the machine: cores >= 2, memory >= 4*GiB)"}},
		"a verdict":     {"id: x\nsays: x\nverdict: hold\n" + holds, []string{`6:10+4 "hold" is no verdict (did you mean "holds"?)`}},
		"partly":        {"id: x\nsays: x\nverdict: partly\n" + holds, []string{"6:10+6 a claim without parts does not hold partly (write holds, or does not hold, or give it parts)"}},
		"a system":      {"id: x\nsays: x\non: one_slot\n" + holds, []string{`6:5+8 "one_slot" is no system that a claim is about (did you mean "one-slot"?)`}},
		"more slots":    {"id: x\nsays: x\non: one-slot\n" + holds, []string{`6:5+0 the claim is about one slot, and cell "sum" has more (add procs=1 to the cell, or write on: go)`}},
		"fewer slots":   {"id: x\nsays: x\nholds-when: a/slot.thread.wall < 2*ms\n", []string{`6:13+0 cell "slot" has one slot, and the claim is about Go with as many as there are cores (write on: one-slot, or leave procs=1 out of the cell)`}},
		"no Python":     {"id: x\nsays: x\non: cpython\n" + holds, []string{`6:5+0 the claim is about CPython, and cell "sum" is in Go (name cells in Python, or write on: go)`}},
		"few runs":      {"id: x\nsays: x\nholds-when: a/few.thread.wall < 2*ms and a/few.thread.user < 2*ms\n", []string{"11:13+8 too few runs for the claims that rest on this cell (6 are the fewest that tell anything: write more, or leave repeat out)"}},
		"both":          {"id: x\nsays: x\nparts: [{says: a, holds-when: a/sum.thread.exit == ok}, {claim: x}]\n" + holds, []string{"6:1+5 a claim with parts has no condition of its own (leave out holds-when and least, or parts)", "6:65+1 the claim would be a part of itself (name another one, or say here what this part says)"}},
		"one part":      {"id: x\nsays: x\nparts:\n  - says: a\n    holds-when: a/sum.thread.exit == ok\n", []string{"6:1+5 a claim of 1 parts (give it 2 to 20; one alone is the claim itself)"}},
		"no list":       {"id: x\nsays: x\nparts: none\n", []string{"6:8+4 parts must be a list (write each item on a line of its own that begins with a dash)"}},
		"poor parts": {"id: x\nsays: x\nparts:\n  - says: a\n  - claim: c/y\n    says: b\n  - text\n  - because: x\n    claim: d/x\n", []string{
			"7:5+0 this part has no holds-when (write holds-when: …)", `8:14+1 there is no claim "y" (did you mean "x"?)`, "8:5+0 a part that stands elsewhere says no more than where (leave out all but claim)",
			"10:5+4 this is not a name and a value (write name: value)",
			`11:5+7 unknown key "because" (use one of id, says, holds-when, least, on, needs, claim)`, `12:12+1 there is no lesson "d" (did you mean "a"?)`,
		}},
		"the id of a part": {"id: x\nsays: x\nparts:\n  - {id: x, says: a, holds-when: a/sum.thread.exit == ok}\n  - {says: a, holds-when: a/sum.thread.exit == ok}\n", []string{`7:10+1 the id "x" is given twice (the other is at 02-c.md:3:1; give this one another id)`}},
	} {
		t.Run(name, func(t *testing.T) {
			c := claimed(t, test.claim)
			var got []string
			for _, p := range c.Problems {
				got = append(got, fmt.Sprintf("%d:%d+%d %s (%s)", p.Line, p.Column, p.Length, p.Message, p.Hint))
				lines := strings.Split(map[string]string{"01-a.md": measuredCells, "02-c.md": "# C\n\n```claim\n" + test.claim + "```\n"}[p.File], "\n")
				same(t, "source", p.Source, lines[p.Line-1])
			}
			slices.Sort(got)
			slices.Sort(test.want)
			same(t, "problems", got, test.want)
		})
	}
}

func TestClaimsThatAreNamedAlike(t *testing.T) {
	const claim = "```claim\nid: x\nsays: x\nholds-when: sum.thread.exit == ok\n```\n\n"
	c := course(t, "01-a.md", measuredCells+"\n"+claim+claim+strings.Replace(claim, "x", "sum", 1))
	same(t, "problems", brief(c.Problems), []string{`34:5+1 the id "x" is given twice`, `40:5+3 the id "sum" is given twice`})
	same(t, "claims", len(c.Lessons[0].Claims()), 1)
}

func TestCirclesOfClaims(t *testing.T) {
	c := course(t, "01-a.md", "# A\n\n```claim\nid: x\nsays: x\nparts: [{claim: b/y}, {claim: b/z}]\n```\n",
		"02-b.md", "# B\n\n```claim\nid: y\nsays: y\nparts: [{claim: z}, {claim: a/x}]\n```\n\n```claim\nid: z\nsays: z\nparts: [{claim: a/x-1}, {claim: none/x}]\n```\n")
	same(t, "problems", brief(c.Problems), []string{
		"6:17+3 the claim would be a part of itself", "6:29+3 the claim would be a part of itself", `12:33+4 there is no lesson "none"`,
	})
	var follow func(claim *Claim, depth int)
	follow = func(claim *Claim, depth int) {
		if claim == nil {
			return
		}
		if depth > 10 {
			t.Fatal("there is no end")
		}
		for _, part := range claim.all() {
			follow(c.Elsewhere(part), depth+1)
		}
	}
	for _, id := range []string{"a/x", "b/y", "b/z", "a/x-1", "b/z-1"} {
		follow(c.Claim(id), 0)
	}
}

// TestClaimsOfAnotherLessonAreShared has what a claim wants of a cell in another lesson come and go with it.
func TestClaimsOfAnotherLessonAreShared(t *testing.T) {
	fsys := mapFS("01-a.md", measuredCells, "02-c.md", "# C\n", "sources.yaml", someSources)
	first, _ := Load(fsys, nil)
	fsys["02-c.md"].Data = []byte("# C\n\n```claim\nid: x\nsays: x\nfrom: S0.1\nholds-when: a/sum.thread.memory < 1*MiB\n```\n")
	second, _ := Load(fsys, first)
	o, _ := second.Scope().Options("a/sum")
	if o, _ := first.Scope().Options("a/sum"); o.Weigh {
		t.Error("what was loaded has changed")
	}
	same(t, "options", []bool{o.Measure, o.Weigh, first.Lessons[0] == second.Lessons[0]}, []bool{true, true, false})
	third, _ := Load(fsys, second)
	if !slices.Equal(third.Lessons, second.Lessons) || !slices.Equal(third.Sources, second.Sources) || len(third.Problems) > 0 {
		t.Errorf("what is the same is not shared: %v", third.Problems)
	}
	fsys["sources.yaml"].Data = []byte(strings.Replace(someSources, "S0.1", "S1.1", 1))
	fourth, _ := Load(fsys, third)
	same(t, "problems", brief(fourth.Problems), []string{`6:7+4 there is no source "S0.1"`})
	delete(fsys, "sources.yaml")
	fifth, _ := Load(fsys, fourth)
	same(t, "problems", brief(fifth.Problems), []string{`6:7+4 there is no source "S0.1"`})
}

func FuzzClaim(f *testing.F) {
	f.Add("id: x\nsays: >-\n  a `= a/sum.thread.wall`\n  b\nfrom: [S0.1]\nholds-when: |\n  a/sum.process.wall <\n    a/sum.thread.wall\nleast: 1.5\nneeds: cores>=2\nbecause: |2\n    code\n   - x\n\n   > y\n")
	f.Add("id: x\r\nsays: \"a\\u00b5\\\n  b\"\nparts:\n- claim: c/x\n- {says: 'é', holds-when: 'a/sum.thread.exit == \"ok\"', least: .inf}\n")
	f.Add("id: &a x\nsays: *a\non: one-slot\nverdict: holds\nbecause: - [x](#y)\n\n  ~~~\n")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "```") {
			return
		}
		whole := "# C\n\n- x\n\n  ```claim\n  " + strings.ReplaceAll(text, "\n", "\n  ") + "\n  ```\n"
		c := course(t, "01-a.md", measuredCells, "02-c.md", whole, "sources.yaml", someSources)
		lines := strings.Split(whole, "\n")
		for _, p := range c.Problems {
			if p.File == "02-c.md" && (p.Line < 1 || p.Line > len(lines) || p.Column > len(lines[p.Line-1])+2) || p.Message == "" || strings.Contains(p.Message, "\n") {
				t.Errorf("no such place, or message: %v", p)
			}
		}
		for _, l := range c.Lessons {
			for _, claim := range l.Claims() {
				if claim.ID == "" || c.Claim(l.Name+"/"+claim.ID) != claim {
					t.Errorf("claim %q is not found", claim.ID)
				}
				for _, prose := range append(claim.Because, claim.Said) {
					if prose != nil && (prose.Position.Line < claim.Position.Line || prose.Position.Line > len(lines)) {
						t.Errorf("prose of claim %q at %v", claim.ID, prose.Position)
					}
				}
			}
		}
	})
}

// FuzzScalar holds values of YAML to where they stand: what is no white space and no escape is the same there.
func FuzzScalar(f *testing.F) {
	f.Add("a: x\nb: 'it''s\n  two'\nc: \"d\\x41 \\\"e\\\"\n  f \\\n  g\"\n")
	f.Add("a: |\n  b\n    c\n\n  d\nb: >-\n  e\n  f\n   g\n\n\n  h\nc: plain\n  and\n\n  more # no\n")
	f.Add("é: 'ü'\nb: \"ü\\u00fc\\U0001F600\"\nc: |2-\n    x\n")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }) {
			return // go-yaml drops some of them
		}
		r := &yamlReader{text: yamlText(strings.ToValidUTF8(text, "?")), limit: maxYAML, keys: &yamlKeys{known: []string{"a", "b", "c", "é"}, either: []string{"c"}}}
		r.report = func(int, int, int, string, string) {}
		for _, s := range r.settings() {
			if s.style == doubleQuoted && strings.Contains(r.text, `\`) || strings.Contains(s.value, "#") || strings.Contains(r.text, "#") {
				continue
			}
			for i := range len(s.value) {
				at := s.source(i)
				if c := s.value[i]; !isYAMLSpace(c) && (at >= len(r.text) || r.text[at] != c) && s.items == nil {
					t.Fatalf("byte %d of %q, in %q, is at %d", i, s.value, r.text, at)
				}
			}
		}
	})
}
