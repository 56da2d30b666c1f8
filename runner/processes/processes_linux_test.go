package processes

import (
	"os"
	"os/exec"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// TestKillTakesTheGroup: of a shell in a group of its own, with a child that is found below it.
func TestKillTakesTheGroup(t *testing.T) {
	shell := exec.CommandContext(t.Context(), "sh", "-c", "sleep 60 & wait")
	separate(shell)
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	var all []Process
	for deadline := time.Now().Add(10 * time.Second); len(all) < 1 && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		all = Below(shell.Process.Pid)
	}
	p, ok := Read(strconv.Itoa(shell.Process.Pid))
	if !ok || len(all) != 1 || !p.Parents() || p.Zombie || Memory([]Process{p}) <= 0 {
		p.Kill(os.Getpid())
		t.Fatalf("the shell is %+v, below it are %+v", p, all)
	}
	if !slices.ContainsFunc(Below(os.Getpid()), func(below Process) bool { return below.ID == all[0].ID }) {
		t.Error("a child's child is not below us")
	}
	p.Kill(os.Getpid())
	_ = shell.Wait()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if child, alive := Read(strconv.Itoa(all[0].ID)); !alive || child.Zombie {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the shell's child is alive")
		}
	}
}

// TestKillTakesNobodyElse: a process whose number belongs to another one by now.
func TestKillTakesNobodyElse(t *testing.T) {
	other := exec.CommandContext(t.Context(), "sleep", "60")
	separate(other)
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	p, ok := Read(strconv.Itoa(other.Process.Pid))
	if !ok {
		t.Fatal("it is not there")
	}
	earlier := p
	earlier.began = "0"
	earlier.Kill(os.Getpid())
	if now, ok := Read(strconv.Itoa(p.ID)); !ok || now.Zombie {
		t.Error("another one is dead")
	}
	p.Kill(os.Getpid())
	_ = other.Wait()
}

func separate(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
