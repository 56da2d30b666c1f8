package transcript

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"course/program"
	"course/quantity"
	"course/runner"
)

// maxLanes bounds the workers of a mode that are drawn: beyond, a picture says no more.
const maxLanes = 8

// maxName is how much of a worker's name is shown.
const maxName = 16

// What a worker does at a moment, as it is drawn, and what it is called.
const (
	absent   = ' '
	starting = '·'
	running  = '█'
	waiting  = '─'
	died     = '✕'
	joined   = '│'
	open     = '▷'
)

// Timeline draws when the workers of a program lived and waited for others: in each mode those of the first run that counts, of a sweep at its last value, a line for
// each worker, all modes on one axis, and a legend. It is empty where there were no workers.
func Timeline(p program.Program, r runner.Result, s Style) string {
	var shown []runner.Run
	value, of := 0.0, ""
	if sweep := p.Options.Sweep; sweep != nil {
		value = sweep.Values[len(sweep.Values)-1]
		of = " with " + sweep.Named(value)
	}
	for _, mode := range modes(r.Runs) {
		if i := slices.IndexFunc(r.Runs, func(run runner.Run) bool {
			return run.Mode == mode && run.Value == value && run.Purpose == runner.Counted && len(run.Spans) > 0
		}); i >= 0 {
			shown = append(shown, r.Runs[i])
		}
	}
	if len(shown) == 0 {
		return ""
	}
	d := newDrawing(shown, s)
	var b strings.Builder
	b.WriteString(s.wrap("  ", "timeline of workers"+of+": name, process, and what each did"))
	for _, run := range shown {
		b.WriteString(d.mode(run))
	}
	return b.String() + d.axis() + d.legend()
}

// A drawing is a timeline in the making.
type drawing struct {
	style   Style
	names   int           // columns for names
	pids    int           // columns for process ids
	columns int           // of a bar
	end     time.Duration // of the axis
	used    map[rune]bool // what the legend explains
}

func newDrawing(shown []runner.Run, s Style) *drawing {
	d := &drawing{style: s, used: make(map[rune]bool)}
	for _, run := range shown {
		for _, span := range run.Spans[:min(len(run.Spans), maxLanes)] {
			d.names = max(d.names, utf8.RuneCountInString(s.fit(span.Worker, maxName)))
			d.pids = max(d.pids, len(strconv.Itoa(span.Pid)))
		}
		d.end = max(d.end, lastOf(run))
	}
	d.end = max(d.end, 1)
	d.columns = s.width() - len("    ") - d.names - len("  ") - d.pids - len("  ")
	return d
}

// lastOf returns when the last of a run's workers was over, or was joined: what came after that is nobody's.
func lastOf(run runner.Run) time.Duration {
	var last time.Duration
	for _, span := range run.Spans {
		over, _ := span.Over(run.End())
		last = max(last, over, span.Joined)
	}
	return last
}

// mode draws the workers of a run.
func (d *drawing) mode(run runner.Run) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s\n", run.Mode)
	for _, span := range run.Spans[:min(len(run.Spans), maxLanes)] {
		name := d.style.fit(span.Worker, maxName)
		name += strings.Repeat(" ", d.names-utf8.RuneCountInString(name))
		bar := d.bar(span, run.End())
		for _, r := range bar {
			d.used[r] = true
		}
		line := fmt.Sprintf("    %s  %*d  %s", name, d.pids, span.Pid, d.style.text(string(bar)))
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	if more := len(run.Spans) - maxLanes; more > 0 {
		b.WriteString(d.style.text(fmt.Sprintf("    … and %s\n", quantity.Count(more, "more worker"))))
	}
	if run.SpansCut {
		b.WriteString("    more happened than is known\n")
	}
	return b.String()
}

// bar draws the life of a worker: a column is what it did in the middle of that time, but running shows in any case, and so does
// where it died or was joined, and that it was there still when the run was over, at end.
func (d *drawing) bar(span runner.Span, end time.Duration) []rune {
	over, still := span.Over(end)
	bar := make([]rune, d.columns)
	for i := range bar {
		bar[i] = state(span, over, time.Duration((float64(i)+0.5)/float64(d.columns)*float64(d.end)))
	}
	if at := d.column(span.Began); span.Began >= 0 && !slices.Contains(bar, running) && !slices.Contains(bar, waiting) {
		bar[at] = running
	}
	if at := d.column(span.Joined); span.Joined >= 0 && bar[at] == absent {
		bar[at] = joined
	}
	if span.Died {
		bar[d.column(span.Ended)] = died
	}
	if still {
		bar[d.column(over)] = open
	}
	return bar
}

// column returns where a moment is in a bar.
func (d *drawing) column(at time.Duration) int {
	return min(max(int(float64(at)/float64(d.end)*float64(d.columns)), 0), d.columns-1)
}

// state returns what a worker that was there until over did at a moment.
func state(span runner.Span, over, at time.Duration) rune {
	switch {
	case span.Asked < 0, at < span.Asked, at > over:
		return absent
	case span.Began < 0, at < span.Began:
		return starting
	}
	if slices.ContainsFunc(span.Waits, func(w runner.Wait) bool { return w.From <= at && at < w.To }) {
		return waiting
	}
	return running
}

// axis writes the ends of the time axis below the bars.
func (d *drawing) axis() string {
	from, to := "0", d.style.text(quantity.Duration(d.end, 0))
	indent := d.style.width() - d.columns
	return strings.Repeat(" ", indent) + from + strings.Repeat(" ", max(d.columns-len(from)-utf8.RuneCountInString(to), 1)) + to + "\n"
}

// legend explains what was drawn.
func (d *drawing) legend() string {
	var items []string
	for _, item := range []struct {
		mark rune
		name string
	}{
		{starting, "being started"},
		{running, "running"},
		{waiting, "waiting for others"},
		{died, "died"},
		{joined, "joined"},
		{open, "ended with the run"},
	} {
		if d.used[item.mark] {
			items = append(items, d.style.text(string(item.mark))+" "+item.name)
		}
	}
	var lines []string
	for _, item := range items {
		if last := len(lines) - 1; last >= 0 && utf8.RuneCountInString(lines[last]+"   "+item) <= d.style.width() {
			lines[last] += "   " + item
		} else {
			lines = append(lines, "  "+item)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}
