package problem_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"course/problem"
)

func TestPrintShowsPlaceMarkAndHint(t *testing.T) {
	list := problem.List{
		{
			Position: problem.Position{File: "01-start.md", Line: 2, Column: 27}, Length: 6,
			Message: `unknown mode "proces"`, Hint: `did you mean "process"?`,
			Source: "```go {#sum modes=[thread,proces] repeat=9}",
		},
		{Position: problem.Position{File: "a.md", Line: 1, Column: 2}, Message: "below a tab", Source: "\tü x", Length: 2},
		{Position: problem.Position{File: "a.md", Line: 3}, Message: "a whole line", Source: "the line", Hint: "one\ntwo"},
		{Position: problem.Position{File: "a.md"}, Message: "a whole file"},
		{Message: "nowhere"},
	}
	want := `01-start.md:2:27: unknown mode "proces"
	` + "```go {#sum modes=[thread,proces] repeat=9}" + `
	                          ^~~~~~
	hint: did you mean "process"?
a.md:1:2: below a tab
		ü x
		^
a.md:3: a whole line
	the line
	hint: one
	      two
a.md: a whole file
nowhere
`
	if got := printed(t, list); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestPrintSendsNoCommandsToTheTerminal(t *testing.T) {
	hostile := "\x1b]0;owned\a\u202e\u0085\xff\r\b"
	got := printed(t, problem.List{{
		Position: problem.Position{File: hostile, Line: 1, Column: 1},
		Message:  hostile, Hint: hostile, Source: hostile, Length: 9,
	}})
	if i := strings.IndexFunc(got, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == '\u202e' }); i >= 0 {
		t.Errorf("byte %d of %q could command a terminal", i, got)
	}
	if want := `\x1b]0;owned\x07\u202e\u0085\xff\x0d\x08`; !strings.Contains(got, want) {
		t.Errorf("%q does not show %q", got, want)
	}
}

func TestPrintShowsTheProblemOfALongLine(t *testing.T) {
	got := printed(t, problem.List{{
		Position: problem.Position{File: "a.md", Line: 1, Column: 1_000_001}, Length: 3,
		Message: "here", Source: strings.Repeat("x", 1_000_000) + "BAD" + strings.Repeat("y", 1_000_000),
	}})
	lines := strings.Split(got, "\n")
	if len(got) > 500 || !strings.Contains(lines[1], "xBADy") {
		t.Fatalf("got %d bytes: %.300q", len(got), got)
	}
	at := strings.Index(lines[2], "^")
	if mark := []rune(lines[1])[at : at+3]; string(mark) != "BAD" {
		t.Errorf("the mark is below %q", string(mark))
	}
}

func TestListIsFoundInAWrappedError(t *testing.T) {
	err := fmt.Errorf("load: %w", problem.List{{Message: "one"}, {Message: "two"}}.Err())
	var list problem.List
	if !errors.As(err, &list) || len(list) != 2 {
		t.Errorf("%v holds no list of two", err)
	}
	if err := (problem.List{}).Err(); err != nil {
		t.Errorf("an empty list is the error %v", err)
	}
}

func TestNoProblemsAreAnEmptyArrayInJSON(t *testing.T) {
	got, err := json.Marshal(struct{ Problems problem.List }{})
	if want := `{"Problems":[]}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

func TestNearest(t *testing.T) {
	options := []string{"modes", "repeat", "timeout", "procs"}
	for name, want := range map[string]string{"mode": "modes", "reapet": "repeat", "time-out": "timeout", "colour": "", "": ""} {
		if got := problem.Nearest(name, options); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}

func printed(t *testing.T, l problem.List) string {
	t.Helper()
	var b strings.Builder
	if err := l.Print(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
