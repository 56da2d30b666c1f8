package lessons

import "course/problem"

// Disagreements x
func (l *Lesson) Disagreements() problem.List { return nil }
