package worker_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"course/runner/worker"

	"go.uber.org/goleak"
)

// envProgram names the one of programs that this test binary is to be, in place of the tests.
const envProgram = "WORKER_TEST_PROGRAM"

func init() {
	worker.Register(square, halve, set, nothing, panics, exits, kills, goexits, deadlocks, spins, family, prints, process,
		readInput, environment, touch, dieAt, bulk, deep, clock, calls, sendChannel, sendNothing, crowd)
}

// TestMain is the main function of the tests, of programs and of workers that are processes.
func TestMain(m *testing.M) {
	worker.Main()
	if name := os.Getenv(envProgram); name != "" {
		program, ok := programs[name]
		if !ok { // tests that start the tests would have no end
			fmt.Fprintln(os.Stderr, "there is no program", name)
			os.Exit(1)
		}
		program()
		return
	}
	_, _ = worker.Start(square, 1, worker.As(worker.Process)).Wait() // what the runtime opens once is open now
	leaks := watchLeaks()
	code := m.Run()
	if err := goleak.Find(); err != nil {
		fmt.Println("goroutines are left:", err)
		code = 1
	}
	if left := leaks(); left != "" {
		fmt.Println(left)
		code = 1
	}
	os.Exit(code)
}

// watchLeaks returns a function that says which descriptors and processes are left. It knows only on Linux.
var watchLeaks = func() func() string { return func() string { return "" } }

var programs = map[string]func(){
	"panics":    func() { waitAndSay(worker.Start(panics, 1)) },
	"deadlocks": func() { waitAndSay(worker.Start(deadlocks, 1)) },
	"goexits":   func() { waitAndSay(worker.Start(goexits, 1)) },
	"returns while a worker is busy": func() {
		worker.Start(spins, 1)
		fmt.Println("main returns")
	},
	"waits while a worker is busy": func() {
		w := worker.Start(spins, 1)
		fmt.Println(os.Getpid())
		waitAndSay(w)
	},
	"prints": func() {
		worker.Println("main prints")
		waitAndSay(worker.Start(prints, 2, worker.Named("a\tb")))
	},
	"maps":         func() { fmt.Println(worker.Map(square, []int{1, 2, 3, 4, 5, 6}, worker.Workers(2))) },
	"dies":         func() { waitAndSay(worker.Start(exits, 3)) },
	"does nothing": func() {},
	"crowd":        func() { fmt.Println(worker.Map(crowd, []int{60, 60, 60, 60}, worker.Workers(4))) },
	"family":       func() { waitAndSay(worker.Start(family, 0)) },
	"lists descriptors": func() {
		entries, err := os.ReadDir("/proc/self/fd")
		fmt.Println(err)
		for _, e := range entries {
			if standard := slices.Contains([]string{"0", "1", "2"}, e.Name()); standard {
				continue
			}
			if link, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil {
				fmt.Println(e.Name(), link)
			}
		}
	},
}

func waitAndSay[R any](w *worker.Worker[R]) {
	r, err := w.Wait()
	fmt.Println("waited:", r, err)
}

// start runs one of programs with a mode, and more environment.
func start(t *testing.T, program string, mode worker.Mode, env ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(append(os.Environ(), envProgram+"="+program, "COURSE_MODE="+string(mode)), env...)
	return cmd
}

// A run is that of one of programs.
type run struct {
	program string
	mode    worker.Mode
	env     []string

	out    string
	err    error
	status int
	took   time.Duration
}

// atOnce runs programs that wait more than they do, many at a time whatever the number of processors, and
// has each checked by a test of its own.
func atOnce(t *testing.T, runs []run, check func(t *testing.T, r run)) {
	t.Helper()
	const most = 16
	var group sync.WaitGroup
	free := make(chan struct{}, most)
	for i := range runs {
		r := &runs[i]
		cmd := start(t, r.program, r.mode, r.env...)
		group.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			began := time.Now()
			out, err := cmd.CombinedOutput()
			r.out, r.err, r.status, r.took = string(out), err, cmd.ProcessState.ExitCode(), time.Since(began)
		})
	}
	group.Wait()
	for _, r := range runs {
		t.Run(r.program+"/"+string(r.mode), func(t *testing.T) { check(t, r) })
	}
}

// What workers do in these tests.

func nothing(int) {}

func square(n int) int { return n * n }

var errOdd = errors.New("odd")

func halve(n int) (int, error) {
	if n%2 != 0 {
		return n / 2, fmt.Errorf("%d is %w", n, errOdd)
	}
	return n / 2, nil
}

var variable = struct {
	sync.Mutex
	n int
}{n: 1}

func set(n int) {
	variable.Lock()
	defer variable.Unlock()
	variable.n = n
}

func panics(int) int { panic("no luck") }

func exits(status int) int {
	os.Exit(status)
	return 0
}

func kills(signal int) int {
	p, _ := os.FindProcess(os.Getpid())
	_ = p.Signal(syscall.Signal(signal))
	select {}
}

func goexits(n int) int {
	defer func() { n++ }()
	runtime.Goexit()
	return n
}

func deadlocks(int) int {
	var mu sync.Mutex
	mu.Lock()
	mu.Lock()
	return 0
}

// spins is busy for ever, without a call that the scheduler could use.
func spins(int) int {
	for n := 0; ; {
		n++
	}
}

// family starts workers and returns their names.
func family(int) []string {
	child := worker.Start(square, 2)
	_, _ = child.Wait()
	named := worker.Start(square, 2, worker.Named("eve"))
	_, _ = named.Wait()
	last := worker.Start(square, 2)
	_, _ = last.Wait()
	return []string{child.Name(), named.Name(), last.Name()}
}

// crowd starts n threads with names of all lengths up to the longest, and returns how many returned.
func crowd(n int) int {
	threads := make([]*worker.Worker[int], n)
	for i := range threads {
		threads[i] = worker.Start(square, i, worker.As(worker.Thread), worker.Named(crowdName(i)))
	}
	returned := 0
	for _, w := range threads {
		if _, err := w.Wait(); err == nil {
			returned++
		}
	}
	return returned
}

func crowdName(i int) string { return "crowd" + strings.Repeat("x", i) }

func prints(lines int) int {
	for i := range lines {
		worker.Printf("line %d\n", i)
	}
	fmt.Println("not marked")
	return os.Getpid()
}

func process(int) int { return os.Getpid() }

func readInput(int) (int, error) { return os.Stdin.Read(make([]byte, 1)) }

// environment returns what a worker's environment and what it executes have to do with us.
func environment(int) []string {
	var names []string
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "COURSE_") {
			names = append(names, name)
		}
	}
	return names
}

func touch(path string) int {
	if f, err := os.Create(path); err == nil {
		_ = f.Close()
	}
	if strings.HasSuffix(path, "-2") {
		os.Exit(1)
	}
	return 0
}

func dieAt(n int) int {
	if n < 0 {
		os.Exit(-n)
	}
	return n
}

func bulk(b []byte) []byte { return b }

type ring struct {
	Value int
	Next  *ring
}

// deep changes what it gets, all around.
func deep(r *ring) *ring {
	for at := r; at.Value < 100; at = at.Next {
		at.Value += 100
	}
	return r
}

func clock(t time.Time) time.Time { return t.Add(time.Hour) }

func calls(n int) (int, error) {
	w := worker.Try(halve, n)
	return w.Wait()
}

type job struct{ Done chan int }

func sendChannel(job) {}

func sendNothing(int) func() { return nil }
