package site

import (
	"course/lessons"
	"course/quantity"
	"course/site/markup"

	"github.com/yuin/goldmark/ast"
)

// recall writes questions on what earlier lessons have told as one line, within which each question folds its answer away.
func (r *prose) recall(w *markup.Writer, recall *lessons.Recall) error {
	w.Raw(`<details class="recall"><summary>Recall: `)
	w.Text(quantity.Count(len(recall.Questions), "question"))
	w.Raw(" from earlier lessons</summary>\n<ol>\n")
	for _, q := range recall.Questions {
		w.Raw("<li><details><summary>")
		if err := r.phrase(w, q.Asks); err != nil {
			return err
		}
		w.Raw("</summary>\n")
		if err := r.block(w, q.Answer); err != nil {
			return err
		}
		if from := r.page.site.byName(q.From); from != nil {
			w.Raw(`<p class="from">From <a`)
			w.Attr("href", from.link())
			w.Raw(">")
			w.Text(from.title())
			w.Raw("</a></p>\n")
		}
		w.Raw("</details></li>\n")
	}
	w.Raw("</ol>\n</details>\n")
	return nil
}

// phrase writes what is in a paragraph, where no paragraph can stand.
func (r *prose) phrase(w *markup.Writer, p *lessons.Prose) error {
	var within []ast.Node
	for n := p.Node.FirstChild(); n != nil; n = n.NextSibling() {
		within = append(within, n)
	}
	return r.nodes(w, p, within...)
}

// needs writes which lessons a reader should have read before this one.
func (p *lessonPage) needs(w *markup.Writer) {
	var all []*lessonPage
	for _, name := range p.lesson.Needs {
		if needed := p.site.byName(name); needed != nil && needed != p {
			all = append(all, needed)
		}
	}
	for i, needed := range all {
		switch i {
		case 0:
			w.Raw(`<p class="needs">You should have read `)
		case len(all) - 1:
			w.Raw(" and ")
		default:
			w.Raw(", ")
		}
		w.Raw("<a")
		w.Attr("href", needed.link())
		w.Raw(">")
		w.Text(needed.title())
		w.Raw("</a>")
	}
	if len(all) > 0 {
		w.Raw(".</p>\n")
	}
}

// byName returns the page of the lesson with that name, or nil.
func (s *Site) byName(name string) *lessonPage {
	for _, p := range s.pages {
		if p.lesson.Name == name {
			return p
		}
	}
	return nil
}
