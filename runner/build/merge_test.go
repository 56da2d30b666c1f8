package build

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"course/program"
)

// groups returns how programs are grouped.
func groups(programs []program.Program) [][]int { return NewPlan(Config{}).Groups(programs) }

func TestWhatIsMerged(t *testing.T) {
	const twin = "func main() { fmt.Println(2) }"
	for text, want := range map[string]bool{
		"func main() { fmt.Println(1) }":                                                      CanMerge,
		"var m = map[string]int{}; func main() { fmt.Println(m) }":                            CanMerge,
		"var c = make(chan int, 1); func main() { fmt.Println(c) }":                           CanMerge,
		"var f = func() { println() }; func main() { fmt.Println(f) }":                        CanMerge,
		"func init() { println() }; func main() { fmt.Println(1) }":                           false,
		"var n = f(); func f() int { return 1 }; func main() { fmt.Println(n) }":              false,
		"var c chan int; var n = <-c; func main() { fmt.Println(n) }":                         false,
		"var n = func() int { println(); return 1 }(); func main() { fmt.Println(n) }":        false,
		"func main() { fmt.Println(1); os.Exit(0) }":                                          false, // imports something else
		"func main() { println(1) }":                                                          false,
		"type t interface{ PkgPath() string }; func main() { fmt.Println(t(nil).PkgPath()) }": false,
		"const mai7 = 1; func main() { fmt.Println(mai7) }":                                   false,
		`func main() { fmt.Println("\x6dai0.x") }`:                                            false,
		"type t struct{ A int `json:\"a\"` }; func main() { fmt.Println(t{}) }":               CanMerge,
		`type t struct{ A int "\155ai0" }; func main() { fmt.Println(t{}) }`:                  false,
		"func main() { fmt.Println( }":                                                        false,
	} {
		if got := len(groups([]program.Program{cell("one", text), cell("twin", twin)})) == 1; got != want {
			t.Errorf("%s: merged %v, want %v", text, got, want)
		}
	}
	measured, compiled := cell("measured", twin), cell("compiled", twin)
	measured.Options.Measure, compiled.Options.Modes = true, nil
	for _, p := range []program.Program{measured, compiled} {
		if len(groups([]program.Program{p, cell("twin", twin)})) == 1 {
			t.Errorf("%s is merged", p.ID)
		}
	}
	teller := "package main\nimport (\"fmt\"; rt \"runtime\")\nfunc main() { _, file, line, ok := rt.Caller(0); fmt.Println(file, line, ok) }\n"
	innocent := strings.Replace(teller, "_, file, line, ok := rt.Caller(0); fmt.Println(file, line, ok)", "fmt.Println(rt.NumCPU())", 1)
	one, other := cell("teller", ""), cell("innocent", "")
	one.Source, other.Source = teller, innocent
	if len(groups([]program.Program{one, other})) == 1 {
		t.Error("a program that asks for its caller is merged")
	}
	one.Source = strings.Replace(innocent, "NumCPU", "NumGoroutine", 1)
	if merged := len(groups([]program.Program{one, other})) == 1; merged != CanMerge {
		t.Errorf("programs that use package runtime: merged %v", merged)
	}
	many := make([]program.Program, mostMerged+2)
	for i := range many {
		many[i] = cell(fmt.Sprint("p", i), twin)
	}
	if got := groups(many); CanMerge && (len(got) != 2 || len(got[0]) != mostMerged || len(got[1]) != 2) {
		t.Errorf("%d programs are merged as %v", len(many), got)
	}
}

// TestAMergedBinaryNamesNoMergedPath looks into one for what is left of the path of a program.
func TestAMergedBinaryNamesNoMergedPath(t *testing.T) {
	if !CanMerge {
		t.Skip("binaries of this system are not merged")
	}
	var programs []program.Program
	for i, text := range []string{
		`type odd struct{ n int }; func (o odd) Error() string { return fmt.Sprint("odd ", o.n) }; func main() { panic(odd{1}) }`,
		`type pair[A any] struct{ a A }; type own struct{ N int; s string }; func main() { fmt.Printf("%T %T\n", &pair[own]{}, map[own][]pair[*own]{}) }`,
		`type able interface{ Do() }; type un struct{}; func main() { fmt.Println(any(un{}).(able)) }`,
		`func of[T any](v T) { type inner struct{ v T }; fmt.Printf("%T\n", inner{v}) }; type named string; func main() { of(named("x")); of([]int{1}) }`,
		`type base interface{ Name() string }; type file struct{ base; n int }; func main() { fmt.Printf("%T\n", file{}) }`,
		`var ( count = 3; next = &count; list = [...]string{2: "c"}; hook = func() int { return *next } ); func main() { fmt.Println(*next, list, hook()) }`,
		`func main() { go func() { panic(fmt.Sprint("in a goroutine")) }(); select {} }`,
		`func main() { fmt.Println("plain") }`,
	} {
		programs = append(programs, cell(fmt.Sprint("p", i), text))
	}
	builds := builtTogether(t, Config{}, programs)
	looked := 0
	for _, b := range builds {
		if b.image == nil {
			continue
		}
		looked++
		content, err := b.image.binary(b.number)
		if err != nil {
			t.Fatal(err)
		}
		if at := strings.Index(string(content), mergedPath(b.number)); at >= 0 {
			t.Errorf("%s: %q is left", b.Program.ID, content[max(at-8, 0):at+16])
		}
	}
	if looked < len(programs) {
		t.Errorf("%d programs are merged", looked)
	}
}

// TestABinaryDoesNotTellWhereItWasBuilt builds the same twice, each time in another directory, with others and alone.
func TestABinaryDoesNotTellWhereItWasBuilt(t *testing.T) {
	programs := []program.Program{
		cell("one", "func main() { fmt.Println(1) }"), cell("two", "func main() { fmt.Println(2) }"), cell("alone", "func main() { println(3) }"),
	}
	var before [][]byte
	for round := range 2 {
		root := t.TempDir()
		for i, b := range builtTogether(t, Config{Dir: root}, programs) {
			content, err := os.ReadFile(b.Path)
			switch {
			case err != nil:
				t.Fatal(err)
			case round == 0:
				before = append(before, content)
			case !bytes.Equal(content, before[i]):
				t.Errorf("%s: the binary is another one in %s", b.Program.ID, root)
			}
		}
	}
}
