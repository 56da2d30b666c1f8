package worker_test

import (
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"course/runner/worker"
)

func init() { programs["squares by hand"] = squaresByHand }

// squaresByHand squares numbers of 8 bytes that come by standard input, until that ends.
func squaresByHand() {
	in, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	for at := 0; at < len(in); at += 8 {
		n := int(binary.NativeEndian.Uint64(in[at:]))
		binary.NativeEndian.PutUint64(in[at:], uint64(square(n)))
	}
	if _, err := os.Stdout.Write(in); err != nil {
		panic(err)
	}
}

// mapByHand has each of n processes square its part of args.
func mapByHand(b *testing.B, args []int, n int) []int {
	results := make([]int, len(args))
	errs := make(chan error, n)
	part := (len(args) + n - 1) / n
	for from := 0; from < len(args); from += part {
		to := min(from+part, len(args))
		go func() {
			errs <- func() error {
				cmd := exec.CommandContext(b.Context(), os.Args[0])
				cmd.Env = append(os.Environ(), envProgram+"=squares by hand")
				in, err := cmd.StdinPipe()
				if err != nil {
					return err
				}
				out, err := cmd.StdoutPipe()
				if err != nil {
					return err
				}
				if err := cmd.Start(); err != nil {
					return err
				}
				buf := make([]byte, 8*(to-from))
				for i, n := range args[from:to] {
					binary.NativeEndian.PutUint64(buf[8*i:], uint64(n))
				}
				if _, err := in.Write(buf); err != nil {
					return err
				}
				if err := in.Close(); err != nil {
					return err
				}
				if _, err := io.ReadFull(out, buf); err != nil {
					return err
				}
				for i := range results[from:to] {
					results[from+i] = int(binary.NativeEndian.Uint64(buf[8*i:]))
				}
				return cmd.Wait()
			}()
		}()
	}
	for range n {
		if err := <-errs; err != nil {
			b.Fatal(err)
		}
	}
	return results
}

// BenchmarkPoolMap has a pool of 2 processes deal with 1,000,000 small items, and 2 processes written by
// hand, in turn, each with the start and the end of the processes: ratio is the time of the pool to that
// of the others.
func BenchmarkPoolMap(b *testing.B) {
	args := make([]int, 1_000_000)
	for i := range args {
		args[i] = i
	}
	var ours, theirs time.Duration
	for b.Loop() {
		start := time.Now()
		results, err := worker.Map(square, args, worker.As(worker.Process), worker.Workers(2))
		if err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		byHand := mapByHand(b, args, 2)
		ours, theirs = ours+middle.Sub(start), theirs+time.Since(middle)
		if !slices.Equal(results, byHand) {
			b.Fatal("the results differ")
		}
	}
	b.ReportMetric(float64(ours)/float64(theirs), "ratio")
	b.ReportMetric(float64(ours.Milliseconds())/float64(b.N), "ours-ms")
	b.ReportMetric(float64(theirs.Milliseconds())/float64(b.N), "theirs-ms")
}
