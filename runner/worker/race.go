//go:build race

package worker

import "sync/atomic"

const raceDetector = true

// A raceToken tells the race detector of what happens in shared memory, which it does not see: who gets
// hold of something after another let it go, sees what that one did. Many may let go of one thing before somebody
// gets hold of it, so that an Add it must be; that orders them among each other, too, which hides a race now and then.
type raceToken struct{ n atomic.Uint32 }

func (t *raceToken) letGo()   { t.n.Add(1) }
func (t *raceToken) getHold() { t.n.Load() }
