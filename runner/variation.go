package runner

import (
	"fmt"
	"regexp"

	"course/program"
)

// variation is the finding that a program printed otherwise in another run, beyond what its options say may vary.
func variation(p program.Program, d difference) finding {
	f := finding{at: cellPosition(p)}
	counted := "" // how to have it vary as a whole
	if !p.Options.Measure {
		counted = ", or vary=outcome to have what it prints counted"
	}
	switch {
	case d.order:
		f.does = fmt.Sprintf("printed %s in one run where it printed %s in another", excerpt(d.here, d.there), excerpt(d.there, d.here))
		f.advice = "say vary=order where its lines may come in any order"
	case d.here == nil || d.there == nil:
		line := d.here
		if line == nil {
			line = d.there
		}
		f.does = fmt.Sprintf("printed %s in one run and not in another", excerpt(line, nil))
		f.advice = "let each run print as many lines" + counted
	default:
		f.does = fmt.Sprintf("printed %s in one run and %s in another", excerpt(d.here, d.there), excerpt(d.there, d.here))
		f.advice = fmt.Sprintf("where a part of a line may vary say mask=[%q]", maskFor(d.here.Text, d.there.Text)) + counted
		if len(p.Options.Vary.Masks) > 0 {
			f.advice = fmt.Sprintf("where a part of a line may vary add %q to mask", maskFor(d.here.Text, d.there.Text)) + counted
		}
	}
	if line := d.here; line == nil && d.there.Stderr || line != nil && line.Stderr {
		f.does += ", on standard error"
	}
	return f
}

// maxExcerpt is how much of a line is shown, in characters: what is around the place where it parts from the other.
const maxExcerpt = 60

// excerpt quotes a line, as far as it has to be seen to be told from another.
func excerpt(line, other *Line) string {
	whole := func(l *Line) []rune {
		switch {
		case l == nil:
			return nil
		case l.Worker != "":
			return []rune(l.Worker + ": " + l.Text)
		}
		return []rune(l.Text)
	}
	text := whole(line)
	from := min(max(common(text, whole(other))-maxExcerpt/2, 0), max(len(text)-maxExcerpt, 0))
	to := min(from+maxExcerpt, len(text))
	shown := string(text[from:to])
	if from > 0 {
		shown = "…" + shown
	}
	if to < len(text) {
		shown += "…"
	}
	return fmt.Sprintf("%q", shown)
}

// What tends to vary in a line: an address, a time, a number.
var tokens = []struct {
	is   *regexp.Regexp
	mask string
}{
	{regexp.MustCompile(`^0x[0-9a-f]+$`), `0x[0-9a-f]+`},
	{regexp.MustCompile(`^[0-9]+$`), `[0-9]+`},
	{regexp.MustCompile(`^[0-9.]+$`), `[0-9.]+`},
	{regexp.MustCompile(`^([0-9.]+[hmsnµ]+)+$`), `[0-9.hmsnµ]+`},
}

// wordBefore is the word before what varies, as far as it can stand in a regular expression as it is.
var wordBefore = regexp.MustCompile(`[A-Za-z]+[ =:]+$`)

// maskFor returns a regular expression that matches what differs first between two lines, with the word before it; "…" where none is at hand.
func maskFor(a, b string) string {
	from := common([]rune(a), []rune(b))
	before, here := tokenAt([]rune(a), from)
	_, there := tokenAt([]rune(b), from)
	for _, t := range tokens {
		if t.is.MatchString(here) && t.is.MatchString(there) {
			return wordBefore.FindString(before) + t.mask
		}
	}
	return "…"
}

// tokenAt returns the word or number in text that is at that index, and what is before it.
func tokenAt(text []rune, at int) (before, token string) {
	inside := func(i int) bool {
		r := text[i]
		return r == '.' || r == 'µ' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	from, to := at, at
	for from > 0 && inside(from-1) {
		from--
	}
	for to < len(text) && inside(to) {
		to++
	}
	return string(text[:from]), string(text[from:to])
}
