package runner

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"course/program"
	"course/runner/build"
	"course/runner/store"
)

// A Reason says why a program has no result to show.
type Reason struct {
	ID      string   `json:"id"`                // the program's
	Kind    Why      `json:"why"`               // "kept" where there is a result
	Changes []Change `json:"changes,omitempty"` // where Kind is Changed: at least one

	Compiled bool `json:"compiled,omitempty"` // it is compiled, and not run: it has no main function
}

// Why is a kind of Reason.
type Why string

// The kinds.
const (
	Kept     Why = "kept"          // there is a result: nothing is to be run
	NeverRan Why = "never-ran"     // nothing is known of it: it never ran here, or what was known was removed
	Changed  Why = "changed"       // what its result depends on is not what it was the last time
	Removed  Why = "removed"       // its result was evicted, or removed with course clean
	Damaged  Why = "damaged"       // its result is there and cannot be read
	NoGo     Why = "no-toolchain"  // there is no go command
	Broken   Why = "broken"        // nothing is to be run: it is no program, for something is wrong with it that is a problem of the course
	NotAsked Why = "not-asked-yet" // the go command has to be asked what it is, or the machine what sandbox it has: see Runner.Ask
)

// A Change is an input that is not what it was when the program last had a result.
type Change struct {
	What string `json:"what"`           // "source", "timeout", "toolchain", "CPU"
	From string `json:"from,omitempty"` // what it was; empty where it was not given, or is too long to be shown
	To   string `json:"to,omitempty"`   // what it is
}

// String says it as the end of a sentence: "changed: source, timeout 10s → 1m0s".
func (r Reason) String() string {
	switch r.Kind {
	case Changed:
		changes := make([]string, len(r.Changes))
		for i, c := range r.Changes {
			changes[i] = c.String()
		}
		return "changed: " + strings.Join(changes, ", ")
	case Kept:
		return "nothing changed"
	case NeverRan:
		if r.Compiled {
			return "it was never compiled here"
		}
		return "it never ran here"
	case Broken:
		return "it is not run: see what is wrong with it"
	case Removed:
		return "its result was removed from the store"
	case Damaged:
		return "its result is damaged"
	case NoGo:
		return "there is no go command"
	case NotAsked:
		return "it was not asked yet what the toolchain is, or the sandbox"
	}
	return string(r.Kind)
}

// String gives the name, and the values where they can be shown.
func (c Change) String() string {
	switch {
	case c.From == "" && c.To == "":
		return c.What
	case c.From == "":
		return fmt.Sprintf("%s (now %s)", c.What, c.To)
	case c.To == "":
		return fmt.Sprintf("%s (was %s)", c.What, c.From)
	}
	return fmt.Sprintf("%s %s → %s", c.What, c.From, c.To)
}

// A history is what a program of some ID was last known to depend on.
type history struct {
	Key    string         `json:"key"`
	Inputs []historyInput `json:"inputs"`
}

// A historyInput is an input in brief.
type historyInput struct {
	Name string `json:"name"`
	Hash string `json:"hash"`           // of its value
	Text string `json:"text,omitempty"` // its value's first line, where that is short
}

// Why says of each program, in order, why Stored has no result of it. It compares what its result depends on
// with what the last one depended on that Stored found for the same ID and Course. It starts no process, and is safe for concurrent use.
func (r *Runner) Why(programs []program.Program) []Reason {
	r.init()
	reasons := make([]Reason, len(programs))
	toolchain, err := build.KnownToolchain(r.shelf, r.Go)
	t := r.terms(toolchain, r.knownPython(programs))
	for i, p := range programs {
		reasons[i] = Reason{ID: p.ID, Compiled: len(p.Options.Modes) == 0}
		switch {
		case errors.Is(err, build.ErrNotAsked), err == nil && t.unknown(p, r.trusts(p)):
			reasons[i].Kind = NotAsked
		case err != nil:
			reasons[i].Kind = NoGo
		default:
			reasons[i].Kind, reasons[i].Changes = r.why(p.ID, t.inputs(p, r.trusts(p)))
		}
	}
	return reasons
}

func (r *Runner) why(id string, now inputs) (Why, []Change) {
	var result Result
	var last history
	key := now.key()
	if r.shelf.Load(store.Results, key, &result) && result.Key == key {
		return Kept, nil
	}
	switch there := r.shelf.Load(store.History, r.historyKey(id), &last); {
	case r.shelf.Holds(store.Results, key):
		return Damaged, nil
	case !there:
		return NeverRan, nil
	case last.Key == key:
		return Removed, nil
	}
	return Changed, changes(last.Inputs, now.brief())
}

// note keeps what the program of that ID, which has a result, depends on.
func (r *Runner) note(id string, now inputs, key string) {
	var last struct { // of a history
		Key string `json:"key"`
	}
	at := r.historyKey(id)
	if noted, ok := r.noted.Swap(at, key); ok && noted == key || r.shelf.Load(store.History, at, &last) && last.Key == key {
		return
	}
	_ = r.shelf.Save(store.History, at, history{key, now.brief()}) // it has JSON
}

// historyKey tells cells of one name in several courses apart.
func (r *Runner) historyKey(id string) string {
	var d store.Digest
	d.Add(r.Course, id)
	return d.Sum()
}

// changes compares inputs by their names, in the order in which they are now.
func changes(last, now []historyInput) []Change {
	var list []Change
	for _, n := range now {
		if l := named(last, n.Name); l.Hash != n.Hash {
			list = append(list, changed(l, n))
		}
	}
	for _, l := range last {
		if named(now, l.Name).Name == "" {
			list = append(list, changed(l, historyInput{Name: l.Name}))
		}
	}
	return list
}

func changed(from, to historyInput) Change {
	c := Change{What: to.Name}
	if from.Text != to.Text { // else they differ where it does not show
		c.From, c.To = from.Text, to.Text
	}
	return c
}

// named returns the input of that name, or the zero value.
func named(list []historyInput, name string) historyInput {
	i := slices.IndexFunc(list, func(i historyInput) bool { return i.Name == name })
	if i < 0 {
		return historyInput{}
	}
	return list[i]
}

// maxBrief is the length in bytes of what is shown of an input: less than a hash has, which says nothing.
const maxBrief = 60

// brief returns the inputs as they are kept.
func (l inputs) brief() []historyInput {
	list := make([]historyInput, len(l))
	for i, in := range l {
		list[i] = historyInput{Name: in.name, Hash: store.Checksum([]byte(in.value))[:32]}
		if line, _, _ := strings.Cut(strings.TrimSpace(in.value), "\n"); len(line) <= maxBrief && utf8.ValidString(line) {
			list[i].Text = line
		}
	}
	return list
}
