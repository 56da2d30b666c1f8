package runner

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"course/program"

	"github.com/google/go-cmp/cmp"
)

// alike are programs that import the same, by name: they tell what they can of themselves.
var alike = map[string]string{
	"panics":     `type odd struct{ n int }; func (o odd) Error() string { return fmt.Sprint("odd ", o.n) }; func main() { deeper(3) }; func deeper(n int) { if n == 0 { panic(odd{1}) }; deeper(n-1) }`,
	"value":      `type level int; func main() { panic(level(3)) }`,
	"recovered":  `func main() { defer func() { panic(fmt.Sprint("again: ", recover())) }(); panic("first") }`,
	"nilpointer": `type node struct{ next *node }; func main() { var n *node; fmt.Println(n.next) }`,
	"goroutine":  `func main() { var w sync.WaitGroup; w.Go(func() { panic("in a goroutine") }); w.Wait() }`,
	"deadlock":   `type hall struct{ c chan int }; func (h *hall) wait() { <-h.c }; func main() { h := &hall{make(chan int)}; go h.wait(); h.wait() }`,
	"exits":      `func main() { defer fmt.Println("not said"); os.Exit(3) }`,
	"types":      `type pair[A any] struct{ a A }; type own struct{ N int; s string }; func main() { fmt.Printf("%T %T %T %v %+v %#v\n", own{}, &pair[own]{}, map[own][]pair[*own]{}, own{1, "s"}, own{1, "s"}, own{1, "s"}) }`,
	"asserts":    `type able interface{ Do() }; type un struct{}; func main() { defer func() { fmt.Println(recover()); var a any = 1; a.(able).Do() }(); var a any = un{}; a.(able).Do() }`,
	"local":      `func of[T any](v T) { type inner struct{ v T }; fmt.Printf("%T\n", inner{v}) }; type named string; func main() { of(named("x")); of([]int{1}) }`,
	"embedded":   `type base interface{ Name() string }; type wider interface{ base; Size() int }; type file struct{ base; n int }; type name string; func (n name) Name() string { return string(n) }; func (f file) Size() int { return f.n }; func main() { var w wider = file{name("f"), 2}; fmt.Printf("%T %v %s %d\n", w, w, w.Name(), w.Size()) }`,
	"arguments":  `func main() { fmt.Println(os.Args, len(os.Environ()), os.Environ()); exe, err := os.Executable(); fmt.Println(exe, err) }`,
	"descriptors": `func main() { all, err := os.ReadDir("/proc/self/fd"); for _, d := range all { to, _ := os.Readlink("/proc/self/fd/" + d.Name()); fmt.Println(d.Name(), to != "") }; fmt.Println(err)
		line, err := os.ReadFile("/proc/self/cmdline"); fmt.Printf("%q %v\n", line, err); env, err := os.ReadFile("/proc/self/environ"); fmt.Printf("%q %v\n", env, err) }`,
	"variables": `var ( count = 3; table = map[string][]int{"a": {1, 2}}; next = &count; list = [...]string{2: "c"}; hook = func() int { return *next }; lock sync.Mutex ); func main() { lock.Lock(); count++; fmt.Println(count, table, *next, list, hook()) }`,
	"order":     `var a, b, c = b + 1, c + 1, 1; func main() { fmt.Println(a, b, c) }`,
	"stderr":    `func main() { fmt.Fprintln(os.Stderr, "on stderr"); println("by println", len(os.Args)); time.Sleep(time.Millisecond) }`,
	"goexit":    `type key struct{}; func main() { var m map[key]int; defer fmt.Println("deferred"); m[key{}] = 1 }`,
	"broken":    `func main() { fmt.Println(undefined, 1 + "a") }`,
	"says":      `type T struct{}; func main() { var x int = T{}; fmt.Println(x) }`,
	"vetted":    `func main() { fmt.Printf("%d\n", "text") }`,
}

