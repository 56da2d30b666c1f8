package course

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"course/runner"
)

// TestUnchanged knows that there is nothing to do where that is so, and in no other case.
func TestUnchanged(t *testing.T) {
	const lesson = "# One\n\nText.\n\n```go {check=false}\nreturn 1\n```\n"
	config := func(dir string, recorded bool) Config {
		return Config{Source: os.DirFS(dir), Runner: &runner.Runner{Store: runner.Store{Dir: t.TempDir()}}, RecordedOnly: recorded}
	}
	write := func(t *testing.T, name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name   string
		change func(t *testing.T, dir, out string)
		want   bool
	}{
		{"nothing", func(*testing.T, string, string) {}, true},
		{"a lesson is saved as it was", func(t *testing.T, dir, _ string) { write(t, filepath.Join(dir, "01-one.md"), lesson) }, true},
		{"a file that is no part of the site comes", func(t *testing.T, _, out string) { write(t, filepath.Join(out, "mine.txt"), "mine") }, true},
		{"a lesson changes", func(t *testing.T, dir, _ string) { write(t, filepath.Join(dir, "01-one.md"), lesson+"\nMore.\n") }, false},
		{"a lesson comes", func(t *testing.T, dir, _ string) { write(t, filepath.Join(dir, "02-two.md"), "# Two\n") }, false},
		{"a lesson goes", func(t *testing.T, dir, _ string) { remove(t, filepath.Join(dir, "02-more.md")) }, false},
		{"the settings come", func(t *testing.T, dir, _ string) { write(t, filepath.Join(dir, "course.yaml"), "title: Another\n") }, false},
		{"recorded results come", func(t *testing.T, dir, _ string) { write(t, filepath.Join(dir, "recorded", "one.json"), "{}") }, false},
		{"a page changes", func(t *testing.T, _, out string) { write(t, filepath.Join(out, "one.html"), "another") }, false},
		{"a page goes", func(t *testing.T, _, out string) { remove(t, filepath.Join(out, "one.html")) }, false},
		{"an asset goes", func(t *testing.T, _, out string) { remove(t, filepath.Join(out, "assets", "style.css")) }, false},
		{"the list changes", func(t *testing.T, _, out string) { write(t, filepath.Join(out, manifestName), "") }, false},
		{"another tool wrote it", func(t *testing.T, _, out string) {
			change(t, out, func(p *provenance) { p.Tool = "another" })
		}, false},
		{"what it is made of is not said", func(t *testing.T, _, out string) {
			change(t, out, func(p *provenance) { p.Asked = nil })
		}, false},
		{"what says so is damaged", func(t *testing.T, _, out string) { write(t, filepath.Join(out, stampName), "{") }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			out := filepath.Join(dir, "public") // as it is without --out
			write(t, filepath.Join(dir, "01-one.md"), lesson)
			write(t, filepath.Join(dir, "02-more.md"), "# More\n")
			c := config(dir, true)
			if _, unchanged := c.Unchanged(out); unchanged {
				t.Fatal("there is nothing yet")
			}
			if s, err := c.Build(t.Context(), out); err != nil || len(s.Problems) > 0 {
				t.Fatal(err, s.Problems)
			}
			test.change(t, dir, out)
			of, unchanged := c.Unchanged(out)
			if unchanged != test.want {
				t.Errorf("unchanged: %v, want %v", unchanged, test.want)
			}
			if unchanged && (of.Title != "Course" || of.Lessons != 2 || of.Cells != 0) {
				t.Errorf("it says %+v", of)
			}
			if _, unchanged := config(dir, false).Unchanged(out); unchanged {
				t.Error("a build that runs cells is the same as one that does not")
			}
		})
	}
}

// TestWhatHasSomethingToTellIsBuiltAgain: a course with problems, and one with results of this machine.
func TestWhatHasSomethingToTellIsBuiltAgain(t *testing.T) {
	for name, text := range map[string]string{
		"a problem":                   "# One\n\n[gone](02-gone.md)\n",
		"a cell that is not recorded": "# One\n\n```go {#a}\nfunc main() {}\n```\n",
	} {
		dir, out := t.TempDir(), t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "01-one.md"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c := Config{Source: os.DirFS(dir), Runner: &runner.Runner{}, RecordedOnly: true}
		if s, err := c.Build(t.Context(), out); err != nil || len(s.Problems) == 0 {
			t.Errorf("%s: %v, %v", name, err, s.Problems)
		}
		if _, unchanged := c.Unchanged(out); unchanged {
			t.Errorf("%s is not told again", name)
		}
	}
}

// TestAToolIsWhatIsInItsFile: not its name, and not when it was made, which many builds set.
func TestAToolIsWhatIsInItsFile(t *testing.T) {
	made := time.Unix(1, 0)
	file := func(name, text string) string {
		name = filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, made, made); err != nil {
			t.Fatal(err)
		}
		return name
	}
	one := fileSum(file("course", "one text"))
	if same := fileSum(file("copied", "one text")); one == "" || one != same {
		t.Errorf("a copy is another tool: %q, %q", one, same)
	}
	if other := fileSum(file("course", "a second")); other == one {
		t.Error("what differs in its text alone is the same tool")
	}
	if none := fileSum(filepath.Join(t.TempDir(), "gone")); none != "" {
		t.Errorf("what cannot be read is %q", none)
	}
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if tool() != fileSum(name) {
		t.Errorf("this tool is %q", tool())
	}
}

func remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}

// change changes what is said in dir of what it was made of.
func change(t *testing.T, dir string, how func(*provenance)) {
	t.Helper()
	name := filepath.Join(dir, stampName)
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var p provenance
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatal(err)
	}
	how(&p)
	if raw, err = json.Marshal(p); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}
