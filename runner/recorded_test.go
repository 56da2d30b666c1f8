package runner

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"course/problem"
	"course/program"
	"course/runner/machine"
	"course/runner/sandbox"

	"github.com/google/go-cmp/cmp"
)

// now is when recorded results are read.
var now = time.Date(2026, 11, 21, 12, 30, 0, 0, time.UTC)

// recordable are programs of one lesson of each kind, with a result for each as they could have.
func recordable() (programs []program.Program, results []Result) {
	ms, when := time.Millisecond, time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	collections := int64(2)
	base := Result{
		Version: Version, Key: "of a store", Taken: when, Load: 0.5, Layers: []sandbox.Layer{sandbox.Namespaces},
		Machine: machine.Machine{OS: "linux", Arch: "amd64", CPU: "a processor", Cores: 2, Memory: 4 << 30, Kernel: "6.1", Go: "go1.26.1"},
	}
	add := func(id string, change func(o *program.Options), runs ...Run) *Result {
		p := with(cell(id, "func main() {}", program.Thread), change)
		r := base
		r.ID, r.Runs = p.ID, runs
		programs, results = append(programs, p), append(results, r)
		return &results[len(results)-1]
	}
	said := func(text string) Output {
		return Output{Lines: []Line{{Pid: 7, Worker: "w-1", Time: ms, Text: text}}}
	}
	span := Span{Worker: "w-1", Mode: program.Thread, Pid: 7, Asked: ms, Began: 2 * ms, Ended: 3 * ms, Joined: -1, Waits: []Wait{{On: "lock 1", From: ms, To: 2 * ms}}, MoreWaits: 3}
	one := Run{Mode: program.Thread, Wall: 5 * ms, User: ms, Output: said("<b>\x1b[31mé"), Spans: []Span{span}, Startup: new(ms), Overlap: new(0.5), Usage: Usage{Voluntary: 3, Collections: &collections}}
	measured := func(purpose Purpose, value float64) Run {
		r := one
		r.Purpose, r.Value = purpose, value
		return r
	}
	same := measured(Counted, 2)
	same.Same, same.Output, same.Spans = true, Output{}, nil
	later := same
	later.Value, later.Disturbed = 4, "others took 30 % of the processors' time"
	weighed := measured(Weighing, 2)
	weighed.Memory = &Memory{PSS: 1 << 20, Looks: 30}

	add("once", func(o *program.Options) {
		o.Output = map[program.Mode]program.Output{program.Thread: {Text: "<b>\x1b[31mé"}}
	}, one)
	swept := add("swept", func(o *program.Options) {
		o.Measure, o.Sweep = true, &program.Sweep{Name: "n", Values: []float64{2, 4}}
	}, measured(Warmup, 2), measured(Counted, 2), same, weighed, measured(Counted, 4))
	for range 4 {
		swept.Runs = append(swept.Runs, same, later)
	}
	swept.Runs = append(swept.Runs, later)
	swept.Rule, swept.Stopped, swept.Overhead = Budget{Cell: time.Second}.rule(programs[1].Options), StoppedBudget, ms
	swept.Noise = map[program.Point]string{{Mode: program.Thread, Value: 4}: "5 of 6 runs were disturbed: others took 30 % of the processors' time"}
	many := one
	many.Times = 6
	vary := add("vary", func(o *program.Options) { o.Vary.Outcome = true }, many)
	vary.Rule, vary.Stopped, vary.Others = Budget{}.rule(programs[2].Options), StoppedCount, map[program.Point]int{program.At(program.Thread): 2}
	refused := Run{Mode: program.Thread, Outcome: program.Outcome{Kind: program.NotCompiled}, Output: Output{Lines: []Line{{Stderr: true, Text: "no"}}}}
	add("refused", func(o *program.Options) {
		o.Expect = map[program.Mode]program.Outcomes{program.Thread: {{Kind: program.NotCompiled}}}
	}, refused)
	add("compiled", func(o *program.Options) { o.Modes = nil })
	add("script", func(o *program.Options) { o.Language = program.Python }, one).Python = "CPython 3.11.7, with the GIL"
	return programs, results
}

