package runner

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"course/stats"

	"course/program"
	"course/runner/machine"
	"course/runner/sandbox"
	"course/runner/store"
)

// Version is that of results as JSON, which docs/result.schema.json describes. It is raised when what is there changes its meaning or goes, not
// when something is added.
const Version = 8

// format is part of each key: what is stored, and what it depends on, changes its meaning with it.
var format = "course result " + strconv.Itoa(Version)

// terms are what a result depends on beside its program.
type terms struct {
	toolchain string // its identity
	worker    string // hash of package worker's source
	cc        string // the C compiler; empty where there is none
	python    python // that python cells run with
	machine   machine.Machine
	budget    Budget
	layers    []sandbox.Layer // that confine programs that are not trusted
	unasked   bool            // nobody knows the layers
}

// An input is one of the things that a result depends on, under a name that says to people what it is.
type input struct{ name, value string }

// inputs are all that a result depends on: what its key is made of, and what Why compares. Names are
// distinct. An option that is not given has none, so that a new option leaves the keys of those that do without it as they are.
type inputs []input

func (l *inputs) add(name, value string) { *l = append(*l, input{name, value}) }

// key hashes them.
func (l inputs) key() string {
	var d store.Digest
	for _, p := range l {
		d.Add(p.name, p.value)
	}
	return d.Sum()
}

// unknown reports whether nobody has asked yet what the result of p depends on.
func (t terms) unknown(p program.Program, trusted bool) bool {
	return t.unasked && !trusted || t.python.unasked && p.Options.Language == program.Python
}

// key identifies what shapes the result of p, which is trusted or runs in the sandbox.
func (t terms) key(p program.Program, trusted bool) string { return t.inputs(p, trusted).key() }

// inputs lists everything that shapes the result of p. Its ID does not: a lesson may be renamed.
func (t terms) inputs(p program.Program, trusted bool) inputs {
	l := inputs{
		{"format of results", format},
		{"source", p.Source},
	}
	if p.Options.Language == program.Python {
		identity := t.python.Identity()
		if t.unreachable(p, trusted) != "" {
			identity = ""
		}
		l.add("python3", identity)
	} else {
		l.add("toolchain", t.toolchain)
		l.add("package worker", t.worker)
	}
	l = append(
		l,
		input{"operating system", t.machine.OS},
		input{"architecture", t.machine.Arch},
		input{"sandbox", confinement(trusted || len(p.Options.Modes) == 0, t.layers)}, // what is only compiled needs none
	)
	l.options(p.Options)
	if p.Options.Race {
		l.add("C compiler", t.cc)
	}
	if rule := t.budget.rule(p.Options); rule != nil {
		l.add("number of runs", rule.String())
		if t.budget.Course > 0 { // what is left of it depends on what ran before
			l.add("budget of the course", t.budget.Course.String())
		}
	}
	if p.Options.Measure || p.Options.Vary.Outcome {
		l.add("CPU", t.machine.CPU)
		l.add("kernel", t.machine.Kernel)
		l.add("cores", strconv.Itoa(t.machine.Cores))
		l.add("threads per core", strconv.Itoa(t.machine.ThreadsPerCore))
		l.add("processor quota", strconv.FormatFloat(t.machine.Quota, 'g', -1, 64))
		l.add("memory", strconv.FormatInt(t.machine.Memory, 10)+" bytes")
		l.add("memory limit", strconv.FormatInt(t.machine.MemoryLimit, 10)+" bytes")
	}
	return l
}

// options adds an input for each option.
func (l *inputs) options(o program.Options) {
	l.add("modes", fmt.Sprint(o.Modes))
	l.add("timeout", timeout(o).String())
	if o.Measure {
		l.add("measured", "yes")
	}
	if o.Weigh {
		l.add("weighed", strconv.Itoa(stats.LeastRuns)+" times")
	}
	if o.Vary.Outcome {
		l.add("outcome", "varies")
	}
	if o.Vary.Order {
		l.add("order of lines", "varies")
	}
	if len(o.Vary.Masks) > 0 {
		l.add("masks", fmt.Sprintf("%q", o.Vary.Masks))
	}
	for _, name := range slices.Sorted(maps.Keys(o.Params)) {
		l.add("parameter "+name, o.Params[name])
	}
	if s := o.Sweep; s != nil {
		var values []string
		for _, value := range s.Values {
			values = append(values, s.Text(value))
		}
		l.add("sweep of "+s.Name, strings.Join(values, ", "))
	}
	if o.Race {
		l.add("race", "on")
	}
	for _, m := range o.Modules.Require {
		l.add("module "+m.Path, m.Version)
	}
	if o.Modules.Sums != "" {
		l.add("sums of modules", o.Modules.Sums)
	}
	if o.Procs > 0 {
		l.add("procs", strconv.Itoa(o.Procs))
	}
	if len(o.Env) > 0 {
		l.add("env", fmt.Sprintf("%q", o.Env))
	}
	if o.Stdin != nil {
		l.add("stdin", *o.Stdin)
	}
	for _, name := range slices.Sorted(maps.Keys(o.Files)) {
		l.add("file "+name, o.Files[name])
	}
	for _, mode := range slices.Sorted(maps.Keys(o.Output)) {
		out := o.Output[mode] // its line is where problems are reported
		l.add("output stated for "+string(mode), fmt.Sprintf("line %d, unordered %t: %s", out.Line, out.Unordered, out.Text))
	}
	for _, mode := range slices.Sorted(maps.Keys(o.Expect)) {
		l.add("ending expected for "+string(mode), fmt.Sprintf("%+v", []program.Outcome(o.Expect[mode])))
	}
}
