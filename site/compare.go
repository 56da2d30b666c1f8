package site

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"course/program"
	"course/site/terminal"
)

// An outputLine is a line of output, as a terminal would show it, and what in it differs from the other pane's, or may differ from run to run.
type outputLine struct {
	worker  string
	pid     int
	stderr  bool
	gap     string
	text    string
	masked  string          // the text as it is compared: with what may vary left out
	looks   []terminal.Span // what of the text looks otherwise, as a terminal would show it
	over    int             // how often something in it was written over
	varies  [][2]int        // the bytes of text that may vary
	places  []place         // that the text names
	outside string          // of a call in a stack trace: the code that it is in, where that is not the lesson
	marks   bool
	from    int // bytes of text that are marked
	to      int
}

func (l outputLine) compare(m outputLine) int {
	var a, b int
	if l.stderr {
		a = 1
	}
	if m.stderr {
		b = 1
	}
	return cmp.Or(cmp.Compare(a, b), strings.Compare(l.worker, m.worker), strings.Compare(l.gap, m.gap), strings.Compare(l.masked, m.masked))
}

// sameOutput reports whether two outputs differ in nothing but what may vary.
func sameOutput(a, b []outputLine, v program.Vary) bool {
	if v.Order {
		a, b = slices.Clone(a), slices.Clone(b)
		slices.SortStableFunc(a, outputLine.compare)
		slices.SortStableFunc(b, outputLine.compare)
	}
	return slices.EqualFunc(a, b, func(l, m outputLine) bool { return l.compare(m) == 0 })
}

// writer returns who printed the line.
func (l outputLine) writer() writer { return writer{l.worker, l.pid, l.stderr} }

// A writer is who printed a line, and where to. Lines of one writer are in order, and those of several
// writers in none that says anything: so they are compared writer by writer.
type writer struct {
	worker string
	pid    int // 0 where processes are not told apart
	stderr bool
}

// markDifferences marks in a and b what differs between them, unless that is everything. Standard error is
// left alone, for in traces the frames and addresses differ by their nature, and so is a writer who is in
// one of them only. What may vary is no difference.
func markDifferences(a, b []outputLine, v program.Vary) {
	of := func(lines []outputLine) map[writer][]*outputLine {
		by := make(map[writer][]*outputLine)
		for i := range lines {
			w := writer{worker: lines[i].worker, stderr: lines[i].stderr}
			by[w] = append(by[w], &lines[i])
		}
		if v.Order {
			for _, lines := range by {
				slices.SortStableFunc(lines, func(l, m *outputLine) int { return l.compare(*m) })
			}
		}
		return by
	}
	byA, byB := of(a), of(b)
	common := 0
	for w := range byA {
		if byB[w] != nil && !w.stderr {
			common += markWriter(byA[w], byB[w])
		}
	}
	if common == 0 {
		for _, lines := range [][]outputLine{a, b} {
			for i := range lines {
				lines[i].marks = false
			}
		}
	}
}

// alignLimit bounds the table of the alignment; longer outputs are compared line by line.
const alignLimit = 1 << 20

// markWriter marks what differs between two writers' lines, and returns how many bytes are common.
func markWriter(a, b []*outputLine) (common int) {
	for len(a) > 0 && len(b) > 0 && a[0].masked == b[0].masked {
		common += len(a[0].text)
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1].masked == b[len(b)-1].masked {
		common += len(a[len(a)-1].text)
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a)*len(b) > alignLimit {
		return common + markPairs(a, b)
	}
	for _, run := range align(a, b) {
		common += markPairs(a[run.fromA:run.toA], b[run.fromB:run.toB])
		common += run.common
	}
	return common
}

// A differing run of lines ends where a line is in both, which has that many bytes.
type differing struct{ fromA, toA, fromB, toB, common int }

// align finds the longest common subsequence of lines, and returns what lies between its lines.
func align(a, b []*outputLine) []differing {
	longest := make([][]int32, len(a)+1)
	for i := range longest {
		longest[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i].masked == b[j].masked {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	var runs []differing
	run := differing{}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i].masked == b[j].masked:
			run.toA, run.toB, run.common = i, j, len(a[i].text)
			runs = append(runs, run)
			i, j = i+1, j+1
			run = differing{fromA: i, fromB: j}
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	run.toA, run.toB = len(a), len(b)
	return append(runs, run)
}

// markPairs marks what differs between lines that stand opposite each other, and all of those that have
// no opposite. It returns how many bytes are common.
func markPairs(a, b []*outputLine) (common int) {
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			b[i].marks, b[i].from, b[i].to = true, 0, len(b[i].text)
		case i >= len(b):
			a[i].marks, a[i].from, a[i].to = true, 0, len(a[i].text)
		default:
			common += markPair(a[i], b[i])
		}
	}
	return common
}

// markPair marks two lines but for the words with which both begin and end.
func markPair(a, b *outputLine) (common int) {
	wordsA, wordsB := words(a.text), words(b.text)
	head, tail := 0, 0
	for len(wordsA) > 0 && len(wordsB) > 0 && wordsA[0] == wordsB[0] {
		head += len(wordsA[0])
		wordsA, wordsB = wordsA[1:], wordsB[1:]
	}
	for len(wordsA) > 0 && len(wordsB) > 0 && wordsA[len(wordsA)-1] == wordsB[len(wordsB)-1] {
		tail += len(wordsA[len(wordsA)-1])
		wordsA, wordsB = wordsA[:len(wordsA)-1], wordsB[:len(wordsB)-1]
	}
	a.marks, a.from, a.to = true, head, len(a.text)-tail
	b.marks, b.from, b.to = true, head, len(b.text)-tail
	return len(strings.TrimSpace(a.text[:head] + a.text[len(a.text)-tail:]))
}

// words cuts s into words and what stands between them.
func words(s string) (cut []string) {
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '.' }
	from := 0
	for i, r := range s {
		last, _ := utf8.DecodeLastRuneInString(s[:i])
		if i > 0 && (!word(r) || !word(last)) {
			cut = append(cut, s[from:i])
			from = i
		}
	}
	if from < len(s) {
		cut = append(cut, s[from:])
	}
	return cut
}
