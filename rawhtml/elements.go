package rawhtml

import "strings"

// A content is what an element holds.
type content int

const (
	nothing content = iota
	phrasing
	flow
	parts // those elements alone that name it as their place
)

// An element is one that is allowed.
type element struct {
	holds  content
	inline bool     // it may stand in a paragraph
	within []string // where it stands, and nowhere else; nil: anywhere
	attrs  []string // besides those of all
}

// everywhere are the attributes that each element may have.
var everywhere = strings.Fields("id class title lang dir aria-label")

// classes are those that may be asked for.
var classes = strings.Fields("center right")

// numbers are the attributes whose value is a small number.
var numbers = strings.Fields("colspan rowspan span start value width height")

// elements are those that are allowed, by name.
var elements = func() map[string]element {
	all := make(map[string]element)
	add := func(names string, e element) {
		for _, name := range strings.Fields(names) {
			all[name] = e
		}
	}
	add("abbr b bdi cite code dfn em i kbd mark q ruby s samp small span strong sub sup u var ins del", element{holds: phrasing, inline: true})
	add("a", element{holds: phrasing, inline: true, attrs: []string{"href"}})
	add("time", element{holds: phrasing, inline: true, attrs: []string{"datetime"}})
	add("rt rp", element{holds: phrasing, inline: true, within: []string{"ruby"}})
	add("br wbr", element{inline: true})
	add("img", element{inline: true, attrs: []string{"src", "alt", "width", "height"}})
	add("hr", element{})
	add("div section article aside blockquote figure", element{holds: flow})
	add("details", element{holds: flow, attrs: []string{"open"}})
	add("summary", element{holds: phrasing, within: []string{"details"}})
	add("figcaption", element{holds: flow, within: []string{"figure"}})
	add("p pre h2 h3 h4 h5 h6", element{holds: phrasing})
	add("ul dl", element{holds: parts})
	add("ol", element{holds: parts, attrs: []string{"start", "reversed"}})
	add("li", element{holds: flow, within: []string{"ul", "ol"}, attrs: []string{"value"}})
	add("dt dd", element{holds: flow, within: []string{"dl"}})
	add("table", element{holds: parts})
	add("caption", element{holds: flow, within: []string{"table"}})
	add("colgroup", element{holds: parts, within: []string{"table"}, attrs: []string{"span"}})
	add("col", element{within: []string{"colgroup"}, attrs: []string{"span"}})
	add("thead tbody tfoot", element{holds: parts, within: []string{"table"}})
	add("tr", element{holds: parts, within: []string{"table", "thead", "tbody", "tfoot"}})
	add("td th", element{holds: flow, within: []string{"tr"}, attrs: []string{"colspan", "rowspan", "scope"}})
	return all
}()
