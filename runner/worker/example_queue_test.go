package worker_test

import (
	"errors"
	"fmt"
	"strings"

	"course/runner/worker"
)

func init() { worker.Register(squareAll, keepCount, shoutBack) }

type plant struct{ In, Out *worker.Queue[int] }

func squareAll(p plant) {
	for n := range p.In.All() { // until it is closed
		_ = p.Out.Put(n * n)
	}
}

// A queue feeds two workers, another takes what they make.
func ExampleQueue() {
	p := plant{worker.NewQueue[int](4), worker.NewQueue[int](10)}
	a := worker.Do(squareAll, p, worker.As(worker.Process))
	b := worker.Do(squareAll, p, worker.As(worker.Process))
	for n := range 10 {
		_ = p.In.Put(n)
	}
	p.In.Close()
	_, _ = a.Wait()
	_, _ = b.Wait()
	p.Out.Close()
	sum := 0
	for n := range p.Out.All() {
		sum += n
	}
	fmt.Println(sum, errors.Is(p.In.Put(1), worker.ErrClosed))
	// Output: 285 true
}

// A query says where the answer goes.
type query struct {
	Word  string
	Reply *worker.Queue[int]
}

// keepCount counts words: what it knows is its own, and others ask.
func keepCount(queries *worker.Queue[query]) {
	seen := make(map[string]int)
	for r := range queries.All() {
		seen[r.Word]++
		_ = r.Reply.Put(seen[r.Word])
	}
}

// One worker keeps what others ask for. Where they meet is a queue, and the reply goes to one that is sent along.
func ExampleQueue_queries() {
	queries, reply := worker.NewQueue[query](1), worker.NewQueue[int](1)
	w := worker.Do(keepCount, queries, worker.As(worker.Process))
	for _, word := range []string{"to", "be", "or", "not", "to", "be"} {
		_ = queries.Put(query{word, reply})
		n, _ := reply.Get()
		fmt.Print(word, " ", n, " ")
	}
	queries.Close()
	_, _ = w.Wait()
	// Output: to 1 be 1 or 1 not 1 to 2 be 2
}

func shoutBack(p *worker.Pipe[string]) {
	for {
		s, err := p.Recv()
		if err != nil { // closed
			return
		}
		_ = p.Send(strings.ToUpper(s))
	}
}

// A pipe is for two who talk to each other.
func ExamplePipe() {
	mine, its := worker.NewPipe[string]()
	w := worker.Do(shoutBack, its, worker.As(worker.Process))
	for _, s := range []string{"hello", "goodbye"} {
		_ = mine.Send(s)
		fmt.Println(mine.Recv())
	}
	mine.Close()
	_, _ = w.Wait()
	// Output:
	// HELLO <nil>
	// GOODBYE <nil>
}
