package chart

import (
	"math"
	"strings"
	"testing"
	"time"
)

func labels(a axis) string {
	var all []string
	for _, t := range a.ticks {
		all = append(all, t.label)
	}
	return strings.Join(all, " ")
}

func TestAxisIsRound(t *testing.T) {
	for _, test := range []struct {
		longest time.Duration
		want    string
	}{
		{0, "0 0.2 0.4 0.6 0.8 1.0 ms"},
		{3, "0 1 2 3 ns"},
		{163 * time.Millisecond, "0 50 100 150 200 ms"},
		{41 * time.Millisecond, "0 10 20 30 40 50 ms"},
		{999 * time.Microsecond, "0 0.2 0.4 0.6 0.8 1.0 ms"},
		{7 * time.Second, "0 2 4 6 8 s"},
		{10 * time.Millisecond, "0 2 4 6 8 10 ms"},
	} {
		if got := labels(linear(float64(test.longest), ofTime, 6)); got != test.want {
			t.Errorf("to %v: %s, want %s", test.longest, got, test.want)
		}
	}
	if got, want := labels(linear(11<<20, ofSize, 5)), "0 5 10 15 MiB"; got != want {
		t.Errorf("to 11 MiB: %s, want %s", got, want)
	}
	if got, want := labels(linear(3.9, ofFactor, 6)), "0 1 2 3 4\u202f×"; got != want {
		t.Errorf("to 3.9 times: %s, want %s", got, want)
	}
	for _, test := range []struct {
		low, high float64
		unit      unit
		want      string
	}{
		{20 * us, 17 * ms, ofTime, "10 µs 100 µs 1 ms 10 ms 100 ms"},
		{2 * ms, 9 * ms, ofTime, "2 ms 5 ms 10 ms"},
		{1, 1e12, ofTime, "1 ns 1 µs 1 ms 1 s 1000 s"},
		{3 << 10, 60 << 20, ofSize, "2 KiB 16 KiB 128 KiB 1 MiB 8 MiB 64 MiB"},
	} {
		if got := labels(logarithmic(test.low, test.high, test.unit, 6)); got != test.want {
			t.Errorf("from %v to %v: %s, want %s", test.low, test.high, got, test.want)
		}
	}
}

// FuzzAxes holds what is true of every axis: its ticks cover the data, are at most as many as was asked for, ascend, and read differently; the
// places of values lie within it and ascend as they do.
func FuzzAxes(f *testing.F) {
	for _, seed := range [][2]float64{{0, 0}, {1, 1}, {1e-9, 1e12}, {41e6, 163e6}, {3, 3.0000001}, {-1, math.NaN()}, {inf, -inf}, {5e-324, math.MaxFloat64}, {999.9, 1000}, {1023, 1 << 20}} {
		f.Add(seed[0], seed[1], uint8(0), uint8(0))
		f.Add(seed[0], seed[1], uint8(1), uint8(3))
		f.Add(seed[0], seed[1], uint8(2), uint8(2))
	}
	f.Fuzz(func(t *testing.T, low, high float64, of, n uint8) {
		u, most := unit(of%3), 4+int(n%6)
		low, high = finite(low), finite(high)
		if high < low {
			low, high = high, low
		}
		check := func(kind string, a axis, low, high float64) {
			if len(a.ticks) < 2 || len(a.ticks) > most {
				t.Errorf("%s axis of %v to %v: %d ticks, at most %d: %s", kind, low, high, len(a.ticks), most, labels(a))
			}
			const near = 1e-6
			if first, last := a.ticks[0].value, a.ticks[len(a.ticks)-1].value; first > low*(1+near) || last < high*(1-near) || first != a.low || last != a.high {
				t.Errorf("%s axis of %v to %v reaches from %v to %v", kind, low, high, first, last)
			}
			seen := make(map[string]bool)
			for i, tick := range a.ticks {
				if i > 0 && tick.value <= a.ticks[i-1].value || a.at(tick.value) < 100*float64(i)/float64(len(a.ticks))/4 && i > 0 && !a.log {
					t.Errorf("%s axis of %v to %v: ticks do not ascend: %s", kind, low, high, labels(a))
				}
				if seen[tick.label] {
					t.Errorf("%s axis of %v to %v says %q twice: %s", kind, low, high, tick.label, labels(a))
				}
				seen[tick.label] = true
			}
			previous := 0.0
			for _, v := range []float64{low, (low + high) / 2, high} {
				at := a.at(v)
				if math.IsNaN(at) || at < previous-near || at > 100+near {
					t.Errorf("%s axis of %v to %v has %v at %v, after %v", kind, low, high, v, at, previous)
				}
				previous = at
			}
		}
		check("linear", linear(high, u, most), 0, high)
		if low = max(low, 1e-9); high >= low {
			check("logarithmic", logarithmic(low, high, u, most), low, high)
		}
	})
}
