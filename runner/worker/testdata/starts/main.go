// Program starts is a program of a cell's size, for BenchmarkProcessStart: a test binary takes longer to
// start. It starts what its first argument names and, in turn, the program that its second one names, as
// often as the third one says, and prints how many nanoseconds each took.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"

	"course/runner/worker"
)

func init() { worker.Register(nothing, square) }

func nothing(int) {}

func square(n int) int { return n * n }

func main() {
	worker.Main()
	ours := func() error {
		_, err := worker.Do(nothing, 0, worker.As(worker.Process)).Wait()
		return err
	}
	if os.Args[1] == "start" {
		ours = func() error {
			_, err := worker.Start(square, 2, worker.As(worker.Process)).Wait()
			return err
		}
	}
	theirs := func() error { return exec.Command(os.Args[2]).Run() } //nolint:noctx // what it is compared with
	n, err := strconv.Atoi(os.Args[3])
	check(err)
	for range n {
		start := time.Now()
		check(ours())
		middle := time.Now()
		check(theirs())
		fmt.Println(middle.Sub(start).Nanoseconds(), time.Since(middle).Nanoseconds())
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
