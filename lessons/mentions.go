package lessons

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

// A Mention is a part of a text node that names a term. A term whose words stand on two lines, or around what Markdown might have read as markup, has a
// Mention in each of the nodes that it goes through.
type Mention struct {
	Term     *Term
	From, To int // in Lesson.Source
	Begins   bool
	Ends     bool
}

// Mentions returns where the lesson's prose names each term of the glossary for the first time, by the text node and in order: whole words, whatever their
// case, the longest of several; not in headings, links, code, claims and pictures. It is nil where there are none. It takes time that is linear in the length of the prose.
func (c *Course) Mentions(l *Lesson) map[ast.Node][]Mention {
	if len(c.Terms) == 0 {
		return nil
	}
	s := &mentionSearch{finder: c.glossary.finder, source: l.Source}
	for _, block := range l.Blocks {
		if p, ok := block.(*Prose); ok && len(s.seen) < len(c.Terms) {
			_ = ast.Walk(p.Node, s.visit)
		}
	}
	return s.found
}

// termFinder finds terms by the words that their spellings begin with.
type termFinder struct {
	byFirst map[string][]spelled  // the longest first
	lengths [utf8.RuneSelf]uint64 // by the first letter of those words, in ASCII: bit n is set where one is n bytes long; bit 63 stands for more
}

// spelled is one spelling of a term, as spelling returns it.
type spelled struct {
	text string
	term *Term
}

func newTermFinder(spellings map[string]*Term) *termFinder {
	f := &termFinder{byFirst: make(map[string][]spelled)}
	for text, term := range spellings {
		end := strings.IndexFunc(text, func(r rune) bool { return !isWordRune(r) })
		if end < 0 {
			end = len(text)
		}
		first := text[:end]
		f.byFirst[first] = append(f.byFirst[first], spelled{text, term})
		if first[0] < utf8.RuneSelf {
			f.lengths[first[0]] |= 1 << min(len(first), 63)
		}
	}
	for _, all := range f.byFirst {
		slices.SortFunc(all, func(a, b spelled) int {
			return cmp.Or(len(b.text)-len(a.text), strings.Compare(a.text, b.text))
		})
	}
	return f
}

// mentionSearch goes through the prose of one lesson.
type mentionSearch struct {
	finder *termFinder
	source []byte
	seen   map[*Term]bool
	found  map[ast.Node][]Mention

	text   []byte     // of a run of text nodes, line breaks as blanks
	pieces []textNode // of the run
	word   []byte     // the one that is looked at, in lower case
}

// textNode is a node of a run, and where its text begins in that of the run.
type textNode struct {
	node *ast.Text
	from int
}

// visit looks at each run of text nodes that are siblings.
func (s *mentionSearch) visit(n ast.Node, entering bool) (ast.WalkStatus, error) {
	switch n.Kind() {
	case ast.KindHeading, ast.KindLink, ast.KindAutoLink, ast.KindImage, ast.KindCodeSpan, ast.KindCodeBlock, ast.KindFencedCodeBlock, ast.KindHTMLBlock, ast.KindRawHTML:
		return ast.WalkSkipChildren, nil
	case ast.KindText:
		if entering && (n.PreviousSibling() == nil || n.PreviousSibling().Kind() != ast.KindText) {
			s.run(n.(*ast.Text))
		}
	}
	return ast.WalkContinue, nil
}

// run looks at the words of a text node and of those that follow it.
func (s *mentionSearch) run(n *ast.Text) {
	s.text, s.pieces = s.text[:0], s.pieces[:0]
	for ok := true; ok; n, ok = n.NextSibling().(*ast.Text) {
		s.pieces = append(s.pieces, textNode{n, len(s.text)})
		s.text = append(s.text, s.source[n.Segment.Start:n.Segment.Stop]...)
		if n.SoftLineBreak() || n.HardLineBreak() {
			s.text = append(s.text, ' ')
		}
	}
	for i := 0; i < len(s.text); {
		size := wordRune(s.text[i:])
		if size == 0 {
			_, size = utf8.DecodeRune(s.text[i:])
			i += size
			continue
		}
		end, ascii := i, true
		for size > 0 {
			ascii = ascii && size == 1
			end += size
			size = wordRune(s.text[end:])
		}
		if term, to := s.match(i, end, ascii); term != nil {
			s.mark(term, i, to)
			end = to
		}
		i = end
	}
}

// match returns the term that the word from i to end begins, and where that ends; nil where there is none.
func (s *mentionSearch) match(i, end int, ascii bool) (*Term, int) {
	if first := s.text[i]; ascii {
		if 'A' <= first && first <= 'Z' {
			first += 'a' - 'A'
		}
		if s.finder.lengths[first]&(1<<min(end-i, 63)) == 0 {
			return nil, 0
		}
	}
	if i > 0 && strings.IndexByte(`&-.\@`, s.text[i-1]) >= 0 { // a part of another word, of a name, of an entity
		return nil, 0
	}
	s.word = s.word[:0]
	for _, r := range string(s.text[i:end]) {
		s.word = utf8.AppendRune(s.word, unicode.ToLower(r))
	}
	for _, candidate := range s.finder.byFirst[string(s.word)] {
		if s.seen[candidate.term] {
			continue
		}
		if to := follows(s.text, end, candidate.text[len(s.word):]); to > 0 {
			return candidate.term, to
		}
	}
	return nil, 0
}

// follows returns where in text the rest of a spelling ends that stands at i, with the end of a word behind it; 0 where it does not.
func follows(text []byte, i int, rest string) int {
	for _, want := range rest {
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case want == ' ' && isSpaceRune(r):
			for i < len(text) && isSpaceRune(rune(text[i])) {
				i++
			}
		case size > 0 && unicode.ToLower(r) == want:
			i += size
		default:
			return 0
		}
	}
	after := text[i:]
	if len(after) > 1 && (after[0] == '-' || after[0] == '.') {
		after = after[1:]
	}
	if wordRune(after) > 0 {
		return 0
	}
	return i
}

func isSpaceRune(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// wordRune returns the size of the part of a word that text begins with; 0 where that is none.
func wordRune(text []byte) int {
	if len(text) == 0 {
		return 0
	}
	if c := text[0]; c < utf8.RuneSelf {
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' {
			return 1
		}
		return 0
	}
	if r, size := utf8.DecodeRune(text); isWordRune(r) {
		return size
	}
	return 0
}

// mark notes that a term is named from one place in the run to another.
func (s *mentionSearch) mark(term *Term, from, to int) {
	if s.found == nil {
		s.found, s.seen = make(map[ast.Node][]Mention), make(map[*Term]bool)
	}
	s.seen[term] = true
	for _, p := range s.pieces {
		start := p.node.Segment.Start - p.from // of the run's text in the source, as far as it is this node's
		end := p.node.Segment.Stop - start
		if end <= from || p.from >= to || p.from == end {
			continue
		}
		s.found[p.node] = append(s.found[p.node], Mention{
			Term: term, From: start + max(from, p.from), To: start + min(to, end), Begins: from >= p.from, Ends: to <= end,
		})
	}
}
