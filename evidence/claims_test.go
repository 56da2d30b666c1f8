package evidence_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"course/evidence"
	"course/formula"
	"course/lessons"
	"course/program"
	"course/runner"
	"course/runner/machine"
)

const ms = time.Millisecond

// claimCells are what the claims of these tests are about.
const claimCells = "# Start\n\n```go {#sum modes=[serial,thread,process]}\nfunc main() { worker.Start(f, 1) }\n```\n\n" +
	"```go {#lost vary=outcome modes=[thread]}\nfunc main() { worker.Start(f, 1) }\n```\n\n" +
	"```go {#slot procs=1 modes=[thread]}\nfunc main() { worker.Start(f, 1) }\n```\n\n" +
	"```go {#grow modes=[thread] sweep={workers=[1,4]}}\nfunc main() { worker.Start(f, worker.Param(\"workers\", 1)) }\n```\n\n" +
	"```go {#masked mask=[\"[0-9]+\"] modes=[thread]}\nfunc main() { worker.Start(f, 1) }\n```\n\n" +
	"```go {#either expect=[exit=3,ok] modes=[thread]}\nfunc main() { worker.Start(f, 1) }\n```\n\n" +
	"```go {#big modes=[thread] sweep={size=[1,16777216]}}\nfunc main() { worker.Start(f, worker.Param(\"size\", 1)) }\n```\n\n"

// claimed loads a course with claims, each written as YAML.
func claimed(t testing.TB, claims ...string) *lessons.Course {
	t.Helper()
	text := claimCells
	for _, claim := range claims {
		text += "```claim\n" + claim + "\n```\n\n"
	}
	course, err := lessons.Load(fstest.MapFS{
		"02-more.md":   &fstest.MapFile{Data: []byte("# More\n\n```go {#far}\nfunc main() {}\n```\n")},
		"01-start.md":  &fstest.MapFile{Data: []byte(text)},
		"sources.yaml": &fstest.MapFile{Data: []byte("groups:\n  - title: an article\n    rows:\n      - {id: S1, kind: claim, says: One.}\n      - {id: S2, kind: claim, says: Two.}\n")},
	}, nil)
	if err != nil || len(course.Problems) > 0 {
		t.Fatal(err, course.Problems)
	}
	return course
}

// around returns nine runs that take about as long as wall: from 97 to 103 % of it.
func around(at program.Point, wall time.Duration) (runs []runner.Run) {
	for i := range 9 {
		runs = append(runs, runner.Run{Mode: at.Mode, Value: at.Value, Wall: wall * time.Duration(97+i*6/8) / 100})
	}
	return runs
}

// halved are runs of which those as threads take half as long as the others.
func halved() (runs []runner.Run) {
	runs = append(runs, around(program.At(program.Serial), 100*ms)...)
	runs = append(runs, around(program.At(program.Thread), 50*ms)...)
	return append(runs, around(program.At(program.Process), 100*ms)...)
}

