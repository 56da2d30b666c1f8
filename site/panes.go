package site

import (
	"strconv"
	"strings"

	"course/lessons"
	"course/program"
	"course/quantity"
	"course/runner"
	"course/site/markup"
)

// writePanes writes what a cell printed: at one value of its sweep, the others folded.
func (p *lessonPage) writePanes(w *markup.Writer, c *lessons.Cell, result *runner.Result, shown map[program.Point]*runner.Run, level int) {
	prefix := lessons.CellPrefix + c.ID + "-"
	all := values(c, shown)
	if len(all) > 1 {
		w.Raw(`<p class="part at">`)
		w.Text("With " + sayValue(c, program.Point{Value: all[0]}))
		w.Raw("</p>\n")
	}
	of := "cell " + c.ID
	primary, rest := p.panes(c, result, at(shown, all[0]), prefix)
	group(w, primary, of, level)
	if len(rest) > 0 {
		w.Raw(`<details class="part also"><summary>`)
		w.Text(alsoPrinted(rest))
		w.Raw("</summary>\n")
		group(w, rest, of, level)
		w.Raw("</details>\n")
	}
	for i, value := range all[1:] {
		runs := at(shown, value)
		if len(runs) == 0 {
			continue
		}
		primary, rest := p.panes(c, result, runs, prefix+"value-"+strconv.Itoa(i+1)+"-")
		w.Raw(`<details class="part also"><summary>With `)
		w.Text(sayValue(c, program.Point{Value: value}))
		w.Raw("</summary>\n")
		group(w, append(primary, rest...), of+" with "+sayValue(c, program.Point{Value: value}), level)
		w.Raw("</details>\n")
	}
}

// alsoPrinted says what the panes of modes that are there for comparison hold: "Serial and goroutines printed the same as threads".
func alsoPrinted(panes []pane) string {
	var names []string
	like := panes[0].Like
	for _, n := range panes {
		names = append(names, strings.ToLower(n.Title))
		if n.Like != like {
			like = ""
		}
	}
	all := strings.Join(names, " and ")
	if like != "" {
		return upper(all) + " printed the same as " + like
	}
	return "What " + all + " printed"
}

// group writes panes beside each other, of that cell.
func group(w *markup.Writer, panes []pane, of string, level int) {
	if len(panes) == 0 {
		return
	}
	w.Raw(`<div class="panes">` + "\n")
	for i := range panes {
		panes[i].Of = of
		panes[i].write(w, level)
	}
	w.Raw("</div>\n")
}

func (p *pane) write(w *markup.Writer, level int) {
	one := len(p.Modes) == 1
	w.Raw(`<section class="pane `)
	if one {
		w.Text(p.Modes[0].Mode.Class)
	} else {
		w.Raw("same")
	}
	w.Raw(`"`)
	w.Attr("id", p.ID)
	w.Attr("aria-label", p.Title+", "+p.Of)
	w.Raw(">\n<div class=\"heading\"><span class=\"name\" role=\"heading\"")
	w.AttrInt("aria-level", level)
	w.Raw(">")
	if one {
		w.Add(p.Modes[0].Mode.Swatch)
	}
	w.Text(p.Title)
	w.Raw(`</span><a class="anchor"`)
	w.Attr("href", "#"+p.ID)
	w.Attr("aria-label", "Link to "+p.Title+", "+p.Of)
	w.Raw(">#</a>\n")
	for _, m := range p.Modes {
		m.write(w, !one)
	}
	w.Raw(`</div>` + "\n" + `<div class="body">`)
	p.Printed.write(w, p.Empty, "Output", "More output", "The end of the output")
	if p.Varies != "" {
		w.Raw(`<p class="varying">`)
		w.Text(p.Varies)
		w.Raw("</p>\n")
	}
	if p.Another != nil {
		p.Another.write(w)
	}
	w.Raw("</div>\n</section>\n")
}

// write writes how a run ended, with its mode where that is not said yet.
func (m paneMode) write(w *markup.Writer, named bool) {
	if m.Ended.Words == "" {
		return
	}
	w.Raw(`<span class="ending `)
	w.Text(m.Ended.State)
	w.Raw(" ")
	w.Text(m.Mode.Class)
	w.Raw(`">`)
	if named {
		w.Add(m.Mode.Swatch)
		w.Raw(`<span class="mode">`)
		w.Text(m.Mode.Name)
		w.Raw("</span> ")
	}
	w.Text(m.Ended.String())
	if m.Processes != "" {
		w.Raw(" · ")
		w.Text(strings.ReplaceAll(m.Processes, " ", "\u00a0"))
	}
	w.Raw("</span>\n")
}

// write writes what was printed, under that label; empty stands in its place.
func (p *printed) write(w *markup.Writer, empty, label, more, last string) {
	note := func(says string) {
		if says != "" {
			w.Raw(`<p class="empty">`)
			w.Text(says)
			w.Raw("</p>\n")
		}
	}
	note(empty)
	if len(p.Lines) > 0 {
		p.lines(w, p.Lines, label)
		w.Raw("\n")
	}
	if len(p.More) > 0 {
		w.Raw(`<details class="fold"><summary>`)
		w.Text(quantity.Count(p.Count, "line"))
		w.Raw(" between</summary>")
		p.lines(w, p.More, more)
		w.Raw("</details>\n")
	}
	if len(p.Last) > 0 {
		p.lines(w, p.Last, last)
		w.Raw("\n")
	}
	note(p.Left)
}

func (p *printed) lines(w *markup.Writer, lines []said, label string) {
	w.Raw(`<div class="output`)
	if p.Told {
		w.Raw(" told")
	}
	w.Raw(`" role="group"`)
	w.Attr("aria-label", label)
	w.Raw(` tabindex="0">` + "\n")
	for i := range lines {
		lines[i].write(w)
	}
	w.Raw("</div>")
}

func (s *said) write(w *markup.Writer) {
	if s.Gap != "" {
		w.Raw(`<p class="gap">`)
		w.Text(s.Gap)
		w.Raw("</p>\n")
	}
	w.Raw(`<div class="said`)
	if s.Stderr {
		w.Raw(" stderr")
	}
	w.Raw(`"><span class="by">`)
	if s.Worker != "" {
		w.Raw("<b>")
		w.Text(s.Worker)
		w.Raw("</b>")
	}
	if s.Stderr {
		w.Raw("<i>stderr</i>")
	}
	if s.Pid != 0 {
		w.Raw(`<span class="pid" title="process `)
		w.Int(s.Pid)
		w.Raw(`">`)
		w.Int(s.Pid)
		w.Raw("</span>")
	}
	w.Raw("</span>")
	for i := range s.Text {
		fold := s.Text[i].fold()
		if fold != "" {
			w.Raw(`<details class="calls"><summary>`)
			w.Text(fold)
			w.Raw("</summary>")
		}
		w.Raw("<pre>")
		s.Text[i].write(w)
		w.Raw("</pre>")
		if fold != "" {
			w.Raw("</details>")
		}
	}
	w.Raw("</div>\n")
}

// write writes a second run, folded.
func (a *another) write(w *markup.Writer) {
	w.Raw(`<details class="fold another"><summary>Another run: it `)
	w.Text(a.Ended.String())
	w.Raw("</summary>\n")
	a.Printed.write(w, a.Empty, "Output of another run", "More output of another run", "The end of the output of another run")
	w.Raw("</details>\n")
}
