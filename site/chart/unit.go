package chart

import (
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"course/quantity"
)

// A unit is what the numbers of a chart are of.
type unit int

// The units.
const (
	ofTime   unit = iota // in nanoseconds
	ofSize               // in bytes
	ofFactor             // how many times as much
)

// A Range is the median of what was measured, and an interval that covers that of all runs with 95 %. Where there are too few runs for that, Covers is
// false and the interval reaches from the least to the greatest. What is negative or no number is drawn as 0.
type Range struct {
	Median, Low, High float64
	Covers            bool
}

// most bounds what is drawn: 31 years in nanoseconds, an exbibyte.
const most = 1e18

// times follows a factor.
const times = "\u202f×"

// finite returns x as it can be drawn.
func finite(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return min(max(x, 0), most)
}

// write writes x so that its last digit is worth at least step.
func (u unit) write(x, step float64) string {
	x, step = finite(x), finite(step)
	switch u {
	case ofSize:
		return quantity.Size(int64(x), int64(step))
	case ofFactor:
		return quantity.Number(x, step) + times
	case ofTime:
	}
	if x == 0 {
		return "0"
	}
	return quantity.Duration(time.Duration(x), time.Duration(step))
}

// text writes the median, beside which its interval stands or is drawn.
func (r Range) text(u unit) string {
	median, _, _ := r.digits(u)
	return median
}

// words writes the median as text does, and the ends of the interval with the same digits.
func (r Range) words(u unit) (median, interval string) {
	median, low, high := r.digits(u)
	return median, low + " to " + high
}

func (r Range) digits(u unit) (median, low, high string) {
	return quantity.Beside(r.Median, r.Low, r.High, u.write)
}

// below reports whether r is less than other as far as the intervals tell: both cover, and do not overlap.
func (r Range) below(other Range) bool { return r.Covers && other.Covers && r.High < other.Low }

// apart reports whether one is below the other.
func (r Range) apart(other Range) bool { return r.below(other) || other.below(r) }

// list joins words as a sentence does: "a, b and c".
func list(words []string) string {
	if last := len(words) - 1; last > 0 {
		return strings.Join(words[:last], ", ") + " and " + words[last]
	}
	return strings.Join(words, "")
}

// within names who works in the middle of a sentence: "threads".
func (m Mode) within() string {
	switch m.Class {
	case "serial":
		return "serial work"
	case "plain":
		return "the program"
	}
	return strings.ToLower(m.Name)
}

// subject names who works where a sentence begins: "Threads".
func (m Mode) subject() string { return upper(m.within()) }

// upper begins a sentence.
func upper(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
