package site

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"course/lessons"
)

// TestHeadingsOfOneTextAreToldApart, as many as fit into a lesson: each is counted once.
func TestHeadingsOfOneTextAreToldApart(t *testing.T) {
	const headings = 30_000
	text := "# N\n\n## x 1\n\n" + strings.Repeat("## x\n", headings)
	course, err := lessons.Load(fstest.MapFS{"01-n.md": &fstest.MapFile{Data: []byte(text)}}, nil)
	if err != nil || len(course.Problems) > 0 {
		t.Fatal(err, course.Problems)
	}
	page, err := fs.ReadFile(New(course, nil, nil), "n.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"h-x-1", "h-x", "h-x-2", "h-x-30000"} {
		if n := strings.Count(string(page), ` id="`+id+`"`); n != 1 {
			t.Errorf("%d headings have the id %s", n, id)
		}
	}
	if n := strings.Count(string(page), "<h2 "); n != headings+1 {
		t.Errorf("there are %d headings", n)
	}
}
