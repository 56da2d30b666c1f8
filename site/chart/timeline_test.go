package chart

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"course/site/markup"
)

const msec = time.Millisecond

// lanesOf returns what is drawn of workers on an axis of 10 ms, without the grid.
func lanesOf(workers ...Worker) string {
	x := linear(float64(10*msec), ofTime, 6).ruled()
	var w markup.Writer
	drawLanes(&w, x, workers)
	_, drawing, _ := strings.Cut(w.Fragment().String(), `<path class="grid"`)
	_, drawing, _ = strings.Cut(drawing, "/>")
	return strings.Replace(strings.TrimSuffix(drawing, "</svg></div>\n"), "</svg>", "", 1)
}

func TestLanesShowWhatNeverCame(t *testing.T) {
	const joined, cut = `<path class="joined" d="M100 0V16"/>`, `<path class="cut" d="M100 0V16"/>`
	for _, test := range []struct {
		worker Worker
		want   string
	}{
		{
			Worker{Name: "never began", Asked: msec, Began: -1, Ended: -1, Joined: -1, Over: 10 * msec, Open: true},
			`<path class="asked" d="M10 4H100v8H10z"/>` + cut,
		},
		{
			Worker{Name: "never ended", Asked: msec, Began: 2 * msec, Ended: -1, Joined: -1, Over: 10 * msec, Open: true},
			`<path class="asked" d="M10 4H20v8H10z"/><path class="solid" d="M20 3H100v10H20z"/>` + cut,
		},
		{
			Worker{Name: "died", Began: 5 * msec, Ended: 10 * msec, Joined: 10 * msec, Over: 10 * msec, Died: true},
			`<path class="asked" d="M0 4H50v8H0z"/><path class="solid" d="M50 3H100v10H50z"/>` + joined +
				`<svg class="died" x="100%" y="50%"><path d="M-5-5 5 5M-5 5 5-5"/></svg>`,
		},
		{
			Worker{Name: "waited", Ended: 10 * msec, Joined: -1, Over: 10 * msec, Waits: []Wait{{"lock 1", 2 * msec, 4 * msec}, {"lock 1", 8 * msec, 12 * msec}}},
			`<path class="solid" d="M0 3H100v10H0z"/>` +
				`<path class="waited" d="M20 3H40v10H20zM80 3H100v10H80z"/><path class="solid" d="M20 7H40v2H20zM80 7H100v2H80z"/>`,
		},
	} {
		if got := lanesOf(test.worker); got != test.want {
			t.Errorf("%s: the lane is\n%s, want\n%s", test.worker.Name, got, test.want)
		}
	}
}

// TestLanesLieBelowEachOther, each beside the name of its worker: one element draws what is the same of all.
func TestLanesLieBelowEachOther(t *testing.T) {
	ran := func(name string, died bool) Worker {
		return Worker{Name: name, Asked: -1, Began: msec, Ended: 5 * msec, Joined: -1, Over: 5 * msec, Died: died}
	}
	got := lanesOf(ran("one", false), ran("two", true))
	want := `<path class="solid" d="M10 3H50v10H10zM10 19H50v10H10z"/><svg class="died" x="50%" y="75%"><path d="M-5-5 5 5M-5 5 5-5"/></svg>`
	if got != want {
		t.Errorf("the lanes are\n%s, want\n%s", got, want)
	}
	var w markup.Writer
	drawLanes(&w, linear(1, ofTime, 6).ruled(), []Worker{ran("one", false), ran("t\nwo", true)})
	if names, _, _ := strings.Cut(w.Fragment().String(), "</div>"); strings.Count(names, "\n") != 1 {
		t.Errorf("two names are lines of one text: %s", names)
	}
}

