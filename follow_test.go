package course_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"course"
	"course/runner"
)

const twoCells = `# Start

Some words.

` + "```go {#quick}" + `
func main() { fmt.Println("quick") }
` + "```" + `

` + "```go {#slow timeout=1m}" + `
func main() { time.Sleep(time.Second); fmt.Println("slow") }
` + "```\n"

// TestWatchRunsWhatIsStaleOnce: an edit of prose neither stops nor repeats the run under way.
func TestWatchRunsWhatIsStaleOnce(t *testing.T) {
	w := watch(t, twoCells)
	w.started(t, "start/slow")
	w.save(t, strings.Replace(twoCells, "Some words", "Other words", 1))
	s := w.waitFor(t, func(s *course.Snapshot) bool { return len(s.Stale) == 0 })
	if len(s.Problems) > 0 || len(s.Results) != 2 {
		t.Errorf("%d results, problems %v", len(s.Results), s.Problems)
	}
	if n := w.count("start/slow"); n != 1 {
		t.Errorf("the slow cell was started %d times", n)
	}
}

// TestWatchStopsARunThatAnEditMakesStale: the cell under way is another one now; what is done is kept.
func TestWatchStopsARunThatAnEditMakesStale(t *testing.T) {
	endless := strings.Replace(twoCells, "time.Sleep(time.Second)", "time.Sleep(time.Hour)", 1)
	w := watch(t, endless)
	w.started(t, "start/slow")
	w.waitFor(t, func(s *course.Snapshot) bool { return len(s.Stale) == 1 }) // the other one may end later
	w.save(t, twoCells)
	s := w.waitFor(t, func(s *course.Snapshot) bool { return len(s.Stale) == 0 })
	if len(s.Problems) > 0 {
		t.Error(s.Problems)
	}
	if n := w.count("start/quick"); n != 1 {
		t.Errorf("the quick cell was started %d times", n)
	}
}

// TestWatchGoesOnWithoutAToolchain: a fault of the system is a problem to be shown, and not the end.
func TestWatchGoesOnWithoutAToolchain(t *testing.T) {
	w := watch(t, twoCells, func(r *runner.Runner) { r.Go = filepath.Join(t.TempDir(), "go") })
	w.waitFor(t, func(s *course.Snapshot) bool {
		return len(s.Problems) == 1 && strings.Contains(s.Problems[0].Message, "cannot be run")
	})
	w.save(t, strings.Replace(twoCells, "Some words", "Other words", 1))
	w.waitFor(t, func(s *course.Snapshot) bool {
		return s.Course != nil && strings.Contains(string(s.Course.Lessons[0].Source), "Other words")
	})
}

// TestWatchSaysThatResultsCannotBeKept: it shows them all the same.
func TestWatchSaysThatResultsCannotBeKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	w := watch(t, twoCells, func(r *runner.Runner) { r.Store.Dir = filepath.Join(file, "store") })
	s := w.waitFor(t, func(s *course.Snapshot) bool { return len(s.Stale) == 0 })
	if len(s.Results) != 2 || len(s.Problems) != 1 || !strings.Contains(s.Problems[0].Message, "the results cannot be kept") {
		t.Errorf("%d results, problems %v", len(s.Results), s.Problems)
	}
}

// TestWatchGoesOnWithoutAModule: what cannot be fetched is said where it is required, and the other cells run.
func TestWatchGoesOnWithoutAModule(t *testing.T) {
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOPROXY", "off")
	w := watch(t, twoCells)
	w.waitFor(t, func(s *course.Snapshot) bool { return len(s.Results) == 2 })
	if err := os.WriteFile(filepath.Join(filepath.Dir(w.file), "course.yaml"), []byte("require:\n  - example.org/greet v0.1.0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.save(t, twoCells+"\n```go {#greeting}\nfunc main() { greet.Say() }\n```\n\n```go {#other}\nfunc main() { fmt.Println(3) }\n```\n")
	s := w.waitFor(t, func(s *course.Snapshot) bool { return len(s.Results) == 3 && len(s.Problems) > 0 })
	if at := s.Problems[0].Position.String(); at != "course.yaml:2:5" || len(s.Stale) != 1 || s.Stale[0].ID != "start/greeting" {
		t.Errorf("problems %v, stale %v", s.Problems, s.Stale)
	}
	w.save(t, twoCells)
	w.waitFor(t, func(s *course.Snapshot) bool { return len(s.Results) == 2 && len(s.Problems) == 0 && len(s.Stale) == 0 })
}

// A watched course is one that Config.Watch follows until the test ends.
type watched struct {
	file    string
	changed chan struct{}

	mu     sync.Mutex
	last   *course.Snapshot
	starts map[string]int
}

func watch(t *testing.T, text string, options ...func(*runner.Runner)) *watched {
	t.Helper()
	dir := t.TempDir()
	w := &watched{file: filepath.Join(dir, "01-start.md"), changed: make(chan struct{}, 1), starts: make(map[string]int)}
	w.save(t, text)
	r := &runner.Runner{Store: runner.Store{Dir: t.TempDir()}}
	for _, option := range options {
		option(r)
	}
	config := course.Config{Source: os.DirFS(dir), Runner: r, On: w.on}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- config.Watch(ctx, w.changed, w.show) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Watch returned %v", err)
		}
	})
	return w
}

func (w *watched) save(t *testing.T, text string) {
	t.Helper()
	if err := os.WriteFile(w.file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

func (w *watched) on(e runner.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if e.Kind == runner.Started {
		w.starts[e.ID]++
	}
}

func (w *watched) show(s *course.Snapshot) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = s
}

func (w *watched) count(id string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.starts[id]
}

// started waits until a run of the cell has begun.
func (w *watched) started(t *testing.T, id string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); w.count(id) == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s was not started", id)
		}
	}
}

// waitFor returns the first snapshot shown that is as it should be.
func (w *watched) waitFor(t *testing.T, right func(*course.Snapshot) bool) *course.Snapshot {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		w.mu.Lock()
		s := w.last
		w.mu.Unlock()
		if s != nil && right(s) {
			return s
		}
		if time.Now().After(deadline) {
			t.Fatalf("the last snapshot was %+v", s)
		}
	}
}
