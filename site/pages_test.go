package site_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"course"
	"course/bench/prose"
	"course/runner"
)

// BenchmarkThousandPages compares a cold build of 1,000 pages of prose with what goldmark alone takes for the same files, reading and writing
// included. Both work in turn, with as many cores. It reports the median of their ratios, and our pages per second.
func BenchmarkThousandPages(b *testing.B) { benchmarkPages(b, 1000) }

// BenchmarkTenThousandPages is the same of ten times as many: the ratio is to stay what it is.
func BenchmarkTenThousandPages(b *testing.B) { benchmarkPages(b, 10_000) }

func benchmarkPages(b *testing.B, pages int) {
	dir := b.TempDir()
	writePages(b, dir, pages)
	var ratios, rates []float64
	for b.Loop() {
		alone := timed(func() { convertAll(b, dir, b.TempDir()) })
		ours := timed(func() { buildPages(b, dir, b.TempDir()) })
		ratios, rates = append(ratios, float64(ours)/float64(alone)), append(rates, float64(pages)/ours.Seconds())
	}
	b.ReportMetric(median(ratios), "ratio")
	b.ReportMetric(median(rates), "pages/s")
}

// BenchmarkPagesUnchanged compares a build of 1,000 pages that are there already with one of which nothing is. The ratio is to be at most 0.1.
func BenchmarkPagesUnchanged(b *testing.B) {
	dir := b.TempDir()
	writePages(b, dir, 1000)
	var ratios []float64
	for b.Loop() {
		out := b.TempDir()
		cold := timed(func() { buildPages(b, dir, out) })
		again := timed(func() { buildPages(b, dir, out) })
		ratios = append(ratios, float64(again)/float64(cold))
	}
	b.ReportMetric(median(ratios), "ratio")
}

// buildPages builds the site of the course in dir as the tool does.
func buildPages(tb testing.TB, dir, out string) {
	tb.Helper()
	config := course.Config{Source: os.DirFS(dir), Runner: &runner.Runner{}, RecordedOnly: true}
	if _, unchanged := config.Unchanged(out); unchanged {
		return
	}
	s, err := config.Build(context.WithoutCancel(tb.Context()), out)
	if err != nil || len(s.Problems) > 0 {
		tb.Fatalf("build %s: %v, %v", dir, err, s.Problems)
	}
}

// convertAll converts each Markdown file of dir as goldmark does by itself, into a file of out.
func convertAll(tb testing.TB, dir, out string) {
	tb.Helper()
	if err := prose.Convert(dir, out); err != nil {
		tb.Fatal(err)
	}
}

// writePages writes pages of prose to dir.
func writePages(tb testing.TB, dir string, pages int) {
	tb.Helper()
	if err := prose.Write(dir, pages, prose.Course, os.DirFS(filepath.Join("..", "testdata", "workload"))); err != nil {
		tb.Fatal(err)
	}
}

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
