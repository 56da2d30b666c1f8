package formula_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"course/formula"
	"course/program"
)

// cells is a course: program ID -> options.
type cells map[string]program.Options

func (c cells) Lessons() []string {
	var names []string
	for id := range c {
		name, _, _ := strings.Cut(id, "/")
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (c cells) Cells(lesson string) []string {
	var names []string
	for id := range maps.Keys(c) {
		if name, cell, _ := strings.Cut(id, "/"); name == lesson {
			names = append(names, cell)
		}
	}
	slices.Sort(names)
	return names
}

func (c cells) Options(id string) (program.Options, bool) {
	o, ok := c[id]
	return o, ok && id != "a/broken"
}

func sample() cells {
	both := []program.Mode{program.Thread, program.Process}
	return cells{
		"a/x":                       {Modes: []program.Mode{program.Serial, program.Thread, program.Process}, Params: map[string]string{"nap": "10ms", "n": "3"}},
		"a/y":                       {Modes: both, Params: map[string]string{"n": "4"}},
		"a/or":                      {Modes: both},
		"a/plain":                   {Modes: []program.Mode{program.Plain}},
		"a/grow":                    {Modes: []program.Mode{program.Serial, program.Thread}, Sweep: &program.Sweep{Name: "workers", Values: []float64{1, 2, 8}}},
		"a/naps":                    {Modes: both, Sweep: &program.Sweep{Name: "pause", Values: []float64{1e5, 1e7, 2e9}, Time: true}},
		"a/lost":                    {Modes: both, Vary: program.Vary{Outcome: true}},
		"a/race":                    {Modes: both, Race: true},
		"a/py":                      {Modes: both, Language: program.Python},
		"a/decl":                    {},
		"a/broken":                  {Modes: both},
		"whose-memory-is-it/visits": {Modes: both},
	}
}

// bind parses and binds text as a part of lesson a.
func bind(text string) (*formula.Bound, []formula.Error) {
	parsed, wrong := formula.Parse(text, "a")
	if parsed == nil {
		return nil, wrong
	}
	return parsed.Bind(sample())
}

func told(wrong []formula.Error) string {
	var all []string
	for _, e := range wrong {
		all = append(all, fmt.Sprintf("%d+%d %s (%s)", e.Offset, e.Length, e.Message, e.Hint))
	}
	return strings.Join(all, "; ")
}

// measured returns what a series comes to in tests: its metric's place among all, times 10 for threads and 100 for processes, times the value of the sweep.
func measured(s formula.Series) float64 {
	if s.Program == "" {
		return map[string]float64{"cores": 2, "memory": 1 << 30}[s.Metric]
	}
	v := 1 + float64(slices.IndexFunc(formula.Metrics(), func(m formula.Metric) bool { return m.Name == s.Metric }))
	v *= map[program.Mode]float64{program.Serial: 1, program.Thread: 10, program.Process: 100}[s.Point.Mode]
	if s.Point.Value != 0 {
		v *= s.Point.Value
	}
	if s.Is+s.Has != "" {
		return 0.25
	}
	return v
}

// TestWhatAnExpressionIs: sentences are written from it, however the expression is.
func TestWhatAnExpressionIs(t *testing.T) {
	const thread, process = "thread wall ", "process wall "
	for text, want := range map[string]string{
		"x.thread.wall":                              "sole " + thread,
		" (x.thread.wall)":                           "sole " + thread,
		"x.thread.wall / x.process.wall":             "quotient " + thread + process,
		"ratio(x.thread.wall, x.process.wall)":       "quotient " + thread + process,
		"speedup(x.thread)":                          "quotient serial wall " + thread,
		"scaling(grow.thread, 2, 8)":                 "quotient " + thread + thread,
		"share(lost.thread.exit == panic)":           "sole thread exit panic share false thread exit panic",
		`share(lost.thread.output not contains "x")`: "share true thread output x",
		"1 - share(lost.thread.exit == ok)":          "share true thread exit ok",
		"2 - share(lost.thread.exit == ok)":          "",
		"2 * x.thread.wall / x.process.wall":         "",
		"x.thread.wall / (2 * x.process.wall)":       "",
		"x.thread.wall + x.process.wall":             "",
		"20*ms":                                      "",
		"cores":                                      "sole  cores ",
	} {
		b, wrong := bind(text)
		if b == nil {
			t.Fatalf("%s: %s", text, told(wrong))
		}
		got := ""
		say := func(s formula.Series) string { return string(s.Point.Mode) + " " + s.Metric + " " + s.Is + s.Has }
		if s, ok := b.Sole(); ok {
			got += "sole " + say(s)
		}
		if over, under, ok := b.Quotient(); ok {
			got += "quotient " + say(over) + say(under)
		}
		if s, rest, ok := b.Share(); ok {
			got = strings.TrimPrefix(got+fmt.Sprintf(" share %v %s", rest, say(s)), " ")
		}
		if got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

func TestValue(t *testing.T) {
	for text, want := range map[string]struct {
		value float64
		unit  formula.Unit
	}{
		"x.thread.wall": {10, formula.Time},
		"  whose-memory-is-it/visits.process.user ":           {200, formula.Time},
		"x.process.wall / x.thread.wall":                      {10, formula.Number},
		"x.process.wall/x.thread.wall":                        {10, formula.Number},
		"10*ms/x.thread.wall":                                 {1e6, formula.Number},
		"100*ms/whose-memory-is-it/visits.thread.wall":        {1e7, formula.Number},
		"x.thread.wall-whose-memory-is-it/visits.thread.user": {-10, formula.Time},
		"ratio(x.process.memory, y.thread.memory)":            {10, formula.Number},
		"(x.thread.wall + 2*x.thread.user) * 3 - 1*ns":        {149, formula.Time},
		"-(x.thread.wall)":                                    {-10, formula.Time},
		"-x.thread.wall + 1.5e1*ns":                           {5, formula.Time},
		"or.thread.wall":                                      {10, formula.Time},
		"speedup(x.process)":                                  {0.01, formula.Number},
		"speedup(grow.thread[8])":                             {0.1, formula.Number},
		"grow.thread.wall[ 8 ]":                               {80, formula.Time},
		"naps.thread.wall[0.1*ms]":                            {1e6, formula.Time},
		"naps.thread.wall[2*s] / (1*ns)":                      {20e9, formula.Number},
		"scaling(grow.thread)":                                {0.125, formula.Number},
		"scaling(grow.thread, 2, 8)":                          {0.25, formula.Number},
		"slope(grow.thread.memory)":                           {50, formula.Size},
		"slope(naps.thread.wall)":                             {10, formula.Number},
		"share(lost.thread.exit == panic)":                    {0.25, formula.Number},
		"share(panic == lost.thread.exit)":                    {0.25, formula.Number},
		"share(lost.thread.exit != memory)":                   {0.75, formula.Number},
		`share(lost.thread.exit == "exit=3") + share(not (lost.thread.output contains 'a.b//c'))`: {1, formula.Number},
		`share(lost.thread.output not contains "x")`:                                              {0.75, formula.Number},
		"x.thread.switches * cores":                                                               {120, formula.Number},
		"memory / x.thread.memory":                                                                {(1 << 30) / 50.0, formula.Number},
		"param.nap":                                                                               {1e7, formula.Time},
		"y.param.n + 1":                                                                           {5, formula.Number},
		"a/param.nap * 2":                                                                         {2e7, formula.Time},
		"a/x.param.n*x.thread.wall":                                                               {30, formula.Time},
		"64*KiB":                                                                                  {65536, formula.Size},
		"2*µs + 1*us + 1*μs":                                                                      {4000, formula.Time},
		"py.thread.switches":                                                                      {60, formula.Number},
	} {
		b, wrong := bind(text)
		if b == nil {
			t.Errorf("%s: %s", text, told(wrong))
			continue
		}
		if got := b.Value(measured); math.Abs(got-want.value) > 1e-9*math.Abs(want.value) || b.Unit() != want.unit {
			t.Errorf("%s is %g, a %s, want %g, a %s", text, got, b.Unit(), want.value, want.unit)
		}
	}
}
