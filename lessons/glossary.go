package lessons

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"course/problem"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

const (
	glossaryFile = "glossary.yaml"
	maxGlossary  = 128 << 10

	// TermPrefix stands before the slug of a term's name in its ID.
	TermPrefix = "term-"
)

// A Term is a word that the course explains: an entry of its glossary.yaml.
type Term struct {
	Position problem.Position
	Name     string   // as it is written within a sentence, "address space"
	ID       string   // of its entry on the page of the glossary, "term-address-space": unique
	Means    Text     // a sentence or two
	Also     []string // other spellings, such as the plural: a spelling, whatever its case, is of one term
	See      []string // names of other terms, and links to lessons and what is in them, "02-memory.md#cell"
	Python   string   // what it is called there, as code; empty where nothing is said
	Go       string   // likewise

	nameAt problem.Position
	alsoAt []problem.Position // of each of Also
	seeAt  []problem.Position // of each of See
	links  []termLink
}

// Text is a paragraph of Markdown outside of lessons: text, emphasis, code and links.
type Text struct {
	Source []byte         // what the nodes refer to; do not change it
	Node   *ast.Paragraph // do not change it
	Plain  string         // without markup
}

// termLink is a link to a lesson in what a term means.
type termLink struct {
	at           problem.Position
	to, fragment string
}

// glossary is that of a course as it stands in its file.
type glossary struct {
	yamlFile
	terms     []*Term          // by name
	spellings map[string]*Term // by what spelling returns
	finder    *termFinder
	unread    bool // the file is there, and cannot be read
}

// Term returns the term that is spelled like that, whatever the case; nil where there is none.
func (c *Course) Term(name string) *Term { return c.glossary.spellings[spelling(name)] }

// Introduces returns the lesson that introduces a term, nil where none says that it does and names it.
func (c *Course) Introduces(t *Term) *Lesson { return c.introduced[t] }

