package worker

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// DeadlockStatus is the exit status of a program whose workers wait for each other and for nobody else:
// EDEADLK, as Linux numbers it. Go's own report, which has status 2, does not know of them: a thread that
// waits in the kernel could be woken by another process.
const DeadlockStatus = 35

// Who sleeps tells so in the table of slots. Each process that has sleepers looks at it from time to
// time, and says there whether all its goroutines sleep. The first process finds those whom nobody wakes.

// watchPeriod is the time between two looks. A deadlock is found within a second.
const watchPeriod = 100 * time.Millisecond

// watching is set while a next look is due. None is where nothing changes and nobody sleeps in the
// kernel: Go's own report does not come as long as a timer runs.
var watching atomic.Bool

// watch has the next look come, as somebody goes to sleep.
func watch() {
	if !watching.Load() && watching.CompareAndSwap(false, true) {
		time.AfterFunc(watchPeriod, new(watcher).look)
	}
}

// A watcher is what a process remembers from one look to the next.
type watcher struct {
	changes  uint32
	suspects []suspect
	since    int // looks that found just these
}

// How many looks must agree on a ring, and on it that all sleep. What one look sees together need never
// have been so. And the function of a timer (time.AfterFunc) may wake somebody: nobody but the
// runtime knows of timers. So there is patience for those that come soon.
const (
	looksAtRing = 1
	looksAtAll  = 6
)

// A suspect is a sleep that nobody seemed able to end.
type suspect struct{ slot, times uint32 }

func (w *watcher) look() {
	in := itself.token().slot()
	changes := in.changes.Load()
	quiet := allAsleep()
	quiet = allAsleep() && quiet // Go does not count in one step where goroutines begin and end meanwhile
	if quiet && in.changes.Load() == changes {
		if changes == w.changes {
			tellSite()
		}
		in.quiet.Store(changes + 1)
	} else {
		in.quiet.Store(0)
	}
	more := changes != w.changes || !quiet && asleepInKernel.Load() > 0
	if !self.worker {
		found, f := findDeadlock()
		if !slices.Equal(found, w.suspects) {
			w.suspects, w.since = found, 0
		}
		w.since++
		if len(found) > 0 && (w.since > looksAtAll && !stirring() || f.running && w.since > looksAtRing) {
			endInDeadlock(found, f.running)
		}
		more = more || f.processes > 1 || len(found) > 0
	}
	w.changes = changes
	if more {
		time.AfterFunc(watchPeriod, w.look)
		return
	}
	watching.Store(false)
	if in.changes.Load() != changes { // by somebody who saw us watching still
		watch()
	}
}

// allAsleep reports whether all goroutines of this process sleep, but for the one that asks.
func allAsleep() bool {
	changes := backgroundChanges.Load()
	count := int(backgrounds.Load()) + int(asleep.Load()) + 1
	return runtime.NumGoroutine() == count && goroutines() == count && backgroundChanges.Load() == changes
}

// goroutines counts as runtime.NumGoroutine does, but with those in which finalizers and cleanups run. It stops
// them all for that.
func goroutines() int {
	var one [1]runtime.StackRecord // with none they are not counted
	n, _ := runtime.GoroutineProfile(one[:])
	return n
}

// stirring reports whether a process of the program is about to do something, or would if the system let it: it was
// stopped, waits for a processor, or has ended and was not reaped.
func stirring() (yes bool) {
	slots(func(n uint32, s *slot) {
		if p := int(s.pid.Load()); s.process.Load() == n && s.state.Load()&3 == alive && p != pid && !yes {
			yes = isStirring(p)
		}
	})
	return yes
}

// findDeadlock returns the sleeps that nobody can end, as it looks.
func findDeadlock() (found []suspect, f finder) {
	nameTargets()
	slots(f.add)
	for more := true; more; {
		more = false
		for n, w := range f.waits {
			if !w.saved && f.saves(w) {
				w.saved, more = true, true
				f.waits[n] = w
				f.goingOn[book().table[n].process.Load()] = true
			}
		}
	}
	for n, w := range f.waits {
		if !w.saved {
			found = append(found, suspect{n, book().table[n].sleep.times.Load()})
		}
	}
	slices.SortFunc(found, func(a, b suspect) int { return int(a.slot) - int(b.slot) })
	return found, f
}

