package lessons

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"course/program"
)

// How a program in Python, which knows no package worker, learns of its mode and its parameters.
const modeInPython = "COURSE_MODE"

var paramInPython = regexp.MustCompile(program.EnvParam + `([A-Za-z0-9_]+)`)

// composePython completes a cell in Python: it stands alone, and is not looked into but for what it asks of its environment.
func (l *Lesson) composePython(c *Cell, r *optionReader) {
	source := c.code.source
	if strings.TrimSpace(source) == "" {
		l.failAt(c.code, c.code.fence, 0, "the cell is empty", "write what it does, or remove it")
		return
	}
	for _, mode := range c.Options.Modes {
		if mode == program.Goroutine {
			a := r.given["modes"]
			r.report(a.offset, a.length, "Python has no goroutines", "leave goroutine out")
		}
	}
	for _, e := range r.expect {
		if e.outcome.Kind == program.NotCompiled {
			r.report(e.item.offset, e.item.length, "a cell in Python is not compiled", "expect=exit=1 is what an exception comes to, one of syntax as well")
		}
	}
	r.finish(true, strings.Contains(source, modeInPython), l.wanted(c))
	var reads []string
	for _, m := range paramInPython.FindAllStringSubmatch(source, -1) {
		reads = append(reads, m[1])
	}
	r.finishParameters(reads, func(name string) string {
		return fmt.Sprintf("read it with os.environ[%q], or leave it out", program.EnvParam+name)
	})
	l.outputsInPython(c)
	if !c.code.failed {
		c.program = source
	}
}

// outputsInPython reads the comments with which a cell ends.
func (l *Lesson) outputsInPython(c *Cell) {
	lines := strings.Split(c.code.source, "\n")
	first := len(lines)
	for i, line := range slices.Backward(lines) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			break
		}
		first = i
	}
	o := newOutputReader(l, c)
	for i, line := range lines[first:] {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "#"); ok {
			o.line(first+i+1, text)
		} else {
			o.close()
		}
	}
	o.close()
	o.finish()
}
