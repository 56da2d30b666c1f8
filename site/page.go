package site

import (
	"bytes"
	"embed"
	"html/template"
	"strings"

	"course/lessons"
	"course/problem"
)

//go:embed templates/*.html
var templateFiles embed.FS

// templates escape whatever they are given for the place where it stands. What is HTML already is a
// template.HTML, which prose.go and highlight.go alone make.
var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"printable":  problem.Printable,
	"excerpt":    excerpt,
	"with_level": func(of any, level int) leveled { return leveled{of, level} },
}).ParseFS(templateFiles, "templates/*.html"))

// excerptParts are the source line that a problem names, with what it is about.
type excerptParts struct{ Before, Marked, After string }

// excerpt returns nil where a problem names no line.
func excerpt(p problem.Problem) *excerptParts {
	if p.Source == "" {
		return nil
	}
	before, marked, after := p.Excerpt()
	return &excerptParts{before, marked, after}
}

// leveled is a part of a page with the level of its heading.
type leveled struct {
	Of    any
	Level int
}

// execute returns what the named template makes of data.
func execute(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// A frame is what all pages have.
type frame struct {
	Title       string // of the document
	Description string
	Course      string
	Lessons     []entry
}

// An entry is a lesson in a list of them.
type entry struct {
	Number         int
	Title, Summary string
	Href           string
	Current        bool
}

func (s *Site) entry(i int) *entry {
	if i < 0 || i >= len(s.pages) {
		return nil
	}
	p := s.pages[i]
	return &entry{Number: p.number, Title: p.title(), Summary: problem.Printable(p.lesson.Summary), Href: p.href}
}

// frame returns the frame of the page of the lesson with that number, or of another page with 0.
func (s *Site) frame(number int, title, description string) frame {
	f := frame{Title: title, Description: description, Course: problem.Printable(s.course.Title)}
	for i := range s.pages {
		e := s.entry(i)
		e.Current = e.Number == number
		f.Lessons = append(f.Lessons, *e)
	}
	return f
}

func (s *Site) index() ([]byte, error) {
	summary := problem.Printable(s.course.Summary)
	return execute("index.html", struct {
		frame
		Summary string
		Notice  *notice
	}{
		s.frame(0, problem.Printable(s.course.Title), summary),
		summary,
		newNotice("This course has problems", s.strayProblems()),
	})
}

func (s *Site) missing() ([]byte, error) {
	return execute("404.html", s.frame(0, "Not here · "+problem.Printable(s.course.Title), ""))
}

// strayProblems returns those that belong to no lesson's page.
func (s *Site) strayProblems() (stray problem.List) {
	for _, p := range s.course.Problems {
		if s.byFile(p.File) == nil {
			stray = append(stray, p)
		}
	}
	return stray
}

func (s *Site) byFile(name string) *lessonPage {
	for _, p := range s.pages {
		if p.lesson.File == name {
			return p
		}
	}
	return nil
}

// A lessonPage draws a lesson.
type lessonPage struct {
	site   *Site
	lesson *lessons.Lesson
	number int
	href   string
}

func (p *lessonPage) title() string {
	if p.lesson.Title == "" {
		return problem.Printable(p.lesson.File)
	}
	return problem.Printable(p.lesson.Title)
}

func (p *lessonPage) draw() ([]byte, error) {
	body, err := p.body()
	if err != nil {
		return nil, err
	}
	summary := problem.Printable(p.lesson.Summary)
	label := ""
	if strings.HasSuffix(strings.TrimSpace(summary), "?") {
		label = "The question"
	}
	return execute("lesson.html", struct {
		frame
		Heading, Summary, SummaryLabel string
		Number, Count                  int
		Notice                         *notice
		Body                           template.HTML
		Previous, Next                 *entry
	}{
		frame:        p.site.frame(p.number, p.title()+" · "+problem.Printable(p.site.course.Title), summary),
		Heading:      p.title(),
		Summary:      summary,
		SummaryLabel: label,
		Number:       p.number,
		Count:        len(p.site.pages),
		Notice:       newNotice("This lesson has problems", p.problems()),
		Body:         body,
		Previous:     p.site.entry(p.number - 2),
		Next:         p.site.entry(p.number),
	})
}

// problems returns those of the lesson, of the course and of its evidence, sorted.
func (p *lessonPage) problems() (found problem.List) {
	seen := make(map[problem.Problem]bool)
	for _, list := range []problem.List{p.site.course.Problems, p.site.report.Problems} {
		for _, q := range list {
			if q.File == p.lesson.File && !seen[q] {
				seen[q] = true
				found = append(found, q)
			}
		}
	}
	found.Sort()
	return found
}

// body draws the lesson's blocks.
func (p *lessonPage) body() (template.HTML, error) {
	var b strings.Builder
	prose := newProse(p)
	for _, block := range p.lesson.Blocks {
		drawn, err := prose.block(block)
		if err != nil {
			return "", err
		}
		b.WriteString(string(drawn))
	}
	return template.HTML(b.String()), nil
}

// A notice is a box that says what is wrong.
type notice struct {
	Title    string
	Problems problem.List
}

// newNotice returns nil where nothing is wrong.
func newNotice(title string, problems problem.List) *notice {
	if len(problems) == 0 {
		return nil
	}
	return &notice{Title: title, Problems: problems}
}
