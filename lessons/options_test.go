package lessons

import (
	"fmt"
	"testing"
	"time"

	"course/problem"
	"course/program"
)

func TestAttributes(t *testing.T) {
	for _, test := range []struct {
		text     string
		want     []string // name=items
		problems []string
	}{
		{`{#a}`, []string{"# [a]"}, nil},
		{`{ #a  x=1	y="a b=c" }  `, []string{"# [a]", "x [1]", "y [a b=c]"}, nil},
		{`{x=[a, "b c",d=e] y=[] z={k=v, l="m n"}}`, []string{"x [a|b c|d=e]", "y []", "z [k:v|l:m n]"}, nil},
		{`{expect=exit=3 env=[A="x, ]}"] flag}`, []string{"expect [exit=3]", "env [A=x, ]}]", "flag []"}, nil},
		{`{s="a\n\"b\\"}`, []string{"s [a\n\"b\\]"}, nil},
		{`{#a`, []string{"# [a]"}, []string{"1+1 attributes are not closed"}},
		{`{`, nil, []string{"1+1 attributes are not closed"}},
		{`{#a} b`, []string{"# [a]"}, []string{"6+1 text after the attributes"}},
		{`{#a #b x=1 x=2}`, []string{"# [a]", "x [1]"}, []string{"5+2 a second id", "12+3 x is given twice"}},
		{`{=1 # ""}`, []string{`"" []`}, []string{`2+2 "=1" has no name`, `5+1 "#" has no name`}},
		{`{x=[a, b}`, nil, []string{"4+1 [ is not closed"}},
		{`{x="a`, nil, []string{"4+1 the quote is not closed"}},
		{`{x={k=[a, "b]"] , l=m}}`, []string{"x [k:a|k:b]|l:m]"}, nil},
		{`{x={k=[] , l=[a] b}}`, []string{"x [l:a]"}, []string{"5+4 k has an empty list", "18+1 text after the list"}},
		{`{x={k=[a`, nil, []string{"7+1 [ is not closed"}},
		{`{x={k=[a]`, nil, []string{"4+1 { is not closed"}},
		{`{x=[a,,b,] y={a}}`, []string{"x [a|b]", "y [a:]"}, []string{"7+1 a value is missing before this", "10+1 a value is missing before this", `15+1 "a" has no =`}},
		{`{x="\q"}`, []string{"x []"}, []string{`4+4 the string has an unknown escape`}},
	} {
		attrs, problems := attributes(test.text, problem.Position{File: "f", Line: 1, Column: 1})
		var got []string
		for _, a := range attrs {
			s := ""
			for i, it := range a.value.items {
				if i > 0 {
					s += "|"
				}
				if a.value.shape == pairs {
					s += it.key + ":"
				}
				s += it.text
			}
			got = append(got, fmt.Sprintf("%s [%s]", a.name, s))
		}
		var wrong []string
		for _, p := range problems {
			wrong = append(wrong, fmt.Sprintf("%d+%d %s", p.Column, p.Length, p.Message))
		}
		same(t, test.text, got, test.want)
		same(t, "problems of "+test.text, wrong, test.problems)
	}
}

// plain and work are main functions without and with workers.
const (
	plainMain = "func main() {}\n"
	workMain  = "func main() { worker.Start(f, 1) }\n"
	paramMain = "func main() { worker.Param(\"n\", 4); worker.Param[time.Duration](`nap`, 0) }\n"
)

