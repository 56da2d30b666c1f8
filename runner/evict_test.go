package runner

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"course/program"
	"course/runner/store"
)

// TestARunEvicts: a store that is shared stays below its limit.
func TestARunEvicts(t *testing.T) {
	const n = 50
	dir := t.TempDir()
	filled := store.Open(dir)
	key := func(i int) string { return fmt.Sprintf("%064x", i) }
	for i := range n { // a kilobyte each, of which the first was not used for longest
		if err := filled.Save(store.Results, key(i), strings.Repeat("x", 1000)); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(time.Duration(i-1000) * time.Hour)
		if err := os.Chtimes(resultFile(dir, key(i)), at, at); err != nil {
			t.Fatal(err)
		}
	}
	r := &Runner{Store: Store{Dir: dir, Limit: 20 << 10}}
	p := cell("kept", "func main() {}")
	run(t, r, p)
	var left []int
	for i := range n {
		if filled.Holds(store.Results, key(i)) {
			left = append(left, i)
		}
	}
	if len(left) == n || slices.Contains(left, 0) {
		t.Errorf("left are %v", left)
	}
	if results, _ := (&Runner{Store: Store{Dir: dir}}).Stored([]program.Program{p}); len(results) != 1 {
		t.Error("what it has just stored is gone")
	}
}
