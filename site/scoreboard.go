package site

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"course/evidence"
	"course/lessons"
	"course/quantity"
	"course/site/markup"
)

const (
	scoreboardName = lessons.ScoreboardPage
	rowPrefix      = lessons.RowPrefix
)

// systems are those of the scoreboard, in the order of its columns.
var systems = [...]lessons.System{lessons.OnGo, lessons.OnOneSlot, lessons.OnCPython}

// scoreboard draws the page of all that others say: where the course treats it, and what came of it.
func (s *Site) scoreboard() ([]byte, error) {
	const summary = "What others say, where this course treats it, and what was measured."
	return s.page(document{name: scoreboardName, title: "Scoreboard", description: summary}, func(w *markup.Writer) error {
		w.Raw(`<div class="scoreboard">
<h1>Scoreboard</h1>
<p class="crux">`, summary, "</p>\n")
		s.score(w)
		group := ""
		for i, row := range s.report.Rows {
			if i == 0 || row.Source.Group != group {
				if i > 0 {
					w.Raw("</tbody></table></div>\n")
				}
				group = row.Source.Group
				rowsHead(w, group)
			}
			s.row(w, row)
		}
		if len(s.report.Rows) > 0 {
			w.Raw("</tbody></table></div>\n")
		}
		w.Raw(`<p class="machine">The same as data: <a href="`, scoreboardData, `">`, scoreboardData, "</a>.</p>\n</div>\n")
		return nil
	})
}

// score writes how many rows are treated, and for each system what came of those that claims of it are about.
func (s *Site) score(w *markup.Writer) {
	treated := 0
	verdicts := make(map[lessons.System]map[lessons.Verdict]int)
	for _, row := range s.report.Rows {
		if len(row.Standings) > 0 || len(row.Source.Where) > 0 {
			treated++
		}
		for _, st := range row.Standings {
			if verdicts[st.System] == nil {
				verdicts[st.System] = make(map[lessons.Verdict]int)
			}
			verdicts[st.System][st.Verdict]++
		}
	}
	w.Raw(`<div class="score"><p>`)
	w.Text(strconv.Itoa(treated) + " of " + quantity.Count(len(s.report.Rows), "row") + " are treated.")
	w.Raw("</p>\n")
	bySystem(w, verdicts)
	w.Raw("</div>\n")
}

// bySystem writes for each system that rows are about how many, and what came of them.
func bySystem(w *markup.Writer, verdicts map[lessons.System]map[lessons.Verdict]int) {
	some := false
	for _, of := range systems {
		var says []string
		rows := 0
		for _, v := range []lessons.Verdict{lessons.Holds, lessons.Partly, lessons.DoesNotHold, lessons.Undecided, lessons.NotJudged} {
			if n := verdicts[of][v]; n > 0 {
				says = append(says, string(v)+": "+strconv.Itoa(n))
				rows += n
			}
		}
		if rows == 0 {
			continue
		}
		if !some {
			w.Raw("<ul>\n")
			some = true
		}
		w.Raw("<li><b>")
		w.Text(systemNames[of])
		w.Raw("</b>, ")
		w.Text(quantity.Count(rows, "row") + " · " + strings.Join(says, " · "))
		w.Raw("</li>\n")
	}
	if some {
		w.Raw("</ul>\n")
	}
}

func rowsHead(w *markup.Writer, group string) {
	w.Raw("<h2>")
	w.Text(upper(group))
	w.Raw(`</h2>
<div class="rows"><table>
<thead><tr><th scope="col">Id</th><th scope="col">What they say</th>`)
	for _, of := range systems {
		w.Raw(`<th scope="col">`)
		w.Text(systemNames[of])
		w.Raw("</th>")
	}
	w.Raw("</tr></thead>\n<tbody role=\"rowgroup\">\n")
}

