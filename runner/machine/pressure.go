package machine

import (
	"fmt"
	"strings"
	"time"
)

// A Pressure is what the system has counted up to a moment: two of them tell who else was there in between. The zero value is that of a system
// that does not count.
type Pressure struct {
	at         time.Time
	processors int           // of which idle and stolen are the sums; 0 where these are not known
	idle       time.Duration // for want of something to do
	stolen     time.Duration // by the hypervisor, for others than this machine
	waited     time.Duration // in which somebody waited for a processor, or several did; negative where it is not known
	throttles  int64         // how often a quota stopped this control group, or one above it
	throttled  time.Duration // for how long
	own        time.Duration // processor time of this process
}

// From what on a run counts as disturbed: fixed beforehand, for all machines.
const (
	// One part in twenty of all processor time moves a median by about as much, where there is no processor to spare.
	mostOthers = 0.05
	// What the hypervisor takes, it takes from who runs: fewer of it does the same.
	mostStolen = 0.02
	// What else the scheduler has threads wait for: those of one run, too, begin where the thread runs that started them.
	mostWaiting = 0.2

	// /proc/stat counts in ticks of 10 ms (USER_HZ), and cuts off the rest: of each count, so that a difference is wrong by up to one.
	// So who takes a processor is seen in runs of 30 ms and more; in shorter ones, only that somebody waited.
	tick        = 10 * time.Millisecond
	leastOthers = 3 * tick // of three counts
	leastStolen = 2 * tick
)

// Disturbance says for people what disturbed a run between two readings: "others took 30 % of the processors' time"; nothing where they did not. used is the processor time of the run, and of who
// supervised it.
//
// That somebody waited for a processor tells nothing by itself: a run with more threads than there are processors makes its own
// threads wait. But for that it has to keep all processors busy, so that of the time it used it can have caused only as much as
// that is for each of them.
//
// What is not seen: others who share a core, a cache or the memory's bandwidth but are not counted here, such as guests of the
// same host; and which of several control groups in a container's way is full, above its own.
func Disturbance(before, after Pressure, used time.Duration) string {
	var by []string
	took := after.at.Sub(before.at)
	add := func(share float64, format string, more ...any) {
		by = append(by, fmt.Sprintf(format, append([]any{100 * share}, more...)...))
	}
	used += after.own - before.own
	if n := after.processors; n > 0 && n == before.processors && took > 0 {
		all := time.Duration(n) * took
		stolen := after.stolen - before.stolen
		others := all - (after.idle - before.idle) - stolen - used
		waited, caused := float64(after.waited-before.waited)/float64(took), min(float64(used)/float64(all), 1)
		if share := float64(others) / float64(all); share > mostOthers && others > leastOthers {
			add(share, "others took %.0f %% of the processors' time")
		} else if before.waited >= 0 && after.waited >= 0 && waited > caused+mostWaiting { // who took them is not known
			add(min(waited, 1), "for %.0f %% of the time somebody waited for a processor, of which it can have caused %.0f %%", 100*caused)
		}
		if share := float64(stolen) / float64(all); share > mostStolen && stolen > leastStolen {
			add(share, "the hypervisor took %.0f %% of the processors' time")
		}
	}
	if n := after.throttles - before.throttles; n > 0 {
		by = append(by, fmt.Sprintf("a control group's quota stopped it %d times, for %v in all", n, (after.throttled-before.throttled).Round(time.Millisecond)))
	}
	return strings.Join(by, "; ")
}
