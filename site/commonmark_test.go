package site

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"course/lessons"
)

// ofGFM are what code hosts know beyond CommonMark.
var ofGFM = []string{
	"| a | b |\n|:-:|--:|\n| c \\| d | `e \\| f` |\n| g |", "- [ ] a\n- [x] b\n  - [X] c", "~~a~~ ~b~ ~~~c~~~", "www.a.b https://a.b?c=d&e a@b.c <https://a.b>",
	"a[^1] b[^b][^1]\n\n[^1]: c\n\n    d\n[^b]: `e`\n[^c]: f", "> [!NOTE]\n> a", "> [!tip]\n> - b", "> [!IMPORTANT]\n>\n> c", "> [!WARNING]\n> d\n> e", "> [!Caution]\n> > f",
	"> [!NOTE]", "> [!OTHER]\n> g", "- > [!NOTE]\n  > h", "|a|\n|-|\n\n|a|b|\n|-|", "[^1]\n\n[^1]: [^1]", "# a[^1]\n\n[^1]: # b", "![a[^1]](b.png)\n\n[^1]: c", "|[^1]|\n|-|\n|b|\n\n[^1]: ![c](d.png)",
}

// TestEachExampleOfTheStandardsIsAPage: those of CommonMark, which are read where goldmark has them, and ours of what code hosts add. Whatever they say, tags
// nest, no element is there that is not ours or allowed, and the page ends where it should.
func TestEachExampleOfTheStandardsIsAPage(t *testing.T) {
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/yuin/goldmark").Output()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "_test", "spec.json"))
	if err != nil {
		t.Fatal(err)
	}
	var spec []struct{ Markdown string }
	if err := json.Unmarshal(raw, &spec); err != nil || len(spec) < 600 {
		t.Fatalf("%d examples, %v", len(spec), err)
	}
	all := slices.Clone(ofGFM)
	for _, example := range spec {
		all = append(all, example.Markdown)
	}
	for _, rawHTML := range []string{"html: true\n", "html: false\n"} {
		for _, markdown := range all {
			fsys := fstest.MapFS{"course.yaml": {Data: []byte(rawHTML)}, "01-a.md": {Data: []byte("# A\n\n" + markdown + "\n")}}
			course, err := lessons.Load(fsys, nil)
			if err != nil {
				t.Fatal(err)
			}
			course.Problems = nil // they hold the source as text
			page := readFile(t, New(course, nil, nil), "a.html")
			for _, e := range elements(t, markdown, []byte(page)) {
				if !slices.Contains(ourTags, e.Name.Local) && !slices.Contains(rawTags, e.Name.Local) {
					t.Errorf("%q has a <%s>", markdown, e.Name.Local)
				}
			}
			if strings.Count(page, "</main>") != 1 || strings.Count(page, "<script") != 1 {
				t.Errorf("%q is not within its page:\n%s", markdown, page)
			}
		}
	}
}
