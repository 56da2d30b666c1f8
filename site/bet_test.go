package site

import (
	"slices"
	"strings"
	"testing"

	"course/evidence"
	"course/lessons"
	"course/runner"
	"course/site/markup"
)

// betOf returns the bet of the sample, with what change makes of its results.
func betOf(t testing.TB, change func([]runner.Result) []runner.Result) *bet {
	t.Helper()
	course := sample(t).course
	results := change(sampleResults())
	s := New(course, results, evidence.Judge(course, results))
	return s.newBet(course.Bet, betID, 2)
}

// quiet has nobody disturb the sleepers.
func quiet(results []runner.Result) []runner.Result {
	results[0].Noise = nil
	for i := range results[0].Runs {
		results[0].Runs[i].Disturbed = ""
	}
	return results
}

func TestBetsAreAsReviewed(t *testing.T) {
	for name, b := range map[string]*bet{
		"measured": betOf(t, quiet),
		"recorded": betOf(t, func(results []runner.Result) []runner.Result {
			results = quiet(results)
			results[0].Recorded, results[0].NotHere = true, "this is no place for it"
			return results
		}),
		"not-measured": betOf(t, func([]runner.Result) []runner.Result { return nil }),
		"undecided":    betOf(t, slices.Clone[[]runner.Result]), // its processes are noisy
	} {
		var w markup.Writer
		b.write(&w)
		elements(t, name, w.Bytes())
		golden(t, "bet-"+name+".html", w.Bytes())
	}
}

// TestWhoIsRight: where a claim is neither so nor not so, nobody is said to be right.
func TestWhoIsRight(t *testing.T) {
	const yes, no, open, partly, not = lessons.Holds, lessons.DoesNotHold, lessons.Undecided, lessons.Partly, lessons.NotJudged
	for name, test := range map[string]struct {
		a, b lessons.Verdict // of the claims of the first choices; the third one has none
		want []lessons.Verdict
		says string
	}{
		"one":              {yes, no, []lessons.Verdict{yes, no, no}, `Here: “A”.`},
		"two":              {yes, yes, []lessons.Verdict{yes, yes, no}, `Here: “A” and “B”.`},
		"none":             {no, no, []lessons.Verdict{no, no, yes}, `Here: “C”.`},
		"undecided":        {no, open, []lessons.Verdict{no, open, open}, "These runs do not tell."},
		"both undecided":   {open, open, []lessons.Verdict{open, open, open}, "These runs do not tell."},
		"one, undecided":   {open, yes, []lessons.Verdict{open, yes, no}, `Here: “B”.`},
		"in part":          {partly, no, []lessons.Verdict{open, no, open}, "These runs do not tell."},
		"not judged":       {not, no, []lessons.Verdict{open, no, open}, "These runs do not tell."},
		"never judged":     {"", no, []lessons.Verdict{open, no, open}, "These runs do not tell."},
		"undecided first":  {open, no, []lessons.Verdict{open, no, open}, "These runs do not tell."},
		"judged and still": {no, "", []lessons.Verdict{no, open, open}, "These runs do not tell."},
	} {
		s := sample(t)
		report := *s.report
		report.Judgments = make(map[string]*evidence.Judgment)
		for id, v := range map[string]lessons.Verdict{"x/a": test.a, "x/b": test.b} {
			if v != "" {
				report.Judgments[id] = &evidence.Judgment{ID: id, Verdict: v}
			}
		}
		s.report = &report
		b := s.newBet(&lessons.Bet{Asks: "?", Shows: "the-benchmark/sleepers", Choices: []lessons.Choice{{Says: "A.", Claim: "x/a"}, {Says: "B", Claim: "x/b"}, {Says: "C"}}}, betID, 2)
		_, says, _ := b.verdict()
		if !slices.Equal(b.answers, test.want) || says != test.says {
			t.Errorf("%s: %q, %s; want %q, %s", name, b.answers, says, test.want, test.says)
		}
		for i, v := range b.answers {
			want := map[lessons.Verdict]string{yes: "That is right.", no: "That is not how it came out.", open: "That stays open."}[v]
			if got := b.yours(i); !strings.HasSuffix(got, "”. "+want) {
				t.Errorf("%s: who chose %d is told %q, and not %q", name, i, got, want)
			}
		}
		s.report = &evidence.Report{Judgments: report.Judgments, Timings: map[string][]evidence.Timing{}}
		if v, says, _ := s.newBet(b.Bet, betID, 2).verdict(); slices.Contains(test.want, yes) != (v == yes) || v != yes && says != "Nothing was measured yet that could tell." {
			t.Errorf("%s: without figures %s, %s", name, v, says)
		}
	}
	none := sample(t)
	none.report = &evidence.Report{Judgments: map[string]*evidence.Judgment{"x/a": {Verdict: no}}, Timings: none.report.Timings}
	b := none.newBet(&lessons.Bet{Shows: "the-benchmark/sleepers", Choices: []lessons.Choice{{Says: "A", Claim: "x/a"}}}, betID, 2)
	if v, says, _ := b.verdict(); v != no || says != "Here: none of these." {
		t.Errorf("where no choice is right: %s, %s", v, says)
	}
}

func TestWhatTwoClaimsSayOfOneComparisonIsSaidOnce(t *testing.T) {
	const short, long = "Processes took 1.07 times as long as threads.", "Processes took 1.07 times as long as threads, which is less than the 1.15 times that would count."
	for _, test := range []struct{ of, want []string }{
		{[]string{short, long}, []string{long}},
		{[]string{long, short, "Another."}, []string{long, "Another."}},
		{[]string{short, short}, []string{short}},
		{nil, nil},
	} {
		if got := distinct(test.of); !slices.Equal(got, test.want) {
			t.Errorf("of %q there is %q, want %q", test.of, got, test.want)
		}
	}
}

// TestABetInOtherWordsIsAnotherOne: what a reader has said to the one is no answer to the other.
func TestABetInOtherWordsIsAnotherOne(t *testing.T) {
	s := sample(t)
	keys := make(map[string]bool)
	for _, b := range []lessons.Bet{
		{Asks: "a", Choices: []lessons.Choice{{Says: "b"}, {Says: "c"}}},
		{Asks: "a", Choices: []lessons.Choice{{Says: "bc"}}},
		{Asks: "ab", Choices: []lessons.Choice{{Says: "c"}}},
		{Asks: "a", Choices: []lessons.Choice{{Says: "c"}, {Says: "b"}}},
	} {
		keys[s.newBet(&b, "bet-start", 2).key()] = true
		keys[s.newBet(&b, "bet-other", 3).key()] = true
	}
	if len(keys) != 8 {
		t.Errorf("of 8 bets there are only %d kinds", len(keys))
	}
}
