package lessons

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"course/problem"
	"course/program"
)

// cells loads a lesson of cells a, b, c, …, and returns the source of the last one's program without
// its directives, with blank lines removed.
func cells(t *testing.T, sources ...string) (last string, problems []string) {
	t.Helper()
	var b strings.Builder
	for i, s := range sources {
		fmt.Fprintf(&b, "\n```go {#%c}\n%s\n```\n", 'a'+i, s)
	}
	c, l := lesson(t, b.String())
	want := "a/" + l.cells[len(l.cells)-1].ID
	for _, p := range c.Programs() {
		if p.ID == want {
			last = p.Source
		}
	}
	var lines []string
	for line := range strings.Lines(last) {
		if i := strings.Index(line, "/*line"); i >= 0 {
			line = line[:i] + line[strings.Index(line, "*/")+2:]
		}
		if line = strings.TrimRight(line, " \n"); line != "" && !strings.HasPrefix(line, "//line") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n"), brief(c.Problems)
}

func TestAProgramHoldsWhatItsCellNeeds(t *testing.T) {
	const head = "package main\n"
	for name, test := range map[string]struct {
		cells []string
		want  string
	}{
		"its own source, and imports": {[]string{`func main() { fmt.Println(strings.ToUpper("x")) }`}, `import "fmt"` + "\n" + `import "strings"` + "\n" + `func main() { fmt.Println(strings.ToUpper("x")) }`},
		"no more than it uses":        {[]string{"func f() {}\nfunc g() {}\nfunc main() {}", "func main() { f() }"}, "func f() {}\nfunc main() { f() }"},
		"what that uses":              {[]string{"const k = 1\nvar unused = 2", "func f() int { return k }", "func main() { f() }"}, "const k = 1\nfunc f() int { return k }\nfunc main() { f() }"},
		"the nearest above":           {[]string{"func f() int { return 1 }", "func f() int { return 2 }", "func main() { f() }"}, "func f() int { return 2 }\nfunc main() { f() }"},
		"its own, for those above":    {[]string{"func f() {}\nfunc g() { f() }", "func f() {}\nfunc main() { g() }"}, "func g() { f() }\nfunc f() {}\nfunc main() { g() }"},
		"a type and its methods":      {[]string{"type T struct{ u U }\ntype U int", "func (t *T) M() { h() }\nfunc h() {}", "var x T\nfunc main() {}"}, "type T struct{ u U }\ntype U int\nfunc (t *T) M() { h() }\nfunc h() {}\nvar x T\nfunc main() {}"},
		"the nearest method":          {[]string{"type T[A any] struct{}\nfunc (t T[A]) M() {}\nfunc (t T[A]) N() {}", "func (T[A]) M() {}", "func (T[_]) N() {}\nvar x T[int]\nfunc main() {}"}, "type T[A any] struct{}\nfunc (T[A]) M() {}\nfunc (T[_]) N() {}\nvar x T[int]\nfunc main() {}"},
		"not an older type's methods": {[]string{"type T int\nfunc (T) M() {}", "type T string", "var x T\nfunc main() {}"}, "type T string\nvar x T\nfunc main() {}"},
		"parts of groups":             {[]string{"var (\n\ta = 1\n\tb, c = 2, 3\n)\ntype (\n\tX int\n\tY int\n)\nconst (\n\tp = 1\n\tq = 2\n)", "var d = c + q\nvar y Y\nfunc main() {}"}, "var b, c = 2, 3\ntype Y int\nconst q = 2\nvar d = c + q\nvar y Y\nfunc main() {}"},
		"all of an iota group":        {[]string{"const (\n\tp = iota\n\tq\n)\nconst (\n\tr = 1\n\ts\n)", "var d = q + s\nfunc main() {}"}, "const (\n\tp = iota\n\tq\n)\nconst (\n\tr = 1\n\ts\n)\nvar d = q + s\nfunc main() {}"},
		"not init, main and _":        {[]string{"func init() {}\nfunc main() { x = 1 }\nvar _ = x\nvar x, _ = 1, 2", "func main() { x++ }"}, "var x, _ = 1, 2\nfunc main() { x++ }"},
		"local names are no uses":     {[]string{"var x, fmt = 1, 2\nfunc f() {}", "func main() { for x := range 3 { f := x; _ = f } }\nfunc g(x int) (f int) { type T struct{ x int }; return T{x: x}.x }"}, "func main() { for x := range 3 { f := x; _ = f } }\nfunc g(x int) (f int) { type T struct{ x int }; return T{x: x}.x }"},
		"keys of a literal":           {[]string{"const red = 1", "var names = [...]string{red: \"red\"}\nfunc main() {}"}, "const red = 1\nvar names = [...]string{red: \"red\"}\nfunc main() {}"},
		"directives of functions":     {[]string{"// f is f.\n//\n//go:noinline\nfunc f() {}", "func main() { f() }"}, "// f is f.\n//\n//go:noinline\nfunc f() {}\nfunc main() { f() }"},
		"a variable named as package": {[]string{"var rand = struct{ N int }{}", "func main() { _ = rand.N }"}, "var rand = struct{ N int }{}\nfunc main() { _ = rand.N }"},
		"the package that has it all": {[]string{"func main() { rand.Intn(1); template.HTMLEscapeString(``); pprof.Profiles() }"}, "import \"runtime/pprof\"\nimport \"math/rand\"\nimport \"text/template\"\nfunc main() { rand.Intn(1); template.HTMLEscapeString(``); pprof.Profiles() }"},
		"crypto/rand by what it has":  {[]string{"func main() { rand.Text() }"}, "import \"crypto/rand\"\nfunc main() { rand.Text() }"},
		"math/rand/v2 first":          {[]string{"func main() { rand.Perm(1) }"}, "import \"math/rand/v2\"\nfunc main() { rand.Perm(1) }"},
		"stated imports":              {[]string{"import (\n\tm \"math\"\n\t\"os\"\n)\n\nfunc main() { m.Sqrt(1); fmt.Println() }"}, "import m \"math\"\nimport \"os\"\nimport \"fmt\"\nfunc main() { m.Sqrt(1); fmt.Println() }"},
		"stated imports travel":       {[]string{"import m \"math\"\n\nfunc f() { m.Sqrt(1) }", "func main() { f(); rand.N(m.E) }"}, "import m \"math\"\nimport \"math/rand/v2\"\nfunc f() { m.Sqrt(1) }\nfunc main() { f(); rand.N(m.E) }"},
		"imports before a semicolon":  {[]string{"import \"os\" ; func main() { os.Exit(0) }"}, "import \"os\"\n              func main() { os.Exit(0) }"},
		"a program that is whole":     {[]string{"func f() {}", "// Hello.\npackage main\n\nimport \"fmt\"\n\nfunc main() { f(); fmt.Println() }"}, "// Hello.\npackage main\nimport \"fmt\"\nfunc main() { f(); fmt.Println() }"},
		"a whole program lends none":  {[]string{"func f() {}", "package main\n\nfunc f() { g() }\n\nfunc main() {}", "func main() { f() }"}, "func f() {}\nfunc main() { f() }"},
		"syntax that is to fail":      {[]string{"func f() {}\n```\n\n```go {#z expect=compile-error}\nfunc main() { f( }"}, "func main() { f( }"},
		"without main":                {[]string{"type T int"}, "type T int\nfunc main() {}"},
	} {
		t.Run(name, func(t *testing.T) {
			got, problems := cells(t, test.cells...)
			want := head + test.want
			if strings.HasPrefix(test.want, "// Hello") {
				want = test.want
			}
			same(t, "program", got, want)
			same(t, "problems", problems, []string(nil))
		})
	}
}

func TestCellsThatCannotBePrograms(t *testing.T) {
	for name, test := range map[string]struct {
		cells []string
		want  []string
	}{
		"statements":              {[]string{"x := 1"}, []string{"4:1+0 expected declaration, found x"}},
		"syntax":                  {[]string{"func main() {\n\tx = = 1\n}"}, []string{"5:6+0 expected operand, found '='"}},
		"a literal of many lines": {[]string{"func main() { var x `a\nb` }"}, []string{"4:21+0 expected type, found `a"}},
		"end is missing":          {[]string{"func main() {\n"}, []string{"6:1+0 expected '}', found 'EOF'"}},
		"another package":         {[]string{"package foo\n\nfunc main() {}"}, []string{"4:9+3 a cell belongs to package main"}},
		"import C":                {[]string{`import "C"` + "\n\nfunc main() {}"}, []string{`4:8+3 import "C" is not allowed in a cell`}},
		"unknown package":         {[]string{"import (\n\t\"fmt\"\n\t\"example.com/x\"\n)\n\nfunc main() {}"}, []string{`6:2+15 package "example.com/x" cannot be imported`}},
		"internal package":        {[]string{"import \"internal/abi\"\n\nfunc main() {}"}, []string{`4:8+14 package "internal/abi" cannot be imported`}},
		"dot import":              {[]string{"import . \"fmt\"\n\nfunc main() {}"}, []string{"4:8+1 a dot import is not allowed in a cell"}},
		"directives":              {[]string{"//line x.go:1\n//go:embed x\nvar s string\n\n//go:linkname a b\nfunc main() { /*line x:1:1*/ }"}, []string{"4:1+6 //line is not allowed in a cell", "5:1+10 //go:embed is not allowed in a cell", "8:1+13 //go:linkname is not allowed in a cell", "9:15+6 /*line is not allowed in a cell"}},
		"one name, two packages":  {[]string{"import \"math/rand\"\n\nfunc f() { rand.Intn(1) }", "import \"math/rand/v2\"\n\nfunc main() { f(); rand.N(1) }"}, []string{`9:1+0 rand is package "math/rand/v2" here and package "math/rand" in what it uses from above`}},
		"package and variable":    {[]string{"func f() { fmt.Println() }", "var fmt = 1\n\nfunc main() { f() }"}, nil}, // one name means one thing: f sees the variable, and the compiler says so
		"stated and declared":     {[]string{"import \"fmt\"\n\nfunc f() { fmt.Println() }", "var fmt = 1\n\nfunc main() { f() }"}, []string{`9:1+0 fmt is declared, and is package "fmt" in what is used from above`}},
		"one id twice, and more":  {[]string{"func main() {}", "func main() {}\n```\n\n```go {#a repeat=x}\nfunc main() { x( }"}, []string{`11:8+2 a second cell "a"`, "11:18+1 repeat is not a number from 1 to 1000", "12:18+0 expected operand, found '}'"}},
		"one id twice":            {[]string{"func main() {}", "func main() {}\n```\n\n```go {#a}\nfunc main() {}"}, []string{`11:8+2 a second cell "a"`}},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems := cells(t, test.cells...)
			same(t, "problems", problems, test.want)
		})
	}
}

