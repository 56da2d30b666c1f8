// Package evidence weighs inline values and timings against results: the one place where the two meet before they are drawn.
package evidence

import (
	"time"

	"course/problem"
	"course/program"
)

// A Report is what the results say about a course.
type Report struct {
	Timings  map[string][]Timing        // program ID -> a timing for each mode of a measured program, in the order of its modes
	Tallies  map[string][]Tally         // program ID -> a tally for each mode of a program whose outcome varies
	Values   map[problem.Position]Value // lessons.Value.Position -> what the page shows in its place
	Problems problem.List               // positions are those of the lessons
}

// A Timing is how long the counted runs of a program in one mode took.
type Timing struct {
	Mode               program.Mode
	Outcome            program.Outcome // how these runs ended
	Runs               int             // how many: the warm-up is not counted
	Wall, User, System Summary
	CPU                Summary // User and System together, of all processes
	Noise              string  // why all of this means little, in words; empty where nothing was noticed
}

// A Summary is the median of several durations, and the interval that covers the median of all runs
// that could be made with a confidence of at least 95 %, from the order statistics. Where there are too
// few runs for that (fewer than 6), Low and High are the least and the greatest, and Covers is false.
type Summary struct {
	Median, Low, High time.Duration
	Covers            bool
}

// A Value is an inline value as it is shown.
type Value struct {
	Text  string // "41 ms", or "not measured" where there is no result
	Title string // what it is and how sure: "wall time of …, median of 9 runs, 95 % interval 40.9 ms to 42.3 ms"
	Known bool
}
