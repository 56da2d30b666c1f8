package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"course/program"
	"course/runner/sandbox"
)

// An errand is what a tool of its own is to do: run programs, and print what they print and what happens.
type errand struct {
	Programs []program.Program
	Store    Store
	Trusts   bool // all of them
	Without  sandbox.Without
	Steps    bool // it also prints a line for each event
}

// errandVariable makes the test binary a tool that carries out the errand in it.
const errandVariable = "COURSE_TEST_ERRAND"

// tool returns a command that carries out o, with more in its environment. It is started by a shell after the given command, unless that is empty.
func (o errand) tool(t *testing.T, first string, env ...string) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	if first != "" {
		cmd = exec.CommandContext(t.Context(), "sh", "-c", first+`; exec "$0"`, self)
	}
	cmd.Env = append(append(os.Environ(), errandVariable+"="+string(text)), env...)
	return cmd
}

// beTool carries out the errand that the environment has, if it has one.
func beTool() (code int, ok bool) {
	text, ok := os.LookupEnv(errandVariable)
	if !ok {
		return 0, false
	}
	var o errand
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return 1, true
	}
	r := &Runner{Store: o.Store, Trusted: func(program.Program) bool { return o.Trusts }, without: o.Without}
	err := r.Run(context.Background(), o.Programs, func(e Event) {
		if o.Steps {
			fmt.Println("step:", e.Kind, e.ID)
		}
		if e.Kind == Printed {
			fmt.Println(e.Line.Text)
		}
	})
	if results, stale := r.Stored(o.Programs); err == nil && len(stale) > 0 {
		fmt.Printf("of %d results, %d are lost\n", len(results)+len(stale), len(stale))
	}
	if unkept := r.Unkept(); unkept != nil {
		fmt.Println("unkept:", unkept)
	}
	fmt.Println("over:", err)
	return 0, true
}
