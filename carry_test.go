package course

import (
	"testing"

	"course/lessons"
)

// TestOursIsNotReadForOthers: whose cells it has not, by their names, is not what is carried; and all that is carried may be.
func TestOursIsNotReadForOthers(t *testing.T) {
	own, err := lessons.Load(Embedded(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range own.Programs() {
		if !mayCarry(p.Source) {
			t.Errorf("%s is not taken for one that is carried", p.ID)
		}
	}
	if mayCarry("package main\n\n//line nobody_calls_a_cell_so.cell:1:1\nfunc main() {}\n") {
		t.Error("a program of another course is taken for one that may be carried")
	}
}
