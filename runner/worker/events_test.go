package worker

import (
	"os"
	"testing"
)

// Who listens compares what processes report, and knows that nothing of it is still to come.
func TestStampsAreTheSharedTime(t *testing.T) {
	defer func(before *os.File) { events = before }(events)
	events = os.Stdout // somebody listens; nothing is reported
	for range 1000 {
		before, at, after := sharedClock(), now(), sharedClock()
		if at < before || at > after {
			t.Fatalf("between %d and %d the stamp is %d", before, after, at)
		}
	}
}
