package site

import (
	"cmp"
	"html"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"course/problem"
	"course/program"
	"course/quantity"
	"course/runner"
)

// A timeline shows when the workers of a run lived, in each mode, on one axis.
type timeline struct {
	Axis   axis
	Modes  []lanes
	Start  string // what becomes of a worker before it begins
	Deaths bool
	Waits  bool
	Ends   bool // some workers were there still when their run was over
	Open   bool
}

type lanes struct {
	Mode  look
	Says  string // what the drawing shows, in a sentence
	Lanes []lane
	Left  int  // workers that have no lane for want of room
	Cut   bool // more happened than is known
	Rows  []spanRow
}

// A lane is the life of a worker.
type lane struct {
	Worker  string
	Drawing template.HTML
}

type spanRow struct {
	Worker                      string
	Pid                         int
	Asked, Began, Ended, Joined string
	Waited                      string // "" where it never did
	End                         string
}

// maxLanes and maxRows bound a drawing and a table: beyond, a picture says no more.
const (
	maxLanes = 32
	maxRows  = 256
)

// newTimeline returns nil where no run of the given modes had workers.
func newTimeline(modes []program.Mode, shown map[program.Mode]*runner.Run) *timeline {
	var longest time.Duration
	for _, m := range modes {
		if run := shown[m]; run != nil {
			for _, s := range run.Spans {
				over, _ := s.Over(run.End())
				longest = max(longest, over, s.Joined)
			}
		}
	}
	t := &timeline{Axis: newAxis(longest), Start: "being started"}
	for _, m := range modes {
		run := shown[m]
		if run == nil || len(run.Spans) == 0 {
			continue
		}
		if m == program.Process {
			t.Start = "being started and, as a process, sent its argument"
		}
		l := lanes{Mode: lookOf(m), Says: sayLanes(m, run.Spans), Left: max(len(run.Spans)-maxLanes, 0), Cut: run.SpansCut}
		for _, s := range run.Spans[:min(len(run.Spans), maxLanes)] {
			l.Lanes = append(l.Lanes, lane{problem.Printable(s.Worker), drawLane(t.Axis, s, run.End())})
			_, open := s.Over(run.End())
			t.Ends = t.Ends || open
			t.Deaths = t.Deaths || s.Died
			t.Waits = t.Waits || len(s.Waits) > 0
		}
		for _, s := range run.Spans[:min(len(run.Spans), maxRows)] {
			l.Rows = append(l.Rows, newSpanRow(s))
		}
		t.Modes = append(t.Modes, l)
	}
	if len(t.Modes) == 0 {
		return nil
	}
	return t
}

