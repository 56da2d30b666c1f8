package runner

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"course/program"
)

// What a timeline holds at most: what a program reports is not trusted.
const (
	maxSpans = 4096
	maxName  = 256 // bytes of a worker's name
)

// A timeline makes spans of the records that package worker sends. Records that cannot be read, or
// cannot be true, are ignored; one from the future counts as of now. The zero value is ready; it is not safe for concurrent use.
type timeline struct {
	start int64 // of the run, on clock
	spans []*Span
	byID  map[string]*Span
}

// unknown is a moment that did not come to pass.
const unknown time.Duration = -1

// record takes one record: tab-separated fields with names quoted as Go strings.
//
//	asked  ID TIME PID MODE NAME PARENT
//	began  ID TIME PID
//	ended  ID TIME PID
//	died   ID TIME PID
//	joined ID TIME PID
//
// It returns the process in which a worker ended, if that is what the record says: of what a process
// sends, "joined" may be there before the other's "ended".
func (t *timeline) record(text string) (ended int) {
	fields := strings.Split(strings.TrimSuffix(text, "\n"), "\t")
	if len(fields) < 4 {
		return 0
	}
	at, err := strconv.ParseInt(fields[2], 10, 64)
	pid, perr := strconv.Atoi(fields[3])
	if err != nil || perr != nil || at < t.start || pid <= 0 {
		return 0
	}
	// A record that is here was sent: where clocks differ, and elsewhere than on Linux they may, what it
	// tells lies ahead of ours, and is no less true.
	moment := time.Duration(min(at, clock()) - t.start)
	switch s := t.byID[fields[1]]; {
	case fields[0] == "asked" && len(fields) == 7 && s == nil:
		t.asked(fields, moment, pid)
	case len(fields) != 4 || s == nil:
	default:
		s.record(fields[0], moment, pid)
		if fields[0] != "began" {
			return s.Pid
		}
	}
	return 0
}

// asked begins a span.
func (t *timeline) asked(fields []string, moment time.Duration, pid int) {
	mode := program.Mode(fields[4])
	name, err := strconv.Unquote(fields[5])
	parent, perr := strconv.Unquote(fields[6])
	if err != nil || perr != nil || len(name) > maxName || len(parent) > maxName || len(fields[1]) > maxName ||
		!slices.Contains(program.Modes(), mode) || len(t.spans) == maxSpans {
		return
	}
	if t.byID == nil {
		t.byID = make(map[string]*Span)
	}
	span := &Span{
		Worker: strings.ToValidUTF8(name, "\uFFFD"), Parent: strings.ToValidUTF8(parent, "\uFFFD"), Mode: mode,
		Pid: pid, Asked: moment, Began: unknown, Ended: unknown, Joined: unknown,
	}
	t.spans = append(t.spans, span)
	t.byID[fields[1]] = span
}

// record takes the moment of a step, once for each, and no step before the ones that precede it.
func (s *Span) record(step string, moment time.Duration, pid int) {
	if moment < max(s.Asked, s.Began, s.Ended) {
		return
	}
	switch {
	case step == "began" && s.Began == unknown && s.Ended == unknown:
		s.Began, s.Pid = moment, pid
	case step == "ended" && s.Ended == unknown:
		s.Ended = moment
	case step == "died" && s.Ended == unknown:
		s.Ended, s.Died = moment, true
	case step == "joined" && s.Joined == unknown:
		s.Joined = moment
	}
}

// list returns the spans in the order in which they were asked for.
func (t *timeline) list() []Span {
	var list []Span
	for _, s := range t.spans {
		list = append(list, *s)
	}
	slices.SortStableFunc(list, func(a, b Span) int { return int(a.Asked - b.Asked) })
	return list
}
