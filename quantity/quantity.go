// Package quantity writes numbers as people read them: times, bytes, shares and counts.
package quantity

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Bytes writes n bytes in the binary unit that suits them, "41.2 MiB", with at most three significant digits.
func Bytes(n int64) string {
	if n < 0 {
		return "-" + Bytes(-n)
	}
	value, name := float64(n), "B"
	for _, next := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if value < 999.5 { // else it takes four digits
			break
		}
		value, name = value/1024, next
	}
	decimals := 0
	switch {
	case name == "B", value >= 99.95:
	case value >= 9.995:
		decimals = 1
	default:
		decimals = 2
	}
	return strconv.FormatFloat(value, 'f', decimals, 64) + " " + name
}

// Duration writes d in the unit that suits it, "41.2 ms", with at most three significant digits,
// and so that the last digit is worth at least step; step 0 sets no such bound.
func Duration(d, step time.Duration) string {
	if d < 0 {
		return "-" + Duration(-d, step)
	}
	unit, name := unitOf(d)
	value := float64(d) / float64(unit)
	decimals := 2
	switch {
	case d == 0 || unit == time.Nanosecond:
		decimals = 0
	case value >= 99.95: // 100 once it is rounded to three digits
		decimals = 0
	case value >= 9.995:
		decimals = 1
	}
	for float64(unit)/math.Pow10(decimals) < float64(step) {
		decimals--
	}
	if decimals < 0 {
		value = math.Round(value*math.Pow10(decimals)) / math.Pow10(decimals)
		decimals = 0
	}
	return strconv.FormatFloat(value, 'f', decimals, 64) + " " + name
}

// unitOf returns the largest unit of which d, rounded to three digits, is at least one.
func unitOf(d time.Duration) (time.Duration, string) {
	switch rounded := d + d/2000; {
	case rounded >= time.Second:
		return time.Second, "s"
	case rounded >= time.Millisecond:
		return time.Millisecond, "ms"
	case rounded >= time.Microsecond:
		return time.Microsecond, "µs"
	}
	return time.Nanosecond, "ns"
}

// Exact writes a time that somebody chose: all of its digits mean something.
func Exact(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%g ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%g s", d.Seconds())
}

// Share writes n of all in percent. What happened is never "0 %", and what did not always happen is never "100 %".
func Share(n, all int) string {
	percent := 100 * float64(n) / float64(all)
	switch {
	case n < all && percent >= 99.5:
		return "> 99 %"
	case n > 0 && percent < 0.5:
		return "< 1 %"
	}
	return strconv.FormatFloat(percent, 'f', 0, 64) + " %"
}

// Count writes a number of things, whose name in the singular is noun: "1 run", "2 runs", "no runs"; "2 processes", "3 switches".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	plural := noun + "s"
	if strings.HasSuffix(noun, "s") || strings.HasSuffix(noun, "ch") {
		plural = noun + "es"
	}
	if n == 0 {
		return "no " + plural
	}
	return strconv.Itoa(n) + " " + plural
}