// TestEachVerdict has a claim for each verdict, and for each way in which there is none.
func TestEachVerdict(t *testing.T) {
	two := machine.Machine{Cores: 2, Memory: 1 << 30}
	quiet := runner.Result{ID: "start/sum", Runs: halved(), Machine: two}
	with := func(change func(r *runner.Result)) runner.Result {
		r := quiet
		change(&r)
		return r
	}
	outcomes := func(panicked, well int) runner.Result {
		r := runner.Result{ID: "start/lost", Machine: two}
		if panicked > 0 {
			r.Runs = append(r.Runs, runner.Run{Mode: program.Thread, Times: panicked, Outcome: program.Outcome{Kind: program.Panicked}})
		}
		if well > 0 {
			r.Runs = append(r.Runs, runner.Run{Mode: program.Thread, Times: well})
		}
		return r
	}
	user := func(serial, thread, process []int) runner.Result { // milliseconds of nine runs in each mode
		r := runner.Result{ID: "start/sum", Runs: halved(), Machine: two}
		for i := range r.Runs {
			r.Runs[i].User = time.Duration([][]int{serial, thread, process}[i/9][i%9]) * ms
		}
		return r
	}
	quick := with(func(r *runner.Result) { // the processes take 20 ms
		r.Runs = append(slices.Clone(r.Runs[:18]), around(program.At(program.Process), 20*ms)...)
	})
	near := with(func(r *runner.Result) { // 100 ms and 98 ms, give or take 3 each, and 1.1 ms
		r.Runs = append(slices.Clone(r.Runs[:9]), around(program.At(program.Thread), 98*ms)...)
		r.Runs = append(r.Runs, around(program.At(program.Process), 1100*time.Microsecond)...)
	})
	const signed = "one side may be zero or negative, and a ratio then says nothing: "
	all := func(reason string) runner.Result {
		return with(func(r *runner.Result) {
			r.Noise = map[program.Point]string{program.At(program.Serial): reason, program.At(program.Thread): reason}
			r.Runs = slices.Clone(r.Runs)
			for i := range r.Runs {
				r.Runs[i].Overlap, r.Runs[i].Usage.Voluntary = new(0.99), 500
			}
		})
	}
	swept := runner.Result{ID: "start/grow", Machine: two, Runs: append(around(program.Point{Mode: program.Thread, Value: 1}, 100*ms), around(program.Point{Mode: program.Thread, Value: 4}, 30*ms)...)}
	weighed := with(func(r *runner.Result) {
		for i := range 6 {
			looks := runner.SureLooks
			r.Runs = append(r.Runs, runner.Run{Mode: program.Thread, Purpose: runner.Weighing, Memory: &runner.Memory{PSS: 3 << 20, PageTables: 1 << 20, Stacks: int64(i), Looks: looks}},
				runner.Run{Mode: program.Process, Purpose: runner.Weighing, Memory: &runner.Memory{PSS: 30 << 20, Looks: 1}})
		}
	})
	for _, test := range []struct {
		claim   string // when it holds, and more
		result  runner.Result
		verdict lessons.Verdict
		why     string // a part of it
	}{
		{"sum.thread.wall < sum.serial.wall\nleast: 1.5", quiet, lessons.Holds, ""},
		{"sum.serial.wall > sum.thread.wall\nleast: 1.5", quiet, lessons.Holds, ""},
		{"sum.serial.wall < sum.thread.wall\nleast: 1.5", quiet, lessons.DoesNotHold, ""},
		{"sum.thread.wall < sum.process.wall\nleast: 2.5", quiet, lessons.DoesNotHold, ""}, // less than what matters is no effect
		{"sum.thread.wall < sum.serial.wall\nleast: 2", quiet, lessons.Undecided, "2 lies in it"},
		{"sum.serial.wall == sum.process.wall\nleast: 1.15", quiet, lessons.Holds, ""},
		{"sum.serial.wall == sum.thread.wall\nleast: 1.05", near, lessons.Undecided, "1.05 lies in it"},
		{"sum.serial.wall == sum.thread.wall\nleast: 1.15", quiet, lessons.DoesNotHold, ""},
		{"sum.serial.wall != sum.process.wall\nleast: 1.15", quiet, lessons.DoesNotHold, ""},
		{"sum.serial.wall != sum.thread.wall\nleast: 1.15", quiet, lessons.Holds, ""},
		{"speedup(sum.thread) >= 1.5", quiet, lessons.Holds, ""},
		{"speedup(sum.thread) < 1.5", quiet, lessons.DoesNotHold, ""},
		{"1.5 < speedup(sum.thread)", quiet, lessons.Holds, ""},
		{"speedup(sum.thread) > 0.9*cores", quiet, lessons.Holds, ""},
		{"sum.thread.wall < 80*ms", quiet, lessons.Holds, ""},
		{"sum.serial.wall > sum.thread.wall + 30*ms\nleast: 1.1", quiet, lessons.Holds, ""},
		{"scaling(grow.thread) > 2", swept, lessons.Holds, ""},
		{"grow.thread.wall[4] < grow.thread.wall[1]\nleast: 3", swept, lessons.Holds, ""},

		// The interval has to lie wholly on either side: below are 0.97 to 1.03 times 100 ms, and half of that.
		{"sum.serial.wall < 101*ms", quiet, lessons.Undecided, "101 ms lies in it"},
		{"sum.serial.wall > 101*ms", quiet, lessons.Undecided, "101 ms lies in it"},
		{"sum.thread.wall < sum.serial.wall\nleast: 2.05", quiet, lessons.Undecided, "2.05 lies in it"},
		{"sum.thread.wall == sum.serial.wall\nleast: 1.15", quiet, lessons.DoesNotHold, ""},
		{"sum.serial.wall == sum.thread.wall\nleast: 1.15", quiet, lessons.DoesNotHold, ""},
		{"sum.thread.wall != sum.serial.wall\nleast: 1.15", quiet, lessons.Holds, ""},

		// A ratio says nothing of what may be negative, on either side.
		{"sum.thread.wall - sum.serial.wall < sum.process.wall\nleast: 1.15", quick, lessons.Undecided, signed},
		{"sum.process.wall > sum.thread.wall - sum.serial.wall\nleast: 1.15", quick, lessons.Undecided, signed},
		{"sum.process.wall - sum.thread.wall < sum.thread.wall - sum.serial.wall\nleast: 1.15", quick, lessons.Undecided, signed},
		{"-sum.thread.wall > -sum.serial.wall\nleast: 1.15", quick, lessons.Undecided, signed},
		{"sum.serial.wall - sum.thread.wall < sum.process.wall\nleast: 1.15", near, lessons.Undecided, signed},
		{"sum.process.wall == sum.serial.wall - sum.thread.wall\nleast: 1.15", near, lessons.Undecided, signed},
		{"ratio(sum.process.wall, sum.serial.wall - sum.thread.wall) < 5", near, lessons.Undecided, "it comes to no number: "},
		{"sum.process.wall < sum.serial.wall - sum.thread.wall\nleast: 1.15", quick, lessons.Holds, ""}, // 20 ms and 50 ms
		{"sum.serial.wall - sum.thread.wall > sum.process.wall\nleast: 1.15", quick, lessons.Holds, ""},
		{"sum.serial.wall - sum.thread.wall < sum.process.wall\nleast: 1.15", quick, lessons.DoesNotHold, ""},

		// A coarse clock: what is no number at one end has no interval.
		{"sum.thread.user / (sum.thread.user + sum.process.user) > 0.9", user(make([]int, 9), []int{0, 0, 0, 0, 1, 1, 1, 1, 1}, make([]int, 9)), lessons.Undecided, "it comes to no number: "},
		{"sum.process.user != sum.thread.user\nleast: 1.15", user(make([]int, 9), []int{0, 0, 0, 0, 1, 1, 1, 1, 1}, make([]int, 9)), lessons.Undecided, signed},

		// Three values: what is undecided decides nothing, and undoes nothing.
		{"sum.thread.wall < 80*ms and sum.thread.wall < 50*ms", quiet, lessons.Undecided, "50.0 ms lies in it"},
		{"sum.thread.wall > 80*ms and sum.thread.wall < 50*ms", quiet, lessons.DoesNotHold, ""},
		{"sum.thread.wall < 80*ms or sum.thread.wall < 50*ms", quiet, lessons.Holds, ""},
		{"sum.thread.wall > 80*ms or sum.thread.wall < 50*ms", quiet, lessons.Undecided, ""},
		{"not (sum.thread.wall > 80*ms)", quiet, lessons.Holds, ""},
		{"not (sum.thread.wall > 50*ms)", quiet, lessons.Undecided, ""},

		// Ways to be undecided.
		{"speedup(sum.thread) >= 1.5", runner.Result{ID: "start/lost"}, lessons.Undecided, "no results of sum"},
		{"speedup(sum.thread) >= 1.5", with(func(r *runner.Result) { r.Runs = r.Runs[:9] }), lessons.Undecided, "no run of sum (threads)"},
		{"speedup(sum.thread) >= 1.5", with(func(r *runner.Result) { r.Runs = r.Runs[4:] }), lessons.Undecided, "of sum (serial) there are 5 runs, and 6 are needed"},
		{
			"speedup(sum.thread) >= 1.5",
			with(func(r *runner.Result) { r.Noise = map[program.Point]string{program.At(program.Thread): "a reason"} }),
			lessons.Undecided, "the times of sum (threads) are noisy: a reason",
		},
		{ // what is so of several cells, or in several comparisons, is said once
			"speedup(sum.thread) >= 1.5 and sum.process.wall < 80*ms and sum.thread.cpu < 1*s",
			with(func(r *runner.Result) {
				r.Noise = map[program.Point]string{program.At(program.Serial): "a reason", program.At(program.Thread): "a reason", program.At(program.Process): "a reason"}
			}),
			lessons.Undecided, "the times of sum (serial), sum (threads) and sum (processes) are noisy: a reason",
		},
		{ // of another lesson, a value of a sweep as people read it
			"big.thread.wall[16777216] < 1*s and more/far.plain.wall < 1*s", runner.Result{
				ID: "start/big", Runs: around(program.Point{Mode: program.Thread, Value: 1}, ms),
			}, lessons.Undecided, "no run of big with size=16777216 (threads); no results of more/far",
		},
		{
			"speedup(sum.thread) >= 1.5",
			with(func(r *runner.Result) { r.Noise = map[program.Point]string{program.At(program.Process): "a reason"} }), lessons.Holds, "", // the claim does not rest on it
		},
		{
			"sum.thread.memory < 6*MiB",
			with(func(r *runner.Result) {
				r.Runs, r.Noise = weighed.Runs, map[program.Point]string{program.At(program.Thread): "a reason"}
			}), lessons.Holds, "", // it is no time
		},
		{"sum.thread.overlap > 0.5", all("a reason"), lessons.Undecided, "the times of sum (threads) are noisy: a reason"},
		{"sum.thread.switches > 100", all("a reason"), lessons.Undecided, "the times of sum (threads) are noisy: a reason"},
		{"sum.thread.overlap > 0.5", all(""), lessons.Holds, ""},
		{"sum.process.memory > 6*MiB", weighed, lessons.Undecided, "the runs of sum (processes) were over too soon for the memory to be known"},
		{"sum.thread.memory < 6*MiB", quiet, lessons.Undecided, "the memory of sum (threads) is not known"},
		{"sum.thread.startup < 1*ms", quiet, lessons.Undecided, "tell no startup"},
		{
			"speedup(sum.thread) >= 1.5", with(func(r *runner.Result) {
				r.Runs = halved()
				for i := range r.Runs {
					r.Runs[i].Outcome.Kind = program.Panicked
				}
			}), lessons.Undecided, "no run of sum (serial) and sum (threads) ended as expected",
		},

		// Ways not to be judged.
		{"speedup(sum.thread) >= 1.5\nneeds: cores >= 4", quiet, lessons.NotJudged, "it needs cores >= 4, and the machine has 2 cores"},
		{"speedup(sum.thread) >= 1.5\nneeds: [cores >= 2, memory >= 2*GiB]", quiet, lessons.NotJudged, "it needs memory >= 2*GiB, and the machine has 1.00 GiB of memory"},
		{"speedup(sum.thread) >= 1.5\nneeds: cores >= 2", with(func(r *runner.Result) { r.Machine.Quota = 1.5 }), lessons.NotJudged, "the machine has 1.5 cores"},
		{"speedup(sum.thread) >= 1.5\nneeds: cores >= 2", quiet, lessons.Holds, ""},
		{"speedup(sum.thread) >= 1.5", runner.Result{ID: "start/sum", NotHere: "there is no Python"}, lessons.NotJudged, "cell sum cannot be run: there is no Python"},
		{"speedup(sum.thread) >= 1.5", with(func(r *runner.Result) { r.NotHere, r.Recorded = "there is no Python", true }), lessons.Holds, ""},

		// How runs end, and what they print.
		{"lost.thread.exit == panic", outcomes(20, 0), lessons.Holds, ""},
		{"lost.thread.exit == panic", outcomes(0, 20), lessons.DoesNotHold, ""},
		{"lost.thread.exit != panic", outcomes(0, 20), lessons.Holds, ""},
		{"lost.thread.exit == panic", outcomes(19, 1), lessons.Undecided, "in 19 of 20 runs lost.thread.exit == panic: a share of them can be claimed"},
		{"lost.thread.exit == panic", outcomes(5, 0), lessons.Undecided, "there are 5 runs, and 6 are needed"},
		{"share(lost.thread.exit == panic) > 0.5", outcomes(19, 1), lessons.Holds, ""},
		{"share(lost.thread.exit == panic) > 0.9", outcomes(19, 1), lessons.Undecided, "0.9 lies in it"},
		{"share(lost.thread.exit == panic) > 0.5", outcomes(1, 19), lessons.DoesNotHold, ""},
		{"share(lost.thread.exit == panic) < 0.2", outcomes(0, 40), lessons.Holds, ""},
		{
			"share(lost.thread.exit == panic) < 0.2", func() runner.Result { // of the others it is not known
				r := outcomes(0, 40)
				r.Others = map[program.Point]int{program.At(program.Thread): 10}
				return r
			}(), lessons.Undecided, "0.2 lies in it",
		},
		{"masked.thread.output contains \"took 7 ms\"", printed("start/masked", "it took 812 ms"), lessons.Holds, ""},
		{"masked.thread.output contains \"took 7 s\"", printed("start/masked", "it took 812 ms"), lessons.DoesNotHold, ""},
		{"masked.thread.output == \"it took 7 ms\"", printed("start/masked", "it took 812 ms"), lessons.Holds, ""},
		{
			"lost.thread.exit == panic", func() runner.Result {
				r := outcomes(20, 0)
				r.Others = map[program.Point]int{program.At(program.Thread): 1}
				return r
			}(), lessons.Undecided, "in 20 of 21 runs lost",
		},
	} {
		course := claimed(t, "id: it\nsays: It.\nholds-when: "+test.claim)
		j := evidence.Judge(course, []runner.Result{test.result}).Judgments["start/it"]
		if j.Verdict != test.verdict || !strings.HasPrefix(j.Why, test.why) && !strings.HasSuffix(j.Why, test.why) || (j.Why != "") != (test.verdict == lessons.Undecided || test.verdict == lessons.NotJudged) {
			t.Errorf("%s: %q, for %q; want %q, for %q", test.claim, j.Verdict, j.Why, test.verdict, test.why)
		}
	}
}

