// Package processes says who is alive on this machine and what memory they hold, as Linux tells it in /proc, and kills them with what they have
// started. Elsewhere it has nothing to say.
package processes

import "time"

// Pause returns the time between a look of that cost and the next one. It is short enough that a program which takes memory as fast as
// it can gets a few hundred MiB beyond its limit, and so long that it would not show in a measurement: a look costs no
// more than one part in two hundred of a processor's time, unless there are so many processes that it takes long.
func Pause(cost time.Duration) time.Duration {
	return min(max(50*time.Millisecond, 200*cost), LongestPause)
}

// LongestPause is the time between looks that cost much.
const LongestPause = 250 * time.Millisecond
