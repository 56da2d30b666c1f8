// Package svg makes drawings of others harmless: SVG in, and of it only what is on its lists out.
//
// What is left out cannot be drawn wrongly: scripts, handlers, foreign markup, animation, and whatever leads out of the drawing. Styles become
// attributes, for a page's policy lets no style in.
package svg

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Limits of a drawing. What people draw stays an order of magnitude below.
const (
	MaxBytes    = 1 << 20 // of the source
	maxElements = 20_000
	maxDepth    = 64
	maxDrawn    = 100_000 // elements, where each use of one counts as often as it is drawn
)

const namespace = "http://www.w3.org/2000/svg"

// A Drawing is SVG that holds nothing but what is allowed.
type Drawing struct {
	SVG           []byte   // one element, svg, which may stand in a page or be a file
	Width, Height float64  // in CSS pixels, both 0 where the source does not tell
	Dropped       []string // names of elements, attributes and rules of style that were left out, sorted: "script", "onload"
}

// Clean reads one drawing and returns what is allowed of it. Each id, and each reference to one, gets the prefix, so that drawings in one page do not
// meet; each class gets "svg-". Prefix is made of letters, digits, "-" and "_", and may be empty. To clean what has been cleaned with the same prefix
// changes nothing. The error says why the source is no drawing, or beyond the limits.
func Clean(source []byte, prefix string) (Drawing, error) {
	if len(source) > MaxBytes {
		return Drawing{}, fmt.Errorf("it is larger than %d KiB", MaxBytes>>10)
	}
	c := &cleaner{prefix: prefix, dropped: make(map[string]bool), ids: make(map[string]*element)}
	root, err := c.read(source)
	if err != nil {
		return Drawing{}, err
	}
	sheet := c.sheet()
	c.restyle(root, nil, sheet)
	c.identify(root)
	if drawn(root, make(map[*element]int)) > maxDrawn {
		return Drawing{}, fmt.Errorf("it draws more than %d elements", maxDrawn)
	}
	var out bytes.Buffer
	c.write(&out, root, true)
	d := Drawing{SVG: out.Bytes(), Dropped: slices.Sorted(maps.Keys(c.dropped))}
	d.Width, d.Height = root.size()
	return d, nil
}

// A cleaner is at work on one drawing.
type cleaner struct {
	prefix  string
	dropped map[string]bool
	styles  []string            // what style elements hold
	ids     map[string]*element // by their plain ids
	count   int
}

// An element is one that is allowed, with the attributes that are.
type element struct {
	name     string
	attrs    map[string]string
	classes  []string
	id       string     // as in the source, without the prefix
	needs    []*element // that it refers to
	children []any      // *element or string
}

// read returns the tree of what is allowed.
func (c *cleaner) read(source []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(source))
	var root *element
	var open []*element
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, syntax(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if root != nil && len(open) == 0 {
				return nil, errors.New("it has more than one root")
			}
			e, err := c.start(d, token, len(open) == 0)
			if err != nil {
				return nil, err
			}
			if e == nil {
				continue
			}
			if len(open) == maxDepth {
				return nil, fmt.Errorf("more than %d elements are within each other", maxDepth)
			}
			if root == nil {
				root = e
			} else {
				parent := open[len(open)-1]
				parent.children = append(parent.children, e)
			}
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) == 0 {
				continue
			}
			if e := open[len(open)-1]; textIn[e.name] {
				e.text(string(token))
			}
		case xml.Directive:
			if bytes.ContainsRune(token, '[') {
				return nil, errors.New("it declares entities")
			}
		case xml.ProcInst:
			if token.Target != "xml" {
				c.dropped["<?"+token.Target+"?>"] = true
			}
		}
	}
	if root == nil {
		return nil, errors.New("it has no svg element")
	}
	return root, nil
}

// text appends to what the element says. Adjacent texts are one, as they will be when they are read again.
func (e *element) text(s string) {
	s = strings.Map(harmless, s)
	if n := len(e.children); n > 0 {
		if before, ok := e.children[n-1].(string); ok {
			e.children[n-1] = before + s
			return
		}
	}
	e.children = append(e.children, s)
}

// start returns the element that begins, or nil where it is left out with all in it.
func (c *cleaner) start(d *xml.Decoder, token xml.StartElement, outermost bool) (*element, error) {
	if c.count++; c.count > maxElements {
		return nil, fmt.Errorf("it has more than %d elements", maxElements)
	}
	ours := token.Name.Space == namespace || token.Name.Space == ""
	name := token.Name.Local
	if outermost && (!ours || name != "svg") {
		return nil, errors.New("its root is no svg element")
	}
	if !ours || !elements[name] {
		if ours && name == "style" {
			return nil, c.style(d)
		}
		if ours && !silent[name] {
			c.dropped[name] = true
		}
		return nil, syntax(d.Skip())
	}
	e := &element{name: name, attrs: make(map[string]string)}
	for _, a := range token.Attr {
		c.attribute(e, a)
	}
	return e, nil
}
