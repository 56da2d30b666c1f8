package runner

import (
	"fmt"
	"slices"
	"strings"

	"course/program"
)

// differs says how what a run printed differs from what it should print, or is empty.
func differs(want program.Output, got Output) string {
	wanted, printed := trimmed(strings.Split(want.Text, "\n")), trimmed(standard(got))
	if want.Unordered {
		slices.Sort(wanted)
		slices.Sort(printed)
	}
	for i := range max(len(wanted), len(printed)) {
		switch {
		case i >= len(wanted):
			return fmt.Sprintf("it printed %q, which is not in the output stated", printed[i])
		case i >= len(printed):
			return fmt.Sprintf("it did not print %q", wanted[i])
		case wanted[i] == printed[i]:
		case want.Unordered && printed[i] < wanted[i]:
			return fmt.Sprintf("it printed %q, which is not in the output stated", printed[i])
		case want.Unordered:
			return fmt.Sprintf("it did not print %q", wanted[i])
		default:
			return fmt.Sprintf("line %d of the output is %q, expected %q", i+1, printed[i], wanted[i])
		}
	}
	return ""
}

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
