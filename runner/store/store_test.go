package store

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestADamagedEntryIsAMiss damages entries in each of their bytes, and cuts them off at each.
func TestADamagedEntryIsAMiss(t *testing.T) {
	s := Open(t.TempDir())
	for i, value := range []any{"text", 1.5, map[string]string{"some": "value"}, []any{nil, true, strings.Repeat("long ", 100)}} {
		if err := s.Save(Results, entryKey(i), value); err != nil {
			t.Fatal(err)
		}
		name := s.path(Results, entryKey(i))
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

// TestAModuleIsMadeWholeAgain: a file that is cut off, changed, gone, or of somebody else is as it should be before the
// go command compiles it.
func TestAModuleIsMadeWholeAgain(t *testing.T) {
	files := map[string]string{"go.mod": "module course\n", "go.sum": "sums\n", filepath.Join("below", "one.go"): "package below\n", filepath.Join("below", "two.go"): "package below // too\n"}
	dir := t.TempDir()
	made := func() string {
		module, release, err := Open("").Module("key", files, dir)
		if err != nil {
			t.Fatal(err)
		}
		release()
		return module
	}
	module := made()
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
			made()
		}
		n++
	}
	if diff := cmp.Diff(whole, content()); diff != "" {
		t.Errorf("the module is not what it was:\n%.1000s", diff)
	}
}

func TestAnEntryThatIsADirectoryIsReplaced(t *testing.T) {
	s := Open(t.TempDir())
	entry := s.path(Results, "key")
	if err := os.MkdirAll(filepath.Join(entry, "below"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Save(Results, "key", "value"); err != nil {
		t.Fatal(err)
	}
	var got string
	if Open(s.dir).Load(Results, "key", &got); got != "value" {
		t.Errorf("got %q", got)
	}
}
