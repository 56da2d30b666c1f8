package site

import (
	"slices"
	"strings"

	"course/evidence"
	"course/lessons"
	"course/runner/machine"
	"course/site/markup"
)

// value writes an inline value. What it is and how sure stands in its title, and in the list at the page's end, to whose row it has the key.
func (r *prose) value(w *markup.Writer, v *lessons.Value) {
	known := r.page.site.report.Values[v.Position]
	w.Raw(`<span class="val`)
	if !known.Known {
		w.Raw(" missing")
	}
	if known.Recorded {
		w.Raw(" recorded")
	}
	w.Raw(`"`)
	w.Attr("title", valueTitle(v, known))
	w.AttrInt("data-row", r.row(v))
	w.Raw(">")
	w.Text(valueText(known))
	w.Raw("</span>")
}

func valueText(v evidence.Value) string {
	if v.Text == "" && !v.Known {
		return "not measured"
	}
	return v.Text
}

// valueTitle says what a value is and how sure, and where it was measured.
func valueTitle(v *lessons.Value, known evidence.Value) string {
	title := known.Title
	if title == "" {
		title = v.Text
	}
	if on := valueMachine(known); on != "" {
		title += "; " + strings.TrimPrefix(on, recordedOn)
	}
	return title
}

const recordedOn = "recorded: "

// valueMachine says where a value was measured; nothing where it rests on no measurement.
func valueMachine(v evidence.Value) string {
	if v.Runs == 0 {
		return ""
	}
	on := "on several machines"
	if v.Machine != (machine.Machine{}) {
		on = strings.Join(machineParts(v.Machine), ", ")
	}
	if v.Recorded {
		return recordedOn + on
	}
	return on
}

// row returns the number of the row in the list of values that a value has, from 1: what is written alike has one row.
func (r *prose) row(v *lessons.Value) int {
	i := slices.IndexFunc(r.values, func(have *lessons.Value) bool { return have.Text == v.Text })
	if i < 0 {
		i = len(r.values)
		r.values = append(r.values, v)
	}
	return i + 1
}

// valueList writes the values of the page, folded, with all that is known of them: for a keyboard, a screen reader and paper.
func (r *prose) valueList(w *markup.Writer) {
	if len(r.values) == 0 {
		return
	}
	w.Raw(`<details class="values" id="values"><summary>Values on this page</summary>
<div class="wide" role="region" aria-label="Values on this page" tabindex="0"><table>
<thead><tr><th scope="col">Value</th><th scope="col">What</th><th scope="col">95 % interval</th><th scope="col">Runs</th><th scope="col">Where</th></tr></thead>
<tbody>
`)
	for i, v := range r.values {
		known := r.page.site.report.Values[v.Position]
		w.Raw("<tr")
		w.Raw(` id="value-`)
		w.Int(i + 1)
		w.Raw(`"><th scope="row">`)
		w.Text(valueText(known))
		w.Raw("</th><td>")
		if known.Says != "" {
			w.Text(known.Says)
			w.Raw("<br>")
		}
		w.Raw("<code>")
		w.Text(v.Text)
		w.Raw("</code>")
		for _, id := range known.Programs {
			w.Raw(" ")
			r.page.programLink(w, id)
		}
		w.Raw("</td><td>")
		w.Text(known.Interval)
		w.Raw("</td><td>")
		if known.Runs > 0 {
			w.Int(known.Runs)
		}
		w.Raw("</td><td>")
		r.page.site.machineLink(w, known.Machine, valueMachine(known))
		w.Raw("</td></tr>\n")
	}
	w.Raw("</tbody></table></div>\n</details>\n")
}