func TestProseChangesNoProgram(t *testing.T) {
	const text = "```go {#x}\nimport \"os\"\n\nvar v = os.Args\n```\n\n```go {#y}\nfunc main() { fmt.Println(v) }\n```\n"
	before, _ := lesson(t, text)
	after, _ := lesson(t, "\nA sentence.\n\n"+strings.Replace(text, "```\n\n", "```\n\nAnd `= y.plain`, another.\n\n", 1))
	same(t, "programs", after.Programs(), before.Programs())
	quoted, _ := lesson(t, "> "+strings.ReplaceAll(strings.TrimSpace(text), "\n", "\r\n> ")+"\r\n")
	same(t, "programs in a quote, with CRLF", quoted.Programs(), before.Programs())
}

// compile builds a program with the real compiler and returns its errors as problems.
func compile(t *testing.T, p program.Program) []problem.Problem {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(p.Source), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "build", "-gcflags=-e", "-o", filepath.Join(dir, "out"), "main.go")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	var all []problem.Problem
	for line := range strings.Lines(string(out)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 4)
		if len(parts) < 4 {
			continue
		}
		p := problem.Problem{Position: problem.Position{File: parts[0]}, Message: strings.TrimSpace(parts[3])}
		if _, err := fmt.Sscan(parts[1]+" "+parts[2], &p.Line, &p.Column); err == nil {
			all = append(all, p)
		}
	}
	return all
}

