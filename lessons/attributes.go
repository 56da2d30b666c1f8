package lessons

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"course/problem"
)

// attribute is one of a fence's attributes: #id, name or name=value. Offsets count from the "{".
type attribute struct {
	name           string // "#" of an id
	value          value
	offset, length int // of the whole
}

// value is the right side of an attribute.
type value struct {
	shape          shape
	items          []item // one of a word, or of an id
	offset, length int
}

// item is a word, or an element of a list or a map. Quotes are removed.
type item struct {
	key, text      string // key only in a map
	keyAt          int    // the offset of the key
	offset, length int    // of the text; in a map, of the pair, but where several have one key
}

type shape int

const (
	missing shape = iota
	word
	list  // [a, b]
	pairs // {a=b, c=d}
)

// attributes reads Pandoc's attribute syntax, {#id key=value key="a b" key=[a, b] key={a=b} flag}, from s,
// which begins with "{" at position at. It returns every attribute that can be read, "#id" under the name
// "#", and a problem for each that cannot: an author sees all mistakes of a fence at once.
func attributes(s string, at problem.Position) ([]attribute, problem.List) {
	r := &attributeReader{s: s, i: len("{"), at: at}
	seen := make(map[string]bool)
	var attrs []attribute
	for r.space(); !r.broken; r.space() {
		if r.i == len(s) {
			r.report(0, 1, "attributes are not closed", "end them with }")
			break
		}
		if s[r.i] == '}' {
			if rest := strings.TrimSpace(s[r.i+1:]); rest != "" {
				offset := strings.Index(s[r.i+1:], rest) + r.i + 1
				r.report(offset, len(rest), "text after the attributes", "end the line with }")
			}
			break
		}
		a := r.attribute()
		switch {
		case r.broken:
		case a.name == "" || a.name == "#" && a.value.items[0].text == "":
			r.report(a.offset, a.length, fmt.Sprintf("%q has no name", s[a.offset:a.offset+a.length]), "")
		case seen[a.name] && a.name == "#":
			r.report(a.offset, a.length, "a second id", "remove one")
		case seen[a.name]:
			r.report(a.offset, a.length, a.name+" is given twice", "remove one")
		default:
			seen[a.name] = true
			attrs = append(attrs, a)
		}
	}
	return attrs, r.problems
}

type attributeReader struct {
	s        string
	i        int
	at       problem.Position
	problems problem.List
	broken   bool // what follows cannot be told apart
}

func (r *attributeReader) report(offset, length int, message, hint string) {
	at := r.at
	at.Column += offset
	r.problems = append(r.problems, problem.Problem{Position: at, Length: length, Message: message, Hint: hint})
}

func (r *attributeReader) space() {
	for r.i < len(r.s) && (r.s[r.i] == ' ' || r.s[r.i] == '\t') {
		r.i++
	}
}

func (r *attributeReader) attribute() attribute {
	a := attribute{offset: r.i}
	if r.s[r.i] == '#' {
		r.i++
		a.name = "#"
		a.value = r.single(" \t}")
	} else {
		start := r.i
		for r.i < len(r.s) && !strings.ContainsRune(" \t=}", rune(r.s[r.i])) {
			r.i++
		}
		a.name = r.s[start:r.i]
		if r.i < len(r.s) && r.s[r.i] == '=' {
			r.i++
			a.value = r.value()
		}
	}
	a.length = r.i - a.offset
	return a
}

func (r *attributeReader) value() value {
	switch {
	case strings.HasPrefix(r.s[r.i:], "["):
		return r.several(list, ']')
	case strings.HasPrefix(r.s[r.i:], "{"):
		return r.several(pairs, '}')
	}
	return r.single(" \t}")
}

// single reads one word, which ends before any of stops.
func (r *attributeReader) single(stops string) value {
	it := r.item(stops)
	return value{shape: word, items: []item{it}, offset: it.offset, length: r.i - it.offset}
}

