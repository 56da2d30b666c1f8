package lessons

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"course/problem"
	"course/svg"
)

// DrawingsDir is where in a course the drawings of its diagrams are, as course draw writes them.
const DrawingsDir = "diagrams"

// drawnBy is of what drawings are made, beside their sources: a drawer that draws otherwise has another name, and what others have drawn is not used.
const drawnBy = "1"

const maxDiagram = 16 << 10 // bytes of a source

// A Diagram is a mermaid block.
type Diagram struct {
	Position    problem.Position // of its opening fence
	Source      string           // as it stands in the lesson, without what indents it there
	Title       string           // from accTitle, may be empty
	Description string           // from accDescr, may be empty
	Drawing     string           // SVG from its file, as it is there: a stranger may have written it; empty where there is none
	Drawn       bool             // whether Drawing is one that svg.Clean takes
	File        string           // where its drawing is, or would be, in the course: "diagrams/0123456789abcdef.svg"

	code *code
}

// Pos returns where the diagram's fence begins.
func (d *Diagram) Pos() problem.Position { return d.Position }

// Diagrams returns the lesson's diagrams in the order in which they stand there, with those in lists and quotes.
func (l *Lesson) Diagrams() []*Diagram { return l.diagrams }

// DiagramProblem returns a problem of one of the lesson's diagrams on a line of its source, counted from 1; on that of its fence for 0.
func (l *Lesson) DiagramProblem(d *Diagram, line int, message, hint string) problem.Problem {
	at := d.code.at(line, 1)
	return problem.Problem{Position: at, Message: message, Hint: hint, Source: l.sourceLine(at)}
}

// accessible finds what mermaid's own lines for it say of a diagram: accTitle: …, accDescr: … or accDescr { … }. It is as bundle/draw.js of package diagram has it.
var accessible = regexp.MustCompile(`(?m)^[ \t]*acc(Title|Descr)[ \t]*(?::[ \t]*(.*)|\{([^}]*)\})[ \t\r]*$`)

// drawable is how the first line of a diagram that can be drawn reads, as bundle/draw.js of package diagram has it.
var drawable = regexp.MustCompile(`(?i)^(?:(?:graph|flowchart)\s+(?:TD|TB|LR|BT|RL)|stateDiagram(?:-v2)?|sequenceDiagram|classDiagram|erDiagram)$`)

// head finds the first line of a diagram that neither is a comment nor says something to those who cannot see it, and where that begins, from 1: at line 0
// where there is none.
func head(source string) (text string, number, column int) {
	source = accessible.ReplaceAllStringFunc(source, func(said string) string { return strings.Repeat("\n", strings.Count(said, "\n")) })
	for line := range strings.Lines(source) {
		number++
		if text = strings.TrimSpace(line); text != "" && !strings.HasPrefix(text, "%%") {
			return strings.TrimSuffix(text, ";"), number, strings.Index(line, text) + 1
		}
	}
	return "", 0, 0
}

// diagram makes a diagram of a mermaid block. One that nothing can draw is a listing.
func (l *Lesson) diagram(c *code, listing *Listing) Block {
	if len(c.source) > maxDiagram {
		l.report(c.fence, 0, fmt.Sprintf("the diagram is larger than %d KiB", maxDiagram>>10), "draw two")
		return listing
	}
	if first, line, column := head(c.source); !drawable.MatchString(first) {
		message := "this is no kind of diagram that can be drawn"
		if line == 0 {
			message = "there is nothing to draw"
		}
		l.report(c.at(line, column), len(first), message, "begin with one of these: flowchart LR (or TD, BT, RL), sequenceDiagram, stateDiagram-v2, classDiagram, erDiagram")
		return listing
	}
	d := &Diagram{Position: c.fence, Source: c.source, code: c}
	for _, m := range accessible.FindAllStringSubmatch(c.source, -1) {
		said := strings.Join(strings.Fields(m[2]+m[3]), " ")
		if m[1] == "Title" {
			d.Title = said
		} else {
			d.Description = said
		}
	}
	key := sha256.Sum256([]byte(drawnBy + "\n" + c.source))
	d.File = path.Join(DrawingsDir, hex.EncodeToString(key[:8])+".svg")
	l.diagrams = append(l.diagrams, d)
	return d
}

// IsDrawing reports whether a file in DrawingsDir has a name as drawings have.
func IsDrawing(name string) bool {
	stem, ok := strings.CutSuffix(name, ".svg")
	raw, err := hex.DecodeString(stem)
	return ok && err == nil && len(raw) == 8 && stem == strings.ToLower(stem)
}

// drawings reads those of the lesson's diagrams. That there is none is no mistake of a lesson: a page can draw it.
func (l *Lesson) drawings(fsys fs.FS) {
	for _, d := range l.diagrams {
		drawing, _ := dataFile(fsys, d.File)
		l.files[d.File] = drawing
		if len(drawing) <= svg.MaxBytes {
			d.Drawing = drawing
			_, err := svg.Clean([]byte(drawing), "")
			d.Drawn = drawing != "" && err == nil
		}
	}
}

// undrawn reports diagrams of which nobody is told who cannot see them, and those of which there is no drawing, or one that is none.
func (l *Lesson) undrawn() (all problem.List) {
	for _, d := range l.diagrams {
		report := func(message, hint string) {
			all = append(all, l.DiagramProblem(d, 0, message, hint))
		}
		if d.Title == "" {
			report("the diagram has no title", `write it on a line after the first, for those who cannot see it: "accTitle: …"`)
		}
		if d.Description == "" {
			report("the diagram has no description", `write what it shows on a line after the first, for those who cannot see it: "accDescr: …"`)
		}
		switch clean, err := svg.Clean([]byte(d.Drawing), ""); {
		case d.Drawing == "":
			report("there is no drawing of this diagram as it is now: "+d.File, "course draw draws it; until then its page does, and loads for that what is ten times as large as itself")
		case err != nil:
			report(fmt.Sprintf("%s is no drawing: %v", d.File, err), "remove it, and draw it anew: course draw")
		case len(clean.Dropped) > 0:
			report(fmt.Sprintf("%s holds what is no part of a drawing: %s", d.File, strings.Join(clean.Dropped, ", ")), "remove it, and draw it anew: course draw")
		}
	}
	return all
}
