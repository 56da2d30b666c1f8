package build

import (
	"fmt"
	"strings"
	"testing"

	"course/problem"
	"course/program"

	"github.com/google/go-cmp/cmp"
)

func TestATooLargeProgramIsAProblem(t *testing.T) {
	tight := Config{Bounds: Bounds{Memory: 2 << 30, File: 1 << 20}} // where an object file fits, and no binary
	for _, test := range []struct {
		config  Config
		program program.Program
		want    string
	}{
		{Config{}, cell("object", "var x = [1 << 30]byte{1}\n\nfunc main() { println(x[0]) }"), "it makes a file of more than 256 MiB to build"},
		{tight, cell("binary", "func main() {}"), "it makes a file of more than 1 MiB to build"},
	} {
		got := built(t, test.config, test.program)
		want := problem.List{{
			Position: problem.Position{File: test.program.File()}, Message: test.want,
			Hint: "use less data: what a program needs much of it can make when it runs",
		}}
		if d := cmp.Diff(want, got.Problems); d != "" {
			t.Error(d)
		}
	}
}

// What a tool takes is bounded: a compiler takes more than this for any program that prints.
func TestATooHungryBuildIsAProblem(t *testing.T) {
	tight := Config{Bounds: Bounds{Memory: 1 << 20, File: 1 << 30}}
	var lines strings.Builder // so that it takes long enough for a look at it
	for i := range 20_000 {
		fmt.Fprintf(&lines, "func f%d(m map[int]string) { fmt.Println(m, %d, len(m)) }\n", i, i)
	}
	p := cell("hungry", lines.String()+"func main() {}")
	want := problem.List{{
		Position: problem.Position{File: "hungry.cell"}, Message: "it takes more than 1 MiB of memory to build",
		Hint: "use less data: what a program needs much of it can make when it runs",
	}}
	if d := cmp.Diff(want, built(t, tight, p).Problems); d != "" {
		t.Error(d)
	}
}
