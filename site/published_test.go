package site

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"course/lessons"
)

// published is a course that says where its site is, whose texts do harm where they become markup.
func published(t *testing.T, address string) *Site {
	t.Helper()
	course, err := lessons.Load(fstest.MapFS{
		"course.yaml": {Data: []byte("title: A & <b>\nsummary: \"Both \\\"]]> sides\"\nlanguage: de\n" + address)},
		"01-old.md":   {Data: []byte("---\ndate: 2026-01-31\nsummary: 'What <i>is</i> it?'\n---\n# Old & \"tried\"\n")},
		"02-new.md":   {Data: []byte("---\ndate: 2026-11-22\n---\n# New\n\n" + strings.Repeat("A paragraph & more. ", 20) + "\n")},
		"03-plain.md": {Data: []byte("# Plain\n\n```sh\nls\n```\n")},
	}, nil)
	if err != nil || len(course.Problems) > 0 {
		t.Fatal(err, course.Problems)
	}
	return New(course, nil, nil)
}

// heads returns what the head of each page says: by name or property, and "title", "canonical", "feed" and "lang".
func heads(t *testing.T, s *Site) map[string]map[string]string {
	t.Helper()
	titles := regexp.MustCompile(`<title>(.*)</title>`)
	all := make(map[string]map[string]string)
	for name, data := range pages(t, s) {
		head := map[string]string{"title": string(titles.FindSubmatch(data)[1])}
		for _, e := range elements(t, name, data) {
			switch {
			case e.Name.Local == "html":
				head["lang"] = attr(e, "lang")
			case e.Name.Local == "meta":
				head[attr(e, "name")+attr(e, "property")] = attr(e, "content")
			case attr(e, "rel") == "canonical":
				head["canonical"] = attr(e, "href")
			case attr(e, "rel") == "alternate":
				head["feed"] = attr(e, "href")
			}
		}
		all[name] = head
	}
	return all
}

// pages returns the content of each file that is a page.
func pages(t *testing.T, s *Site) map[string][]byte {
	t.Helper()
	files := all(t, s)
	for name := range files {
		if path.Ext(name) != ".html" {
			delete(files, name)
		}
	}
	return files
}

func TestHeadsSayWhatAPageIs(t *testing.T) {
	for name, head := range heads(t, published(t, "url: https://example.org/a/b\n")) {
		if head["title"] == "" || head["description"] == "" || head["lang"] != "de" {
			t.Errorf("%s: %v", name, head)
		}
		if name == missingName {
			if head["robots"] != "noindex" || head["canonical"] != "" {
				t.Errorf("%s: %v", name, head)
			}
			continue
		}
		at := "https://example.org/a/b/" + strings.TrimSuffix(name, indexName)
		if head["canonical"] != at || head["og:url"] != at || head["feed"] != feedName || head["og:site_name"] != "A & <b>" || head["og:title"] == "" || head["twitter:card"] == "" {
			t.Errorf("%s: %v", name, head)
		}
	}
	said := heads(t, published(t, "url: https://example.org/a/b\n"))
	for name, want := range map[string]string{"old.html": "What <i>is</i> it?", "plain.html": `Both "]]> sides`} {
		if got := said[name]["description"]; got != want {
			t.Errorf("the description of %s is %q, want %q", name, got, want)
		}
	}
	if got := said["new.html"]["description"]; utf8.RuneCountInString(got) > maxDescription || len(got) < maxDescription-20 || !strings.HasSuffix(got, "…") {
		t.Errorf("a long paragraph is described by %q", got)
	}
	for name, head := range heads(t, published(t, "")) {
		for _, absolute := range []string{"canonical", "feed", "og:url", "og:image"} {
			if head[absolute] != "" {
				t.Errorf("%s has a %s without an address to stand below: %q", name, absolute, head[absolute])
			}
		}
	}
}

func TestTitlesTellPagesApart(t *testing.T) {
	seen := make(map[string]string)
	for name, head := range heads(t, sample(t)) {
		if other := seen[head["title"]]; other != "" {
			t.Errorf("%s and %s are both titled %q", name, other, head["title"])
		}
		seen[head["title"]] = name
	}
}

