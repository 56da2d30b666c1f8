package course

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

// TestAWitnessKnowsWhatWouldBeAnsweredOtherwise, and what would not: of a file whose size alone was asked, its content is nothing to it.
func TestAWitnessKnowsWhatWouldBeAnsweredOtherwise(t *testing.T) {
	stat := func(w *witness) error { _, err := w.Stat("a.png"); return err }
	lstat := func(w *witness) error { _, err := w.Lstat("a.png"); return err }
	list := func(w *witness) error { _, err := w.ReadDir("."); return err }
	read := func(w *witness) error { _, err := w.ReadFile("a.png"); return err }
	open := func(w *witness) error {
		f, err := w.Open("a.png")
		if err != nil {
			return err
		}
		return f.Close()
	}
	file := func(content string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(content)} }
	for _, test := range []struct {
		about string
		ask   func(*witness) error
		now   fstest.MapFS
		want  bool
	}{
		{"stat, the same", stat, fstest.MapFS{"a.png": file("one")}, true},
		{"stat, another content", stat, fstest.MapFS{"a.png": file("two")}, true},
		{"stat, another size", stat, fstest.MapFS{"a.png": file("three")}, false},
		{"stat, a directory", stat, fstest.MapFS{"a.png/b": file("one")}, false},
		{"stat, gone", stat, fstest.MapFS{}, false},
		{"lstat, another size", lstat, fstest.MapFS{"a.png": file("three")}, false},
		{"lstat, a link", lstat, fstest.MapFS{"a.png": {Data: []byte("one"), Mode: fs.ModeSymlink}}, false},
		{"list, another size", list, fstest.MapFS{"a.png": file("three")}, true},
		{"list, one more", list, fstest.MapFS{"a.png": file("one"), "b": file("")}, false},
		{"list, a site more", list, fstest.MapFS{"a.png": file("one"), "public/" + manifestName: file("")}, true},
		{"read, another content", read, fstest.MapFS{"a.png": file("two")}, false},
		{"open, the same", open, fstest.MapFS{"a.png": file("one")}, true},
		{"open, another content", open, fstest.MapFS{"a.png": file("two")}, false},
	} {
		w := newWitness(fstest.MapFS{"a.png": file("one")})
		if err := test.ask(w); err != nil {
			t.Fatal(test.about, err)
		}
		if told := w.testimony(); told == nil || stands(test.now, told) != test.want {
			t.Errorf("%s: it is told %v, and that it stands is not %v", test.about, told, test.want)
		}
	}
}

// TestAWitnessThatWasToldTwoThingsSaysNothing: a file that changes while a build reads it is in the site as it was at one time, and may be noted as at another.
func TestAWitnessThatWasToldTwoThingsSaysNothing(t *testing.T) {
	for _, test := range []struct {
		then string
		want bool
	}{{"one", true}, {"two", false}} {
		files := fstest.MapFS{"a.md": {Data: []byte("one")}}
		w := newWitness(files)
		for _, content := range []string{"one", test.then} {
			files["a.md"] = &fstest.MapFile{Data: []byte(content)}
			if _, err := w.ReadFile("a.md"); err != nil {
				t.Fatal(err)
			}
		}
		if told := w.testimony() != nil; told != test.want {
			t.Errorf("the file says one, then %s: something is told: %v", test.then, told)
		}
	}
}
