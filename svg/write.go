package svg

import (
	"bytes"
	"encoding/xml"
	"maps"
	"slices"
	"strings"
)

// target returns the id that the value of an attribute refers to, "" where it does not.
func target(name, value string) string {
	switch {
	case name == "href":
		return value[1:]
	case pointing[name]:
		if m := reference.FindStringSubmatch(value); m != nil {
			return m[1]
		}
	}
	return ""
}

// identify notes what e, and each element in it, refers to, gives references their prefix, and drops those to nothing.
func (c *cleaner) identify(e *element) {
	for name, value := range e.attrs {
		if id := target(name, value); id != "" {
			to := c.ids[id]
			if to == nil {
				delete(e.attrs, name)
				continue
			}
			e.needs = append(e.needs, to)
			e.attrs[name] = strings.Replace(value, "#", "#"+c.prefix, 1)
		}
		if naming[name] {
			var known []string
			for id := range strings.FieldsSeq(value) {
				if id = c.plainID(id); c.ids[id] != nil {
					known = append(known, c.prefix+id)
				}
			}
			if e.attrs[name] = strings.Join(known, " "); known == nil {
				delete(e.attrs, name)
			}
		}
	}
	for _, child := range e.children {
		if child, ok := child.(*element); ok {
			c.identify(child)
		}
	}
}

// drawn counts the elements that drawing e takes, with those that it refers to, which can refer to others: beyond the limit it says no more than that. One
// that needs itself is beyond it.
func drawn(e *element, known map[*element]int) int {
	const beyond = maxDrawn + 1
	if n, ok := known[e]; ok {
		return n
	}
	known[e] = beyond // while it is being counted
	n := 1
	for _, to := range e.needs {
		n = min(n+drawn(to, known), beyond)
	}
	for _, child := range e.children {
		if child, ok := child.(*element); ok {
			n = min(n+drawn(child, known), beyond)
		}
	}
	known[e] = n
	return n
}

// write appends e, its attributes in the order of their names. The names are those of the lists, and all else is escaped.
func (c *cleaner) write(out *bytes.Buffer, e *element, outermost bool) {
	out.WriteString("<" + e.name)
	if outermost {
		out.WriteString(` xmlns="` + namespace + `"`)
	}
	if e.id != "" {
		e.attrs["id"] = c.prefix + e.id
	}
	if len(e.classes) > 0 {
		e.attrs["class"] = classPrefix + strings.Join(e.classes, " "+classPrefix)
	}
	for _, name := range slices.Sorted(maps.Keys(e.attrs)) {
		out.WriteString(" " + name + `="`)
		_ = xml.EscapeText(out, []byte(e.attrs[name])) // a buffer takes all
		out.WriteByte('"')
	}
	if len(e.children) == 0 {
		out.WriteString("/>")
		return
	}
	out.WriteByte('>')
	for _, child := range e.children {
		switch child := child.(type) {
		case *element:
			c.write(out, child, false)
		case string:
			_ = xml.EscapeText(out, []byte(child))
		}
	}
	out.WriteString("</" + e.name + ">")
}
