package site

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"course/lessons"
)

// TestTermsNeverBecomeMarkup has a glossary and questions that try their worst: what they say is text.
func TestTermsNeverBecomeMarkup(t *testing.T) {
	plain := strings.NewReplacer("\x1b", "", "\x00", "", "\u202e", "").Replace(evil) // YAML takes no control characters
	course, err := lessons.Load(fstest.MapFS{
		"glossary.yaml": {Data: []byte("- term: |\n    word " + plain + "\n  also: |\n    Word\n  go: |\n    " + plain + "\n  python: |\n    " + plain +
			"\n  means: \"`<script>x</script>` \\\\<script>alert(1)\\\\</script> &lt;img src=x onerror=alert(2)>\"\n")},
		"01-a.md": {Data: []byte("---\nterms: word\n---\n# A\n\n```recall\n- asks: \"`<script>x</script>`\"\n  answer: |\n    &lt;script>alert(1)\n```\n\nA word.\n")},
	}, nil)
	if err != nil || len(course.Problems) > 0 {
		t.Fatal(err, course.Problems)
	}
	s := New(course, nil, nil)
	for _, name := range []string{"a.html", "glossary.html"} {
		page, err := fs.ReadFile(s, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range elements(t, name, page) {
			if attr(e, "src") == "x" || attr(e, "onerror") != "" || e.Name.Local == "img" {
				t.Errorf("%s has a <%s>", name, e.Name.Local)
			}
		}
		if n := bytes.Count(page, []byte("<script")); n != 1 {
			t.Errorf("%s has %d scripts, want its own", name, n)
		}
		if !bytes.Contains(page, []byte("&lt;script&gt;")) {
			t.Errorf("%s does not show what it was given:\n%s", name, page)
		}
	}
}
