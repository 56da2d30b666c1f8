package evidence_test

import (
	"testing"
	"time"

	"course/evidence"
	"course/program"
	"course/runner"
)

func TestSummaryOfNineIsTheSecondToTheEighth(t *testing.T) {
	got := evidence.Summarize([]float64{90, 10, 30, 20, 50, 40, 70, 60, 80})
	want := evidence.Summary{Median: 50, Low: 20, High: 80, Covers: true}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestSummaryOfTooFewRunsIsTheirRange(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   evidence.Summary
	}{
		{nil, evidence.Summary{}},
		{[]float64{7}, evidence.Summary{Median: 7, Low: 7, High: 7}},
		{[]float64{9, 1, 5}, evidence.Summary{Median: 5, Low: 1, High: 9}},
	} {
		if got := evidence.Summarize(test.values); got != test.want {
			t.Errorf("Summarize(%v) = %+v, want %+v", test.values, got, test.want)
		}
	}
}

// TestAMedianDoesNotReadLikeAnEndOfItsInterval: in 30 ms, of 20 to 30 ms, one digit is too few.
func TestAMedianDoesNotReadLikeAnEndOfItsInterval(t *testing.T) {
	us := time.Microsecond
	for _, test := range []struct {
		s                evidence.Summary
		median, interval string
	}{
		{evidence.Summary{Median: 25_400 * us, Low: 17_200 * us, High: 30_400 * us}, "25 ms", "17 ms to 30 ms"},
		{evidence.Summary{Median: 1600 * us, Low: 1200 * us, High: 2400 * us}, "1.6 ms", "1.2 ms to 2.4 ms"},
		{evidence.Summary{Median: 1600 * us, Low: 1600 * us, High: 2700 * us}, "1.6 ms", "1.6 ms to 2.7 ms"}, // it is an end
		{evidence.Summary{Median: 84 * time.Millisecond, Low: 80 * time.Millisecond, High: 86 * time.Millisecond}, "84 ms", "80 ms to 86 ms"},
	} {
		if median, interval := test.s.String(), test.s.Interval(); median != test.median || interval != test.interval {
			t.Errorf("%v is written as %s, of %s, want %s, of %s", test.s, median, interval, test.median, test.interval)
		}
	}
}

// TestASpeedupIsThatOfClaims: the chart of a cell and a claim on it have one interval, the first is as fast as itself, and what took no time has none.
func TestASpeedupIsThatOfClaims(t *testing.T) {
	at := func(value float64) program.Point { return program.Point{Mode: program.Thread, Value: value} }
	grow := runner.Result{ID: "start/grow", Runs: append(around(at(1), 80*ms), around(at(4), 20*ms)...)}
	report := evidence.Judge(claimed(t, "{id: it, says: One., holds-when: scaling(grow.thread) > 2}"), []runner.Result{grow})
	timings, c := report.Timings["start/grow"], report.Judgments["start/it"].Comparisons[0]
	if len(timings) != 2 {
		t.Fatalf("there are %d timings", len(timings))
	}
	s := timings[1].Speedup(timings[0])
	if s.Median != c.Effect || s.Low != c.Low || s.High != c.High || !s.Covers || s.Runs != 9 || s.Low >= s.Median || s.High <= s.Median {
		t.Errorf("the speed-up is %+v, and the claim's %v, %v to %v", s, c.Effect, c.Low, c.High)
	}
	if s := timings[0].Speedup(timings[0]); s.Median != 1 || s.Low != 1 || s.High != 1 {
		t.Errorf("the first to itself is %+v", s)
	}
	if s := (evidence.Timing{Mode: program.Thread, Value: 4, Runs: 9}).Speedup(timings[0]); s.Runs != 0 {
		t.Errorf("what took no time is %+v", s)
	}
}
