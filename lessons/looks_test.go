package lessons

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestWhatLooksLikeACourse(t *testing.T) {
	const cell = "# A\n\n```go {#a}\nfunc main() {}\n```\n"
	for _, test := range []struct {
		what  string
		files fstest.MapFS
		want  bool
	}{
		{"nothing", fstest.MapFS{}, false},
		{"course.yaml", fstest.MapFS{"course.yaml": {}}, true},
		{"a course.yaml that leads nowhere", fstest.MapFS{"course.yaml": {Mode: fs.ModeSymlink}}, true},
		{"a lesson", fstest.MapFS{"01-a.md": {Data: []byte(cell)}}, true},
		{"a lesson with a cell in a list", fstest.MapFS{"2. a.md": {Data: []byte("# A\n\n- ~~~~ go {modes=[thread] #b}\n")}}, true},
		{"a lesson with a cell in Python", fstest.MapFS{"01-a.md": {Data: []byte("```python {#a}\n```\n")}}, true},
		{"a README with a cell", fstest.MapFS{"README.md": {Data: []byte(cell)}}, false},
		{"notes with a cell", fstest.MapFS{"notes.md": {Data: []byte(cell)}}, false},
		{"a decision with a listing", fstest.MapFS{"0001-why.md": {Data: []byte("# W\n\n```go\nfunc main() {}\n```\n")}}, false},
		{"a directory", fstest.MapFS{"01-a.md/01-a.md": {Data: []byte(cell)}}, false},
	} {
		if got := LooksLikeCourse(test.files); got != test.want {
			t.Errorf("%s: %t", test.what, got)
		}
	}
}