// inFile returns the file system that holds a lesson's file.
func inFile(content []byte) fs.FS {
	return fstest.MapFS{"recorded/lesson.json": {Data: content}}
}

// TestRecordedResultsAreReadAsTheyWere, but for what is left out.
func TestRecordedResultsAreReadAsTheyWere(t *testing.T) {
	programs, results := recordable()
	content, missing := Record(programs, results)
	if len(missing) > 0 {
		t.Fatalf("missing are %v", missing)
	}
	got, found := ReadRecorded(inFile(content), programs, now)
	if len(found) > 0 {
		t.Fatal(found)
	}
	for i, want := range results {
		want.Key, want.Recorded = programKey(programs[i]), true
		want.Runs = slices.Clone(want.Runs)
		for n, run := range want.Runs {
			if run.Purpose != Counted {
				want.Runs[n].Output = Output{}
			}
		}
		if d := cmp.Diff(want, got[i]); d != "" {
			t.Errorf("%s (-want +got):\n%s", want.ID, d)
		}
	}
	again, _ := Record(programs, got)
	if d := cmp.Diff(string(content), string(again)); d != "" {
		t.Errorf("it is recorded in another way again (-first +then):\n%s", d)
	}
	if swept := got[1].Runs; len(swept[0].Output.Lines) > 0 || len(swept[1].Spans) != 1 || len(swept[2].Spans) > 0 || swept[2].Startup == nil || swept[2].Overlap == nil {
		t.Errorf("kept is %+v", swept)
	}
}

// TestRecordedResultsAreFoundByProgramAlone: whatever it is of a program that changes, it has none.
func TestRecordedResultsAreFoundByProgramAlone(t *testing.T) {
	programs, results := recordable()
	content, _ := Record(programs, results)
	for name, change := range map[string]func(p *program.Program){
		"source":   func(p *program.Program) { p.Source += "\n" },
		"cell":     func(p *program.Program) { p.ID = "lesson/other" },
		"timeout":  func(p *program.Program) { p.Options.Timeout = time.Second },
		"language": func(p *program.Program) { p.Options.Language = program.Python },
		"repeat":   func(p *program.Program) { p.Options.Repeat = 3 },
		"modules":  func(p *program.Program) { p.Options.Modules.Require = []program.Module{{Path: "a", Version: "v1"}} },
	} {
		p := programs[0]
		change(&p)
		if got, found := ReadRecorded(inFile(content), []program.Program{p}, now); len(got) > 0 || len(found) > 0 {
			t.Errorf("with another %s it has %d results, %v", name, len(got), found)
		}
	}
	if got, found := ReadRecorded(fstest.MapFS{}, programs, now); len(got) > 0 || len(found) > 0 {
		t.Errorf("without a file: %v, %v", got, found)
	}
	p := programs[0]
	p.ID = "../lesson/once"
	if got, found := ReadRecorded(inFile(content), []program.Program{p}, now); len(got) > 0 || len(found) > 0 {
		t.Errorf("outside of the directory: %v, %v", got, found)
	}
}

// TestWhatIsWrongIsNotRecorded, nor what another machine has to run.
func TestWhatIsWrongIsNotRecorded(t *testing.T) {
	programs, results := recordable()
	results[0].Problems = problem.List{{Message: "it printed something else"}}
	results[5].Runs, results[5].NotHere = nil, "there is no python3"
	results = slices.Delete(results, 1, 2)
	content, missing := Record(programs, results)
	if want := []string{"lesson/once", "lesson/swept", "lesson/script"}; !slices.Equal(missing, want) {
		t.Errorf("missing are %v", missing)
	}
	if got, found := ReadRecorded(inFile(content), programs, now); len(got) != len(programs)-len(missing) || len(found) > 0 {
		t.Errorf("%d are read, %v", len(got), found)
	}
	if content, missing := Record(programs, nil); content != nil || len(missing) != len(programs) {
		t.Errorf("of none there is %q", content)
	}
}

