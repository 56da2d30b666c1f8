package lessons

import (
	"testing"
)

func recalling(t testing.TB, block string) *Course {
	return course(t, "01-a.md", "# A\n", "02-b.md", "# B\n\n```recall\n"+block+"```\n", "03-c.md", "# C\n")
}

func TestRecall(t *testing.T) {
	c := recalling(t, "- asks: Is it *so*?\n  answer: |\n    It is\n    `so`.\n  from: a\n- asks: Why?\n  answer: See [a](01-a.md).\n")
	same(t, "problems", told(c.Problems), []string(nil))
	r, ok := c.Lessons[1].Blocks[0].(*Recall)
	if !ok {
		t.Fatalf("the block is a %T", c.Lessons[1].Blocks[0])
	}
	var all []string
	for _, q := range r.Questions {
		source := c.Lessons[1].Source
		all = append(all, plainText(q.Asks.Node, source), plainText(q.Answer.Node, source), q.From)
	}
	same(t, "questions", all, []string{"Is it so?", "It is so.", "a", "Why?", "See a.", ""})
}

func TestMistakesInARecall(t *testing.T) {
	for name, test := range map[string]struct {
		block string
		want  []string
	}{
		"nothing":     {"", []string{"02-b.md:3:1+0 the recall block asks nothing (write asks: … and answer: … for each question, with a dash before the first)"}},
		"no list":     {"asks: x\n", []string{"02-b.md:4:1+4 this is not a list (begin each item with a dash)"}},
		"no YAML":     {"- asks: `x`\n", []string{"02-b.md:4:9+1 a value in YAML cannot begin with ` (put quotes around the whole of it: \"`x`\")"}},
		"unknown key": {"- asks: x\n  answr: x\n", []string{`02-b.md:5:3+5 unknown key "answr" (did you mean "answer"?)`}},
		"no answer":   {"- asks: x\n", []string{"02-b.md:4:3+0 the question has no answer (write answer: …)"}},
		"empty":       {"- asks: ''\n  answer: x\n", []string{"02-b.md:4:9+0 asks is empty (write it, or leave it out)"}},
		"two":         {"- asks: x\n  answer: |\n    x\n\n    y\n", []string{"02-b.md:5:11+0 answer is more than a sentence or two (it is one paragraph: what there is to say beyond it is in the lesson that it is from)"}},
		"from":        {"- asks: x\n  answer: x\n  from: z\n- asks: x\n  answer: x\n  from: c\n", []string{`02-b.md:6:9+1 there is no lesson "z" (did you mean "a"?)`, `02-b.md:9:9+1 the lesson "c" comes later (a question is from what was read before: change the order, or remove it)`}},
		"link":        {"- asks: x\n  answer: '[x](z.md)'\n", []string{"02-b.md:5:12+0 there is no lesson z.md (use one of 01-a.md, 02-b.md, 03-c.md)"}},
		"value":       {"- asks: x\n  answer: It took `= y.thread.wall`.\n", []string{`02-b.md:5:22+1 there is no cell "y" (the lesson has no cells)`}},
	} {
		same(t, name, told(recalling(t, test.block).Problems), test.want)
	}
	c := course(t, "01-a.md", "# A\n\n```recall {x}\n```\n")
	same(t, "text after recall", told(c.Problems), []string{"01-a.md:3:4+6 text after recall (what there is to say of it stands in the block, each as name: value)"})
}
