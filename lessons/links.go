package lessons

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"course/problem"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// lessonLink is a link to a file of the course or a page of its site, or to a part of it. Whether it is there is seen when all lessons are.
type lessonLink struct {
	at       problem.Position
	to       string // the file, from the course's directory
	fragment string // names the part, as far as there is one
}

// schemes are those that a link may have; goldmark makes a link of a bare ftp address, which is none here.
var schemes = []string{"http", "https", "mailto"}

// again reports whether n, a link or an image, stands for a reference that one of its kind has named before.
// What is wrong with a reference is told once, at its first use: it is mended once, too.
func (l *Lesson) again(n ast.Node, reference *ast.ReferenceLink, destination []byte) bool {
	if reference == nil {
		return false
	}
	key := n.Kind().String() + " " + string(destination)
	defer func() { l.referred[key] = true }()
	return l.referred[key]
}

// link reports a destination that the site would not link to, and keeps those that are lessons.
func (l *Lesson) link(n *ast.Link) {
	if l.again(n, n.Reference, n.Destination) {
		return
	}
	l.linkTo(l.at(position(n)), resolved(n.Destination))
}

func (l *Lesson) linkTo(at problem.Position, to string) {
	if !l.allowed(at, to) {
		return
	}
	u, err := url.Parse(to)
	switch {
	case err != nil || u.Host == "" && strings.HasPrefix(u.Scheme, "http"):
		l.report(at, 0, excerpt(to)+" is no address", "write all of it, such as https://go.dev")
	case u.Scheme != "":
	case u.Host != "":
		l.report(at, 0, excerpt(to)+" is an address without a scheme", "write https: before it")
	case path.IsAbs(u.Path):
		l.report(at, 0, excerpt(to)+" leads out of the course", "a site may lie below any path: name the file by its path from the lesson, without the slash")
	case u.Path == "":
		l.links = append(l.links, lessonLink{at, l.File, u.Fragment})
	case isImageFile(u.Path): // so it is on the site, too
		l.showImage(at, to, true)
	default:
		l.links = append(l.links, lessonLink{at, path.Join(path.Dir(l.File), u.Path), u.Fragment})
	}
}

// allowed reports a destination with a scheme that could run code, or that browsers do not know.
func (l *Lesson) allowed(at problem.Position, destination string) bool {
	s := scheme(destination)
	if s == "" || slices.Contains(schemes, s) {
		return true
	}
	l.report(at, 0, fmt.Sprintf("a link with the scheme %q is not allowed", excerpt(s)), "links have http, https or mailto, or none; if this is code, put it between backticks")
	return false
}

// resolved returns what a destination in Markdown means: "javascript&colon;" is a scheme, too.
func resolved(destination []byte) string {
	return strings.TrimSpace(string(util.URLEscape(destination, true)))
}

// scheme returns what stands before the first colon of a destination, in lower case, or "" where it is
// relative. What is no scheme by RFC 3986 counts as well: browsers leave out some characters before they look.
func scheme(destination string) string {
	s, _, ok := strings.Cut(destination, ":")
	if !ok || strings.ContainsAny(s, "/?#") {
		return ""
	}
	return strings.ToLower(s)
}

// checkTarget reports that there is no lesson in that file, or that it has no such part.
func (c *Course) checkTarget(file, fragment string, report func(message, hint string)) {
	if to := c.filed[file]; to != nil {
		to.checkFragment(fragment, report)
		return
	}
	report("there is no lesson "+excerpt(file), hintAmong(file, c.lessonFiles()))
}

func (c *Course) lessonFiles() (files []string) {
	for _, l := range c.Lessons {
		files = append(files, l.File)
	}
	return files
}

// checkFragment reports that the lesson has no such part.
func (l *Lesson) checkFragment(fragment string, report func(message, hint string)) {
	if fragment == "" || l.cut || l.document == nil { // nobody knows what it has
		return
	}
	anchors := l.Anchors()
	if _, ok := anchors.Find(fragment); !ok {
		report(fmt.Sprintf("%s has no heading, cell or claim %s", l.File, excerpt(fragment)), hintAmong(fragment, anchors.names))
	}
}

// hintAmong says what is nearest to a name of any length among names, which may be many or none.
func hintAmong(name string, names []string) string {
	const (
		longestName = 255 // of a file, on most systems; longer ones are near to none
		most        = 20  // that a hint lists
	)
	near := ""
	if len(name) <= longestName {
		near = problem.Nearest(name, names)
	}
	switch {
	case near != "":
		return fmt.Sprintf("did you mean %q?", near)
	case len(names) > most:
		return problem.HintOneOf(append(slices.Clone(names[:most]), "…"))
	case len(names) > 0:
		return problem.HintOneOf(names)
	}
	return ""
}

// report reports what is wrong with l, and is not seen before all lessons are there.
func (c *Course) report(l *Lesson, at problem.Position, length int, message, hint string) {
	c.Problems = append(c.Problems, problem.Problem{Position: at, Length: length, Message: message, Hint: hint, Source: l.sourceLine(at)})
}