// nameTargets gives slots to the workers of this process for whose end others wait, so that they have names.
func nameTargets() {
	name := func(a *agent) {
		c := a.joins.Load()
		if c == nil {
			return
		}
		if t, of := token(a.number.Load()), c.agent.number.Load(); t != 0 && of == 0 && c.alive() {
			t.slot().sleep.target.Store(uint32(c.agent.token()))
		} else if t != 0 {
			t.slot().sleep.target.Store(of)
		}
	}
	name(itself)
	eachAgent(name)
}

// A finder collects who waits for whom.
type finder struct {
	processes int
	running   bool // somebody goes on, or will, and may wake all who do not wait for somebody in particular
	waits     map[uint32]wait
	goingOn   map[uint32]bool // processes in which a wait will end
}

// A wait is that of one slot.
type wait struct {
	on    token // who alone can end it; 0 where that could be many
	saved bool  // it will end
}

func (f *finder) add(n uint32, s *slot) {
	if s.state.Load()&3 != alive {
		return
	}
	if s.process.Load() == n {
		f.processes++
		f.running = f.running || !s.isQuiet()
	}
	f.running = f.running || n == anybody
	on, asleep, ends := s.sleep.waitsOn()
	switch {
	case ends:
		f.running = true
	case s.sleep.reason() == idling: // who has nothing to do keeps nobody waiting
	case asleep:
		if f.waits == nil {
			f.waits, f.goingOn = make(map[uint32]wait), make(map[uint32]bool)
		}
		if on.number() == n { // it holds the lock itself: then another may be going to unlock it
			on = 0
		}
		f.waits[n] = wait{on: on}
	}
}

// isQuiet reports whether all goroutines of the process s sleep.
func (s *slot) isQuiet() bool {
	quiet := s.quiet.Load()
	return quiet != 0 && quiet == s.changes.Load()+1
}

// waitsOn returns who alone can end a sleep, 0 where that could be many, and whether it is about to end
// or can end by itself.
func (s *sleep) waitsOn() (on token, asleep, ends bool) {
	why := s.reason()
	switch {
	case why == awake:
		return 0, false, false
	case s.why.Load()&canEnd != 0:
		return 0, true, true
	case why == pooling || why == idling:
		return 0, true, false
	case why == joining:
		on = token(s.target.Load())
		return on, true, on != 0 && on.condition() != alive
	}
	value := at[word](offset(s.word.Load())).Load()
	if why == locking {
		on = token(value)
		if on != 0 && on.condition() == free { // it went without letting go: another can do that
			return 0, true, false
		}
		return on, true, on == 0 || on.condition() == dead
	}
	return 0, true, value != s.value.Load()
}

// saves reports whether somebody will end w.
func (f *finder) saves(w wait) bool {
	if w.on == 0 {
		return f.running
	}
	process := w.on.slot().process.Load()
	on, asleep := f.waits[w.on.number()]
	if asleep && w.on.number() != process {
		return on.saved
	}
	// What a process does by no worker of its own may be done by any of its goroutines.
	in := &book().table[process]
	return !in.isQuiet() || f.goingOn[process] || !asleep && f.running
}

// endInDeadlock reports who waits for what, and ends the program.
func endInDeadlock(found []suspect, running bool) {
	var b strings.Builder
	if running {
		b.WriteString("worker: deadlock: these wait for each other, and nobody else can wake them\n")
	} else {
		b.WriteString("worker: deadlock: all wait, and nobody is left who could wake them\n")
	}
	slices.SortStableFunc(found, func(a, b suspect) int {
		x, y := book().table[a.slot].label(), book().table[b.slot].label()
		return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)) // worker 10 comes after worker 9
	})
	for _, f := range found[:min(len(found), mostReported)] {
		b.WriteString("\t" + book().table[f.slot].plight(f.slot, found) + "\n")
	}
	if more := len(found) - mostReported; more > 0 {
		fmt.Fprintf(&b, "\tand %d more\n", more)
	}
	if !running {
		b.WriteString("\t(Timers are not seen: give a wait that the function of one is to end a context.)\n")
	}
	if serialWorkers() {
		b.WriteString("\tIn mode serial a worker does its work inside Start: nobody else is there meanwhile.\n")
	}
	if here := sites(); len(here) > 1 {
		fmt.Fprintf(&b, "\tIn process %d they wait at %s\n", pid, strings.Join(here, ", "))
	}
	_, _ = os.Stderr.WriteString(b.String())
	os.Exit(DeadlockStatus)
}

