// Package quantity writes numbers as people read them: times, bytes, shares and counts.
package quantity

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Digits writes what was measured and the ends of the interval in which it lies, all by write, which writes x so that its last digit is worth at least step: no digit
// is finer than a tenth of the interval's width, unless the value would then read like an end that it is not: then there is one digit more. An interval without
// an end sets no bound. What is not 0 does not read like 0.
func Digits(value, low, high float64, write func(x, step float64) string) (v, l, h string) {
	return digits(value, low, high, (high-low)/10, write)
}

// Beside is Digits for a value beside which its interval stands, which tells how sure it is: it has at least two significant digits, so that values can be compared
// with each other whatever their intervals are.
func Beside(value, low, high float64, write func(x, step float64) string) (v, l, h string) {
	step := (high - low) / 10
	if value != 0 {
		step = min(step, math.Abs(value)/99.5) // 99.5 is 100 with two digits
	}
	return digits(value, low, high, step, write)
}

func digits(value, low, high, step float64, write func(x, step float64) string) (v, l, h string) {
	if math.IsInf(step, 0) || math.IsNaN(step) {
		step = 0
	}
	v, l, h = write(value, step), write(low, step), write(high, step)
	if l == v && low != value || h == v && high != value {
		step /= 10
		v, l, h = write(value, step), write(low, step), write(high, step)
	}
	return notZero(v, value, write), notZero(l, low, write), notZero(h, high, write)
}

// notZero returns text, which is that of x, with more digits where it reads like 0 and x is not.
func notZero(text string, x float64, write func(x, step float64) string) string {
	if x == 0 || math.IsNaN(x) || strings.ContainsAny(text, "123456789∞") {
		return text
	}
	return write(x, math.Abs(x)/10)
}

// Bytes writes n bytes in the binary unit that suits them, "41.2 MiB", with at most three significant digits.
func Bytes(n int64) string { return Size(n, 0) }

// Size is Bytes so that the last digit is worth at least step bytes; step 0 sets no such bound.
func Size(n, step int64) string {
	if n < 0 {
		return "-" + Size(-n, step)
	}
	unit, name := sizeUnit(n)
	value := float64(n) / float64(unit)
	most := 2
	if unit == 1 {
		most = 0
	}
	return rounded(value, float64(step)/float64(unit), most) + " " + name
}

// sizeUnit returns the largest unit of which n, rounded to three digits, is at least one.
func sizeUnit(n int64) (unit int64, name string) {
	unit, name = 1, "B"
	for _, next := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if float64(n)/float64(unit) < 999.5 { // else it takes four digits
			break
		}
		unit, name = unit<<10, next
	}
	return unit, name
}

// Number writes a ratio, a share or a count with at most three significant digits, but never fewer than its whole digits, and so that the last digit is worth at
// least step; step 0 sets no such bound. What is no number is "not a number", and "∞" is infinite.
func Number(x, step float64) string {
	switch {
	case math.IsNaN(x):
		return "not a number"
	case x < 0:
		return "-" + Number(-x, step)
	case math.IsInf(x, 0):
		return "∞"
	}
	most := 2
	for scale := 0.9995; x > 0 && x < scale; scale /= 10 {
		if most++; most > 9 {
			return strconv.FormatFloat(x, 'g', 3, 64)
		}
	}
	return rounded(x, step, most)
}

// rounded writes value with three significant digits, of which at most most are decimals, or fewer where their last would be worth less than step.
func rounded(value, step float64, most int) string {
	decimals := most
	switch {
	case value == 0 || value >= 99.95: // 100 once it is rounded to three digits
		decimals = 0
	case value >= 9.995:
		decimals = min(most, 1)
	}
	for math.Pow10(-decimals) < step*(1-1e-9) {
		decimals--
	}
	if decimals < 0 {
		value = math.Round(value*math.Pow10(decimals)) * math.Pow10(-decimals)
		decimals = 0
	}
	return strconv.FormatFloat(value, 'f', decimals, 64)
}

// Duration writes d in the unit that suits it, "41.2 ms", with at most three significant digits,
// and so that the last digit is worth at least step; step 0 sets no such bound.
func Duration(d, step time.Duration) string {
	if d < 0 {
		return "-" + Duration(-d, step)
	}
	unit, name := unitOf(d)
	most := 2
	if unit == time.Nanosecond {
		most = 0
	}
	return rounded(float64(d)/float64(unit), float64(step)/float64(unit), most) + " " + name
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
	unit, name := unitOf(d.Abs())
	return fmt.Sprintf("%g %s", float64(d)/float64(unit), name)
}

// ExactBytes writes a number of bytes that somebody chose.
func ExactBytes(n int64) string {
	unit, name := sizeUnit(max(n, -n))
	return fmt.Sprintf("%g %s", float64(n)/float64(unit), name)
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
