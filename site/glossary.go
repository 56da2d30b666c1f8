package site

import (
	"net/url"
	"slices"
	"unicode"
	"unicode/utf8"

	"course/lessons"
	"course/site/markup"
)

const (
	glossaryName = lessons.GlossaryPage
	letterPrefix = "letter-" // before the letter that terms begin with
)

// glossary draws the page of all terms, by the letters that they begin with.
func (s *Site) glossary() ([]byte, error) {
	const summary = "What the words mean that this course uses, and where it introduces them."
	return s.page(document{name: glossaryName, title: "Glossary", description: summary}, func(w *markup.Writer) error {
		w.Raw(`<div class="glossary">
<h1>Glossary</h1>
<p class="crux">`, summary, "</p>\n")
		byLetter := lettersOf(s.course.Terms)
		w.Raw(`<nav class="letters" aria-label="Letters">` + "\n")
		for _, terms := range byLetter {
			w.Raw("<a")
			w.Attr("href", "#"+url.PathEscape(letterID(terms[0])))
			w.Raw(">")
			w.Text(letterOf(terms[0]))
			w.Raw("</a>\n")
		}
		w.Raw("</nav>\n")
		for _, terms := range byLetter {
			w.Raw("<h2")
			w.Attr("id", letterID(terms[0]))
			w.Raw(">")
			w.Text(letterOf(terms[0]))
			w.Raw("</h2>\n<dl>\n")
			for _, t := range terms {
				s.term(w, t)
			}
			w.Raw("</dl>\n")
		}
		w.Raw("</div>\n")
		return nil
	})
}

// lettersOf parts sorted terms by what they begin with.
func lettersOf(terms []*lessons.Term) (parts [][]*lessons.Term) {
	for i, t := range terms {
		if i == 0 || letterOf(t) != letterOf(terms[i-1]) {
			parts = append(parts, nil)
		}
		last := &parts[len(parts)-1]
		*last = append(*last, t)
	}
	return parts
}

// letterOf returns the letter that a term begins with; all digits are one.
func letterOf(t *lessons.Term) string {
	first, _ := utf8.DecodeRuneInString(t.Name)
	if !unicode.IsLetter(first) {
		return "0–9"
	}
	return string(unicode.ToUpper(first))
}

func letterID(t *lessons.Term) string { return letterPrefix + letterOf(t) }

// term writes an entry.
func (s *Site) term(w *markup.Writer, t *lessons.Term) {
	w.Raw("<div")
	w.Attr("id", t.ID)
	w.Raw("><dt>")
	w.Text(t.Name)
	w.Raw(` <a class="anchor"`)
	w.Attr("href", "#"+url.PathEscape(t.ID))
	w.Attr("aria-label", "Link to "+t.Name)
	w.Raw(">#</a></dt>\n<dd><p>")
	s.inline(w, t.Means, t.Means.Node)
	w.Raw("</p>\n")
	var facts markup.Writer
	names := otherNames(t)
	fact(&facts, "also", len(names), func(i int) { facts.Text(names[i]) })
	for _, called := range []struct{ where, name string }{{"Go", t.Go}, {"Python", t.Python}} {
		if called.name != "" {
			fact(&facts, "in "+called.where, 1, func(int) {
				facts.Raw("<code>")
				facts.Text(called.name)
				facts.Raw("</code>")
			})
		}
	}
	if l := s.course.Introduces(t); l != nil {
		fact(&facts, "introduced in", 1, func(int) {
			p := s.byFile(l.File)
			facts.Raw("<a")
			facts.Attr("href", p.link()+"#"+url.PathEscape(definedID(t)))
			facts.Raw(">")
			facts.Text(p.title())
			facts.Raw("</a>")
		})
	}
	fact(&facts, "see", len(t.See), func(i int) {
		other := s.course.Term(t.See[i])
		if other == nil {
			s.where(&facts, t.See[i])
			return
		}
		facts.Raw("<a")
		facts.Attr("href", "#"+url.PathEscape(other.ID))
		facts.Raw(">")
		facts.Text(other.Name)
		facts.Raw("</a>")
	})
	if facts.Len() > 0 {
		w.Raw("<ul>\n")
		w.Add(facts.Fragment())
		w.Raw("</ul>\n")
	}
	w.Raw("</dd></div>\n")
}

// otherNames returns what else a term is called; that a name has a plural is nothing to tell.
func otherNames(t *lessons.Term) (names []string) {
	known := append([]string{t.Name}, t.Also...)
	for _, name := range t.Also {
		if !slices.ContainsFunc(known, func(one string) bool { return name == one+"s" || name == one+"es" }) {
			names = append(names, name)
		}
	}
	return names
}

// fact writes an item of a list: what it says of n things, nothing of none.
func fact(w *markup.Writer, says string, n int, each func(i int)) {
	for i := range n {
		if i == 0 {
			w.Raw("<li><span>")
			w.Text(says)
			w.Raw("</span> ")
		} else {
			w.Raw(", ")
		}
		each(i)
	}
	if n > 0 {
		w.Raw("</li>\n")
	}
}
