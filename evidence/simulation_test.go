package evidence_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"course/evidence"
	"course/lessons"
	"course/program"
	"course/runner"
)

// A simulated course has 30 cells, and 60 pairs of what is compared in them: a mode with the serial one, or the second value of a sweep with the first. There is a claim on each.
const simulatedCells, simulatedClaims = 30, 60

// A pair is what a claim compares, as expressions.
type pair struct{ other, base, speedup string }

// simulated returns such a course. holds gives the condition of the claim of that number, and least where it needs one.
func simulated(tb testing.TB, holds func(claim int, p pair) string) *lessons.Course {
	tb.Helper()
	var b strings.Builder
	claims := 0
	for i := range simulatedCells {
		o := simulatedOptions(i)
		names := strings.Trim(strings.ReplaceAll(fmt.Sprint(o.Modes), " ", ","), "[]")
		if o.Sweep != nil {
			fmt.Fprintf(&b, "```go {#c%d modes=[%s] sweep={n=[1,2]}}\nfunc main() { worker.Start(f, worker.Param(\"n\", 1)) }\n```\n\n", i, names)
		} else {
			fmt.Fprintf(&b, "```go {#c%d modes=[%s]}\nfunc main() { worker.Start(f, 1) }\n```\n\n", i, names)
		}
		for _, at := range o.Points()[1:] {
			p := pair{fmt.Sprintf("c%d.%s.wall", i, at.Mode), fmt.Sprintf("c%d.serial.wall", i), fmt.Sprintf("speedup(c%d.%s)", i, at.Mode)}
			if o.Sweep != nil {
				p = pair{fmt.Sprintf("c%d.thread.wall[2]", i), fmt.Sprintf("c%d.thread.wall[1]", i), fmt.Sprintf("scaling(c%d.thread)", i)}
			}
			fmt.Fprintf(&b, "```claim\nid: claim_%d\nsays: It is so.\nholds-when: %s\n```\n\n", claims, holds(claims, p))
			claims++
		}
	}
	if claims != simulatedClaims {
		tb.Fatal(claims)
	}
	return written(tb, b.String())
}

// written returns the course of one lesson.
func written(tb testing.TB, text string) *lessons.Course {
	tb.Helper()
	course, err := lessons.Load(fstest.MapFS{"01-start.md": &fstest.MapFile{Data: []byte("# Start\n\n" + text)}}, nil)
	if err != nil || len(course.Problems) > 0 {
		tb.Fatal(err, course.Problems)
	}
	return course
}

// simulatedOptions returns those of a cell: two to four modes, or a sweep over two values.
func simulatedOptions(cell int) program.Options {
	if cell%6 == 0 {
		return program.Options{Modes: []program.Mode{program.Thread}, Sweep: &program.Sweep{Name: "n", Values: []float64{1, 2}}, Measure: true}
	}
	return program.Options{Modes: program.Modes()[:2+cell%3], Measure: true}
}

const matters = "\nleast: 1.15"

// same returns claims that two are not the same, in all forms: none may hold of what is.
func same(claim int, p pair) string {
	return []string{
		p.other + " != " + p.base + matters, p.other + " < " + p.base + matters, p.other + " > " + p.base + matters, "not (" + p.other + " == " + p.base + ")" + matters,
		"ratio(" + p.other + ", " + p.base + ") > 1.15", p.speedup + " > 1.15", p.speedup + " < 0.87", "1.15 <= " + p.speedup,
	}[claim%8]
}

// longer returns claims that one takes longer than the other, at least 1.15 times.
func longer(claim int, p pair) string {
	return []string{
		p.base + " < " + p.other + matters, p.other + " > " + p.base + matters, "ratio(" + p.other + ", " + p.base + ") > 1.15", p.speedup + " < 0.87", p.other + " != " + p.base + matters,
	}[claim%5]
}

// shorter returns claims that one takes less time than the other.
func shorter(claim int, p pair) string {
	return []string{p.other + " < " + p.base + matters, p.base + " > " + p.other + matters, "ratio(" + p.other + ", " + p.base + ") < 0.87", p.speedup + " > 1.15"}[claim%4]
}

// mixed has claims of three kinds: on what takes 1.5 times as long that it does; on what takes 1.2 times as long that it is quicker, and that it takes longer.
func mixed(claim int, p pair) string {
	if claim%4 == 3 {
		return shorter(claim/4, p)
	}
	return longer(claim/4, p)
}

// A world is what measurements meet.
type world struct {
	noise float64                 // of the logarithm of times, its standard deviation
	ratio func(claim int) float64 // what the one takes for what the other does
}

