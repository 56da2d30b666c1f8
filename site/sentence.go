package site

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"course/evidence"
	"course/formula"
	"course/lessons"
	"course/program"
	"course/quantity"
)

// verdictSentence says what came of a claim: "Here: no. Processes took 1.07 times as long as threads."
func (s *Site) verdictSentence(j *evidence.Judgment) (verdict, because string) {
	here := "Here: "
	if j.Recorded {
		here = "Where it was recorded: "
	}
	switch j.Verdict {
	case lessons.Holds:
		verdict = here + "yes."
	case lessons.DoesNotHold:
		verdict = here + "no."
	case lessons.Partly:
		verdict = here + "in part."
	case lessons.Undecided:
		verdict = here + "undecided."
	case lessons.NotJudged:
		verdict = "Not judged here."
	}
	if j.Why != "" {
		return verdict, upper(strings.TrimSuffix(j.Why, ".")) + "."
	}
	if len(j.Parts) > 0 {
		return verdict, partsSentence(j.Parts)
	}
	var said []string
	for _, c := range j.Comparisons {
		if says := s.comparisonSentence(j.Lesson, c); says != "" && !slices.Contains(said, says) && len(said) < 3 {
			said = append(said, says)
		}
	}
	return verdict, strings.Join(said, " ")
}

// partsSentence counts the parts by what came of them: "1 of its 3 parts holds, 2 are undecided."
func partsSentence(parts []*evidence.Judgment) string {
	n := make(map[lessons.Verdict]int)
	for _, part := range parts {
		n[part.Verdict]++
	}
	var all []string
	for _, of := range [...]struct {
		verdict               lessons.Verdict
		one, several, neither string
	}{
		{lessons.Holds, "holds", "hold", ""},
		{lessons.Partly, "holds in part", "hold in part", ""},
		{lessons.DoesNotHold, "does not hold", "do not hold", "holds"},
		{lessons.Undecided, "is undecided", "are undecided", ""},
		{lessons.NotJudged, "is not judged here", "are not judged here", ""},
	} {
		switch count := n[of.verdict]; {
		case count == 0:
		case count < len(parts) && len(all) > 0:
			all = append(all, strconv.Itoa(count)+" "+plural(count, of.one, of.several))
		case count < len(parts):
			all = append(all, strconv.Itoa(count)+" of its "+strconv.Itoa(len(parts))+" parts "+plural(count, of.one, of.several))
		case count == 1: // the only part
		case of.neither != "" && count == 2:
			return "Neither part " + of.neither + "."
		case of.neither != "":
			return "None of its " + strconv.Itoa(count) + " parts " + of.neither + "."
		case count == 2:
			return "Both parts " + of.several + "."
		default:
			return "All " + strconv.Itoa(count) + " parts " + of.several + "."
		}
	}
	if len(all) == 0 {
		return ""
	}
	return strings.Join(all, ", ") + "."
}

// A side is a measurement as a comparison names it.
type side struct {
	program string // its ID
	mode    program.Mode
	value   string // of the sweep, as it is written; empty where there is none
	metric  string
}

var sideForm = regexp.MustCompile(`^(?:([a-z0-9_-]+)/)?([a-z][a-z0-9_]*)\.([a-z]+)(?:\.([a-z]+))?(?:\[\s*([^\]]*?)\s*\])?$`)

// sideOf reads what stands alone on one side of a comparison; ok is false where it is more than a measurement. A point without a metric has none.
func sideOf(text, lesson string) (s side, ok bool) {
	m := sideForm.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil || m[2] == "param" {
		return side{}, false
	}
	if m[1] != "" {
		lesson = m[1]
	}
	return side{lesson + "/" + m[2], program.Mode(m[3]), m[5], m[4]}, true
}

var callForm = regexp.MustCompile(`^(ratio|speedup|scaling|share)\((.*)\)$`)

// comparisonSentence says what was measured, not whether it holds. It is empty where nothing is known.
func (s *Site) comparisonSentence(lesson string, c evidence.Comparison) string {
	if !c.Known {
		return ""
	}
	left, right, ok := strings.Cut(c.Text, string(c.Op))
	if !ok {
		return s.plainSentence(c)
	}
	left, right = strings.TrimSpace(left), strings.TrimSpace(right)
	a, single := sideOf(left, lesson)
	b, both := sideOf(right, lesson)
	both = both && single
	switch {
	case c.Counted && single, single && (a.metric == "exit" || a.metric == "output"):
		return s.runsSentence(a, b, both, right, c)
	case c.Ratio && both && len(c.Of) == 2:
		return s.ratioSentence(a, b, c)
	case !c.Ratio && single && a.metric != "":
		return s.sizeSentence(a, c)
	}
	call := callForm.FindStringSubmatch(left)
	if call == nil {
		if b, ok := sideOf(right, lesson); ok && b.metric != "" && !c.Ratio {
			return s.sizeSentence(b, c)
		}
		if call = callForm.FindStringSubmatch(right); call == nil {
			return s.plainSentence(c)
		}
	}
	return s.callSentence(call[1], call[2], lesson, c)
}

