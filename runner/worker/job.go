package worker

import "context"

// A job is a Map, a stream or a task that a pool deals with. The pool's mutex guards it.
type job struct {
	ctx     context.Context // nothing more is begun once it has ended
	strict  bool            // a chunk ends with its first error
	indexed bool            // its items have numbers that mean something to the caller
	more    func() *chunk   // makes the chunk that is to be begun next; nil where there is none, or chunks are added
	done    func(*chunk)    // is told of each chunk that is finished and was not dropped
	queued  bool            // it is in the pool's queue
	stopped bool            // nothing more of it is begun
	pending []*chunk        // to be begun, before what more makes
	active  int             // chunks that were made and are not finished
	settled chan struct{}   // if not nil, closed once there is nothing more to be done
}

// take returns the chunk that is to be begun next; nil where there is none.
func (j *job) take() *chunk {
	if j.ctx.Err() != nil {
		return nil
	}
	if len(j.pending) > 0 {
		k := j.pending[0]
		j.pending = j.pending[1:]
		return k
	}
	if j.more == nil {
		return nil
	}
	j.active++
	return j.more()
}

// add has k be begun after what was added before.
func (j *job) add(k *chunk) {
	j.pending = append(j.pending, k)
	j.active++
}

// again has k, which a worker had and did not begin, be begun before all others.
func (j *job) again(k *chunk) { j.pending = append([]*chunk{k}, j.pending...) }

// stop lets nothing more be begun.
func (j *job) stop() {
	j.stopped, j.more = true, nil
	j.active -= len(j.pending)
	j.pending = nil
	j.settle()
}

// finish says that k is finished.
func (j *job) finish(k *chunk) {
	if !k.dropped {
		j.done(k)
	}
	j.active--
	j.settle()
}

func (j *job) settle() {
	if j.active == 0 && j.more == nil && j.settled != nil {
		close(j.settled)
		j.settled = nil
	}
}
