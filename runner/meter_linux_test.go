package runner

import (
	"testing"
	"time"

	"course/program"
	"course/runner/build"
	"course/runner/sandbox"
)

// built builds p.
func built(t *testing.T, p program.Program) build.Build {
	t.Helper()
	j, err := newRunner().begin(t.Context(), []program.Program{p}, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	builds, err := j.builds(t.Context(), []program.Program{p})
	if err != nil || len(builds[0].Problems) > 0 {
		t.Fatal(builds, err)
	}
	return builds[0]
}

// executed executes b once, which must end well.
func executed(t *testing.T, b build.Build, mode program.Mode, how treatment) Run {
	t.Helper()
	s, err := startSupervisor(sandbox.Without{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	run, _, err := execute(t.Context(), s, b, program.At(mode), how, func(Line) {})
	if err != nil {
		t.Fatal(err)
	}
	if run.Outcome.Kind != program.OK {
		t.Fatalf("it %v: %v", run.Outcome, texts(run.Output, true))
	}
	return run
}

// weighed executes p once in mode, and sees what it takes.
func weighed(t *testing.T, p program.Program, mode program.Mode, confined bool) Memory {
	t.Helper()
	run := executed(t, built(t, p), mode, treatment{confined: confined, weigh: true})
	if run.Memory == nil {
		t.Fatal("nobody has looked at it")
	}
	return *run.Memory
}

// held makes a program of text, where hold waits until the supervisor, which is its parent, has looked a few times: looking
// is all that takes processor time of it, and one look takes far less than the ten ticks (of 10 ms) that it waits for.
func held(id, text string, modes ...program.Mode) program.Program {
	return cell(id, text+`

func hold() {
	ticks := func() (n int) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", os.Getppid()))
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		for _, field := range fields[11:13] { // utime and stime: proc_pid_stat(5)
			var ticks int
			if _, scan := fmt.Sscan(field, &ticks); err != nil || scan != nil {
				panic(fmt.Sprint(err, scan))
			}
			n += ticks
		}
		return n
	}
	for from := ticks(); ticks() < from+10; time.Sleep(5*time.Millisecond) {
	}
}`, modes...)
}

func TestMemoryOfOneProcess(t *testing.T) {
	for name, confined := range map[string]bool{"trusted": false, "sandbox": true} {
		t.Run(name, func(t *testing.T) {
			p := held("one", `func main() {
				b := make([]byte, 64<<20)
				for i := 0; i < len(b); i += 512 {
					b[i] = 1
				}
				hold()
				fmt.Println(b[512])
			}`)
			m := weighed(t, p, program.Plain, confined)
			if m.PSS < 64<<20 || m.PSS > 80<<20 {
				t.Errorf("64 MiB are seen as %.1f", float64(m.PSS)/(1<<20))
			}
			if m.PageTables < 64<<20/512 { // 8 bytes a page of 4 KiB; the kernel keeps those of large pages, too
				t.Errorf("page tables of %d bytes", m.PageTables)
			}
			if m.Stacks < 3*kernelStack || m.Stacks > 50*kernelStack || m.Looks < 2 {
				t.Errorf("kernel stacks of %d bytes, %d looks", m.Stacks, m.Looks)
			}
		})
	}
}

func TestSharedMemoryCountsOnce(t *testing.T) {
	p := held("shared", `type part struct {
		Array *worker.SharedArray[byte]
		Full, Over *worker.Barrier
	}

	func touch(p part) {
		b := p.Array.Slice()
		for i := 0; i < len(b); i += 512 {
			b[i] = 1
		}
		p.Full.Wait()
		p.Over.Wait()
	}

	func main() {
		p := part{worker.NewSharedArray[byte](64<<20), worker.NewBarrier(4), worker.NewBarrier(4)}
		for range 3 {
			worker.Do(touch, p)
		}
		p.Full.Wait()
		hold()
		p.Over.Wait()
	}`, program.Thread, program.Process)
	processes, threads := weighed(t, p, program.Process, true), weighed(t, p, program.Thread, true)
	for mode, m := range map[program.Mode]Memory{program.Process: processes, program.Thread: threads} {
		if m.PSS < 64<<20 || m.PSS > 96<<20 {
			t.Errorf("64 MiB, in mode %s, are seen as %.1f", mode, float64(m.PSS)/(1<<20))
		}
	}
	if processes.PageTables < 2*threads.PageTables {
		t.Errorf("page tables of 4 processes have %d bytes, of one %d", processes.PageTables, threads.PageTables)
	}
	if processes.Stacks <= threads.Stacks {
		t.Errorf("kernel stacks of 4 processes have %d bytes, of one %d", processes.Stacks, threads.Stacks)
	}
}

func TestThreadsHaveKernelStacks(t *testing.T) {
	p := held("threads", `func main() {
		for range 100 {
			go func() { syscall.Nanosleep(&syscall.Timespec{Sec: 1000}, nil) }()
		}
		for started := 0; started < 100; {
			all, _ := os.ReadDir("/proc/self/task")
			started = len(all)
		}
		hold()
	}`)
	if m := weighed(t, p, program.Plain, true); m.Stacks < 100*kernelStack || m.Stacks > 150*kernelStack {
		t.Errorf("kernel stacks of more than 100 threads have %d bytes", m.Stacks)
	}
}

func TestWhatARunUses(t *testing.T) {
	p := cell("uses", `func main() {
		b := make([]byte, 32<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		for range 50 {
			syscall.Nanosleep(&syscall.Timespec{Nsec: 1000}, nil)
		}
		if len(os.Args) == 1 {
			exec.Command(os.Args[0], "child").Run()
		}
	}`)
	for name, r := range map[string]*Runner{"trusted": trusting(), "sandbox": newRunner()} {
		got := run(t, r, p)["uses"].Runs[0]
		// Of two processes; a page of 2 MiB is one fault.
		if u := got.Usage; u.Voluntary < 2*50 || u.MinorFaults < 2*16 {
			t.Errorf("%s: %+v", name, u)
		}
		if got.Memory != nil {
			t.Errorf("%s: what is not weighed has memory %+v", name, *got.Memory)
		}
	}
}

func TestAWeighedRunIsLookedAtMoreOften(t *testing.T) {
	m := newMeter(small, true)
	for range 3 {
		m.exceeded()
	}
	if m.most != nil {
		t.Errorf("without processes it sees %+v", *m.most)
	}
	for cost, want := range map[time.Duration]time.Duration{0: 0, time.Microsecond: time.Millisecond, 10 * time.Millisecond: 40 * time.Millisecond, time.Second: 250 * time.Millisecond} {
		if got := pause(cost, true); got != want {
			t.Errorf("after a look of %v the next comes after %v, want %v", cost, got, want)
		}
	}
}
