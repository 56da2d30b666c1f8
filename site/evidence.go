package site

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"course/evidence"
	"course/formula"
	"course/lessons"
	"course/quantity"
	"course/site/markup"
)

// evidence writes, folded, how the verdict on a claim is known.
func (r *prose) evidence(w *markup.Writer, j *evidence.Judgment) {
	rows := r.page.site.rowsOf(j)
	if len(j.Comparisons) == 0 && len(rows) == 0 {
		return
	}
	w.Raw(`<details class="known"><summary>How we know</summary>` + "\n")
	if len(j.Comparisons) > 0 {
		w.Raw("<ul>\n")
		for _, c := range j.Comparisons {
			comparison(w, c, j)
		}
		w.Raw("</ul>\n")
		r.measured(w, j)
		r.rules(w, j)
	}
	r.circumstances(w, j)
	if len(rows) > 0 {
		w.Raw("<p>")
		w.Text(plural(len(rows), "Row ", "Rows "))
		for i, id := range rows {
			if i > 0 {
				w.Raw(", ")
			}
			w.Raw("<a")
			w.Attr("href", scoreboardName+"#"+url.PathEscape(rowPrefix+id))
			w.Raw(">")
			w.Text(id)
			w.Raw("</a>")
		}
		w.Raw(" of the scoreboard.</p>\n")
	}
	w.Raw("</details>\n")
}

func plural(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return several
}

// comparison writes a comparison of j as it was measured, and what was fixed before. Of several each has its verdict, with the reasons that j does not have.
func comparison(w *markup.Writer, c evidence.Comparison, j *evidence.Judgment) {
	w.Raw("<li><code>")
	w.Text(c.Text)
	w.Raw("</code>: ")
	switch {
	case !c.Known:
		w.Raw("not measured")
	case c.Counted:
		w.Text("true of " + strconv.Itoa(int(math.Round(c.Effect*float64(c.Runs)))) + " of " + quantity.Count(c.Runs, "run"))
	default:
		if c.Ratio {
			w.Text(ratioOf(c) + " is ")
		}
		value, low, high := evidence.Words(c.Unit, c.Effect, c.Low, c.High)
		w.Text(value)
		if c.Ratio && c.Effect > 0 && c.Effect < 1 && c.Low > 0 { // as the sentence has it
			inverse, _, _ := evidence.Words(formula.Number, 1/c.Effect, 1/c.High, 1/c.Low)
			w.Text(" (1 ÷ " + inverse + ")")
		}
		w.Text(", 95 % interval " + low + " to " + high)
	}
	w.Raw(". ")
	if c.Known {
		w.Raw("Fixed beforehand: ")
		w.Text(threshold(c) + ". ")
	}
	switch {
	case c.Why != "" && j.Why == "":
		w.Text(upper(saysVerdict(c.Verdict)) + ": " + c.Why + ". ")
	case len(j.Comparisons) > 1:
		w.Text(upper(saysVerdict(c.Verdict)) + ". ")
	}
	w.Raw("</li>\n")
}

// ratioOf names the ratio that is the effect of a comparison.
func ratioOf(c evidence.Comparison) string {
	if _, _, ok := fraction(c); !ok {
		return "the ratio"
	}
	if c.Op == formula.Less || c.Op == formula.AtMost {
		return c.Right.String() + " ÷ " + c.Left.String()
	}
	return c.Left.String() + " ÷ " + c.Right.String()
}

// threshold says what an interval has to reach for the comparison to hold.
func threshold(c evidence.Comparison) string {
	least := evidence.Exact(c.Unit, c.Threshold)
	switch {
	case c.Counted:
		return "it has to be so in all runs"
	case c.Ratio && c.Op == formula.Equal:
		return "it holds where the interval lies wholly within " + evidence.Say(formula.Number, 1/c.Threshold) + " to " + least
	case c.Ratio && c.Op == formula.Different:
		return "it holds where the interval lies wholly outside of " + evidence.Say(formula.Number, 1/c.Threshold) + " to " + least
	case c.Ratio:
		return "the whole interval has to lie above " + least
	case c.Op == formula.Less, c.Op == formula.AtMost:
		return "the whole interval has to lie below " + least
	}
	return "the whole interval has to lie above " + least
}

