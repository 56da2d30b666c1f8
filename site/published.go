package site

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"course/lessons"
	"course/site/markup"
)

const (
	feedName     = lessons.FeedFile
	sitemapName  = "sitemap.xml"
	robotsName   = "robots.txt"
	manifestName = "manifest.webmanifest"
)

// addStandards adds the files by which machines know a site: those for search engines and feed readers where it is known where it is published.
func (s *Site) addStandards() {
	s.add(manifestName, s.manifest)
	s.addOffline()
	if s.course.URL == "" {
		return
	}
	s.add(sitemapName, s.sitemap)
	s.add(robotsName, s.robots)
	if s.newest() != "" {
		s.add(feedName, s.feed)
	}
}

// machineLinks writes links to those of these files that pages name. The manifest is named by script/20-offline.js.
func (s *Site) machineLinks(w *markup.Writer) {
	if s.files[feedName] != nil {
		w.Raw(`<link rel="alternate" type="application/atom+xml"`)
		w.Attr("title", s.course.Title)
		w.Raw(` href="`, feedName, "\">\n")
	}
}

// sitemap lists the pages (sitemaps.org, version 0.9). A page has a time where its lesson has a date.
func (s *Site) sitemap() ([]byte, error) {
	dates := make(map[string]string)
	for _, p := range s.pages {
		dates[p.href] = p.lesson.Date
	}
	var w markup.Writer
	w.Raw(`<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
`)
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		if path.Ext(name) != ".html" || name == missingName {
			continue
		}
		w.Raw("<url><loc>")
		w.Text(s.address(name))
		w.Raw("</loc>")
		if dates[name] != "" {
			w.Raw("<lastmod>")
			w.Text(dates[name])
			w.Raw("</lastmod>")
		}
		w.Raw("</url>\n")
	}
	w.Raw("</urlset>\n")
	return w.Bytes(), nil
}

// robots lets everybody read, and says where the sitemap is (RFC 9309). It is heard at the root of a host alone.
func (s *Site) robots() ([]byte, error) {
	return []byte("User-agent: *\nAllow: /\n\nSitemap: " + s.address(sitemapName) + "\n"), nil
}

// newest returns the latest date that a lesson has, or "".
func (s *Site) newest() (date string) {
	for _, p := range s.pages {
		date = max(date, p.lesson.Date)
	}
	return date
}

// feed lists the lessons that say when they came, the newest first (Atom, RFC 4287). The date is their author's word: when a cell was measured is no
// news, and when a file was written is no part of a course.
func (s *Site) feed() ([]byte, error) {
	dated := slices.DeleteFunc(slices.Clone(s.pages), func(p *lessonPage) bool { return p.lesson.Date == "" })
	slices.SortStableFunc(dated, func(a, b *lessonPage) int { return strings.Compare(b.lesson.Date, a.lesson.Date) })
	var w markup.Writer
	w.Raw(`<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"`)
	w.Attr("xml:lang", s.language())
	w.Raw(">\n")
	head := func(title, address, date string) {
		w.Raw("<id>")
		w.Text(address)
		w.Raw("</id><title>")
		w.Text(title)
		w.Raw("</title><updated>")
		w.Text(date)
		w.Raw(`T00:00:00Z</updated><link rel="alternate" type="text/html"`)
		w.Attr("href", address)
		w.Raw("/>\n")
	}
	head(s.course.Title, s.address(indexName), s.newest())
	w.Raw(`<link rel="self" type="application/atom+xml"`)
	w.Attr("href", s.address(feedName))
	w.Raw("/>\n<author><name>") // a feed has to have one
	w.Text(s.course.Title)
	w.Raw("</name></author>\n")
	for _, p := range dated {
		w.Raw("<entry>")
		head(p.title(), s.address(p.href), p.lesson.Date)
		if says := shortened(describe(p.lesson), maxDescription); says != "" {
			w.Raw("<summary>")
			w.Text(says)
			w.Raw("</summary>")
		}
		w.Raw("</entry>\n")
	}
	w.Raw("</feed>\n")
	return w.Bytes(), nil
}

// manifest says how the site is installed as an application (W3C Web Application Manifest). Its addresses are relative to it.
func (s *Site) manifest() ([]byte, error) {
	type icon struct {
		Src     string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose"`
	}
	m := struct {
		Name        string `json:"name"`
		Description string `json:"description,omitempty"`
		Lang        string `json:"lang"`
		StartURL    string `json:"start_url"`
		Scope       string `json:"scope"`
		Display     string `json:"display"`
		Theme       string `json:"theme_color"`
		Background  string `json:"background_color"`
		Icons       []icon `json:"icons"`
	}{
		Name: s.course.Title, Description: shortened(s.course.Summary, maxDescription), Lang: s.language(),
		StartURL: indexName, Scope: "./", Display: "minimal-ui", // which has a button that leads back
		Theme: paperLight, Background: paperLight, Icons: []icon{
			{iconName, "any", "image/svg+xml", "any"},
			{smallIconName, "192x192", "image/png", "any maskable"},
			{largeIconName, "512x512", "image/png", "any maskable"},
		},
	}
	data, err := json.MarshalIndent(m, "", "\t")
	return append(data, '\n'), err
}
