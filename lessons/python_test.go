package lessons

import (
	"testing"

	"course/problem"
	"course/program"
)

func TestCellsInPython(t *testing.T) {
	both := []program.Mode{program.Thread, program.Process}
	out := program.Output{Text: "a\nb", Line: 2}
	for name, test := range map[string]struct {
		fence, code string
		want        program.Options
	}{
		"plain":           {"{#a}", "print(1)\n", program.Options{Modes: []program.Mode{program.Plain}}},
		"with a mode":     {"{#a}", "os.environ['COURSE_MODE']\n", program.Options{Modes: both}},
		"with some modes": {"{#a modes=[serial,thread]}", "os.environ['COURSE_MODE']\n", program.Options{Modes: []program.Mode{program.Serial, program.Thread}}},
		"with options": {"{#a repeat=9 timeout=3s stdin=x env=[A=b] vary=order mask=[x] expect=exit=1}", "print(1)\n", program.Options{
			Modes: []program.Mode{program.Plain}, Measure: true, Repeat: 9, Timeout: 3e9, Stdin: new(string), Env: []string{"A=b"}, Vary: program.Vary{Order: true, Masks: []string{"x"}},
			Expect: map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.Exited, Exit: 1}}},
		}},
		"with parameters": {"{#a sweep={n=[1,2]} params={nap=10ms}}", "int(os.environ['COURSE_PARAM_n']), os.environ.get(\"COURSE_PARAM_nap\")\n", program.Options{
			Modes: []program.Mode{program.Plain}, Measure: true, Sweep: &program.Sweep{Name: "n", Values: []float64{1, 2}}, Params: map[string]string{"nap": "10ms"},
		}},
		"with output": {"{#a}", "COURSE_MODE = 1\n# Output: a\n# b\n\n# no more\n", program.Options{Modes: both, Output: map[program.Mode]program.Output{program.Thread: out, program.Process: out}}},
		"with output in its guard": {"{#a}", "# Output: no\nif True:\n    print(1)\n    # Unordered output:\n    #   b\n    # a\n", program.Options{
			Modes: []program.Mode{program.Plain}, Output: map[program.Mode]program.Output{program.Plain: {Text: "b\na", Unordered: true, Line: 4}},
		}},
		"with output by mode": {"{#a}", "COURSE_MODE = 1\n# Output (process): a\n", program.Options{Modes: both, Output: map[program.Mode]program.Output{program.Process: {Text: "a", Line: 2}}}},
	} {
		t.Run(name, func(t *testing.T) {
			c := course(t, "01-a.md", "# A\n\n```python "+test.fence+"\n"+test.code+"```\n")
			if len(c.Problems) > 0 || len(c.Programs()) != 1 {
				t.Fatalf("%d programs, problems: %q", len(c.Programs()), brief(c.Problems))
			}
			if test.want.Stdin != nil {
				*test.want.Stdin = "x"
			}
			test.want.Language = program.Python
			same(t, "program", c.Programs()[0], program.Program{ID: "a/a", Source: test.code, Options: test.want})
			same(t, "what check finds", brief(c.Check()), []string(nil))
		})
	}
}

func TestProblemsOfCellsInPython(t *testing.T) {
	for name, test := range map[string]struct {
		fence, code string
		want        []string
	}{
		"options of Go":     {"{#a procs=1 race=true}", "x\n", []string{"3:15+7 procs of a cell in Python, which has no such thing", "3:23+9 race of a cell in Python, which has no such thing"}},
		"no modes":          {"{#a modes=[thread]}", "x\n", []string{"3:15+14 modes of a cell that does not look into COURSE_MODE"}},
		"goroutines":        {"{#a modes=[goroutine]}", "COURSE_MODE\n", []string{"3:15+17 Python has no goroutines"}},
		"compiled":          {"{#a expect=compile-error}", "x\n", []string{"3:22+13 a cell in Python is not compiled"}},
		"unread parameters": {"{#a params={nn=1}}", "COURSE_PARAM_n\n", []string{`3:23+2 the cell does not read a parameter "nn"`}},
		"another mode":      {"{#a}", "COURSE_MODE\n# Output (serial): x\n", []string{`5:1+0 the cell does not run as "serial"`}},
		"stated twice":      {"{#a}", "x\n# Output: x\n# Output: y\n", []string{"6:1+0 the output is stated twice"}},
		"no id":             {"{.x}", "x\n", []string{"3:12+2 a Python block with attributes has no id"}},
		"a Go cell's id":    {"{#b}", "x\n```\n\n```go {#b}\nfunc main() {}\n", []string{`7:8+2 a second cell "b"`}},
	} {
		t.Run(name, func(t *testing.T) {
			same(t, "problems", brief(course(t, "01-a.md", "# A\n\n```python "+test.fence+"\n"+test.code+"```\n").Problems), test.want)
		})
	}
}

func TestPlacesInPythonAreThoseOfTheLesson(t *testing.T) {
	c, l := lesson(t, "\n- ```python {#snake}\n  x = 1\n  raise x\n  ```\n")
	same(t, "problems", brief(c.Problems), []string(nil))
	for text, want := range map[string]string{
		"Traceback (most recent call last):\n  File \"snake.cell\", line 2, in <module>\n": "Traceback (most recent call last):\n  File \"01-a.md\", line 5, in <module>\n",
		"File \"/tmp/x y/snake.cell\", line 1":                                             "File \"01-a.md\", line 4",
		"File \"snake.cell\", line 9":                                                      "File \"snake.cell\", line 9",
		"File \"snakes.cell\", line 1":                                                     "File \"snakes.cell\", line 1",
		"\"snake.cell\", line x":                                                           "\"snake.cell\", line x",
		"snake.cell:2 snake.cell":                                                          "01-a.md:5 snake.cell",
		"snake.cell":                                                                       "snake.cell",
	} {
		same(t, text, l.Rewrite(text), want)
	}
	p := c.Locate("a/snake", problem.Problem{Position: problem.Position{File: "snake.cell", Line: 2}, Message: "no"})
	same(t, "position", p.Position, problem.Position{File: "01-a.md", Line: 5, Column: 3})
}

func TestCellsInPythonAreMeasuredForClaims(t *testing.T) {
	const claim = "```claim\nid: x\nsays: x\nholds-when: snake.thread.wall < 2*ms\n```\n"
	c, _ := lesson(t, "\n```python {#snake}\nCOURSE_MODE\n```\n\n"+claim)
	same(t, "problems", brief(c.Problems), []string{`10:13+0 cell "snake" is in Python, and the claim is not about CPython`})
	if !c.Programs()[0].Options.Measure {
		t.Error("the cell is not measured")
	}
}
