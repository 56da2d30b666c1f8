package runner

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"course/runner/machine"

	"course/program"
	"course/runner/store"
)

// entries returns the files of entries in a store, by kind.
func entries(t *testing.T, dir string) map[store.Kind][]string {
	t.Helper()
	found := make(map[store.Kind][]string)
	for _, kind := range store.Kinds() {
		names, err := filepath.Glob(filepath.Join(dir, string(kind), "*", "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		found[kind] = names
	}
	return found
}

// resultFile is the file of the result of that key.
func resultFile(dir, key string) string {
	return filepath.Join(dir, string(store.Results), key[:2], key+".json")
}

// onlyKey returns the key of the one entry of a kind.
func onlyKey(t *testing.T, dir string, kind store.Kind) string {
	t.Helper()
	names := entries(t, dir)[kind]
	if len(names) != 1 {
		t.Fatalf("entries of %s are %q", kind, names)
	}
	return strings.TrimSuffix(filepath.Base(names[0]), ".json")
}

// TestStoredMissesWhatIsDamaged: whichever file of a store is damaged, nothing wrong is shown.
func TestStoredMissesWhatIsDamaged(t *testing.T) {
	dir := t.TempDir()
	p := cell("kept", "func main() {}")
	run(t, &Runner{Store: Store{Dir: dir}}, p)
	stored := func() int {
		results, _ := (&Runner{Store: Store{Dir: dir}}).Stored([]program.Program{p})
		return len(results)
	}
	for kind, files := range entries(t, dir) {
		for _, name := range files {
			whole, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, content := range [][]byte{nil, whole[:len(whole)-1], []byte("{}"), []byte("\n{}")} {
				if err := os.WriteFile(name, content, 0o600); err != nil {
					t.Fatal(err)
				}
				needed := kind == store.Results || kind == store.Toolchains || kind == store.Sandboxes
				if n := stored(); needed && n != 0 || !needed && n != 1 {
					t.Errorf("with %s damaged, %d are stored: %.100q", name, n, content)
				}
			}
			if err := os.WriteFile(name, whole, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if stored() != 1 {
		t.Error("it is not stored any more")
	}
}

func TestARunReplacesWhatIsDamaged(t *testing.T) {
	dir := t.TempDir()
	r := &Runner{Store: Store{Dir: dir}}
	p := cell("kept", `func main() { worker.Println("x") }`, program.Thread)
	run(t, r, p)
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.WriteFile(name, []byte("damaged"), 0o600) // package worker's source as well
	})
	if err != nil {
		t.Fatal(err)
	}
	again := &Runner{Store: Store{Dir: dir}}
	if got := run(t, again, p)["kept"]; len(got.Problems) > 0 || len(got.Runs) != 1 {
		t.Errorf("%+v", got)
	}
	if results, _ := again.Stored([]program.Program{p}); len(results) != 1 {
		t.Error("it is not stored again")
	}
}

func TestAForeignEntryIsAMiss(t *testing.T) {
	dir := t.TempDir()
	r := &Runner{Store: Store{Dir: dir}}
	p, q := cell("one", "func main() {}"), cell("two", "func main() {}")
	results := run(t, r, p, q)
	one, two := resultFile(dir, results["one"].Key), resultFile(dir, results["two"].Key)
	if err := os.Rename(one, two); err != nil {
		t.Fatal(err)
	}
	if stored, stale := r.Stored([]program.Program{p, q}); len(stored) != 0 || len(stale) != 2 {
		t.Errorf("stored %v", stored)
	}
}

// TestSeveralToolsShareAStore, which are processes of their own, while one has a limit so small that it evicts whatever it does not need
// itself, and another cleans.
func TestSeveralToolsShareAStore(t *testing.T) {
	for name, rough := range map[string]bool{"in peace": false, "with one that evicts and one that cleans": true} {
		t.Run(name, func(t *testing.T) {
			shared := Store{Dir: t.TempDir()}
			programs := []program.Program{cell("one", `func main() { println("one") }`), cell("two", `func main() { println("two") }`)}
			var tools sync.WaitGroup
			for i := range 3 {
				e := errand{Programs: programs, Store: shared}
				if rough && i == 0 {
					e.Programs, e.Store.Limit = programs[:1], 1
				}
				cmd := e.tool(t, "")
				tools.Go(func() {
					out, err := cmd.CombinedOutput()
					said := string(out)
					if err != nil || !strings.Contains(said, "over: <nil>") || !strings.Contains(said, "one\n") || strings.Contains(said, "unkept") {
						t.Errorf("a tool says %s (%v)", said, err)
					}
					if !rough && strings.Contains(said, "are lost") {
						t.Errorf("a tool says %s", said)
					}
				})
			}
			done := make(chan struct{})
			if rough {
				go func() {
					defer close(done)
					for range 200 {
						if _, err := store.Clean(shared.Dir, false); err != nil && !errors.Is(err, store.ErrNoStore) {
							t.Error(err)
						}
					}
				}()
			} else {
				close(done)
			}
			tools.Wait()
			<-done
			r := &Runner{Store: shared}
			run(t, r, programs...)
			if results, _ := (&Runner{Store: shared}).Stored(programs); len(results) != 2 {
				t.Errorf("%d stored", len(results))
			}
		})
	}
}

func TestEverythingThatShapesAResultIsInItsKey(t *testing.T) {
	input := ""
	base := program.Program{Source: "package main", Options: program.Options{Modes: []program.Mode{program.Plain}}} // what is only compiled has no sandbox
	changes := map[string]func(*program.Program){
		"source":  func(p *program.Program) { p.Source += "\n" },
		"modes":   func(p *program.Program) { p.Options.Modes = []program.Mode{program.Thread} },
		"measure": func(p *program.Program) { p.Options.Measure = true },
		"repeat":  func(p *program.Program) { p.Options.Measure, p.Options.Repeat = true, 3 },
		"vary":    func(p *program.Program) { p.Options.Vary.Outcome = true },
		"varied":  func(p *program.Program) { p.Options.Vary.Outcome, p.Options.Repeat = true, 3 },
		"timeout": func(p *program.Program) { p.Options.Timeout = 1 },
		"procs":   func(p *program.Program) { p.Options.Procs = 1 },
		"stdin":   func(p *program.Program) { p.Options.Stdin = &input },
		"env":     func(p *program.Program) { p.Options.Env = []string{"A=1"} },
		"envs":    func(p *program.Program) { p.Options.Env = []string{"A=1", "B=2"} },
		"file":    func(p *program.Program) { p.Options.Files = map[string]string{"a": "b"} },
		"files":   func(p *program.Program) { p.Options.Files = map[string]string{"a": "", "b": ""} },
		"output":  func(p *program.Program) { p.Options.Output = map[program.Mode]program.Output{"plain": {Text: "x"}} },
		"unsorted": func(p *program.Program) {
			p.Options.Output = map[program.Mode]program.Output{"plain": {Text: "x", Unordered: true}}
		},
		"expect": func(p *program.Program) {
			p.Options.Expect = map[program.Mode]program.Outcomes{"plain": {{Kind: program.Exited, Exit: 1}}}
		},
		"expect 1 or 2": func(p *program.Program) {
			p.Options.Expect = map[program.Mode]program.Outcomes{"plain": {{Kind: program.Exited, Exit: 1}, {Kind: program.Exited, Exit: 2}}}
		},
		"expect 2": func(p *program.Program) {
			p.Options.Expect = map[program.Mode]program.Outcomes{"plain": {{Kind: program.Exited, Exit: 2}}}
		},
	}
	keys := map[string]string{terms{}.key(base, false): "nothing"}
	add := func(name, key string) {
		if other, ok := keys[key]; ok {
			t.Errorf("%s has the key of %s", name, other)
		}
		keys[key] = name
	}
	for name, change := range changes {
		p := base
		change(&p)
		add(name, terms{}.key(p, false))
	}
	add("trust", terms{}.key(base, true))
	add("toolchain", terms{toolchain: "go1.27"}.key(base, false))
	add("worker", terms{worker: "other"}.key(base, false))
	add("system", terms{machine: machine.Machine{OS: "plan9"}}.key(base, false))
	measured := base
	measured.Options.Measure = true
	for name, m := range map[string]machine.Machine{
		"CPU": {CPU: "x"}, "kernel": {Kernel: "x"}, "cores": {Cores: 1}, "memory": {Memory: 1},
		"threads per core": {ThreadsPerCore: 2}, "quota": {Quota: 1.5}, "memory limit": {MemoryLimit: 1},
	} {
		add(name, terms{machine: m}.key(measured, false))
	}
	varies := base
	varies.Options.Vary.Outcome = true
	for name, b := range map[string]Budget{"cell": {Cell: time.Second}, "course": {Course: time.Minute}} {
		add("budget of the "+name, terms{budget: b}.key(measured, false))
		add("budget of the "+name+" for outcomes", terms{budget: b}.key(varies, false))
	}
	if repeated := with(measured, func(o *program.Options) { o.Repeat = 9 }); (terms{budget: Budget{Cell: time.Second}}).key(repeated, false) != (terms{}).key(repeated, false) {
		t.Error("a number of runs that the lesson gives depends on the budget of a cell")
	}
	named := base
	named.ID = "lesson/cell"
	if keys[terms{}.key(named, false)] != "nothing" {
		t.Error("the key depends on the ID")
	}
}

func TestAStoreThatCannotBeWrittenKeepsInMemory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r := &Runner{Store: Store{Dir: filepath.Join(file, "store")}}
	p := cell("unkept", `func main() { println("x") }`)
	run(t, r, p)
	if _, stale := r.Stored([]program.Program{p}); len(stale) > 0 {
		t.Error("this Runner does not keep it")
	}
	if _, stale := (&Runner{Store: r.Store}).Stored([]program.Program{p}); len(stale) == 0 {
		t.Error("another Runner has it")
	}
}
