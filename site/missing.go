package site

import (
	"net/url"
	"regexp"

	"course/site/markup"
)

const missingName = "404.html"

// missing draws the page that servers send for what is not there, at any depth: so where it is known where the site is published, its links say the
// whole path. Else they are relative, as all others, and right for addresses that lie where the pages do; for those below, of which nothing there tells where
// the site begins, there is a sentence that is as good without a style. Offline a reader is led to where the page lies (offline/sw.js).
func (s *Site) missing() ([]byte, error) {
	page, err := s.page(document{name: missingName, title: "Not here", class: onItsOwn, unlisted: true}, func(w *markup.Writer) error {
		w.Raw(`<div class="find"></div><div class="tools"></div>
<header class="title">
<p class="kicker">404</p>
<h1>There is no such page</h1>
<p class="lead">It may have been renamed. <a href="index.html">All lessons of `)
		w.Text(s.course.Title)
		w.Raw("</a> are on the first page.</p>\n")
		if s.course.URL == "" {
			w.Raw("<p>If that link leads nowhere, too, shorten the address: take off its end, from the last “/” on, until the first page comes.</p>\n")
		}
		w.Raw("</header>\n")
		return nil
	})
	if u, wrong := url.Parse(s.course.URL); err == nil && wrong == nil && u.Path != "" {
		page = relative.ReplaceAll(page, []byte(`$1`+u.EscapedPath()+`$2`))
	}
	return page, err
}

// relative finds the addresses in a page that are relative to it, and not of a place within it.
var relative = regexp.MustCompile(`( (?:href|src)=")([^"#:]+")`)
