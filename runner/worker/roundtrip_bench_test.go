package worker_test

import (
	"runtime"
	"strconv"
	"testing"

	"course/runner/worker"
)

func init() { worker.Register(answer) }

type pingPong struct {
	Ping, Pong *worker.Semaphore
	Times      int
}

// answer answers.
func answer(p pingPong) {
	for range p.Times {
		p.Ping.Acquire()
		p.Pong.Release()
	}
}

// BenchmarkRoundTrip wakes another worker and is woken by it, once each: both always sleep when the other
// comes. Run it with -cpu 1,2: processes get as many slots. Beside it is what Go does by itself.
func BenchmarkRoundTrip(b *testing.B) {
	b.Setenv("GOMAXPROCS", strconv.Itoa(runtime.GOMAXPROCS(0)))
	for _, mode := range modes[1:] {
		b.Run(string(mode), func(b *testing.B) {
			p := pingPong{worker.NewSemaphore(0), worker.NewSemaphore(0), b.N}
			ask := func(p pingPong) {
				b.ResetTimer()
				for range p.Times {
					p.Ping.Release()
					p.Pong.Acquire()
				}
				b.StopTimer()
			}
			other := worker.Do(answer, p, worker.As(mode))
			if mode == worker.Process {
				ask(p)
			} else if _, err := worker.Do(ask, p, worker.As(mode)).Wait(); err != nil {
				b.Fatal(err)
			}
			if _, err := other.Wait(); err != nil {
				b.Fatal(err)
			}
		})
	}
	channels := func(mode worker.Mode) func(b *testing.B) {
		return func(b *testing.B) {
			ping, pong := make(chan int), make(chan int)
			other := worker.Do(func(times int) {
				for range times {
					pong <- <-ping
				}
			}, b.N, worker.As(mode))
			_, _ = worker.Do(func(times int) {
				b.ResetTimer()
				for i := range times {
					ping <- i
					<-pong
				}
				b.StopTimer()
			}, b.N, worker.As(mode)).Wait()
			_, _ = other.Wait()
		}
	}
	b.Run("channels between goroutines", channels(worker.Goroutine))
	b.Run("channels between threads", channels(worker.Thread))
}
