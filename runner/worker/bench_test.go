package worker_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"course/runner/worker"
)

// BenchmarkStart is the start and the end of one worker that does nothing worth mentioning.
func BenchmarkStart(b *testing.B) {
	for _, mode := range modes {
		b.Run(string(mode), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := worker.Start(square, 2, worker.As(mode)).Wait(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkThreadStart is the start and the end of a worker that does nothing, against those of what Go
// offers by itself.
func BenchmarkThreadStart(b *testing.B) {
	do := func(mode worker.Mode) func() {
		return func() { _, _ = worker.Do(nothing, 0, worker.As(mode)).Wait() }
	}
	b.Run("thread", func(b *testing.B) {
		versus(b, 20, do(worker.Thread), func() {
			done := make(chan struct{})
			go func() {
				runtime.LockOSThread()
				close(done)
			}()
			<-done
		})
	})
	b.Run("goroutine", func(b *testing.B) {
		versus(b, 1000, do(worker.Goroutine), func() {
			var group sync.WaitGroup
			group.Go(func() {})
			group.Wait()
		})
	})
}

// BenchmarkProcessStart is the start and the end of a process that does nothing, against those of an
// empty Go program by os/exec, from a program of a cell's size.
func BenchmarkProcessStart(b *testing.B) {
	empty := filepath.Join(b.TempDir(), "empty.go")
	if err := os.WriteFile(empty, []byte("package main\n\nfunc main() {}\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	empty, starts := buildProgram(b, empty), buildProgram(b, "./testdata/starts")
	for _, call := range []string{"do", "start"} {
		b.Run(call, func(b *testing.B) {
			out, err := exec.CommandContext(b.Context(), starts, call, empty, strconv.Itoa(b.N)).Output()
			if err != nil {
				b.Fatal(err)
			}
			var ours, theirs []float64
			for line := range bytes.Lines(out) {
				var x, y float64
				if _, err := fmt.Sscan(string(line), &x, &y); err != nil {
					b.Fatal(err)
				}
				ours, theirs = append(ours, x), append(theirs, y)
			}
			reportRatio(b, ours, theirs)
		})
	}
}

// buildProgram builds a Go program.
func buildProgram(b *testing.B, source string) (program string) {
	b.Helper()
	program = filepath.Join(b.TempDir(), "program.exe") // on Windows by that name only
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, source).CombinedOutput(); err != nil {
		b.Skipf("go build: %v\n%s", err, out)
	}
	return program
}

// versus runs ours and theirs in turn, batch times each, so that whatever else the machine does hits
// both. ratio is the median time of ours to that of theirs.
func versus(b *testing.B, batch int, ours, theirs func()) {
	b.Helper()
	var times [2][]float64
	for b.Loop() {
		for i, do := range []func(){ours, theirs} {
			start := time.Now()
			for range batch {
				do()
			}
			times[i] = append(times[i], float64(time.Since(start).Nanoseconds())/float64(batch))
		}
	}
	reportRatio(b, times[0], times[1])
}

// reportRatio reports the medians of two sides, and their ratio.
func reportRatio(b *testing.B, ours, theirs []float64) {
	b.Helper()
	slices.Sort(ours)
	slices.Sort(theirs)
	x, y := ours[len(ours)/2], theirs[len(theirs)/2]
	b.ReportMetric(0, "ns/op") // both sides together: of no interest
	b.ReportMetric(x, "ns")
	b.ReportMetric(y, "theirs-ns")
	b.ReportMetric(x/y, "ratio")
}

// BenchmarkMap deals with 1000 small items: what it costs to hand one out and to get it back.
func BenchmarkMap(b *testing.B) {
	items := make([]int, 1000)
	for _, mode := range modes {
		b.Run(string(mode), func(b *testing.B) {
			for b.Loop() {
				if _, err := worker.Map(square, items, worker.As(mode), worker.Workers(2)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(items)), "ns/item")
		})
	}
}

// BenchmarkCross takes a value to a process that is there already, and back.
func BenchmarkCross(b *testing.B) {
	for _, size := range []int{8, 64 << 10, 1 << 20} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			items := make([][]byte, 200)
			for i := range items {
				items[i] = make([]byte, size)
			}
			b.SetBytes(int64(2 * size * len(items)))
			for b.Loop() {
				if _, err := worker.Map(bulk, items, worker.As(worker.Process), worker.Workers(1)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
