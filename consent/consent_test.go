package consent_test

import (
	"os"
	"path/filepath"
	"testing"

	"course/consent"
	"course/program"

	"github.com/google/go-cmp/cmp"
)

func TestWants(t *testing.T) {
	plain := program.Options{Modes: []program.Mode{program.Plain}, Env: []string{"B=1", "A=2"}}
	one, two := plain, plain
	one.Modules.Require = []program.Module{{Path: "example.org/two", Version: "v1.0.0"}}
	two.Modules.Require = []program.Module{{Path: "example.org/one", Version: "v1.0.0"}, {Path: "example.org/two", Version: "v1.0.0"}}
	compiled := program.Options{Env: []string{"C="}, Modules: program.Modules{Require: []program.Module{{Path: "example.org/compiled"}}}}
	programs := []program.Program{{Options: one}, {Options: two}, {Options: compiled}, {Options: program.Options{Modes: plain.Modes}}, {Options: program.Options{Modes: plain.Modes, Language: program.Python}}}
	want := consent.Wants{Cells: 4, Python: 1, Modules: []string{"example.org/one v1.0.0", "example.org/two v1.0.0"}, Env: []string{"A", "B"}}
	if diff := cmp.Diff(want, consent.Of(programs...)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMoreOfTheSameIsCovered(t *testing.T) {
	granted := consent.Wants{Cells: 1, Modules: []string{"a.org/a v1.0.0", "a.org/b v1.0.0"}, Env: []string{"A"}}
	for name, test := range map[string]struct {
		wants consent.Wants
		want  bool
	}{
		"nothing":        {consent.Wants{}, true},
		"Python":         {consent.Wants{Cells: 1, Python: 1}, false},
		"more cells":     {consent.Wants{Cells: 9, Modules: []string{"a.org/b v1.0.0"}, Env: []string{"A"}}, true},
		"another module": {consent.Wants{Cells: 1, Modules: []string{"a.org/b v1.0.0", "a.org/c v1.0.0"}}, false},
		"a new version":  {consent.Wants{Cells: 1, Modules: []string{"a.org/b v1.0.1"}}, false},
		"another name":   {consent.Wants{Cells: 1, Env: []string{"A", "B"}}, false},
		"raw HTML":       {consent.Wants{Cells: 1, HTML: true}, false},
	} {
		if got := granted.Covers(test.wants); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestConsentIsKeptByRealPath(t *testing.T) {
	home := t.TempDir()
	book := consent.Book{Dir: filepath.Join(home, "config", "trust")}
	dir, other, link := filepath.Join(home, "course"), filepath.Join(home, "other"), filepath.Join(home, "link")
	for _, d := range []string{dir, other} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(dir, link); err != nil {
		t.Skip(err)
	}
	wants := consent.Wants{Cells: 2, Env: []string{"A"}}
	if _, ok := book.Granted(dir); ok {
		t.Error("nothing was granted yet")
	}
	if err := book.Grant(link, wants); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{dir, link, filepath.Join(other, "..", "course")} {
		got, ok := book.Granted(d)
		if diff := cmp.Diff(wants, got); !ok || diff != "" {
			t.Errorf("%s: %v\n%s", d, ok, diff)
		}
	}
	if _, ok := book.Granted(other); ok {
		t.Error("another directory is granted it, too")
	}
	if err := os.Rename(dir, filepath.Join(home, "moved")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(other, dir); err != nil {
		t.Fatal(err)
	}
	if _, ok := book.Granted(dir); ok {
		t.Error("what took its place is granted it")
	}
	if err := book.Grant(filepath.Join(home, "nowhere"), wants); err == nil {
		t.Error("a directory that is not there was granted something")
	}
}

func TestDamageIsNoConsent(t *testing.T) {
	dir := t.TempDir()
	book := consent.Book{Dir: filepath.Join(t.TempDir(), "trust")}
	grant := func() string {
		t.Helper()
		if err := book.Grant(dir, consent.Wants{Cells: 1}); err != nil {
			t.Fatal(err)
		}
		if _, ok := book.Granted(dir); !ok {
			t.Fatal("it is not granted")
		}
		files, err := os.ReadDir(book.Dir)
		if err != nil || len(files) != 1 {
			t.Fatalf("files %v, %v", files, err)
		}
		return filepath.Join(book.Dir, files[0].Name())
	}
	name := grant()
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	closing := len(whole) - len("}\n")
	for n := range closing { // without its last line end it says the same
		if err := os.WriteFile(name, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, ok := book.Granted(dir); ok {
			t.Errorf("its first %d of %d bytes count", n, len(whole))
		}
	}
	for what, damage := range map[string]func() error{
		"removed":   func() error { return os.Remove(name) },
		"empty":     func() error { return os.WriteFile(name, nil, 0o600) },
		"another's": func() error { return os.WriteFile(name, []byte(`{"path":"/elsewhere","granted":{"cells":1}}`), 0o600) },
		"writable":  func() error { return os.Chmod(name, 0o622) },
		"a link": func() error {
			if err := os.Rename(name, name+".moved"); err != nil {
				return err
			}
			return os.Symlink(name+".moved", name)
		},
		"a directory": func() error {
			if err := os.Remove(name); err != nil {
				return err
			}
			return os.Mkdir(name, 0o700)
		},
	} {
		if err := os.RemoveAll(book.Dir); err != nil {
			t.Fatal(err)
		}
		grant()
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		if _, ok := book.Granted(dir); ok {
			t.Errorf("%s, it still counts", what)
		}
	}
}