// measure returns what a build of the simulated course measures: cells whose modes take 20 to 100 ms, with noise, an outlier in 3 runs of 100, which is 1.5 to
// 4 times as long, a run in 20 that others disturb, as is seen, and make up to 1.5 times as long, and a machine that becomes up to 10 % slower or quicker in 2.5 s.
func (w world) measure(random *rand.Rand) (results []runner.Result) {
	claims := 0
	for i := range simulatedCells {
		o := simulatedOptions(i)
		points := o.Points()
		most := 100 / max(w.ratio(0), w.ratio(1))
		took := map[program.Point]float64{points[0]: 20 + (most-20)*random.Float64()}
		for _, at := range points[1:] {
			took[at] = took[points[0]] * w.ratio(claims)
			claims++
		}
		drift := 0.2*random.Float64() - 0.1
		now := 0.0
		result := runner.Rehearse(o, runner.Budget{}, func(at program.Point) (time.Duration, string) {
			wall, disturbed := took[at]*math.Exp(w.noise*random.NormFloat64())*(1+drift*min(now/2500, 1)), ""
			if random.Float64() < 0.03 {
				wall *= 1.5 + 2.5*random.Float64()
			}
			if random.Float64() < 0.05 {
				wall *= 1 + 0.5*random.Float64()
				disturbed = "others"
			}
			now += wall
			return time.Duration(wall * float64(time.Millisecond)), disturbed
		})
		result.ID = fmt.Sprintf("start/c%d", i)
		results = append(results, result)
	}
	return results
}

// judge returns what judge makes of each of the claims of so many builds: their verdicts in order.
func (w world) judge(judge func([]runner.Result) []lessons.Verdict, builds int) [][]lessons.Verdict {
	all := make([][]lessons.Verdict, builds)
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for i := range workers {
		group.Go(func() {
			for build := i; build < builds; build += workers {
				all[build] = judge(w.measure(rand.New(rand.NewPCG(uint64(build), math.Float64bits(w.noise)))))
			}
		})
	}
	group.Wait()
	return all
}

// judgeOf returns how the claims of course are judged.
func judgeOf(course *lessons.Course) func([]runner.Result) []lessons.Verdict {
	return func(results []runner.Result) (verdicts []lessons.Verdict) {
		report := evidence.Judge(course, results)
		for claim := range simulatedClaims {
			verdicts = append(verdicts, report.Judgments[fmt.Sprintf("start/claim_%d", claim)].Verdict)
		}
		return verdicts
	}
}

// A trust is what came of simulated builds.
type trust struct {
	builds, claims int // of each world
	fooled         int // builds in which modes that are equal were called different
	decided        int // claims on modes that are equal, and were called so
	larger, found  int // claims on what takes 1.5 times as long, and those that were found to hold
	less, wrong    int // claims that what takes 1.2 times as long is quicker, and those that were found to hold
	small, missed  int // claims that what takes 1.2 times as long takes 1.15 times as long or more, and those that were found not to hold
}

// err says what forbids to trust a judge.
func (a trust) err() error {
	switch {
	case a.fooled > a.builds/1000:
		return fmt.Errorf("modes that are equal are called different in %d of %d builds", a.fooled, a.builds)
	case a.found < a.larger*99/100:
		return fmt.Errorf("what takes 1.5 times as long is found in %d of %d claims", a.found, a.larger)
	case a.wrong > 0:
		return fmt.Errorf("what takes 1.2 times as long is called quicker in %d of %d claims", a.wrong, a.less)
	case a.missed > a.small*3/1000:
		return fmt.Errorf("what takes 1.2 times as long is said not to take 1.15 times as long in %d of %d claims", a.missed, a.small)
	}
	return nil
}

// try simulates builds of two courses: in one all is the same, and claims say that it differs; claims of the other are mixed.
func try(noise float64, builds int, differ, mixed func([]runner.Result) []lessons.Verdict) trust {
	a := trust{builds: builds, claims: builds * simulatedClaims}
	for _, verdicts := range (world{noise, func(int) float64 { return 1 }}).judge(differ, builds) {
		if slices.Contains(verdicts, lessons.Holds) {
			a.fooled++
		}
		a.decided += number(verdicts, lessons.DoesNotHold)
	}
	for _, verdicts := range (world{noise, func(claim int) float64 { return []float64{1.5, 1.2}[claim%2] }}).judge(mixed, builds) {
		for claim, v := range verdicts {
			of, all, which := &a.found, &a.larger, lessons.Holds
			switch claim % 4 {
			case 1:
				of, all, which = &a.missed, &a.small, lessons.DoesNotHold
			case 3:
				of, all = &a.wrong, &a.less
			}
			*all++
			*of += number([]lessons.Verdict{v}, which)
		}
	}
	return a
}

// number returns how many of the verdicts are that one.
func number(verdicts []lessons.Verdict, v lessons.Verdict) (n int) {
	for _, of := range verdicts {
		if of == v {
			n++
		}
	}
	return n
}

