package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// A contender is a program that makes the pages, and what its runs took.
type contender struct {
	name    string
	command []string
	fresh   []string // directories that are to be empty before a run
	made    string   // a file that it makes: who makes none has not done the work
	runs    []usage
}

// A usage is what one run took.
type usage struct {
	wall, cpu time.Duration
	peak      int64 // bytes of memory; 0 where the system does not tell
}

// run runs the program once, and counts it or does not.
func (c *contender) run(ctx context.Context, counts bool) error {
	for _, dir := range c.fresh {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
	}
	cmd := exec.CommandContext(ctx, c.command[0], c.command[1:]...)
	begin := time.Now()
	text, err := cmd.CombinedOutput()
	wall := time.Since(begin)
	if err == nil {
		_, err = os.Stat(c.made)
	}
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", c.name, err, text)
	}
	if counts {
		c.runs = append(c.runs, usage{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), peak(cmd.ProcessState)})
	}
	return nil
}

// table returns what all of them took, and how the others compare with the first.
func table(all []*contender, pages int) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\twall time\tleast\tgreatest\tpages/s\tas fast\tCPU\tpeak\t")
	first := middle(all[0].runs, func(u usage) time.Duration { return u.wall })
	for _, c := range all {
		wall := func(u usage) time.Duration { return u.wall }
		least, greatest, most := wall(c.runs[0]), time.Duration(0), int64(0)
		for _, u := range c.runs {
			least, greatest, most = min(least, u.wall), max(greatest, u.wall), max(most, u.peak)
		}
		took := middle(c.runs, wall)
		fmt.Fprintf(w, "%s\t%.3f s\t%.3f s\t%.3f s\t%.0f\t%.2fx\t%.2f s\t%.2f GiB\t\n", c.name, took.Seconds(), least.Seconds(), greatest.Seconds(),
			float64(pages)/took.Seconds(), first.Seconds()/took.Seconds(), middle(c.runs, func(u usage) time.Duration { return u.cpu }).Seconds(), float64(most)/(1<<30))
	}
	_ = w.Flush() // to memory
	return b.String()
}

// middle returns the median of one figure of runs.
func middle(runs []usage, of func(usage) time.Duration) time.Duration {
	var all []time.Duration
	for _, u := range runs {
		all = append(all, of(u))
	}
	slices.Sort(all)
	return all[len(all)/2]
}
