package evidence_test

import (
	"testing"

	"course/evidence"
)

func TestFormatBytes(t *testing.T) {
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
		if got := evidence.FormatBytes(n); got != want {
			t.Errorf("FormatBytes(%d) = %q, want %q", n, got, want)
		}
	}
}
