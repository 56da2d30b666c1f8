package lessons

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestSources(t *testing.T) {
	c := course(t, "01-a.md", measuredCells, "sources.yaml", "# comment\ngroups:\n- title: An article\n  rows:\n  - id: S0.1\n    kind: claim\n    says: >\n      One\n      `two`.\n"+
		"  - {id: 1.10, kind: system, says: x, where: 01-a.md#sum}\n- title: Another\n  rows:\n  - id: b-c\n    kind: figure\n    says: 'a: b'\n    where: [01-a.md, \"01-a.md#few\"]\n")
	same(t, "problems", brief(c.Problems), []string(nil))
	var got []string
	for _, s := range c.Sources {
		got = append(got, fmt.Sprintf("%v %s %s %q %q %q", s.Position, s.ID, s.Kind, s.Group, s.Says, s.Where))
	}
	same(t, "sources", got, []string{
		`sources.yaml:5:5 S0.1 claim "An article" "One ` + "`two`" + `." []`, `sources.yaml:10:6 1.10 system "An article" "x" ["01-a.md#sum"]`,
		`sources.yaml:13:5 b-c figure "Another" "a: b" ["01-a.md" "01-a.md#few"]`,
	})
	if c.Source("1.10") != c.Sources[1] || c.Source("1.1") != nil {
		t.Error("a source is found by its id")
	}
}

func TestProblemsOfSources(t *testing.T) {
	row := func(more string) string { return "groups:\n- title: A\n  rows:\n  - {" + more + "}\n" }
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"nothing":       {"", nil},
		"a list":        {"- id: x\n", []string{"1:1+1 this is not a name and a value (write name: value)"}},
		"unknown keys":  {"group: x\n", []string{`1:1+5 unknown key "group" (did you mean "groups"?)`}},
		"keys of a row": {row("id: x, kind: claim, say: y"), []string{`4:26+3 unknown key "say" (did you mean "says"?)`}},
		"a poor row":    {row("id: x"), []string{"4:6+0 the row has no kind (write kind: …)", "4:6+0 the row has no says (write says: …)"}},
		"no title":      {"groups:\n- rows:\n  - {id: x, kind: claim, says: y}\n", []string{"2:3+0 the group has no title (write title: what says all this)"}},
		"a bad id":      {row("id: x y, kind: claim, says: y"), []string{`4:10+3 "x y" is no id of a source (an id is made of letters, digits, dots, - and _, as in S0.1)`}},
		"a kind":        {row("id: x, kind: claims, says: y"), []string{`4:19+6 unknown kind "claims" (did you mean "claim"?)`}},
		"says nothing":  {row("id: x, kind: claim, says: ''"), []string{"4:32+0 says is empty (write what the source says)"}},
		"twice":         {row("id: x, kind: claim, says: y}\n  - {id: x, kind: claim, says: y"), []string{"5:6+0 x is given twice (the first is in line 4: remove one)"}},
		"where a claim": {row("id: x, kind: claim, says: y, where: 01-a.md"), []string{"4:42+7 where of a claim (claims of the lessons name it in from: leave where out)"}},
		"where": {row("id: x, kind: figure, says: y, where: [02-a.md, '01-a.md#smu', https://x.org, '#x', /01-a.md]"), []string{
			`4:44+7 there is no lesson 02-a.md (did you mean "01-a.md"?)`, `4:53+11 01-a.md has no heading, cell or claim smu (did you mean "sum"?)`,
			`4:68+13 "https://x.org" is no part of the course (write a lesson's file, and what is in it: 01-start.md#cell)`,
			`4:83+2 "#x" is no part of the course (write a lesson's file, and what is in it: 01-start.md#cell)`,
			`4:89+8 there is no lesson /01-a.md (did you mean "01-a.md"?)`,
		}},
		"a list of rows":  {"groups:\n- title: A\n  rows:\n  - x\n  - [y]\n", []string{"4:5+1 this is not a name and a value (write name: value)", "5:5+1 this is not a name and a value (write name: value)"}},
		"too much":        {"#" + strings.Repeat(" ", maxSources), []string{"1:1+0 more than 64 KiB (it holds no more than a few names and values: shorten it)"}},
		"too many dashes": {"groups:\n" + strings.Repeat("- ", 20_000), []string{"1:1+0 this YAML is too complicated (it holds no more than a few names and values)"}},
		"too deep":        {"groups: " + strings.Repeat("[", 10_000), []string{"1:1+0 this YAML is too complicated (it holds no more than a few names and values)"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, p := range course(t, "01-a.md", measuredCells, "sources.yaml", test.text).Problems {
				got = append(got, fmt.Sprintf("%d:%d+%d %s (%s)", p.Line, p.Column, p.Length, p.Message, p.Hint))
			}
			same(t, "problems", got, test.want)
		})
	}
}

// TestOurSourcesAreRead holds the rows of our own course to what the others rely on.
func TestOurSourcesAreRead(t *testing.T) {
	c, err := Load(os.DirFS("threads-and-processes"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range c.Problems {
		if p.File == sourcesFile {
			t.Error(p)
		}
	}
	kinds := make(map[SourceKind]int)
	for _, s := range c.Sources {
		kinds[s.Kind]++
	}
	for _, kind := range []SourceKind{SourceClaim, SourceSystem, SourceFigure} {
		if kinds[kind] == 0 {
			t.Errorf("no row is a %s", kind)
		}
	}
	if !slices.IsSortedFunc(c.Sources, func(a, b *Source) int { return a.Position.Compare(b.Position) }) {
		t.Error("the rows are not in the order of the file")
	}
}
