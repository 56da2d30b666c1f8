package lessons

import (
	"fmt"
	"strings"
	"testing"

	"course/problem"
	"course/program"
)

const (
	twoModules = "require:\n  - golang.org/x/sync v0.17.0\n  - gopkg.in/yaml.v3 v3.0.1\n"
	twoSums    = "golang.org/x/sync v0.17.0 h1:a=\ngolang.org/x/sync v0.17.0/go.mod h1:b=\n"
)

func TestModulesAreGivenToThoseWhoImportThem(t *testing.T) {
	c := course(t, "course.yaml", twoModules, "course.sum", twoSums, "01-a.md", "# A\n\n"+
		"```go {#none}\nfunc main() { println(fmt.Sprint()) }\n```\n\n"+
		"```go {#stated}\nimport \"golang.org/x/sync/errgroup\"\n\nfunc group() *errgroup.Group { return new(errgroup.Group) }\n```\n\n"+
		"```go {#lent}\nfunc main() { group() }\n```\n\n"+
		"```go {#meant}\nfunc main() { println(yaml.Marshal(1)) }\n```\n\n"+
		"```go {#effect}\nimport _ \"gopkg.in/yaml.v3\"\n\nfunc main() {}\n```\n\n"+
		"```go {#alone}\npackage main\n\nimport \"golang.org/x/sync/errgroup\"\n\nfunc main() { new(errgroup.Group).Wait() }\n```\n\n"+
		"```go\nfunc listed() { group() }\n```\n")
	same(t, "problems", brief(c.Problems), []string(nil))
	all := program.Modules{
		Require: []program.Module{{Path: "golang.org/x/sync", Version: "v0.17.0"}, {Path: "gopkg.in/yaml.v3", Version: "v3.0.1"}}, Sums: twoSums,
	}
	sources := make(map[string]string)
	for _, p := range c.Programs() {
		want := all
		if p.ID == "a/none" {
			want = program.Modules{}
		}
		same(t, "modules of "+p.ID, p.Options.Modules, want)
		sources[p.ID] = p.Source
	}
	same(t, "programs", len(sources), 7)
	for id, line := range map[string]string{
		"a/lent": `import "golang.org/x/sync/errgroup"`, "a/listing-1": `import "golang.org/x/sync/errgroup"`, "a/meant": `import "gopkg.in/yaml.v3"`,
	} {
		if !strings.Contains(sources[id], line+"\n") {
			t.Errorf("%s does not hold %s:\n%s", id, line, sources[id])
		}
	}
}

func TestProblemsOfModules(t *testing.T) {
	c := course(t, "course.sum", "golang.org/x/sync v0.17.0\n\n"+twoSums, "course.yaml", "title: T\nrequire:\n"+
		"  - golang.org/x/sync\n  - golang.org/x/sync 0.17.0\n  - golang.org/x/sync v0.17.0\n  - golang.org/x/sync v0.18.0\n  - [a]\n  -\n",
		"01-a.md", "# A\n\n```go {#a}\nimport \"golang.org/x/text/cases\"\n\nfunc main() { cases.Fold() }\n```\n")
	var got []string
	for _, p := range c.Problems {
		got = append(got, fmt.Sprintf("%s:%d:%d+%d %s (%s)", p.File, p.Line, p.Column, p.Length, p.Message, p.Hint))
	}
	same(t, "problems", got, []string{
		`01-a.md:4:8+25 package "golang.org/x/text/cases" cannot be imported (cells have the standard library, course/runner/worker and the modules that course.yaml requires)`,
		"course.sum:1:1+25 this is no sum of a module (remove the line: course fetch writes what is missing)",
		`course.yaml:3:5+17 "golang.org/x/sync" is no module at a version (write its path and its version: golang.org/x/sync v0.17.0)`,
		`course.yaml:4:5+24 golang.org/x/sync@0.17.0: invalid version: not a semantic version (write its path and its version, as in go.mod: golang.org/x/sync v0.17.0)`,
		"course.yaml:6:5+25 golang.org/x/sync is required twice (remove one)",
		"course.yaml:7:5+1 require must be a single value ()",
		"course.yaml:8:4+0 require has no value (give it one, or remove it)",
	})
	same(t, "required", c.modules.Require, []program.Module{{Path: "golang.org/x/sync", Version: "v0.17.0"}})
	same(t, "sums", c.modules.Sums, "\n\n"+twoSums)
}

// What the runner says of modules is shown where the course requires them.
func TestProblemsOfModulesAreLocated(t *testing.T) {
	c := course(t, "course.yaml", twoModules, "course.sum", twoSums, "01-a.md", "# A\n")
	for at, want := range map[problem.Position]problem.Problem{
		{File: "gopkg.in/yaml.v3"}:   {Position: problem.Position{File: "course.yaml", Line: 3, Column: 5}, Length: 23, Source: "  - gopkg.in/yaml.v3 v3.0.1"},
		{File: "go.sum", Line: 2}:    {Position: problem.Position{File: "course.sum", Line: 2, Column: 1}, Length: 38, Source: "golang.org/x/sync v0.17.0/go.mod h1:b="},
		{File: "example.org/absent"}: {Position: problem.Position{File: "example.org/absent"}},
	} {
		same(t, at.File, c.Locate("", problem.Problem{Position: at}), want)
	}
}

// A lesson is read anew where what it may import has changed.
func TestModulesOutdateLessons(t *testing.T) {
	fsys := mapFS("course.yaml", "title: T\n", "01-a.md", "# A\n\n```go {#a}\nfunc main() { yaml.Marshal(1) }\n```\n")
	first, _ := Load(fsys, nil)
	fsys["course.yaml"].Data = []byte(twoModules)
	second, _ := Load(fsys, first)
	third, _ := Load(fsys, second)
	if second.Lessons[0] == first.Lessons[0] || third.Lessons[0] != second.Lessons[0] {
		t.Error("the lesson is shared where it should not be, or is not where it should be")
	}
	if p := second.Programs()[0]; len(p.Options.Modules.Require) != 2 {
		t.Errorf("modules %v", p.Options.Modules)
	}
}