// callSentence says what a function came to.
func (s *Site) callSentence(name, arguments, lesson string, c evidence.Comparison) string {
	first, rest, _ := strings.Cut(arguments, ",")
	a, ok := sideOf(first, lesson)
	switch b, both := sideOf(rest, lesson); {
	case name == "ratio" && ok && both && len(c.Of) == 2:
		return s.ratioSentence(a, b, c)
	case name == "speedup" && ok:
		return "With " + s.who(a, side{}) + " it was " + factor(c.Effect, c.Low, c.High) + " times as fast as one after another."
	case name == "scaling" && ok:
		return s.scalingSentence(a, rest, c)
	case name == "share":
		return s.shareSentence(arguments, lesson, c)
	}
	return s.plainSentence(c)
}

// scalingSentence says how many times as fast it was at one value of a sweep as at another, which are its ends unless they are named.
func (s *Site) scalingSentence(a side, named string, c evidence.Comparison) string {
	says := "With " + s.who(a, side{}) + " it was " + factor(c.Effect, c.Low, c.High) + " times as fast "
	from, to, ok := strings.Cut(named, ",")
	from, to = strings.TrimSpace(from), strings.TrimSpace(to)
	if cell := s.cells[a.program]; !ok && cell != nil && cell.Options.Sweep != nil {
		if values := cell.Options.Sweep.Values; len(values) > 0 {
			from, to, ok = cell.Options.Sweep.Text(values[0]), cell.Options.Sweep.Text(values[len(values)-1]), true
		}
	}
	if !ok {
		return says + "at the end of the sweep as at its beginning."
	}
	sweep := s.sweepOf(a.program)
	return says + "at " + sweep + to + " as at " + sweep + from + "."
}

// plainSentence says what an expression came to that is more than people say in words.
func (s *Site) plainSentence(c evidence.Comparison) string {
	if c.Ratio {
		return "The ratio is " + factor(c.Effect, c.Low, c.High) + "."
	}
	return "It came to " + amount(c.Unit, c.Effect, c.Low, c.High) + "."
}

// speech is how people speak of a metric: "took as long as", "took 41 ms".
var speech = map[string]struct{ verb, much, alone string }{
	"wall":     {"took", "long", ""},
	"user":     {"took", "much user time", " of user time"},
	"system":   {"took", "much system time", " of system time"},
	"cpu":      {"took", "much processor time", " of processor time"},
	"memory":   {"took", "much memory", " of memory"},
	"switches": {"had", "many context switches", " context switches"},
	"startup":  {"took", "long to start", " to start"},
	"overlap":  {"ran at once for", "large a share of the time", " of the time"},
}

// ratioSentence compares two measurements: the larger with the smaller.
func (s *Site) ratioSentence(a, b side, c evidence.Comparison) string {
	word, known := speech[a.metric]
	x, y := c.Of[0].Median, c.Of[1].Median
	if !known || a.metric != b.metric || x <= 0 || y <= 0 {
		return s.plainSentence(c)
	}
	if x < y {
		a, b, x, y = b, a, y, x
	}
	ratio, low, high := x/y, c.Low, c.High
	if math.Abs(math.Log(c.Effect*ratio)) < math.Abs(math.Log(c.Effect/ratio)) { // the effect is the other way round
		low, high = 1/high, 1/low
	}
	says := upper(s.who(a, b)) + " " + word.verb + " "
	times := factor(ratio, low, high)
	if f, err := strconv.ParseFloat(times, 64); err == nil && f == 1 {
		within := math.Ceil(100 * max(high-1, 1-low, 0))
		return says + "as " + word.much + " as " + s.who(b, a) + ", to within " + strconv.FormatFloat(max(within, 1), 'f', 0, 64) + " %."
	}
	return says + times + " times as " + word.much + " as " + s.who(b, a) + "."
}

// sizeSentence says how much a measurement is.
func (s *Site) sizeSentence(a side, c evidence.Comparison) string {
	word, known := speech[a.metric]
	if !known {
		return s.plainSentence(c)
	}
	much := amount(c.Unit, c.Effect, c.Low, c.High)
	if a.metric == "overlap" {
		much = percent(c.Effect)
	}
	return upper(s.who(a, side{})) + " " + word.verb + " " + much + word.alone + "."
}

