package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"course/program"
	"course/runner/processes"
	"course/runner/sandbox"

	"go.uber.org/goleak"
)

// leaver is a cell that leaves behind, in ways that get harder to find, processes of which it prints
// the ids, and then does what last says.
func leaver(id, last string) program.Program {
	return cell(id, `func main() {
		for _, script := range []string{
			"sleep 1000 & echo $!",
			"setsid sleep 1000 & echo $!",
			"(setsid sh -c 'trap \"\" TERM HUP INT; (setsid sleep 1000 & echo $!) & echo $$; exec sleep 1000' &)",
		} {
			cmd := exec.Command("sh", "-c", script)
			cmd.Stdout = os.Stdout
			if err := cmd.Run(); err != nil {
				panic(err)
			}
		}
		fmt.Println("started")
		`+last+`
	}

	var _ = syscall.Getpid`)
}

// heard is what a cell does to know that the tool was told that it runs: the tool reads what it prints from then on, and so much does not go into
// a pipe. Else a cell may stop the supervisor before that has told, which is the cell's doing too, but another case.
const heard = `os.Stdout.Write(append(make([]byte, 1<<17), '\n')); `

const (
	stopsSupervisor = heard + `syscall.Kill(os.Getppid(), syscall.SIGSTOP); `
	endsSupervisor  = heard + `syscall.Kill(os.Getppid(), syscall.SIGKILL); `
)

// trusting is a Runner whose cells see the processes that we see.
func trusting() *Runner {
	r := newRunner()
	r.Trusted = func(program.Program) bool { return true }
	return r
}

// pids are the processes that a leaver printed. Each prints before "started" or soon after.
func pids(t *testing.T, lines []string) []int {
	t.Helper()
	var all []int
	for _, line := range lines {
		if pid, err := strconv.Atoi(line); err == nil {
			all = append(all, pid)
		}
	}
	return all
}

// gone waits until no process has that id, or it is a zombie of somebody else's.
func gone(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("process %d is still there: %s", pid, stat)
			return
		}
	}
}

// alive reports whether a process has that id. After Run has returned no waiting is due.
func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

func TestNobodySurvivesARun(t *testing.T) {
	for name, last := range map[string]string{
		"ends": ``, "panics": `panic("now")`, "hangs": `time.Sleep(time.Hour)`, "waits": `time.Sleep(50 * time.Millisecond)`,
	} {
		t.Run(name, func(t *testing.T) {
			p := leaver(name, last)
			if name == "hangs" {
				p.Options.Timeout = time.Second
			}
			got := run(t, trusting(), p)[name].Runs[0]
			found := pids(t, texts(got.Output, false))
			if len(found) < 2 {
				t.Fatalf("it left too few behind: %v", got.Output)
			}
			for _, pid := range found {
				if alive(pid) {
					t.Errorf("process %d survived", pid)
				}
			}
		})
	}
}

func TestNobodySurvivesACancel(t *testing.T) {
	t.Run("of a cell", func(t *testing.T) { cancelled(t, ``) })
	t.Run("of one that stopped the supervisor", func(t *testing.T) { cancelled(t, stopsSupervisor) })
}