func TestOptions(t *testing.T) {
	stdin := "a b\n"
	both := []program.Mode{program.Thread, program.Process}
	plain := []program.Mode{program.Plain}
	for fence, test := range map[string]struct {
		code string
		want program.Options
	}{
		"{#a}":                      {plainMain, program.Options{Modes: plain}},
		"{#a }":                     {workMain, program.Options{Modes: both}},
		"{#a repeat=3}":             {plainMain, program.Options{Modes: plain, Measure: true, Repeat: 3}},
		"{#a show=[time,timeline]}": {plainMain, program.Options{Modes: plain, Measure: true}},
		"{#a show=[speedup,timeline] sweep={n=[1,2]}}": {"func main() { worker.Param(\"n\", 1) }\n", program.Options{
			Modes: []program.Mode{program.Thread, program.Process}, Measure: true, Sweep: &program.Sweep{Name: "n", Values: []float64{1, 2}},
		}},
		"{#a show=memory}":   {plainMain, program.Options{Modes: plain, Measure: true, Weigh: true}},
		"{#a modes=process}": {workMain, program.Options{Modes: []program.Mode{program.Process}}},
		`{#a timeout=2s procs=1 stdin="a b\n" env=[A=b, GOGC=off] files=x.txt}`: {plainMain, program.Options{
			Modes: plain, Timeout: 2 * time.Second, Procs: 1, Stdin: &stdin, Env: []string{"A=b", "GOGC=off"}, Files: map[string]string{"x.txt": "data"},
		}},
		"{#a expect=exit=3}":    {plainMain, program.Options{Modes: plain, Expect: map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.Exited, Exit: 3}}}}},
		"{#a expect=signal=9}":  {plainMain, program.Options{Modes: plain, Expect: map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.Signaled, Exit: 9}}}}},
		"{#a expect=memory}":    {plainMain, program.Options{Modes: plain, Expect: map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.OutOfMemory}}}}},
		"{#a expect=processes}": {plainMain, program.Options{Modes: plain, Expect: map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.Overcrowded}}}}},
		"{#a expect=disk}":      {plainMain, program.Options{Modes: plain, Expect: map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.DiskFull}}}}},
		"{#a expect=files}":     {plainMain, program.Options{Modes: plain, Expect: map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.ManyFiles}}}}},
		"{#a expect=file-size}": {plainMain, program.Options{Modes: plain, Expect: map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.LargeFile}}}}},
		"{#a expect=panic}": {workMain, program.Options{Modes: both, Expect: map[program.Mode]program.Outcomes{
			program.Thread: {{Kind: program.Panicked}}, program.Process: {{Kind: program.Panicked}},
		}}},
		"{#a expect={thread=panic, process=ok}}": {workMain, program.Options{Modes: both, Expect: map[program.Mode]program.Outcomes{program.Thread: {{Kind: program.Panicked}}}}},
		"{#a expect=compile-error}":              {"var x int = false\n", program.Options{Expect: map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.NotCompiled}}}}},
		"{#a expect=[ok, exit=3]}": {plainMain, program.Options{Modes: plain, Expect: map[program.Mode]program.Outcomes{
			program.Plain: {{}, {Kind: program.Exited, Exit: 3}},
		}}},
		"{#a expect={thread=[ok, deadlock], process=ok}}": {workMain, program.Options{Modes: both, Expect: map[program.Mode]program.Outcomes{
			program.Thread: {{}, {Kind: program.Deadlocked}},
		}}},
		"{#a  expect=compile-error}": {"func main() { x := }\n", program.Options{Modes: plain, Expect: map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.NotCompiled}}}}},
		"{#a race=true expect=[ok, race]}": {plainMain, program.Options{Modes: plain, Race: true, Expect: map[program.Mode]program.Outcomes{
			program.Plain: {{}, {Kind: program.Raced}},
		}}},
		"{#a race=true vary=[outcome] repeat=100}": {plainMain, program.Options{
			Modes: plain, Race: true, Vary: program.Vary{Outcome: true}, Repeat: 100,
		}},
		"{#a repeat=3 vary=outcome}": {workMain, program.Options{Modes: both, Vary: program.Vary{Outcome: true}, Repeat: 3}},
		"{#a sweep={n=[8,1, 2.50]} params={nap=10ms}}": {paramMain, program.Options{
			Modes: both, Measure: true, Sweep: &program.Sweep{Name: "n", Values: []float64{1, 2.5, 8}}, Params: map[string]string{"nap": "10ms"},
		}},
		"{#a sweep={nap=[10ms,1s,500µs]} vary=outcome params={n=-3}}": {paramMain, program.Options{
			Modes: both, Vary: program.Vary{Outcome: true}, Sweep: &program.Sweep{Name: "nap", Values: []float64{5e5, 1e7, 1e9}, Time: true}, Params: map[string]string{"n": "-3"},
		}},
		`{#a vary=[order] mask=["pid \\d+", "a|b"]}`: {plainMain, program.Options{Modes: plain, Vary: program.Vary{Order: true, Masks: []string{`pid \d+`, "a|b"}}}},
		"{#a race=false repeat=3}":                   {plainMain, program.Options{Modes: plain, Measure: true, Repeat: 3}},
		"{#a fold=[1] mark=1-2}":                     {"type t int\nvar x t\n", program.Options{}},
	} {
		t.Run(fence, func(t *testing.T) {
			c := course(t, "01-a.md", "# A\n\n```go "+fence+"\n"+test.code+"```\n", "x.txt", "data")
			if len(c.Problems) > 0 || len(c.Programs()) != 1 {
				t.Fatalf("%d programs, problems: %q", len(c.Programs()), brief(c.Problems))
			}
			same(t, "options", c.Programs()[0].Options, test.want)
		})
	}
}

