package terminal

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// show writes a line with its spans as tags: "a [r1]b[]".
func show(l Line) string {
	var b strings.Builder
	at := 0
	for _, s := range l.Spans {
		b.WriteString(l.Text[at:s.From] + "[" + name(s.Style) + "]" + l.Text[s.From:s.To] + "[]")
		at = s.To
	}
	b.WriteString(l.Text[at:])
	if l.Over > 0 {
		fmt.Fprintf(&b, " (over %d)", l.Over)
	}
	return b.String()
}

func name(s Style) string {
	var all []string
	add := func(is bool, what string) {
		if is {
			all = append(all, what)
		}
	}
	add(s.Fg > 0, fmt.Sprint("fg", s.Fg))
	add(s.Bg > 0, fmt.Sprint("bg", s.Bg))
	add(s.Bold, "bold")
	add(s.Faint, "faint")
	add(s.Italic, "italic")
	add(s.Underline, "underline")
	add(s.Inverse, "inverse")
	add(s.Strike, "strike")
	return strings.Join(all, " ")
}

func TestLinesAreAsATerminalShowsThem(t *testing.T) {
	for _, test := range []struct{ printed, want string }{
		{"plain <b> text", "plain <b> text"},
		{"\x1b[31mred\x1b[0m not", "[fg2]red[] not"},
		{"\x1b[31;1mred\x1b[22m still\x1b[39m not", "[fg2 bold]red[][fg2] still[] not"},
		{"\x1b[mnothing\x1b[0;0m", "nothing"},
		{"\x1b[2;3;4;7;9mall\x1b[22;23;24;27;29mnone", "[faint italic underline inverse strike]all[]none"},
		{"\x1b[4:3mcurly\x1b[4:0mnone\x1b[21mdouble", "[underline]curly[]none[underline]double[]"},
		{"\x1b[97;100mbright\x1b[49mtext", "[fg16 bg9]bright[][fg16]text[]"},
		{"\x1b[38;5;1ma\x1b[38;5;196mb\x1b[38;5;244mc\x1b[48;5;232md", "[fg2]a[][fg10]b[][fg9]c[][fg9 bg1]d[]"},
		{"\x1b[38;5;40ma\x1b[38;5;20mb\x1b[38;5;160mc\x1b[38;5;44md\x1b[38;5;164me\x1b[38;5;184mf", "[fg3]a[][fg5]b[][fg2]c[][fg7]d[][fg6]e[][fg4]f[]"}, // of the cube
		{"\x1b[38;2;200;10;10ma\x1b[38:2::0:0:230mb\x1b[38:2:0:200:0mc\x1b[38:5:3md", "[fg2]a[][fg5]b[][fg3]c[][fg4]d[]"},
		{"\x1b[58;5;9;1mbold\x1b[38mno\x1b[38;5mno\x1b[38;2;1mno", "[bold]boldnonono[]"},
		{"\x1b[38;5;256ma\x1b[999mb\x1b[5;6;8mneither blinks nor hides", "ab" + "neither blinks nor hides"},
		{"\x1b[31m\x1b[32mlast\x1b[0mcounts", "[fg3]last[]counts"},
		{"\x1b]8;;https://evil.example\x1b\\text\x1b]8;;\x1b\\ after", "text after"},
		{"\x1b]8;id=1;https://evil.example\atext\x1b]8;;\a after", "text after"},
		{"\x1b]8;;https://never.ends", "\x1b]8;;https://never.ends"},
		{"\x1b]0;title\a\x1b[2J\x1b[1A\x1b[?25l\x1b(0", "\x1b]0;title\a\x1b[2J\x1b[1A\x1b[?25l\x1b(0"},
		{"\x1b[>4;2m\x1b[31$m\x1b[", "\x1b[>4;2m\x1b[31$m\x1b["},
		{"10 %\r20 %\r100 %", "100 % (over 2)"},
		{"long line\rshort", "shortline (over 1)"},
		{"10 %\r\x1b[Kdone", "done (over 1)"},
		{"abc\x1b[1Kd\x1b[2Ke", "    e (over 2)"},
		{"windows\r", "windows"},
		{"one\r\r", "one"},
		{"ab\b\bxy", "xy (over 1)"},
		{"a\b\b\b", "a"},
		{"\x1b[31mab\r\x1b[32mx", "[fg3]x[][fg2]b[] (over 1)"},
		{"e\u0301e\rx", "xe (over 1)"},
		{"日本\r中", "中本 (over 1)"},
		{"\x9b31m\u009b31m\xff", "\x9b31m\u009b31m\xff"},
	} {
		var r Reader
		if got := show(r.Line(test.printed)); got != test.want {
			t.Errorf("%q is shown as\n%q, want\n%q", test.printed, got, test.want)
		}
	}
}

