package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"course/program"
)

// toolVariable makes the test binary a tool that runs the program in it and prints what happens.
const toolVariable = "COURSE_TEST_TOOL"

func beTool() (code int, ok bool) {
	text, ok := os.LookupEnv(toolVariable)
	if !ok {
		return 0, false
	}
	var p program.Program
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return 1, true
	}
	r := &Runner{Store: Store{Dir: os.Getenv(toolVariable + "_STORE")}, Trusted: func(program.Program) bool { return os.Getenv(toolVariable+"_TRUSTS") != "" }}
	err := r.Run(context.Background(), []program.Program{p}, func(e Event) {
		if e.Kind == Printed {
			fmt.Println(e.Line.Text)
		}
	})
	fmt.Println("over:", err)
	return 0, true
}
