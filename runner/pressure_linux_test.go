package runner

import (
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"course/program"
	"course/runner/machine"
)

// spins is a cell that takes a processor for so long, as far as it gets one.
func spins(used time.Duration) program.Program {
	return with(cell("spins", `func main() {
		for {
			var u syscall.Rusage
			syscall.Getrusage(syscall.RUSAGE_SELF, &u)
			if time.Duration(u.Utime.Nano()+u.Stime.Nano()) > `+strconv.FormatInt(int64(used), 10)+` {
				break
			}
		}
	}`), func(o *program.Options) { o.Measure = true })
}

func TestOthersDisturbARun(t *testing.T) {
	for range runtime.NumCPU() {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", "while :; do :; done")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}()
	}
	got := executed(t, built(t, spins(300*time.Millisecond)), program.Plain, treatment{confined: true, pressure: machine.PressureNow})
	if !strings.Contains(got.Disturbed, "others took ") {
		t.Errorf("while others keep all processors busy, a run is disturbed by %q", got.Disturbed)
	}
}