func TestErrorsOfTheCompilerAreLocated(t *testing.T) {
	c, _ := lesson(t, "\n1. In a list,\twith tabs and CRLF:\r\n\r\n   ```go {#lib}\r\n   import \"bytes\"\r\n   \r\n   var (\r\n   \tgood = 1\r\n   \tbad int = \"b\"\r\n   )\r\n\r\n   func f() { bytes.X() }\r\n   ```\r\n\r\n"+
		"> ```go {#use}\n> import (\n> \t\"os\"\n> )\n>\n> func main() { ä := 1; undefined(bad); f() }\n> ```\n")
	if len(c.Problems) > 0 {
		t.Fatal(c.Problems)
	}
	programs := c.Programs()
	got := make(map[string]string)
	for _, p := range compile(t, programs[1]) {
		q := c.Locate(programs[1].ID, p)
		got[q.String()+" "+q.Message] = q.Source[min(q.Column-1, len(q.Source)):]
	}
	same(t, "errors", got, map[string]string{
		`01-a.md:10:15 cannot use "b" (untyped string constant) as int value in variable declaration`: `"b"`,
		"01-a.md:13:21 undefined: bytes.X":          "X() }",
		"01-a.md:18:4 \"os\" imported and not used": "\"os\"",
		"01-a.md:21:17 declared and not used: ä":    "ä := 1; undefined(bad); f() }",
		"01-a.md:21:26 undefined: undefined":        "undefined(bad); f() }",
	})
}

