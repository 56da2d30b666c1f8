package worker_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
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

// BenchmarkStartAgainst runs a worker and what Go offers by itself in turn: ratio is the time of the
// worker to that of the other.
func BenchmarkStartAgainst(b *testing.B) {
	against := map[worker.Mode]func(){
		worker.Goroutine: func() {
			var group sync.WaitGroup
			group.Go(func() {})
			group.Wait()
		},
		worker.Thread: func() {
			done := make(chan struct{})
			go func() {
				runtime.LockOSThread()
				close(done)
			}()
			<-done
		},
		worker.Process: func() {
			cmd := exec.CommandContext(b.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), envProgram+"=does nothing")
			if err := cmd.Run(); err != nil {
				panic(err)
			}
		},
	}
	for _, mode := range modes[1:] {
		b.Run(string(mode), func(b *testing.B) {
			var ours, theirs time.Duration
			for b.Loop() {
				start := time.Now()
				if _, err := worker.Do(set, 2, worker.As(mode)).Wait(); err != nil {
					b.Fatal(err)
				}
				middle := time.Now()
				against[mode]()
				ours, theirs = ours+middle.Sub(start), theirs+time.Since(middle)
			}
			b.ReportMetric(float64(ours)/float64(theirs), "ratio")
		})
	}
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
