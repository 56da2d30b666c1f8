package site

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"course/lessons"
)

// TestAPageListsTheLessonsAroundIt where there are more than it has room for, and says how many there are beside.
func TestAPageListsTheLessonsAroundIt(t *testing.T) {
	const many = 200
	files := make(fstest.MapFS)
	for i := range many {
		files[fmt.Sprintf("%03d-l%03d.md", i+1, i+1)] = &fstest.MapFile{Data: fmt.Appendf(nil, "# Lesson %d\n", i+1)}
	}
	course, err := lessons.Load(files, nil)
	if err != nil || len(course.Problems) > 0 {
		t.Fatal(err, course.Problems)
	}
	s := New(course, nil, nil)
	for _, test := range []struct {
		page, first, last int
		says              []string
	}{
		{1, 1, maxBeside, []string{"140 lessons after"}},
		{100, 70, 129, []string{"69 lessons before", "71 lessons after"}},
		{many, many - maxBeside + 1, many, []string{"140 lessons before"}},
	} {
		page, err := s.ReadFile(fmt.Sprintf("l%03d.html", test.page))
		if err != nil {
			t.Fatal(err)
		}
		_, nav, _ := strings.Cut(string(page), "<nav")
		nav, _, _ = strings.Cut(nav, "</nav>")
		if got := strings.Count(nav, `"l`); got != maxBeside {
			t.Errorf("page %d lists %d lessons, want %d", test.page, got, maxBeside)
		}
		for _, want := range append(test.says, fmt.Sprintf(`"l%03d.html"`, test.first), fmt.Sprintf(`"l%03d.html"`, test.last), fmt.Sprintf(`"l%03d.html" aria-current="page"`, test.page)) {
			if !strings.Contains(nav, want) {
				t.Errorf("page %d lacks %s", test.page, want)
			}
		}
		if len(test.says) == 1 && strings.Count(nav, "lessons before")+strings.Count(nav, "lessons after") != 1 {
			t.Errorf("page %d speaks of lessons that are not there", test.page)
		}
	}
}