func TestColoursGoOnInTheNextLine(t *testing.T) {
	var r Reader
	var got []string
	for _, line := range []string{"a\x1b[1;35mb", "c", "", "d\x1b[0me", "f\x1b[31m"} {
		got = append(got, show(r.Line(line)))
	}
	r.Reset()
	got = append(got, show(r.Line("g")))
	const want = "a[fg6 bold]b[]|[fg6 bold]c[]||[fg6 bold]d[]e|f|g"
	if all := strings.Join(got, "|"); all != want {
		t.Errorf("lines are shown as %q, want %q", all, want)
	}
}

// TestLongLinesAreReadInLinearTime: a line of twice the length takes about twice as long, not four times, with sequences that have no end and
// characters that combine.
func TestLongLinesAreReadInLinearTime(t *testing.T) {
	for _, unit := range []string{"\x1b]8;;x", "\x1b[1;1;", "e\u0301\b", "\x1b[31m\u0301", "a\r", "\x1b[38;5;", "ab\x1b[2K"} {
		least := func(n int) time.Duration {
			line, least := strings.Repeat(unit, n), time.Hour
			for range 3 {
				var r Reader
				begin := time.Now()
				r.Line(line)
				least = min(least, time.Since(begin))
			}
			return least
		}
		if short, long := least(2000), least(32000); long > 100*short+300*time.Millisecond {
			t.Errorf("%q: 2,000 take %v, 32,000 %v", unit, short, long)
		}
	}
	line := strings.Repeat("\x1b[31m", 2<<20)
	var r Reader
	if got := r.Line(line); got.Text != line || len(got.Spans) > 0 {
		t.Error("a line of ten megabytes is not shown as it came")
	}
}

// understood is what is no text, written otherwise than the reader is.
var understood = regexp.MustCompile("\x1b\\[[0-9;:]*m|\x1b\\]8;[^\x00-\x1f]*(?:\x07|\x1b\\\\)")

func FuzzLine(f *testing.F) {
	f.Add("\x1b[31mred\x1b[0m", "more")
	f.Add("10 %\r\x1b[2K20 %\b", "\x1b]8;;x\x1b\\y")
	f.Add("\x1b[38:2::1:2:3;4:3m日e\u0301", "\x1b[K\x1b[1K\xff")
	f.Fuzz(func(t *testing.T, one, two string) {
		var r Reader
		for _, s := range []string{one, two} {
			line := r.Line(s)
			at := 0
			for _, span := range line.Spans {
				if span.From < at || span.From >= span.To || span.To > len(line.Text) || span.Style == (Style{}) || span.Style.Fg > Colors || span.Style.Bg > Colors {
					t.Fatalf("%q has the span %+v after %d", s, span, at)
				}
				if utf8.ValidString(s) && !utf8.ValidString(line.Text[span.From:span.To]) {
					t.Fatalf("%q has a span that parts a character: %+v", s, span)
				}
				at = span.To
			}
			if strings.ContainsAny(strings.TrimRight(s, "\r"), "\r\b") || strings.Contains(s, "K") {
				if len(line.Text) > len(s) {
					t.Fatalf("%q has become longer: %q", s, line.Text)
				}
				continue
			}
			if want := understood.ReplaceAllString(strings.TrimRight(s, "\r"), ""); line.Text != want && utf8.ValidString(s) {
				t.Fatalf("%q is shown as %q, want %q", s, line.Text, want)
			}
			if line.Over > 0 {
				t.Fatalf("%q is said to be written over", s)
			}
		}
	})
}
