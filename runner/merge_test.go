package runner

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"course/program"
	"course/runner/build"

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
	"spells":    `const ma = "ma"; func main() { fmt.Println(` + eachPath(`ma + "i%c.x"`) + `) }`,
	"lists":     `var lists = [][]byte{` + eachPath(`{'m', 97, 'a' + 8, '%c', '.'}`) + `}; func main() { fmt.Printf("%s\n", lists) }`,
	"vetted":    `func main() { fmt.Printf("%d\n", "text") }`,
}

// eachPath writes an expression for each suffix that the path of a merged program may have.
func eachPath(format string) string {
	var all []string
	for _, suffix := range "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
		all = append(all, fmt.Sprintf(format, suffix))
	}
	return strings.Join(all, ", ")
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
	if !build.CanMerge {
		t.Skip("binaries of this system are not merged")
	}
	for name, programs := range map[string][]program.Program{
		"plain":   together(alike, "var _, _, _, _ = fmt.Print, os.Exit, sync.NewCond, time.Now"),
		"workers": together(alikeWorkers, "var _ = fmt.Print", program.Thread, program.Process),
	} {
		t.Run(name, func(t *testing.T) {
			if groups := build.NewPlan(build.Config{}).Groups(programs); len(groups) != 1 {
				t.Fatalf("groups are %v", groups)
			}
			merged := run(t, newRunner(), programs...)
			alone := newRunner()
			alone.building.Apart = true
			own := run(t, alone, programs...)
			for _, p := range programs {
				if diff := cmp.Diff(told(own[p.Name()]), told(merged[p.Name()])); diff != "" {
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

// TestAProgramIsInitialisedAlone has one among others whose variables take a GiB, which is no effect but for who must wait for it.
func TestAProgramIsInitialisedAlone(t *testing.T) {
	const tells = "func main() { var m runtime.MemStats; runtime.ReadMemStats(&m); fmt.Println(m.TotalAlloc > 1<<30) }"
	text := "import \"runtime\"\n" + tells
	results := run(t, newRunner(), cell("large", text+"\nvar x = make([]byte, 1<<30)"), cell("small", text), cell("third", text))
	for name, want := range map[string]string{"large": "true", "small": "false", "third": "false"} {
		if r := results[name]; len(r.Problems) > 0 || len(r.Runs) != 1 || len(r.Runs[0].Output.Lines) != 1 || r.Runs[0].Output.Lines[0].Text != want {
			t.Errorf("%s: %v %v", name, r.Runs, r.Problems)
		}
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
		if got := strings.Join(messages(results[name].Problems), "\n"); !strings.Contains(got, want) || strings.Contains(got, "mai0") {
			t.Errorf("%s: problems %q, want %q", name, got, want)
		}
	}
}