// spelling returns what spellings of a term are compared by.
func spelling(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// readGlossary reads glossary.yaml, or takes from prev what it was where it is the same.
func (c *Course) readGlossary(raw []byte, prev *Course) {
	if c.glossary = prev.glossary; !bytes.Equal(raw, prev.glossary.raw) || prev.glossary.raw == nil {
		c.glossary = parseGlossary(raw)
	}
	c.Terms = c.glossary.terms
	c.Problems = append(c.Problems, c.glossary.problems...)
}

func parseGlossary(raw []byte) glossary {
	g := glossary{yamlFile: newYAMLFile(glossaryFile, raw), spellings: make(map[string]*Term)}
	r := g.reader(maxGlossary, &yamlKeys{known: []string{"term", "means", "also", "see", "python", "go"}, either: []string{"also", "see"}})
	ids := make(map[string]bool)
	for _, item := range r.list() {
		t := g.term(r, item)
		if t == nil {
			continue
		}
		base := TermPrefix + slug(t.Name)
		t.ID = base
		for n := 1; ids[t.ID]; n++ {
			t.ID = base + "-" + strconv.Itoa(n)
		}
		ids[t.ID] = true
		g.terms = append(g.terms, t)
	}
	slices.SortStableFunc(g.terms, func(a, b *Term) int {
		return cmp.Or(strings.Compare(spelling(a.Name), spelling(b.Name)), strings.Compare(a.Name, b.Name))
	})
	g.finder = newTermFinder(g.spellings)
	return g
}

// term reads an entry, or reports why it is none.
func (g *glossary) term(r *yamlReader, item setting) *Term {
	t := &Term{Position: g.at(item.keyAt.line, item.keyAt.column)}
	whole := true
	for _, s := range item.settings {
		report := func(message, hint string) {
			r.report(s.line, s.column, len(s.value), message, hint)
		}
		switch s.key {
		case "term":
			t.Name, t.nameAt = s.text, g.at(s.line, s.column)
		case "means":
			var ok bool
			t.Means, t.links, ok = g.text(r, s)
			whole = whole && ok
		case "also":
			for _, also := range s.items {
				t.Also = append(t.Also, also.text)
				t.alsoAt = append(t.alsoAt, g.at(also.line, also.column))
			}
		case "see":
			for _, see := range s.items {
				t.See = append(t.See, see.text)
				t.seeAt = append(t.seeAt, g.at(see.line, see.column))
			}
		case "python", "go":
			if s.text == "" {
				report(s.key+" is empty", "say what it is called there, or leave it out")
			}
			if s.key == "go" {
				t.Go = s.text
			} else {
				t.Python = s.text
			}
		}
	}
	for _, key := range []string{"term", "means"} {
		given := slices.ContainsFunc(item.settings, func(s setting) bool { return s.key == key })
		if !given {
			whole = false
			if !slices.Contains(r.refused, key) {
				r.report(item.keyAt.line, item.keyAt.column, 0, "the entry has no "+key, "write "+key+": …")
			}
		}
	}
	if t.Name == "" || !g.spell(t, t.Name, t.nameAt) || !whole {
		return nil
	}
	for i, also := range t.Also {
		g.spell(t, also, t.alsoAt[i])
	}
	return t
}

// spell notes that a term is spelled like that, or reports why it is not.
func (g *glossary) spell(t *Term, name string, at problem.Position) bool {
	report := func(message, hint string) bool {
		g.problems = append(g.problems, g.problem(at, 0, message, hint))
		return false
	}
	first, _ := utf8.DecodeRuneInString(name)
	switch of := g.spellings[spelling(name)]; {
	case !isWordRune(first):
		return report(fmt.Sprintf("%q does not begin with a letter or a digit", excerpt(name)), "write the word as it stands in a sentence")
	case of == t:
		return report(fmt.Sprintf("%q is given twice", excerpt(name)), "upper and lower case are the same: remove one")
	case of != nil:
		return report(fmt.Sprintf("%q is a spelling of the term in line %d", excerpt(name), of.nameAt.Line), "a spelling is of one term: remove one")
	}
	g.spellings[spelling(name)] = t
	return true
}

// text reads a paragraph of Markdown; ok is false if it has been reported.
func (g *glossary) text(r *yamlReader, s setting) (t Text, links []termLink, ok bool) {
	refuse := func(offset int, message, hint string) {
		line, column := s.at(offset)
		r.report(line, column, 0, message, hint)
		ok = false
	}
	if ok = s.text != ""; !ok {
		refuse(0, s.key+" is empty", "say it in a sentence or two")
		return t, nil, false
	}
	for line := range strings.Lines(s.value) {
		if markers([]byte(line)) > maxDepth {
			refuse(0, "this is more than a sentence or two", "quotes and lists have no place here")
			return t, nil, false
		}
	}
	t.Source = []byte(s.value)
	limits := &limits{}
	context := parser.NewContext()
	context.Set(limitsKey, limits)
	doc := markdown.Parse(text.NewReader(t.Source), parser.WithContext(context))
	t.Node, ok = doc.FirstChild().(*ast.Paragraph)
	if !ok || t.Node.NextSibling() != nil || len(limits.exceeded) > 0 || tooDeep(doc) != nil {
		refuse(0, "this is more than a sentence or two", "it is one paragraph, of text, emphasis, code and links")
		return t, nil, false
	}
	t.Plain = plainText(t.Node, t.Source)
	_ = ast.Walk(t.Node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Paragraph, *ast.Text, *ast.Emphasis, *ast.CodeSpan, *extast.Strikethrough:
		case *ast.AutoLink:
		case *ast.Link:
			line, column := s.at(position(n))
			to := resolved(n.Destination)
			u, err := url.Parse(to)
			switch {
			case err != nil || scheme(to) != "" && !slices.Contains(schemes, scheme(to)) || u.Host != "" && u.Scheme == "":
				refuse(position(n), "this link is not allowed", "links have http, https or mailto, or lead to a lesson: 01-start.md#cell")
			case u.Scheme == "":
				links = append(links, termLink{g.at(line, column), path.Clean(u.Path), u.Fragment})
			}
		default:
			refuse(position(n), "this cannot stand here", "write text, emphasis, code and links")
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return t, links, ok
}

// checkGlossary checks what terms lead to, and what lessons say of terms and of each other.
func (c *Course) checkGlossary(prev *Course) {
	c.introduced = make(map[*Term]*Lesson)
	for _, t := range c.Terms {
		for i, see := range t.See {
			c.checkSee(t, see, t.seeAt[i])
		}
		for _, link := range t.links {
			c.checkTarget(link.to, link.fragment, func(message, hint string) {
				c.Problems = append(c.Problems, c.glossary.problem(link.at, 0, message, hint))
			})
		}
	}
	c.named = make(map[*Lesson]map[*Term]bool)
	for i, l := range c.Lessons {
		c.checkTerms(l, prev)
		c.checkNeeds(l, i)
		c.checkRecall(l, i)
	}
}

func (c *Course) checkSee(t *Term, see string, at problem.Position) {
	report := func(message, hint string) {
		c.Problems = append(c.Problems, c.glossary.problem(at, len(see), message, hint))
	}
	switch other := c.Term(see); {
	case other == t:
		report("a term that refers to itself", "name another one, or leave it out")
		return
	case other != nil:
		return
	}
	u, err := url.Parse(see)
	if err != nil || u.Scheme != "" || u.Host != "" || u.RawQuery != "" || path.Ext(u.Path) != ".md" {
		var names []string
		for _, t := range c.Terms {
			names = append(names, t.Name)
		}
		hint := "name a term, or a lesson's file and what is in it: 01-start.md#cell"
		if near := problem.Nearest(see, names); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		report(fmt.Sprintf("%q is no term, and no part of a lesson", excerpt(see)), hint)
		return
	}
	c.checkTarget(path.Clean(u.Path), u.Fragment, report)
}

// checkTerms checks the terms that a lesson introduces.
func (c *Course) checkTerms(l *Lesson, prev *Course) {
	var introduces []*Term
	for i, name := range l.Terms {
		t := c.Term(name)
		report := func(message, hint string) { c.report(l, l.termsAt[i], len(name), message, hint) }
		switch {
		case t == nil && (c.glossary.unread || len(c.glossary.problems) > 0): // it may be there when they are mended
		case t == nil && c.glossary.raw == nil:
			report(fmt.Sprintf("there is no term %q", excerpt(name)), "the course has no "+glossaryFile+", which says what terms mean: write it, or leave terms out")
			return
		case t == nil:
			var names []string
			for _, t := range c.Terms {
				names = append(names, t.Name)
			}
			report(fmt.Sprintf("%s has no term %q", glossaryFile, excerpt(name)), hintAmong(name, names))
		case c.introduced[t] == l:
			report(excerpt(name)+" is given twice", "remove one")
		case c.introduced[t] != nil:
			report(fmt.Sprintf("%q is introduced by %s", excerpt(name), c.introduced[t].File), "one lesson introduces a term: remove it here or there")
		default:
			c.introduced[t] = l
			introduces = append(introduces, t)
		}
	}
	if len(introduces) == 0 || l.cut || l.document == nil {
		return
	}
	c.named[l] = prev.named[l]
	if c.named[l] == nil || prev.glossary.finder != c.glossary.finder {
		c.named[l] = make(map[*Term]bool)
		for _, all := range c.Mentions(l) {
			for _, m := range all {
				c.named[l][m.Term] = true
			}
		}
	}
	for i, name := range l.Terms {
		if t := c.Term(name); slices.Contains(introduces, t) && !c.named[l][t] {
			delete(c.introduced, t)
			c.report(l, l.termsAt[i], len(name), fmt.Sprintf("the lesson introduces %q, and its prose never says it", excerpt(name)), "use the word in a paragraph, or name in also how it is spelled there")
		}
	}
}

// checkNeeds checks the lessons that a reader of l, the i-th of the course, should have read.
func (c *Course) checkNeeds(l *Lesson, i int) {
	for n, name := range l.Needs {
		report := func(message, hint string) { c.report(l, l.needsAt[n], len(name), message, hint) }
		if slices.Index(l.Needs, name) < n {
			report(name+" is given twice", "remove one")
			continue
		}
		c.checkEarlier(i, name, "a lesson needs", report)
	}
}

// checkEarlier reports that there is no lesson of that name before the i-th; what says what it is for.
func (c *Course) checkEarlier(i int, name, what string, report func(message, hint string)) {
	switch at := slices.IndexFunc(c.Lessons, func(l *Lesson) bool { return l.Name == name }); {
	case at < 0:
		var names []string
		for _, earlier := range c.Lessons[:i] {
			names = append(names, earlier.Name)
		}
		report(fmt.Sprintf("there is no lesson %q", excerpt(name)), hintAmong(name, names))
	case at == i:
		report(fmt.Sprintf("%q is this lesson itself", name), what+" what was read before: remove it")
	case at > i:
		report(fmt.Sprintf("the lesson %q comes later", name), what+" what was read before: change the order, or remove it")
	}
}

// isWordRune reports whether r is part of a word.
func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
