package site

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"course/lessons"
	"course/program"
	"course/quantity"
	"course/runner"
	"course/runner/machine"
	"course/site/markup"
	"course/stats"
)

const (
	machinesName  = lessons.MachinePage
	machinePrefix = "machine-" // before the number of a machine
)

// testbed is a machine, and what was measured on it.
type testbed struct {
	machine   machine.Machine // as of the first result
	goes      []string        // versions of Go, in order of appearance
	pythons   []string        // what ran programs in Python, likewise
	pages     []string        // of huge pages, likewise
	layers    []string        // that confined runs, likewise
	results   int
	recorded  int                        // of the results
	counted   int                        // runs that count
	points    int                        // that were measured: modes, of a sweep at each value
	noisy     int                        // of the points
	overheads map[string][]time.Duration // by language
	loads     []float64
	taken     []time.Time
}

// measured is what the results of a course come from.
type measured struct {
	machines []*testbed // in the order of the programs
	rules    []string   // how often programs were to run, likewise
}

// gatherMeasured looks through the results of all programs.
func (s *Site) gatherMeasured() (all measured) {
	for _, l := range s.course.Lessons {
		for _, p := range l.Programs() {
			result := s.results[p.ID]
			if result == nil || len(result.Runs) == 0 {
				continue
			}
			i := slices.IndexFunc(all.machines, func(t *testbed) bool { return t.machine.Same(result.Machine) })
			if i < 0 {
				i = len(all.machines)
				all.machines = append(all.machines, &testbed{machine: result.Machine, overheads: make(map[string][]time.Duration)})
			}
			all.machines[i].add(result)
			if result.Rule != nil {
				all.rules = with(all.rules, result.Rule.String())
			}
		}
	}
	return all
}

// add takes a result into account.
func (t *testbed) add(r *runner.Result) {
	t.goes = with(t.goes, strings.Replace(r.Machine.Go, "go", "Go ", 1))
	t.pythons = with(t.pythons, r.Python)
	t.pages = with(t.pages, r.Machine.HugePages)
	for _, layer := range r.Layers {
		t.layers = with(t.layers, string(layer))
	}
	t.results++
	if r.Recorded {
		t.recorded++
	}
	t.counted += r.Counted()
	if r.Overhead > 0 {
		language := "Go"
		if r.Python != "" {
			language = "Python"
		}
		t.overheads[language] = append(t.overheads[language], r.Overhead)
	}
	if r.Load > 0 {
		t.loads = append(t.loads, r.Load)
	}
	if !r.Taken.IsZero() {
		t.taken = append(t.taken, r.Taken.UTC())
	}
	if r.Rule == nil {
		return
	}
	points := make(map[program.Point]bool)
	for _, run := range r.Runs {
		if run.Purpose == runner.Counted && run.Times == 0 {
			points[run.Point()] = true
		}
	}
	t.points += len(points)
	t.noisy += len(r.Noise)
}

// with returns all with one more, unless that is empty or there.
func with(all []string, one string) []string {
	if one = strings.TrimSpace(one); one == "" || slices.Contains(all, one) {
		return all
	}
	return append(all, one)
}

// machineHref returns what pages link to a machine by that results come from, or to the page where it is none of them.
func (s *Site) machineHref(m machine.Machine) string {
	for i, t := range s.measured().machines {
		if t.machine.Same(m) {
			return machinesName + "#" + machinePrefix + strconv.Itoa(i+1)
		}
	}
	return machinesName
}

// machineLink writes what is said of a machine as a link to all that is known of it; nothing where nothing is said.
func (s *Site) machineLink(w *markup.Writer, m machine.Machine, says string) {
	if says == "" {
		return
	}
	w.Raw("<a")
	w.Attr("href", s.machineHref(m))
	w.Raw(">")
	w.Text(says)
	w.Raw("</a>")
}

// machines draws the page on what the course was measured on.
func (s *Site) machines() ([]byte, error) {
	const summary = "What this was measured on, how, and what another machine may show."
	return s.page(document{name: machinesName, title: "What this was measured on", description: summary}, func(w *markup.Writer) error {
		w.Raw(`<div class="machines">
<h1>What this was measured on</h1>
<p class="crux">Every time and every size in this course was measured. Nobody typed one in. This page says on what, and how.</p>
`)
		all := s.measured()
		if len(all.machines) == 0 {
			w.Raw("<p>Nothing was measured yet: no cell of this course has a result. <code>course build</code> runs them.</p>\n")
		}
		for i, t := range all.machines {
			t.write(w, i, len(all.machines))
		}
		how(w, all.rules)
		elsewhere(w)
		w.Raw("</div>\n")
		return nil
	})
}