// TestForgedResultsAreRefused: the file is one that anybody may have written.
func TestForgedResultsAreRefused(t *testing.T) {
	for name, forge := range map[string]func(r *Result){
		"a problem":              func(r *Result) { r.Problems = problem.List{{Message: "x"}} },
		"no run":                 func(r *Result) { r.Runs = nil },
		"a mode":                 func(r *Result) { r.Runs[0].Mode = program.Process },
		"a mode with markup":     func(r *Result) { r.Runs[0].Mode = "<script>" },
		"a value of no sweep":    func(r *Result) { r.Runs[0].Value = 8 },
		"a negative time":        func(r *Result) { r.Runs[0].Wall = -1 },
		"an endless time":        func(r *Result) { r.Runs[0].Wall = math.MaxInt64 },
		"a negative count":       func(r *Result) { r.Runs[0].Usage.Voluntary = -1 },
		"a negative memory":      func(r *Result) { r.Runs[0].Memory = &Memory{PSS: -1} },
		"much memory":            func(r *Result) { r.Runs[0].Memory = &Memory{PSS: math.MaxInt64} },
		"an unknown outcome":     func(r *Result) { r.Runs[0].Outcome.Kind = "won" },
		"a status of none":       func(r *Result) { r.Runs[0].Outcome = program.Outcome{Exit: 3} },
		"an unexpected outcome":  func(r *Result) { r.Runs[0].Outcome = program.Outcome{Kind: program.Panicked} },
		"another output":         func(r *Result) { r.Runs[0].Output.Lines[0].Text = "y" },
		"no output":              func(r *Result) { r.Runs[0].Output = Output{} },
		"the same as none":       func(r *Result) { r.Runs[0].Same, r.Runs[0].Output = true, Output{} },
		"an unknown purpose":     func(r *Result) { r.Runs[0].Purpose = "fun" },
		"only a warm-up":         func(r *Result) { r.Runs[0].Purpose = Warmup },
		"many of one":            func(r *Result) { r.Runs[0].Times = 1 << 40 },
		"a rule":                 func(r *Result) { r.Rule = &Rule{Least: 1} },
		"an unknown stop":        func(r *Result) { r.Stopped = "bored" },
		"noise elsewhere":        func(r *Result) { r.Noise = map[program.Point]string{{Mode: "x"}: "y"} },
		"others of no outcomes":  func(r *Result) { r.Others = map[program.Point]int{program.At(program.Thread): 1} },
		"others elsewhere":       func(r *Result) { r.Others = map[program.Point]int{{Mode: "x"}: 1} },
		"a long text":            func(r *Result) { r.Machine.CPU = strings.Repeat("x", 1<<20) },
		"a negative quota":       func(r *Result) { r.Machine.Quota = -1 },
		"an absurd load":         func(r *Result) { r.Load = 1e300 },
		"no time at all":         func(r *Result) { r.Runs[0].Wall = 0 },
		"no time for a process":  func(r *Result) { r.Runs[0].Wall = 1 },
		"more processors":        func(r *Result) { r.Runs[0].User, r.Runs[0].System = 150*ms, 100*ms },
		"a worker after all":     func(r *Result) { r.Runs[0].Spans[0].Ended = 200 * ms },
		"a wait after all":       func(r *Result) { r.Runs[0].Spans[0].Waits[0].To = 200 * ms },
		"a start after all":      func(r *Result) { r.Runs[0].Startup = new(200 * ms) },
		"the future":             func(r *Result) { r.Taken = now.Add(25 * time.Hour) },
		"no date":                func(r *Result) { r.Taken = time.Time{} },
		"another version":        func(r *Result) { r.Version++ },
		"more than all overlap":  func(r *Result) { r.Runs[0].Overlap = new(1.5) },
		"no overlap at all":      func(r *Result) { r.Runs[0].Overlap = new(-0.5) },
		"a start before all":     func(r *Result) { r.Runs[0].Startup = new(-ms) },
		"a span out of the day":  func(r *Result) { r.Runs[0].Spans[0].Began = math.MinInt64 },
		"a wait that is endless": func(r *Result) { r.Runs[0].Spans[0].Waits[0].To = math.MaxInt64 },
		"very many runs":         func(r *Result) { r.Runs = slices.Repeat(r.Runs, maxRecordedRuns+1) },
	} {
		programs, results := recordable()
		r := results[0]
		r.Key = programKey(programs[0])
		forge(&r)
		content, err := json.Marshal(recordedFile{Version: Version, Results: []Result{r}})
		if err != nil {
			t.Fatal(err)
		}
		got, found := ReadRecorded(inFile(content), programs, now)
		if len(got) > 0 || len(found) != 1 || found[0].File != "recorded/lesson.json" || found[0].Hint == "" {
			t.Errorf("%s: %d results, problems %v", name, len(got), found)
		}
	}
}

