package runner

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"course/program"
)

// differs says how what a run printed differs from what it should print, but for what may vary, as the end of a sentence, or
// is empty. It returns which line of the output stated that is about, from 0, or -1.
func differs(want program.Output, got Output, vary program.Vary) (does string, line int) {
	wanted, printed := outputLines(trimmed(strings.Split(want.Text, "\n")), vary), outputLines(trimmed(standard(got)), vary)
	unordered := want.Unordered || vary.Order
	if unordered {
		for _, lines := range [][]outputLine{wanted, printed} {
			slices.SortStableFunc(lines, func(a, b outputLine) int { return strings.Compare(a.key, b.key) })
		}
	}
	for i := range max(len(wanted), len(printed)) {
		switch {
		case i >= len(wanted), unordered && i < len(printed) && printed[i].key < wanted[i].key:
			return fmt.Sprintf("printed %q, which is not in the output stated", printed[i].text), -1
		case i < len(printed) && wanted[i].key == printed[i].key:
		case unordered, i >= len(printed):
			return fmt.Sprintf("did not print %q", wanted[i].text), wanted[i].at
		default:
			return fmt.Sprintf("printed %q as line %d of its output, expected %q", printed[i].text, i+1, wanted[i].text), wanted[i].at
		}
	}
	return "", -1
}

// An outputLine is one of an output that is compared with another.
type outputLine struct {
	text string
	key  string // text without what may vary
	at   int    // which of the output it is
}

func outputLines(lines []string, vary program.Vary) []outputLine {
	mask := vary.Masker()
	all := make([]outputLine, len(lines))
	for i, line := range lines {
		all[i] = outputLine{line, mask(line), i}
	}
	return all
}

// statedAt returns the line of the cell that states line i of the output: one of the comment whose
// first line want names. It is that first line where the comment cannot be followed to the other.
func statedAt(p program.Program, want program.Output, i int) int {
	stated := trimmed(strings.Split(want.Text, "\n"))
	comment := cellLines(p, want.Line)
	if i < 0 || len(comment) == 0 {
		return want.Line
	}
	first := 0 // the line of the comment on which the output begins: "// Output: …", or below
	if !strings.HasSuffix(strings.TrimRight(comment[0], " \t\r"), stated[0]) {
		for first = 1; first < len(comment) && commented(comment[first]) == ""; first++ {
		}
	}
	for k := range i + 1 {
		if n := first + k; n >= len(comment) || n > 0 && commented(comment[n]) != strings.TrimSpace(stated[k]) {
			return want.Line
		}
	}
	return want.Line + first + i
}

// commented returns the text of a line of a comment, and of a blank line none.
func commented(line string) string {
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "//"))
}

// cellLines returns the lines of p's own cell from the given one on, as long as they are those of one
// piece of source.
func cellLines(p program.Program, from int) (lines []string) {
	at := 0 // the cell's line; 0 elsewhere than in the cell
	for line := range strings.Lines(p.Source) {
		if m := lineDirective.FindStringSubmatch(line); m != nil {
			if len(lines) > 0 {
				break
			}
			if at = 0; m[1] == p.File() {
				at, _ = strconv.Atoi(m[2])
			}
			continue
		}
		if at > 0 {
			if at >= from {
				lines = append(lines, strings.TrimRight(line, "\r\n"))
			}
			at++
		}
	}
	return lines
}

// lineDirective is a line that says from where the next ones are.
var lineDirective = regexp.MustCompile(`^//line ([^\s:]+):(\d+)`)

// standard returns the lines of standard output, with a mark where some are left out.
func standard(out Output) []string {
	var lines []string
	for _, line := range out.Lines {
		if line.Stderr {
			continue
		}
		if line.Gap {
			lines = append(lines, "…")
		}
		lines = append(lines, line.Text)
	}
	return lines
}

// trimmed drops the space at the ends of lines, and empty lines at both ends, as program.Output has it.
func trimmed(lines []string) []string {
	text := make([]string, len(lines))
	for i, line := range lines {
		text[i] = strings.TrimRight(line, " \t\r")
	}
	all := strings.TrimSpace(strings.Join(text, "\n"))
	if all == "" {
		return nil
	}
	return strings.Split(all, "\n")
}
