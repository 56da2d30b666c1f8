package site

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden pages")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./site -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is not what it was (-was +is):\n%s", name, diff)
	}
}

func TestPagesAreAsReviewed(t *testing.T) {
	s := sample(t)
	for _, name := range []string{"index.html", "404.html", "the-benchmark.html", "whose-memory.html", "when-one-dies.html", "does-it-scale.html", "glossary.html", "machine.html", "scoreboard.html", "scoreboard.json"} {
		data, err := s.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, data)
	}
}

func TestSiteIsAFileSystem(t *testing.T) {
	err := fstest.TestFS(sample(t), "index.html", "404.html", "the-benchmark.html", "assets/style.css", "assets/page.js")
	if err != nil {
		t.Fatal(err)
	}
}

// all returns the content of each file.
func all(t *testing.T, s *Site) map[string][]byte {
	t.Helper()
	files := make(map[string][]byte)
	err := fs.WalkDir(s, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[name], err = fs.ReadFile(s, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestSameInputsGiveTheSameBytes(t *testing.T) {
	want := all(t, sample(t))
	s := sample(t)
	again := New(s.course, sampleResults(), s.report) // shares the nodes of its lessons with s
	var group sync.WaitGroup
	for _, s := range []*Site{s, s, s, again, again} {
		group.Go(func() {
			for name, data := range want {
				if got, err := fs.ReadFile(s, name); err != nil || !bytes.Equal(got, data) {
					t.Errorf("%s differs from one drawing to the next, %v", name, err)
				}
			}
		})
	}
	group.Wait()
}