// runsSentence says of how many runs it is true that they ended so, or printed that.
func (s *Site) runsSentence(a, b side, both bool, right string, c evidence.Comparison) string {
	n := int(math.Round(c.Effect * float64(c.Runs)))
	if c.Op == formula.Different { // say what they did, not what they did not
		n = c.Runs - n
	}
	in := func(n int) string {
		switch {
		case c.Runs == 1 && n == 1:
			return "the one run"
		case n == c.Runs:
			return "all " + strconv.Itoa(c.Runs) + " runs"
		case n == 0:
			return "none of " + quantity.Count(c.Runs, "run")
		}
		return strconv.Itoa(n) + " of " + strconv.Itoa(c.Runs) + " runs"
	}
	if both {
		did := "printed the same"
		if a.metric == "exit" {
			did = "ended alike"
		}
		return upper(s.who(a, b)) + " and " + s.who(b, a) + " " + did + " in " + in(n) + "."
	}
	return upper(s.with(a)+in(n)) + " " + did(a.metric, right, c.Op) + "."
}

// shareSentence says in which share of the runs a condition was true.
func (s *Site) shareSentence(condition, lesson string, c evidence.Comparison) string {
	for _, op := range []formula.Op{formula.Equal, formula.Different, formula.Contains} {
		left, right, found := strings.Cut(condition, string(op))
		a, ok := sideOf(left, lesson)
		if !found || !ok {
			continue
		}
		effect := c.Effect
		if op == formula.Different {
			effect = 1 - effect
		}
		return upper(s.with(a)) + percent(effect) + " of " + quantity.Count(c.Runs, "run") + " " + did(a.metric, strings.TrimSpace(right), op) + "."
	}
	return "It was so in " + percent(c.Effect) + " of " + quantity.Count(c.Runs, "run") + "."
}

// did says how runs ended, or what they printed, by what a condition compares that with.
func did(metric, with string, op formula.Op) string {
	with = strings.Trim(with, `"'`)
	switch {
	case metric == "exit":
		if o, ok := program.ParseOutcome(with); ok {
			return o.String()
		}
		return "ended with " + with
	case op == formula.Contains:
		return "printed “" + with + "” among other things"
	}
	return "printed “" + with + "”"
}

// with says in which mode runs were made, as the beginning of a sentence; nothing where there is only one.
func (s *Site) with(a side) string {
	if a.mode == program.Plain {
		return ""
	}
	return "with " + s.who(a, side{}) + ", "
}

// who says whose measurement it is, as far as that tells it from another's: "threads", "threads with workers = 4", "squares as threads".
func (s *Site) who(a, other side) string {
	name := strings.ToLower(lookOf(a.mode).Name)
	switch a.mode {
	case program.Serial:
		name = "one after another"
	case program.Plain:
		name = "the program"
	case program.Goroutine, program.Thread, program.Process:
	}
	cell := "cell " + a.program[strings.LastIndexByte(a.program, '/')+1:]
	switch {
	case other.program == "" || a.program == other.program:
	case a.mode == other.mode || a.mode == program.Plain:
		name = cell
	case a.mode == program.Serial:
		name = cell + ", " + name + ","
	default:
		name = cell + " as " + name
	}
	if a.value != "" && a.value != other.value {
		name += " at " + s.sweepOf(a.program) + a.value
	}
	return name
}

// sweepOf names the parameter over which a cell is swept, "workers = ".
func (s *Site) sweepOf(id string) string {
	if c := s.cells[id]; c != nil && c.Options.Sweep != nil {
		return c.Options.Sweep.Name + " = "
	}
	return ""
}

// upper begins a sentence.
func upper(s string) string {
	for i := range s {
		if i > 0 {
			return strings.ToUpper(s[:i]) + s[i:]
		}
	}
	return strings.ToUpper(s)
}

// factor writes a ratio with at most three significant digits, and no more than its interval allows: the last is worth at least a tenth of that.
func factor(x, low, high float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "unknown"
	}
	decimals := 2
	for limit := 10.0; decimals > 0 && math.Abs(x) >= limit-0.005; limit *= 10 {
		decimals--
	}
	for step := (high - low) / 10; decimals > 0 && math.Pow10(-decimals) < step*(1-1e-9); {
		decimals--
	}
	return strconv.FormatFloat(x, 'f', decimals, 64)
}

// amount writes a value with its unit, with no more digits than its interval allows.
func amount(u formula.Unit, x, low, high float64) string {
	switch u {
	case formula.Time:
		return evidence.Summary{Median: nanoseconds(x), Low: nanoseconds(low), High: nanoseconds(high)}.String()
	case formula.Size:
		return quantity.Bytes(int64(bounded(x)))
	case formula.Number, formula.Ending, formula.Text, formula.Truth:
	}
	return factor(x, low, high)
}

func nanoseconds(x float64) time.Duration { return time.Duration(math.Round(bounded(x))) }

// bounded keeps what results may hold within what can be written.
func bounded(x float64) float64 {
	const most = 1 << 60
	if math.IsNaN(x) {
		return 0
	}
	return min(max(x, -most), most)
}

// percent writes a share.
func percent(share float64) string {
	const of = 1_000_000
	if math.IsNaN(share) {
		return "an unknown share"
	}
	return quantity.Share(int(math.Round(min(max(share, 0), 1)*of)), of)
}
