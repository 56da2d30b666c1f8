package search

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Each file is a script, for pages from disk cannot fetch: one call of course.indexed with what is in it, its name, and the key of the build. The key is
// a sum of all files, by which the script sees that two are not of one build.

// made makes all files, in the order of x.names.
func (x *Index) made() [][]byte {
	readers := readAll(x.sources)
	var counts []int
	var infos, texts [][]byte
	for _, r := range readers {
		counts = append(counts, r.counts...)
		infos = append(infos, r.infos...)
		texts = append(texts, r.texts...)
	}
	firsts, words := spread(merge(readers), x.layout.words)
	bodies := append([][]byte{x.top(counts, firsts)}, words...)
	bodies = append(bodies, join(infos, x.layout.infos)...)
	bodies = append(bodies, join(texts, x.layout.texts)...)
	hash := sha256.New()
	for _, body := range bodies {
		hash.Write(body)
	}
	key := hex.EncodeToString(hash.Sum(nil)[:6])
	for i, body := range bodies {
		name := strings.TrimSuffix(strings.TrimPrefix(x.names[i], "search/"), ".js")
		bodies[i] = append(body, `,"`+name+`","`+key+"\");\n"...)
	}
	return bodies
}

// call is what a file begins with. What follows is what is in it, and at the end, which is cheap to append to, its name and the key.
const call = "course.indexed("

// room is how many bytes what follows a file's content takes.
const room = 64

// top returns what the script has to know before it can ask for anything else.
func (x *Index) top(counts []int, firsts []string) []byte {
	numbers := func(of []int) (b []byte) {
		for _, n := range of {
			b = appendNumber(b, uint32(n))
		}
		return b
	}
	b := []byte(call + `{"sections":"`)
	b = append(b, numbers(counts)...)
	b = append(append(b, `","infos":"`...), numbers(x.layout.infos)...)
	b = append(append(b, `","texts":"`...), numbers(x.layout.texts)...)
	b = append(append(b, `","firsts":"`...), strings.Join(firsts, " ")...)
	return append(b, `","stop":"`+stopWords+`"}`...)
}

// spread spreads words over n files of about the same size, and returns with them the first word of each.
func spread(entries []entry, n int) (firsts []string, files [][]byte) {
	total := 0
	for _, e := range entries {
		total += e.size()
	}
	for done, i := 0, 0; i < n; i++ {
		var words, lists []byte
		first := ""
		for len(entries) > 0 && (i == n-1 || len(words)+len(lists) == 0 || done+entries[0].size()/2 <= total*(i+1)/n) {
			e := entries[0]
			entries = entries[1:]
			if len(words) == 0 {
				first = e.word
			} else {
				words, lists = append(words, ' '), append(lists, ' ')
			}
			words, lists = append(words, e.word...), append(lists, e.list...)
			done += e.size()
		}
		if len(words) == 0 && i > 0 { // there are fewer words than files
			first = "\uffff"
		}
		firsts = append(firsts, first)
		file := make([]byte, 0, len(call)+len(words)+len(lists)+room)
		file = append(append(file, call+`["`...), words...)
		file = append(append(file, `","`...), lists...)
		files = append(files, append(file, `"]`...))
	}
	return firsts, files
}

func (e entry) size() int { return len(e.word) + len(e.list) + 2 }

// join joins what pages have to files of so many pages each.
func join(pages [][]byte, counts []int) (files [][]byte) {
	for _, n := range counts {
		size := len(call) + room
		for _, page := range pages[:n] {
			size += len(page) + 1
		}
		file := append(make([]byte, 0, size), call...)
		for i, page := range pages[:n] {
			file = append(append(file, "[,"[min(i, 1)]), page...)
		}
		files = append(files, append(file, ']'))
		pages = pages[n:]
	}
	return files
}

// The sections in which a word is are numbers: of how many sections lie between it and the one before, and of its level, n*levels + level.

// digits are those of numbers: what can stand in a JavaScript string, and in HTML, as it is. A number ends with one of the first ones; those that come
// before it, if any, are of the others. Most numbers are of one.
const (
	digits = "!#$%&'()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"
	ends   = 72
)

func appendNumber(b []byte, n uint32) []byte {
	if n >= ends {
		b = appendLeading(b, n/ends)
	}
	return append(b, digits[n%ends])
}

func appendLeading(b []byte, n uint32) []byte {
	const base = uint32(len(digits) - ends)
	if n >= base {
		b = appendLeading(b, n/base)
	}
	return append(b, digits[ends+n%base])
}

// appendInfo appends what is shown of a page before its text is there.
func appendInfo(b []byte, p Page) []byte {
	b = appendString(append(b, '['), "", p.Href)
	b = appendString(append(b, ','), "", p.Title)
	for _, s := range p.Sections {
		kind := string(rune(s.Kind))
		if s.Anchor != impliedAnchor(s) {
			kind += s.Anchor
		}
		b = appendString(append(b, ','), "", kind)
		b = appendString(append(b, ','), "", s.Heading)
	}
	return append(b, ']')
}

// impliedAnchor returns the anchor that the script gives a section of which it is told none.
func impliedAnchor(s Section) string {
	if s.Heading == "" {
		return ""
	}
	return "h-" + strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '-', r == '_':
			return r
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case r == ' ':
			return '-'
		}
		return -1
	}, s.Heading)
}

// appendTexts appends the texts of a page's sections.
func appendTexts(b []byte, p Page) []byte {
	b = append(b, '[')
	for i, s := range p.Sections {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		for j, part := range s.Parts {
			if j > 0 {
				b = append(b, ',')
			}
			b = appendString(b, string(rune(part.Field)), part.Text)
		}
		b = append(b, ']')
	}
	return append(b, ']')
}

// appendString appends prefix and s as one JavaScript string that can stand in a script anywhere: white space is made one blank or line break, what could
// command or reorder a text a replacement character.
func appendString(b []byte, prefix, s string) []byte {
	b = append(append(b, '"'), prefix...)
	space, line := false, false
	for i := 0; i < len(s); {
		c := s[i]
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			space, line = true, line || c == '\n'
			i++
			continue
		}
		if space {
			switch {
			case line && prefix != string(rune(Text)):
				b = append(b, `\n`...)
			default:
				b = append(b, ' ')
			}
			space, line = false, false
		}
		start := i
		for i < len(s) && (plain[s[i]] || s[i] == ' ' && i > start && i+1 < len(s) && plain[s[i+1]]) {
			i++
		}
		b = append(b, s[start:i]...)
		if i == len(s) || i > start {
			continue
		}
		if c < utf8.RuneSelf {
			switch {
			case c == '"' || c == '\\':
				b = append(b, '\\', c)
			case c == '<':
				b = append(b, `\u003c`...)
			default:
				b = append(b, "\uFFFD"...)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\u2028' || r == '\u2029':
			b = append(b, `\u`+strconv.FormatInt(int64(r), 16)...)
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			b = append(b, "\uFFFD"...)
		default:
			b = utf8.AppendRune(b, r)
		}
		i += size
	}
	return append(b, '"')
}

// plain are the bytes that stand in a string as they are, but for white space.
var plain = func() (plain [256]bool) {
	for c := '!'; c < 0x7f; c++ {
		plain[c] = c != '"' && c != '\\' && c != '<'
	}
	return plain
}()
