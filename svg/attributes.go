package svg

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

const (
	xlink        = "http://www.w3.org/1999/xlink"
	xmlNamespace = "http://www.w3.org/XML/1998/namespace"
	classPrefix  = "svg-"
	maxValue     = 256 << 10 // bytes of an attribute: paths are long
)

// attribute keeps what is allowed of an attribute. Its references are resolved when all ids are known.
func (c *cleaner) attribute(e *element, a xml.Attr) {
	name, value := a.Name.Local, strings.TrimSpace(a.Value)
	switch a.Name.Space {
	case "":
	case xlink:
		if name != "href" || e.attrs["href"] != "" {
			return // its other attributes say what nobody shows
		}
	case "xml", xmlNamespace:
		if name == "space" && value == "preserve" {
			e.attrs["xml:space"] = value
		}
		return
	default: // of an editor, or a declaration
		return
	}
	switch {
	case len(value) > maxValue:
		c.dropped[name] = true
	case name == "xmlns" || strings.HasPrefix(name, "data-") || name == "version" || name == "baseProfile":
	case name == "id":
		if id := c.plainID(value); e.id == "" && isName(id) && c.ids[id] == nil {
			e.id, c.ids[id] = id, e
		}
	case name == "class":
		for class := range strings.FieldsSeq(value) {
			if class = strings.TrimPrefix(class, classPrefix); isName(class) {
				e.classes = append(e.classes, class)
			}
		}
	case name == "style":
		e.attrs[name] = value // until restyle resolves it
	case name == "href":
		if id, ok := strings.CutPrefix(value, "#"); ok && referring[e.name] && isName(id) {
			e.attrs[name] = "#" + c.plainID(id)
		} else {
			c.dropped[name] = true
		}
	case naming[name]:
		e.attrs[name] = value
	case properties[name]:
		if value, ok := c.property(name, value); ok {
			e.attrs[name] = value
		} else {
			c.dropped[name] = true
		}
	case attributes[name]:
		if value, ok := plain(value, name == "aria-label"); ok {
			e.attrs[name] = value
		} else {
			c.dropped[name] = true
		}
	default:
		c.dropped[name] = true
	}
}

var (
	word      = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_:.-]*$`)
	call      = regexp.MustCompile(`([A-Za-z0-9_-]*)\(`)
	reference = regexp.MustCompile(`^url\(\s*["']?#([A-Za-z0-9_][A-Za-z0-9_:.-]*)["']?\s*\)\s*(none|[A-Za-z]*|#[0-9A-Fa-f]{3,8})$`)
)

// maxName bounds ids and classes, in bytes. It is no part of the expressions: each start of the tool would take a millisecond to compile that.
const maxName = 200

func isName(s string) bool { return len(s) <= maxName && word.MatchString(s) }

// plain returns a value as it may stand in an attribute. Prose may be anything; what is not calls nothing but the functions that are allowed, and has
// no escapes or comments by which CSS would read it as something else.
func plain(value string, prose bool) (string, bool) {
	value = strings.Map(harmless, value)
	if prose {
		return value, true
	}
	if strings.ContainsAny(value, `\@<>{};&`) || strings.Contains(value, "/*") || strings.Contains(value, "//") || strings.ContainsRune(value, unicode.ReplacementChar) {
		return "", false
	}
	for _, f := range call.FindAllStringSubmatch(value, -1) {
		if f[1] != "" && !functions[f[1]] {
			return "", false
		}
	}
	return value, true
}

// property returns the value of a property, where it is one that may be. A reference keeps the form url(#id).
func (c *cleaner) property(name, value string) (string, bool) {
	value = strings.TrimSpace(value)
	if m := reference.FindStringSubmatch(value); m != nil && pointing[name] {
		return strings.TrimSpace("url(#" + c.plainID(m[1]) + ") " + m[2]), true
	}
	if value == "" {
		return "", false
	}
	return plain(value, name == "font-family" && !strings.ContainsAny(value, `(\@;{}`))
}

// plainID returns an id without the prefix, which it has where it was cleaned before.
func (c *cleaner) plainID(id string) string { return strings.TrimPrefix(id, c.prefix) }

// harmless replaces what is no text: control characters, and those that reorder it.
func harmless(r rune) rune {
	switch {
	case r == '\n', r == '\t':
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
		return unicode.ReplacementChar
	}
	return r
}

// size returns what the root says of it, in CSS pixels.
func (e *element) size() (width, height float64) {
	width, height = pixels(e.attrs["width"]), pixels(e.attrs["height"])
	box := strings.FieldsFunc(e.attrs["viewBox"], func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	if len(box) == 4 && (width == 0 || height == 0) {
		w, h := pixels(box[2]), pixels(box[3])
		switch {
		case w == 0 || h == 0:
		case width > 0:
			height = width * h / w
		case height > 0:
			width = height * w / h
		default:
			width, height = w, h
		}
	}
	if width == 0 || height == 0 {
		return 0, 0
	}
	return width, height
}

// pixels reads a length above 0 and below that of any screen, in CSS pixels; any other unit is none.
func pixels(s string) float64 {
	const most = 20_000
	n, err := strconv.ParseFloat(strings.TrimSuffix(s, "px"), 64)
	if err != nil || !(n > 0 && n <= most) {
		return 0
	}
	return n
}
