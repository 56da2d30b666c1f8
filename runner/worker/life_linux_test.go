package worker_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"

	"course/runner/worker"
)

func init() {
	worker.Register(passGate, startsSpinner, saysAndSpins, zeros)
	programs["kills a worker that has workers"] = killsFamily
	programs["receives for ever"] = receives
	programs["has few descriptors"] = func() { startsMany(syscall.RLIMIT_NOFILE, 40) }
	programs["may have no more processes"] = func() {
		const rlimitNproc = 6 // asm-generic/resource.h
		spareThreads()
		startsMany(rlimitNproc, 1)
	}
}

// passGate returns n once nobody has a file locked any more.
func passGate(path string) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	return syscall.Getpid(), flock(f, syscall.LOCK_SH)
}

func flock(f *os.File, how int) error {
	for {
		if err := syscall.Flock(int(f.Fd()), how); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// All of them are under way before the first may end. With COURSE_SLOW=1 they are a thousand in each mode.
func TestMoreAndMoreAtOnce(t *testing.T) {
	for mode, n := range map[worker.Mode]int{worker.Goroutine: 50, worker.Thread: 50, worker.Process: 10} {
		if slow {
			n = 1000
		}
		gate, err := os.Create(filepath.Join(t.TempDir(), "gate"))
		if err != nil {
			t.Fatal(err)
		}
		if err := flock(gate, syscall.LOCK_EX); err != nil {
			t.Fatal(err)
		}
		workers := make([]*worker.Worker[int], n)
		for i := range workers {
			workers[i] = worker.Try(passGate, gate.Name(), worker.As(mode))
		}
		for i, w := range workers {
			if !w.Alive() {
				t.Errorf("%s: worker %d of %d ended before the others began", mode, i, n)
			}
		}
		_ = gate.Close() // and the lock with it
		for i, w := range workers {
			if pid, err := w.Wait(); err != nil || pid != w.Pid() {
				t.Fatalf("%s: worker %d of %d: process %d, %v", mode, i, n, pid, err)
			}
		}
	}
}

// startsMany limits a resource, starts workers until it is used up, and goes on once they have ended.
func startsMany(resource int, limit uint64) {
	_, _ = worker.Start(square, 3).Wait() // what the runtime opens once is open now
	before := descriptors()
	var old syscall.Rlimit
	_ = syscall.Getrlimit(resource, &old)
	if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: limit, Max: old.Max}); err != nil {
		fmt.Println(err)
	}
	var begun, failed []*worker.Worker[int]
	for len(failed) < 5 && len(begun) < 50 {
		if w := worker.Start(patient, 1); w.Alive() {
			begun = append(begun, w)
		} else {
			failed = append(failed, w)
		}
	}
	for _, w := range failed {
		_, err := w.Wait()
		fmt.Println(w.Pid(), w.ExitCode(), err)
	}
	for _, w := range begun {
		_ = w.Kill()
		_, _ = w.Wait()
	}
	_ = syscall.Setrlimit(resource, &old)
	if after := descriptors(); !slices.Equal(before, after) {
		fmt.Println("descriptors are left:", before, after)
	}
	waitAndSay(worker.Start(square, 3))
}

func TestMoreThanTheMachineAllows(t *testing.T) {
	limits := []struct {
		program, failure string
		cmd              *exec.Cmd
	}{
		{"descriptors", `start worker \d+: .*too many open files`, start(t, "has few descriptors", worker.Process)},
		{"processes", `start worker \d+: .*resource temporarily unavailable`, startAsNobody(t, "may have no more processes")},
	}
	for _, test := range limits {
		t.Run(test.program, func(t *testing.T) {
			if test.cmd == nil {
				t.Skip("only root can start somebody whom the limit binds")
			}
			out, err := test.cmd.CombinedOutput()
			want := regexp.MustCompile(`^(0 -1 ` + test.failure + `\n){5}waited: 9 <nil>\n$`)
			if err != nil || !want.Match(out) {
				t.Errorf("%v, want %v:\n%s", err, want, out)
			}
		})
	}
}