// printed returns the result of a cell that printed that in nine runs.
func printed(id, text string) runner.Result {
	r := runner.Result{ID: id, Runs: around(program.At(program.Thread), ms)}
	for i := range r.Runs {
		r.Runs[i].Output.Lines = []runner.Line{{Text: text}}
	}
	return r
}

// TestAClaimWithParts has the verdicts of a row: some that hold and some that do not make it partly, whatever the others are.
func TestAClaimWithParts(t *testing.T) {
	const holds, not, open, never = "sum.thread.wall < 80*ms", "sum.thread.wall > 80*ms", "sum.thread.wall < 50*ms", "lost.thread.exit == ok"
	results := []runner.Result{{ID: "start/sum", Runs: halved()}, {ID: "start/lost", NotHere: "it is not"}}
	for _, test := range []struct {
		parts   []string
		verdict lessons.Verdict
	}{
		{[]string{holds, holds}, lessons.Holds},
		{[]string{not, not}, lessons.DoesNotHold},
		{[]string{holds, not}, lessons.Partly},
		{[]string{holds, not, open, never}, lessons.Partly},
		{[]string{holds, open}, lessons.Undecided},
		{[]string{not, open}, lessons.Undecided},
		{[]string{holds, never}, lessons.Undecided},
		{[]string{open, never}, lessons.Undecided},
		{[]string{never, never}, lessons.NotJudged},
	} {
		whole := "id: whole\nsays: All.\nfrom: [S1]\nparts:\n"
		claims := []string{}
		for i, part := range test.parts {
			if i == 0 { // stands elsewhere
				claims = append(claims, "id: first\nsays: It.\nfrom: [S2]\nholds-when: "+part)
				whole += "  - claim: first\n"
				continue
			}
			whole += "  - says: It.\n    holds-when: " + part + "\n"
		}
		report := evidence.Judge(claimed(t, append([]string{whole}, claims...)...), results)
		j := report.Judgments["start/whole"]
		if j.Verdict != test.verdict || len(j.Parts) != len(test.parts) || j.Parts[0] != report.Judgments["start/first"] {
			t.Errorf("%v: %q with %d parts, want %q", test.parts, j.Verdict, len(j.Parts), test.verdict)
		}
		if row := report.Rows[0]; row.Source.ID != "S1" || len(row.Standings) != 1 || row.Standings[0].Verdict != test.verdict {
			t.Errorf("%v: the row is %+v", test.parts, row)
		}
	}
}

