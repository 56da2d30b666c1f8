package site

import (
	"strings"
	"testing"
	"time"

	"course/runner/machine"

	"course/runner"
)

func TestWhereAResultWasTaken(t *testing.T) {
	for want, result := range map[string]runner.Result{
		"2 cores":                             {Machine: machine.Machine{Cores: 2}},
		"1 core":                              {Machine: machine.Machine{Cores: 1, ThreadsPerCore: 1}},
		"8 processors, 2 to a core, Some CPU": {Machine: machine.Machine{Cores: 8, ThreadsPerCore: 2, CPU: "Some CPU"}},
		"8 cores, of which it may use 1.5; at most 512 MiB of memory": {Machine: machine.Machine{Cores: 8, ThreadsPerCore: 2, Quota: 1.5, MemoryLimit: 512 << 20}},
		"2 cores; an empty program takes 2.10 ms":                     {Machine: machine.Machine{Cores: 2}, Overhead: 2100 * time.Microsecond},
	} {
		if got := strings.Join(originParts(&result), "; "); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
