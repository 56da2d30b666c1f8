package rawhtml

import (
	"fmt"
	"slices"
	"strings"
)

const maxDepth = 50

// Balance pairs the tags of all pieces that stand beside each other in one place of a document, in order, with a Between for each block of Markdown that
// stands among them. A piece without a partner, or where it may not stand, becomes Nothing; complain hears of it.
func Balance(pieces []*Piece, complain func(p *Piece, message, hint string)) {
	for again := true; again; { // what is left out may have been the place of another
		b := balancer{complain: complain}
		for _, p := range pieces {
			b.add(p)
		}
		b.unclosed(0)
		again = b.dropped
	}
}

// A balancer goes through pieces once.
type balancer struct {
	complain func(p *Piece, message, hint string)
	open     []*Piece
	dropped  bool           // an element was
	ends     map[string]int // how many ends come of elements that were dropped when they began
}

func (b *balancer) drop(p *Piece, message, hint string) {
	b.complain(p, message, hint)
	b.dropped = b.dropped || p.Kind == Open
	p.Kind = Nothing
}

// unclosed drops what is open from i on.
func (b *balancer) unclosed(i int) {
	for _, p := range b.open[i:] {
		b.drop(p, fmt.Sprintf("<%s> is not closed", p.Name), fmt.Sprintf("write </%s>, in the same list, quote or paragraph", p.Name))
	}
	b.open = b.open[:i]
}

func (b *balancer) add(p *Piece) {
	var parent *Piece
	if len(b.open) > 0 {
		parent = b.open[len(b.open)-1]
	}
	switch p.Kind {
	case Open, Void:
		message := misplaced(p, parent, b.open)
		switch {
		case message != "" && p.Kind == Open:
			if b.ends == nil {
				b.ends = make(map[string]int)
			}
			b.ends[p.Name]++
			fallthrough
		case message != "":
			b.drop(p, message, "see what the element may hold, and where it stands")
		case p.Kind == Open:
			b.open = append(b.open, p)
		}
	case Close:
		b.end(p)
	case Text:
		if parent != nil && elements[parent.Name].holds == parts && strings.TrimSpace(p.Text) != "" {
			b.drop(p, fmt.Sprintf("text in <%s>, outside of its parts", parent.Name), "move it into one of them")
		}
	case Between: // what cannot hold it was to be closed before
		i := len(b.open)
		for i > 0 && elements[b.open[i-1].Name].holds != flow {
			i--
		}
		b.unclosed(i)
	case Nothing:
	}
}

// end closes the element that p is the end of.
func (b *balancer) end(p *Piece) {
	i := len(b.open) - 1
	for i >= 0 && b.open[i].Name != p.Name {
		i--
	}
	switch {
	case b.ends[p.Name] > 0: // its beginning has been told of
		b.ends[p.Name]--
		p.Kind = Nothing
	case i < 0:
		b.drop(p, fmt.Sprintf("</%s> closes nothing", p.Name), "remove it, or write what it closes in the same list, quote or paragraph")
	default:
		b.unclosed(i + 1)
		b.open = b.open[:i]
	}
}

// misplaced says why p cannot stand in parent, which may be nil, or "".
func misplaced(p, parent *Piece, open []*Piece) string {
	e := elements[p.Name]
	switch {
	case len(open) >= maxDepth:
		return fmt.Sprintf("more than %d elements are within each other", maxDepth)
	case parent == nil && e.within == nil:
	case parent == nil, e.within != nil && !slices.Contains(e.within, parent.Name):
		return fmt.Sprintf("<%s> stands outside of <%s>", p.Name, strings.Join(e.within, "> or <"))
	case e.within != nil:
	case elements[parent.Name].holds == parts, elements[parent.Name].holds == phrasing && !e.inline:
		return fmt.Sprintf("<%s> cannot stand in <%s>", p.Name, parent.Name)
	case p.Name == "a" && slices.ContainsFunc(open, func(o *Piece) bool { return o.Name == "a" }):
		return "a link within a link"
	}
	return ""
}
