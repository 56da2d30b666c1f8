package site

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// What elements may hold, as the HTML standard has it (https://html.spec.whatwg.org/multipage/indices.html#elements-3), as far as our pages have them.
var (
	blocks      = strings.Fields("address article aside blockquote details dialog div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul")
	ofPhrases   = strings.Fields("abbr b button cite code dfn em h1 h2 h3 h4 h5 h6 i kbd label legend mark p pre q s samp small span strong sub sup time u var")
	interactive = strings.Fields("a button details input label select summary textarea")
	children    = map[string]string{ // all that some hold
		"ul": "li", "ol": "li", "dl": "div dt dd", "table": "caption colgroup thead tbody tfoot", "thead": "tr", "tbody": "tr", "tfoot": "tr", "tr": "th td", "colgroup": "col",
	}
	parents = map[string]string{ // where alone some may stand
		"li": "ul ol", "dt": "dl div", "dd": "dl div", "summary": "details", "figcaption": "figure", "caption": "table", "legend": "fieldset", "tr": "thead tbody tfoot", "td": "tr", "th": "tr",
	}
	needed     = map[string]string{"img": "alt width height", "html": "lang", "th": "scope", "button": "type"}
	references = strings.Fields("aria-labelledby aria-describedby aria-controls aria-owns aria-details for headers")
)

// HoldsContentModel reports what a browser would repair in a page, and what stands where the standard does not allow it. TestOurOwnPagesAreValid uses it, too.
func HoldsContentModel(t *testing.T, name string, data []byte) {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if wrote, found := tagsIn(data), elementsIn(root); !slices.Equal(wrote, found) {
		i := 0
		for i < min(len(wrote), len(found)) && wrote[i] == found[i] {
			i++
		}
		t.Errorf("%s is repaired: element %d of %d, after %v, becomes %v", name, i, len(wrote), wrote[max(0, i-5):min(i+1, len(wrote))], found[i:min(i+3, len(found))])
	}
	ids := make(map[string]bool)
	for n := range root.Descendants() {
		if id := valueOf(n, "id"); n.Type == html.ElementNode && id != "" {
			if ids[id] {
				t.Errorf("%s has the id %q twice", name, id)
			}
			ids[id] = true
		}
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Namespace != "" && n.Data != "svg" {
			continue
		}
		for _, wrong := range slices.Concat(misplaced(n), lacking(n, ids)) {
			var opening bytes.Buffer
			_ = html.Render(&opening, n)
			t.Errorf("%s: %s: %.120q", name, wrong, opening.String())
		}
	}
}

// tagsIn returns the names of the elements whose tags are in a source.
func tagsIn(data []byte) (names []string) {
	for z := html.NewTokenizer(bytes.NewReader(data)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return names
		case html.StartTagToken, html.SelfClosingTagToken:
			tag, _ := z.TagName()
			names = append(names, string(tag))
		case html.TextToken, html.EndTagToken, html.CommentToken, html.DoctypeToken:
		}
	}
}

// elementsIn returns the names of the elements that came of it.
func elementsIn(root *html.Node) (names []string) {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			names = append(names, strings.ToLower(n.Data))
		}
	}
	return names
}

