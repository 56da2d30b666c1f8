package runner

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"course/program"
)

// What a timeline holds at most: what a program reports is not trusted, and a page shows no more.
const (
	maxSpans     = 4096
	maxSpanWaits = 256
	maxWaits     = 16 << 10 // of all spans
)

// A timeline makes spans of what package worker reports. Events that cannot be true are ignored; one from
// the future counts as of the end. It is not safe for concurrent use.
type timeline struct {
	start int64 // of the run, on clock
	end   int64
	spans []*Span
	byID  map[workerID]*Span
	waits int
	cut   bool // not everything is there that was reported

	backend     string
	collections *int64 // nil where not known
}

// unknown is a moment that did not come to pass.
const unknown time.Duration = -1

// read takes all that was reported. Nobody reports any more, or it does not matter.
func (t *timeline) read(l *eventLog) error {
	if l == nil {
		return nil
	}
	events, dropped, err := l.all()
	t.cut = t.cut || dropped
	t.backend = l.backend()
	t.collections = l.collections()
	for _, e := range events {
		t.record(e)
	}
	return err
}

// record takes an event.
func (t *timeline) record(e event) {
	moment, ok := t.moment(e.at)
	s := t.byID[e.id]
	switch {
	case !ok:
	case e.kind == eventAsked:
		if s == nil {
			t.asked(e, moment)
		}
	case s == nil:
	case e.kind == eventWaited:
		if from, ok := t.moment(e.more); ok {
			t.waited(s, Wait{On: strings.ToValidUTF8(e.name, "\uFFFD"), From: from, To: moment})
		}
	default:
		s.record(e, moment)
	}
}

// moment returns when in the run something happened; false where that was before it. A record that is here
// was written: where clocks differ, and elsewhere than on Linux they may, what it tells lies ahead of ours,
// and is no less true.
func (t *timeline) moment(at int64) (time.Duration, bool) {
	return time.Duration(min(at, t.end) - t.start), at >= t.start
}

// asked begins a span.
func (t *timeline) asked(e event, moment time.Duration) {
	modes := []program.Mode{program.Serial, program.Goroutine, program.Thread, program.Process} // from 1
	if e.id.pid == 0 || e.id.pid > math.MaxInt32 || e.id.number == 0 || e.more < 1 || e.more > int64(len(modes)) {
		return
	}
	if len(t.spans) == maxSpans {
		t.cut = true
		return
	}
	if t.byID == nil {
		t.byID = make(map[workerID]*Span)
	}
	span := &Span{
		Worker: strings.ToValidUTF8(e.name, "\uFFFD"), Parent: strings.ToValidUTF8(e.parent, "\uFFFD"), Mode: modes[e.more-1],
		Pid: int(e.id.pid), Asked: moment, Began: unknown, Ended: unknown, Joined: unknown,
	}
	t.spans = append(t.spans, span)
	t.byID[e.id] = span
}

// waited adds a wait, which must lie within the span.
func (t *timeline) waited(s *Span, w Wait) {
	after, ok := follows(w.From, max(s.Asked, s.Began))
	if !ok || w.To < after || s.Ended != unknown && w.To > s.Ended+slack {
		return
	}
	if w.From = after; len(s.Waits) == maxSpanWaits || t.waits == maxWaits {
		s.MoreWaits++
		return
	}
	s.Waits = append(s.Waits, w)
	t.waits++
}

// record takes the moment of a step, once for each, and no step before the ones that precede it.
func (s *Span) record(e event, moment time.Duration) {
	moment, ok := follows(moment, max(s.Asked, s.Began, s.Ended))
	switch known := e.more > 0 && e.more <= math.MaxInt32; { // the process; where none could be started, it neither began nor died
	case !ok:
	case e.kind == eventBegan && s.Began == unknown && s.Ended == unknown && known:
		s.Began, s.Pid = moment, int(e.more)
	case e.kind == eventEnded && s.Ended == unknown:
		s.Ended = moment
	case e.kind == eventDied && s.Ended == unknown && known:
		s.Ended, s.Died = moment, true
	case e.kind == eventJoined && s.Joined == unknown:
		s.Joined = moment
	}
}

// slack is by how much the clocks of two processes may differ that are the same clock: see setClock of
// package worker.
const slack = time.Microsecond

// follows returns moment, or that before it where the clocks say that moment came first by no more than
// they may differ. It is false where that cannot be.
func follows(moment, before time.Duration) (time.Duration, bool) {
	return max(moment, before), moment >= before-slack
}

// list returns the spans in the order in which they were asked for.
func (t *timeline) list() []Span {
	var list []Span
	for _, s := range t.spans {
		list = append(list, *s)
	}
	slices.SortStableFunc(list, func(a, b Span) int { return cmp.Compare(a.Asked, b.Asked) })
	return list
}
