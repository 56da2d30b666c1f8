package build

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"course/program"
	"course/runner/store"
)

// kept is shared by tests, so that each does not ask the toolchain anew.
var kept *store.Shelf

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "build-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	kept = store.Open(dir)
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// cell makes a program as lessons does: each import on the third line, then the text.
func cell(id, text string) program.Program {
	var imports strings.Builder
	for _, name := range []string{"fmt", "os"} {
		if strings.Contains(text, name+".") {
			fmt.Fprintf(&imports, "import %q\n", name)
		}
	}
	source := fmt.Sprintf("package main\n%s\n//line %s.cell:1:1\n%s\n", imports.String(), id, text)
	return program.Program{ID: "lesson/" + id, Source: source, Options: program.Options{Modes: []program.Mode{program.Plain}}}
}

// planned assembles a plan for programs, none of which imports package worker.
func planned(t *testing.T, c Config, programs []program.Program) *Plan {
	t.Helper()
	toolchain, err := AskToolchain(t.Context(), kept, "")
	if err != nil {
		t.Fatal(err)
	}
	c.Toolchain, c.Shelf = toolchain, kept
	if c.Dir == "" {
		c.Dir = t.TempDir()
	}
	p := NewPlan(c)
	if err := p.Assemble(t.Context(), programs); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestItIsToldThatTheStandardLibraryIsCompiled where that takes long, as on a machine that has never built anything; where it is there, nothing is.
func TestItIsToldThatTheStandardLibraryIsCompiled(t *testing.T) {
	toolchain, err := AskToolchain(t.Context(), kept, "")
	if err != nil {
		t.Fatal(err)
	}
	for wait, want := range map[time.Duration]string{time.Nanosecond: "the standard library", time.Hour: ""} {
		told := ""
		p := NewPlan(Config{
			Toolchain: toolchain, Shelf: store.Open(""), Dir: t.TempDir(), Slow: wait,
			Compiling: func(what string) { told += what },
		})
		if err := p.Assemble(t.Context(), []program.Program{cell("one", "func main() { fmt.Println(1) }")}); err != nil || told != want {
			t.Errorf("after %v: told of %q, %v", wait, told, err)
		}
	}
}

// Nor is it told that it is compiled for the race detector where that is there, or cannot be.
func TestWhatIsNotCompiledIsNotTold(t *testing.T) {
	racy := cell("racy", "func main() { fmt.Println(1) }")
	racy.Options.Race = true
	for _, c := range []struct {
		compiler string
		slow     time.Duration
	}{{"", time.Hour}, {"course-no-such-compiler", time.Nanosecond}} {
		name, slow := c.compiler, c.slow
		if name != "" {
			t.Setenv("CC", name)
		}
		toolchain, err := AskToolchain(t.Context(), store.Open(""), "")
		if err != nil {
			t.Fatal(err)
		}
		p := NewPlan(Config{
			Toolchain: toolchain, Shelf: store.Open(""), Dir: t.TempDir(), Slow: slow,
			Compiling: func(what string) { t.Errorf("with %q as the C compiler: told of %q", name, what) },
		})
		if err := p.Assemble(t.Context(), []program.Program{racy}); err != nil {
			t.Error(err)
		}
	}
}

// Compiling what programs import is bounded in time: a tool that waits for a lock, or for a disk, is not waited for.
func TestCompilingWhatProgramsImportTakesNotForEver(t *testing.T) {
	toolchain, err := AskToolchain(t.Context(), kept, "")
	if err != nil {
		t.Fatal(err)
	}
	p := NewPlan(Config{Toolchain: toolchain, Shelf: store.Open(""), Dir: t.TempDir(), ImportBounds: Bounds{Time: time.Millisecond}})
	err = p.Assemble(t.Context(), []program.Program{cell("one", "func main() { fmt.Println(1) }")})
	if err == nil || !strings.Contains(err.Error(), "compile what cells import: it takes more than 1ms") {
		t.Errorf("error %v", err)
	}
}

// Who builds at the same time shares the memory that there is.
func TestBuildersShareTheMemory(t *testing.T) {
	for _, test := range []struct {
		config Config
		want   int64
	}{
		{Config{}, 2 << 30},
		{Config{Builders: 4}, 2 << 30},
		{Config{Memory: 64 << 30, Builders: 4}, 2 << 30},
		{Config{Memory: 3 << 30, Builders: 4}, 768 << 20},
		{Config{Memory: 1 << 30}, 1 << 30},
	} {
		if got := test.config.bounds().Memory; got != test.want {
			t.Errorf("%+v: %d bytes, want %d", test.config, got, test.want)
		}
	}
	if got := (Config{Memory: 3 << 30, Builders: 4}).importBounds().Memory; got != 3<<30 {
		t.Errorf("compiling what programs import may take %d bytes", got)
	}
}

// built builds p by itself.
func built(t *testing.T, c Config, p program.Program) Build {
	t.Helper()
	b, err := planned(t, c, []program.Program{p}).NewBuilder().Build(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// builtTogether builds programs as they are grouped, one after the other, and places their binaries.
func builtTogether(t *testing.T, c Config, programs []program.Program) []Build {
	t.Helper()
	plan := planned(t, c, programs)
	builder := plan.NewBuilder()
	builds := make([]Build, len(programs))
	for _, group := range plan.Groups(programs) {
		if len(group) == 1 {
			b, err := builder.Build(t.Context(), programs[group[0]])
			if err != nil {
				t.Fatal(err)
			}
			builds[group[0]] = b
			continue
		}
		merge := plan.NewMerge(len(group))
		for number, i := range group {
			if last, err := merge.Compile(t.Context(), builder, number, programs[i]); err != nil || last != (number == len(group)-1) {
				t.Fatalf("last %v, %v", last, err)
			}
		}
		merged, err := merge.Link(t.Context(), builder)
		if err != nil {
			t.Fatal(err)
		}
		for number, one := range merged {
			if one.Alone {
				t.Fatalf("%s is to be built by itself", one.Program.ID)
			}
			builds[group[number]] = one.Build
		}
	}
	for _, b := range builds {
		if err := b.Place(); err != nil {
			t.Fatal(err)
		}
	}
	return builds
}
