package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// stray is a cell that starts a process which leaves its group and its parent, and then hangs.
const stray = "# Stray\n\n```go {#stray timeout=5m}\nfunc main() {\n" +
	"\tout, err := exec.Command(\"sh\", \"-c\", \"setsid sleep 300 >/dev/null 2>&1 & echo $!\").Output()\n" +
	"\tfmt.Println(\"pids\", os.Getpid(), strings.TrimSpace(string(out)), err)\n" +
	"\ttime.Sleep(time.Hour)\n}\n```\n"

// TestNothingSurvivesTheTool: however it is ended while a cell runs, the cell is gone, and what the cell
// has started as well.
func TestNothingSurvivesTheTool(t *testing.T) {
	for _, test := range []struct {
		signal syscall.Signal
		status int // -1: ended by the signal itself
	}{
		{syscall.SIGINT, 130},
		{syscall.SIGTERM, 130},
		{syscall.SIGKILL, -1},
	} {
		t.Run(test.signal.String(), func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "01-stray.md"), []byte(stray), 0o644); err != nil {
				t.Fatal(err)
			}
			tool := command(t, "run", dir)
			stdout, err := tool.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			var stderr bytes.Buffer
			tool.Stderr = &stderr
			if err := tool.Start(); err != nil {
				t.Fatal(err)
			}
			var pids []int
			for lines := bufio.NewScanner(stdout); len(pids) == 0 && lines.Scan(); {
				pids = numbers(lines.Text())
			}
			if len(pids) != 2 {
				t.Errorf("the cell names the processes %v", pids)
			}
			family := below(tool.Process.Pid) // the numbers are those that the cell sees, in the sandbox
			if len(family) < 4 {
				t.Errorf("the tool's family is %v; guard, supervisor and the two processes are to be in it", family)
			}
			if err := tool.Process.Signal(test.signal); err != nil {
				t.Fatal(err)
			}
			err = tool.Wait()
			if status := tool.ProcessState.ExitCode(); status != test.status {
				t.Errorf("the tool ends with %v, status %d, want %d: %s", err, status, test.status, stderr.Bytes())
			}
			for _, pid := range family {
				poll(t, "process "+strconv.Itoa(pid)+" has ended", func() bool {
					return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
				})
			}
		})
	}
}

// below returns the processes that pid has started, and those below them.
func below(pid int) []int {
	children := make(map[int][]int)
	names, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range names {
		text, _ := os.ReadFile(name)
		var parent int // proc_pid_stat(5): pid (name) state ppid
		if _, err := fmt.Sscanf(string(text[bytes.LastIndexByte(text, ')')+1:]), " %1s %d", new(string), &parent); err == nil {
			child, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
			children[parent] = append(children[parent], child)
		}
	}
	all := children[pid]
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}

// command returns the command line `course args…`, as a process of its own with a cache of its own.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Args[0] = "course" // testscript.Main goes by the name
	cmd.Env = append(os.Environ(), "GOCACHE="+goCache(t), "XDG_CACHE_HOME="+t.TempDir())
	return cmd
}

// numbers returns the numbers in the line that the cell prints.
func numbers(line string) []int {
	_, rest, ok := strings.Cut(line, "pids ")
	if !ok {
		return nil
	}
	var all []int
	for word := range strings.FieldsSeq(rest) {
		if n, err := strconv.Atoi(word); err == nil {
			all = append(all, n)
		}
	}
	return all
}
