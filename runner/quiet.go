package runner

import (
	"runtime"
	"runtime/metrics"
)

// quietBytes is what the tool may allocate while a program runs that prints little: an eighth of it, with room for what it does beside.
const quietBytes = 1 << 20

// collectBeforehand collects garbage where the tool would otherwise do so within the next quietBytes: the collector works on a quarter of the
// processors, which a measured run that is about to begin may want.
func collectBeforehand() {
	if headroom() < quietBytes {
		runtime.GC()
	}
}

// headroom is how many bytes the tool may allocate at least before it collects garbage. The collector begins before its goal, and not before it is
// 70 % of the way there from what was alive (minTriggerRatioNum in runtime/mgcpacer.go).
func headroom() uint64 {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/heap/goal:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(samples)
	live, goal, used := samples[0].Value.Uint64(), samples[1].Value.Uint64(), samples[2].Value.Uint64()
	if begins := live + (goal-live)/10*7; used < begins {
		return begins - used
	}
	return 0
}
