package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"course"
	"course/quantity"

	"github.com/spf13/cobra"
)

func recordCommand(h host) *cobra.Command {
	var asJSON, trust bool
	var within time.Duration
	cmd := &cobra.Command{
		Use:   "record [DIR]",
		Short: "Write results beside the lessons, for who cannot run them",
		Long: `Record runs the cells that changed, as build does, and writes what came of all
cells to the directory recorded of the course: a file for each lesson. Keep
these files with the lessons. Then build --recorded makes the site without
running anything, and the course shows something also where there is no Go
toolchain, no python3 or no C compiler. Their machine is always named.

A result with problems is not recorded. What cannot be run on this machine
keeps the recorded result that it has.`,
		Example: `  course record                 this course
  course record ./my-course     another one
  course build --recorded       the site of what is recorded, running nothing`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := parseWithin(cmd, within); err != nil {
				return &usageError{err, cmd.CommandPath()}
			}
			board := newBoard(cmd.ErrOrStderr())
			defer board.close()
			dir, config, err := h.open(cmd, first(args), trust, board.on)
			if err != nil {
				return err
			}
			if dir.path == "" {
				return errors.New("there is no directory to record in: name the course's")
			}
			config.Runner.Budget.Course = within
			dir.announce(cmd)
			start := time.Now()
			s, done, err := config.Record(cmd.Context(), dir.path)
			board.close()
			if err != nil {
				return err
			}
			warnUnkept(cmd, config.Runner)
			t := sumUp(s, dir, board.runs)
			if asJSON {
				return printJSON(cmd, recorded{t, done}, t.Problems)
			}
			return report(cmd, t.Problems, fmt.Sprintf("%s: %s, %s", dir.titled(s.Course.Title), t.line(time.Since(start)), summary(done)))
		},
	}
	withinFlag(cmd, &within)
	trustFlag(cmd, &trust)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the totals and problems as JSON")
	return cmd
}

// recorded is what the command has to say in the end.
type recorded struct {
	totals
	course.Recording
}

// summary says what was recorded.
func summary(r course.Recording) string {
	s := quantity.Count(r.Results, "result") + " recorded, " + quantity.Count(len(r.Changed), "file") + " changed"
	if len(r.Missing) > 0 {
		var all []string
		for _, one := range r.Missing {
			if one.Why != "" {
				one.ID += " (" + one.Why + ")"
			}
			all = append(all, one.ID)
		}
		s += ", none of " + strings.Join(all, ", ")
	}
	return s
}