func TestProblemsOfOptions(t *testing.T) {
	// What is given follows "```go ", so that its column in the file is 6 more than in the text.
	for fence, test := range map[string]struct {
		code string
		want []string
	}{
		"{#sum modes=[thread,procass] repeat=9 repeat=3}": {workMain, []string{`3:27+7 unknown mode "procass" (did you mean "process"?)`, "3:45+8 repeat is given twice (remove one)"}},
		"{#a repeat=0 procs=x timeout=1ms fold=[3,1-2]}": {plainMain, []string{
			"3:18+1 repeat is not a number from 1 to 1000 ()", "3:26+1 procs is not a number from 1 to 1024 ()",
			"3:36+3 timeout is not a time from 10ms to 5m0s (write it as in 500ms or 2s)", "3:46+1 the cell has no line 3 (its last is 1)", "3:48+3 the cell has no line 2 (its last is 1)",
		}},
		"{#a repaet=1}": {plainMain, []string{`3:11+6 unknown option "repaet" (did you mean "repeat"?)`}},
		"{#a sweep=1 params=[a] mask={a=b}}": {plainMain, []string{
			"3:17+1 sweep takes a name and its values (write sweep={workers=[1,2,4,8]})", "3:26+3 params takes names and values (write params={nap=10ms})",
			"3:35+5 mask takes a list (write mask=[a, b])",
		}},
		"{#a sweep={n=[1,0,2]}}": {paramMain, []string{`3:23+1 "0" is no number and no time above 0 (write it as in 4, 0.5 or 10ms, not as in 0x10 or 1e3)`}},
		"{#a sweep={n=[NaN,1,1e400,2s,1]}}": {paramMain, []string{
			`3:21+3 "NaN" is no number and no time above 0 (write it as in 4, 0.5 or 10ms, not as in 0x10 or 1e3)`, `3:27+5 "1e400" is no number and no time above 0 (write it as in 4, 0.5 or 10ms, not as in 0x10 or 1e3)`,
			"3:33+2 numbers and times in one sweep (write all of them as in 4, or as in 10ms)", "3:36+1 1 is given twice (remove one)",
		}},
		"{#a sweep={n=[1, 2ms]}}":                   {paramMain, []string{"3:24+3 numbers and times in one sweep (write all of them as in 4, or as in 10ms)"}},
		"{#a sweep={n=[1, 2, 1.0]}}":                {paramMain, []string{"3:27+3 1.0 is given twice (remove one)"}},
		"{#a sweep={n=4}}":                          {paramMain, []string{"3:17+5 a sweep over 1 values (give it 2 to 20; one alone is given with params)"}},
		"{#a sweep={n=[1,2], nap=[3,4]}}":           {paramMain, []string{"3:32+1 a sweep over two parameters (one takes several values: give the other one with params)"}},
		"{#a sweep={N=[1,2]}}":                      {paramMain, []string{`3:21+1 "N" is no name of a parameter (it is a lower-case letter, then lower-case letters, digits and _)`}},
		"{#a sweep={n=[1,2]}  params={nap=3, n=2}}": {paramMain, []string{"3:43+1 n is the parameter of the sweep (leave it out here)"}},
		"{#a sweep={nn=[1,2]} params={x=1, nap=1s}}": {paramMain, []string{
			`3:18+2 the cell does not read a parameter "nn" (read it with worker.Param("nn", …), where the name has to be written out, or leave it out)`,
			`3:36+1 the cell does not read a parameter "x" (read it with worker.Param("x", …), where the name has to be written out, or leave it out)`,
		}},
		"{#a params={n=x, nap=1, nap=2}}":  {paramMain, []string{`3:19+3 "x" is no number and no time (write it as in 4, 0.5 or 10ms, not as in 0x10 or 1e3)`, "3:31+5 nap is given twice (remove one)"}},
		"{#a params={n=4} repeat=3}":       {"type t int\n", []string{"3:11+12 params of a cell without a main function, which is not run (add func main, or leave params out)", "3:24+8 repeat of a cell without a main function, which is not run (add func main, or leave repeat out)"}},
		`{#a mask=[".+"]}`:                 {plainMain, []string{"3:17+4 the mask leaves nothing of a line, whatever it is (have it match only what varies)"}},
		`{#a mask=["\\w+", "pid", "\\W"]}`: {plainMain, []string{"3:32+5 the mask leaves nothing of a line, whatever it is (have it match only what varies)"}},
		"{#a mask=[]}":                     {plainMain, []string{`3:11+7 mask holds no regular expression (write mask=["pid [0-9]+"], or leave it out)`}},
		`{#a mask=["a\\d(b", "x*", ok]}`: {plainMain, []string{
			"3:18+6 this is no regular expression: missing closing ) (they are written as in Go's package regexp, with each backslash twice)",
			"3:27+4 the mask matches where there is nothing (have it match at least one character)",
		}},
		`{#a mask="\"é\\d[z-a]"}`: {plainMain, []string{
			"3:25+3 this is no regular expression: invalid character class range (they are written as in Go's package regexp, with each backslash twice)",
		}},
		"{#a race=true sweep={n=[1,2]}}": {paramMain, []string{
			"3:11+9 race of a cell that is measured: the race detector makes it many times slower (leave out repeat, sweep, and time, speedup and memory in show; vary=outcome has it repeated to count how it ends)",
		}},
		"{#a modes=[thread]}":        {plainMain, []string{"3:11+14 modes of a cell that does not use package worker (it would run alike in all: remove modes)"}},
		"{#a repeat=3 mark=1}":       {"type t int\n", []string{"3:11+8 repeat of a cell without a main function, which is not run (add func main, or leave repeat out)"}},
		"{repeat=3}":                 {plainMain, []string{"3:8+8 a Go block with attributes has no id (name it, {#name …}, to run it; a listing knows only check=false)"}},
		"check=false":                {plainMain, []string{`3:7+11 unexpected "check=false" (attributes stand in braces: {check=false})`}},
		"#a repeat=3}":               {plainMain, []string{`3:7+12 unexpected "#a repeat=3}" (attributes stand in braces: {#a repeat=3})`}},
		"linenos":                    {plainMain, []string{`3:7+7 unexpected "linenos" (attributes are written {#id name=value})`}},
		"{#a modes=[thread,thread]}": {workMain, []string{`3:25+6 "thread" is given twice (remove one)`}},
		"{}":                         {plainMain, []string{"3:7+2 the attributes hold no id ({#name} makes it a cell; without attributes it is a listing)"}},
		"{#A-b}":                     {plainMain, []string{`3:8+4 "A-b" is no id (an id is a lower-case letter, then lower-case letters, digits and _)`}},
		"{#a check=false .x y}":      {plainMain, []string{"3:11+11 check is for listings: a cell is always compiled (expect=compile-error if it should not compile)", "3:23+2 classes have no meaning here (remove it)", `3:26+1 unknown option "y" (use one of modes, repeat, sweep, params, timeout, procs, stdin, env, files, show, fold, mark, expect, race, vary, mask)`}},
		"{#a env=[GOFLAGS=x, LD_PRELOAD=y, PATH=z, COURSE_MODE=w, =v, B=1, B=2]}": {plainMain, []string{
			"3:16+9 GOFLAGS cannot be set by a course (it is the tool's, or the system's)", "3:27+12 LD_PRELOAD cannot be set by a course (it is the tool's, or the system's)",
			"3:41+6 PATH cannot be set by a course (it is the tool's, or the system's)", "3:49+13 COURSE_MODE cannot be set by a course (it is the tool's, or the system's)",
			`3:64+2 "=v" is no variable (write NAME=value)`, "3:73+3 B is given twice (remove one)",
		}},
		"{#a env=[GOTOOLCHAIN=x, gOfLaGs=x, GOROOT=x, LD_AUDIT=y, DYLD_INSERT_LIBRARIES=y, Path=z]}": {plainMain, []string{
			"3:16+13 GOTOOLCHAIN cannot be set by a course (it is the tool's, or the system's)", "3:31+9 gOfLaGs cannot be set by a course (it is the tool's, or the system's)",
			"3:42+8 GOROOT cannot be set by a course (it is the tool's, or the system's)", "3:52+10 LD_AUDIT cannot be set by a course (it is the tool's, or the system's)",
			"3:64+23 DYLD_INSERT_LIBRARIES cannot be set by a course (it is the tool's, or the system's)", "3:89+6 Path cannot be set by a course (it is the tool's, or the system's)",
		}},
		"{#a vary=[outcomes]}": {plainMain, []string{`3:17+8 nothing called "outcomes" can be said to vary (did you mean "outcome"?)`}},
		"{#a vary=[]}":         {plainMain, []string{"3:11+7 vary names nothing (write vary=outcome or vary=order, or leave it out)"}},
		"{#a show=time vary=outcome}": {plainMain, []string{
			"3:21+12 the outcome varies of a cell that is measured: times of runs that differ say nothing (leave out what times it in show (time, speedup, memory), or vary)",
		}},
		"{#a show=speedup}": {plainMain, []string{
			"3:11+12 speedup of a cell without a sweep (it is drawn over those among whom the work is divided, as in sweep={workers=[1,2,4]})",
		}},
		"{#a show=speedup sweep={nap=[1ms,2ms]}}": {"func main() { worker.Param(\"nap\", time.Second) }\n", []string{
			"3:11+12 speedup over a sweep of times (it is drawn over a number, of those among whom the work is divided; show=time draws any other sweep)",
		}},
		"{#a show=speedup vary=outcome sweep={n=[1,2]}}": {"func main() { worker.Param(\"n\", 1) }\n", []string{
			"3:24+12 the outcome varies of a cell that is measured: times of runs that differ say nothing (leave out what times it in show (time, speedup, memory), or vary)",
		}},
		"{#a vary=outcome}": {"type t int\n", []string{"3:11+12 vary of a cell without a main function, which is not run (add func main, or leave vary out)"}},
		"{#a race=yes}":     {plainMain, []string{"3:16+3 race is not true or false ()"}},
		"{#a race=true repeat=9}": {plainMain, []string{
			"3:11+9 race of a cell that is measured: the race detector makes it many times slower (leave out repeat, sweep, and time, speedup and memory in show; vary=outcome has it repeated to count how it ends)",
		}},
		"{#a expect=race}":                      {plainMain, []string{"3:18+4 expect=race of a cell that is built without the race detector (add race=true)"}},
		"{#a expect={thread=panik, serial=ok}}": {workMain, []string{`3:19+12 unknown outcome "panik" (did you mean "panic"?)`}},
		"{#a expect={thread=[ok, panic, ok], process=panic, process=panic}}": {workMain, []string{
			"3:38+2 ok is given twice (remove one)", "3:58+13 panic is given twice (remove one)",
		}},
		"{#a expect=[panic, compile-error]}": {plainMain, []string{"3:26+13 a cell compiles, or it does not (write expect=compile-error, or leave it out)"}},
		"{#a expect=[exit=0, signal=0, signal=65]}": {plainMain, []string{
			"3:19+6 exit=0 is to end well (write ok)", `3:27+8 unknown outcome "signal=0" (did you mean "signal=N"?)`, `3:37+9 unknown outcome "signal=65" (did you mean "signal=N"?)`,
		}},
		"{#a expect=[]}":          {plainMain, []string{"3:11+9 expect names no outcome (write expect=panic, or leave it out)"}},
		"{#a expect={serial=ok}}": {workMain, []string{`3:19+9 the cell does not run as "serial" (use one of thread, process)`}},
		"{#a show=[memory,tme]}":  {workMain, []string{`3:24+3 nothing called "tme" can be shown (did you mean "time"?)`}},
	} {
		t.Run(fence, func(t *testing.T) {
			c := course(t, "01-a.md", "# A\n\n```go "+fence+"\n"+test.code+"```\n")
			var got []string
			for _, p := range c.Problems {
				got = append(got, fmt.Sprintf("%d:%d+%d %s (%s)", p.Line, p.Column, p.Length, p.Message, p.Hint))
				same(t, "source", p.Source, "```go "+fence)
			}
			same(t, "problems", got, test.want)
			same(t, "programs", len(c.Programs()), 0)
		})
	}
}

