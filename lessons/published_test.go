package lessons

import (
	"testing"
)

func TestWhereASiteIsPublished(t *testing.T) {
	for text, want := range map[string]string{
		"https://example.org":                        "https://example.org/",
		"http://example.org/a/b":                     "http://example.org/a/b/",
		"https://Example.ORG:8443/A%20b/":            "https://example.org:8443/A%20b/",
		"https://example.org/a/../b/./":              "https://example.org/b/",
		"https://[::1]/":                             "https://[::1]/",
		"'https://example.org/é'":                    "https://example.org/%C3%A9/",
		"HTTPS://example.org/\nlanguage: pt-BR # no": "https://example.org/",
	} {
		c := course(t, "01-a.md", "# A", "course.yaml", "title: T\nurl: "+text+"\n")
		if c.URL != want || len(c.Problems) > 0 {
			t.Errorf("%s is %q, want %q: %v", text, c.URL, want, c.Problems)
		}
	}
	for text, want := range map[string]string{
		"example.org":               "2:6+11 url is not an absolute address",
		"/course/":                  "2:6+8 url is not an absolute address",
		"https:///course/":          "2:6+16 url is not an absolute address",
		"https:example.org":         "2:6+17 url is not an absolute address",
		"https://exämple.org/":      "2:6+21 url is not an absolute address",
		"'https://a\"><b/'":         "2:6+14 url is not an absolute address",
		"ftp://example.org/":        "2:6+18 url is neither http nor https",
		"javascript://example.org/": "2:6+25 url is neither http nor https",
		"https://me:pw@example.org": "2:6+25 url has a user in it",
		"https://example.org/?a=b":  "2:6+24 url has a query or a fragment",
		"https://example.org/#":     "2:6+21 url has a query or a fragment",
		"[https://example.org/]":    "2:6+1 url must be a single value",
	} {
		c := course(t, "01-a.md", "# A", "course.yaml", "title: T\nurl: "+text+"\n")
		if got := brief(c.Problems); c.URL != "" || len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, with %q, want %q", text, c.URL, got, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	for text, want := range map[string]string{"": "en", "language: de\n": "de", "language: zh-Hant-TW\n": "zh-Hant-TW", "language: sl-rozaj\n": "sl-rozaj", "language: es-419\n": "es-419"} {
		if c := course(t, "01-a.md", "# A", "course.yaml", "title: T\n"+text); c.Language != want || len(c.Problems) > 0 {
			t.Errorf("%q is %q, want %q: %v", text, c.Language, want, c.Problems)
		}
	}
	for _, text := range []string{"english", "e", "en_US", `en" onload="`, "de-", "-de"} {
		c := course(t, "01-a.md", "# A", "course.yaml", "language: '"+text+"'\n")
		if got := brief(c.Problems); c.Language != "en" || len(got) != 1 {
			t.Errorf("%q is %q, with %q", text, c.Language, got)
		}
	}
}