// mostReported is how many are named at most.
const mostReported = 20

// plight tells in a line what the owner of slot n, which is s, holds and waits for.
func (s *slot) plight(n uint32, found []suspect) string {
	var holds []string
	for _, other := range found {
		sleep := &book().table[other.slot].sleep
		if sleep.reason() != locking {
			continue
		}
		o := at[object](offset(sleep.object.Load()))
		if label := o.label(); token(o.words[0].Load()) == s.token(n) && !slices.Contains(holds, label) {
			holds = append(holds, label)
		}
	}
	text := s.who()
	if len(holds) > 0 {
		text += " holds " + strings.Join(holds, " and ") + " and"
	}
	text += " waits " + s.sleep.what()
	if site := untilZero(s.site[:]); site != "" {
		text += ", at " + site
	}
	return text
}

// who names the owner of s, with its process where that is not this one.
func (s *slot) who() string {
	if p := int(s.pid.Load()); p != pid {
		return fmt.Sprintf("%s (process %d)", s.label(), p)
	}
	return s.label()
}

// what tells for what a sleeper waits.
func (s *sleep) what() string {
	switch t := token(s.target.Load()); {
	case s.reason() == pooling:
		return "for its pool"
	case s.reason() == joining && t != 0:
		return "for the end of " + t.slot().label()
	case s.reason() == joining:
		return "for the end of a worker"
	}
	o := at[object](offset(s.object.Load()))
	switch name := o.label(); s.reason() {
	case locking:
		switch holder := token(o.words[0].Load()); holder.condition() {
		case alive:
			return "for " + name + ", which " + holder.slot().label() + " holds"
		default:
			return "for " + name + ", which a worker holds that has ended"
		}
	case noticing:
		return "for a signal on " + name
	case gathering:
		return "for the others at " + name
	case getting, receiving:
		return "for something in " + name
	case putting, sending:
		return "for room in " + name
	default:
		return "for " + name
	}
}

// serialWorkers reports whether a worker of this process runs inside Start.
func serialWorkers() (found bool) {
	eachAgent(func(a *agent) { found = found || a.core.mode == Serial })
	return found
}

// tellSite notes where a sleeper is, if it is the only one in this process: else nobody knows which is which.
func tellSite() {
	if asleep.Load() != 1 {
		return
	}
	here := sites()
	if len(here) != 1 {
		return
	}
	slots(func(_ uint32, s *slot) {
		if s.process.Load() == itself.token().number() && s.sleep.reason() != awake {
			clear(s.site[copy(s.site[:], cut(here[0], len(s.site))):])
		}
	})
}

// sites returns from where goroutines of this process came to wait in this package, as "file:line".
func sites() []string {
	buf := make([]byte, 1<<20)
	var found []string
	for trace := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		lines := strings.Split(trace, "\n")
		inside := false
		for i := 1; i+1 < len(lines); i += 2 {
			if strings.HasPrefix(lines[i], packagePath()+".Main(") {
				break // it waits for nothing: its process is a worker
			}
			if strings.HasPrefix(lines[i], packagePath()+".") {
				inside = true
				continue
			}
			if inside && !strings.HasPrefix(lines[i], "created by ") {
				site, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " ")
				found = append(found, filepath.Base(site))
				break
			}
			if !strings.HasPrefix(lines[i], "runtime.") && !strings.HasPrefix(lines[i], "syscall.") {
				break
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