// TestParametersOfBorrowedDeclarations has a cell read parameters in what it uses from above, and only there.
func TestParametersOfBorrowedDeclarations(t *testing.T) {
	const above = "```go {#a}\nimport w \"course/runner/worker\"\n\nfunc nap() time.Duration { return w.Param(\"nap\", time.Second) }\n\nfunc other() int { return w.Param(\"n\", 1) }\n```\n\n"
	c, _ := lesson(t, above+"```go {#b params={nap=1s, n=2}}\nfunc main() { nap() }\n```\n")
	same(t, "problems", brief(c.Problems), []string{`10:27+1 the cell does not read a parameter "n"`})
	c, _ = lesson(t, above+"```go {#b params={nap=1s, n=2}}\nfunc main() { nap(); other() }\n```\n")
	same(t, "problems", brief(c.Problems), []string(nil))
	c, _ = lesson(t, "```go {#a params={n=2}}\nfunc main() { const name = \"n\"; worker.Param(name, 1); other.Param(\"n\", 1) }\n```\n")
	same(t, "problems", brief(c.Problems), []string{`2:19+1 the cell does not read a parameter "n"`})
}

func TestStatedOutput(t *testing.T) {
	all := func(o program.Output) map[program.Mode]program.Output {
		return map[program.Mode]program.Output{program.Thread: o, program.Process: o}
	}
	for code, want := range map[string]map[program.Mode]program.Output{
		"func main() {\n\tworker.Do(f, 1)\n\n\t// Output: 1\n\t// 2\n\t//\n\t//   3\n}\n":             all(program.Output{Text: "1\n2\n\n  3", Line: 4}),
		"func main() { worker.Do(f, 1) }\n\n// Unordered output:\n// b\n// a\n":                       all(program.Output{Text: "b\na", Unordered: true, Line: 3}),
		"func main() {\n\tworker.Do(f, 1) // Output: x\n\t// just said\n}\n\n// type T\n":             all(program.Output{Text: "x", Line: 2}),
		"func main() {\n\t// Output: not this\n\tworker.Do(f, 1)\n}\n":                                nil,
		"func main() {\n\tworker.Do(f, 1)\n\t// Output: x\n\t//\n\t// Output (process): y\n}\n":       {program.Thread: {Text: "x", Line: 3}, program.Process: {Text: "y", Line: 5}},
		"func main() {\n\tworker.Do(f, 1)\n\n\t// output (thread):\n\t// x\n\n\t// and this not\n}\n": {program.Thread: {Text: "x", Line: 4}},
	} {
		c, _ := lesson(t, "```go {#a}\n"+code+"```\n")
		same(t, "problems", brief(c.Problems), []string(nil))
		same(t, code, c.Programs()[0].Options.Output, want)
	}
	c, _ := lesson(t, "```go {#a}\nfunc main() {\n\tworker.Do(f, 1)\n\t// Output (serial): x\n\t// Output: y\n\t// Output: z\n}\n```\n")
	same(t, "problems", brief(c.Problems), []string{`5:2+0 the cell does not run as "serial"`, "7:2+0 the output is stated twice"})
}