func TestErrorsThatOtherCellsExplainSaySo(t *testing.T) {
	c, _ := lesson(t, "\n```go {#early}\nvar path, n = []string{\"a\"}, 1\n\ntype list []int\n```\n\n```go {#use}\nfunc main() {\n\tfmt.Println(late(n), path.Join(), list.New())\n\tnowhere()\n\tfunc(path int) { path.Base() }(1)\n}\n```\n\n"+
		"```go {#late}\n// late is below.\nfunc late(int) int { return 0 }\n```\n\n```go {#alone}\npackage main\n\nfunc main() { last() }\n```\n\n```go {#end}\nfunc last() {}\n```\n\n```go\nvar _ = late(n)\n```\n")
	if len(c.Problems) > 0 {
		t.Fatal(c.Problems)
	}
	got := make(map[string]string)
	for _, program := range c.Programs() {
		for _, p := range compile(t, program) {
			q := c.Locate(program.ID, p)
			message, _, _ := strings.Cut(q.Message, " (type")
			got[q.String()+" "+message] = q.Hint
		}
	}
	same(t, "hints", got, map[string]string{
		"01-a.md:11:14 undefined: late":     "late is declared below, in cell late (01-a.md:19): a cell can use what stands above it",
		"01-a.md:11:28 path.Join undefined": "path is the variable of cell early (01-a.md:4) here, not the package",
		"01-a.md:11:41 list.New undefined":  "list is the type of cell early (01-a.md:6) here, not the package",
		"01-a.md:12:2 undefined: nowhere":   "",
		"01-a.md:13:24 path.Base undefined": "",
		"01-a.md:25:15 undefined: last":     "",
	})
	p := problem.Problem{Position: problem.Position{File: "use.cell", Line: 2}, Message: "undefined: late", Hint: "mine"}
	same(t, "a hint that is there", c.Locate("a/use", p).Hint, "mine")
}

