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

// A simulated course has 30 cells, which run in two to four modes: 60 pairs of a mode with the serial one, and a claim on each.
const simulatedCells, simulatedClaims = 30, 60

// simulated returns such a course. holds gives the condition of the claim of that number on what a mode of a cell takes, and its serial one.
func simulated(tb testing.TB, holds func(claim int, mode, serial string) string) *lessons.Course {
	tb.Helper()
	var b strings.Builder
	b.WriteString("# Start\n\n")
	claims := 0
	for i := range simulatedCells {
		modes := simulatedModes(i)
		names := strings.Trim(strings.ReplaceAll(fmt.Sprint(modes), " ", ","), "[]")
		fmt.Fprintf(&b, "```go {#c%d modes=[%s]}\nfunc main() { worker.Start(f, 1) }\n```\n\n", i, names)
		for _, mode := range modes[1:] {
			fmt.Fprintf(&b, "```claim\nid: claim_%d\nsays: It is so.\nholds-when: %s\nleast: 1.15\n```\n\n", claims,
				holds(claims, fmt.Sprintf("c%d.%s.wall", i, mode), fmt.Sprintf("c%d.serial.wall", i)))
			claims++
		}
	}
	course, err := lessons.Load(fstest.MapFS{"01-start.md": &fstest.MapFile{Data: []byte(b.String())}}, nil)
	if err != nil || len(course.Problems) > 0 || claims != simulatedClaims {
		tb.Fatal(claims, err, course.Problems)
	}
	return course
}

func simulatedModes(cell int) []program.Mode { return program.Modes()[:2+cell%3] }

// A world is what measurements meet.
type world struct {
	noise float64                 // of the logarithm of times, its standard deviation
	ratio func(claim int) float64 // what the mode of a claim takes for one of the serial one
}

// measure returns what a build of the simulated course measures: cells whose modes take 20 to 100 ms, with noise, an outlier in 3 runs of 100, which is 1.5 to
// 4 times as long, and a machine that becomes up to 10 % slower or quicker in 2.5 s.
func (w world) measure(random *rand.Rand) (results []runner.Result) {
	claims := 0
	for i := range simulatedCells {
		modes := simulatedModes(i)
		most := 100 / max(w.ratio(0), w.ratio(1))
		took := map[program.Mode]float64{program.Serial: 20 + (most-20)*random.Float64()}
		for _, mode := range modes[1:] {
			took[mode] = took[program.Serial] * w.ratio(claims)
			claims++
		}
		drift := 0.2*random.Float64() - 0.1
		now := 0.0
		result := runner.Rehearse(program.Options{Modes: modes, Measure: true}, runner.Budget{}, func(at program.Point) time.Duration {
			wall := took[at.Mode] * math.Exp(w.noise*random.NormFloat64()) * (1 + drift*min(now/2500, 1))
			if random.Float64() < 0.03 {
				wall *= 1.5 + 2.5*random.Float64()
			}
			now += wall
			return time.Duration(wall * float64(time.Millisecond))
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
	larger, found  int // claims on what takes 1.5 times as long, and those that were found to hold
	wrong          int // claims that what takes 1.2 times as long is quicker, which were found to hold
	decided        int // claims on modes that are equal, and were called so
}

// err says what forbids to trust a judge.
func (a trust) err() error {
	switch {
	case a.fooled > max(1, a.builds/1000):
		return fmt.Errorf("modes that are equal are called different in %d of %d builds", a.fooled, a.builds)
	case a.found < a.larger*99/100:
		return fmt.Errorf("what takes 1.5 times as long is found in %d of %d claims", a.found, a.larger)
	case a.wrong > 0:
		return fmt.Errorf("what takes 1.2 times as long is called quicker in %d of %d claims", a.wrong, a.claims-a.larger)
	}
	return nil
}

// try simulates builds of two courses: in one all modes are equal, and claims say that they differ; in the other they take 1.5 times as long as the serial
// one, and each second claim says so, or 1.2 times as long, and a claim says that they are quicker.
func try(noise float64, builds int, differ, mixed func([]runner.Result) []lessons.Verdict) trust {
	a := trust{builds: builds, claims: builds * simulatedClaims}
	for _, verdicts := range (world{noise, func(int) float64 { return 1 }}).judge(differ, builds) {
		if slices.Contains(verdicts, lessons.Holds) {
			a.fooled++
		}
		for _, v := range verdicts {
			if v == lessons.DoesNotHold {
				a.decided++
			}
		}
	}
	for _, verdicts := range (world{noise, func(claim int) float64 { return []float64{1.5, 1.2}[claim%2] }}).judge(mixed, builds) {
		for claim, v := range verdicts {
			switch holds := v == lessons.Holds; {
			case claim%2 == 0:
				a.larger++
				if holds {
					a.found++
				}
			case holds:
				a.wrong++
			}
		}
	}
	return a
}

// TestVerdictsCanBeTrusted simulates builds of courses, with the rule by which runner stops: docs/decisions/judging.md has the figures. The seeds are fixed.
func TestVerdictsCanBeTrusted(t *testing.T) {
	builds := 10
	if os.Getenv("COURSE_SLOW") != "" {
		builds = 1000
		defer debug.SetGCPercent(debug.SetGCPercent(400)) // a third of the time would go into collecting what is forgotten at once
	}
	differ := judgeOf(simulated(t, func(_ int, mode, serial string) string { return mode + " != " + serial }))
	mixed := judgeOf(simulated(t, func(claim int, mode, serial string) string {
		if claim%2 == 0 {
			return serial + " < " + mode
		}
		return mode + " < " + serial
	}))
	for _, noise := range []float64{0.05, 0.15} {
		a := try(noise, builds, differ, mixed)
		t.Logf("with noise of %v: %+v", noise, a)
		if err := a.err(); err != nil {
			t.Errorf("with noise of %v, %v", noise, err)
		}
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
	course := simulated(b, func(_ int, mode, serial string) string { return mode + " < " + serial })
	results := world{0.15, func(int) float64 { return 1.5 }}.measure(rand.New(rand.NewPCG(1, 2026)))
	for b.Loop() {
		evidence.Judge(course, results)
	}
}
