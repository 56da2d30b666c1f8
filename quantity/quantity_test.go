package quantity_test

import (
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
	for d, want := range map[time.Duration]string{2500 * time.Millisecond: "2.5 s", time.Minute: "60 s", 1500 * time.Microsecond: "1.5 ms"} {
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
