package lessons

import (
	"slices"

	"course/problem"
)

// A Recall asks for what earlier lessons have told: a fenced recall block, in YAML.
type Recall struct {
	Position  problem.Position // of its opening fence
	Questions []Question       // at least one
}

// A Question is one of a Recall.
type Question struct {
	Asks, Answer *Prose // a paragraph each
	From         string // the name of the lesson that has told it; empty where nothing is said

	fromAt problem.Position
}

// Pos returns where the block begins.
func (r *Recall) Pos() problem.Position { return r.Position }

// Recalls returns the lesson's recall blocks, with those in lists and quotes, in no order.
func (l *Lesson) Recalls() []*Recall { return slices.Clone(l.recalls) }

// recall reads a recall block. What has no question that can be read is shown as it is written.
func (l *Lesson) recall(code *code, listing *Listing) Block {
	r := &yamlReader{text: yamlText(code.source), limit: maxYAML, keys: &yamlKeys{known: []string{"asks", "answer", "from"}}}
	r.report = func(line, column, length int, message, hint string) {
		l.report(code.at(line, column), length, message, hint)
	}
	recall := &Recall{Position: code.fence}
	items := r.list()
	for _, item := range items {
		var q Question
		for _, s := range item.settings {
			switch s.key {
			case "asks":
				q.Asks = l.paragraph(code, s, "ask the rest in a question of its own")
			case "answer":
				q.Answer = l.paragraph(code, s, "what there is to say beyond it is in the lesson that it is from")
			case "from":
				q.From, q.fromAt = s.text, code.at(s.line, s.column)
			}
		}
		for _, key := range []string{"asks", "answer"} {
			given := slices.ContainsFunc(item.settings, func(s setting) bool { return s.key == key })
			if !given && !slices.Contains(r.refused, key) {
				l.report(code.at(item.keyAt.line, item.keyAt.column), 0, "the question has no "+key, "write "+key+": …")
			}
		}
		if q.Asks != nil && q.Answer != nil {
			recall.Questions = append(recall.Questions, q)
		}
	}
	if len(items) == 0 && !r.broken {
		l.report(code.fence, 0, "the recall block asks nothing", "write asks: … and answer: … for each question, with a dash before the first")
	}
	if len(recall.Questions) == 0 {
		return listing
	}
	l.recalls = append(l.recalls, recall)
	return recall
}

// checkRecall checks which lessons the questions of l, the i-th of the course, are from.
func (c *Course) checkRecall(l *Lesson, i int) {
	for _, recall := range l.recalls {
		for _, q := range recall.Questions {
			if q.From != "" {
				c.checkEarlier(i, q.From, "a question is from", func(message, hint string) { c.report(l, q.fromAt, len(q.From), message, hint) })
			}
		}
	}
}
