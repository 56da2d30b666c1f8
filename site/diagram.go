package site

import (
	"slices"
	"strconv"
	"strings"

	"course/diagram"
	"course/lessons"
	"course/site/markup"
	"course/svg"
)

const (
	drawerName    = "assets/diagrams.js" // script/18-diagrams.js loads it
	diagramPrefix = "diagram-"           // before the number of a diagram in its lesson
)

// addDrawer adds the script that draws diagrams, of a course where one has no drawing.
func (s *Site) addDrawer() {
	for _, l := range s.course.Lessons {
		for _, d := range l.Diagrams() {
			if !d.Drawn {
				s.add(drawerName, diagram.Script)
				return
			}
		}
	}
}

// cleanDrawing returns what is harmless of a diagram's drawing, or nil where there is none.
func cleanDrawing(d *lessons.Diagram, prefix string) []byte {
	if !d.Drawn {
		return nil
	}
	clean, err := svg.Clean([]byte(d.Drawing), prefix)
	if err != nil {
		return nil
	}
	return clean.SVG
}

// diagram writes a diagram: its drawing, its title, and its source. Where a script has yet to draw it there is a frame for that, whose size is known before,
// so that nothing moves, and the source stays unfolded.
func (p *lessonPage) diagram(w *markup.Writer, d *lessons.Diagram) {
	id := diagramPrefix + strconv.Itoa(slices.Index(p.lesson.Diagrams(), d)+1)
	picture := cleanDrawing(d, id+"-")
	w.Raw(`<figure class="diagram`)
	if picture == nil {
		w.Raw(" undrawn")
	}
	w.Raw(`"`)
	w.Attr("id", id)
	w.Raw(">\n")
	if d.Title != "" {
		w.Raw("<figcaption>")
		w.Text(d.Title)
		w.Raw("</figcaption>\n")
	}
	w.Raw(`<div class="drawing`)
	if picture == nil {
		w.Raw(" framed")
	}
	w.Raw(`" role="group" tabindex="0"`)
	w.Attr("aria-label", diagramLabel(d))
	w.Raw(">")
	w.Trusted(picture)
	w.Raw("</div>\n")
	w.Raw(`<details class="data"`)
	if picture == nil {
		w.Raw(" open")
	}
	w.Raw("><summary>The diagram in words</summary>\n")
	if d.Description != "" {
		w.Raw(`<p class="says">`)
		w.Text(d.Description)
		w.Raw("</p>\n")
	}
	w.Raw(`<pre tabindex="0"><code>`)
	for line := range strings.SplitSeq(strings.TrimSuffix(d.Source, "\n"), "\n") {
		w.Text(line)
		w.Raw("\n")
	}
	w.Raw("</code></pre>\n</details>\n</figure>\n")
}

func diagramLabel(d *lessons.Diagram) string {
	if d.Title == "" {
		return "Diagram"
	}
	return "Diagram: " + d.Title
}