func cancelled(t *testing.T, first string) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	p := leaver("cancelled", `time.Sleep(time.Hour)`)
	p.Source = strings.Replace(p.Source, `fmt.Println("started")`, first+`fmt.Println("started")`, 1)
	p.Options.Timeout = time.Hour
	var lines []string
	err := trusting().Run(ctx, []program.Program{p}, func(e Event) {
		if e.Kind == Printed {
			if lines = append(lines, e.Line.Text); e.Line.Text == "started" {
				cancel()
			}
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	for _, pid := range pids(t, lines) {
		if alive(pid) {
			t.Errorf("process %d survived", pid)
		}
	}
}

func TestNobodySurvivesTheToolsDeath(t *testing.T) {
	t.Run("with a cell", func(t *testing.T) { orphaned(t, true, ``) })
	t.Run("with one that stopped the supervisor", func(t *testing.T) { orphaned(t, true, stopsSupervisor) })
	t.Run("in the sandbox", func(t *testing.T) { orphaned(t, false, stopsSupervisor) })
}

// drained waits until nobody has the other end of what a tool prints to, but not for ever.
func drained(t *testing.T, out io.Reader) {
	t.Helper()
	if err := out.(*os.File).SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, out); err != nil {
		t.Errorf("somebody still has the tool's output: %v", err)
	}
}

func orphaned(t *testing.T, trusted bool, first string) {
	p := leaver("orphaned", `time.Sleep(time.Hour)`)
	p.Source = strings.Replace(p.Source, `fmt.Println("started")`, first+`fmt.Println("started")`, 1)
	p.Options.Timeout = time.Hour
	tmp := t.TempDir()
	tool := errand{Programs: []program.Program{p}, Store: Store{Dir: storeDir}, Trusts: trusted}.tool(t, "", "TMPDIR="+tmp)
	out, err := tool.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := tool.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	await(t, out, &said, "started")
	family := processes.Below(tool.Process.Pid)
	if len(family) < 3 { // the supervisor, the cell, and whom it left behind
		t.Fatalf("the tool's family is %v", family)
	}
	if err := tool.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	drained(t, out)
	_ = tool.Wait()
	for _, p := range family {
		gone(t, p.ID)
	}
	for _, pid := range pids(t, strings.Fields(said.String())) {
		if trusted { // elsewhere they have numbers of their own
			gone(t, pid)
		}
	}
	left, err := filepath.Glob(filepath.Join(tmp, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("files left behind: %v, %v", left, err)
	}
}

// await reads what a tool prints into said, until that has word.
func await(t *testing.T, out io.Reader, said *strings.Builder, word string) {
	t.Helper()
	for buf := make([]byte, 4096); !strings.Contains(said.String(), word); {
		n, err := out.Read(buf)
		if said.Write(buf[:n]); err != nil {
			t.Fatalf("the tool said %q: %v", said.String(), err)
		}
	}
}

// TestACellDiesWithItsSupervisor also where nobody is left to end it.
func TestACellDiesWithItsSupervisor(t *testing.T) {
	for name, o := range map[string]errand{
		"as the user": {Trusts: true}, "fallback": {Without: sandbox.Without{Namespaces: true}}, "namespaces": {},
	} {
		t.Run(name, func(t *testing.T) {
			if !o.Trusts && !o.Without.FallbackConfines() {
				t.Skip("there is no sandbox without namespaces")
			}
			p := with(cell("stays", `func main() { fmt.Println("started"); time.Sleep(time.Hour) }`), func(o *program.Options) { o.Timeout = time.Hour })
			o.Programs, o.Store = []program.Program{p}, Store{Dir: storeDir}
			tmp := t.TempDir()
			if err := os.Chmod(filepath.Dir(tmp), 0o755); err != nil { // another user's program lies below
				t.Fatal(err)
			}
			tool := o.tool(t, "", "TMPDIR="+tmp)
			out, err := tool.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := tool.Start(); err != nil {
				t.Fatal(err)
			}
			await(t, out, new(strings.Builder), "started")
			family := processes.Below(tool.Process.Pid) // of which each is the parent of the next
			slices.SortFunc(family, func(a, b processes.Process) int { return a.ID - b.ID })
			if len(family) != 3 {
				t.Fatalf("the tool's family is %v", family)
			}
			guard, supervisor, cell := family[0].ID, family[1].ID, family[2].ID
			for _, stopped := range []int{tool.Process.Pid, guard} { // who would end it
				if err := syscall.Kill(stopped, syscall.SIGSTOP); err != nil {
					t.Fatal(err)
				}
			}
			if err := syscall.Kill(supervisor, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			gone(t, cell)
			_ = tool.Process.Kill()
			_ = syscall.Kill(guard, syscall.SIGCONT) // it cleans up
			_ = tool.Wait()
			gone(t, guard)
			_ = syscall.Kill(cell, syscall.SIGKILL) // where it is still there
		})
	}
}

// TestASupervisorThatDoesNotAnswerIsNoFaultOfTheProgram: before it has told of a start, the machine may be busy.
func TestASupervisorThatDoesNotAnswerIsNoFaultOfTheProgram(t *testing.T) {
	for name, r := range map[string]*Runner{"as the user": trusting(), "in the sandbox": newRunner()} {
		t.Run(name, func(t *testing.T) {
			r.Store.Dir = t.TempDir()
			p := cell("innocent", `func main() { println("x") }`)
			stops := 0
			var got Result
			err := r.Run(t.Context(), []program.Program{p}, func(e Event) {
				if e.Kind == Done {
					got = *e.Result
				}
				if e.Kind != Started {
					return
				}
				for _, p := range processes.Below(os.Getpid()) {
					command, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", p.ID))
					if name, _, _ := strings.Cut(string(command), "\x00"); name == supervisorName || name == insideName {
						stops++
						_ = syscall.Kill(p.ID, syscall.SIGSTOP)
					}
				}
			})
			if err != nil || stops != 1 {
				t.Fatalf("error %v, %d supervisors were stopped", err, stops)
			}
			if len(got.Problems) > 0 || got.Runs[0].Outcome != (program.Outcome{}) || len(got.Runs[0].Output.Lines) != 1 {
				t.Errorf("%+v %v", got.Runs, messages(got.Problems))
			}
		})
	}
}

// TestALateAnswerIsNoFaultOfTheProgram: who was stopped, or has ended, was so by the program; who is there is only late.
func TestALateAnswerIsNoFaultOfTheProgram(t *testing.T) {
	for cause, want := range map[error]string{errStopped: "stopped", io.EOF: "ended", os.ErrDeadlineExceeded: ""} {
		s, err := startSupervisor(sandbox.Without{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.prepare(false); err != nil {
			t.Fatal(err)
		}
		if s.stopped() {
			t.Error("it is stopped from the beginning")
		}
		if end, err := s.lost(cause, time.Second); end.Lost != want || (err == nil) != (want != "") {
			t.Errorf("%v: %+v, %v", cause, end, err)
		}
		if err := s.close(); err != nil {
			t.Error(err)
		}
	}
}

func TestTheTerminalsSignalsDoNotReachACell(t *testing.T) {
	p := cell("listens", `func main() {
		self, _ := syscall.Getpgid(0)
		stat, _ := os.ReadFile("/proc/self/status")
		for line := range strings.Lines(string(stat)) {
			if strings.HasPrefix(line, "SigIgn:") || strings.HasPrefix(line, "SigBlk:") {
				fmt.Print(line)
			}
		}
		fmt.Println(self == os.Getpid())
	}`)
	want := []string{"SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "true"}
	if got := texts(run(t, newRunner(), p)["listens"].Runs[0].Output, false); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTimesIncludeOrphans(t *testing.T) {
	// The grandchild's parent ends at once, so that only a subreaper can account for it.
	p := cell("busy", `func main() {
		if os.Getenv("BURN") != "" {
			var use syscall.Rusage
			for use.Utime.Nano() < 200e6 {
				for range 1 << 20 {
					_ = len(os.Args)
				}
				syscall.Getrusage(syscall.RUSAGE_SELF, &use)
			}
			fmt.Println("burnt")
			return
		}
		r, w, _ := os.Pipe()
		os.Setenv("BURN", "1")
		sh := exec.Command("sh", "-c", "$0 &", os.Args[0])
		sh.Stdout = w
		sh.Run()
		w.Close()
		io.Copy(os.Stdout, r)
	}`)
	got := run(t, newRunner(), p)["busy"].Runs[0]
	if got.Outcome != (program.Outcome{}) || got.User < 200*time.Millisecond {
		t.Errorf("user time %v, %v: %v", got.User, got.Outcome, got.Output)
	}
}

func TestNothingLeaksInTheTool(t *testing.T) {
	r := newRunner()
	p := cell("small", `func main() { println("x") }`)
	late := with(cell("late", `func main() { time.Sleep(time.Hour) }`), func(o *program.Options) { o.Timeout = 20 * time.Millisecond })
	run(t, r, p)
	before := descriptors(t)
	for range 3 {
		run(t, r, p, late, leaver("leaver", ""))
		ctx, cancel := context.WithCancel(t.Context())
		_ = r.Run(ctx, []program.Program{p}, func(e Event) {
			if e.Kind == Started {
				cancel()
			}
		})
		cancel()
	}
	goleak.VerifyNone(t)
	if after := descriptors(t); after > before {
		t.Errorf("%d descriptors before, %d after", before, after)
	}
	if left := processes.Below(os.Getpid()); len(left) > 0 {
		t.Errorf("processes left: %v", left)
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	names, err := processes.Names("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

func TestWhoKeepsMovingIsCaught(t *testing.T) {
	// Each process starts the next in a session of its own and ends: whom one looks for is never there.
	p := cell("moving", `func main() {
		next := exec.Command(os.Args[0])
		next.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if os.Getenv("NEXT") == "" {
			next.Env = append(os.Environ(), "NEXT=1")
			next.Start()
			time.Sleep(100 * time.Millisecond)
			return
		}
		next.Start()
	}`)
	if got := run(t, newRunner(), p)["moving"]; len(got.Runs) != 1 || got.Runs[0].Outcome != (program.Outcome{}) {
		t.Errorf("%+v", got)
	}
	if left := processes.Below(os.Getpid()); len(left) > 0 {
		t.Errorf("processes left: %v", left)
	}
}

func TestManyProcessesAreKilled(t *testing.T) {
	p := cell("many", `func main() {
		for range 200 {
			if err := exec.Command("setsid", "sleep", "1000").Start(); err != nil {
				panic(err)
			}
		}
	}`)
	want := []string{"many.cell: cell many left 200 processes behind, which were ended"}
	if got := messages(run(t, newRunner(), p)["many"].Problems); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if left := processes.Below(os.Getpid()); len(left) > 0 {
		t.Errorf("processes left: %v", left)
	}
}

func TestACellThatEndsTheSupervisorIsAProblemOfThatCell(t *testing.T) {
	kill := leaver("kills", endsSupervisor+`time.Sleep(time.Hour)`)
	stop := with(leaver("stops", stopsSupervisor+`time.Sleep(time.Hour)`), func(o *program.Options) {
		o.Timeout = time.Second
	})
	got := run(t, trusting(), kill, stop, cell("fine", `func main() { println("x") }`))
	for name, want := range map[string][]string{
		"kills": {"kills.cell: cell kills ended the supervisor that was to contain it"},
		"stops": {"stops.cell: cell stops stopped the supervisor that was to contain it"},
		"fine":  nil,
	} {
		if found := messages(got[name].Problems); !slices.Equal(found, want) {
			t.Errorf("%s: got %q, want %q", name, found, want)
		}
		found := pids(t, texts(got[name].Runs[0].Output, false))
		if name != "fine" && len(found) < 2 {
			t.Errorf("%s: it left too few behind: %v", name, got[name].Runs[0].Output)
		}
		for _, pid := range found {
			if alive(pid) {
				t.Errorf("%s: process %d survived", name, pid)
			}
		}
	}
	if _, stale := trusting().Stored([]program.Program{kill, stop}); len(stale) > 0 {
		t.Errorf("%d are not stored", len(stale))
	}
}
