// Package problem is what is wrong with a course, as data: the terminal, --json and the page show the same List.
package problem

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Position is a place in a file of a course. Line and Column count from 1, Column in bytes. Line 0
// is the whole file, Column 0 the whole line.
type Position struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// String gives file:line:col, without what is 0.
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Compare orders positions by file, line and column.
func (p Position) Compare(q Position) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// A Problem is one thing that is wrong. There are no warnings: what may be ignored is not reported.
type Problem struct {
	Position
	Length  int    `json:"length,omitempty"` // bytes from Column on that the problem is about; 0 means not known
	Message string `json:"message"`          // what is wrong, without a full stop
	Hint    string `json:"hint,omitempty"`   // what to do about it
	Source  string `json:"source,omitempty"` // the line that Position names, without its end
}

// A List is an error, so that it can be returned and found by errors.As. The nil List is no problem.
type List []Problem

// Err returns l, or nil where l is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// Error gives the first problem, and says how many follow.
func (l List) Error() string {
	switch len(l) {
	case 0:
		return "no problems"
	case 1:
		return l[0].line()
	}
	return fmt.Sprintf("%s (and %d more)", l[0].line(), len(l)-1)
}

// Sort orders l by position and keeps the order of problems at one position.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Problem) int { return a.Compare(b.Position) })
}

// MarshalJSON writes the nil List as an empty array.
func (l List) MarshalJSON() ([]byte, error) {
	return json.Marshal(append([]Problem{}, l...))
}

// Print writes each problem for a terminal: "file:line:col: message", the source line with a mark
// below what is wrong, and a hint line. Control characters are shown, never sent.
func (l List) Print(w io.Writer) error {
	var b strings.Builder
	for _, p := range l {
		b.WriteString(p.line() + "\n")
		if p.Source != "" {
			source, mark := p.excerpt()
			b.WriteString("\t" + source + "\n")
			if mark != "" {
				b.WriteString("\t" + mark + "\n")
			}
		}
		for i, hint := range strings.Split(p.Hint, "\n") {
			switch {
			case p.Hint == "":
			case i == 0:
				b.WriteString("\thint: " + Printable(hint) + "\n")
			default:
				b.WriteString("\t      " + Printable(hint) + "\n")
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p Problem) line() string {
	if p.File == "" {
		return Printable(p.Message)
	}
	return Printable(p.Position.String()) + ": " + Printable(p.Message)
}

// excerptWidth is how much of a source line is shown, in characters: one line of most terminals.
const excerptWidth = 100

// Excerpt returns the source line in three parts, of which marked is what the problem is about: empty
// where no column is known. Of a long line they are the part around the problem. They are Printable.
func (p Problem) Excerpt() (before, marked, after string) {
	if p.Column == 0 {
		return Printable(clip(p.Source, excerptWidth)), "", ""
	}
	start := min(p.Column-1, len(p.Source))
	end := min(start+max(p.Length, 1), len(p.Source))
	before, marked, after = p.Source[:start], p.Source[start:end], p.Source[end:]
	if n := utf8.RuneCountInString(before); n > excerptWidth/2 {
		runes := []rune(before)
		before = "…" + string(runes[n-excerptWidth/2:])
	}
	marked = clip(marked, excerptWidth/2)
	after = clip(after, max(0, excerptWidth-utf8.RuneCountInString(before+marked)))
	return Printable(before), Printable(marked), Printable(after)
}

// excerpt returns the source line and the line that marks the problem below it, which is empty where
// no column is known.
func (p Problem) excerpt() (source, mark string) {
	before, marked, after := p.Excerpt()
	source = before + marked + after
	if p.Column == 0 {
		return source, ""
	}
	indent := strings.Map(func(r rune) rune { // a tab keeps its width
		if r == '\t' {
			return r
		}
		return ' '
	}, before)
	return source, indent + "^" + strings.Repeat("~", max(utf8.RuneCountInString(marked)-1, 0))
}

// clip returns at most n characters of s, with an ellipsis where some are missing.
func clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i] + "…"
		}
		n--
	}
	return s
}

// Printable returns s with what could command a terminal or reorder its text made visible: control
// characters, bidirectional overrides and invalid UTF-8 as escapes. Tabs stay.
func Printable(s string) string {
	if !strings.ContainsFunc(s, unprintable) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r < utf8.RuneSelf && unprintable(r):
			fmt.Fprintf(&b, `\x%02x`, r)
		case unprintable(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// unprintable reports control characters (Unicode Cc) and format characters (Cf), which include the
// bidirectional overrides of CVE-2021-42574.
func unprintable(r rune) bool {
	return r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r))
}

// Nearest returns the candidate that name was probably meant to be, or "" where none is near: the
// hint "did you mean …?". Near is an edit distance of at most 1 + a third of the name's length.
func Nearest(name string, candidates []string) string {
	best, least := "", 2+len(name)/3
	for _, c := range candidates {
		if d := distance(name, c); d < least {
			best, least = c, d
		}
	}
	return best
}

// HintNearest asks whether the nearest candidate was meant, or lists all.
func HintNearest(name string, candidates []string) string {
	if near := Nearest(name, candidates); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return HintOneOf(candidates)
}

// HintOneOf lists what may stand in a place.
func HintOneOf(candidates []string) string {
	if len(candidates) == 1 {
		return fmt.Sprintf("there is only %q", candidates[0])
	}
	return "use one of " + strings.Join(candidates, ", ")
}

// distance is the Levenshtein distance of a and b, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
