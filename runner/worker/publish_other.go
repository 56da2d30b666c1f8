//go:build !amd64

package worker

import "sync/atomic"

// publish stores a word after all that was stored before.
func publish(w *atomic.Uint64, value uint64) { w.Store(value) }
