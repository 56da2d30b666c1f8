package site

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// doors are the files in which HTML becomes a page's that no Writer has made: what goldmark writes, and drawings from package svg.
var doors = map[string]int{"site/rendered.go": 1, "site/prose.go": 1, "site/diagram.go": 1}

// TestOneDoorIsOpen: no other file of ours, of whatever package, has HTML that no Writer has made, nor a way to make some by writing to what goldmark writes to.
func TestOneDoorIsOpen(t *testing.T) {
	files := 0
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if !strings.Contains(string(source), `"course/site/markup"`) && !strings.Contains(string(source), "goldmark/util") {
			return nil // it has no Writer
		}
		files++
		name = strings.TrimPrefix(filepath.ToSlash(name), "../")
		if strings.HasPrefix(name, "bench/") {
			return nil // what others would write
		}
		if got := strings.Count(string(source), ".Trusted("); got != doors[name] {
			t.Errorf("%s uses Trusted %d times, want %d", name, got, doors[name])
		}
		if name != "site/rendered.go" && strings.Contains(string(source), "util.BufWriter") {
			t.Errorf("%s writes to goldmark's buffer: instead gives it a Writer", name)
		}
		return nil
	})
	if err != nil || files < 40 {
		t.Errorf("%d files, %v", files, err)
	}
}