// alikeWorkers are the same for programs that use package worker.
var alikeWorkers = map[string]string{
	"squares": `func square(n int) int { return n * n }; func main() { w := worker.Start(square, 7); n, err := w.Wait(); fmt.Println(n, err, w.Name()) }`,
	"dies":    `type bad struct{ n int }; func fall(n int) int { panic(bad{n}) }; func main() { fmt.Println(worker.Start(fall, 7).Wait()) }`,
	"counter": `type counter struct{ N int }; func (c *counter) Run() { c.N++; worker.Println("ran", c.N) }; func main() { c := &counter{4}; fmt.Println(worker.StartRunner(c).Wait()); fmt.Printf("%T %v\n", c, c.N) }`,
	"literal": `func main() { fmt.Println(worker.Start(func(n int) int { return n }, 1).Wait()) }`,
	"pool":    `func twice(n int) int { return 2 * n }; func main() { fmt.Println(worker.Map(twice, []int{1, 2, 3})) }`,
	"channel": `type job struct{ Done chan int }; func do(j job) int { return 1 }; func main() { fmt.Println(worker.Start(do, job{}).Wait()) }`,
	"stuck":   `func hold(l *worker.Lock) int { l.Lock(); l.Lock(); return 1 }; func main() { fmt.Println(worker.Start(hold, worker.NewLock()).Wait()) }`,
}

// together makes programs of texts that import the same, in order of their names.
func together(texts map[string]string, uses string, modes ...program.Mode) []program.Program {
	var programs []program.Program
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		programs = append(programs, cell(name, texts[name]+"\n"+uses, modes...))
	}
	return programs
}

func TestMergedProgramsAreLikeTheirOwn(t *testing.T) {
	if !canMerge {
		t.Skip("binaries of this system are not merged")
	}
	for name, programs := range map[string][]program.Program{
		"plain":   together(alike, "var _, _, _, _ = fmt.Print, os.Exit, sync.NewCond, time.Now"),
		"workers": together(alikeWorkers, "var _ = fmt.Print", program.Thread, program.Process),
	} {
		t.Run(name, func(t *testing.T) {
			if groups := groupsOf(t, programs); len(groups) != 1 {
				t.Fatalf("groups are %v", groups)
			}
			merged := run(t, newRunner(), programs...)
			alone := newRunner()
			alone.unmerged = true
			own := run(t, alone, programs...)
			for _, p := range programs {
				if diff := cmp.Diff(told(own[cellName(p)]), told(merged[cellName(p)])); diff != "" {
					t.Errorf("%s: merged is not like its own (-own +merged):\n%s", p.ID, diff)
				}
			}
		})
	}
}

// varying is what differs from run to run of one binary: addresses, numbers of processes and goroutines, names of
// directories. Where there is a question mark behind an argument, Go's runtime does not know whether it is right.
var varying = regexp.MustCompile(`0x[0-9a-f]+\??|\b(pid|process|goroutine) \d+|course-run-\d+|(build|work)-\d+`)

// told is all that a result says of a program, by stream.
func told(r Result) []string {
	var all []string
	for _, run := range r.Runs {
		all = append(all, fmt.Sprint(run.Mode, " ", run.Outcome))
		for _, stderr := range []bool{false, true} {
			for _, l := range run.Output.Lines {
				if l.Stderr == stderr {
					all = append(all, fmt.Sprint(stderr, " ", l.Worker, ": ", varying.ReplaceAllString(l.Text, "…")))
				}
			}
		}
	}
	for _, p := range r.Problems {
		all = append(all, varying.ReplaceAllString(fmt.Sprint(p.Position, p.Message, p.Hint), "…"))
	}
	return all
}

func groupsOf(t *testing.T, programs []program.Program) [][]int {
	t.Helper()
	j := &job{runner: new(Runner), sources: make(map[string]source)}
	for _, p := range programs {
		j.sources[p.Source] = readSource(p.Source)
	}
	return j.groups(programs)
}

