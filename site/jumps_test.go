package site_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// TestWhatIsLookedForFirstIsLinked: below the question of each lesson of our course, links lead to code, to what it printed and to a verdict, in that order on the page.
func TestWhatIsLookedForFirstIsLinked(t *testing.T) {
	s := realSite(t)
	pages, err := fs.Glob(s, "*.html")
	lessons := 0
	for _, name := range pages {
		page := string(read(t, s, name))
		_, rest, found := strings.Cut(page, `<nav class="jumps"`)
		if !found {
			continue
		}
		lessons++
		nav, _, _ := strings.Cut(rest, "</nav>")
		links := regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(nav, -1)
		if len(links) != 3 {
			t.Fatalf("%s: %d links: %s", name, len(links), nav)
		}
		last := 0
		for i, class := range []string{"cell", "pane ", "claim "} {
			at := regexp.MustCompile(`class="` + class + `[^"]*" id="` + regexp.QuoteMeta(links[i][1]) + `"`).FindStringIndex(page)
			if at == nil || at[0] < last {
				t.Errorf("%s: #%s is no %s, or stands before what is linked before it", name, links[i][1], class)
				continue
			}
			last = at[0]
		}
	}
	if lessons == 0 || err != nil {
		t.Errorf("%d lessons have them, %v", lessons, err)
	}
}
