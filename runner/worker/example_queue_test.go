package worker_test

import (
	"errors"
	"fmt"

	"course/runner/worker"
)

func init() { worker.Register(total, squares, greet) }

// total adds up what it gets until there is no more.
func total(q *worker.Queue[int]) (sum int) {
	for n := range q.All() {
		sum += n
	}
	return sum
}

// One who puts, two who get: each number goes to one of them. It is the same with threads and with processes.
func ExampleQueue() {
	for _, mode := range []worker.Mode{worker.Thread, worker.Process} {
		q := worker.NewQueue[int](4)
		a := worker.Start(total, q, worker.As(mode))
		b := worker.Start(total, q, worker.As(mode))
		for n := range 101 {
			_ = q.Put(n) // waits while 4 numbers are in q
		}
		q.Close() // else they would wait for more
		x, _ := a.Wait()
		y, _ := b.Wait()
		fmt.Println(mode, x+y)
	}
	// Output:
	// thread 5050
	// process 5050
}

// A task says where its answer is to go.
type task struct {
	N      int
	Answer *worker.Queue[int]
}

func squares(tasks *worker.Queue[task]) {
	for t := range tasks.All() {
		_ = t.Answer.Put(t.N * t.N)
	}
}

// A queue within what goes through a queue: it arrives at a worker that already runs.
func ExampleQueue_reply() {
	tasks := worker.NewQueue[task](1)
	w := worker.Do(squares, tasks, worker.As(worker.Process))
	answer := worker.NewQueue[int](1)
	_ = tasks.Put(task{12, answer})
	fmt.Println(answer.Get())
	tasks.Close()
	_, _ = w.Wait()
	// Output: 144 <nil>
}

func ExampleQueue_Close() {
	q := worker.NewQueue[string](2)
	_ = q.Put("what was put before can still be got")
	q.Close()
	fmt.Println(errors.Is(q.Put("too late"), worker.ErrClosed))
	fmt.Println(q.Get())
	_, err := q.Get()
	fmt.Println(errors.Is(err, worker.ErrClosed))
	// Output:
	// true
	// what was put before can still be got <nil>
	// true
}

func ExampleQueue_TryPut() {
	q := worker.NewQueue[int](1)
	fmt.Println(q.TryPut(1))
	fmt.Println(q.TryPut(2))
	// Output:
	// true <nil>
	// false <nil>
}

// greet answers until the other end is closed.
func greet(p *worker.Pipe[string]) {
	for {
		name, err := p.Recv()
		if err != nil {
			return
		}
		_ = p.Send("Hello, " + name)
	}
}

func ExampleNewPipe() {
	mine, its := worker.NewPipe[string]()
	w := worker.Do(greet, its, worker.As(worker.Process))
	_ = mine.Send("Ada")
	fmt.Println(mine.Recv())
	mine.Close()
	_, _ = w.Wait()
	// Output: Hello, Ada <nil>
}