func TestComposedProgramsCompile(t *testing.T) {
	c, _ := lesson(t, "```go {#a}\ntype Shape interface{ Area() float64 }\n\ntype (\n\tSquare struct{ side float64 }\n\tCircle struct{ r float64 }\n)\n\nfunc (s Square) Area() float64 { return s.side * s.side }\nfunc (c Circle) Area() float64 { return math.Pi * c.r * c.r }\n\nconst (\n\tlow = iota\n\thigh\n)\n```\n\n"+
		"```go {#b}\nfunc largest[S Shape](all ...S) (max S) {\n\tfor _, s := range all {\n\t\tif s.Area() >= max.Area() {\n\t\t\tmax = s\n\t\t}\n\t}\n\treturn max\n}\n```\n\n"+
		"```go {#c}\nfunc main() {\n\tnames := map[int]string{high: \"high\"}\n\tfmt.Println(largest(Square{2}, Square{side: 3}), names, rand.IntN(2))\n\t// Output: x\n}\n```\n\n```go\nvar _ = Circle{r: low}\n```\n")
	if len(c.Problems) > 0 {
		t.Fatal(c.Problems)
	}
	for _, p := range c.Programs() {
		for _, e := range compile(t, p) {
			t.Errorf("%s: %v\n%s", p.ID, e, p.Source)
		}
	}
}

func TestRewrite(t *testing.T) {
	c, l := lesson(t, "\n```go {#sq}\nfunc main() {\n\tpanic(1)\n}\n```\n\n```go\ntype T int\n```\n")
	for text, want := range map[string]string{
		"main.main()\n\t/tmp/my dir/sq.cell:2 +0x1d\nexit":  "main.main()\n\t01-a.md:5 +0x1d\nexit",
		"./sq.cell:2:4: undefined":                          "01-a.md:5:4: undefined",
		"x=sq.cell:1, (sq.cell:3)":                          "x=01-a.md:4, (01-a.md:6)",
		"see C:\\tmp\\sq.cell:1\tand /a/b/listing-1.cell:1": "see 01-a.md:4\tand 01-a.md:10",
		"sq.cell:1:2:3":                                     "01-a.md:4:2:3",
		"xsq.cell:1":                                        "xsq.cell:1",
		"äsq.cell:1":                                        "äsq.cell:1",
		"other.cell:1":                                      "other.cell:1",
		"sq.cell:9":                                         "sq.cell:9",
		"sq.cell:0":                                         "sq.cell:0",
		"sq.cell:":                                          "sq.cell:",
		"sq.cell:1x":                                        "sq.cell:1x",
		"sq.cell:12345678901234567890":                      "sq.cell:12345678901234567890",
		"no position":                                       "no position",
	} {
		same(t, text, l.Rewrite(text), want)
	}
	at := func(file string, line, column int) string {
		p := c.Locate("a/sq", problem.Problem{Position: problem.Position{File: file, Line: line, Column: column}, Message: "at sq.cell:1:1"})
		return fmt.Sprint(p.Position, " ", p.Source, " ", p.Message)
	}
	same(t, "fence", at("sq.cell", 0, 0), "01-a.md:3:1 ```go {#sq} at 01-a.md:4:1")
	same(t, "line", at("/x/sq.cell", 2, 0), "01-a.md:5:2 \tpanic(1) at 01-a.md:4:1")
	same(t, "column", at("sq.cell", 2, 2), "01-a.md:5:2 \tpanic(1) at 01-a.md:4:1")
	same(t, "a line that is no more", at("sq.cell", 20, 2), "01-a.md:3:1 ```go {#sq} at 01-a.md:4:1")
	same(t, "no cell", at("main.go", 2, 2), "main.go:2:2  at 01-a.md:4:1")
	p := problem.Problem{Position: problem.Position{File: "sq.cell", Line: 1}}
	same(t, "another lesson", c.Locate("b/sq", p), p)
}

func TestUnformattedGoIsReported(t *testing.T) {
	c, l := lesson(t, "\n```go {#a}\nfunc main() {\n\tx:=1\n\t_ = x\n}\n```\n\n- ```go\n  type  T int\n  ```\n\n```go {check=false}\ntype  T int\n```\n\n```go {#b}\n\nvar y int\n```\n\n```go {#good}\nvar x int // ok\n```\n")
	same(t, "problems", brief(c.Problems), []string(nil))
	same(t, "findings", brief(l.unformatted()), []string{"5:1+5 this is not how gofmt writes it", "11:3+11 this is not how gofmt writes it"})
}
