package site

import (
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"
)

// TestLessonsLinkToTheSitesPages: lessons knows which pages there are, and each link to one leads there; what is not on the site is no link.
func TestLessonsLinkToTheSitesPages(t *testing.T) {
	shared := []string{
		"course.yaml", "url: https://example.org\n", "sources.yaml", "groups:\n  - title: A\n    rows:\n      - id: S0.1\n        kind: claim\n        says: It is so.\n",
		"01-start.html", "", "glossary.yaml", "- term: lock\n  means: One at a time.\n", "pic.png", pixel(t),
	}
	with := func(problems []string, text string) *Site {
		return New(files(t, problems, append([]string{"01-start.md", "---\ndate: 2026-11-22\n---\n# Start\n\n" + text}, shared...)...), nil, nil)
	}
	var all strings.Builder
	for name := range with(nil, "").files {
		if path.Ext(name) == ".html" && name != missingName && name != "start.html" {
			all.WriteString("[it](" + name + ")\n")
		}
	}
	all.WriteString("[a](scoreboard.json) [b](feed.xml) [c](./scoreboard.html#row-S0.1) [d](glossary.html#term-lock) [e](p%69c.png)\n")
	s := with(nil, all.String())
	page := readFile(t, s, "start.html")
	_, main, _ := strings.Cut(page, "<main")
	main, _, _ = strings.Cut(main, "</main>")
	for _, m := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(all.String(), -1) {
		want := strings.TrimPrefix(m[1], "./")
		if want == "p%69c.png" {
			want = imageName(s.course.Images["pic.png"])
		}
		if !strings.Contains(main, `<a href="`+want+`">`) {
			t.Errorf("there is no link to %s", want)
		}
		if file, _, _ := strings.Cut(want, "#"); s.files[file] == nil {
			t.Errorf("a link leads to %s, which is not there", file)
		}
	}

	lost := readFile(t, with([]string{"there is no file gone.txt", "01-start.html is not part of the site"}, "[it](gone.txt) and [that](01-start.html)\n"), "start.html")
	if !strings.Contains(lost, "<p>it and that</p>") {
		t.Error("what is not on the site is a link")
	}
}

// TestEachPageIsReachedFromTheFirst: by links, but for the page that is shown in place of what is not there.
func TestEachPageIsReachedFromTheFirst(t *testing.T) {
	for about, s := range map[string]*Site{"the sample": sample(t), "a course that is published": published(t, "url: https://example.org/course/\n"), "a hostile course": hostile(t, true)} {
		all := pages(t, s)
		todo, seen := []string{indexName}, map[string]bool{indexName: true}
		for len(todo) > 0 {
			name := todo[0]
			todo = todo[1:]
			for _, e := range elements(t, name, all[name]) {
				to, _, _ := strings.Cut(attr(e, "href"), "#")
				if to, err := url.PathUnescape(to); err == nil && e.Name.Local == "a" && all[to] != nil && !seen[to] {
					seen[to] = true
					todo = append(todo, to)
				}
			}
		}
		for name := range all {
			if !seen[name] && name != missingName {
				t.Errorf("%s: nothing leads to %s", about, name)
			}
		}
	}
}
