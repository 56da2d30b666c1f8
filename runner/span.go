package runner

import "time"

// End is when the run was over, on the clock of its spans: after its Wall, and not before the last thing that is known of its workers.
func (r Run) End() time.Duration {
	end := r.Wall
	for _, s := range r.Spans {
		end = max(end, s.Asked, s.Began, s.Ended, s.Joined)
		for _, w := range s.Waits {
			end = max(end, w.To)
		}
	}
	return end
}

// Over returns until when the worker was there, in a run that ended at end. open says that it was there still when the run was over, which
// ended it.
func (s Span) Over(end time.Duration) (at time.Duration, open bool) {
	switch {
	case s.Ended >= 0:
		return s.Ended, false
	case s.Joined >= 0: // how it ended is not known
		return s.Joined, false
	}
	return end, s.Asked >= 0
}
