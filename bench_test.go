package course_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"course"
	"course/runner"
)

// The benchmarks here run both sides in turn, so that what else the machine does meets both, and report the median of their
// ratios as "ratio": ours to that of the toolchain. Both sides find the standard library compiled.

// BenchmarkColdCourse compares a cold build of the workload, site and all, with `go build ./...` and one execution of the same
// programs. Neither side has seen these before, and ours has an empty store: it asks for the toolchain, too. Beside it, as
// "kept", is the ratio where a store without results has what the toolchain said; as "real-s" the time in which the
// cells of our own course are built and executed once in each mode.
func BenchmarkColdCourse(b *testing.B) {
	known := b.TempDir()
	stamp := func(i int) string { return fmt.Sprint(time.Now().UnixNano(), "-", i) }
	warm := newWorkload(b, 1, stamp(-1))
	buildCourse(b, warm.course(), known, b.TempDir())
	dir := b.TempDir()
	warm.write(b, dir)
	command(b, dir, "go", "build", "-o", "bin/", "./...")
	var ratios, kept []float64
	for i := 0; b.Loop(); i++ {
		ours, again, theirs := newWorkload(b, workloadLessons, stamp(i)), newWorkload(b, workloadLessons, stamp(-i-2)), b.TempDir()
		cold := timed(func() { buildCourse(b, ours.course(), b.TempDir(), b.TempDir()) })
		ours.write(b, theirs)
		toolchain := timed(func() { buildModule(b, ours, theirs) })
		warm := timed(func() { buildCourse(b, again.course(), known, b.TempDir()) })
		if err := os.RemoveAll(theirs); err != nil { // it is large
			b.Fatal(err)
		}
		ratios, kept = append(ratios, ratio(cold, toolchain)), append(kept, ratio(warm, toolchain))
	}
	b.ReportMetric(median(ratios), "ratio")
	b.ReportMetric(median(kept), "kept")
	b.ReportMetric(timed(func() { buildReal(b) }).Seconds(), "real-s")
}

// BenchmarkOneEdit compares a build of the workload in which one program was edited with `go build` of that program's package
// and one execution of it.
func BenchmarkOneEdit(b *testing.B) {
	store, site, module := b.TempDir(), b.TempDir(), b.TempDir()
	w := newWorkload(b, workloadLessons, "first")
	buildCourse(b, w.course(), store, site)
	w.write(b, module)
	buildModule(b, w, module)
	var ratios []float64
	for i := 0; b.Loop(); i++ {
		lesson, n := i%workloadLessons, i%len(w.programs[0])
		edited := newWorkload(b, workloadLessons, fmt.Sprint("edit ", i, time.Now().UnixNano()))
		w.programs[lesson][n] = edited.programs[lesson][n]
		ours := timed(func() { buildCourse(b, w.course(), store, site) })
		w.write(b, module)
		toolchain := timed(func() {
			name := packageName(lesson, n)
			command(b, module, "go", "build", "-o", "bin/", "./"+name)
			command(b, module, filepath.Join(module, "bin", name))
		})
		ratios = append(ratios, ratio(ours, toolchain))
	}
	b.ReportMetric(median(ratios), "ratio")
}

// BenchmarkNoChange compares a build of the workload in which nothing has changed with `go build ./...` of the same. Its
// time by itself is "ms".
func BenchmarkNoChange(b *testing.B) {
	store, site, module := b.TempDir(), b.TempDir(), b.TempDir()
	w := newWorkload(b, workloadLessons, "first")
	files := w.course()
	buildCourse(b, files, store, site)
	w.write(b, module)
	command(b, module, "go", "build", "./...")
	var ratios, times []float64
	for b.Loop() {
		ours := timed(func() { buildCourse(b, files, store, site) })
		toolchain := timed(func() { command(b, module, "go", "build", "./...") })
		ratios, times = append(ratios, ratio(ours, toolchain)), append(times, float64(ours)/float64(time.Millisecond))
	}
	b.ReportMetric(median(ratios), "ratio")
	b.ReportMetric(median(times), "ms")
}

// buildCourse builds a course as a tool does that begins.
func buildCourse(tb testing.TB, files fs.FS, store, dir string) {
	tb.Helper()
	config := course.Config{Source: files, Runner: &runner.Runner{Store: runner.Store{Dir: store}}}
	s, err := config.Build(context.WithoutCancel(tb.Context()), dir)
	if err != nil || len(s.Problems) > 0 {
		tb.Fatalf("build the course: %v, %v", err, s.Problems)
	}
}

// buildReal builds and executes the cells of our own course, once in each mode, and loads it.
func buildReal(tb testing.TB) {
	tb.Helper()
	ctx := context.WithoutCancel(tb.Context())
	config := course.Config{Source: course.Embedded(), Runner: &runner.Runner{Store: runner.Store{Dir: tb.TempDir()}}}
	s, err := config.Load(nil)
	if err != nil {
		tb.Fatal(err)
	}
	for i := range s.Stale {
		s.Stale[i].Options = s.Stale[i].Options.Quick()
	}
	if err := config.Runner.Run(ctx, s.Stale, nil); err != nil {
		tb.Fatal(err)
	}
	if _, err := config.Load(s); err != nil {
		tb.Fatal(err)
	}
}

// buildModule has the toolchain build the programs, and executes each.
func buildModule(tb testing.TB, w workload, dir string) {
	tb.Helper()
	command(tb, dir, "go", "build", "-o", "bin/", "./...")
	for lesson, programs := range w.programs {
		for i := range programs {
			command(tb, dir, filepath.Join(dir, "bin", packageName(lesson, i)))
		}
	}
}

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

func ratio(ours, theirs time.Duration) float64 { return float64(ours) / float64(theirs) }

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
