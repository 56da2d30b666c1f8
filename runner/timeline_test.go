package runner

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"course/program"
)

// timelineOf returns the timeline of events in a run from 1000 to 3000.
func timelineOf(events ...event) *timeline {
	line := &timeline{start: 1000, end: 3000}
	for _, e := range events {
		line.record(e)
	}
	return line
}

var w1, w2 = workerID{7, 1}, workerID{7, 2}

func TestTimelineOfEvents(t *testing.T) {
	const us = 1000
	line := &timeline{start: 1 * us, end: 30 * us}
	for _, e := range []event{
		{eventAsked, w1, 2 * us, 4, "w-1", ""},
		{eventAsked, w2, 4 * us, 3, "w\t2", "w-1"},
		{eventBegan, w1, 6 * us, 8, "", ""},
		{eventWaited, w1, 8 * us, 7 * us, "lock 1", ""},
		{eventWaited, w1, 9 * us, 8 * us, "\xff", ""},
		{eventJoined, w1, 12 * us, 8, "", ""},
		{eventEnded, w1, 10 * us, 8, "", ""},
		{eventJoined, w1, 13 * us, 8, "", ""}, // again
		{eventBegan, w2, 14 * us, 7, "", ""},
		{eventDied, w2, 16 * us, 7, "", ""},
		{eventEnded, w2, 18 * us, 7, "", ""}, // after it died
	} {
		line.record(e)
	}
	want := []Span{
		{
			Worker: "w-1", Mode: program.Process, Pid: 8, Asked: 1 * us, Began: 5 * us, Ended: 9 * us, Joined: 11 * us,
			Waits: []Wait{{"lock 1", 6 * us, 7 * us}, {"\uFFFD", 7 * us, 8 * us}},
		},
		{Worker: "w\t2", Parent: "w-1", Mode: program.Thread, Pid: 7, Asked: 3 * us, Began: 13 * us, Ended: 15 * us, Joined: unknown, Died: true},
	}
	if diff := cmp.Diff(want, line.list()); diff != "" {
		t.Error(diff)
	}
}

func TestAStampFromTheFutureIsOfTheEnd(t *testing.T) {
	line := timelineOf(
		event{eventAsked, w1, math.MaxInt64, 3, "w", ""}, event{eventBegan, w1, math.MaxInt64, 7, "", ""},
		event{eventEnded, w1, math.MaxInt64, 7, "", ""}, event{eventJoined, w1, math.MaxInt64, 7, "", ""})
	want := []Span{{Worker: "w", Mode: program.Thread, Pid: 7, Asked: 2000, Began: 2000, Ended: 2000, Joined: 2000}}
	if diff := cmp.Diff(want, line.list()); diff != "" {
		t.Error(diff)
	}
}

// Two processes know the time but for less than a microsecond: what one has caused may seem to have come before it.
func TestClocksMayDifferALittle(t *testing.T) {
	line := timelineOf(event{eventAsked, w1, 2000, 4, "w", ""}, event{eventBegan, w1, 1500, 8, "", ""}, event{eventEnded, w1, 1900, 8, "", ""})
	want := []Span{{Worker: "w", Mode: program.Process, Pid: 8, Asked: 1000, Began: 1000, Ended: 1000, Joined: unknown}}
	if diff := cmp.Diff(want, line.list()); diff != "" {
		t.Error(diff)
	}
}

func TestForgedEventsAreIgnored(t *testing.T) {
	line := timelineOf(
		event{}, event{99, w1, 1001, 7, "", ""}, event{eventBegan, w1, 1001, 7, "", ""}, event{eventWaited, w1, 1002, 1001, "lock 1", ""},
		event{eventAsked, w1, 999, 4, "w", ""},                    // before the run
		event{eventAsked, w1, math.MinInt64, 4, "w", ""},          // long before
		event{eventAsked, workerID{0, 1}, 1001, 4, "w", ""},       // no process
		event{eventAsked, workerID{1 << 31, 1}, 1001, 4, "w", ""}, // no process either
		event{eventAsked, workerID{7, 0}, 1001, 4, "w", ""},       // no worker
		event{eventAsked, w1, 1001, 0, "w", ""},                   // no mode
		event{eventAsked, w1, 1001, 5, "w", ""},
	)
	if got := line.list(); len(got) > 0 {
		t.Errorf("%+v", got)
	}
	const us = 1000
	line = &timeline{start: 0, end: 100 * us}
	for _, e := range []event{
		{eventAsked, w1, 10 * us, 4, "w", ""},
		{eventBegan, w1, 12 * us, 0, "", ""},
		{eventBegan, w1, 12 * us, 1 << 31, "", ""},
		{eventBegan, w1, 2 * us, 8, "", ""}, // before it was asked for
		{eventBegan, w1, 20 * us, 8, "", ""},
		{eventWaited, w1, 25 * us, 15 * us, "too early", ""},
		{eventWaited, w1, 25 * us, 30 * us, "backwards", ""},
		{eventWaited, w1, 25 * us, math.MinInt64, "before time", ""},
		{eventEnded, w1, 30 * us, 8, "", ""},
		{eventWaited, w1, 40 * us, 25 * us, "too late", ""},
	} {
		line.record(e)
	}
	want := []Span{{Worker: "w", Mode: program.Process, Pid: 8, Asked: 10 * us, Began: 20 * us, Ended: 30 * us, Joined: unknown}}
	if diff := cmp.Diff(want, line.list()); diff != "" {
		t.Error(diff)
	}
}

func TestATimelineIsBounded(t *testing.T) {
	line := timelineOf()
	for i := range uint64(maxSpans) {
		line.record(event{eventAsked, workerID{7, 1 + i}, 1001, 4, "w", ""})
	}
	if line.cut {
		t.Error("it is cut before there is too much")
	}
	line.record(event{eventAsked, workerID{8, 1}, 1001, 4, "w", ""})
	if n := len(line.list()); n != maxSpans || !line.cut {
		t.Errorf("%d spans, cut %t", n, line.cut)
	}
	for range 2 * maxSpanWaits {
		for i := range uint64(maxSpans) {
			line.record(event{eventWaited, workerID{7, 1 + i}, 1003, 1002, "lock 1", ""})
		}
	}
	kept, more := 0, 0
	for _, s := range line.list() {
		kept, more = kept+len(s.Waits), more+s.MoreWaits
		if len(s.Waits) > maxSpanWaits {
			t.Fatalf("a span has %d waits", len(s.Waits))
		}
	}
	if kept != maxWaits || kept+more != 2*maxSpanWaits*maxSpans {
		t.Errorf("%d waits are kept and %d counted", kept, more)
	}
	one := timelineOf(event{eventAsked, w1, 1001, 4, "w", ""})
	for range maxSpanWaits + 3 {
		one.record(event{eventWaited, w1, 1003, 1002, "lock 1", ""})
	}
	if s := one.list()[0]; len(s.Waits) != maxSpanWaits || s.MoreWaits != 3 {
		t.Errorf("%d waits are kept and %d counted", len(s.Waits), s.MoreWaits)
	}
}
