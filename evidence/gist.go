package evidence

import (
	"strings"

	"course/runner"
)

// lineBreak stands between the lines of a gist.
const lineBreak = " │ "

// Gists says for each way of t what was printed, in one line of at most so many characters, 20 or more: all of it, or its beginning, unless that
// says nothing of what another way printed otherwise. Then it is what is around the first difference from the way that is most like it. Where a
// worker is known to have printed a line, its name stands before it. Stack traces are left out. write says which text stands for a line.
func (t Tally) Gists(columns int, write func(string) string) []string {
	all := make([][]rune, len(t.Ways))
	for i, way := range t.Ways {
		all[i] = []rune(joined(way.First.Output.Lines, write))
	}
	gists := make([]string, len(all))
	for i, text := range all {
		gists[i] = around(text, differs(i, all), columns)
	}
	return gists
}

func joined(lines []runner.Line, write func(string) string) string {
	var b strings.Builder
	for _, line := range lines {
		if line.Stderr && strings.HasPrefix(line.Text, "goroutine ") {
			break
		}
		if strings.TrimSpace(line.Text) == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(lineBreak)
		}
		if line.Worker != "" {
			b.WriteString(write(line.Worker) + ": ")
		}
		b.WriteString(write(line.Text))
	}
	return b.String()
}

// differs returns how many characters text i has in common with that which begins most like it.
func differs(i int, all [][]rune) (most int) {
	for j, other := range all {
		if i == j {
			continue
		}
		n := 0
		for n < len(other) && n < len(all[i]) && other[n] == all[i][n] {
			n++
		}
		most = max(most, n)
	}
	return most
}

// around returns so many characters of text, in which that at index at is to be seen, with a mark where something is left out.
func around(text []rune, at, columns int) string {
	if len(text) <= columns {
		return string(text)
	}
	const mark = "…"
	if at < columns-columns/4 { // with some of what follows it
		return string(text[:columns-1]) + mark
	}
	from := min(at-columns/4, len(text)-columns+1)
	if from+columns-1 >= len(text) {
		return mark + string(text[from:])
	}
	return mark + string(text[from:from+columns-2]) + mark
}
