package runner

import (
	"cmp"
	"slices"
	"time"

	"course/stats"
)

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

// startup returns Run.Startup, from all spans.
func (r Run) startup() *time.Duration {
	var took []float64
	for _, s := range r.Spans {
		if s.Asked >= 0 && s.Began >= s.Asked {
			took = append(took, float64(s.Began-s.Asked))
		}
	}
	if len(took) == 0 {
		return nil
	}
	return new(time.Duration(stats.Median(took).Median))
}

// overlap returns Run.Overlap, from all spans. It is not known where not all was reported.
func (r Run) overlap() *float64 {
	type change struct {
		at   time.Duration
		busy int
	}
	var changes []change
	add := func(from, to time.Duration) {
		if from < to {
			changes = append(changes, change{from, 1}, change{to, -1})
		}
	}
	for _, s := range r.Spans {
		if s.MoreWaits > 0 {
			return nil
		}
		end := s.Ended
		if end < 0 { // it was at work when the run was over
			end = r.Wall
		}
		if s.Began < 0 {
			continue
		}
		from := s.Began
		for _, w := range s.Waits { // in order of their ends
			add(from, min(w.From, end))
			from = max(from, w.To)
		}
		add(from, end)
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.busy, b.busy)) })
	var some, several time.Duration
	busy := 0
	for i, c := range changes {
		if i > 0 && busy > 0 {
			some += c.at - changes[i-1].at
		}
		if i > 0 && busy > 1 {
			several += c.at - changes[i-1].at
		}
		busy += c.busy
	}
	if some == 0 || r.SpansCut {
		return nil
	}
	return new(float64(several) / float64(some))
}
