package site

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"course/evidence"
	"course/formula"
	"course/lessons"
	"course/program"
	"course/runner"
	"course/runner/machine"
)

// judged is a course whose lesson has claims of every kind that a page tells apart, with judgments made by hand.
func judged(t testing.TB) *Site {
	t.Helper()
	course, err := lessons.Load(fstest.MapFS{
		"01-claims.md": {Data: []byte("# Claims\n\nBoth sides sleep: see [below](#sleepers).\n\n```go {#sleepers}\nfunc main() { worker.Map(f, []int{1}) }\nfunc f(n int) int { return n }\n```\n")},
		"02-more.md":   {Data: []byte("# More\n\nText.\n")},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	because := course.Lessons[0].Blocks[0].(*lessons.Prose)
	here := &machine.Machine{OS: "linux", Arch: "amd64", CPU: "AMD EPYC 7B13", Cores: 2, Kernel: "6.18.44", Go: "go1.26.8"}
	report := &evidence.Report{Judgments: make(map[string]*evidence.Judgment)}
	of := func(mode program.Mode, metric string, median float64) evidence.Measured {
		return evidence.Measured{
			Series: formula.Series{Program: "claims/sleepers", Point: program.At(mode), Metric: metric}, Unit: formula.Time,
			Median: median, Low: median * .99, High: median * 1.01, Covers: true, Runs: 9, Machine: *here,
		}
	}
	slower := compared(t, "claims", "sleepers.process.wall < sleepers.thread.wall", formula.Number, 0.936, 0.92, 0.96)
	slower.Threshold, slower.Verdict, slower.Of = 1.15, lessons.DoesNotHold, []evidence.Measured{of(program.Process, "wall", 44e6), of(program.Thread, "wall", 41.2e6)}
	quick := compared(t, "claims", "sleepers.thread.startup < 200*us", formula.Time, 41e3, 40e3, 42e3)
	quick.Threshold, quick.Verdict, quick.Of = 200e3, lessons.Holds, []evidence.Measured{of(program.Thread, "startup", 41e3)}
	dies := compared(t, "claims", "sleepers.thread.exit == panic", formula.Ending, 1, .8, 1)
	dies.Threshold, dies.Verdict = 1, lessons.Holds
	noisy := slower
	noisy.Low, noisy.High, noisy.Verdict, noisy.Why = 0.8, 1.3, lessons.Undecided, "the interval reaches across 1.15"
	add := func(c *lessons.Claim, j *evidence.Judgment) *evidence.Judgment {
		if c.Said == nil && c.At == "" {
			c.Said = because
		}
		j.Claim, j.ID, j.Lesson = c, "claims/"+c.ID, "claims"
		if len(j.Comparisons) > 0 && j.Machine == nil {
			j.Machine = here
		}
		report.Judgments[j.ID] = j
		return j
	}
	claim := func(id string) *lessons.Claim {
		return &lessons.Claim{ID: id, Says: "What " + id + " says.", On: lessons.OnGo, Least: 1.15}
	}
	var all []*evidence.Judgment
	first := claim("faster")
	first.Because, first.From, first.Verdict = []*lessons.Prose{because}, []string{"S0.4"}, lessons.DoesNotHold
	all = append(all, add(first, &evidence.Judgment{Verdict: lessons.DoesNotHold, Comparisons: []evidence.Comparison{slower}}))
	pinned := claim("pinned")
	pinned.Verdict = lessons.Holds
	all = append(all,
		add(claim("quick"), &evidence.Judgment{Verdict: lessons.Holds, Comparisons: []evidence.Comparison{quick, dies}}),
		add(pinned, &evidence.Judgment{Verdict: lessons.DoesNotHold, Comparisons: []evidence.Comparison{slower}, Recorded: true, Python: []string{"CPython 3.11.7, with the GIL"}}),
		add(claim("noisy"), &evidence.Judgment{Verdict: lessons.Undecided, Why: noisy.Why, Comparisons: []evidence.Comparison{noisy}}),
		add(claim("elsewhere"), &evidence.Judgment{Verdict: lessons.NotJudged, Why: "it needs cores>=4"}),
	)
	whole := claim("general")
	whole.On = lessons.OnOneSlot
	whole.Parts = []*lessons.Claim{claim("general-1"), claim("general-2"), {ID: "general-3", At: "claims/quick", Says: ""}}
	parts := []*evidence.Judgment{
		add(whole.Parts[0], &evidence.Judgment{Verdict: lessons.Holds, Comparisons: []evidence.Comparison{quick}}),
		add(whole.Parts[1], &evidence.Judgment{Verdict: lessons.DoesNotHold, Comparisons: []evidence.Comparison{slower}}),
		report.Judgments["claims/quick"],
	}
	all = append(all, add(whole, &evidence.Judgment{Verdict: lessons.Partly, Parts: parts}))
	l := *course.Lessons[0]
	for _, j := range all {
		l.Blocks = append(l.Blocks, j.Claim)
	}
	l.Blocks = append(l.Blocks, &lessons.Claim{ID: "unheard", Says: "Nobody has judged this."})
	course.Lessons[0] = &l
	course.Sources = []*lessons.Source{
		{ID: "S0.4", Kind: lessons.SourceClaim, Group: "a short benchmark article", Says: "Its benchmark is CPU-bound."},
		{ID: "S0.7", Kind: lessons.SourceSystem, Group: "a short benchmark article", Says: "Start N workers.", Where: []string{"01-claims.md#sleepers", "02-more.md"}},
		{ID: "S1.1", Kind: lessons.SourceClaim, Group: "a tutorial", Says: "Threads are light."},
	}
	report.Rows = []evidence.Row{
		{Source: course.Sources[0], Standings: []evidence.Standing{
			{System: lessons.OnGo, Verdict: lessons.Partly, Judgments: []*evidence.Judgment{all[0], all[5]}},
			{System: lessons.OnCPython, Verdict: lessons.Undecided, Judgments: []*evidence.Judgment{all[3]}},
		}},
		{Source: course.Sources[1]},
		{Source: course.Sources[2], Standings: []evidence.Standing{{System: lessons.OnOneSlot, Verdict: lessons.DoesNotHold, Judgments: []*evidence.Judgment{all[2]}}}},
	}
	results := []runner.Result{{ID: "claims/sleepers", Rule: &runner.Rule{Least: 6, Most: 50, Width: 0.05, Budget: 2500 * ms}, Stopped: runner.StoppedNarrow}}
	return New(course, results, report)
}

func TestClaimsAreAsReviewed(t *testing.T) {
	s := judged(t)
	for _, name := range []string{"claims.html", "scoreboard.html", "scoreboard.json"} {
		data, err := s.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "judged-"+name, data)
		if strings.HasSuffix(name, ".html") {
			elements(t, name, data)
		}
	}
}

// TestTheScoreCountsEverySystem, each by itself: a row can stand otherwise on each.
func TestTheScoreCountsEverySystem(t *testing.T) {
	data, err := judged(t).ReadFile("scoreboard.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"<p>3 of 3 rows are treated.</p>",
		"<li><b>Go</b>, 1 row · partly: 1</li>",
		"<li><b>Go with one slot</b>, 1 row · does not hold: 1</li>",
		"<li><b>CPython</b>, 1 row · undecided: 1</li>",
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("the scoreboard does not say %q", want)
		}
	}
}

