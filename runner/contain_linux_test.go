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
	t.Run("of one that stopped the supervisor", func(t *testing.T) { cancelled(t, `syscall.Kill(os.Getppid(), syscall.SIGSTOP);`) })
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
	t.Run("with one that stopped the supervisor", func(t *testing.T) { orphaned(t, true, `syscall.Kill(os.Getppid(), syscall.SIGSTOP);`) })
	t.Run("in the sandbox", func(t *testing.T) { orphaned(t, false, `syscall.Kill(os.Getppid(), syscall.SIGSTOP);`) })
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
	for buf := make([]byte, 4096); !strings.Contains(said.String(), "started"); {
		n, err := out.Read(buf)
		if said.Write(buf[:n]); err != nil {
			t.Fatalf("the tool said %q: %v", said.String(), err)
		}
	}
	family := processes.Below(tool.Process.Pid)
	if len(family) < 3 { // the supervisor, the cell, and whom it left behind
		t.Fatalf("the tool's family is %v", family)
	}
	if err := tool.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, out)
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
	kill := leaver("kills", `syscall.Kill(os.Getppid(), syscall.SIGKILL); time.Sleep(time.Hour)`)
	stop := with(leaver("stops", `syscall.Kill(os.Getppid(), syscall.SIGSTOP); time.Sleep(time.Hour)`), func(o *program.Options) {
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
