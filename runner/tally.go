package runner

import "course/program"

// maxWays bounds the different outcomes at a point whose runs are kept.
const maxWays = 20

// drawn reports whether a run, the newest, is one of which all that its workers did is kept.
func (t *trial) drawn(run Run) bool {
	return run.Purpose == Counted && len(t.walls[run.Point()]) == 1 || !t.program.Options.Expect[run.Mode].Has(run.Outcome)
}

// keep takes note of a run. Of a program whose outcome varies it keeps the first of each kind, and counts the others.
func (t *trial) keep(run Run) {
	if !t.program.Options.Vary.Outcome {
		t.compare(&run)
		t.add(run)
		return
	}
	ways := t.ways[run.Point()]
	if ways == nil {
		ways = make(map[string]int)
		t.ways[run.Point()] = ways
	}
	way := t.comparer.way(run)
	switch i, ok := ways[way]; {
	case ok:
		t.runs[i].Times++
	case len(ways) == maxWays:
		if t.others == nil {
			t.others = make(map[program.Point]int)
		}
		t.others[run.Point()]++
	default:
		ways[way] = len(t.runs)
		run.Times = 1
		t.add(run)
	}
}

// add keeps a run, without what its workers did where that is not drawn: of a crowd, fifty times that would be nearly all of a result.
func (t *trial) add(run Run) {
	if !t.drawn(run) {
		run.Spans = nil
	}
	t.runs = append(t.runs, run)
}

// compare compares a run with the first counted one there. Where it is the same its lines are left out, for otherwise fifty runs are fifty times the
// same lines; but those of one that printed otherwise where it may are kept.
func (t *trial) compare(run *Run) {
	at := run.Point()
	if run.Purpose != Counted && run.Purpose != Replaced {
		return
	}
	first, ok := t.first[at]
	if !ok {
		if run.Purpose == Counted {
			t.first[at] = *run
		}
		return
	}
	d := t.comparer.difference(first, *run)
	if run.Same = run.Outcome == first.Outcome && d.none(); !run.Same {
		t.vary(at, first, *run, d)
		return
	}
	if t.second[at] || run.Purpose != Counted || exactly.way(first) == exactly.way(*run) {
		run.Output.Lines = nil
		return
	}
	t.second[at] = true
}

// vary takes note that a run printed otherwise than the first one there, beyond what may vary. Of one that was ended, or died, chance decides how far it
// came, and of output that was cut which of it is left.
func (t *trial) vary(at program.Point, first, run Run, d difference) {
	if kind := run.Outcome.Kind; run.Outcome != first.Outcome || kind != program.OK && kind != program.Exited || first.Output.Cut+run.Output.Cut > 0 {
		return
	}
	if _, ok := t.varied[at]; !ok {
		t.varied[at] = variation(t.program, d)
	}
}

// variations adds to what was found that runs printed otherwise than they may, where nothing else was. What is mended in the same way is one thing, as process
// ids are, though they differ in each mode.
func (t *trial) variations() {
	first := make(map[string]finding) // by advice
	for _, at := range t.program.Options.Points() {
		f, ok := t.varied[at]
		if !ok || len(t.found[at]) > 0 {
			continue
		}
		if _, ok := first[f.advice]; !ok {
			first[f.advice] = f
		}
		t.found[at] = []finding{first[f.advice]}
	}
}
