package quantity_test

import (
	"math"
	"testing"
	"time"

	"course/quantity"
)

func TestBytes(t *testing.T) {
	const kib = 1 << 10
	for n, want := range map[int64]string{
		0:                   "0 B",
		999:                 "999 B",
		1000:                "0.98 KiB",
		1024:                "1.00 KiB",
		10 * kib:            "10.0 KiB",
		41<<20 + 200*kib:    "41.2 MiB",
		100 * kib:           "100 KiB",
		999 * kib:           "999 KiB",
		1023 * kib:          "1.00 MiB",
		3 << 30:             "3.00 GiB",
		5000 << 40:          "5000 TiB",
		-(41<<20 + 200*kib): "-41.2 MiB",
	} {
		if got := quantity.Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestSizeIsNoFinerThanItsStep(t *testing.T) {
	const mib = 1 << 20
	for _, test := range []struct {
		n, step int64
		want    string
	}{
		{41<<20 + 200<<10, 0, "41.2 MiB"},
		{41<<20 + 200<<10, 2 * mib, "40 MiB"},
		{41<<20 + 200<<10, mib, "41 MiB"},
		{1234, 100, "1.2 KiB"},
		{999, 10, "1000 B"},
		{-3 * mib, mib / 2, "-3 MiB"},
	} {
		if got := quantity.Size(test.n, test.step); got != test.want {
			t.Errorf("Size(%d, %d) = %q, want %q", test.n, test.step, got, test.want)
		}
	}
	for n, want := range map[int64]string{64 << 10: "64 KiB", 1536: "1.5 KiB", 5: "5 B", -2 << 30: "-2 GiB"} {
		if got := quantity.ExactBytes(n); got != want {
			t.Errorf("ExactBytes(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	for _, test := range []struct {
		x, step float64
		want    string
	}{
		{2.4142, 0, "2.41"},
		{2.4142, 0.1, "2.4"},
		{2.4142, 0.11, "2"},
		{2.4142, 0.01, "2.41"},
		{9.996, 0, "10.0"},
		{0.012345, 0, "0.0123"},
		{0.012345, 0.001, "0.012"},
		{0.9996, 0, "1.00"},
		{12345, 0, "12345"}, // a count
		{12345, 20, "12300"},
		{0, 0, "0"},
		{-0.5, 0, "-0.500"},
		{-0.5, 0.1, "-0.5"},
		{math.Inf(-1), 0, "-∞"},
		{math.NaN(), 1, "not a number"},
		{1.2345e-30, 0, "1.23e-30"},
	} {
		if got := quantity.Number(test.x, test.step); got != test.want {
			t.Errorf("Number(%v, %v) = %q, want %q", test.x, test.step, got, test.want)
		}
	}
}

func TestDuration(t *testing.T) {
	us, ms := time.Microsecond, time.Millisecond
	for _, test := range []struct {
		d, step time.Duration
		want    string
	}{
		{0, 0, "0 ns"},
		{999, 0, "999 ns"},
		{1500, 0, "1.50 µs"},
		{41234 * us, 0, "41.2 ms"},
		{41234 * us, 150 * us, "41 ms"}, // a tenth of a millisecond would be finer than the interval allows
		{41234 * us, 90 * us, "41.2 ms"},
		{1234 * us, 20 * us, "1.2 ms"},
		{999_600 * us, 0, "1.00 s"}, // not "1000 ms"
		{99_960 * us, 0, "100 ms"},
		{412 * ms, 0, "412 ms"},
		{412 * ms, 40 * ms, "400 ms"},
		{412 * ms, 10 * ms, "410 ms"},
		{90 * time.Second, 0, "90.0 s"},
		{-41234 * us, 0, "-41.2 ms"},
	} {
		if got := quantity.Duration(test.d, test.step); got != test.want {
			t.Errorf("Duration(%v, %v) = %q, want %q", test.d, test.step, got, test.want)
		}
	}
}

func TestSharesNeverRoundToNeverOrAlways(t *testing.T) {
	for _, test := range []struct {
		n, all int
		want   string
	}{{1, 3, "33 %"}, {20, 20, "100 %"}, {999, 1000, "> 99 %"}, {1, 1000, "< 1 %"}, {994, 1000, "99 %"}} {
		if got := quantity.Share(test.n, test.all); got != test.want {
			t.Errorf("%d of %d are %q, want %q", test.n, test.all, got, test.want)
		}
	}
}

func TestExactLosesNoDigit(t *testing.T) {
	for d, want := range map[time.Duration]string{2500 * time.Millisecond: "2.5 s", time.Minute: "60 s", 1500 * time.Microsecond: "1.5 ms", 50 * time.Microsecond: "50 µs", 0: "0 ns"} {
		if got := quantity.Exact(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for _, test := range []struct {
		n          int
		noun, want string
	}{{0, "run", "no runs"}, {1, "run", "1 run"}, {2, "run", "2 runs"}, {2, "process", "2 processes"}, {0, "context switch", "no context switches"}} {
		if got := quantity.Count(test.n, test.noun); got != test.want {
			t.Errorf("%d %s: %q, want %q", test.n, test.noun, got, test.want)
		}
	}
}

// TestDigitsAreThoseThatTheIntervalAllows: a tenth of its width, or a digit more where the value would read like an end.
func TestDigitsAreThoseThatTheIntervalAllows(t *testing.T) {
	for _, test := range []struct {
		value, low, high float64
		want             string
	}{
		{41.234, 40.9, 42.3, "41.2 40.9 42.3"},
		{41.234, 30, 62, "40 30 60"},
		{412, 300, 512, "400 300 500"},
		{3.701, 3.651, 3.761, "3.70 3.65 3.76"},
		{3.70, 3.68, 3.98, "3.70 3.68 3.98"}, // not 3.7, which 3.68 would read like
		{2, 2, 2, "2.00 2.00 2.00"},
		{1.5, 1.5, 3, "2 2 3"}, // the low end is the value
		{7.25, 1, math.Inf(1), "7.25 1.00 ∞"},
	} {
		v, l, h := quantity.Digits(test.value, test.low, test.high, quantity.Number)
		if got := v + " " + l + " " + h; got != test.want {
			t.Errorf("%v of %v to %v: %q, want %q", test.value, test.low, test.high, got, test.want)
		}
	}
}

// TestAValueBesideItsInterval has two digits at least, and one that stands alone no more than are known; neither reads 0 that is not.
func TestAValueBesideItsInterval(t *testing.T) {
	ms := func(x, step float64) string {
		return quantity.Duration(time.Duration(x*1e6), time.Duration(step*1e6))
	}
	for _, test := range []struct {
		value, low, high float64
		write            func(x, step float64) string
		alone, beside    string
	}{
		{46.3, 30, 90, ms, "50 ms, 30 ms to 90 ms", "46 ms, 30 ms to 90 ms"},
		{38.77, 20, 60, ms, "40 ms, 20 ms to 60 ms", "39 ms, 20 ms to 60 ms"},
		{40.68, 40.1, 41.3, ms, "40.7 ms, 40.1 ms to 41.3 ms", "40.7 ms, 40.1 ms to 41.3 ms"},
		{12, 0.4, 150, ms, "10 ms, 400 µs to 200 ms", "12 ms, 400 µs to 150 ms"},
		{12, 0, 150, ms, "10 ms, 0 ns to 200 ms", "12 ms, 0 ns to 150 ms"},
		{1.4, 0.02, 11, quantity.Number, "1, 0.02 to 11", "1.4, 0.02 to 11.0"},
		{0, -0.02, 11, quantity.Number, "0, -0.02 to 10", "0, -0.02 to 10"},
		{2, 1, math.Inf(1), quantity.Number, "2.00, 1.00 to ∞", "2.0, 1.0 to ∞"},
	} {
		v, l, h := quantity.Digits(test.value, test.low, test.high, test.write)
		if got := v + ", " + l + " to " + h; got != test.alone {
			t.Errorf("%g alone is %q, want %q", test.value, got, test.alone)
		}
		v, l, h = quantity.Beside(test.value, test.low, test.high, test.write)
		if got := v + ", " + l + " to " + h; got != test.beside {
			t.Errorf("%g beside is %q, want %q", test.value, got, test.beside)
		}
	}
}
