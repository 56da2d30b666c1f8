package runner

import (
	"fmt"
	"math"
	"strings"

	"course/program"
	"course/stats"
)

// What makes the times of a mode noisy. docs/decisions/measuring.md says why these.
const (
	wideInterval   = 0.3   // of the median: an interval that wide says little
	disturbedShare = 0.25  // of the counted runs: the median bears as many
	driftAlpha     = 0.001 // how seldom the halves of runs that do not drift seem to differ
	driftShare     = 0.1   // of the median of the first half: modes take turns, so that less is the same to all of them
)

// NoiseRules says to people when times are noisy, each as the end of a sentence.
func NoiseRules() []string {
	return []string{
		fmt.Sprintf("more than %g %% of the runs that count were disturbed by others", 100*disturbedShare),
		fmt.Sprintf("the interval is more than %g %% of the median wide", 100*wideInterval),
		fmt.Sprintf("the runs drift: the second half took longer than the first, or less, by more than %g %%, and by more than chance explains (p < %g)", 100*driftShare, driftAlpha),
	}
}

// noise says of each point why the times there mean little, as Result.Noise has it.
func noise(points []program.Point, runs []Run) map[program.Point]string {
	var all map[program.Point]string
	for _, at := range points {
		if why := noiseOf(counted(runs, at)); why != "" {
			if all == nil {
				all = make(map[program.Point]string)
			}
			all[at] = why
		}
	}
	return all
}

// noiseOf says why the times of runs at one point, in the order in which they were made, mean little.
func noiseOf(runs []Run) string {
	var why []string
	disturbed, by := 0, ""
	for _, run := range runs {
		if run.Disturbed != "" {
			if disturbed++; by == "" {
				by = run.Disturbed
			}
		}
	}
	if float64(disturbed) > disturbedShare*float64(len(runs)) {
		why = append(why, fmt.Sprintf("%d of %d runs were disturbed: %s", disturbed, len(runs), by))
	}
	all := walls(runs)
	if m := stats.Median(all); m.Covers && m.Width() > wideInterval {
		why = append(why, fmt.Sprintf("the interval is %.0f %% of the median wide", 100*m.Width()))
	}
	if d := drift(all); d != 0 {
		word := "longer"
		if d < 0 {
			word = "less"
		}
		why = append(why, fmt.Sprintf("the second half of the runs took %.0f %% %s than the first", 100*math.Abs(d), word))
	}
	return strings.Join(why, "; ")
}

// drift returns by which share of it the median of the second half of values differs from that of the first, where that is no
// chance and more than driftShare; else 0. Of fewer than fourteen values no test can tell.
func drift(values []float64) float64 {
	half := len(values) / 2
	first, second := values[:half], values[len(values)-half:]
	before, after := stats.Median(first).Median, stats.Median(second).Median
	if before <= 0 {
		return 0
	}
	d := after/before - 1
	if math.Abs(d) <= driftShare || stats.Differ(first, second) >= driftAlpha {
		return 0
	}
	return d
}
