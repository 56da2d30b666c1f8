package site_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"course"
	"course/runner"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"golang.org/x/sync/errgroup"
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
	files, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		tb.Fatal(err)
	}
	var converting errgroup.Group
	for part := range runtime.GOMAXPROCS(0) {
		converting.Go(func() error {
			markdown := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
			var html bytes.Buffer
			for i := part; i < len(files); i += runtime.GOMAXPROCS(0) {
				source, err := os.ReadFile(files[i])
				if err != nil {
					return err
				}
				html.Reset()
				html.WriteString("<!doctype html><html lang=en><meta charset=utf-8><title>Page</title><main>\n")
				if err := markdown.Convert(source, &html); err != nil {
					return err
				}
				name := strings.TrimSuffix(filepath.Base(files[i]), ".md") + ".html"
				if err := os.WriteFile(filepath.Join(out, name), html.Bytes(), 0o644); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := converting.Wait(); err != nil {
		tb.Fatal(err)
	}
}

// writePages writes pages of prose to dir: about 700 words each, with links to other pages, two tables and three blocks of Go, which are not
// compiled. They are the same every time.
func writePages(tb testing.TB, dir string, pages int) {
	tb.Helper()
	programs, err := filepath.Glob(filepath.Join("..", "testdata", "workload", "*.go.txt"))
	if err != nil || len(programs) == 0 {
		tb.Fatalf("found %v, %v", programs, err)
	}
	var code []string
	for _, name := range programs {
		text, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		code = append(code, string(text))
	}
	for n := range pages {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("p%05d.md", n)), page(n, pages, code), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
}

// page returns one of so many pages.
func page(n, pages int, code []string) []byte {
	r := rand.New(rand.NewPCG(uint64(n), 6))
	word := func() string { return words[r.IntN(len(words))] }
	var b bytes.Buffer
	paragraph := func(least int) {
		for written := 0; written < least; {
			length := 8 + r.IntN(9)
			fmt.Fprintf(&b, "So %s", word())
			for range length - 2 {
				b.WriteString(" " + word())
			}
			b.WriteString(".\n")
			written += length
		}
	}
	fmt.Fprintf(&b, "# Page %d\n\n", n)
	paragraph(110)
	for i := range 5 {
		fmt.Fprintf(&b, "\n## Section %d\n\n", i+1)
		paragraph(105)
		fmt.Fprintf(&b, "\nSee [page A](p%05d.md) and **%s** or *%s*, `%s`.\n", r.IntN(pages), word(), word(), word())
		if i < 2 {
			b.WriteString("\n| Name | Cost | Note |\n| --- | ---: | --- |\n")
			for range 5 {
				fmt.Fprintf(&b, "| `%s` | %d ns | %s %s %s |\n", word(), r.IntN(900), word(), word(), word())
			}
		}
		if i < 3 {
			of := strings.NewReplacer("LESSON", fmt.Sprint(n%97), "STAMP", "pages")
			fmt.Fprintf(&b, "\n```go {check=false}\n%s```\n", of.Replace(code[r.IntN(len(code))]))
		}
	}
	return b.Bytes()
}

var words = strings.Fields(`a the of and to in that is for it as with on by this from value channel goroutine worker queue lock mutex shared memory message
	send receive order wait group signal close buffer producer consumer thread process schedule runtime stack heap pointer function closure result error
	deadline timeout context cancel race condition happens before atomic counter map slice index range loop select case default block ready pipe fork join
	barrier phase pool task batch stream fan merge split measure cost latency throughput contention fairness starvation deadlock example reader writer`)

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
