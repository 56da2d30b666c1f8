package stats_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"course/stats"
)

func TestMedianOfNineLiesBetweenTheSecondAndTheEighth(t *testing.T) {
	values := []float64{90, 10, 30, 20, 50, 40, 70, 60, 80}
	given := slices.Clone(values)
	if got, want := stats.Median(values), (stats.Interval{Median: 50, Low: 20, High: 80, Covers: true}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if !slices.Equal(values, given) {
		t.Errorf("the values became %v", values)
	}
}

func TestTooFewValuesHaveTheirRange(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   stats.Interval
	}{
		{nil, stats.Interval{}},
		{[]float64{7}, stats.Interval{Median: 7, Low: 7, High: 7}},
		{[]float64{9, 1, 5}, stats.Interval{Median: 5, Low: 1, High: 9}},
		{[]float64{1, 2, 3, 4, 5}, stats.Interval{Median: 3, Low: 1, High: 5}},
		{[]float64{1, 2, 3, 4, 5, 6}, stats.Interval{Median: 3.5, Low: 1, High: 6, Covers: true}},
	} {
		if got := stats.Median(test.values); got != test.want {
			t.Errorf("Median(%v) = %+v, want %+v", test.values, got, test.want)
		}
	}
}

func TestWidthIsAShareOfTheMedian(t *testing.T) {
	for _, test := range []struct {
		interval stats.Interval
		want     float64
	}{
		{stats.Interval{Median: 50, Low: 45, High: 60, Covers: true}, 0.3},
		{stats.Interval{Median: 50, Low: 45, High: 60}, math.Inf(1)},
		{stats.Interval{Covers: true}, math.Inf(1)},
	} {
		if got := test.interval.Width(); got != test.want {
			t.Errorf("%+v is %v wide, want %v", test.interval, got, test.want)
		}
	}
}

// What an interval promises is tried, with noise as runs have it: skewed, with outliers. The seed is fixed.
func TestIntervalsCoverTheMedian(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 2026))
	for _, n := range []int{6, 9, 20, 50} {
		covered := 0
		const rounds = 2000
		for range rounds {
			values := make([]float64, n)
			for i := range values {
				values[i] = math.Exp(0.15 * random.NormFloat64()) // its median is 1
				if random.IntN(20) == 0 {
					values[i] *= 1 + math.Copysign(0.5, values[i]-1) // an outlier stays on its side of the median
				}
			}
			if m := stats.Median(values); m.Covers && m.Low <= 1 && 1 <= m.High {
				covered++
			}
		}
		if share := float64(covered) / rounds; share < stats.Confidence-0.015 { // three standard errors
			t.Errorf("of %d values, %.1f %% of the intervals cover the median", n, 100*share)
		}
	}
}

func TestDiffer(t *testing.T) {
	low, high := []float64{5, 1, 4, 2, 3}, []float64{9, 6, 8, 7, 10}
	given := slices.Clone(low)
	if p := stats.Differ(low, high); p > 0.01 {
		t.Errorf("samples that do not overlap differ with p = %v", p)
	}
	if p := stats.Differ(low, low); p < 0.9 {
		t.Errorf("a sample differs from itself with p = %v", p)
	}
	same := []float64{1, 1, 1}
	if p := stats.Differ(same, same); p != 1 {
		t.Errorf("where all are equal, p = %v", p)
	}
	if p := stats.Differ(nil, low); p != 1 {
		t.Errorf("with nothing to compare, p = %v", p)
	}
	if !slices.Equal(low, given) {
		t.Errorf("the values became %v", low)
	}
}

// The bounds are those of tables: C. J. Clopper and E. S. Pearson, and the rule of three.
func TestSharesHaveTheirExactInterval(t *testing.T) {
	for _, test := range []struct {
		n, of     int
		low, high float64
	}{
		{0, 0, 0, 1},
		{0, 1, 0, 0.975},
		{1, 1, 0.025, 1},
		{0, 10, 0, 0.3085},
		{10, 10, 0.6915, 1},
		{5, 10, 0.1871, 0.8129},
		{1, 20, 0.0013, 0.2487},
		{2, 20, 0.0123, 0.3170},
		{20, 100, 0.1267, 0.2918},
		{0, 1000, 0, 0.0037},
		{500, 1000, 0.4685, 0.5315},
		{1000, 1000, 0.9963, 1},
	} {
		low, high := stats.Share(test.n, test.of)
		if math.Abs(low-test.low) > 6e-5 || math.Abs(high-test.high) > 6e-5 {
			t.Errorf("%d of %d: %.4f to %.4f, want %v to %v", test.n, test.of, low, high, test.low, test.high)
		}
	}
}
