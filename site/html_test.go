package site

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"path"
	"slices"
	"testing"
)

// voids are the elements that have no end tag.
var voids = []string{"meta", "link", "input", "br", "hr", "img", "wbr"}

// elements reads a page, and fails the test where its tags do not nest.
func elements(t *testing.T, name string, data []byte) (all []xml.StartElement) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict, d.Entity = false, xml.HTMLEntity
	var open []string
	for {
		token, err := d.RawToken()
		switch token := token.(type) {
		case xml.StartElement:
			all = append(all, token.Copy())
			if !slices.Contains(voids, token.Name.Local) {
				open = append(open, token.Name.Local)
			}
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != token.Name.Local {
				t.Fatalf("%s: </%s> within %v", name, token.Name.Local, open)
			}
			open = open[:len(open)-1]
		}
		if errors.Is(err, io.EOF) && len(open) == 0 {
			return all
		}
		if err != nil {
			t.Fatalf("%s: %v, within %v", name, err, open)
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func TestEachLinkLeadsSomewhere(t *testing.T) {
	ids := make(map[string][]string)
	links := make(map[string][]string)
	files := all(t, sample(t))
	for name, data := range files {
		if path.Ext(name) != ".html" {
			continue
		}
		for _, e := range elements(t, name, data) {
			if id := attr(e, "id"); id != "" {
				if slices.Contains(ids[name], id) {
					t.Errorf("%s has the id %q twice", name, id)
				}
				ids[name] = append(ids[name], id)
			}
			for _, a := range []string{"aria-labelledby", "aria-describedby"} {
				if id := attr(e, a); id != "" {
					links[name] = append(links[name], "#"+id)
				}
			}
			for _, a := range []string{"href", "src"} {
				if link := attr(e, a); link != "" {
					links[name] = append(links[name], link)
				}
			}
		}
	}
	for name, all := range links {
		for _, link := range all {
			u, err := url.Parse(link)
			if err != nil {
				t.Errorf("%s links to %q: %v", name, link, err)
				continue
			}
			if u.Scheme != "" {
				continue
			}
			to := name
			if u.Path != "" {
				to = path.Join(path.Dir(name), u.Path)
			}
			if files[to] == nil {
				t.Errorf("%s links to %s, which is not there", name, link)
			} else if u.Fragment != "" && !slices.Contains(ids[to], u.Fragment) {
				t.Errorf("%s links to %s, which has no such id", name, link)
			}
		}
	}
	for _, want := range []string{"whose-memory.html#h-seen", "when-one-dies.html", "https://go.dev/src/runtime/proc.go"} {
		if !slices.Contains(links["the-benchmark.html"], want) {
			t.Errorf("the first lesson does not link to %s, but to %v", want, links["the-benchmark.html"])
		}
	}
}
