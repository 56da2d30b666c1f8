package lessons

import (
	"fmt"
	"maps"
	"slices"

	"course/problem"
	"course/stats"

	"course/program"
)

// expectation is one of the outcomes in expect=…; without a mode it is for all.
type expectation struct {
	mode    program.Mode
	outcome program.Outcome
	item    item
}

// expected reads expect=panic, expect=[ok, exit=3] and expect={thread=[ok, panic], process=ok}.
func (r *optionReader) expected(a attribute) {
	if len(a.value.items) == 0 {
		r.report(a.offset, a.length, "expect names no outcome", "write expect=panic, or leave it out")
	}
	type stated struct{ mode, outcome string }
	seen := make(map[stated]bool)
	for _, it := range a.value.items {
		outcome, ok := program.ParseOutcome(it.text)
		switch {
		case it.text == "exit=0":
			r.report(it.offset, it.length, "exit=0 is to end well", "write ok")
		case !ok:
			r.report(it.offset, max(it.length, 1), fmt.Sprintf("unknown outcome %q", it.text), problem.HintNearest(it.text, program.OutcomeNames()))
		case a.value.shape == pairs && outcome.Kind == program.NotCompiled:
			r.report(it.offset, it.length, "a cell does not compile in all modes, or in none", "write expect=compile-error")
		case len(a.value.items) > 1 && outcome.Kind == program.NotCompiled:
			r.report(it.offset, it.length, "a cell compiles, or it does not", "write expect=compile-error, or leave it out")
		case seen[stated{it.key, it.text}]:
			r.report(it.offset, it.length, it.text+" is given twice", "remove one")
		default:
			r.expect = append(r.expect, expectation{program.Mode(it.key), outcome, it})
		}
		seen[stated{it.key, it.text}] = true
	}
}

// expects reports whether the cell is to fail in compiling.
func (r *optionReader) expectsCompileError() bool {
	return slices.ContainsFunc(r.expect, func(e expectation) bool { return e.outcome.Kind == program.NotCompiled })
}

// finish completes the options with what the program says: whether it has a main function, whether it uses
// package worker, or asks by itself for its mode.
func (r *optionReader) finish(hasMain, usesMode bool, wanted demand) {
	o := &r.cell.Options
	if !hasMain {
		r.finishUnrun()
		return
	}
	switch given, ok := r.given["modes"]; {
	case usesMode && len(o.Modes) == 0:
		o.Modes = []program.Mode{program.Thread, program.Process}
	case usesMode:
	case ok && !r.expectsCompileError():
		message := "modes of a cell that does not use package worker"
		if o.Language == program.Python {
			message = "modes of a cell that does not look into COURSE_MODE"
		}
		r.report(given.offset, given.length, message, "it would run alike in all: remove modes")
		fallthrough
	case !ok:
		o.Modes = []program.Mode{program.Plain}
	}
	r.finishVary()
	r.finishRace()
	r.finishSpeedup()
	if !o.Vary.Outcome && !o.Race { // of which who asks for times is told that there are none
		o.Measure = o.Measure || wanted.measure || wanted.weigh
		o.Weigh = r.cell.Show.Memory || wanted.weigh
	}
	if wanted.repeat && !o.Measure && !o.Vary.Outcome {
		o.Repeat = stats.LeastRuns
	}
	if r.cell.code.failed { // its modes may not be all known
		return
	}
	for _, e := range r.expect {
		if e.mode != "" && !slices.Contains(o.Modes, e.mode) {
			r.report(e.item.offset, e.item.length, fmt.Sprintf("the cell does not run as %q", e.mode), problem.HintOneOf(modesOf(o)))
			continue
		}
		for _, mode := range o.Modes {
			if e.mode == "" || e.mode == mode {
				if o.Expect == nil {
					o.Expect = make(map[program.Mode]program.Outcomes)
				}
				o.Expect[mode] = append(o.Expect[mode], e.outcome)
			}
		}
	}
	maps.DeleteFunc(o.Expect, func(_ program.Mode, all program.Outcomes) bool { // as it is without saying
		return len(all) == 1 && all[0] == program.Outcome{}
	})
	if len(o.Expect) == 0 {
		o.Expect = nil
	}
}

// finishSpeedup refuses a speed-up of what is not divided among ever more of something that is counted.
func (r *optionReader) finishSpeedup() {
	show := r.given["show"]
	switch sweep := r.cell.Options.Sweep; {
	case !r.cell.Show.Speedup:
	case sweep == nil:
		r.report(show.offset, show.length, "speedup of a cell without a sweep", "it is drawn over those among whom the work is divided, as in sweep={workers=[1,2,4]}")
	case sweep.Time:
		r.report(show.offset, show.length, "speedup over a sweep of times", "it is drawn over a number, of those among whom the work is divided; show=time draws any other sweep")
	}
}

// finishVary refuses to time runs that differ: how often one ends so, and how long it takes, are two questions. The number of runs is then that of
// outcomes.
func (r *optionReader) finishVary() {
	o := &r.cell.Options
	if !o.Vary.Outcome {
		return
	}
	if vary := r.given["vary"]; r.cell.Show.times() {
		r.report(vary.offset, vary.length, "the outcome varies of a cell that is measured: times of runs that differ say nothing", "leave out what times it in show (time, speedup, memory), or vary")
	}
	o.Measure = false
}

// finishRace refuses to time what is built with the race detector, and to expect a race of what is not.
func (r *optionReader) finishRace() {
	o := &r.cell.Options
	if race := r.given["race"]; o.Race && o.Measure {
		hint := "leave out repeat, sweep, and time, speedup and memory in show; vary=outcome has it repeated to count how it ends"
		r.report(race.offset, race.length, "race of a cell that is measured: the race detector makes it many times slower", hint)
	}
	for _, e := range r.expect {
		if e.outcome.Kind == program.Raced && !o.Race {
			r.report(e.item.offset, e.item.length, "expect=race of a cell that is built without the race detector", "add race=true")
		}
	}
}

func modesOf(o *program.Options) []string {
	var names []string
	for _, m := range o.Modes {
		names = append(names, string(m))
	}
	return names
}

// finishUnrun refuses what only makes sense when the cell is run.
func (r *optionReader) finishUnrun() {
	for _, a := range r.cell.attrs {
		_, given := r.given[a.name]
		if !given || a.name == "fold" || a.name == "mark" || a.name == "expect" && r.expectsCompileError() {
			continue
		}
		r.report(a.offset, a.length, a.name+" of a cell without a main function, which is not run", "add func main, or leave "+a.name+" out")
	}
	r.cell.Options = program.Options{}
	if r.expectsCompileError() { // it is of the program, whatever the mode
		r.cell.Options.Expect = map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.NotCompiled}}}
	}
}