// drawLane draws a worker's life: outlined until it began, solid while it ran, pale with a thin line while it
// waited for others, a line where it was joined, a cross where it died, a broken line where the run, which was over at ended, ended it. Its
// text says all of that.
func drawLane(a axis, s runner.Span, ended time.Duration) template.HTML {
	end, open := s.Over(ended)
	var b strings.Builder
	b.WriteString(`<svg class="lane" width="100%" height="16" role="img" aria-label="` + html.EscapeString(saySpan(s)) + `">` + a.grid)
	rect := func(class, y, height string, from, to time.Duration) {
		b.WriteString(`<rect class="` + class + `" x="` + a.percent(from) + `" y="` + y + `" width="` + a.percentBetween(from, to) + `" height="` + height + `"/>`)
	}
	if waited := s.Began; s.Asked >= 0 {
		if waited < 0 {
			waited = end
		}
		rect("asked", "3.5", "9", s.Asked, waited)
	}
	if s.Began >= 0 {
		rect("solid", "3", "10", s.Began, end)
		for _, w := range drawnWaits(s) {
			from, to := max(w.From, s.Began), min(w.To, end)
			rect("waited", "3", "10", from, to)
			rect("solid", "7", "2", from, to)
		}
	}
	if s.Joined >= 0 {
		at := a.percent(s.Joined)
		b.WriteString(`<line class="joined" x1="` + at + `" x2="` + at + `" y1="0" y2="16"/>`)
	}
	if open {
		at := a.percent(end)
		b.WriteString(`<line class="cut" x1="` + at + `" x2="` + at + `" y1="0" y2="16"/>`)
	}
	if s.Died {
		b.WriteString(`<text class="died" x="` + a.percent(end) + `" dx="4" y="13">✕</text>`)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

func newSpanRow(s runner.Span) spanRow {
	return spanRow{
		Worker: problem.Printable(s.Worker), Pid: s.Pid, End: spanEnd(s),
		Asked: moment(s.Asked), Began: beginning(s), Ended: moment(s.Ended), Joined: moment(s.Joined), Waited: sayWaits(s),
	}
}

// beginning writes when a worker began. Of one that ended all the same that may not be known.
func beginning(s runner.Span) string {
	if s.Began < 0 && s.Ended >= 0 {
		return "not known"
	}
	return moment(s.Began)
}

// moment writes a time of a span, whose negative says that it never came.
func moment(d time.Duration) string {
	if d < 0 {
		return "never"
	}
	return duration(d)
}

func spanEnd(s runner.Span) string {
	switch {
	case s.Died:
		return "died"
	case s.Ended >= 0:
		return "returned"
	case s.Began < 0:
		return "never began"
	case s.Joined >= 0:
		return "ended"
	}
	return "was ended with the run"
}

func saySpan(s runner.Span) string {
	waits := sayWaits(s)
	if on := sayPrimitives(s); waits != "" {
		waits = ", waited " + waits + ", for " + on
	}
	ended := spanEnd(s)
	if s.Ended >= 0 {
		ended = "ended " + moment(s.Ended) + ", " + ended
	}
	return problem.Printable(s.Worker) + ": asked for after " + moment(s.Asked) + ", began " + beginning(s) + waits + ", " + ended + ", joined " + moment(s.Joined)
}

// sayLanes says what a reader sees in the lanes of a mode: how many workers, how many of them were under
// way together (in their functions, which need not mean on a processor), how long it took until they
// began, and how long one of them waited for others. To a process its argument is sent before it begins.
func sayLanes(m program.Mode, spans []runner.Span) string {
	var slowest, waited time.Duration
	died, began := 0, 0
	for _, s := range spans {
		if s.Died {
			died++
		}
		waited = max(waited, timeWaited(s))
		if s.Began >= 0 {
			began++
			slowest = max(slowest, s.Began-max(s.Asked, 0))
		}
	}
	var b strings.Builder
	b.WriteString(lookOf(m).Name + ": " + quantity.Count(len(spans), "worker"))
	switch most := atOnce(spans); {
	case most > 1 && most == len(spans):
		b.WriteString(", all under way together")
	case most > 1:
		b.WriteString(", up to " + strconv.Itoa(most) + " under way together")
	case len(spans) > 1 && began > 0:
		b.WriteString(", one at a time")
	}
	switch {
	case began == 0:
	case m == program.Process:
		b.WriteString("; starting one and sending it its argument took up to " + duration(slowest))
	default:
		b.WriteString("; starting one took up to " + duration(slowest))
	}
	if waited > 0 {
		b.WriteString("; waiting for others took up to " + duration(waited))
	}
	if died > 0 {
		b.WriteString("; " + strconv.Itoa(died) + " died")
	}
	return b.String() + "."
}

// atOnce returns the greatest number of workers that ran at the same time.
func atOnce(spans []runner.Span) int {
	type change struct {
		at time.Duration
		by int
	}
	var changes []change
	for _, s := range spans {
		if s.Began < 0 {
			continue
		}
		changes = append(changes, change{s.Began, 1})
		if s.Ended >= 0 {
			changes = append(changes, change{s.Ended, -1})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.by, b.by)) })
	most, now := 0, 0
	for _, c := range changes {
		now += c.by
		most = max(most, now)
	}
	return most
}
