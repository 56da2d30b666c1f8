package worker_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"course/runner/worker"
)

func init() { worker.Register(parameters) }

// parameters returns what a worker reads of each type.
func parameters(int) string {
	return fmt.Sprint(worker.Param("n", 1), worker.Param("share", 0.5), worker.Param("nap", time.Second))
}

func TestParametersAreTheSameInAllWorkers(t *testing.T) {
	for given, want := range map[string]string{
		"":                                  "1 0.5 1s",
		"n=8 share=0.25 nap=10ms":           "8 0.25 10ms",
		"n=-3 share=2 nap=1h2m":             "-3 2 1h2m0s",
		"nn=8 xshare=1 n=0 share=0 nap=0":   "0 0 0s",
		"n=1000000000000 share=1000000.125": "1000000000000 1.000000125e+06 1s",
	} {
		t.Run(given, func(t *testing.T) {
			for _, p := range strings.Fields(given) {
				name, value, _ := strings.Cut(p, "=")
				t.Setenv("COURSE_PARAM_"+name, value)
			}
			everyMode(t, func(t *testing.T, as worker.Option) {
				if got, err := worker.Start(parameters, 0, as).Wait(); got != want || err != nil {
					t.Errorf("%q, %v; want %q", got, err, want)
				}
			})
		})
	}
}

func TestAParameterThatDoesNotFitPanics(t *testing.T) {
	for _, test := range []struct {
		text string
		read func()
		want string
	}{
		{"10ms", func() { worker.Param("p", 1) }, `worker: the parameter p is "10ms", and the program reads it as a whole number, such as 4`},
		{"2.5", func() { worker.Param("p", 1) }, `worker: the parameter p is "2.5", and the program reads it as a whole number, such as 4`},
		{"99999999999999999999", func() { worker.Param("p", 1) }, `worker: the parameter p is "99999999999999999999", and the program reads it as a whole number, such as 4`},
		{"x", func() { worker.Param("p", 1.0) }, `worker: the parameter p is "x", and the program reads it as a number, such as 0.5`},
		{"4", func() { worker.Param("p", time.Second) }, `worker: the parameter p is "4", and the program reads it as a time, such as 10ms`},
		{"", func() { worker.Param("p", 1) }, `worker: the parameter p is "", and the program reads it as a whole number, such as 4`},
	} {
		t.Run(test.text, func(t *testing.T) {
			t.Setenv("COURSE_PARAM_p", test.text)
			defer func() {
				if got := recover(); got != test.want {
					t.Errorf("it panics with %v, want %s", got, test.want)
				}
			}()
			test.read()
		})
	}
}

// The same program with other numbers: a lesson runs it for each of sweep={workers=[1,2,4,8]}.
func ExampleParam() {
	workers := worker.Param("workers", 4)
	lengths, err := worker.Map(length, []string{"one", "three", "eleven"}, worker.Workers(workers))
	fmt.Println(workers, lengths, err)
	// Output: 4 [3 5 6] <nil>
}
