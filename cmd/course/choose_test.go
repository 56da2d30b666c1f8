package main

import (
	"testing"
	"testing/fstest"

	"course/lessons"
)

// TestALessonGoesByItsFileAndItsName, and what names none says so.
func TestALessonGoesByItsFileAndItsName(t *testing.T) {
	const text = "# A\n\n```go {#x}\nfunc main() {}\n```\n"
	file := &fstest.MapFile{Data: []byte(text)}
	one, err := lessons.Load(fstest.MapFS{"01-all.md": file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	two, err := lessons.Load(fstest.MapFS{"01-all.md": file, "02-more.md": file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		course   *lessons.Course
		target   string
		programs int
		err      string
	}{
		{two, "", 2, ""},
		{two, "all#x", 1, ""},
		{two, "01-all#x", 1, ""},
		{two, "dir/01-all.md#x", 1, ""},
		{two, "al", 1, ""},
		{one, "#x", 1, ""},
		{one, "#", 0, `"#" does not say which: write LESSON, or LESSON#CELL`},
		{two, "all#", 0, `"all#" does not say which: write LESSON, or LESSON#CELL`},
		{two, "#x", 0, `"#x" does not say which: write LESSON, or LESSON#CELL`},
		{one, "zzzzzzzz", 0, `there is no lesson "zzzzzzzz": there is only "all"`},
		{two, "zzzzzzzz", 0, `there is no lesson "zzzzzzzz": there are all, more`},
	} {
		got, err := choose(test.course, test.target)
		said := ""
		if err != nil {
			said = err.Error()
		}
		if len(got.programs) != test.programs || said != test.err {
			t.Errorf("%q: %d programs, %q, want %d, %q", test.target, len(got.programs), said, test.programs, test.err)
		}
	}
}
