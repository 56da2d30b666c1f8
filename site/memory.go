package site

import (
	"fmt"

	"course/evidence"
	"course/lessons"
	"course/quantity"
	"course/runner"
)

// A memory shows how much memory a program took in each mode.
type memory struct {
	Rows    []memoryRow // none where nobody could look
	AtLeast string      // what it means that some took at least so much; empty where it is known of all
	Open    bool
}

type memoryRow struct {
	Mode                    look
	PSS, PageTables, Stacks string
}

// newMemory returns how much memory each mode of a cell took, or nil where that is not to be shown: a lesson that does not ask for it shows
// what is known of all modes.
func newMemory(c *lessons.Cell, result *runner.Result) *memory {
	if result == nil || !c.Options.Measure || !c.Show.Memory && c.Show != (lessons.Show{}) {
		return nil
	}
	m, known := &memory{}, false
	for _, mode := range modesOf(c, result) {
		weighed := evidence.Weighed(*result, mode)
		switch {
		case weighed == nil && c.Show.Memory:
			m.Rows = append(m.Rows, memoryRow{Mode: lookOf(mode), PSS: "not known"})
			continue
		case weighed == nil, !weighed.Sure() && !c.Show.Memory:
			return nil
		}
		known = true
		m.Rows = append(m.Rows, memoryRow{lookOf(mode), sayMemory(weighed), quantity.Bytes(weighed.PageTables), quantity.Bytes(weighed.Stacks)})
		if !weighed.Sure() {
			m.AtLeast = fmt.Sprintf("At least: the run was over after fewer than %d looks, and may have taken more between them", runner.SureLooks)
		}
	}
	if !known {
		m.Rows = nil
	}
	return m
}

// sayMemory writes the proportional set size, and that it is a lower bound where it is one. Of nil it writes nothing.
func sayMemory(m *runner.Memory) string {
	switch {
	case m == nil:
		return ""
	case !m.Sure():
		return "at least " + quantity.Bytes(m.PSS)
	}
	return quantity.Bytes(m.PSS)
}
