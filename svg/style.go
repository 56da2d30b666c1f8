package svg

import (
	"cmp"
	"encoding/xml"
	"errors"
	"regexp"
	"slices"
	"strings"
)

const maxRules = 500

// style keeps what a style element holds, up to its end.
func (c *cleaner) style(d *xml.Decoder) error {
	var b strings.Builder
	for depth := 1; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return syntax(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			b.Write(token)
		}
	}
	c.styles = append(c.styles, b.String())
	return nil
}

// plainName is what a selector has, with nothing in it that would select by something else.
var plainName = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// A rule of style is one selector with what it sets.
type rule struct {
	path   []selector // from the outermost
	weight int        // of the selector: ids, then classes, then names
	sets   []declaration
}

// A selector is of one element: name, #id and .classes, as far as it has them.
type selector struct {
	name, id string
	classes  []string
}

type declaration struct{ name, value string }

// sheet reads what the style elements hold: the rules that select by names, ids and classes, also of elements within others. The rest is dropped, all of a
// sheet that is not plain.
func (c *cleaner) sheet() (rules []rule) {
	for _, text := range c.styles {
		text = withoutComments(text)
		for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
			head, rest, ok := strings.Cut(text, "{")
			if at, semicolon := strings.HasPrefix(head, "@"), strings.Index(head, ";"); at && semicolon >= 0 { // such as @import
				c.dropped[strings.Fields(head)[0]] = true
				text = text[semicolon+1:]
				continue
			}
			body, after, closed := strings.Cut(rest, "}")
			if !ok || !closed || strings.Contains(body, "{") || len(rules) >= maxRules {
				c.dropped["style"] = true
				break
			}
			text = after
			sets := c.declarations(body)
			for one := range strings.SplitSeq(head, ",") {
				r, ok := c.selector(one)
				if !ok {
					c.dropped["style of "+strings.Join(strings.Fields(strings.Map(harmless, one)), " ")] = true
					continue
				}
				r.sets = sets
				rules = append(rules, r)
			}
		}
	}
	slices.SortStableFunc(rules, func(a, b rule) int { return cmp.Compare(a.weight, b.weight) })
	return rules
}

func withoutComments(text string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "/*")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		b.WriteByte(' ')
		_, text, _ = strings.Cut(rest, "*/")
	}
}

// declarations reads what stands in a style attribute, or between the braces of a rule.
func (c *cleaner) declarations(text string) (sets []declaration) {
	for one := range strings.SplitSeq(text, ";") {
		name, value, ok := strings.Cut(one, ":")
		if !ok {
			continue
		}
		name = strings.ToLower(strings.TrimSpace(name))
		value = strings.TrimSuffix(strings.TrimSpace(value), "!important")
		if value, fine := c.property(name, value); properties[name] && fine {
			sets = append(sets, declaration{name, value})
		} else if !strings.HasPrefix(name, "--") && !strings.HasPrefix(name, "-") {
			c.dropped[strings.Map(harmless, name)] = true
		}
	}
	return sets
}

func (c *cleaner) selector(text string) (r rule, ok bool) {
	for part := range strings.FieldsSeq(text) {
		var s selector
		end := strings.IndexAny(part, "#.")
		if end < 0 {
			end = len(part)
		}
		if s.name = part[:end]; s.name != "" && s.name != "*" {
			r.weight++
		}
		for part = part[end:]; part != ""; {
			end := strings.IndexAny(part[1:], "#.") + 1
			if end == 0 {
				end = len(part)
			}
			switch part[0] {
			case '#':
				s.id = c.plainID(part[1:end])
				r.weight += 1_000_000
			default:
				s.classes = append(s.classes, strings.TrimPrefix(part[1:end], classPrefix))
				r.weight += 1000
			}
			if !plainName.MatchString(part[1:end]) {
				return rule{}, false
			}
			part = part[end:]
		}
		if s.name != "" && s.name != "*" && !plainName.MatchString(s.name) {
			return rule{}, false
		}
		r.path = append(r.path, s)
	}
	return r, len(r.path) > 0 && len(r.path) <= maxDepth
}

func (s selector) selects(e *element) bool {
	if s.name != "" && s.name != "*" && s.name != e.name || s.id != "" && s.id != e.id {
		return false
	}
	for _, class := range s.classes {
		if !slices.Contains(e.classes, class) {
			return false
		}
	}
	return true
}

// selects reports whether the rule is about e, which stands within the others, from the outermost.
func (r rule) selects(e *element, within []*element) bool {
	last := len(r.path) - 1
	if !r.path[last].selects(e) {
		return false
	}
	rest := r.path[:last]
	for i := len(within) - 1; i >= 0 && len(rest) > 0; i-- {
		if rest[len(rest)-1].selects(within[i]) {
			rest = rest[:len(rest)-1]
		}
	}
	return len(rest) == 0
}

// restyle makes attributes of e, and of what is in it, of what styles say: rules count for more than attributes, and an element's own style for most.
func (c *cleaner) restyle(e *element, within []*element, rules []rule) {
	var sets []declaration
	for _, r := range rules {
		if r.selects(e, within) {
			sets = append(sets, r.sets...)
		}
	}
	own := e.attrs["style"]
	delete(e.attrs, "style")
	for _, d := range append(sets, c.declarations(own)...) {
		e.attrs[d.name] = d.value
	}
	within = append(within, e)
	for _, child := range e.children {
		if child, ok := child.(*element); ok {
			c.restyle(child, within, rules)
		}
	}
}

// syntax makes of an error of encoding/xml the end of a sentence that begins with the drawing.
func syntax(err error) error {
	var wrong *xml.SyntaxError
	if errors.As(err, &wrong) {
		return errors.New("it is no XML: " + wrong.Msg)
	}
	return err
}
