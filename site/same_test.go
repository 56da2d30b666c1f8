package site

import (
	"bytes"
	"runtime"
	"slices"
	"sync"
	"testing"

	"course/evidence"
)

// TestTheSameInputsGiveTheSameBytes on one processor and on four, with results and files in another order.
func TestTheSameInputsGiveTheSameBytes(t *testing.T) {
	one := sample(t)
	first := all(t, one)
	for _, procs := range []int{1, 4} {
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			turned := sampleResults()
			slices.Reverse(turned)
			s := New(one.course, turned, evidence.Judge(one.course, turned))
			var drawing sync.WaitGroup
			for name := range first {
				drawing.Go(func() {
					if got, err := s.ReadFile(name); err != nil || !bytes.Equal(got, first[name]) {
						t.Errorf("%s is another on %d processors (%v)", name, procs, err)
					}
				})
			}
			drawing.Wait()
		}()
	}
}
