package lessons

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"course/problem"
)

// vary reads what may differ from run to run.
func (r *optionReader) vary(a attribute) {
	items := r.words(a)
	if len(items) == 0 {
		r.report(a.offset, a.length, "vary names nothing", "write vary=outcome or vary=order, or leave it out")
	}
	for _, it := range items {
		switch it.text {
		case "outcome":
			r.cell.Options.Vary.Outcome = true
		case "order":
			r.cell.Options.Vary.Order = true
		default:
			r.report(it.offset, max(it.length, 1), fmt.Sprintf("nothing called %q can be said to vary", it.text), problem.HintNearest(it.text, []string{"outcome", "order"}))
		}
	}
}

// maxMasks bounds the regular expressions that each line of output is searched for.
const maxMasks = 20

// mask reads regular expressions: what they match in the output may vary.
func (r *optionReader) mask(a attribute) {
	items := r.words(a)
	if len(items) == 0 && a.value.shape != pairs {
		r.report(a.offset, a.length, "mask holds no regular expression", `write mask=["pid [0-9]+"], or leave it out`)
	}
	if len(items) > maxMasks {
		r.report(a.offset, a.length, fmt.Sprintf("more than %d masks", maxMasks), "join some of them with |")
		return
	}
	var masks []*regexp.Regexp
	for _, it := range items {
		re, err := regexp.Compile(it.text)
		var wrong *syntax.Error
		switch {
		case errors.As(err, &wrong):
			offset, length := r.written(it, wrong.Expr)
			r.report(offset, length, fmt.Sprintf("this is no regular expression: %v", wrong.Code), "they are written as in Go's package regexp, with each backslash twice")
		case re.MatchString(""):
			r.report(it.offset, max(it.length, 1), "the mask matches where there is nothing", "have it match at least one character")
		case leavesNothing(append(masks, re)):
			r.report(it.offset, max(it.length, 1), "the mask leaves nothing of a line, whatever it is", "have it match only what varies")
		default:
			masks = append(masks, re)
			r.cell.Options.Vary.Masks = append(r.cell.Options.Vary.Masks, it.text)
		}
	}
}

// unlikeLines are such that a mask which matches all of each has no idea of what varies.
var unlikeLines = []string{"the sum is 42", "pid 1234: done!", "[1 2 3] true", "ÄÖÜ — x=0.5", "panic: runtime error"}

// leavesNothing reports whether masks match all of every line.
func leavesNothing(masks []*regexp.Regexp) bool {
	return !slices.ContainsFunc(unlikeLines, func(line string) bool {
		for _, re := range masks {
			line = re.ReplaceAllString(line, "")
		}
		return strings.TrimSpace(line) != ""
	})
}

// written returns where a part of an item's text stands, which quotes and escapes may have moved; the whole item where the part is not found.
func (r *optionReader) written(it item, part string) (offset, length int) {
	i := strings.Index(it.text, part)
	line := r.lesson.sourceLine(r.cell.attrsAt)
	from := r.cell.attrsAt.Column - 1 + it.offset
	if i < 0 || part == "" || from+it.length > len(line) {
		return it.offset, max(it.length, 1)
	}
	raw := line[from : from+it.length]
	start := rawOffset(raw, i)
	return it.offset + start, rawOffset(raw, i+len(part)) - start
}

// rawOffset returns where in raw, which holds strings in double quotes, the byte stands that is number n of what it means.
func rawOffset(raw string, n int) int {
	quoted := false
	for i := 0; i < len(raw); {
		switch {
		case n <= 0 && (quoted || raw[i] != '"'):
			return i
		case raw[i] == '"':
			quoted = !quoted
			i++
			continue
		case !quoted:
			i, n = i+1, n-1
			continue
		}
		char, _, tail, err := strconv.UnquoteChar(raw[i:], '"')
		if err != nil {
			return i
		}
		i, n = len(raw)-len(tail), n-len(string(char))
	}
	return len(raw)
}
