package runner

import (
	"archive/zip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"course/problem"
	"course/program"
	"course/runner/build"

	"github.com/google/go-cmp/cmp"
)

// A proxy is a directory that serves modules (go.dev/ref/mod, "GOPROXY protocol").
type proxy string

// newProxy has the go command get modules from a new proxy, and keep them in a cache of the test's alone.
func newProxy(t *testing.T) proxy {
	t.Helper()
	cache := t.TempDir()
	t.Cleanup(func() { _ = removeAll(cache) }) // what is in it may not be written to
	dir := filepath.ToSlash(t.TempDir())
	t.Setenv("GOMODCACHE", cache)
	t.Setenv("GOPROXY", "file:///"+strings.TrimPrefix(dir, "/"))
	t.Setenv("GOSUMDB", "off")
	t.Setenv("GOFLAGS", "")
	return proxy(dir)
}

// add adds a module of the given files, among which a go.mod.
func (p proxy) add(t *testing.T, path, version string, files map[string]string) {
	t.Helper()
	base := filepath.Join(string(p), filepath.FromSlash(path), "@v", version)
	if err := os.MkdirAll(filepath.Dir(base), 0o755); err != nil {
		t.Fatal(err)
	}
	archive, err := os.Create(base + ".zip")
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	w := zip.NewWriter(archive)
	for name, content := range files {
		f, err := w.Create(path + "@" + version + "/" + name)
		if err == nil {
			_, err = f.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{".info": fmt.Sprintf(`{"Version":%q}`, version), ".mod": files["go.mod"]} {
		if err := os.WriteFile(base+name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// fill adds example.org/greet, which has a package of its own and one below it, and requires example.org/words.
func (p proxy) fill(t *testing.T) {
	t.Helper()
	for version, hello := range map[string]string{"v0.9.0": "hi", "v1.0.0": "hello", "v1.1.0": "good day"} {
		p.add(t, "example.org/words", version, map[string]string{
			"go.mod": "module example.org/words\n\ngo 1.20\n", "words.go": fmt.Sprintf("package words\n\nconst Hello = %q\n", hello),
		})
	}
	p.add(t, "example.org/greet", "v0.1.0", map[string]string{
		"go.mod":       "module example.org/greet\n\ngo 1.20\n\nrequire example.org/words v1.0.0\n",
		"greet.go":     "package greet\n\nimport \"example.org/words\"\n\nfunc Say() string { return words.Hello }\n",
		"loud/loud.go": "package loud\n\nimport \"example.org/greet\"\n\nfunc Say() string { return greet.Say() + \"!\" }\n",
	})
}

// importing is a program that imports a package of a module, and prints what its Say returns.
func importing(id, path string, modules program.Modules) program.Program {
	name := path[strings.LastIndexByte(path, '/')+1:]
	return program.Program{
		ID:      "lesson/" + id,
		Source:  fmt.Sprintf("package main\n\nimport %q\n\n//line %s.cell:1:1\nfunc main() { println(%s.Say()) }\n", path, id, name),
		Options: program.Options{Modes: []program.Mode{program.Plain}, Modules: modules},
	}
}

func greetings(version string) program.Modules {
	return program.Modules{Require: []program.Module{{Path: "example.org/greet", Version: version}}}
}

// fetching fetches and returns, beside what came of it, what was told of.
func fetching(t *testing.T, r *Runner, programs ...program.Program) (f build.Fetched, told []Event) {
	t.Helper()
	f, err := r.Fetch(t.Context(), programs, func(e Event) { told = append(told, e) })
	if err != nil {
		t.Fatal(err)
	}
	return f, told
}

// summed returns modules with all sums that they need for programs.
func summed(t *testing.T, r *Runner, path string, m program.Modules) program.Modules {
	t.Helper()
	f, _ := fetching(t, r, importing("first", path, m))
	m.Sums = strings.Join(f.Missing, "\n") + "\n"
	return m
}

func TestModulesAreFetchedAndBuiltWith(t *testing.T) {
	newProxy(t).fill(t)
	store := Store{Dir: t.TempDir()}
	r := &Runner{Store: store}
	bare := importing("loud", "example.org/greet/loud", greetings("v0.1.0"))
	f, told := fetching(t, r, bare, cell("plain", `func main() {}`))
	if d := cmp.Diff([]Event{{Kind: Fetching, What: "example.org/greet v0.1.0"}}, told); d != "" {
		t.Error(d)
	}
	if len(f.Programs) != 1 || f.Programs[0].ID != "lesson/plain" {
		t.Errorf("to be built: %v", f.Programs)
	}
	var names []string
	for _, line := range f.Missing {
		names = append(names, line[:strings.LastIndexByte(line, ' ')])
	}
	want := []string{"example.org/greet v0.1.0", "example.org/greet v0.1.0/go.mod", "example.org/words v1.0.0", "example.org/words v1.0.0/go.mod"}
	if !slices.Equal(names, want) {
		t.Fatalf("problems %v, missing %v, want %v", f.Problems, names, want)
	}
	wantProblems := problem.List{
		{
			Position: problem.Position{File: "example.org/greet"}, Message: "course.sum has no sums of example.org/greet",
			Hint: "run course fetch, which adds to course.sum:\n" + strings.Join(f.Missing[:2], "\n"),
		},
		{
			Position: problem.Position{File: "example.org/greet"}, Message: "course.sum lacks 2 sums of modules that the required ones require",
			Hint: "run course fetch, which adds them",
		},
	}
	if d := cmp.Diff(wantProblems, f.Problems); d != "" {
		t.Error(d)
	}

	m := greetings("v0.1.0")
	m.Sums = strings.Join(f.Missing, "\n") + "\n"
	loud, quiet := importing("loud", "example.org/greet/loud", m), importing("quiet", "example.org/greet", m)
	t.Setenv("GOPROXY", "off") // all is there now
	if f, told = fetching(t, r, loud, quiet); len(f.Problems) > 0 || len(f.Programs) != 2 || len(told) > 0 {
		t.Errorf("fetched %+v, told %v", f, told)
	}
	var compiled []string
	results := make(map[string]Result)
	for range 2 { // once
		err := r.Run(t.Context(), []program.Program{loud, quiet}, func(e Event) {
			if e.Kind == Compiling {
				compiled = append(compiled, e.What)
			}
			if e.Kind == Done {
				results[e.ID] = *e.Result
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"example.org/greet v0.1.0"}; !slices.Equal(compiled, want) {
		t.Errorf("compiled %q, want %q", compiled, want)
	}
	for id, want := range map[string]string{"lesson/loud": "hello!", "lesson/quiet": "hello"} {
		if got := results[id]; len(got.Problems) > 0 || !slices.Equal(texts(got.Runs[0].Output, true), []string{want}) {
			t.Errorf("%s: %+v", id, got)
		}
	}
	if stored, stale := (&Runner{Store: store}).Stored([]program.Program{loud, quiet}); len(stored) != 2 || len(stale) > 0 {
		t.Errorf("%d stored, %d stale", len(stored), len(stale))
	}
}

func TestWhatWasNotFetchedIsNotBuilt(t *testing.T) {
	newProxy(t).fill(t)
	r := &Runner{Store: Store{Dir: t.TempDir()}}
	err := r.Run(t.Context(), []program.Program{importing("quiet", "example.org/greet", greetings("v0.1.0"))}, nil)
	if err == nil || !strings.Contains(err.Error(), "the modules example.org/greet v0.1.0 were not fetched") {
		t.Errorf("error %v", err)
	}
}

func TestModulesThatCannotBeHad(t *testing.T) {
	newProxy(t).fill(t)
	r := &Runner{Store: Store{Dir: t.TempDir()}}
	greet := greetings("v0.1.0")
	old := greetings("v0.1.0")
	old.Require = append(old.Require, program.Module{Path: "example.org/words", Version: "v0.9.0"})
	tampered := summed(t, r, "example.org/greet", greet)
	first, rest, _ := strings.Cut(tampered.Sums, "\n")
	hash := strings.Fields(first)[2]
	tampered.Sums = "\n" + strings.Replace(first, hash, "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 1) + "\n" + rest
	for name, test := range map[string]struct {
		path    string
		modules program.Modules
		at      problem.Position
		want    []string // parts of message and hint
	}{
		"version":  {"example.org/greet", greetings("v0.2.0"), problem.Position{File: "example.org/greet"}, []string{"example.org/greet", "v0.2.0"}},
		"package":  {"example.org/greet/none", greet, problem.Position{File: "example.org/greet"}, []string{"package example.org/greet/none cannot be had: "}},
		"tampered": {"example.org/greet", tampered, problem.Position{File: "go.sum", Line: 2}, []string{"the sum of example.org/greet v0.1.0 is not that", "it should be: " + first}},
		"too old":  {"example.org/greet", old, problem.Position{File: "example.org/words"}, []string{"another module needs example.org/words v1.0.0", "require v1.0.0"}},
	} {
		t.Run(name, func(t *testing.T) {
			f, _ := fetching(t, r, importing("cell", test.path, test.modules))
			if len(f.Programs) > 0 || len(f.Problems) == 0 {
				t.Fatalf("fetched: %+v", f)
			}
			if got := f.Problems[0]; got.Position != test.at {
				t.Errorf("at %v, want %v", got.Position, test.at)
			}
			text := f.Problems[0].Message + "\n" + f.Problems[0].Hint
			for _, part := range test.want {
				if !strings.Contains(text, part) {
					t.Errorf("%q does not hold %q", text, part)
				}
			}
		})
	}
}

// Nothing of a later version than is required comes in, and a module cache that was emptied is filled again.
func TestModulesAreFetchedAgain(t *testing.T) {
	newProxy(t).fill(t)
	r := &Runner{Store: Store{Dir: t.TempDir()}}
	p := importing("quiet", "example.org/greet", summed(t, r, "example.org/greet", greetings("v0.1.0")))
	if f, _ := fetching(t, r, p); len(f.Problems) > 0 {
		t.Fatalf("fetched: %+v", f)
	}
	if err := removeAll(os.Getenv("GOMODCACHE")); err != nil {
		t.Fatal(err)
	}
	if _, told := fetching(t, r, p); len(told) != 1 {
		t.Errorf("told %v", told)
	}
	if got := run(t, r, p)["quiet"]; len(got.Problems) > 0 || !slices.Equal(texts(got.Runs[0].Output, true), []string{"hello"}) {
		t.Errorf("%+v", got)
	}
}

// Only Fetch asks whoever serves modules: what building lacks, it does without.
func TestBuildingAsksNobodyForModules(t *testing.T) {
	newProxy(t).fill(t)
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.NotFound(w, r)
	}))
	defer server.Close()
	for _, r := range []*Runner{{Store: Store{Dir: t.TempDir()}}, byGoBuild(t.TempDir())} {
		p := importing("quiet", "example.org/greet", summed(t, r, "example.org/greet", greetings("v0.1.0")))
		if f, _ := fetching(t, r, p); len(f.Problems) > 0 {
			t.Fatalf("fetched: %+v", f)
		}
		served := os.Getenv("GOPROXY")
		if err := removeAll(filepath.Join(os.Getenv("GOMODCACHE"), "cache")); err != nil { // as far as it is not the modules' files themselves
			t.Fatal(err)
		}
		t.Setenv("GOPROXY", server.URL)
		t.Setenv("GOSUMDB", "sum.golang.org "+server.URL)
		err := r.Run(t.Context(), []program.Program{p}, nil)
		if n := asked.Load(); n > 0 {
			t.Errorf("building has asked %d times, error %v", n, err)
		}
		if f, err := (&Runner{Store: Store{Dir: t.TempDir()}}).Fetch(t.Context(), []program.Program{p}, nil); err != nil || len(f.Problems) == 0 || asked.Load() == 0 {
			t.Errorf("fetching has asked %d times: %+v, %v", asked.Load(), f, err)
		}
		asked.Store(0)
		t.Setenv("GOPROXY", served)
		t.Setenv("GOSUMDB", "off")
	}
}

// TestOnlyProxiesAreAskedUnasked: who wrote course.yaml has no say in which hosts a build turns to, or what it starts, whatever Go's settings allow.
// A path with .git in it has the go command start git at once.
func TestOnlyProxiesAreAskedUnasked(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("git is a shell script here")
	}
	p := newProxy(t)
	p.fill(t)
	t.Setenv("GOPROXY", "file:///"+strings.TrimPrefix(string(p), "/")+",direct")
	bin := t.TempDir()
	started := filepath.Join(bin, "started")
	if err := os.WriteFile(filepath.Join(bin, "git"), []byte("#!/bin/sh\necho $* >>"+started+"\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	hosted := importing("hosted", "example.org/repo.git/hosted", program.Modules{Require: []program.Module{{Path: "example.org/repo.git/hosted", Version: "v1.0.0"}}})
	for _, private := range []string{"", "example.org"} {
		for _, asked := range []bool{false, true} {
			t.Setenv("GOPRIVATE", private)
			r := newRunner()
			r.Direct = asked
			f, _ := fetching(t, r, hosted)
			_, err := os.Stat(started)
			if len(f.Problems) != 1 || (err == nil) != asked {
				t.Errorf("private %q, asked %v: git was started: %v; %v", private, asked, err == nil, f.Problems)
			}
			_ = os.Remove(started)
		}
	}
	t.Setenv("GOPRIVATE", "")
	if f, _ := fetching(t, newRunner(), importing("greet", "example.org/greet", greetings("v0.1.0"))); len(f.Missing) == 0 {
		t.Errorf("the proxy is not asked: %v", f.Problems)
	}
}
