package site

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"course/evidence"
	"course/formula"
	"course/lessons"
	"course/program"
	"course/quantity"
)

// verdictSentence says what came of a claim: "Here: no. Processes took 1.07 times as long as threads."
func (s *Site) verdictSentence(j *evidence.Judgment) (verdict, because string) {
	here := where(j.Recorded) + ": "
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
	var before evidence.Comparison
	for _, c := range j.Comparisons {
		says := s.comparisonSentence(c)
		switch last := len(said) - 1; {
		case says == "" || slices.Contains(said, says) || len(said) == 3:
			continue
		case last >= 0 && s.ofTheSame(before, c): // "With threads, all 6 runs ended well and printed …"
			said[last] = strings.TrimSuffix(said[last], ".") + " and " + strings.TrimPrefix(says, s.ofRuns(c)+" ")
		default:
			said = append(said, says)
		}
		before = c
	}
	return verdict, strings.Join(said, " ")
}

// where says of which machine something is true.
func where(recorded bool) string {
	if recorded {
		return "Where this was measured"
	}
	return "Here"
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
		case len(parts) == 2 && count == 1 && len(all) > 0:
			all = append(all, "the other "+of.one)
		case len(parts) == 2 && count == 1:
			all = append(all, "One part "+of.one)
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

// comparisonSentence says what was measured, not whether it holds. It is empty where nothing is known.
func (s *Site) comparisonSentence(c evidence.Comparison) string {
	switch {
	case !c.Known:
		return ""
	case c.Counted:
		return s.countedSentence(c)
	}
	if over, under, ok := fraction(c); ok {
		return s.fractionSentence(over, under, c)
	}
	if says := s.busySentence(c); says != "" {
		return says
	}
	if says := s.slopeSentence(c); says != "" {
		return says
	}
	if of, rest, ok := c.Left.Share(); ok && !c.Ratio {
		return s.shareSentence(of, rest, c)
	}
	if of, ok := c.Left.Sole(); ok && !c.Ratio {
		return s.sizeSentence(of, c)
	}
	return plainSentence(c)
}

// fraction returns the measurements of which the effect of a comparison is the one by the other; ok is false where more goes into it.
func fraction(c evidence.Comparison) (over, under formula.Series, ok bool) {
	if !c.Ratio {
		return c.Left.Quotient()
	}
	left, right := c.Left, c.Right
	if c.Op == formula.Less || c.Op == formula.AtMost {
		left, right = right, left
	}
	over, one := left.Sole()
	under, other := right.Sole()
	return over, under, one && other
}

// fractionSentence says of a fraction that is compared with a constant what lessons call it by: a speed-up, or how something scales.
func (s *Site) fractionSentence(over, under formula.Series, c evidence.Comparison) string {
	if !c.Ratio && busy(over, under) {
		return s.occupiedSentence(under, c)
	}
	if c.Ratio || over.Metric != "wall" || under.Metric != "wall" || over.Program != under.Program {
		return s.ratioSentence(over, under, c)
	}
	says := "With " + s.who(under, under) + " it was " + effect(c) + " times as fast "
	switch {
	case over.Point.Mode == under.Point.Mode:
		return says + "at " + s.at(under) + " as at " + s.at(over) + "."
	case over.Point.Mode == program.Serial && over.Point.Value == under.Point.Value:
		return says + "as one after another."
	}
	return s.ratioSentence(over, under, c)
}

// plainSentence says what an expression came to that is more than people say in words.
func plainSentence(c evidence.Comparison) string {
	if c.Ratio {
		return "The ratio is " + effect(c) + "."
	}
	return "It came to " + effect(c) + "."
}

// effect writes that of a comparison, with no more digits than its interval allows.
func effect(c evidence.Comparison) string {
	value, _, _ := evidence.Words(c.Unit, c.Effect, c.Low, c.High)
	return value
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

// ratioSentence compares two measurements, of which the effect is the one by the other: the larger with the smaller.
func (s *Site) ratioSentence(over, under formula.Series, c evidence.Comparison) string {
	word, known := speech[over.Metric]
	if !known || over.Metric != under.Metric || c.Low <= 0 {
		return plainSentence(c)
	}
	ratio, low, high := c.Effect, c.Low, c.High
	if ratio < 1 {
		over, under = under, over
		ratio, low, high = 1/ratio, 1/high, 1/low
	}
	says := upper(s.who(over, under)) + " " + word.verb + " "
	times, _, _ := evidence.Words(formula.Number, ratio, low, high)
	if f, err := strconv.ParseFloat(times, 64); err == nil && f == 1 {
		within := math.Ceil(100 * max(high-1, 1-low, 0))
		return says + "as " + word.much + " as " + s.who(under, over) + ", to within " + strconv.FormatFloat(max(within, 1), 'f', 0, 64) + " %."
	}
	if over.Program == under.Program && over.Point.Mode == under.Point.Mode && s.at(over) != "" {
		says = upper(s.who(over, over)) + " " + word.verb + " " + times + " times as " + word.much + " at " + s.at(over) + " as at " + s.at(under)
	} else {
		says += times + " times as " + word.much + " as " + s.who(under, over)
	}
	if c.Ratio && c.Verdict == lessons.DoesNotHold && c.Effect > 1 && c.Op != formula.Equal && c.Op != formula.Different { // as was claimed, but for how much
		says += ", which is less than the " + strconv.FormatFloat(c.Threshold, 'g', -1, 64) + " times that would count"
	}
	return says + "."
}

// sizeSentence says how much a measurement is.
func (s *Site) sizeSentence(of formula.Series, c evidence.Comparison) string {
	word, known := speech[of.Metric]
	if !known {
		return plainSentence(c)
	}
	much := effect(c)
	if of.Metric == "overlap" {
		much = percent(c.Effect)
	}
	return upper(s.who(of, formula.Series{})) + " " + word.verb + " " + much + word.alone + "."
}

// countedSentence says of how many runs it is true that they ended so, or printed that.
func (s *Site) countedSentence(c evidence.Comparison) string {
	of, _ := s.counted(c)
	return s.ofRuns(c) + " " + did(of) + "."
}

// counted returns what is said of runs that are counted, and of how many of them it is true.
func (s *Site) counted(c evidence.Comparison) (of formula.Series, n int) {
	of, _ = c.Left.Sole()
	with, _ := c.Right.Constant()
	n = int(math.Round(c.Effect * float64(c.Runs)))
	switch c.Op {
	case formula.Contains:
		of.Has = with
	case formula.Different: // say what they did, not what they did not
		n = c.Runs - n
		fallthrough
	default:
		of.Is = with
	}
	return of, n
}

// ofTheSame reports whether two comparisons say something of the same runs.
func (s *Site) ofTheSame(c, d evidence.Comparison) bool {
	return c.Known && d.Known && c.Counted && d.Counted && s.ofRuns(c) == s.ofRuns(d)
}

// ofRuns says of how many runs something is said: "With threads, all 6 runs".
func (s *Site) ofRuns(c evidence.Comparison) string {
	of, n := s.counted(c)
	runs := strconv.Itoa(n) + " of " + strconv.Itoa(c.Runs) + " runs"
	switch {
	case c.Runs == 1 && n == 1:
		runs = "the one run"
	case n == c.Runs:
		runs = "all " + strconv.Itoa(c.Runs) + " runs"
	case n == 0:
		runs = "none of " + quantity.Count(c.Runs, "run")
	}
	return upper(s.with(of) + runs)
}

// shareSentence says in which share of the runs it was so; rest says that the effect is that of the others.
func (s *Site) shareSentence(of formula.Series, rest bool, c evidence.Comparison) string {
	share := c.Effect
	if rest {
		share = 1 - share
	}
	return upper(s.with(of)) + percent(share) + " of " + quantity.Count(c.Runs, "run") + " " + did(of) + "."
}

// did says how runs ended, or what they printed.
func did(of formula.Series) string {
	switch {
	case of.Has != "":
		return "printed “" + of.Has + "” among other things"
	case of.Metric != "exit":
		return "printed “" + of.Is + "”"
	}
	if o, ok := program.ParseOutcome(of.Is); ok {
		return o.String()
	}
	return "ended with " + of.Is
}

// with says in which mode runs were made, as the beginning of a sentence; nothing where there is only one.
func (s *Site) with(of formula.Series) string {
	if of.Point.Mode == program.Plain {
		return ""
	}
	return "with " + s.who(of, formula.Series{}) + ", "
}

// who says whose measurement it is, as far as that tells it from another's: "threads", "threads with workers = 4", "squares as threads". Of one that
// is told from none it says at which value of a sweep.
func (s *Site) who(a, other formula.Series) string {
	name := strings.ToLower(lookOf(a.Point.Mode).Name)
	switch a.Point.Mode {
	case program.Serial:
		name = "serial work"
	case program.Plain:
		name = "the program"
	case program.Goroutine, program.Thread, program.Process:
	}
	cell := "cell " + a.Program[strings.LastIndexByte(a.Program, '/')+1:]
	switch {
	case other.Program == "" || a.Program == other.Program:
	case a.Point.Mode == other.Point.Mode || a.Point.Mode == program.Plain:
		name = cell
	case a.Point.Mode == program.Serial:
		name = cell + ", " + name + ","
	default:
		name = cell + " as " + name
	}
	if at := s.at(a); at != "" && a.Point.Value != other.Point.Value {
		name += " at " + at
	}
	return name
}

// at says at which value of its sweep something was measured, "workers = 4"; nothing where there is none.
func (s *Site) at(of formula.Series) string {
	if c := s.cells[of.Program]; c != nil {
		return sayValue(c, of.Point)
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

// percent writes a share.
func percent(share float64) string {
	const of = 1_000_000
	if math.IsNaN(share) {
		return "an unknown share"
	}
	return quantity.Share(int(math.Round(min(max(share, 0), 1)*of)), of)
}
