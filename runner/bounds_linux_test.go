package runner

import (
	"fmt"
	"strings"
	"testing"

	"course/problem"
	"course/program"

	"github.com/google/go-cmp/cmp"
)

func TestATooLargeProgramIsAProblem(t *testing.T) {
	tight := newRunner() // where an object file fits, and no binary
	tight.bounds = bounds{memory: 2 << 30, file: 1 << 20}
	for _, test := range []struct {
		runner  *Runner
		program program.Program
		want    string
	}{
		{newRunner(), cell("object", "var x = [1 << 30]byte{1}\n\nfunc main() { println(x[0]) }"), "it makes a file of more than 256 MiB to build"},
		{tight, cell("binary", "func main() {}"), "it makes a file of more than 1 MiB to build"},
	} {
		results, err := test.runner.Check(t.Context(), []program.Program{test.program})
		if err != nil {
			t.Fatal(err)
		}
		want := problem.List{{
			Position: problem.Position{File: cellFile(test.program)}, Message: test.want,
			Hint: "use less data: what a program needs much of it can make when it runs",
		}}
		if d := cmp.Diff(want, results[0].Problems); d != "" {
			t.Error(d)
		}
	}
}

// What a tool takes is bounded: a compiler takes more than this for any program that prints.
func TestATooHungryBuildIsAProblem(t *testing.T) {
	r := newRunner()
	r.bounds = bounds{memory: 1 << 20, file: 1 << 30}
	var lines strings.Builder // so that it takes long enough for a look at it
	for i := range 20_000 {
		fmt.Fprintf(&lines, "func f%d(m map[int]string) { fmt.Println(m, %d, len(m)) }\n", i, i)
	}
	p := cell("hungry", lines.String()+"func main() {}")
	results, err := r.Check(t.Context(), []program.Program{p})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"hungry.cell: it takes more than 1 MiB of memory to build"}
	if d := cmp.Diff(want, messages(results[0].Problems)); d != "" {
		t.Error(d)
	}
}
