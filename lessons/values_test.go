package lessons

import (
	"slices"
	"testing"
	"testing/fstest"

	"course/program"
)

// terms returns the options of the course's programs, by their IDs.
func terms(c *Course) map[string]program.Options {
	all := make(map[string]program.Options)
	for _, p := range c.Programs() {
		all[p.ID] = p.Options
	}
	return all
}

const twoCells = "\n\n```go {#x}\nfunc main() {}\n```\n\n```go {#y}\nfunc main() {}\n```\n"

func TestWhatExpressionsNameIsMeasuredAndWeighed(t *testing.T) {
	c := course(t,
		"01-a.md", "# A\n\n`= x.plain.wall / b-two/x.plain.wall`, `= b-two/y.plain.memory`, `= b-two/y.plain.wall`, `= share(y.plain.exit == ok)`"+twoCells,
		"02-b-two.md", "# B"+twoCells,
		"03-c.md", "# C\n\n`= b-two/y.plain.memory + 1*KiB`"+twoCells)
	same(t, "problems", brief(c.Problems), []string(nil))
	type use struct{ Measured, Weighed bool }
	got := make(map[string]use)
	for id, o := range terms(c) {
		got[id] = use{o.Measure, o.Weigh}
	}
	same(t, "what is asked for", got, map[string]use{
		"a/x": {true, false}, "a/y": {}, "b-two/x": {true, false}, "b-two/y": {true, true}, "c/x": {}, "c/y": {},
	})
}

// TestLessonsAreSharedWhatever: what another lesson asks for twice, or in another order, makes no other lesson of it.
func TestALessonIsSharedWhileOthersAskTheSameOfIt(t *testing.T) {
	files := fstest.MapFS{
		"01-a.md": {Data: []byte("# A\n\n`= b/y.plain.wall` `= b/x.plain.memory`")},
		"02-b.md": {Data: []byte("# B" + twoCells)},
	}
	first, err := Load(files, nil)
	if err != nil {
		t.Fatal(err)
	}
	for text, shared := range map[string]bool{
		"`= b/x.plain.memory` and `= b/y.plain.cpu`, `= b/x.plain.wall`, `= b/x.plain.wall`": true,
		"`= b/x.plain.memory`":                      false,
		"`= b/x.plain.memory` `= b/y.plain.memory`": false,
	} {
		changed := fstest.MapFS{"01-a.md": {Data: []byte("# A\n\n" + text)}, "02-b.md": files["02-b.md"]}
		c, err := Load(changed, first)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Lessons[1] == first.Lessons[1]; got != shared {
			t.Errorf("%s: shared is %v", text, got)
		}
	}
}

// TestTimesOfWhatIsNotTimed: whoever asks is wrong, and not the cell.
func TestTimesOfWhatIsNotTimed(t *testing.T) {
	c := course(t, "01-a.md", "# A\n\n`= lost.plain.wall` `= race.plain.cpu` `= share(lost.plain.exit == panic)`\n\n"+
		"```go {#lost vary=outcome}\nfunc main() {}\n```\n\n```go {#race race=true}\nfunc main() {}\n```\n")
	same(t, "problems", brief(c.Problems), []string{
		`3:4+4 the outcome of cell "lost" varies, so its wall time is not measured`,
		`3:24+4 cell "race" is built with the race detector, which makes it many times slower: its CPU time is not measured`,
	})
	for id, o := range terms(c) {
		if o.Measure || o.Weigh {
			t.Errorf("%s is measured", id)
		}
	}
}

func TestParametersInProse(t *testing.T) {
	const cell = "\n\n```go {#x params={nap=10ms, n=3}}\nvar nap, n = worker.Param(\"nap\", time.Second), worker.Param(\"n\", 1)\n\nfunc main() { time.Sleep(nap * time.Duration(n)) }\n```\n"
	c := course(t, "01-a.md", "# A\n\n`= param.nap` `= 2 * param.n` `= param.nop` `= b/param.nap`"+cell)
	same(t, "problems", brief(c.Problems), []string{`3:40+3 no cell has a parameter "nop"`, `3:48+1 there is no lesson "b"`})
	if slices.ContainsFunc(c.Programs(), func(p program.Program) bool { return p.Options.Measure }) {
		t.Error("a parameter is measured")
	}
}
