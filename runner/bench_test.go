package runner

import (
	"fmt"
	"testing"

	"course/program"
)

// BenchmarkBuild compiles, vets and links one edited cell that imports package worker.
func BenchmarkBuild(b *testing.B) {
	r := newRunner()
	p := cell("squares", squares, program.Thread)
	i := 0
	for b.Loop() {
		i++
		edited := p
		edited.Source += fmt.Sprintf("\nconst edit = %d\n", i)
		results, err := r.Check(b.Context(), []program.Program{edited})
		if err != nil || len(results[0].Problems) > 0 {
			b.Fatal(results, err)
		}
	}
}

// BenchmarkExecute executes an empty cell: what starting, containing and reaping it costs.
func BenchmarkExecute(b *testing.B) {
	p := cell("empty", "func main() {}")
	p.Options.Measure, p.Options.Repeat = true, b.N
	b.ResetTimer()
	if err := newRunner().Run(b.Context(), []program.Program{p}, func(e Event) {
		switch {
		case e.Kind == Ended && e.Run == 0:
			b.ResetTimer() // it is built and warm
		case e.Kind == Ended && e.Run == b.N:
			b.StopTimer()
		case e.Kind == Done && len(e.Result.Problems) > 0:
			b.Error(e.Result.Problems)
		}
	}); err != nil {
		b.Fatal(err)
	}
}
