package site

import (
	"course/problem"
	"course/site/markup"
)

// notice writes a box that says what is wrong, or nothing where nothing is.
func notice(w *markup.Writer, title string, problems problem.List) {
	if len(problems) == 0 {
		return
	}
	w.Raw(`<section class="notice"`)
	w.Attr("aria-label", title)
	w.Raw(`>
<p class="label">`)
	w.Text(title)
	w.Raw("</p>\n<ul>\n")
	for _, p := range problems {
		w.Raw("<li>\n")
		if at := p.Position.String(); at != "" {
			w.Raw(`<code class="at">`)
			w.Text(at)
			w.Raw("</code> ")
		}
		w.Raw(`<span class="message">`)
		w.Text(p.Message)
		w.Raw("</span>\n")
		excerpt(w, p)
		if p.Hint != "" {
			w.Raw(`<p class="hint">`)
			w.Text(p.Hint)
			w.Raw("</p>\n")
		}
		w.Raw("</li>\n")
	}
	w.Raw("</ul>\n</section>\n")
}

// excerpt writes the source line that a problem names, where it names one, with what it is about marked.
func excerpt(w *markup.Writer, p problem.Problem) {
	if p.Source == "" {
		return
	}
	before, marked, after := p.Excerpt()
	w.Raw(`<pre class="excerpt" tabindex="0"><code>`)
	w.Text(before)
	if marked != "" {
		w.Raw("<mark>")
		w.Text(marked)
		w.Raw("</mark>")
	}
	w.Text(after)
	w.Raw("</code></pre>\n")
}