func TestDescriptionsEndWithAWord(t *testing.T) {
	for text, want := range map[string]string{
		"":                 "",
		" a\n b\t":         "a b",
		"12345 789":        "12345 789",
		"12345 7890":       "12345 7890",
		"12345 78901":      "12345…",
		"1234567890123":    "123456789…",
		"äöüßé 78 01":      "äöüßé 78…",
		"one, two three x": "one, two…",
		"one two, three x": "one two…",
	} {
		if got := shortened(text, 10); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestSitemapListsAllPages(t *testing.T) {
	var sitemap struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URL     []struct {
			Loc     string `xml:"loc"`
			Lastmod string `xml:"lastmod"`
		} `xml:"url"`
	}
	s := published(t, "url: https://example.org/a\n")
	if err := xml.Unmarshal(all(t, s)[sitemapName], &sitemap); err != nil {
		t.Fatal(err)
	}
	listed := make(map[string]string)
	for _, u := range sitemap.URL {
		listed[u.Loc] = u.Lastmod
	}
	for name := range pages(t, s) {
		_, ok := listed["https://example.org/a/"+strings.TrimSuffix(name, indexName)]
		if ok == (name == missingName) {
			t.Errorf("%s: %v in %v", name, ok, listed)
		}
	}
	if got := listed["https://example.org/a/new.html"]; got != "2026-11-22" || listed["https://example.org/a/plain.html"] != "" {
		t.Errorf("dates are %v", listed)
	}
	if robots := string(all(t, s)[robotsName]); !strings.Contains(robots, "\nSitemap: https://example.org/a/sitemap.xml\n") {
		t.Error(robots)
	}
}

func TestFeedIsAtom(t *testing.T) {
	type entry struct {
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
		Summary string `xml:"summary"`
		Link    []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"link"`
	}
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		entry
		Author string  `xml:"author>name"`
		Entry  []entry `xml:"entry"`
	}
	if err := xml.Unmarshal(all(t, published(t, "url: https://example.org/a\n"))[feedName], &feed); err != nil {
		t.Fatal(err)
	}
	if feed.ID != "https://example.org/a/" || feed.Title != "A & <b>" || feed.Author != "A & <b>" || feed.Updated != "2026-11-22T00:00:00Z" {
		t.Errorf("%+v", feed)
	}
	if len(feed.Entry) != 2 || feed.Entry[0].ID != "https://example.org/a/new.html" || feed.Entry[1].Title != `Old & "tried"` ||
		feed.Entry[1].Summary != "What <i>is</i> it?" || feed.Entry[1].Link[0].Href != feed.Entry[1].ID {
		t.Errorf("%+v", feed.Entry)
	}
	for _, address := range []string{"", "url: https://example.org/\n"} {
		files := all(t, sampleAt(t, address))
		if files[feedName] != nil || (files[sitemapName] != nil) != (address != "") {
			t.Errorf("%q: a course without dates has a feed, or a sitemap without an address", address)
		}
	}
}

// sampleAt is a course of one lesson.
func sampleAt(t *testing.T, address string) *Site {
	t.Helper()
	course, err := lessons.Load(fstest.MapFS{"course.yaml": {Data: []byte("title: T\n" + address)}, "01-a.md": {Data: []byte("# A\n")}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return New(course, nil, nil)
}

// What is not there is asked for at any depth, and answered with one page.
func TestMissingPageWorksAtAnyDepth(t *testing.T) {
	s := published(t, "url: https://example.org/a%20b/c\n")
	files := all(t, s)
	found := 0
	for _, e := range elements(t, missingName, files[missingName]) {
		for _, link := range []string{attr(e, "href"), attr(e, "src")} {
			if link == "" || strings.HasPrefix(link, "#") || strings.HasPrefix(link, "data:") {
				continue
			}
			u, err := url.Parse(link)
			if err != nil {
				t.Fatal(err)
			}
			name, ok := strings.CutPrefix(u.Path, "/a b/c/")
			if !ok || files[name] == nil {
				t.Errorf("it refers to %q", link)
			}
			found++
		}
	}
	if found < 4 {
		t.Errorf("it refers to %d files", found)
	}
	if !bytes.Contains(all(t, published(t, ""))[missingName], []byte(`href="index.html"`)) {
		t.Error("without an address its links are not relative")
	}
	const way = "shorten the address"
	if bytes.Contains(files[missingName], []byte(way)) || !bytes.Contains(all(t, published(t, ""))[missingName], []byte(way)) {
		t.Error("where its links may lead nowhere, and only there, it says what does")
	}
}

func TestManifest(t *testing.T) {
	s := published(t, "")
	var m map[string]any
	d := json.NewDecoder(bytes.NewReader(all(t, s)[manifestName]))
	if err := d.Decode(&m); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Token(); err != io.EOF || m["name"] != "A & <b>" || m["lang"] != "de" || s.files[m["start_url"].(string)] == nil || m["scope"] != "./" {
		t.Errorf("%v, %v", m, err)
	}
	for _, icon := range m["icons"].([]any) {
		if s.files[icon.(map[string]any)["src"].(string)] == nil {
			t.Errorf("there is no %v", icon)
		}
	}
	style := string(all(t, s)[styleName])
	if paper := "--paper: light-dark(" + paperLight + ", " + paperDark + ");"; !strings.Contains(style, paper) {
		t.Errorf("no page has %s", paper)
	}
}

// Sites are copied to file systems that fold case and know devices, and to hosts that leave out what begins with a dot or an underscore.
func TestFileNamesAreGoodEverywhere(t *testing.T) {
	course, err := lessons.Load(fstest.MapFS{
		"01-con.md": {Data: []byte("# A\n\n[there](02-aux.md)\n")}, "02-aux.md": {Data: []byte("# B\n")}, "03-lpt1.md": {Data: []byte("# C\n")}, "04-console.md": {Data: []byte("# D\n")},
		"accessibility.md": {Data: []byte("# E\n")}, "404.md": {Data: []byte("# F\n")},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := New(course, nil, nil)
	good := regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*(\.[a-z0-9]+)*$`)
	for name := range all(t, s) {
		for part := range strings.SplitSeq(name, "/") {
			if !good.MatchString(part) || reserved.MatchString(part+".") {
				t.Errorf("%s may not be had everywhere", name)
			}
		}
	}
	for _, want := range []string{"lesson-con.html", "lesson-aux.html", "lesson-lpt1.html", "console.html", "lesson-accessibility.html"} {
		if s.files[want] == nil {
			t.Errorf("there is no %s", want)
		}
	}
	if !bytes.Contains(all(t, s)["lesson-con.html"], []byte(`href="lesson-aux.html"`)) {
		t.Error("a link does not follow")
	}
}
