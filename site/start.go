package site

import "course/site/markup"

// betID is that of the element with the bet of the course.
const betID = "bet-start"

// index draws the first page: what the course is, told by the question that it begins with, its lessons, and how to run it.
func (s *Site) index() ([]byte, error) {
	return s.page(document{name: indexName, description: s.course.Summary, class: onItsOwn}, func(w *markup.Writer) error {
		w.Raw(`<div class="find"></div><div class="tools"></div>
<header class="title">
<h1 dir="auto">`)
		w.Text(s.course.Title)
		w.Raw("</h1>\n")
		if s.course.Summary != "" {
			w.Raw(`<p class="lead" dir="auto">`)
			w.Text(s.course.Summary)
			w.Raw("</p>\n")
		}
		w.Raw("</header>\n")
		notice(w, "This course has problems", s.strayProblems())
		if s.course.Bet != nil {
			s.newBet(s.course.Bet, betID, 2).write(w)
		}
		if len(s.pages) == 0 {
			w.Raw("<p>There is no lesson yet.</p>\n")
			return nil
		}
		s.contents(w)
		s.tally(w)
		ownMachine(w)
		return nil
	})
}

// contents writes the list of lessons, and room for how many of them are read.
func (s *Site) contents(w *markup.Writer) {
	w.Raw("<h2>The lessons</h2>\n" + `<ol class="lessons">` + "\n")
	for _, p := range s.pages {
		w.Raw("<li><a")
		w.Attr("href", p.link())
		w.Raw(`><span class="number">`)
		w.Int(p.number)
		w.Raw(`</span><span class="name" dir="auto">`)
		w.Text(p.title())
		w.Raw("</span></a>")
		if p.lesson.Summary != "" {
			w.Raw("\n<p dir=\"auto\">")
			w.Text(p.lesson.Summary)
			w.Raw("</p>")
		}
		w.Raw("</li>\n")
	}
	w.Raw("</ol>\n<div class=\"progress\"></div>\n")
}

// tally writes what came of the claims of all lessons, in the words of course build.
func (s *Site) tally(w *markup.Writer) {
	says := s.report.Verdicts(s.course).String()
	if says == "" {
		return
	}
	w.Raw(`<p class="score">The claims of this course, as the runs shown here judge them: <b>`)
	w.Text(says)
	w.Raw("</b>.")
	if len(s.course.Sources) > 0 {
		w.Raw(` <a href="`, scoreboardName, `">See the scoreboard</a>`)
	}
	w.Raw("</p>\n")
}

// ownMachine writes how a reader gets the figures of another machine, as the README has it.
func ownMachine(w *markup.Writer) {
	w.Raw(`<h2>On your own machine</h2>
<p>With Go 1.26 and git on the machine:</p>
<div class="listing" data-language="sh">
<pre tabindex="0"><code>go install ./cmd/course <span class="c"># in a clone of the tool's repository</span>
course build <span class="c"># in a copy of this course: runs it, and writes this site to public/</span>
course serve <span class="c"># shows it, and follows every edit</span>
</code></pre>
</div>
`)
}