// simulatedBuilds returns how many builds a test simulates.
func simulatedBuilds(t *testing.T, quick int) int {
	if os.Getenv("COURSE_SLOW") == "" {
		return quick
	}
	percent := debug.SetGCPercent(400) // a third of the time would go into collecting what is forgotten at once
	t.Cleanup(func() { debug.SetGCPercent(percent) })
	return 1000
}

// TestVerdictsCanBeTrusted simulates builds of courses, with the rule by which runner stops: docs/decisions/judging.md has the figures. The seeds are fixed.
func TestVerdictsCanBeTrusted(t *testing.T) {
	builds := simulatedBuilds(t, 10)
	differ, mixed := judgeOf(simulated(t, same)), judgeOf(simulated(t, mixed))
	for _, noise := range []float64{0.05, 0.15} {
		a := try(noise, builds, differ, mixed)
		t.Logf("with noise of %v: %+v", noise, a)
		if err := a.err(); err != nil {
			t.Errorf("with noise of %v, %v", noise, err)
		}
	}
}

// TestCellsThatAreEqualAreNotToldApart where the machine is as quick as ever, give or take 5 % (the standard deviation), while each of them is measured: in at most one claim of 1,000. What takes 1.5
// times as long is found all the same more often than not.
func TestCellsThatAreEqualAreNotToldApart(t *testing.T) {
	const cells = 30
	var b strings.Builder
	for i := range cells {
		fmt.Fprintf(&b, "```go {#c%d modes=[thread]}\nfunc main() { worker.Start(f, 1) }\n```\n\n", i)
		if i > 0 {
			fmt.Fprintf(&b, "```claim\nid: claim_%d\nsays: It is so.\nholds-when: c%d.thread.wall != c%d.thread.wall\nleast: 1.15\n```\n\n", i, i, i-1)
		}
	}
	course, builds := written(t, b.String()), simulatedBuilds(t, 70)
	called := func(ratio float64) (n int) {
		for build := range builds {
			random := rand.New(rand.NewPCG(uint64(build), 5))
			var results []runner.Result
			for i := range cells {
				speed := math.Exp(0.05 * random.NormFloat64())
				if i%2 == 1 {
					speed *= ratio
				}
				result := runner.Rehearse(program.Options{Modes: []program.Mode{program.Thread}, Measure: true}, runner.Budget{}, func(program.Point) (time.Duration, string) {
					return time.Duration(50 * speed * math.Exp(0.05*random.NormFloat64()) * float64(ms)), ""
				})
				result.ID = fmt.Sprintf("start/c%d", i)
				results = append(results, result)
			}
			for _, j := range evidence.Judge(course, results).Judgments {
				n += number([]lessons.Verdict{j.Verdict}, lessons.Holds)
			}
		}
		return n
	}
	claims := builds * (cells - 1)
	equal, larger := called(1), called(1.5)
	t.Logf("of %d claims on cells that are equal %d hold, on cells of which one takes 1.5 times as long %d", claims, equal, larger)
	if equal > claims/1000 || larger < claims*9/10 {
		t.Errorf("of %d claims on cells that are equal %d hold, on cells of which one takes 1.5 times as long %d", claims, equal, larger)
	}
}

// TestAJudgeOfNoUseIsNotTrusted: what the simulation asks is met by none that is always undecided, or that takes medians for the truth.
func TestAJudgeOfNoUseIsNotTrusted(t *testing.T) {
	undecided := func([]runner.Result) []lessons.Verdict {
		return slices.Repeat([]lessons.Verdict{lessons.Undecided}, simulatedClaims)
	}
	rash := func(results []runner.Result) (verdicts []lessons.Verdict) {
		for _, r := range results {
			timings := evidence.Timings(r)
			for _, t := range timings[1:] {
				verdict := lessons.DoesNotHold
				if ratio := float64(t.Wall.Median) / float64(timings[0].Wall.Median); ratio > 1.05 || ratio < 1/1.05 {
					verdict = lessons.Holds
				}
				verdicts = append(verdicts, verdict)
			}
		}
		return verdicts
	}
	for name, judge := range map[string]func([]runner.Result) []lessons.Verdict{"always undecided": undecided, "rash": rash} {
		if a := try(0.15, 5, judge, judge); a.err() == nil {
			t.Errorf("a judge that is %s is trusted: %+v", name, a)
		}
	}
}

// BenchmarkJudge is of 60 claims on 30 cells.
func BenchmarkJudge(b *testing.B) {
	course := simulated(b, longer)
	results := world{0.15, func(int) float64 { return 1.5 }}.measure(rand.New(rand.NewPCG(1, 2026)))
	for b.Loop() {
		evidence.Judge(course, results)
	}
}
