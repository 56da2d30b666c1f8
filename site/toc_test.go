package site

import (
	"fmt"
	"strings"
	"testing"
)

// TestTheContentsListWhatHelps: headings of the second and third level in the order of the page, so many that a reader finds something, and none where there is
// nothing to choose.
func TestTheContentsListWhatHelps(t *testing.T) {
	contents := func(text string) (listed []string) {
		page := readFile(t, New(files(t, nil, "01-start.md", "# Start\n\n"+text), nil, nil), "start.html")
		_, toc, _ := strings.Cut(page, `<nav class="toc"`)
		toc, _, _ = strings.Cut(toc, "</nav>")
		for item := range strings.SplitSeq(toc, "<li") {
			if _, says, ok := strings.Cut(item, `<a href="#`); ok {
				anchor, says, _ := strings.Cut(says, `"`)
				_, says, _ = strings.Cut(says, ">")
				says, _, _ = strings.Cut(says, "</a>")
				if !strings.Contains(page, `id="`+anchor+`"`) {
					t.Errorf("there is no %s, to which the contents lead", anchor)
				}
				if strings.HasPrefix(item, ` class="sub"`) {
					says = "- " + says
				}
				listed = append(listed, says)
			}
		}
		return listed
	}
	for text, want := range map[string]string{
		"## One\n\n### Of it\n\n#### Deeper\n\n##### Still\n\n## Two\n": "One, - Of it, Two",
		"## One\n\n> ## Quoted\n\n- ## Listed\n\n## Two\n":              "One, Two",
		"## One\n\n#### Deeper\n":                                       "",
		"## A < B & `c`\n\n## *Two*\n":                                  "A &lt; B &amp; c, Two",
	} {
		if got := strings.Join(contents(text), ", "); got != want {
			t.Errorf("%q has the contents %q, want %q", text, got, want)
		}
	}
	var many strings.Builder
	for i := range mostListed + 5 {
		fmt.Fprintf(&many, "## Heading %d\n\n", i)
	}
	if got := contents(many.String()); len(got) != mostListed || got[mostListed-1] != fmt.Sprintf("Heading %d", mostListed-1) {
		t.Errorf("of %d headings %d are listed", mostListed+5, len(got))
	}
}
