package worker_test

import (
	"encoding/gob"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"course/runner/worker"
)

func init() {
	worker.Register(drainNumbers, drainBytes)
	programs["reads numbers by gob"] = func() { drainByGob[int64]() }
	programs["reads bytes by gob"] = func() { drainByGob[[]byte]() }
}

// burst is how many messages go between two times that all have been got.
const burst = 1000

type drainage[T any] struct {
	From *worker.Queue[T]
	All  *worker.Queue[int]
}

// drain says after each burst that it has it all.
func drain[T any](d drainage[T]) {
	n := 0
	for range d.From.All() {
		if n++; n == burst {
			_ = d.All.Put(n)
			n = 0
		}
	}
}

func drainNumbers(d drainage[int64]) { drain(d) }
func drainBytes(d drainage[[]byte])  { drain(d) }

func drainByGob[T any]() {
	decoder := gob.NewDecoder(os.Stdin)
	for n := 0; ; {
		var v T
		if decoder.Decode(&v) != nil {
			return
		}
		if n++; n == burst {
			_, _ = os.Stdout.Write([]byte{0})
			n = 0
		}
	}
}

// BenchmarkQueue takes messages from one process to another, by a queue and by encoding/gob over a pipe: ratio is the
// time by the queue to that by the pipe.
func BenchmarkQueue(b *testing.B) {
	b.Run("8", func(b *testing.B) { benchmarkQueue(b, drainNumbers, "reads numbers by gob", int64(1)<<60) })
	b.Run("65536", func(b *testing.B) { benchmarkQueue(b, drainBytes, "reads bytes by gob", make([]byte, 64<<10)) })
}

func benchmarkQueue[T any](b *testing.B, drain func(drainage[T]), program string, v T) {
	d := drainage[T]{worker.NewQueue[T](256), worker.NewQueue[int](1)}
	w := worker.Do(drain, d, worker.As(worker.Process))
	cmd := exec.CommandContext(b.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), envProgram+"="+program)
	into, _ := cmd.StdinPipe()
	back, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	encoder := gob.NewEncoder(into)
	byQueue := func() {
		for range burst {
			if err := d.From.Put(v); err != nil {
				b.Fatal(err)
			}
		}
		_, _ = d.All.Get()
	}
	byPipe := func() {
		for range burst {
			if err := encoder.Encode(v); err != nil {
				b.Fatal(err)
			}
		}
		_, _ = back.Read(make([]byte, 1))
	}
	byQueue() // what happens once is over
	byPipe()
	compare(b, "pipe", byQueue, byPipe)
	d.From.Close()
	if _, err := w.Wait(); err != nil {
		b.Error(err)
	}
	_ = into.Close()
	_ = cmd.Wait()
}

// compare runs ours and theirs in turn, each a burst.
func compare(b *testing.B, theirs string, byQueue, byOther func()) {
	var queue, other time.Duration
	for b.Loop() {
		start := time.Now()
		byQueue()
		middle := time.Now()
		byOther()
		queue, other = queue+middle.Sub(start), other+time.Since(middle)
	}
	messages := float64(b.N * burst)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(messages/queue.Seconds(), "queue/s")
	b.ReportMetric(messages/other.Seconds(), theirs+"/s")
	b.ReportMetric(float64(queue)/float64(other), "ratio")
}

// BenchmarkQueueWithinProcess takes messages from one worker to another of the same process, by a queue
// that was never sent to a process and by a channel.
func BenchmarkQueueWithinProcess(b *testing.B) {
	for _, mode := range []worker.Mode{worker.Goroutine, worker.Thread} {
		for _, capacity := range []int{1, 256} {
			b.Run(fmt.Sprint(mode, "/", capacity), func(b *testing.B) {
				d := drainage[int64]{worker.NewQueue[int64](capacity), worker.NewQueue[int](1)}
				c, all := make(chan int64, capacity), make(chan int, 1)
				w := worker.Do(drainNumbers, d, worker.As(mode))
				ofChannel := worker.Do(func(struct{}) {
					n := 0
					for range c {
						if n++; n == burst {
							all <- n
							n = 0
						}
					}
				}, struct{}{}, worker.As(mode))
				byWorker := func(do func(struct{})) func() {
					return func() { _, _ = worker.Do(do, struct{}{}, worker.As(mode)).Wait() }
				}
				compare(b, "channel", byWorker(func(struct{}) {
					for i := range burst {
						_ = d.From.Put(int64(i))
					}
					_, _ = d.All.Get()
				}), byWorker(func(struct{}) {
					for i := range burst {
						c <- int64(i)
					}
					<-all
				}))
				d.From.Close()
				close(c)
				_, _ = w.Wait()
				_, _ = ofChannel.Wait()
			})
		}
	}
}
