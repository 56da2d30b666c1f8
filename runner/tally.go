package runner

import (
	"strconv"
	"strings"

	"course/program"
	"course/runner/store"
)

// maxWays bounds the different outcomes at a point whose runs are kept.
const maxWays = 20

// keep takes note of a run. Of a program whose outcome varies it keeps the first of each kind, and counts the others; of a measured one
// what differs from the first counted run, for otherwise fifty runs are fifty times the same lines.
func (t *trial) keep(run Run) {
	if !t.program.Options.Vary.Outcome {
		if run.Purpose == Counted || run.Purpose == Replaced {
			way, first := wayOf(run), t.first[run.Point()]
			if run.Same = way == first; run.Same {
				run.Output.Lines = nil
			}
			if first == "" && run.Purpose == Counted {
				t.first[run.Point()] = way
			}
		}
		t.runs = append(t.runs, run)
		return
	}
	ways := t.ways[run.Point()]
	if ways == nil {
		ways = make(map[string]int)
		t.ways[run.Point()] = ways
	}
	way := wayOf(run)
	switch i, ok := ways[way]; {
	case ok:
		t.runs[i].Times++
	case len(ways) == maxWays:
		if t.others == nil {
			t.others = make(map[program.Point]int)
		}
		t.others[run.Point()]++
	default:
		ways[way] = len(t.runs)
		run.Times = 1
		t.runs = append(t.runs, run)
	}
}

// wayOf identifies how a run ended and what it printed: each stream in order of arrival, without times and process ids. Of a
// report of Go's runtime, or of package worker, only the first line counts: addresses and numbers in it differ by their nature.
func wayOf(run Run) string {
	var d store.Digest
	d.Add(string(run.Outcome.Kind), strconv.Itoa(run.Outcome.Exit))
	for _, stderr := range []bool{false, true} {
		d.Add("stream")
		for _, line := range run.Output.Lines {
			if line.Stderr != stderr {
				continue
			}
			d.Add(line.Worker, strconv.FormatBool(line.Gap), line.Text)
			if stderr && beginsReport(line.Text) {
				break
			}
		}
	}
	return d.Sum()
}

// beginsReport reports whether a line on standard error begins what is told of a program that dies, or has a data race.
func beginsReport(line string) bool {
	for _, begin := range []string{"panic: ", "fatal error: ", "worker: deadlock: ", "WARNING: DATA RACE"} {
		if strings.HasPrefix(line, begin) {
			return true
		}
	}
	return false
}