func TestWhatIsMerged(t *testing.T) {
	const twin = "func main() { fmt.Println(2) }"
	for text, want := range map[string]bool{
		"func main() { fmt.Println(1) }":                                                      canMerge,
		"var m = map[string]int{}; func main() { fmt.Println(m) }":                            canMerge,
		"var c = make(chan int, 1); func main() { fmt.Println(c) }":                           canMerge,
		"var f = func() { println() }; func main() { fmt.Println(f) }":                        canMerge,
		"func init() { println() }; func main() { fmt.Println(1) }":                           false,
		"var n = f(); func f() int { return 1 }; func main() { fmt.Println(n) }":              false,
		"var c chan int; var n = <-c; func main() { fmt.Println(n) }":                         false,
		"var n = func() int { println(); return 1 }(); func main() { fmt.Println(n) }":        false,
		"func main() { fmt.Println(1); os.Exit(0) }":                                          false, // imports something else
		"func main() { println(1) }":                                                          false,
		"type t interface{ PkgPath() string }; func main() { fmt.Println(t(nil).PkgPath()) }": false,
		"const mai7 = 1; func main() { fmt.Println(mai7) }":                                   false,
		"func main() { fmt.Println( }":                                                        false,
	} {
		if got := len(groupsOf(t, []program.Program{cell("one", text), cell("twin", twin)})) == 1; got != want {
			t.Errorf("%s: merged %v, want %v", text, got, want)
		}
	}
	measured := with(cell("measured", twin), func(o *program.Options) { o.Measure = true })
	compiled := with(cell("compiled", twin), func(o *program.Options) { o.Modes = nil })
	for _, p := range []program.Program{measured, compiled} {
		if len(groupsOf(t, []program.Program{p, cell("twin", twin)})) == 1 {
			t.Errorf("%s is merged", p.ID)
		}
	}
	teller := "package main\nimport (\"fmt\"; rt \"runtime\")\nfunc main() { _, file, line, ok := rt.Caller(0); fmt.Println(file, line, ok) }\n"
	innocent := strings.Replace(teller, "_, file, line, ok := rt.Caller(0); fmt.Println(file, line, ok)", "fmt.Println(rt.NumCPU())", 1)
	one, other := cell("teller", ""), cell("innocent", "")
	one.Source, other.Source = teller, innocent
	if len(groupsOf(t, []program.Program{one, other})) == 1 {
		t.Error("a program that asks for its caller is merged")
	}
	one.Source = strings.Replace(innocent, "NumCPU", "NumGoroutine", 1)
	if merged := len(groupsOf(t, []program.Program{one, other})) == 1; merged != canMerge {
		t.Errorf("programs that use package runtime: merged %v", merged)
	}
	many := make([]program.Program, mostMerged+2)
	for i := range many {
		many[i] = cell(fmt.Sprint("p", i), twin)
	}
	if groups := groupsOf(t, many); canMerge && (len(groups) != 2 || len(groups[0]) != mostMerged || len(groups[1]) != 2) {
		t.Errorf("%d programs are merged as %v", len(many), groups)
	}
}

// TestALinkErrorIsOfItsProgramAlone has one program among others that is compiled, but not linked.
func TestALinkErrorIsOfItsProgramAlone(t *testing.T) {
	results := run(t, newRunner(),
		cell("good", "func main() { fmt.Println(1) }"), cell("unlinked", "func main() { fmt.Println(elsewhere()) }\nfunc elsewhere() int"),
		cell("mainless", "func start() { fmt.Println(1) }"), cell("fine", "func main() { fmt.Println(2) }"))
	for name, want := range map[string]string{"good": "1", "fine": "2"} {
		if r := results[name]; len(r.Problems) > 0 || len(r.Runs) != 1 || len(r.Runs[0].Output.Lines) != 1 || r.Runs[0].Output.Lines[0].Text != want {
			t.Errorf("%s: %v %v", name, r.Runs, r.Problems)
		}
	}
	for name, want := range map[string]string{
		"unlinked": "missing function body", "mainless": "function main is undeclared in the main package",
	} {
		if got := strings.Join(messages(results[name].Problems), "\n"); !strings.Contains(got, want) || strings.Contains(got, mergedPrefix+"0") {
			t.Errorf("%s: problems %q, want %q", name, got, want)
		}
	}
}

// TestAMergedBinaryNamesNoMergedPath looks into one for what is left of the path of a program.
func TestAMergedBinaryNamesNoMergedPath(t *testing.T) {
	if !canMerge {
		t.Skip("binaries of this system are not merged")
	}
	programs := together(alike, "var _, _, _, _ = fmt.Print, os.Exit, sync.NewCond, time.Now")
	r := newRunner()
	j, err := r.begin(t.Context(), programs, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	builds, err := j.builds(t.Context(), programs)
	if err != nil {
		t.Fatal(err)
	}
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
			t.Errorf("%s: %q is left", b.program.ID, content[max(at-8, 0):at+16])
		}
	}
	if looked < 10 {
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
		j, err := newRunner().begin(t.Context(), programs, root, nil)
		if err != nil {
			t.Fatal(err)
		}
		builds, err := j.builds(t.Context(), programs)
		if err != nil {
			t.Fatal(err)
		}
		for i, b := range builds {
			content, err := os.ReadFile(b.path)
			switch {
			case err != nil:
				t.Fatal(err)
			case round == 0:
				before = append(before, content)
			case !bytes.Equal(content, before[i]):
				t.Errorf("%s: the binary is another one in %s", b.program.ID, root)
			}
		}
	}
}
