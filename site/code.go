package site

import (
	"slices"
	"strconv"
	"strings"

	"course/lessons"
	"course/quantity"
	"course/site/markup"
)

// A segment is a stretch of code that is shown, or folded away.
type segment struct {
	Fold     string // what is folded, as its summary; empty where it is shown
	From, To int    // its lines, counted from 0, without To
}

// segments cuts so many lines of code where they are folded: in the given ranges, and from line checked on, which begins the
// output that is checked, unless it is 0.
func segments(lines int, fold []lessons.Lines, checked int) []segment {
	const shown, folded, output = 0, 1, 2
	var cut []segment
	last := shown
	for i := range lines {
		now := shown
		switch {
		case within(fold, i+1):
			now = folded
		case checked > 0 && i+1 >= checked:
			now = output
		}
		if now != last || i == 0 {
			cut = append(cut, segment{From: i})
		}
		last = now
		s := &cut[len(cut)-1]
		s.To = i + 1
		switch now {
		case folded:
			s.Fold = quantity.Count(s.To-s.From, "line") + " of code"
		case output:
			s.Fold = "The output that it must have"
		}
	}
	return cut
}

func within(ranges []lessons.Lines, line int) bool {
	return slices.ContainsFunc(ranges, func(r lessons.Lines) bool { return r.First <= line && line <= r.Last })
}

// Remarks are what is shown of a block of code beside its text.
type remarks struct {
	fence int // the line of the lesson where the block begins
	mark  []lessons.Lines
	notes []lessons.Note
	named map[int]bool // lines of the lesson that links lead to
}

// code writes lines of code in segments, with remarks.
func code(w *markup.Writer, lines []codeLine, cut []segment, of remarks) {
	for _, s := range cut {
		if s.Fold != "" {
			w.Raw(`<details class="fold"><summary>`)
			w.Text(s.Fold)
			w.Raw("</summary>")
		}
		w.Raw(`<pre tabindex="0"><code>`)
		for i := s.From; i < s.To; i++ {
			of.line(w, lines[i], i+1)
		}
		w.Raw("</code></pre>")
		if s.Fold != "" {
			w.Raw("</details>")
		}
		w.Raw("\n")
	}
}

// line writes a line of code, counted from 1, with its end.
func (of *remarks) line(w *markup.Writer, line codeLine, n int) {
	marked, has := within(of.mark, n), len(of.notes) > 0 && of.notes[0].Line == n
	if marked {
		w.Raw("<mark>")
	}
	led := has || of.named[of.fence+n]
	if led {
		w.Raw(`<span class="line"`)
		w.Attr("id", linePrefix+strconv.Itoa(of.fence+n))
		w.Raw(">")
	}
	if has {
		noted(w, line, of.notes[0])
		of.notes = of.notes[1:]
	} else {
		line.write(w)
	}
	if led {
		w.Raw("</span>")
	}
	w.Raw("\n")
	if marked {
		w.Raw("</mark>")
	}
}

// checkedOutput returns the line that begins the comments which say what a cell prints, with the blank
// lines before them, or 0. They are folded, for they tell what is to be found out, and the output follows.
func checkedOutput(c *lessons.Cell) int {
	first := 0
	for _, o := range c.Options.Output {
		if o.Line > 0 && (first == 0 || o.Line < first) {
			first = o.Line
		}
	}
	lines := strings.Split(c.Source, "\n")
	if first == 0 || first > len(lines) {
		return 0
	}
	for first > 1 && strings.TrimSpace(lines[first-2]) == "" {
		first--
	}
	return first
}

// listing writes a block of code that is not run, of which these are the lines.
func listing(w *markup.Writer, l *lessons.Listing, lines []codeLine) {
	w.Raw(`<div class="listing"`)
	if l.Language != "" {
		w.Attr("data-language", l.Language)
	}
	w.Raw(">\n")
	code(w, lines, segments(len(lines), nil, 0), remarks{fence: l.Position.Line, notes: l.Notes})
	w.Raw("</div>\n")
}
