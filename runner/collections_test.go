package runner

import (
	"strings"
	"testing"

	"course/program"
)

// collects is a cell of two workers, each of which collects garbage ten times. It waits for a finalizer after each collection, so
// that those of package worker have come, too, but for the last ones.
const collects = `func collect(n int) {
	for range n {
		over := make(chan bool)
		runtime.SetFinalizer(&struct{ p *int }{new(int)}, func(any) { close(over) })
		runtime.GC()
		<-over
	}
}

func main() {
	collect(10)
	first, second := worker.Do(collect, 10), worker.Do(collect, 10)
	_, _ = first.Wait()
	_, _ = second.Wait()
}`

func TestGarbageCollectionsAreCounted(t *testing.T) {
	p := cell("collects", collects, program.Thread, program.Process)
	p.Source = strings.Replace(p.Source, "package main\n", "package main\nimport \"runtime\"\n", 1)
	for _, r := range run(t, newRunner(), p)["collects"].Runs {
		// Two that run at once in one process may be one.
		if n := r.Usage.Collections; n == nil || *n < 10 || *n > 40 {
			t.Errorf("%s: 30 collections are %v: %+v", r.Mode, n, r.Outcome)
		}
	}
	results := run(t, newRunner(), cell("silent", "func main() { println(len(make([]byte, 100))) }"), cell("quiet", "func main() { worker.Println(1) }"))
	if n := results["silent"].Runs[0].Usage.Collections; n != nil {
		t.Errorf("a program without package worker tells of %d collections", *n)
	}
	if n := results["quiet"].Runs[0].Usage.Collections; n == nil || *n != 0 {
		t.Errorf("one that makes no garbage tells of %v collections", n)
	}
}
