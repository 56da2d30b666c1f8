package runner

import (
	"slices"
	"strings"
	"testing"

	"course/program"
)

// Both print who they are: in each mode another number of processes does so.
const squares = `func square(n int) int {
	worker.Println("square", n)
	return n * n
}

var started = "once"

func init() { started += " more" }

func main() {
	w := worker.Start(square, 7)
	got, err := w.Wait()
	fmt.Println(got, err, started)
}`

func TestAWorkerInEachMode(t *testing.T) {
	p := cell("squares", squares, program.Modes()...)
	result := run(t, newRunner(), p)["squares"]
	if len(result.Problems) > 0 || len(result.Runs) != len(program.Modes()) {
		t.Fatalf("%d runs, problems %v", len(result.Runs), messages(result.Problems))
	}
	for _, r := range result.Runs {
		if got, want := texts(r.Output, false), []string{"square 7", "49 <nil> once more"}; !slices.Equal(got, want) {
			t.Errorf("%s printed %q, want %q", r.Mode, got, want)
			continue
		}
		in, out := r.Output.Lines[0], r.Output.Lines[1]
		if own := in.Pid != out.Pid; own != (r.Mode == program.Process) {
			t.Errorf("%s: the worker prints as %d, main as %d", r.Mode, in.Pid, out.Pid)
		}
		if in.Worker == "" || out.Worker != "" {
			t.Errorf("%s: the worker prints as %q, main as %q", r.Mode, in.Worker, out.Worker)
		}
		if len(r.Spans) != 1 {
			t.Errorf("%s has spans %v", r.Mode, r.Spans)
			continue
		}
		s := r.Spans[0]
		if s.Worker != in.Worker || s.Pid != in.Pid || s.Mode != r.Mode || s.Died ||
			!slices.IsSorted([]int64{0, int64(s.Asked), int64(s.Began), int64(s.Ended), int64(s.Joined), int64(r.Wall)}) {
			t.Errorf("%s took %v, its worker %+v", r.Mode, r.Wall, s)
		}
	}
}

func TestATypeAsAWorker(t *testing.T) {
	p := cell("counter", `type Counter struct{ N int }

func (c *Counter) Run() { c.N++ }

func main() {
	mine := &Counter{1}
	its, err := worker.StartRunner(mine).Wait()
	fmt.Println(its.N, mine.N, err)
}`, program.Modes()...)
	result := run(t, newRunner(), p)["counter"]
	if len(result.Problems) > 0 || len(result.Runs) != len(program.Modes()) {
		t.Fatalf("%d runs, problems %v", len(result.Runs), messages(result.Problems))
	}
	for _, r := range result.Runs {
		want := "2 2 <nil>"
		if r.Mode == program.Process {
			want = "2 1 <nil>"
		}
		if got := texts(r.Output, false); !slices.Equal(got, []string{want}) {
			t.Errorf("%s printed %q, want %q", r.Mode, got, want)
		}
	}
}

func TestAWorkersDeath(t *testing.T) {
	p := cell("dies", "func die(n int) int {\n\tpanic(\"no more\")\n}\n\nfunc main() {\n\tw := worker.Start(die, 1)\n\t_, err := w.Wait()\n\tfmt.Println(err != nil)\n}", program.Thread, program.Process)
	p.Options.Expect = map[program.Mode]program.Outcomes{program.Thread: {{Kind: program.Panicked}}}
	result := run(t, newRunner(), p)["dies"]
	if len(result.Problems) > 0 || len(result.Runs) != 2 {
		t.Fatalf("%d runs, problems %v", len(result.Runs), messages(result.Problems))
	}
	for _, r := range result.Runs {
		trace := strings.Join(texts(r.Output, true), "\n")
		if !strings.Contains(trace, "panic: no more") || !strings.Contains(trace, "\tdies.cell:2") {
			t.Errorf("%s: the trace does not name the cell:\n%s", r.Mode, trace)
		}
	}
	if s := result.Runs[1].Spans; len(s) != 1 || !s[0].Died || s[0].Joined < s[0].Ended || s[0].Ended < s[0].Began {
		t.Errorf("span %+v", s)
	}
	for _, line := range result.Runs[1].Output.Lines {
		if line.Stderr && line.Pid != result.Runs[1].Spans[0].Pid {
			t.Errorf("process %d panicked, and %d printed %q", result.Runs[1].Spans[0].Pid, line.Pid, line.Text)
		}
	}
}

func TestWaitingIsSeen(t *testing.T) {
	// Whoever is late to lock need not wait: one of them will be in time.
	p := cell("waits", `func waits(l *worker.Lock) {
	l.Lock()
	l.Unlock()
}

func main() {
	l := worker.NewLock()
	for range 5 {
		l.Lock()
		w := worker.Do(waits, l)
		time.Sleep(50 * time.Millisecond)
		l.Unlock()
		w.Wait()
	}
}`, program.Goroutine, program.Thread, program.Process)
	result := run(t, newRunner(), p)["waits"]
	if len(result.Problems) > 0 || len(result.Runs) != 3 {
		t.Fatalf("%d runs, problems %v", len(result.Runs), messages(result.Problems))
	}
	for _, r := range result.Runs {
		seen := 0
		for _, s := range r.Spans {
			for _, w := range s.Waits {
				seen++
				if w.On != "lock 1" || w.From < s.Began || w.To < w.From || w.To > s.Ended {
					t.Errorf("%s: %+v", r.Mode, s)
				}
			}
		}
		if seen == 0 {
			t.Errorf("%s: nobody waited: %+v", r.Mode, r.Spans)
		}
	}
}