// startAsNobody starts a program as a user with a limit of processes, which root has not; nil where we
// are not root.
func startAsNobody(t *testing.T, program string) *exec.Cmd {
	if os.Getuid() != 0 {
		return nil
	}
	cmd := start(t, program, worker.Process)
	content, err := os.ReadFile(cmd.Path)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd.Path, cmd.Dir = filepath.Join(dir, "program"), dir
	if err := os.WriteFile(cmd.Path, content, 0o700); err != nil {
		t.Fatal(err)
	}
	for path := range map[string]bool{cmd.Path: true, dir: true, filepath.Dir(dir): true} {
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	const nobody = 65534
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	return cmd
}

// spareThreads leaves this process with threads that Go uses when it needs some: where the system gives
// no more of them, Go ends the program.
func spareThreads() {
	const n = 20
	var all [2]int
	_ = syscall.Pipe2(all[:], syscall.O_CLOEXEC)
	var group sync.WaitGroup
	for range n {
		group.Go(func() { _, _ = syscall.Read(all[0], make([]byte, 1)) })
	}
	for {
		if threads, _ := os.ReadDir("/proc/self/task"); len(threads) > n {
			break
		}
	}
	_ = syscall.Close(all[1])
	group.Wait()
	_ = syscall.Close(all[0])
}

func saysAndSpins(n int) int {
	fmt.Println("spinning")
	for {
		n++
	}
}

func startsSpinner(int) (int, error) { return worker.Start(saysAndSpins, 0).Wait() }

// killsFamily kills a worker that waits for one of its own, and closes its standard output.
func killsFamily() {
	w := worker.Try(startsSpinner, 0)
	input := bufio.NewReader(os.Stdin)
	_, _ = input.ReadString('\n')
	fmt.Println(w.Kill())
	_, err := w.Wait()
	fmt.Println(err)
	_ = os.Stdout.Close()
	_, _ = io.Copy(io.Discard, input)
}

// The output's end is the proof: it comes when the last process that can write there is gone, while
// the one that was the first of them is still there.
func TestGrandchildrenEndWithAChildThatIsKilled(t *testing.T) {
	cmd := start(t, "kills a worker that has workers", worker.Process)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out := bufio.NewReader(stdout)
	if line, err := out.ReadString('\n'); line != "spinning\n" {
		t.Errorf("%q, %v", line, err)
	}
	_, _ = fmt.Fprintln(stdin)
	rest, err := io.ReadAll(out)
	if !regexp.MustCompile(`^<nil>\nworker 1 \(process \d+\) died: signal: killed\n$`).Match(rest) || err != nil {
		t.Errorf("%q, %v", rest, err)
	}
	_ = stdin.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func zeros(n int) []byte { return make([]byte, n) }

func receives() {
	fmt.Println("begins")
	for {
		_, _ = worker.Start(zeros, 100<<20).Wait()
	}
}

func TestWorkersEndWhenTheProgramIsKilledWhileTheySend(t *testing.T) {
	cmd := start(t, "receives for ever", worker.Process)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for received(t, cmd.Process.Pid) < 10<<20 {
		if t.Failed() {
			break
		}
	}
	_ = cmd.Process.Kill()
	if out, err := io.ReadAll(stdout); string(out) != "begins\n" || err != nil {
		t.Errorf("%q, %v", out, err)
	}
	_ = cmd.Wait()
}

// received returns how many bytes a process has read.
func received(t *testing.T, pid int) int {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", pid))
	if err != nil {
		t.Error(err)
		return 0
	}
	count := regexp.MustCompile(`(?m)^rchar: (\d+)$`).FindSubmatch(content)
	if count == nil {
		t.Errorf("no count in %q", content)
		return 0
	}
	n, _ := strconv.Atoi(string(count[1]))
	return n
}