func TestLanesAreSaid(t *testing.T) {
	workers := []Worker{
		{Began: 2 * msec, Ended: 10 * msec, Waits: []Wait{{"lock 1", 2 * msec, 4 * msec}, {"queue 1", 3 * msec, 5 * msec}, {"lock 1", 8 * msec, 12 * msec}}},
		{Asked: msec, Began: 2 * msec, Ended: 3 * msec, Died: true},
		{Began: -1, Ended: -1},
	}
	for _, test := range []struct {
		lanes Lanes
		want  string
	}{
		{Lanes{Mode: process, Sent: true, Workers: workers}, "Processes: 3 workers, up to 2 under way together; starting one and sending it its argument took up to 2.00 ms; waiting for others took up to 7.00 ms; 1 died."},
		{Lanes{Mode: thread, Workers: workers[:2]}, "Threads: 2 workers, all under way together; starting one took up to 2.00 ms; waiting for others took up to 7.00 ms; 1 died."},
		{Lanes{Mode: thread, Workers: []Worker{{Ended: 1}, {Began: 1, Ended: 2}}}, "Threads: 2 workers, one at a time; starting one took up to 1 ns."},
		{Lanes{Mode: thread, Workers: workers[2:]}, "Threads: 1 worker."},
	} {
		if got := test.lanes.says(); got != test.want {
			t.Errorf("it says %q, want %q", got, test.want)
		}
	}
}

func TestWaitsAreSaid(t *testing.T) {
	for _, test := range []struct {
		worker Worker
		want   string
	}{
		{Worker{}, ""},
		{Worker{Waits: []Wait{{"lock 1", 0, msec}}}, "once, 1.00 ms, for lock 1"},
		{Worker{Waits: []Wait{{"lock 1", 2 * msec, 4 * msec}, {"queue 1", 3 * msec, 5 * msec}, {"lock 1", 8 * msec, 12 * msec}}}, "3 times, 7.00 ms in all, for lock 1 and queue 1"},
		{Worker{Waits: []Wait{{"lock 1", 0, msec}}, MoreWaits: 2}, "3 times, more than 1.00 ms in all, for lock 1"},
		{Worker{Waits: []Wait{{"a", 0, 1}, {"b", 1, 2}, {"c", 2, 3}, {"d", 3, 4}}}, "4 times, 4 ns in all, for a, b, c and others"},
	} {
		if got := test.worker.sayWaits(); got != test.want {
			t.Errorf("it says %q, want %q", got, test.want)
		}
	}
}

// TestTheLongestWaitsAreDrawn, in their order, where there are too many to be seen.
func TestTheLongestWaitsAreDrawn(t *testing.T) {
	var many Worker
	for i := range 2 * maxWaits {
		many.Waits = append(many.Waits, Wait{fmt.Sprint("lock ", i), time.Duration(2*i) * msec, time.Duration(2*i)*msec + time.Duration(i%2+1)*msec})
	}
	drawn := many.drawnWaits()
	if len(drawn) != maxWaits || drawn[0] != many.Waits[1] || drawn[1] != many.Waits[3] {
		t.Errorf("of %d waits %d are drawn, the first is %+v", len(many.Waits), len(drawn), drawn[0])
	}
}

func TestWhoEndedIsNotSaidNeverToHaveBegun(t *testing.T) {
	for _, test := range []struct {
		worker     Worker
		began, end string
	}{
		{Worker{Began: -1, Ended: -1}, "never", "never began"},
		{Worker{Began: -1, Ended: msec}, "not known", "returned"},
		{Worker{Began: -1, Ended: msec, Died: true}, "not known", "died"},
		{Worker{Began: msec, Ended: -1, Joined: -1}, "1.00 ms", "was ended with the run"},
		{Worker{Began: msec, Ended: -1, Joined: 2 * msec}, "1.00 ms", "ended"},
	} {
		if began, end := test.worker.beginning(), test.worker.end(); began != test.began || end != test.end {
			t.Errorf("%+v: it began %s and %s", test.worker, began, end)
		}
	}
}

func TestManyWorkersAreBounded(t *testing.T) {
	const n = maxRows + 5
	html := drawn(Timeline{Modes: []Lanes{lanes(thread, n)}})
	_, names, _ := strings.Cut(html, `<div class="who">`)
	names, _, _ = strings.Cut(names, "</div>")
	if got := strings.Count(names, "\n") + 1; got != maxLanes {
		t.Errorf("%d workers have a lane, want %d", got, maxLanes)
	}
	for want, times := range map[string]int{"<tr><td>": maxRows, fmt.Sprintf("… and %d more.", n-maxLanes): 1, "… and 5 more</td>": 1} {
		if got := strings.Count(html, want); got != times {
			t.Errorf("%q is there %d times, want %d", want, got, times)
		}
	}
}
