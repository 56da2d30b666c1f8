package runner

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"course/problem"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// record returns what a recording makes of writes to standard output, and how often it called flood.
func record(writes ...string) (out Output, floods int) {
	r := &recording{root: 7, tell: func(Line) {}, flood: func() { floods++ }}
	s := &stream{to: r, pid: 7}
	for _, w := range writes {
		_, _ = s.Write([]byte(w))
	}
	s.close()
	return r.output(), floods
}

var withoutTime = cmpopts.IgnoreFields(Line{}, "Time")

func TestLinesOfOutput(t *testing.T) {
	long := strings.Repeat("a", keptLine) + strings.Repeat("b", 5<<20) + strings.Repeat("c", keptLine)
	for name, test := range map[string]struct {
		writes []string
		want   []Line
		cut    int64
	}{
		"nothing":       {},
		"one":           {[]string{"a\n"}, []Line{{Text: "a"}}, 0},
		"without end":   {[]string{"a\nb"}, []Line{{Text: "a"}, {Text: "b"}}, 0},
		"marked within": {[]string{"a: \x1ew 1\x1fb\x1ew 2\x1fc\nd\n"}, []Line{{Text: "a: "}, {Worker: "w 1", Text: "b"}, {Worker: "w 2", Text: "c"}, {Text: "d"}}, 0},
		"no mark":       {[]string{"a\x1eb\n"}, []Line{{Text: "a\x1eb"}}, 0},
		"empty":         {[]string{"\n\n"}, []Line{{}, {}}, 0},
		"in pieces":     {[]string{"a", "b\nc", "", "d\n"}, []Line{{Text: "ab"}, {Text: "cd"}}, 0},
		"marked":        {[]string{"\x1ew-1\x1fa\x1fb\n", "\x1eno mark\n", "\x1e"}, []Line{{Worker: "w-1", Text: "a\x1fb"}, {Text: "\x1eno mark"}, {Text: "\x1e"}}, 0},
		"not UTF-8":     {[]string{"a\xff\x00b\r\n"}, []Line{{Text: "a\uFFFD\x00b\r"}}, 0},
		"just fits":     {[]string{strings.Repeat("a", 2*keptLine) + "\n"}, []Line{{Text: strings.Repeat("a", 2*keptLine)}}, 0},
		"long":          {[]string{long, "\nnext\n"}, []Line{{Text: long[:keptLine]}, {Gap: true, Text: long[len(long)-keptLine:]}, {Text: "next"}}, 5 << 20},
		"long in parts": {slices.Collect(parts(long, 1000)), []Line{{Text: long[:keptLine]}, {Gap: true, Text: long[len(long)-keptLine:]}}, 5 << 20},
	} {
		for i := range test.want {
			test.want[i].Pid = 7
		}
		got, floods := record(test.writes...)
		if diff := cmp.Diff(Output{Lines: test.want, Cut: test.cut}, got, withoutTime); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if floods > 0 {
			t.Errorf("%s is taken for a flood", name)
		}
	}
}

// parts cuts s.
func parts(s string, size int) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for len(s) > 0 {
			n := min(size, len(s))
			if !yield(s[:n]) {
				return
			}
			s = s[n:]
		}
	}
}

func TestMuchOutputKeepsItsEnds(t *testing.T) {
	const lines = 100_000
	var text bytes.Buffer
	for i := range lines {
		fmt.Fprintf(&text, "line %06d\n", i)
	}
	got, floods := record(text.String())
	kept, gaps := int64(0), 0
	for _, line := range got.Lines {
		kept += int64(len(line.Text) + 1)
		if line.Gap {
			gaps++
		}
	}
	if floods != 0 || gaps != 1 || kept+got.Cut != int64(text.Len()) || kept > keptHead+keptTail || kept < (keptHead+keptTail)/4 {
		t.Errorf("%d floods, %d gaps, %d bytes kept, %d cut of %d", floods, gaps, kept, got.Cut, text.Len())
	}
	first, last := got.Lines[0].Text, got.Lines[len(got.Lines)-1].Text
	if first != "line 000000" || last != fmt.Sprintf("line %06d", lines-1) {
		t.Errorf("from %q to %q", first, last)
	}
}

func TestTooMuchOutputIsAFloodOnce(t *testing.T) {
	const line = "0123456789012345678901234567890123456789012345678901234567890\n"
	chunk := strings.Repeat(line, 1<<14)
	got, floods := record(slices.Repeat([]string{chunk}, 30)...)
	kept := int64(-len("\n")) // the last line is cut before its end
	for _, l := range got.Lines {
		kept += int64(len(l.Text) + len("\n"))
	}
	if floods != 1 || kept+got.Cut != int64(30*len(chunk)) {
		t.Errorf("%d floods; %d bytes kept, %d cut", floods, kept, got.Cut)
	}
}

func TestAFloodWithoutLinesShowsItsBeginning(t *testing.T) {
	var writes []string
	for range 100 {
		writes = append(writes, strings.Repeat("x", 1<<20))
	}
	got, floods := record(writes...)
	if floods != 1 || len(got.Lines) != 2 || len(got.Lines[0].Text) != keptLine || len(got.Lines[1].Text) != keptLine || !got.Lines[1].Gap {
		t.Fatalf("%d floods, %d lines", floods, len(got.Lines))
	}
	if got.Cut != 100<<20-2*keptLine {
		t.Errorf("%d bytes are left out", got.Cut)
	}
}

func TestWhatEachProcessBeganIsShownInAFlood(t *testing.T) {
	r := &recording{root: 7, tell: func(Line) {}, flood: func() {}}
	one, other := &stream{to: r, pid: 7}, &stream{to: r, pid: 8}
	_, _ = other.Write([]byte("begun"))
	_, _ = one.Write(bytes.Repeat([]byte("x"), 2*maxOutput))
	_, _ = other.Write([]byte(" and lost"))
	one.close()
	other.close()
	out := r.output()
	if last := out.Lines[len(out.Lines)-1]; last.Text != "begun" || last.Pid != 8 {
		t.Errorf("the last line is %.20q of process %d", last.Text, last.Pid)
	}
	if want := int64(2*maxOutput + len("begun and lost") - 2*keptLine - len("begun")); out.Cut != want {
		t.Errorf("%d bytes are left out, want %d", out.Cut, want)
	}
}

func TestATraceIsThatOfTheFirstProcess(t *testing.T) {
	r := &recording{root: 7, tell: func(Line) {}}
	child, root := &stream{to: r, pid: 8, stderr: true}, &stream{to: r, pid: 7, stderr: true}
	_, _ = child.Write([]byte("panic: the child's\n\tchild.cell:1\n"))
	if r.trace != (trace{}) {
		t.Errorf("a child's panic counts: %+v", r.trace)
	}
	_, _ = root.Write([]byte("panic: ours\n\ngoroutine 1 [running]:\n\truntime/panic.go:1\n\tours.cell:3 +0x1\n\tours.cell:9\n"))
	want := trace{panicked: true, text: "ours", at: problem.Position{File: "ours.cell", Line: 3}}
	if r.trace != want {
		t.Errorf("got %+v, want %+v", r.trace, want)
	}
}
