package runner

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"course/program"

	"github.com/google/go-cmp/cmp"
)

// entries returns the files of entries in a store, by kind.
func entries(t *testing.T, dir string) map[string][]string {
	t.Helper()
	found := make(map[string][]string)
	for _, kind := range entryKinds() {
		walkFiles(filepath.Join(dir, kind), func(name string, _ fs.FileInfo) {
			found[kind] = append(found[kind], name)
		})
	}
	return found
}

// TestADamagedEntryIsAMiss damages an entry of each kind in each of its bytes, and cuts it off at each.
func TestADamagedEntryIsAMiss(t *testing.T) {
	dir := t.TempDir()
	p := cell("kept", `func main() { worker.Println("x") }`, program.Thread)
	timed := with(cell("timed", "func main() {}"), func(o *program.Options) { o.Measure, o.Repeat = true, 1 })
	r := &Runner{Store: Store{Dir: dir}, pressure: calm}
	run(t, r, p, timed)
	for _, kind := range entryKinds() {
		if len(entries(t, dir)[kind]) == 0 { // such programs have none of it
			if err := r.shelf.save(kind, entryKey(0), map[string]string{"some": "value"}); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range entries(t, dir)[kind] {
			whole, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var value any
			if !decode(whole, &value) {
				t.Errorf("%s is not whole", name)
			}
			damaged := append(whole[:len(whole):len(whole)], ' ')
			if decode(damaged, &value) {
				t.Errorf("%s counts with a byte more", name)
			}
			damaged = slices.Clone(whole)
			for i := range whole {
				damaged[i] ^= 0x20
				if decode(damaged, &value) {
					t.Errorf("%s counts with byte %d changed", name, i)
				}
				if decode(whole[:i], &value) {
					t.Errorf("%s counts with %d bytes of %d", name, i, len(whole))
				}
				damaged[i] = whole[i]
			}
		}
	}
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
				needed := kind == resultEntry || kind == toolchainEntry
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

// TestAModuleIsMadeWholeAgain: a file that is cut off, changed, gone, or of somebody else is as it should be before the
// go command compiles package worker.
func TestAModuleIsMadeWholeAgain(t *testing.T) {
	i := &imports{shelf: &shelf{}, dir: t.TempDir(), mod: "module course\n", worker: workerFiles()}
	module, err := i.module(i.dir)
	if err != nil {
		t.Fatal(err)
	}
	content := func() map[string]string {
		files := make(map[string]string)
		walkFiles(module, func(name string, _ fs.FileInfo) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Error(err)
			}
			files[name] = string(text)
		})
		return files
	}
	whole := content()
	n := 0
	for name, text := range whole {
		at := n * 7919 % len(text) // somewhere
		flipped := []byte(text)
		flipped[at] ^= 0x20
		for _, damage := range []func() error{
			func() error { return os.WriteFile(name, flipped, 0o600) },
			func() error { return os.Truncate(name, int64(at)) },
			func() error { return os.Remove(name) },
			func() error { return os.WriteFile(name+".go", []byte("package other"), 0o600) },
		} {
			if err := damage(); err != nil {
				t.Fatal(err)
			}
			if _, err := i.module(i.dir); err != nil {
				t.Fatal(err)
			}
		}
		if n++; n == 10 {
			break // each is treated alike
		}
	}
	if diff := cmp.Diff(whole, content()); diff != "" {
		t.Errorf("the module is not what it was:\n%.1000s", diff)
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
	one, two := r.shelf.path(resultEntry, results["one"].Key), r.shelf.path(resultEntry, results["two"].Key)
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
			store := Store{Dir: t.TempDir()}
			programs := []program.Program{cell("one", `func main() { println("one") }`), cell("two", `func main() { println("two") }`)}
			var tools sync.WaitGroup
			for i := range 3 {
				e := errand{Programs: programs, Store: store}
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
						if _, err := Clean(store.Dir, false); err != nil && !errors.Is(err, ErrNoStore) {
							t.Error(err)
						}
					}
				}()
			} else {
				close(done)
			}
			tools.Wait()
			<-done
			r := &Runner{Store: store}
			run(t, r, programs...)
			if results, _ := (&Runner{Store: store}).Stored(programs); len(results) != 2 {
				t.Errorf("%d stored", len(results))
			}
		})
	}
}

func TestEverythingThatShapesAResultIsInItsKey(t *testing.T) {
	input := ""
	base := program.Program{Source: "package main"}
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
	add("system", terms{machine: Machine{OS: "plan9"}}.key(base, false))
	measured := base
	measured.Options.Measure = true
	for name, m := range map[string]Machine{
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

func TestAnEntryThatIsADirectoryIsReplaced(t *testing.T) {
	s := &shelf{dir: t.TempDir()}
	entry := s.path(resultEntry, "key")
	if err := os.MkdirAll(filepath.Join(entry, "below"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.save(resultEntry, "key", "value"); err != nil {
		t.Fatal(err)
	}
	var got string
	if (&shelf{dir: s.dir}).load(resultEntry, "key", &got); got != "value" {
		t.Errorf("got %q", got)
	}
}