// write writes one of n machines.
func (t *testbed) write(w *markup.Writer, i, n int) {
	w.Raw("<section")
	w.Attr("id", machinePrefix+strconv.Itoa(i+1))
	w.Raw("><h2>The machine")
	if n > 1 {
		w.Raw(" number ")
		w.Int(i + 1)
	}
	w.Raw("</h2>\n<dl>\n")
	row := func(name string, says ...string) {
		says = slices.DeleteFunc(says, func(s string) bool { return s == "" })
		if len(says) > 0 {
			w.Raw("<div><dt>")
			w.Text(name)
			w.Raw("</dt><dd>")
			w.Text(strings.Join(says, ", "))
			w.Raw("</dd></div>\n")
		}
	}
	m := t.machine
	row("Processor", m.CPU, m.Arch)
	row("Cores", processors(m))
	if m.Memory > 0 {
		row("Memory", quantity.Bytes(m.Memory))
	}
	if m.MemoryLimit > 0 {
		row("A program may use", quantity.Bytes(m.MemoryLimit))
	}
	row("System", strings.TrimSpace(systemName(m.OS)+" "+m.Kernel))
	row("Transparent huge pages", t.pages...)
	row("Go", t.goes...)
	row("Python", t.pythons...)
	row("Cells were confined by", t.layers...)
	row("Results", t.provenance()...)
	for _, language := range []string{"Go", "Python"} {
		row("An empty program in "+language, between(t.overheads[language], duration))
	}
	row("Load average before", between(t.loads, func(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }))
	if t.points > 0 {
		row("Noisy", strconv.Itoa(t.noisy)+" of "+quantity.Count(t.points, "measured time"))
	}
	slices.SortFunc(t.taken, time.Time.Compare)
	if n := len(t.taken); n > 0 {
		row("When", between([]int64{t.taken[0].Unix(), t.taken[n-1].Unix()}, func(s int64) string { return time.Unix(s, 0).UTC().Format("2 Jan 2006, 15:04 UTC") }))
	}
	w.Raw("</dl></section>\n")
}

// between writes the least and the greatest of all, once where they are written alike; nothing of none.
func between[T cmp.Ordered](all []T, write func(T) string) string {
	if len(all) == 0 {
		return ""
	}
	low, high := write(slices.Min(all)), write(slices.Max(all))
	if low == high {
		return low
	}
	return low + " to " + high
}

// provenance says how many results there are, of how many runs, and who made them.
func (t *testbed) provenance() []string {
	says := []string{quantity.Count(t.results, "cell") + " with " + quantity.Count(t.counted, "run")}
	switch t.recorded {
	case 0:
		return append(says, "measured for this page")
	case t.results:
		return append(says, "recorded with the course")
	}
	return append(says, strconv.Itoa(t.recorded)+" of them recorded with the course")
}

// how writes how it was measured; rules say how often.
func how(w *markup.Writer, rules []string) {
	w.Raw(`<h2>How it was measured</h2>
<ul>
<li>A run is a whole program, in a new process, from before its start until it has ended. What an empty program takes is part of each time, and taken out of none.</li>
<li>The first run in each mode warms up and counts nowhere. Then the modes take turns, in an order that changes from round to round, so that what slows the machine slows all of them.</li>
`)
	if len(rules) > 0 {
		w.Raw("<li>How often was fixed before the first run, and nothing in it depends on which mode is quicker:\n<ul>\n")
		for _, rule := range rules {
			w.Raw("<li>")
			w.Text(rule)
			w.Raw("</li>\n")
		}
		w.Raw("</ul></li>\n")
	}
	w.Raw("<li>What is shown is the median. ")
	w.Text(fmt.Sprintf("The interval beside it covers the median of all runs that could be made with %g %%; of fewer than %d runs there is none.", 100*stats.Confidence, stats.LeastRuns))
	w.Raw("</li>\n<li>The times of a mode are shown, and called noisy, where\n<ul>\n")
	for _, rule := range runner.NoiseRules() {
		w.Raw("<li>")
		w.Text(rule)
		w.Raw("</li>\n")
	}
	w.Raw(`</ul></li>
<li>Of a machine is kept what stands on this page, and nothing else: no name of it or of its users, and no address.</li>
</ul>
`)
}

// elsewhere writes what a reader's machine may show, and how to ask it.
func elsewhere(w *markup.Writer) {
	w.Raw(`<h2>What your machine may show</h2>
<ul>
<li>Other times, all of them. What carries over is how times compare, and each verdict says where it may not.</li>
<li>With one core nothing is computed at the same time, whatever the mode. With more cores the lines of the charts go on climbing for longer. Two processors that share a core are less than two cores.</li>
<li>On a laptop, or where power is saved, a processor changes its speed while it works. In a virtual machine others take time that nobody sees here. Neither is recorded.</li>
<li>Starting a process usually takes longer on macOS and on Windows than on Linux, and memory is weighed on Linux alone.</li>
<li>Another version of Go or of Python may do better, or worse. That is a result, too.</li>
</ul>
<h2>How to measure on yours</h2>
<p>With the tool <code>course</code>, Go and, for cells in Python, <code>python3</code>: in the directory of the course</p>
<div class="listing"><pre tabindex="0"><code>course doctor   # what this machine has, and what it lacks
course build    # run the cells, and write these pages with what they show here
</code></pre></div>
<p>The lessons stay as they are. Numbers, charts and verdicts become those of your machine.</p>
`)
}
