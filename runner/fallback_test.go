package runner

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"course/program"
	"course/runner/build"
	"course/runner/store"

	"github.com/google/go-cmp/cmp"
)

// byGoBuild has the go command build every program.
func byGoBuild(store string) *Runner {
	return &Runner{Store: Store{Dir: store}, building: build.Config{GoBuild: "the test wants it"}}
}

func TestGoBuildGivesTheSamePrograms(t *testing.T) {
	some := func(names ...string) map[string]string { // of those with which merging is tested; the go command takes half a second for each
		chosen := make(map[string]string)
		for _, name := range names {
			chosen[name] = alike[name] + alikeWorkers[name]
		}
		return chosen
	}
	programs := slices.Concat(
		together(some("panics", "goroutine", "deadlock", "exits", "types", "arguments", "order", "broken", "vetted"),
			"var _, _, _, _ = fmt.Print, os.Exit, sync.NewCond, time.Now"),
		together(some("squares", "dies", "counter", "stuck"), "var _ = fmt.Print", program.Thread, program.Process),
		[]program.Program{
			cell("unlinked", "import _ \"unsafe\"\n\n//go:linkname none runtime.none\nfunc none()\n\nfunc main() { none() }"),
			cell("mainless", "func start() {}"),
			cell("many", "func main() {\n\ta := 1\n\tb := 2\n\tc := 3\n\td := 4\n\te := 5\n\tf := 6\n\tg := 7\n\th := 8\n\ti := 9\n\tj := 10\n\tk := 11\n}"),
			cell("syntax", "func main() {\n\tx := `\n}"),
			with(cell("compiled", "var x int = 1\n\nfunc main() {}"), func(o *program.Options) { o.Modes = nil }),
			with(cell("refused", "func main() { x }"), func(o *program.Options) {
				o.Expect = map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.NotCompiled}}}
			}),
		})
	direct, indirect := run(t, newRunner(), programs...), run(t, byGoBuild(t.TempDir()), programs...)
	for _, p := range programs {
		one, other := direct[p.Name()], indirect[p.Name()]
		if one.Fallback != "" || other.Fallback != "the test wants it" {
			t.Errorf("%s: built by %q and by %q", p.ID, one.Fallback, other.Fallback)
		}
		if d := cmp.Diff(told(one), told(other)); d != "" {
			t.Errorf("%s: (-compile and link +go build)\n%s", p.ID, d)
		}
	}
}

// What only the go command carries out, it does.
func TestADirectiveForTheGoCommandIsCarriedOut(t *testing.T) {
	text := "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tdefer func() { fmt.Println(recover()) }()\n\tpanic(nil)\n}\n"
	usual, old := cell("usual", ""), cell("old", "")
	usual.Source, old.Source = "//line usual.cell:1:1\n"+text, "//line old.cell:1:1\n//go:debug panicnil=1\n"+text
	got := run(t, newRunner(), usual, old)
	for name, want := range map[string]string{"usual": "panic called with nil argument", "old": "<nil>"} {
		if lines := texts(got[name].Runs[0].Output, false); !slices.Equal(lines, []string{want}) {
			t.Errorf("%s prints %q, want %q", name, lines, want)
		}
	}
	if why := got["old"].Fallback; why != "//go:debug panicnil=1" {
		t.Errorf("go build was used, for %q", why)
	}
}

// A compiler or linker that cannot be called as ours is, is called by the go command; a stand-in for one that takes other
// flags refuses what the runner alone gives it.
func TestAToolThatRefusesIsCalledByGoBuild(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the stand-ins are shell scripts")
	}
	for tool, flag := range map[string]string{"compile": "-nolocalimports -importcfg /", "link": "-importcfg /"} {
		t.Run(tool, func(t *testing.T) {
			dir := t.TempDir()
			r := &Runner{Store: Store{Dir: dir}}
			programs := []program.Program{cell("first", "func main() { println(1) }"), cell("second", "func main() { println(2) }")}
			run(t, r, programs...) // what they import is compiled, and the toolchain is known
			tools, err := build.KnownToolchain(r.shelf, "")
			if err != nil {
				t.Fatalf("the toolchain is not known: %v", err)
			}
			real := tools.Tools
			tools.Tools = t.TempDir()
			for _, name := range []string{"compile", "link"} {
				script := "#!/bin/sh\nexec " + filepath.Join(real, name) + ` "$@"` + "\n"
				if name == tool {
					script = "#!/bin/sh\necho 'flag provided but not defined: " + flag + "'\nexit 2\n"
				}
				if err := os.WriteFile(filepath.Join(tools.Tools, name), []byte(script), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			if err := r.shelf.Save(store.Toolchains, onlyKey(t, dir, store.Toolchains), tools); err != nil {
				t.Fatal(err)
			}
			for name, result := range run(t, r, programs...) {
				if !strings.Contains(result.Fallback, "flag provided but not defined") {
					t.Errorf("%s: go build was used for %q", name, result.Fallback)
				}
				if len(result.Problems) > 0 || len(result.Runs) != 1 {
					t.Errorf("%s: %+v", name, result)
				}
			}
		})
	}
}
