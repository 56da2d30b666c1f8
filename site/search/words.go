package search

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What counts as one word is said here and in search.js, which has to read queries as this reads texts: runs of letters, digits and marks, in lower case,
// without diacritics; the parts of camelCase beside the whole; of scripts that put no blanks between words each two characters that stand together.

// maxWord is how many bytes of a word count.
const maxWord = 40

// stopWords are left out, of texts and of queries: they are nearly everywhere.
const stopWords = "a an and are as at be but by can do does for from has have how i if in is it its of on or so than that the their them then there these they this to was what when which who why will with you your"

// A splitter finds the words of texts.
type splitter struct {
	word func([]byte) // is called with each, which is valid until it returns
	low  []byte       // the run that is being read, in lower case
}

// What a byte of a text is.
const (
	other = iota
	lower
	upper
	digit
	wide // a part of a character that is not ASCII
)

var class = func() (class [256]byte) {
	for c := range class {
		switch {
		case c >= utf8.RuneSelf:
			class[c] = wide
		case 'a' <= c && c <= 'z':
			class[c] = lower
		case 'A' <= c && c <= 'Z':
			class[c] = upper
		case '0' <= c && c <= '9':
			class[c] = digit
		}
	}
	return class
}()

// split finds the words of s.
func (p *splitter) split(s string) {
	for i := 0; i < len(s); {
		c := class[s[i]]
		if c == other {
			i++
			continue
		}
		start, low, uppers := i, p.low[:0], 0
		for ; i < len(s) && c != other && c != wide; i++ {
			b := s[i]
			if c == upper {
				b += 'a' - 'A'
				uppers++
			}
			low = append(low, b)
			if i+1 < len(s) {
				c = class[s[i+1]]
			}
		}
		p.low = low
		if i < len(s) && c == wide {
			i = p.wide(s, start)
			continue
		}
		p.emit(low)
		if n := len(low); uppers > 0 && uppers < n && (uppers > 1 || class[s[start]] != upper) {
			p.camel(s[start:i])
		}
	}
}

func (p *splitter) emit(word []byte) {
	p.word(word[:min(len(word), maxWord)])
}

// camel finds the parts of a run of ASCII letters and digits: a part ends before a capital that follows a small letter or digit, or that a small one follows.
func (p *splitter) camel(run string) {
	start := 0
	for i := 1; i <= len(run); i++ {
		if i < len(run) && (class[run[i]] != upper || class[run[i-1]] == upper && (i+1 == len(run) || class[run[i+1]] != lower)) {
			continue
		}
		if i-start < len(run) {
			p.emit(p.low[start:i])
		}
		start = i
	}
}

// wide finds the words of a run that begins at start and is not all ASCII. It returns where the run ends.
func (p *splitter) wide(s string, start int) (end int) {
	for end = start; end < len(s); {
		r, size := utf8.DecodeRuneInString(s[end:])
		if !inWord(r) {
			break
		}
		end += size
	}
	if end == start { // the character is in no word
		_, size := utf8.DecodeRuneInString(s[start:])
		return start + size
	}
	for _, run := range strings.FieldsFunc(fold(s[start:end]), func(r rune) bool { return !inWord(r) }) {
		for len(run) > 0 {
			n := strings.IndexFunc(run, unspaced)
			if n < 0 {
				n = len(run)
			}
			if n > 0 {
				word := run[:n]
				for len(word) > maxWord { // whole characters
					_, size := utf8.DecodeLastRuneInString(word)
					word = word[:len(word)-size]
				}
				p.word([]byte(word))
				run = run[n:]
				continue
			}
			if n = strings.IndexFunc(run, func(r rune) bool { return !unspaced(r) }); n < 0 {
				n = len(run)
			}
			p.pairs(run[:n])
			run = run[n:]
		}
	}
	return end
}

// pairs finds each two characters that stand together, and the last alone: so a query of one character finds what begins with it, or ends so.
func (p *splitter) pairs(run string) {
	for len(run) > 0 {
		_, first := utf8.DecodeRuneInString(run)
		_, second := utf8.DecodeRuneInString(run[first:])
		p.word([]byte(run[:first+second]))
		run = run[first:]
	}
}

func inWord(r rune) bool { return unicode.In(r, unicode.L, unicode.N, unicode.M) }

// unspaced reports characters of Chinese and Japanese.
func unspaced(r rune) bool {
	return r >= 0x3040 && (r <= 0x30FF || r >= 0x3400 && r <= 0x4DBF || r >= 0x4E00 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF || r >= 0x20000 && r <= 0x3FFFF)
}

// alike has letters that are written in two ways, with the one that counts.
var alike = strings.NewReplacer("ς", "σ", "ß", "ss")

// fold returns s in lower case, in one form where Unicode has several, and without diacritics.
func fold(s string) string {
	s = strings.Map(func(r rune) rune {
		if 0x300 <= r && r <= 0x36F {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
	s = strings.ToLower(norm.NFKC.String(s))
	return alike.Replace(s)
}

// stem returns the word without the s of the plural.
func stem(word []byte) []byte {
	n := len(word)
	if n < 4 || word[n-1] != 's' {
		return word
	}
	switch word[n-2] {
	case 's', 'u', 'i':
		return word
	case 'e':
		if word[n-3] == 'i' && n > 4 {
			return append(word[:n-3:n-3], 'y') // of its own: the rest is still to be read
		}
		for _, sound := range [...]string{"ss", "sh", "ch", "x"} { // processes
			if bytes.HasSuffix(word[:n-2], []byte(sound)) {
				return word[:n-2]
			}
		}
	}
	return word[:n-1]
}