// TestACourseWithoutSourcesHasNoScoreboard, and no page refers to one.
func TestACourseWithoutSourcesHasNoScoreboard(t *testing.T) {
	for name, data := range all(t, sampleWithoutSources(t)) {
		if strings.HasPrefix(name, "scoreboard") || strings.HasSuffix(name, ".html") && strings.Contains(string(data), "scoreboard") {
			t.Errorf("%s speaks of a scoreboard", name)
		}
	}
}

func sampleWithoutSources(t *testing.T) *Site {
	s := sample(t)
	course := *s.course
	course.Sources = nil
	return New(&course, nil, nil)
}

// TestTheScoreboardIsJSONWhateverIsMeasured: no number of a result keeps it from being written.
func TestTheScoreboardIsJSONWhateverIsMeasured(t *testing.T) {
	s := judged(t)
	odd := s.report.Rows[0].Standings[0].Judgments[0]
	odd.Comparisons = append(odd.Comparisons, odd.Comparisons[0])
	odd.Comparisons[0].Effect = math.NaN()
	odd.Comparisons[1].Low, odd.Comparisons[1].High = math.Inf(-1), math.Inf(1)
	odd.Python = []string{"CPython 3.14.0, without the GIL"}
	data, err := s.scoreData()
	if err != nil {
		t.Fatal(err)
	}
	var board Scoreboard
	if err := json.Unmarshal(data, &board); err != nil || board.Version != ScoreboardVersion || len(board.Rows) != 3 {
		t.Fatalf("%v: %+v", err, board)
	}
	if of := board.Rows[0].Claims[0]; len(of.Effects) != 1 || of.Effects[0].Low != nil || of.Effects[0].High != nil || of.Effects[0].Threshold == nil || !slices.Equal(of.Python, odd.Python) {
		t.Errorf("%+v", of)
	}
	if counted := board.Rows[0].Claims[1].Parts[2].Effects[1]; !counted.Counted || counted.Threshold != nil || counted.Effect != 1 {
		t.Errorf("what is counted is %+v", counted)
	}
	if parts := board.Rows[0].Claims[1].Parts; len(parts) != 3 || parts[2].Href != "claims.html#claim-quick" {
		t.Errorf("the parts are %+v", parts)
	}
	if i := slices.IndexFunc(board.Rows, func(r ScoreRow) bool { return r.Claims == nil }); i >= 0 {
		t.Errorf("row %d has null for claims", i)
	}
}
