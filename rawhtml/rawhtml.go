// Package rawhtml reads HTML that stands in Markdown: tag by tag, and of it only what is on its lists. It writes nothing.
//
// Markdown gives HTML in pieces, such as a <details> before a paragraph and its end behind. So what is read of one piece is paired with what is read of the
// others that stand beside it, and what has no partner is left out: no page ends up in an element that a lesson forgot to close.
package rawhtml

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// A Kind says what a Piece is.
type Kind int

// The kinds of pieces. A Nothing is what was left out for want of a partner.
const (
	Nothing Kind = iota
	Open
	Close
	Void // an element without content
	Text
	Between // what is no HTML: a block of Markdown
)

// A Piece is a tag or a text. Its name and the names of its attributes are from the lists; values and texts are anything.
type Piece struct {
	Kind   Kind
	Name   string // of Open, Close and Void
	Text   string // of Text
	Attrs  []Attr // of Open and Void
	Offset int    // in the source that was read
}

// An Attr is an attribute. What an address leads to, and whether an id is taken, is for others to judge.
type Attr struct{ Name, Value string }

// Attr returns the value of an attribute, or "".
func (p *Piece) Attr(name string) string {
	for _, a := range p.Attrs {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// A Complaint says what is left out, and why. It is about the source from Offset on.
type Complaint struct {
	Offset, Length int
	Message, Hint  string
}

// rawText are elements whose content is no HTML to a browser, and so is left out with them.
var rawText = strings.Fields("iframe noembed noframes noscript plaintext script style textarea title xmp")

// Read returns what is allowed of the source. Inline says that it stands in a paragraph, where no block may.
func Read(source string, inline bool) (pieces []*Piece, complaints []Complaint) {
	z := html.NewTokenizer(strings.NewReader(source))
	at := 0
	complain := func(length int, message, hint string) {
		if end := strings.IndexByte(source[at:at+length], '\n'); end >= 0 { // what is marked is on one line
			length = end
		}
		complaints = append(complaints, Complaint{at, length, message, hint})
	}
	for skip := false; ; {
		kind := z.Next()
		raw := string(z.Raw())
		switch kind {
		case html.ErrorToken:
			if at < len(source) {
				complain(0, "the tag is never closed", "end it with >, or write &lt; for <")
			}
			return pieces, complaints
		case html.TextToken:
			if !skip {
				pieces = append(pieces, &Piece{Kind: Text, Text: z.Token().Data, Offset: at})
			}
			skip = false
		case html.CommentToken, html.DoctypeToken:
			if !strings.HasPrefix(raw, "<!--") {
				complain(len(raw), "this is no tag", "write it as code between backticks")
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			token := z.Token()
			known, ok := elements[token.Data]
			switch {
			case !ok && kind == html.EndTagToken: // its beginning has been told of
			case !ok:
				complain(len(raw), fmt.Sprintf("<%s> is not allowed", excerpt(token.Data)), "write it as Markdown, or as code between backticks")
				skip = slices.Contains(rawText, token.Data)
			case inline && !known.inline:
				if kind != html.EndTagToken {
					complain(len(raw), fmt.Sprintf("<%s> is a block, and stands within a paragraph", token.Data), "put it on a line of its own, with a blank line before it")
				}
			case kind == html.EndTagToken && known.holds != nothing:
				pieces = append(pieces, &Piece{Kind: Close, Name: token.Data, Offset: at})
			case kind != html.EndTagToken:
				p := &Piece{Kind: Open, Name: token.Data, Offset: at}
				if known.holds == nothing {
					p.Kind = Void
				}
				for _, a := range token.Attr {
					if value, ok := known.attr(a.Key, a.Val); ok {
						p.Attrs = append(p.Attrs, Attr{a.Key, value})
					} else {
						complain(len(raw), fmt.Sprintf("the attribute %s of <%s> is left out", excerpt(a.Key), token.Data), "what has no place on the page is not shown: remove it")
					}
				}
				pieces = append(pieces, p)
			}
		}
		at += len(raw)
	}
}

var (
	id     = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,99}$`)
	number = regexp.MustCompile(`^[0-9]{1,4}$`)
)

// attr returns the value of an attribute, where the element may have it.
func (e element) attr(name, value string) (string, bool) {
	switch {
	case !slices.Contains(everywhere, name) && !slices.Contains(e.attrs, name):
		return "", false
	case name == "id":
		return value, id.MatchString(value)
	case name == "class":
		for class := range strings.FieldsSeq(value) {
			if !slices.Contains(classes, class) {
				return "", false
			}
		}
	case name == "dir":
		return value, value == "ltr" || value == "rtl" || value == "auto"
	case name == "scope":
		return value, value == "row" || value == "col" || value == "rowgroup" || value == "colgroup"
	case slices.Contains(numbers, name):
		return value, number.MatchString(value)
	case name == "open", name == "reversed":
		return "", true
	}
	return value, true
}

func excerpt(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
