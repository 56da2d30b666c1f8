package prose_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"course/bench/prose"
)

// TestAllGetTheSameText: but for the front matter and the attribute that only one of two generators reads.
func TestAllGetTheSameText(t *testing.T) {
	read := func(flavour prose.Flavour) string {
		dir := t.TempDir()
		if err := prose.Write(dir, 2, flavour, os.DirFS(filepath.Join("..", "..", "testdata", "workload"))); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "p00001.md"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	ours, titled := read(prose.Course), read(prose.Titled)
	if strings.Count(ours, "```go {check=false}\n") != 3 || !strings.HasPrefix(titled, "---\ntitle: Page 1\n---\n") {
		t.Fatalf("these are no pages:\n%s\n%s", ours, titled)
	}
	if strings.ReplaceAll(ours, "```go {check=false}\n", "```go\n") != strings.TrimPrefix(titled, "---\ntitle: Page 1\n---\n\n") {
		t.Errorf("the texts differ:\n%s\n%s", ours, titled)
	}
	if read(prose.Course) != ours {
		t.Error("another time the text is another")
	}
}