func valueOf(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// misplaced tells what is wrong with where an element stands, and with what stands in it.
func misplaced(n *html.Node) (wrong []string) {
	parent := n.Parent.Data
	if slices.Contains(ofPhrases, parent) && slices.Contains(blocks, n.Data) {
		wrong = append(wrong, "a block within "+parent)
	}
	if slices.Contains(interactive, n.Data) || has(n, "tabindex") {
		for up := n.Parent; up != nil; up = up.Parent {
			if up.Data == "a" || up.Data == "button" || up.Data == "summary" && n.Data != "label" {
				wrong = append(wrong, "what can be operated within "+up.Data)
			}
		}
	}
	if allowed := parents[n.Data]; allowed != "" && !slices.Contains(strings.Fields(allowed), parent) {
		wrong = append(wrong, n.Data+" within "+parent)
	}
	if parent == "div" && (n.Data == "dt" || n.Data == "dd") && n.Parent.Parent.Data != "dl" {
		wrong = append(wrong, n.Data+" without a list")
	}
	first, last := edges(n)
	if allowed := children[n.Data]; allowed != "" {
		for c := range n.ChildNodes() {
			if c.Type == html.ElementNode && !slices.Contains(strings.Fields(allowed), c.Data) || c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
				wrong = append(wrong, n.Data+" holds "+c.Data)
			}
		}
	}
	switch n.Data {
	case "details":
		if first == nil || first.Data != "summary" {
			wrong = append(wrong, "details without a summary")
		}
	case "summary", "caption", "legend":
		if first, _ := edges(n.Parent); first != n {
			wrong = append(wrong, n.Data+" is not the first")
		}
	case "figcaption":
		if first, last := edges(n.Parent); first != n && last != n {
			wrong = append(wrong, "figcaption is neither first nor last")
		}
	case "ul", "ol", "dl", "tr", "tbody", "table":
		if last == nil {
			wrong = append(wrong, "nothing in it")
		}
	}
	return wrong
}

// edges returns the first and the last element in another.
func edges(n *html.Node) (first, last *html.Node) {
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode {
			if last = c; first == nil {
				first = c
			}
		}
	}
	return first, last
}

// lacking tells which attributes an element lacks, and which lead nowhere.
func lacking(n *html.Node, ids map[string]bool) (wrong []string) {
	for _, key := range strings.Fields(needed[n.Data]) {
		if !has(n, key) {
			wrong = append(wrong, n.Data+" has no "+key)
		}
	}
	for _, key := range references {
		for id := range strings.FieldsSeq(valueOf(n, key)) {
			if !ids[id] {
				wrong = append(wrong, key+" names "+id+", which is not there")
			}
		}
	}
	for _, key := range []string{"href", "src"} {
		if has(n, key) && strings.TrimSpace(valueOf(n, key)) == "" {
			wrong = append(wrong, "an empty "+key)
		}
	}
	if n.Data == "img" && has(n, "alt") && slices.Contains([]string{"0", ""}, valueOf(n, "width")) {
		wrong = append(wrong, "an image without width")
	}
	return wrong
}

func TestPagesAreValid(t *testing.T) {
	for _, s := range []*Site{sample(t), hostile(t, false), hostile(t, true), published(t, "")} {
		for name, data := range pages(t, s) {
			HoldsContentModel(t, name, data)
		}
	}
}

// TestWhatIsNotValidIsFound: the check finds what it is for.
func TestWhatIsNotValidIsFound(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"<span><div></div></span>", "a block within span"},
		{"<a href=x><button type=button></button></a>", "what can be operated within a"},
		{"<ul><p></p></ul>", "ul holds p"},
		{"<details><p></p></details>", "details without a summary"},
		{"<figure><i></i><figcaption></figcaption><i></i></figure>", "figcaption is neither first nor last"},
		{"<img src=x alt=''>", "img has no width"},
		{"<a href=''></a>", "an empty href"},
		{"<p aria-labelledby=x></p>", "aria-labelledby names x, which is not there"},
		{"<dl></dl>", "nothing in it"},
	} {
		root, err := html.Parse(strings.NewReader(test.in))
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && n.Parent.Type == html.ElementNode {
				found = append(append(found, misplaced(n)...), lacking(n, nil)...)
			}
		}
		if !slices.Contains(found, test.want) {
			t.Errorf("%s: %v", test.in, found)
		}
	}
	if source := []byte("<p><div></div></p>"); slices.Equal(tagsIn(source), elementsIn(mustParse(t, source))) {
		t.Error("a repair is not found")
	}
}

func mustParse(t *testing.T, data []byte) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return root
}
