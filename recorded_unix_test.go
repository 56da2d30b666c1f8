//go:build unix

package course_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"course"
	"course/lessons"
	"course/runner"
)

// TestRecordedFilesAreOfTheCourse: a pipe, which would keep us waiting, a device, and what a link leads to are not read, and nothing is written through a link.
func TestRecordedFilesAreOfTheCourse(t *testing.T) {
	good := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(good, "01-start.md"), "# Start\n\n```go {#one}\nfunc main() { fmt.Println(1) }\n```\n")
	config := course.Config{Source: os.DirFS(good), Runner: &runner.Runner{}}
	if _, done, err := config.Record(t.Context(), good); err != nil || done.Results != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	recorded := filepath.Join(good, "recorded")
	for _, test := range []struct {
		name string
		make func(dir string) error // what is in dir instead of the directory recorded
		file string
		says string
	}{
		{"a pipe", func(dir string) error {
			return syscall.Mkfifo(filepath.Join(dir, "recorded", "start.json"), 0o600)
		}, "recorded/start.json", "no regular file"},
		{"a linked file", func(dir string) error {
			return os.Symlink(filepath.Join(recorded, "start.json"), filepath.Join(dir, "recorded", "start.json"))
		}, "recorded/start.json", "symbolic link"},
		{"a linked device", func(dir string) error {
			return os.Symlink("/dev/zero", filepath.Join(dir, "recorded", "start.json"))
		}, "recorded/start.json", "symbolic link"},
		{"a linked directory", func(dir string) error {
			if err := os.Remove(filepath.Join(dir, "recorded")); err != nil {
				return err
			}
			return os.Symlink(recorded, filepath.Join(dir, "recorded"))
		}, "recorded", "symbolic link"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(filepath.Join(dir, "recorded", "start.json")); err != nil {
				t.Fatal(err)
			}
			if err := test.make(dir); err != nil {
				t.Fatal(err)
			}
			c := course.Config{Source: os.DirFS(dir), Runner: config.Runner}
			own, err := lessons.Load(c.Source, nil)
			if err != nil {
				t.Fatal(err)
			}
			got, found := c.ReadRecorded(own.Programs())
			if len(got) > 0 || len(found) != 1 || found[0].File != test.file || !strings.Contains(found[0].Message, test.says) || found[0].Hint == "" {
				t.Errorf("%d results, %v", len(got), found)
			}
			_, done, err := c.Record(t.Context(), dir)
			if linked := test.file == "recorded"; linked != (err != nil) || linked && !strings.Contains(err.Error(), "is no directory, but a link") {
				t.Errorf("record: %+v, %v", done, err)
			}
		})
	}
}
