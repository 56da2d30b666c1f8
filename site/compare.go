package site

import (
	"html"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"

	"course/problem"
)

// An outputLine is a line of output, and what in it differs from the other pane's.
type outputLine struct {
	worker  string
	pid     int
	stderr  bool
	gap     string
	text    string
	places  []place // that the text names
	outside string  // of a call in a stack trace: the code that it is in, where that is not the lesson
	marks   bool
	from    int // bytes of text that are marked
	to      int
}

func (l outputLine) equal(m outputLine) bool {
	return l.worker == m.worker && l.stderr == m.stderr && l.gap == m.gap && l.text == m.text
}

// html returns the line, with what differs marked, or else with links to the places that it names and the code in them.
func (l outputLine) html() template.HTML {
	esc := func(s string) string { return html.EscapeString(problem.Printable(s)) }
	var drawn string
	switch {
	case l.marks && l.from < l.to:
		drawn = esc(l.text[:l.from]) + "<mark>" + esc(l.text[l.from:l.to]) + "</mark>" + esc(l.text[l.to:]) + codeOf(l.places, esc)
	case len(l.places) > 0:
		drawn = linked(l.text, l.places, esc)
	case l.outside != "": // paths without a space, which break where people would
		drawn = strings.ReplaceAll(esc(l.text), "/", "/<wbr>")
	default:
		drawn = esc(l.text)
	}
	return template.HTML(drawn)
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
// one of them only.
func markDifferences(a, b []outputLine) {
	of := func(lines []outputLine) map[writer][]*outputLine {
		by := make(map[writer][]*outputLine)
		for i := range lines {
			w := writer{worker: lines[i].worker, stderr: lines[i].stderr}
			by[w] = append(by[w], &lines[i])
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
	for len(a) > 0 && len(b) > 0 && a[0].text == b[0].text {
		common += len(a[0].text)
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1].text == b[len(b)-1].text {
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
			if a[i].text == b[j].text {
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
		case a[i].text == b[j].text:
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
