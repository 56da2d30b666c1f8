package runner

import (
	"context"

	"course/problem"
	"course/program"
	"course/runner/sandbox"
)

// execute runs a program as often as it asks for. Of each mode it tells what was found first only: what
// went wrong once is not said nine times.
func (j *job) execute(ctx context.Context, s *supervisor, b build) (runs []Run, layers []sandbox.Layer, list problem.List, err error) {
	o := b.program.Options
	rounds := 1
	if o.Measure {
		rounds += repeat(o)
	}
	over := make(map[program.Mode]bool) // it did not end as it should, and is not repeated
	found := make(map[program.Mode][]finding)
	for round := range rounds {
		for _, mode := range o.Modes {
			if over[mode] || o.Expect[mode].Has(program.Outcome{Kind: program.NotCompiled}) {
				continue
			}
			run, seen, err := j.executeOnce(ctx, s, b, mode, round)
			if err != nil {
				return nil, nil, nil, err
			}
			runs, layers = append(runs, run), seen.layers
			over[mode] = !o.Expect[mode].Has(run.Outcome) || seen.lost != ""
			if len(found[mode]) == 0 {
				found[mode] = judge(b.program, run, seen)
			}
		}
	}
	return runs, layers, problems(b.program, found), nil
}

// executeOnce executes a program and tells of it.
func (j *job) executeOnce(ctx context.Context, s *supervisor, b build, mode program.Mode, round int) (Run, observed, error) {
	event := Event{ID: b.program.ID, Mode: mode, Run: round}
	j.tell(event.with(Started))
	run, seen, err := execute(ctx, s, b, mode, treatment{confined: !j.runner.trusts(b.program), limits: j.runner.limits}, func(line Line) {
		printed := event.with(Printed)
		printed.Line = &line
		j.tell(printed)
	})
	if err != nil {
		return Run{}, seen, err
	}
	if b.program.Options.Measure && round == 0 {
		run.Purpose = Warmup
	}
	j.tell(event.with(Ended))
	return run, seen, nil
}