// measured writes what the comparisons of a claim rest on, each measurement once.
func (r *prose) measured(w *markup.Writer, j *evidence.Judgment) {
	var all []evidence.Measured
	for _, c := range j.Comparisons {
		for _, m := range c.Of {
			if !slices.ContainsFunc(all, func(n evidence.Measured) bool { return n.Series == m.Series }) {
				all = append(all, m)
			}
		}
	}
	if len(all) == 0 {
		return
	}
	w.Raw(`<div class="wide" role="group" aria-label="What it rests on" tabindex="0"><table class="figures">
<thead><tr><th scope="col">What</th><th scope="col">Median</th><th scope="col">95 % interval</th><th scope="col">Runs</th></tr></thead>
<tbody>
`)
	for _, m := range all {
		w.Raw(`<tr><th scope="row">`)
		r.page.programLink(w, m.Series.Program)
		if c := r.page.site.cells[m.Series.Program]; c != nil {
			w.Text(" " + c.Options.Named(m.Series.Point))
		}
		w.Text(": " + metricName(m.Series.Metric))
		w.Raw("</th>")
		if m.Runs == 0 {
			w.Raw(`<td>not measured</td><td></td><td>0</td></tr>` + "\n")
			continue
		}
		w.Raw("<td>")
		if m.AtLeast {
			w.Raw("at least ")
		}
		median, low, high := evidence.Words(m.Unit, m.Median, m.Low, m.High)
		w.Text(median)
		w.Raw("</td><td>")
		w.Text(low + " to " + high)
		if !m.Covers {
			w.Raw(" (least to greatest)")
		}
		w.Raw("</td><td>")
		w.Int(m.Runs)
		w.Raw("</td></tr>\n")
	}
	w.Raw("</tbody></table></div>\n")
}

// metricName is what people call a metric.
func metricName(metric string) string {
	switch metric {
	case "wall", "user", "system":
		return metric + " time"
	case "cpu":
		return "processor time"
	case "switches":
		return "context switches"
	case "startup":
		return "time to start"
	case "overlap":
		return "share of the time in which they ran at once"
	}
	return metric
}

// rules writes how often the programs of a claim were to run, and what ended that, each rule once.
func (r *prose) rules(w *markup.Writer, j *evidence.Judgment) {
	var all []string
	for _, c := range j.Comparisons {
		for _, m := range c.Of {
			if says := rule(r.page.site.results[m.Series.Program]); says != "" && !slices.Contains(all, says) {
				all = append(all, says)
			}
		}
	}
	for _, says := range all {
		w.Raw("<p>Runs, fixed beforehand: ")
		w.Text(says)
		w.Raw(".</p>\n")
	}
}

// circumstances writes where the results of a claim are from.
func (r *prose) circumstances(w *markup.Writer, j *evidence.Judgment) {
	says := ""
	if j.Machine != nil {
		says = strings.Join(append(machineParts(*j.Machine), j.Python...), " · ")
	} else if len(j.Comparisons) > 0 {
		says = "on several machines"
	}
	if j.Recorded {
		says = "recorded, not measured for this page: " + says
	}
	if says != "" {
		w.Raw("<p>")
		w.Text(upper(says))
		w.Raw(".</p>\n")
	}
}

// programLink writes the name of a cell as a link to it, where the site has it.
func (p *lessonPage) programLink(w *markup.Writer, id string) {
	lesson, cell, _ := strings.Cut(id, "/")
	c := p.site.cells[id]
	if c == nil {
		w.Text(id)
		return
	}
	href := "#" + lessons.CellPrefix + c.ID
	if lesson != p.lesson.Name {
		for _, other := range p.site.pages {
			if other.lesson.Name == lesson {
				href = other.link() + href
			}
		}
	}
	w.Raw("<a")
	w.Attr("href", href)
	w.Raw(">")
	w.Text(cell)
	w.Raw("</a>")
}