// TestRunsOfRecordedResultsAreCounted: who leaves some out, or says that they were replaced, would choose what comes of the others.
func TestRunsOfRecordedResultsAreCounted(t *testing.T) {
	without := func(r *Result, leaveOut func(at, n int, run Run) bool) {
		made := make(map[program.Point]int)
		var kept []Run
		for i, run := range r.Runs {
			if run.Purpose == Counted {
				made[run.Point()]++
			}
			if run.Purpose != Counted || !leaveOut(i, made[run.Point()], run) {
				kept = append(kept, run)
			}
		}
		r.Runs = kept
	}
	replace := func(r *Result, n int, by string) {
		for range n {
			run := r.Runs[2]
			run.Purpose, run.Disturbed = Replaced, by
			r.Runs = append(r.Runs, run)
		}
	}
	for name, test := range map[string]struct {
		forge func(r *Result)
		want  string
	}{
		"as it was":            {func(*Result) {}, ""},
		"one at each point":    {func(r *Result) { without(r, func(_, n int, _ Run) bool { return n > 5 }) }, "it has 5 counted runs at thread@2, and its rule makes 6 to 50"},
		"one at one point":     {func(r *Result) { r.Runs = append(r.Runs, r.Runs[len(r.Runs)-1]) }, "it has 7 counted runs at thread@4, and 6 at thread@2"},
		"as many as may be":    {func(r *Result) { replace(r, 6, "others") }, ""},
		"too many replaced":    {func(r *Result) { replace(r, 7, "others") }, "runs at thread@2 are replaced that are not"},
		"replaced for nothing": {func(r *Result) { replace(r, 1, "") }, "runs at thread@2 are replaced that are not"},
		"another rule":         {func(r *Result) { r.Rule = &Rule{Least: 1, Most: 50} }, "it was run by another rule"},
		"another budget":       {func(r *Result) { r.Rule.Budget = time.Minute }, ""},
	} {
		programs, results := recordable()
		r := results[1]
		test.forge(&r)
		switch err := r.fits(programs[1]); {
		case err == nil && test.want != "", err != nil && err.Error() != test.want:
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// TestNoiseIsNotRead: whether runs are noisy follows from them, whatever a file says.
func TestNoiseIsNotRead(t *testing.T) {
	programs, results := recordable()
	want := results[1].Noise
	for _, forged := range []map[program.Point]string{nil, {{Mode: program.Thread, Value: 2}: "so they say"}} {
		results[1].Noise = forged
		content, _ := Record(programs, results)
		got, found := ReadRecorded(inFile(content), programs, now)
		if len(found) > 0 || len(got) != len(programs) {
			t.Fatal(found)
		}
		if d := cmp.Diff(want, got[1].Noise); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
}

// TestForgedFilesAreRefused as a whole, with one problem each; the other lessons have theirs.
func TestForgedFilesAreRefused(t *testing.T) {
	programs, results := recordable()
	good, _ := Record(programs, results)
	other := programs[0]
	other.ID = "other/once"
	of := results[0]
	of.ID = other.ID
	otherFile, _ := Record([]program.Program{other}, []Result{of})
	text := string(good)
	for name, content := range map[string]string{
		"empty":             "",
		"cut":               text[:len(text)/2],
		"no JSON":           "<html>",
		"more after it":     text + "{}",
		"not a number":      strings.Replace(text, `"wall":5000000`, `"wall":NaN`, 1),
		"a huge number":     strings.Replace(text, `"wall":5000000`, `"wall":1e300`, 1),
		"a huge fraction":   strings.Replace(text, `"load":0.5`, `"load":1e400`, 1),
		"an unknown field":  strings.Replace(text, `"wall":`, `"verdict":`, 1),
		"another version":   strings.Replace(text, fmt.Sprintf("%d", Version), "99999", 1),
		"no version":        `{"results": []}`,
		"a result twice":    strings.Replace(text, `"results": [`, `"results": [`+strings.TrimSuffix(text[strings.Index(text, "[\n"):][1:], "]}\n")+",", 1),
		"a text for a list": `{"version": ` + fmt.Sprint(Version) + `, "results": "x"}`,
		"deep":              strings.Repeat(`{"version":`, 1<<16),
		"too large":         text + strings.Repeat(" ", maxRecordedFile),
	} {
		if content == text {
			t.Fatalf("%s: it is as it was", name)
		}
		fsys := fstest.MapFS{"recorded/lesson.json": {Data: []byte(content)}, "recorded/other.json": {Data: otherFile}}
		got, found := ReadRecorded(fsys, append(slices.Clone(programs), other), now)
		if len(got) != 1 || got[0].ID != other.ID || len(found) != 1 || found[0].File != "recorded/lesson.json" {
			t.Errorf("%s: %d results, problems %v", name, len(got), found)
		}
	}
	odd := fstest.MapFS{"recorded/lesson.json": {Mode: fs.ModeNamedPipe}, "recorded/other.json": {Mode: fs.ModeDir}}
	if got, found := ReadRecorded(odd, append(slices.Clone(programs), other), now); len(got) > 0 || len(found) != 2 {
		t.Errorf("of a pipe and a directory: %v, %v", got, found)
	}
}

// TestRecordedTextIsValid: JSON can hold bytes that no text is.
func TestRecordedTextIsValid(t *testing.T) {
	programs, results := recordable()
	content, _ := Record(programs[1:2], results[1:2])
	content = []byte(strings.ReplaceAll(string(content), "a processor", "a \xff\\ud800"))
	got, found := ReadRecorded(inFile(content), programs, now)
	if len(got) != 1 || got[0].Machine.CPU != "a \uFFFD\uFFFD" {
		t.Errorf("%+v, %v", got, found)
	}
}

// TestEveryNumberIsBounded: no field of a result may be added that is not looked at.
func TestEveryNumberIsBounded(t *testing.T) {
	var walk func(of reflect.Type, at string)
	seen := make(map[reflect.Type]bool)
	walk = func(of reflect.Type, at string) {
		switch of.Kind() {
		case reflect.Slice, reflect.Pointer, reflect.Map:
			walk(of.Elem(), at+"[]")
		case reflect.Struct:
			if seen[of] || of == timeType || of == pointType {
				return
			}
			seen[of] = true
			for i := range of.NumField() {
				walk(of.Field(i).Type, at+"."+of.Field(i).Name)
			}
		case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64:
		default:
			t.Errorf("%s is of kind %v, which bounded does not look at", at, of.Kind())
		}
	}
	walk(reflect.TypeFor[Result](), "Result")
}

func FuzzRecorded(f *testing.F) {
	programs, results := recordable()
	content, _ := Record(programs, results)
	f.Add(content)
	for i := range programs {
		one, _ := Record(programs[i:i+1], results[i:i+1])
		f.Add(one)
	}
	f.Add([]byte(`{"version": 8, "results": [{"runs": [{"mode": "thread@1e999"}], "noise": {"thread@NaN": ""}}]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		got, found := ReadRecorded(inFile(content), programs, now)
		if len(found) > 0 && found[0].File != "recorded/lesson.json" {
			t.Errorf("%v", found)
		}
		for _, r := range got {
			if !r.Recorded || len(r.Problems) > 0 || r.Counted() < 0 {
				t.Errorf("%+v", r)
			}
			if _, err := json.Marshal(r); err != nil {
				t.Error(err)
			}
			again, missing := Record(programs, []Result{r})
			if len(again) == 0 || len(missing) != len(programs)-1 {
				t.Errorf("it cannot be recorded again: %+v", r)
			}
		}
	})
}
