package worker

import (
	"runtime"
	"runtime/debug"
)

// A collector counts garbage collections where somebody listens. Go calls nobody when it has collected, but finalizers: that of a
// collector, which nothing refers to, comes after each collection, and makes it one that waits for the next. What was collected
// right before the process ends may stay unsaid.
type collector struct {
	told  int64 // how many are in the log
	stats debug.GCStats
}

func countCollections() { runtime.SetFinalizer(new(collector), (*collector).collected) }

func (c *collector) collected() {
	debug.ReadGCStats(&c.stats)
	events.collections.Add(uint64(c.stats.NumGC - c.told))
	c.told = c.stats.NumGC
	runtime.SetFinalizer(c, (*collector).collected)
}
