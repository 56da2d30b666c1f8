package runner

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"course/program"
	"course/runner/build"
	"course/runner/machine"
)

// What may be the fault of the machine, or of what else it did, is told, and asked again by the next tool.
func TestALateBuildIsNoHit(t *testing.T) {
	store := Store{Dir: t.TempDir()}
	p := cell("late", `func main() { fmt.Println(1) }`)
	for name, config := range map[string]build.Config{
		"alone": {Bounds: build.Bounds{Time: time.Millisecond}, Apart: true}, "together": {Bounds: build.Bounds{Time: time.Millisecond}},
	} {
		busy := &Runner{Store: store, building: config}
		programs := []program.Program{p, cell("twin", `func main() { fmt.Println(2) }`)}
		got := run(t, busy, programs...)["late"]
		if want := []string{"late.cell: it takes more than 1ms to build"}; !slices.Equal(messages(got.Problems), want) {
			t.Errorf("%s: problems %q, want %q", name, messages(got.Problems), want)
		}
		if stored, _ := busy.Stored(programs); len(stored) != 2 {
			t.Errorf("%s: this tool knows %d results", name, len(stored))
		}
		next := &Runner{Store: store}
		if stored, _ := next.Stored(programs); len(stored) > 0 {
			t.Errorf("%s: the next tool finds %+v", name, stored)
		}
		if why := next.Why([]program.Program{p})[0].Kind; why != NeverRan {
			t.Errorf("%s: the next tool says it is %q", name, why)
		}
	}
	if got := run(t, &Runner{Store: store}, p)["late"]; len(got.Problems) > 0 {
		t.Errorf("problems %v", got.Problems)
	}
}

func TestACrewHasProcessorsAndMemory(t *testing.T) {
	all := runtime.NumCPU()
	for _, test := range []struct {
		machine machine.Machine
		want    int
	}{
		{machine.Machine{}, all},
		{machine.Machine{Quota: 0.5}, 1},
		{machine.Machine{Quota: 1000, Memory: 1 << 50}, all},
		{machine.Machine{Memory: 1 << 50, MemoryLimit: 256 << 20}, 1},
		{machine.Machine{Memory: 1 << 20}, 1},
	} {
		if got := crewSize(test.machine, 1000); got != test.want {
			t.Errorf("%+v: %d, want %d", test.machine, got, test.want)
		}
	}
	if got := crewSize(machine.Machine{}, 1); got != 1 {
		t.Errorf("%d for one program", got)
	}
}
