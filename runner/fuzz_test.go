package runner

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzEvents(f *testing.F) {
	begin := recordOf(event{eventAsked, w1, 1001, 4, "w-1", "\xff"})
	f.Add(slices.Concat(begin, recordOf(event{eventBegan, w1, 1003, 8, "", ""}), recordOf(event{eventWaited, w1, 1009, 1005, "lock 1", ""})))
	f.Add(slices.Concat(begin, recordOf(event{eventDied, w1, 1001, 7, "", ""}), recordOf(event{eventAsked, w2, 1001, 3, strings.Repeat("w", 64), "w-1"})))
	f.Fuzz(func(t *testing.T, records []byte) {
		line := timeline{start: 1000, end: 2000}
		for _, e := range parseEvents(records[:len(records)-len(records)%recordSize]) {
			line.record(e)
		}
		for _, s := range line.list() {
			if s.Asked < 0 || s.Pid <= 0 || !utf8.ValidString(s.Worker+s.Parent) || s.Began != unknown && s.Began < s.Asked || s.Ended != unknown && s.Ended < s.Began {
				t.Errorf("%+v", s)
			}
			for _, w := range s.Waits {
				if w.From < s.Asked || w.To < w.From || w.To > 1000 || !utf8.ValidString(w.On) {
					t.Errorf("%+v in %+v", w, s)
				}
			}
		}
	})
}
