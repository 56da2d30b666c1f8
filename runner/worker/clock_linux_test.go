package worker

import "testing"

// Who listens compares what processes report.
func TestStampsAreTheSharedTime(t *testing.T) {
	bound := int64(setClock())
	for range 1000 {
		before, at, after := sharedClock(), stamp(), sharedClock()
		if at < before-bound || at > after+bound {
			t.Fatalf("between %d and %d the stamp is %d, and it may be off by %d", before, after, at, bound)
		}
	}
	t.Logf("stamps may be off by %d ns", bound)
}