// TestRowsStandOnEachSystem: those that claims speak of, in their order, and several claims together as parts are.
func TestRowsStandOnEachSystem(t *testing.T) {
	report := evidence.Judge(claimed(t,
		"id: of_slot\nsays: It.\nfrom: [S1]\non: one-slot\nholds-when: slot.thread.wall < 80*ms",
		"id: a\nsays: It.\nfrom: [S1, S2]\nholds-when: sum.thread.wall < 80*ms",
		"id: b\nsays: It.\nfrom: [S1]\nholds-when: sum.thread.wall > 80*ms",
	), []runner.Result{{ID: "start/sum", Runs: halved()}, {ID: "start/slot", Runs: around(program.At(program.Thread), 50*ms)}})
	var got []string
	for _, row := range report.Rows {
		for _, standing := range row.Standings {
			got = append(got, fmt.Sprint(row.Source.ID, " ", standing.System, " ", standing.Verdict, " ", len(standing.Judgments)))
		}
	}
	if want := "[S1 go partly 2 S1 one-slot holds 1 S2 go holds 1]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// TestPartsStandOnTheirOwnSystems: of a claim on several, each part counts where it belongs, also one that stands elsewhere.
func TestPartsStandOnTheirOwnSystems(t *testing.T) {
	report := evidence.Judge(claimed(t,
		"id: mixed\nsays: It.\nfrom: [S1]\nparts:\n"+
			"  - says: It.\n    holds-when: sum.thread.wall < 80*ms\n"+
			"  - says: It.\n    on: one-slot\n    holds-when: slot.thread.wall > 1*s\n"+
			"  - claim: apart",
		"id: apart\nsays: It.\non: one-slot\nholds-when: slot.thread.wall < 80*ms",
		"id: alone\nsays: It.\nfrom: [S2]\non: one-slot\nparts:\n"+
			"  - says: It.\n    holds-when: slot.thread.wall > 1*s\n"+
			"  - claim: apart",
		"id: above\nsays: It.\nfrom: [S2]\nparts:\n"+
			"  - claim: alone\n  - says: It.\n    on: one-slot\n    holds-when: slot.thread.wall > 1*s",
	), []runner.Result{{ID: "start/sum", Runs: halved()}, {ID: "start/slot", Runs: around(program.At(program.Thread), 50*ms), Python: "CPython 3"}})
	var got []string
	for _, row := range report.Rows {
		for _, standing := range row.Standings {
			all := fmt.Sprint(row.Source.ID, " ", standing.System, " ", standing.Verdict)
			for _, j := range standing.Judgments {
				all += " " + j.Claim.ID
			}
			got = append(got, all)
		}
	}
	if want := []string{"S1 go holds mixed-1", "S1 one-slot partly mixed-2 apart", "S2 one-slot partly alone above"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if above := report.Judgments["start/above"]; above.Verdict != lessons.Partly { // one part of it holds partly, the other does not
		t.Errorf("it is %s", above.Verdict)
	}
	if j := report.Judgments["start/mixed"]; !slices.Equal(j.Python, []string{"CPython 3"}) {
		t.Errorf("Python is %q", j.Python)
	}
}

// TestAnEffectHasItsInterval: that of a ratio is as wide as those of both together, in quadrature.
func TestAnEffectHasItsInterval(t *testing.T) {
	j := evidence.Judge(claimed(t, "id: it\nsays: It.\nholds-when: sum.thread.wall < sum.serial.wall\nleast: 1.5"),
		[]runner.Result{{ID: "start/sum", Runs: halved()}}).Judgments["start/it"]
	c := j.Comparisons[0]
	if got := fmt.Sprintf("%.3f %.3f %.3f of %d runs over %g", c.Effect, c.Low, c.High, c.Runs, c.Threshold); got != "2.000 1.929 2.074 of 9 runs over 1.5" || !c.Ratio || len(c.Of) != 2 {
		t.Errorf("got %s, %+v", got, c)
	}
}

// TestAConstantStandsOnTheRight, wherever it is written: what has to be reached is said of the measurement.
func TestAConstantStandsOnTheRight(t *testing.T) {
	report := evidence.Judge(claimed(t, "{id: it, says: One., holds-when: 80*ms > sum.thread.wall}"), []runner.Result{{ID: "start/sum", Runs: halved()}})
	j := report.Judgments["start/it"]
	if len(j.Comparisons) != 1 || j.Verdict != lessons.Holds {
		t.Fatalf("judged as %+v", j)
	}
	if c := j.Comparisons[0]; c.Left.String() != "sum.thread.wall" || c.Op != formula.Less || c.Right.String() != "80*ms" || c.Text != "80*ms > sum.thread.wall" {
		t.Errorf("%s is judged as %s %s %s", c.Text, c.Left, c.Op, c.Right)
	}
}
