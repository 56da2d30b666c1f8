package course

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"course/diagram"
	"course/lessons"
	"course/svg"
)

// Drawn is what Draw has done.
type Drawn struct {
	Diagrams int      `json:"diagrams"`          // of the course
	Missing  int      `json:"missing,omitempty"` // of them, those that cannot be drawn: of each there is a problem
	Changed  []string `json:"changed,omitempty"` // files that were written or removed, below the course's directory, sorted
}

// Draw draws the diagrams of lessons that have no drawing, and writes it beside the lessons in dir, the directory that Source reads. Drawings of what is
// no longer in a lesson are removed. What is wrong with the course, and with its diagrams, is told by the problems of the Snapshot. An error is ctx's or
// the system's.
func (c Config) Draw(ctx context.Context, dir string) (*Snapshot, Drawn, error) {
	var done Drawn
	course, err := lessons.Load(c.Source, nil)
	if err != nil {
		return nil, done, fmt.Errorf("load course: %w", err)
	}
	s := &Snapshot{Course: course, Problems: slices.Clone(course.Problems)}
	files := make(map[string][]byte)
	var drawer *diagram.Drawer // it takes a second to start
	for _, l := range course.Lessons {
		for _, d := range l.Diagrams() {
			done.Diagrams++
			if clean, err := svg.Clean([]byte(d.Drawing), ""); err == nil && len(clean.Dropped) == 0 {
				files[d.File] = []byte(d.Drawing)
				continue
			}
			if drawer == nil {
				if drawer, err = diagram.New(); err != nil {
					return nil, done, err
				}
			}
			drawn, err := drawer.Draw(ctx, d.Source)
			if mistake := (*diagram.Mistake)(nil); errors.As(err, &mistake) {
				done.Missing++
				s.Problems = append(s.Problems, l.DiagramProblem(d, mistake.Line, "the diagram cannot be drawn: "+mistake.Message, "docs/lessons.md says what can be"))
				continue
			}
			if err != nil {
				return nil, done, fmt.Errorf("draw the diagram at %s: %w", d.Position, err)
			}
			files[d.File] = drawn
		}
	}
	s.Problems.Sort()
	ours := func(name string, _ []byte) bool { return lessons.IsDrawing(name) }
	if done.Changed, err = writeBeside(dir, lessons.DrawingsDir, files, ours); err != nil {
		return nil, done, fmt.Errorf("write drawings: %w", err)
	}
	return s, done, nil
}