// row writes a source with where the course treats it. The roles stay where a small screen shows the table as blocks.
func (s *Site) row(w *markup.Writer, row evidence.Row) {
	src := row.Source
	w.Raw(`<tr`)
	w.Attr("id", rowPrefix+src.ID)
	w.Raw(`><th scope="row"><a`)
	w.Attr("href", "#"+url.PathEscape(rowPrefix+src.ID))
	w.Raw(">")
	w.Text(src.ID)
	w.Raw(`</a></th><td class="what">`)
	w.Text(oneLine(src.Says))
	for i, where := range src.Where {
		if i == 0 {
			w.Raw(`<br><span class="where">See `)
		} else {
			w.Raw(", ")
		}
		s.where(w, where)
		if i == len(src.Where)-1 {
			w.Raw("</span>")
		}
	}
	if len(row.Standings) == 0 && len(src.Where) == 0 {
		w.Raw(`<br><span class="where">Not treated yet</span>`)
	}
	w.Raw("</td>")
	for _, of := range systems {
		s.standing(w, row, of)
	}
	w.Raw("</tr>\n")
}

// standing writes what came of a source on one system, with links to the claims that it comes from.
func (s *Site) standing(w *markup.Writer, row evidence.Row, system lessons.System) {
	i := slices.IndexFunc(row.Standings, func(st evidence.Standing) bool { return st.System == system })
	if i < 0 {
		w.Raw(`<td class="none">–</td>`)
		return
	}
	st := row.Standings[i]
	look := lookOfVerdict(st.Verdict)
	w.Raw(`<td class="standing `)
	w.Text(look.class)
	w.Raw(`"><span class="on">`)
	w.Text(systemNames[system])
	w.Raw(`: </span><span class="sign" aria-hidden="true">`)
	w.Text(look.sign)
	w.Raw(`</span> <span class="word">`)
	w.Text(string(st.Verdict))
	w.Raw("</span>")
	for _, j := range st.Judgments {
		w.Raw(`<br>`)
		if href := s.claimLink(j.Lesson+"/"+j.Claim.ID, nil); href != "" {
			w.Raw(`<a class="where"`)
			w.Attr("href", href)
			w.Raw(">")
			w.Text(s.lessonTitle(j.Lesson))
			w.Raw("</a>")
		}
		if j.Recorded {
			w.Raw(` <span class="recorded">recorded</span>`)
		}
	}
	w.Raw("</td>")
}

// where writes a link of a source to where the course treats it, "01-start.md#cell".
func (s *Site) where(w *markup.Writer, destination string) {
	file, _, _ := strings.Cut(destination, "#")
	p := s.byFile(file)
	if p == nil {
		w.Text(destination)
		return
	}
	w.Raw("<a")
	w.Attr("href", s.whereHref(destination))
	w.Raw(">")
	w.Text(p.title())
	w.Raw("</a>")
}

// whereHref returns the address of such a place, relative to the site's pages; of none that there is, it is as it was.
func (s *Site) whereHref(destination string) string {
	file, fragment, _ := strings.Cut(destination, "#")
	p := s.byFile(file)
	if p == nil {
		return destination
	}
	if id, ok := p.lesson.Anchors().Find(fragment); ok && id != "" {
		return p.link() + "#" + url.PathEscape(id)
	}
	return p.link()
}

func (s *Site) lessonTitle(name string) string {
	for _, p := range s.pages {
		if p.lesson.Name == name {
			return p.title()
		}
	}
	return name
}

// rowsOf returns the ids of the sources whose rows a claim is in.
func (s *Site) rowsOf(j *evidence.Judgment) (ids []string) {
	for _, row := range s.report.Rows {
		stands := func(st evidence.Standing) bool {
			return slices.ContainsFunc(st.Judgments, func(of *evidence.Judgment) bool { return of.ID == j.ID })
		}
		if slices.Contains(j.Claim.From, row.Source.ID) || slices.ContainsFunc(row.Standings, stands) { // else its parts may stand in its place
			ids = append(ids, row.Source.ID)
		}
	}
	return ids
}
