package runner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"course/runner/machine"

	"course/problem"
	"course/program"
	"course/runner/build"
	"course/runner/sandbox"

	"github.com/google/go-cmp/cmp"
)

// storeDir is shared by tests, so that each does not ask the toolchain anew.
var storeDir string

func TestMain(m *testing.M) {
	Supervise()
	if code, ok := beTool(); ok {
		os.Exit(code)
	}
	// The race detector has each supervisor sleep for a second before it exits.
	os.Setenv("GORACE", "atexit_sleep_ms=0")
	var err error
	if storeDir, err = os.MkdirTemp("", "runner-test-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(storeDir)
	os.Exit(code)
}

// newRunner returns a Runner on a machine where nothing disturbs a run: else it would be made again, and other runs would be there
// than a test expects.
func newRunner() *Runner { return &Runner{Store: Store{Dir: storeDir}, pressure: calm} }

func calm() machine.Pressure { return machine.Pressure{} }

// cell makes a program as lessons does: each import on the third line, then the text.
func cell(id, text string, modes ...program.Mode) program.Program {
	if len(modes) == 0 {
		modes = []program.Mode{program.Plain}
	}
	var imports strings.Builder
	for _, path := range []string{"bufio", "fmt", "io", "net", "os", "os/exec", "os/signal", "strconv", "strings", "sync", "syscall", "time", "unsafe", build.WorkerPath} {
		name := path[strings.LastIndexByte(path, '/')+1:]
		if regexp.MustCompile(`\b` + name + `\.`).MatchString(text) {
			fmt.Fprintf(&imports, "import %q\n", path)
		}
	}
	source := fmt.Sprintf("package main\n%s\n//line %s.cell:1:1\n%s\n", imports.String(), id, text)
	return program.Program{ID: "lesson/" + id, Source: source, Options: program.Options{Modes: modes, Timeout: time.Minute}}
}

// with changes the options of p.
func with(p program.Program, change func(o *program.Options)) program.Program {
	change(&p.Options)
	return p
}

// run runs programs and returns their results by the cell's name.
func run(t *testing.T, r *Runner, programs ...program.Program) map[string]Result {
	t.Helper()
	results := make(map[string]Result)
	err := r.Run(t.Context(), programs, func(e Event) {
		if e.Kind == Done {
			results[strings.TrimPrefix(e.ID, "lesson/")] = *e.Result
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != len(programs) {
		t.Fatalf("%d programs have %d results", len(programs), len(results))
	}
	return results
}

// messages are the problems of a result as a terminal shows them, without hints.
func messages(list problem.List) []string {
	var all []string
	for _, p := range list {
		all = append(all, p.Position.String()+": "+p.Message)
	}
	return all
}

// texts are the lines of a stream.
func texts(o Output, stderr bool) []string {
	var all []string
	for _, line := range o.Lines {
		if line.Stderr == stderr {
			all = append(all, line.Text)
		}
	}
	return all
}

func TestEachWayToEnd(t *testing.T) {
	short := func(o *program.Options) { o.Timeout = 200 * time.Millisecond }
	tests := []struct {
		program program.Program
		want    program.Outcome
		problem []string
	}{
		{cell("well", `func main() {}`), program.Outcome{}, nil},
		{
			cell("status", `func main() { os.Exit(3) }`),
			program.Outcome{Kind: program.Exited, Exit: 3},
			[]string{"status.cell: cell status exited with status 3, expected to end well"},
		},
		{
			cell("two", `func main() { println("no panic: none"); os.Exit(2) }`),
			program.Outcome{Kind: program.Exited, Exit: 2},
			[]string{"two.cell: cell two exited with status 2, expected to end well"},
		},
		{
			cell("killed", `func main() { syscall.Kill(os.Getpid(), syscall.SIGKILL); select {} }`),
			program.Outcome{Kind: program.Signaled, Exit: 9},
			[]string{"killed.cell: cell killed was killed by signal 9, expected to end well"},
		},
		{
			cell("panics", "func f(n int) int { return 1 / n }\n\nfunc main() {\n\tf(0)\n}"),
			program.Outcome{Kind: program.Panicked},
			[]string{"panics.cell:1: cell panics panicked, expected to end well: runtime error: integer divide by zero"},
		},
		{
			cell("fatal", "func main() {\n\tvar mu sync.Mutex\n\tmu.Unlock()\n}"),
			program.Outcome{Kind: program.Panicked},
			[]string{"fatal.cell:3: cell fatal panicked, expected to end well: sync: unlock of unlocked mutex"},
		},
		{
			cell("stuck", "func main() {\n\tselect {}\n}"),
			program.Outcome{Kind: program.Deadlocked},
			[]string{"stuck.cell:2: cell stuck deadlocked, expected to end well"},
		},
		{
			with(cell("endless", `func main() { time.Sleep(time.Hour) }`), short),
			program.Outcome{Kind: program.TimedOut},
			[]string{"endless.cell: cell endless did not end in time, expected to end well"},
		},
		{
			cell("flood", "func main() {\n\tw := bufio.NewWriter(os.Stdout)\n\tfor range 100 << 20 / 10 {\n\t\tfmt.Fprintln(w, \"123456789\")\n\t}\n\ttime.Sleep(time.Hour)\n}"),
			program.Outcome{Kind: program.Flooded},
			[]string{"flood.cell: cell flood printed too much, expected to end well"},
		},
	}
	var programs []program.Program
	for _, test := range tests {
		programs = append(programs, test.program)
	}
	results := run(t, newRunner(), programs...)
	for _, test := range tests {
		result := results[strings.TrimPrefix(test.program.ID, "lesson/")]
		if len(result.Runs) != 1 {
			t.Errorf("%s ran %d times", result.ID, len(result.Runs))
			continue
		}
		if got := result.Runs[0].Outcome; got != test.want {
			t.Errorf("%s %v, want that it %v:\n%v", result.ID, got, test.want, result.Runs[0].Output)
		}
		if diff := cmp.Diff(test.problem, messages(result.Problems)); diff != "" {
			t.Errorf("problems of %s (-want +got):\n%s", result.ID, diff)
		}
	}
}

func TestAnExpectedFailureIsNoProblem(t *testing.T) {
	p := cell("dies", `func main() { if os.Getenv("COURSE_MODE") == "process" { os.Exit(4) }; panic("as meant") }`, program.Thread, program.Process)
	p.Options.Expect = map[program.Mode]program.Outcomes{
		program.Thread: {{Kind: program.Panicked}}, program.Process: {{Kind: program.Exited, Exit: 4}},
	}
	if got := run(t, newRunner(), p)["dies"]; len(got.Problems) > 0 || len(got.Runs) != 2 {
		t.Errorf("runs %v, problems %v", got.Runs, got.Problems)
	}
}

func TestAProblemSaysWhatToDo(t *testing.T) {
	p := cell("late", `func main() { time.Sleep(time.Hour) }`, program.Process)
	p.Options.Timeout = 100 * time.Millisecond
	got := run(t, newRunner(), p)["late"].Problems
	want := problem.List{{
		Position: problem.Position{File: "late.cell"}, Message: "cell late (process) did not end in time, expected to end well",
		Hint: "raise timeout=… or, if this is what it shows, say expect={process=timeout}",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAMeasuredModeIsRepeatedUnlessItFails(t *testing.T) {
	p := cell("timed", `func main() { if os.Getenv("COURSE_MODE") == "goroutine" { os.Exit(1) } }`, program.Thread, program.Goroutine, program.Process)
	p.Options.Measure, p.Options.Repeat = true, 2
	got := make(map[string]int)
	for _, r := range run(t, newRunner(), p)["timed"].Runs {
		if r.Purpose == Warmup || r.Purpose == Counted { // how many others there are depends on the system, and on who disturbs
			got[strings.TrimSpace(fmt.Sprint(r.Mode, " ", r.Purpose))]++
		}
		if r.Wall <= 0 {
			t.Errorf("%s took %v", r.Mode, r.Wall)
		}
	}
	want := map[string]int{"thread warmup": 1, "thread": 2, "goroutine warmup": 1, "process warmup": 1, "process": 2}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCompileErrorsNameTheCell(t *testing.T) {
	programs := []program.Program{
		cell("two", "func main() {\n\tx := 1\n\tvar s string = 2\n}"),
		cell("syntax", "func main() {\n\tif {\n}"),
		cell("missing", `import "nowhere/at/all"`+"\n\nfunc main() { all.Do() }"),
		cell("secret", `import "internal/abi"`+"\n\nfunc main() { _ = abi.FuncPCABI0 }"),
		cell("several", "type T struct{}\n\nvar _ interface{ M() } = T{}\n\nfunc main() {}"),
		cell("large", "\nvar small, large = 1, [1 << 32]byte{}\n\nfunc main() { print(small, large[3], large[4]) }"),
		cell("unused", "var large [1 << 32]byte\n\nfunc main() {}"),
		cell("alone", "func init() {}\n\nvar large [1 << 32]byte\n\nfunc main() {}"),
	}
	results := run(t, newRunner(), programs...)
	for name, want := range map[string][]string{
		"large":  {"large.cell:2:12: variable large is too large for a program: 4294967296 bytes, of at most 2000000000"},
		"unused": {"unused.cell:1:5: variable large is too large for a program: 4294967296 bytes, of at most 2000000000"},
		"alone":  {"alone.cell:3:5: variable large is too large for a program: 4294967296 bytes, of at most 2000000000"},
		"two": {
			"two.cell:2:2: declared and not used: x",
			"two.cell:3:6: declared and not used: s",
			"two.cell:3:17: cannot use 2 (untyped int constant) as string value in variable declaration",
		},
		"syntax":  {"syntax.cell:2:5: syntax error: missing condition in if statement"},
		"missing": {"missing.cell:1:8: could not import nowhere/at/all (open : no such file or directory)"},
		"secret":  {"secret.cell:1:8: use of internal package internal/abi not allowed"},
		"several": {"several.cell:3:26: cannot use T{} (value of struct type T) as interface{M()} value in variable declaration: T does not implement interface{M()} (missing method M)"},
	} {
		if diff := cmp.Diff(want, messages(results[name].Problems)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if len(results[name].Runs) > 0 {
			t.Errorf("%s ran", name)
		}
	}
}

func TestARefusalThatIsExpectedIsShown(t *testing.T) {
	refused := map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.NotCompiled}}}
	bad := cell("bad", "func main() { x := 1 }")
	bad.Options.Expect = refused
	good := cell("good", "func main() {}")
	good.Options.Expect = refused
	results := run(t, newRunner(), bad, good)
	if got := results["bad"]; len(got.Problems) > 0 || len(got.Runs) != 1 || got.Runs[0].Outcome.Kind != program.NotCompiled ||
		!slices.Equal(texts(got.Runs[0].Output, true), []string{"bad.cell:1:15: declared and not used: x"}) {
		t.Errorf("%+v", got)
	}
	if got := results["good"]; len(got.Runs) > 0 || !slices.Equal(messages(got.Problems), []string{"good.cell: cell good compiles, expected to be refused by the compiler"}) {
		t.Errorf("%+v", got)
	}
}

func TestVetFindingsNameTheCell(t *testing.T) {
	programs := []program.Program{
		cell("verb", "func main() {\n\tfmt.Printf(\"%d\\n\", \"one\")\n}"),
		cell("lock", "func f(mu sync.Mutex) {}\n\nfunc main() { f(sync.Mutex{}) }"),
		cell("fine", "func main() { fmt.Printf(\"%d\\n\", 1) }"),
	}
	results, err := newRunner().Check(t.Context(), programs)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range results {
		if len(r.Runs) > 0 {
			t.Errorf("Check ran %s", r.ID)
		}
		got = append(got, messages(r.Problems)...)
	}
	want := []string{
		`verb.cell:2:14: vet: fmt.Printf format %d has arg "one" of wrong type string`,
		"lock.cell:1:11: vet: f passes lock by value: sync.Mutex",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOutputIsCompared(t *testing.T) {
	stated := func(text string, unordered bool) func(*program.Options) {
		return func(o *program.Options) {
			o.Output = map[program.Mode]program.Output{program.Plain: {Text: text, Unordered: unordered, Line: 5}}
		}
	}
	source := `func main() { fmt.Println("one  "); fmt.Println("two"); println("not this") }`
	results := run(t, newRunner(),
		with(cell("same", source), stated("  one\ntwo\n", false)),
		with(cell("swapped", source), stated("two\none", true)),
		with(cell("other", source), stated("one\nthree", false)),
		with(cell("less", source), stated("one\ntwo\nthree", false)),
		with(cell("more", source), stated("one", false)),
		with(cell("mixed", source), stated("two\nthree", true)),
	)
	for name, want := range map[string][]string{
		"same": nil, "swapped": nil,
		"other": {`other.cell:5: cell other printed "two" as line 2 of its output, expected "three"`},
		"less":  {`less.cell:5: cell less did not print "three"`},
		"more":  {`more.cell:5: cell more printed "two", which is not in the output stated`},
		"mixed": {`mixed.cell:5: cell mixed printed "one", which is not in the output stated`},
	} {
		if diff := cmp.Diff(want, messages(results[name].Problems)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestACellGetsWhatItsOptionsSay(t *testing.T) {
	t.Setenv("COURSE_TEST_SECRET", "the user's")
	input := "from stdin"
	p := cell("given", `func main() {
		in, err := io.ReadAll(os.Stdin)
		file, _ := os.ReadFile("data/in.txt")
		dir, _ := os.Getwd()
		fmt.Println(string(in), err, string(file), os.Getenv("GREETING"), os.Getenv("GOMAXPROCS"), os.Getenv("COURSE_MODE"))
		fmt.Println(os.Getenv("COURSE_TEST_SECRET") == "", dir == os.Getenv("HOME"), dir == os.Getenv("TMPDIR"))
	}`, program.Process)
	p.Options.Stdin = &input
	p.Options.Files = map[string]string{"data/in.txt": "from a file"}
	p.Options.Env, p.Options.Procs = []string{"GREETING=hello", "COURSE_MODE=mine"}, 1
	nothing := ""
	empty := cell("empty", `func main() { in, err := io.ReadAll(os.Stdin); fmt.Println(len(in), err) }`)
	empty.Options.Stdin = &nothing
	outside := with(cell("outside", `func main() {}`), func(o *program.Options) { o.Files = map[string]string{"../x": ""} })
	results := run(t, newRunner(), p, empty, outside)
	want := []string{"from stdin <nil> from a file hello 1 process", "true true true"}
	if got := texts(results["given"].Runs[0].Output, false); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := texts(results["empty"].Runs[0].Output, false); !slices.Equal(got, []string{"0 <nil>"}) {
		t.Errorf("of an empty stdin it reads %q", got)
	}
	if list := append(results["given"].Problems, results["empty"].Problems...); len(list) > 0 {
		t.Errorf("to read what is given is wrong: %v", messages(list))
	}
	if got := messages(results["outside"].Problems); !slices.Equal(got, []string{`outside.cell: file "../x" is not below the working directory`}) {
		t.Errorf("a file outside: %q", got)
	}
}

func TestACellWithoutModesIsCompiledOnly(t *testing.T) {
	p := cell("declarations", "func f() {}\n\nfunc main() { panic(1) }")
	p.Options.Modes = nil
	if got := run(t, newRunner(), p)["declarations"]; len(got.Runs) > 0 || len(got.Problems) > 0 {
		t.Errorf("%+v", got)
	}
}

func TestStoredIsWhatRunFound(t *testing.T) {
	r := &Runner{Store: Store{Dir: t.TempDir()}, Now: func() time.Time { return time.Unix(1, 0).UTC() }}
	p := cell("kept", "func main() { fmt.Println(1) }")
	q := cell("broken", "func main() { x }")
	if results, stale := r.Stored([]program.Program{p, q}); len(results) != 0 || len(stale) != 2 {
		t.Fatalf("before: %v, stale %v", results, stale)
	}
	ran := run(t, r, p, q)
	renamed := p
	renamed.ID = "other/name"
	edited := p
	edited.Source += "// more\n"
	for _, other := range []*Runner{r, {Store: r.Store}} { // also in another tool
		results, stale := other.Stored([]program.Program{p, edited, q, renamed})
		if diff := cmp.Diff([]program.Program{edited}, stale); diff != "" {
			t.Fatalf("stale (-want +got):\n%s", diff)
		}
		again := ran["kept"]
		again.ID = renamed.ID
		if diff := cmp.Diff([]Result{ran["kept"], ran["broken"], again}, results); diff != "" {
			t.Errorf("stored (-ran +stored):\n%s", diff)
		}
	}
	memory := &Runner{}
	run(t, memory, p)
	if results, _ := memory.Stored([]program.Program{p}); len(results) != 1 {
		t.Error("the zero Runner forgets")
	}
}

// TestOnlyMeasuredResultsDependOnTheMachine: in a home that machines share, or a cache that was restored, what one of them has measured is not
// what another has.
func TestOnlyMeasuredResultsDependOnTheMachine(t *testing.T) {
	here := machine.This()
	plain, timed := cell("plain", "func main() {}"), cell("timed", "func main() {}")
	timed.Options.Measure, timed.Options.Repeat = true, 1
	run(t, &Runner{Store: Store{Dir: storeDir}, Machine: &here}, plain, timed)
	for what, change := range map[string]func(*machine.Machine){
		"CPU":    func(m *machine.Machine) { m.CPU = "another" },
		"kernel": func(m *machine.Machine) { m.Kernel = "another" },
		"cores":  func(m *machine.Machine) { m.Cores++ },
		"memory": func(m *machine.Machine) { m.Memory++ },
	} {
		there := here
		change(&there)
		_, stale := (&Runner{Store: Store{Dir: storeDir}, Machine: &there}).Stored([]program.Program{plain, timed})
		if diff := cmp.Diff([]program.Program{timed}, stale); diff != "" {
			t.Errorf("another %s: %s", what, diff)
		}
	}
}

func TestEventsComeInOrder(t *testing.T) {
	var got []string
	p := with(cell("cell", `func main() { fmt.Println(os.Getenv("COURSE_MODE")) }`, program.Thread, program.Process), func(o *program.Options) { o.Measure, o.Repeat = true, 1 })
	err := newRunner().Run(t.Context(), []program.Program{p}, func(e Event) {
		s := fmt.Sprint(e.Kind, " ", e.Mode, " ", e.Run)
		if e.Line != nil {
			s += " " + e.Line.Text
		}
		got = append(got, s)
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"building  0"}
	rounds := 2
	if runtime.GOOS == "linux" { // where it is weighed, too
		rounds++
	}
	for round := range rounds {
		for _, mode := range p.Options.Modes {
			want = append(want, fmt.Sprint("started ", mode, " ", round), fmt.Sprint("printed ", mode, " ", round, " ", mode), fmt.Sprint("ended ", mode, " ", round))
		}
	}
	want = append(want, "done  0")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCancelKeepsWhatFinished(t *testing.T) {
	r := &Runner{Store: Store{Dir: t.TempDir()}}
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	quick, endless := cell("quick", "func main() {}"), cell("endless", `func main() { fmt.Println("here"); time.Sleep(time.Hour) }`)
	endless.Options.Timeout = time.Hour
	left := 2 // quick is to be stored, and endless to run: in which order, nobody knows
	err := r.Run(ctx, []program.Program{quick, endless}, func(e Event) {
		if e.Kind == Printed || e.Kind == Done {
			left--
		}
		if left == 0 {
			cancel(enough)
		}
	})
	if !errors.Is(err, enough) {
		t.Errorf("error %v", err)
	}
	if results, stale := r.Stored([]program.Program{quick, endless}); len(results) != 1 || len(stale) != 1 {
		t.Errorf("stored %v, stale %v", results, stale)
	}
	if err := r.Run(ctx, []program.Program{quick}, nil); !errors.Is(err, enough) {
		t.Errorf("cancelled before: %v", err)
	}
}

func TestWithoutAToolchain(t *testing.T) {
	p := []program.Program{cell("any", "func main() {}")}
	r := &Runner{Go: filepath.Join(t.TempDir(), "go"), Store: Store{Dir: storeDir}}
	err := r.Run(t.Context(), p, nil)
	if !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), "find the go command, which building cells needs: ") {
		t.Errorf("error %v", err)
	}
	if results, stale := r.Stored(p); len(results) != 0 || len(stale) != 1 {
		t.Errorf("stored %v, stale %v", results, stale)
	}
}

func TestStrangeSourcesAreRefusedOrRead(t *testing.T) {
	deep := strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000)
	programs := []program.Program{
		cell("nul", "func main() {\n\tprintln(\"a\x00b\")\n}"),
		cell("bytes", "func main() {\n\tprintln(\"a\xffb\")\n}"),
		cell("deep", "func main() { println("+deep+") }"),
		cell("long", "func main() { println(len(`"+strings.Repeat("x", 5<<20)+"`)) }"),
		cell("return", "func main() {\r\n\tprintln(1)\r\n}\r\n"),
		{ID: "lesson/empty"},
		{ID: "lesson/text", Source: "This is no Go."},
	}
	results, err := newRunner().Check(t.Context(), programs)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range results {
		got = append(got, messages(r.Problems)...)
	}
	want := []string{
		"nul.cell:2:12: invalid NUL character",
		"bytes.cell:2:12: invalid UTF-8 encoding",
		"cell.go:1:1: syntax error: package statement must be first",
		"cell.go:1:1: syntax error: package statement must be first",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNobodyRunsUnconfinedUnlessTrusted(t *testing.T) {
	p, declares := cell("free", `func main() { println("x") }`), program.Program{ID: "lesson/declares", Source: "package main\n\nfunc main() {}\n"}
	for name, test := range map[string]struct {
		report  sandbox.Report
		trusted bool
		runs    bool
	}{
		"nothing":           {sandbox.Report{}, false, false},
		"trusted":           {sandbox.Report{}, true, true},
		"rlimits alone":     {sandbox.Report{Layers: []sandbox.Layer{sandbox.Capabilities, sandbox.Rlimits, sandbox.Seccomp}}, false, false},
		"old landlock":      {sandbox.Report{Layers: []sandbox.Layer{"landlock 5", sandbox.Seccomp}}, false, false},
		"without a network": {sandbox.Report{Layers: []sandbox.Layer{"landlock 6", sandbox.Seccomp}}, false, true},
		"another user":      {sandbox.Report{Layers: []sandbox.Layer{"landlock 1", sandbox.Nobody, sandbox.Seccomp}}, false, true},
		"namespaces":        {sandbox.Report{Layers: []sandbox.Layer{sandbox.Namespaces}}, false, true},
	} {
		r := newRunner()
		r.Sandbox, r.Trusted = &test.report, func(program.Program) bool { return test.trusted }
		var events int
		err := r.Run(t.Context(), []program.Program{declares, p}, func(Event) { events++ })
		var refused *UnconfinedError
		if runs := err == nil; runs != test.runs || !runs && (!errors.As(err, &refused) || refused.ID != p.ID || events > 0) {
			t.Errorf("%s: error %v after %d events", name, err, events)
		}
		if err := r.Run(t.Context(), []program.Program{declares}, nil); err != nil {
			t.Errorf("%s: what is only compiled is refused: %v", name, err)
		}
	}
}
