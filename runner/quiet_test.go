package runner

import (
	"runtime"
	"runtime/debug"
	"testing"
)

var sink []byte

// What is about to be collected is collected before a run, and what is not is left alone: a collection costs more than a short run.
func TestGarbageIsCollectedBeforeARun(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	collections := func() uint32 {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.NumGC
	}
	runtime.GC()
	before := collections()
	collectBeforehand()
	if n := collections() - before; n != 0 {
		t.Errorf("right after a collection there were %d more", n)
	}
	for headroom() >= quietBytes {
		sink = make([]byte, 64<<10)
	}
	before = collections()
	collectBeforehand()
	if collections() == before || headroom() < quietBytes {
		t.Errorf("%d collections, and %d bytes until the next", collections()-before, headroom())
	}
}
