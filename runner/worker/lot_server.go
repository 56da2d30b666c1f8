//go:build !linux || portable

package worker

import (
	"bufio"
	"context"
	"io"
	"os"
	"sync"
	"unsafe"
)

// A lotServer does what one child process asks for: it sleeps and wakes in the child's place.
type lotServer struct {
	requests, answers *os.File
	done              chan struct{} // closed when the child is gone and nothing of it is left
	sleeping          sync.WaitGroup
	mu                sync.Mutex
	sleeps            map[uint64]context.CancelFunc // what is not over yet, by the child's id
}

// lotPipes is how many ends of pipes a process inherits to ask its parent.
const lotPipes = 2

// newLotServer returns a server that has not started, and what its child is to inherit. pipe makes a
// pipe, or returns nil after an error.
func newLotServer(pipe func() (r, w *os.File)) (s *lotServer, theirs []*os.File) {
	requests, theirRequests := pipe()
	theirAnswers, answers := pipe()
	s = &lotServer{requests: requests, answers: answers, done: make(chan struct{}), sleeps: make(map[uint64]context.CancelFunc)}
	return s, []*os.File{theirRequests, theirAnswers}
}

// start serves the child, which has started.
func (s *lotServer) start() { background(s.serve) }

// wait waits until the child, which has ended, is served: what it asked for last is done then, and
// nobody sleeps for it any more.
func (s *lotServer) wait() { <-s.done }

// serve ends with the child, and with a request that makes no sense: its answers end then, and so does it.
func (s *lotServer) serve() {
	defer close(s.done)
	ctx, cancel := context.WithCancel(context.Background())
	requests := bufio.NewReader(s.requests)
	for {
		var b [lotRequestSize]byte
		if _, err := io.ReadFull(requests, b[:]); err != nil {
			break
		}
		if r := decodeLotRequest(b[:]); !s.do(ctx, r) {
			break
		}
	}
	cancel()
	_ = s.answers.Close()
	s.sleeping.Wait()
	_ = s.requests.Close()
}

// do begins what r asks for, and never waits. It returns false if r makes no sense.
func (s *lotServer) do(ctx context.Context, r lotRequest) bool {
	if r.what == lotCancel {
		s.mu.Lock()
		defer s.mu.Unlock()
		if cancel := s.sleeps[r.id]; cancel != nil { // else it is over already
			cancel()
		}
		return true
	}
	if r.object%unit != 0 || !r.object.holds(objectSize) || r.word%4 != 0 || !r.word.holds(uint64(unsafe.Sizeof(word{}))) {
		return false
	}
	o, w := at[object](r.object), at[word](r.word)
	switch r.what {
	case lotSleep:
		return s.sleep(ctx, r.id, o, w, r.n)
	case lotWake:
		wakeShared(o, w, int(min(r.n, everyone)))
		return true
	default:
		return false
	}
}

func (s *lotServer) sleep(ctx context.Context, id uint64, o *object, w *word, value uint32) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sleeps[id] != nil {
		return false
	}
	sleep, cancel := context.WithCancel(ctx)
	s.sleeps[id] = cancel
	s.sleeping.Add(1)
	background(func() {
		defer s.sleeping.Done()
		slept := sleepShared(sleep, o, w, value)
		cancel()
		s.mu.Lock()
		delete(s.sleeps, id)
		s.mu.Unlock()
		_, err := s.answers.Write(lotAnswer{id, slept}.encode())
		if err != nil || ctx.Err() != nil { // the child does not learn of it, so somebody else is to
			wakeShared(o, w, 1)
		}
	})
	return true
}
