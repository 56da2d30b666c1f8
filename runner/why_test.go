package runner

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"course/runner/machine"

	"course/program"

	"github.com/google/go-cmp/cmp"
)

// TestWhySaysWhatChanged runs a program and changes one thing after the other.
func TestWhySaysWhatChanged(t *testing.T) {
	here := machine.Machine{OS: "linux", CPU: "one"}
	r := &Runner{Store: Store{Dir: t.TempDir()}, Machine: &here, Course: "course"}
	p := cell("kept", "func main() {}")
	if got := r.Why([]program.Program{p})[0]; got.Kind != NotAsked {
		t.Errorf("before the go command was asked: %+v", got)
	}
	if err := r.Ask(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got := r.Why([]program.Program{p})[0]; got.Kind != NeverRan || got.ID != p.ID {
		t.Errorf("before it ran: %+v", got)
	}
	run(t, r, p)
	found(t, r, p)
	there := machine.Machine{OS: "linux", CPU: "another"}
	confined, _ := r.knownSandbox()
	tests := map[string]struct {
		change func(*program.Program, *Runner)
		want   Reason
	}{
		"nothing": {func(*program.Program, *Runner) {}, Reason{Kind: Kept}},
		"source":  {func(p *program.Program, _ *Runner) { p.Source += "// more\n" }, Reason{Kind: Changed, Changes: []Change{{What: "source"}}}},
		"timeout and environment": {
			func(p *program.Program, _ *Runner) {
				p.Options.Timeout, p.Options.Env = time.Second, []string{"A=1"}
			},
			Reason{Kind: Changed, Changes: []Change{{"timeout", "1m0s", "1s"}, {"env", "", `["A=1"]`}}},
		},
		"trust": {
			func(_ *program.Program, r *Runner) { r.Trusted = func(program.Program) bool { return true } },
			Reason{Kind: Changed, Changes: []Change{{"sandbox", confinement(false, confined.Layers), "off"}}},
		},
		"machine, which does not count": {func(_ *program.Program, r *Runner) { r.Machine = &there }, Reason{Kind: Kept}},
		"name":                          {func(p *program.Program, _ *Runner) { p.ID = "lesson/other" }, Reason{Kind: Kept}},
		"course":                        {func(p *program.Program, r *Runner) { r.Course, p.Source = "another", p.Source+"// more\n" }, Reason{Kind: NeverRan}},
	}
	for name, test := range tests {
		q, other := p, &Runner{Store: r.Store, Machine: &here, Course: r.Course}
		test.change(&q, other)
		test.want.ID = q.ID
		if diff := cmp.Diff(test.want, other.Why([]program.Program{q})[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// found looks for the result of p, as whoever shows a course does.
func found(t *testing.T, r *Runner, p program.Program) {
	t.Helper()
	if results, _ := r.Stored([]program.Program{p}); len(results) != 1 {
		t.Fatal("it is not stored")
	}
}

// TestARunOnOtherTermsIsNotWhatChanged: the user had a cell run quickly, which is nothing that the course says.
func TestARunOnOtherTermsIsNotWhatChanged(t *testing.T) {
	r := &Runner{Store: Store{Dir: t.TempDir()}}
	p := cell("kept", "func main() {}")
	run(t, r, p)
	found(t, r, p)
	run(t, r, with(p, func(o *program.Options) { o.Procs = 1 }))
	p.Source += "// more\n"
	if got := (&Runner{Store: r.Store}).Why([]program.Program{p})[0].String(); got != "changed: source" {
		t.Error(got)
	}
}

// TestWhyComparesWithTheLastResultThatWasFound: it went there and back, and then elsewhere.
func TestWhyComparesWithTheLastResultThatWasFound(t *testing.T) {
	r := &Runner{Store: Store{Dir: t.TempDir()}}
	first := cell("kept", "func main() {}")
	second := with(first, func(o *program.Options) { o.Procs = 1 })
	third := with(first, func(o *program.Options) { o.Procs = 2 })
	run(t, r, first)
	run(t, r, second)
	found(t, r, first)
	found(t, r, second)
	again := &Runner{Store: r.Store}
	if got := again.Why([]program.Program{third})[0].String(); got != "changed: procs 1 → 2" {
		t.Errorf("after the second: %s", got)
	}
	found(t, again, first)
	if got := again.Why([]program.Program{third})[0].String(); got != "changed: procs (now 2)" {
		t.Errorf("after the first was found again: %s", got)
	}
}

func TestWhyTellsRemovedFromDamaged(t *testing.T) {
	r := &Runner{Store: Store{Dir: t.TempDir()}}
	p := cell("kept", "func main() {}")
	file := resultFile(r.Store.Dir, run(t, r, p)["kept"].Key)
	found(t, r, p)
	if err := os.WriteFile(file, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	why := func() Why { return (&Runner{Store: r.Store}).Why([]program.Program{p})[0].Kind }
	if got := why(); got != Damaged {
		t.Errorf("damaged: %s", got)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if got := why(); got != Removed {
		t.Errorf("removed: %s", got)
	}
}

// TestWhyNamesEachInput: whatever is in a key can be named as what changed.
func TestWhyNamesEachInput(t *testing.T) {
	text := "in"
	p := program.Program{Source: "package main", Options: program.Options{
		Modes: []program.Mode{program.Thread}, Measure: true, Timeout: 1, Procs: 1, Stdin: &text, Env: []string{"A=1"},
		Files:  map[string]string{"a": "b"},
		Output: map[program.Mode]program.Output{program.Thread: {Text: "x"}},
	}}
	all := terms{toolchain: "go1\n\n", worker: strings.Repeat("0", 64), machine: machine.Machine{CPU: "x", Kernel: "y", Cores: 1, Memory: 1}}.inputs(p, false)
	var names []string
	for i, in := range all {
		if slices.Contains(names, in.name) {
			t.Errorf("two inputs are called %q", in.name)
		}
		names = append(names, in.name)
		other := slices.Clone(all)
		other[i].value += "\nmore"
		got := changes(all.brief(), other.brief())
		if len(got) != 1 || got[0].What != in.name {
			t.Errorf("%s changed, and what is said is %v", in.name, got)
		}
	}
	if got := changes(all.brief(), nil); len(got) != len(all) {
		t.Errorf("of %d inputs that are gone, %d are named", len(all), len(got))
	}
}

func TestWhyWithoutGo(t *testing.T) {
	r := &Runner{Go: filepath.Join(t.TempDir(), "go")}
	if got := r.Why([]program.Program{cell("kept", "func main() {}")})[0]; got.Kind != NoGo {
		t.Errorf("%+v", got)
	}
}