// several reads a list or a map, up to and with end.
func (r *attributeReader) several(shape shape, end byte) value {
	v := value{shape: shape, offset: r.i}
	r.i++
	for !r.broken {
		r.space()
		if len(v.items) == 0 && r.i < len(r.s) && r.s[r.i] == end {
			break
		}
		v.items = append(v.items, r.element(shape, ","+string(end))...)
		if r.i == len(r.s) && !r.broken {
			r.report(v.offset, 1, fmt.Sprintf("%c is not closed", r.s[v.offset]), fmt.Sprintf("end it with %c", end))
			r.broken = true
		}
		if r.broken || r.s[r.i] == end {
			break
		}
		r.i++ // the comma
	}
	if !r.broken {
		r.i++
	}
	v.length = r.i - v.offset
	return v
}

// element reads what stands between the commas of a list or a map, up to one of stops: one item, or in a map several of one key.
func (r *attributeReader) element(shape shape, stops string) []item {
	if m := listOfKey.FindStringSubmatch(r.s[r.i:]); m != nil && shape == pairs {
		return r.listOf(m[1], stops)
	}
	it := r.item(stops)
	if r.i == len(r.s) {
		return nil
	}
	if shape == pairs {
		var ok bool
		it.keyAt = it.offset
		if it.key, it.text, ok = strings.Cut(it.text, "="); !ok {
			r.report(it.offset, max(it.length, 1), fmt.Sprintf("%q has no =", it.key), "write name=value")
		}
	}
	if it.length == 0 {
		r.report(r.i, 1, "a value is missing before this", "")
		return nil
	}
	return []item{it}
}

// listOfKey begins a list as the value of a map's key.
var listOfKey = regexp.MustCompile(`^(\w+)=\[`)

// listOf reads key=[a, b] in a map, up to one of stops, as an item for each value.
func (r *attributeReader) listOf(key, stops string) []item {
	start := r.i
	r.i += len(key) + len("=")
	v := r.several(list, ']')
	for i := range v.items {
		v.items[i].key, v.items[i].keyAt = key, start
	}
	if len(v.items) == 0 && !r.broken {
		r.report(start, r.i-start, key+" has an empty list", "name a value, or leave it out")
	}
	r.space()
	if rest := r.item(stops); rest.length > 0 && !r.broken {
		r.report(rest.offset, rest.length, "text after the list", "put a comma before it")
	}
	return v.items
}

// item reads up to one of stops outside quotes. Space at its end is left out.
func (r *attributeReader) item(stops string) item {
	it := item{offset: r.i}
	var b strings.Builder
	end, kept := r.i, 0 // after the last byte that is no space, in s and in b
	for r.i < len(r.s) && !strings.ContainsRune(stops, rune(r.s[r.i])) {
		c := r.s[r.i]
		if c == '"' {
			b.WriteString(r.quoted())
		} else {
			b.WriteByte(c)
			r.i++
		}
		if c != ' ' && c != '\t' {
			end, kept = r.i, b.Len()
		}
	}
	it.text, it.length = b.String()[:kept], end-it.offset
	return it
}

// quoted reads a string in double quotes, with Go's escapes.
func (r *attributeReader) quoted() string {
	start := r.i
	for r.i++; r.i < len(r.s) && r.s[r.i] != '"'; r.i++ {
		if r.s[r.i] == '\\' && r.i+1 < len(r.s) {
			r.i++
		}
	}
	if r.i >= len(r.s) {
		r.i, r.broken = len(r.s), true
		r.report(start, 1, "the quote is not closed", `end it with "`)
		return ""
	}
	r.i++
	text, err := strconv.Unquote(r.s[start:r.i])
	if err != nil {
		r.report(start, r.i-start, "the string has an unknown escape", `write \\ for a backslash; \n, \t and \" are as in Go`)
	}
	return text
}
