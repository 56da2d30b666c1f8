package worker

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

// Param returns the parameter of that name, or otherwise where the program is given none: a lesson gives one with params={name=4}, or several
// in turn with sweep={name=[1,2,4,8]}, and a shell with the environment variable COURSE_PARAM_name. It is the same in all workers, also in those that are
// processes. An int is written "4", a float64 "0.5" or "4", a time "10ms", as [time.ParseDuration] reads it; Param panics where T cannot hold what is given. A lesson
// has to write the name out in the call.
func Param[T int | float64 | time.Duration](name string, otherwise T) T {
	text, given := os.LookupEnv(envParam + name)
	if !given {
		return otherwise
	}
	value, how := otherwise, ""
	var err error
	switch p := any(&value).(type) {
	case *int:
		how = "a whole number, such as 4"
		*p, err = strconv.Atoi(text)
	case *float64:
		how = "a number, such as 0.5"
		*p, err = strconv.ParseFloat(text, 64)
	case *time.Duration:
		how = "a time, such as 10ms"
		*p, err = time.ParseDuration(text)
	}
	if err != nil {
		panic(fmt.Sprintf("worker: the parameter %s is %q, and the program reads it as %s", name, text, how))
	}
	return value
}
