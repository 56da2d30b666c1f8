package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"course/quantity"
)

func checkCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check [DIR]",
		Short: "Tell what is wrong with a course, without running it",
		Long: `Check reads the lessons, compiles and vets every cell and listing, holds them
to gofmt's form, and reads each lesson a second time with another Markdown
parser: where the two disagree, the lesson will look different on other hosts.
Cells in Python are compiled where there is a python3. It runs no cell.

Where results are recorded, their verdicts have to be those that claims pin.
That is stricter than build --strict, to which a claim that is undecided differs
from nothing: what is measured anew depends on what else the machine does, and
what is recorded is shown to readers with prose that says what is pinned.`,
		Example: `  course check                this course
  course check ./my-course    another one`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, config, err := open(first(args), false, nil) // check runs nothing
			if err != nil {
				return err
			}
			s, err := config.Check(cmd.Context())
			if err != nil {
				return err
			}
			t := sumUp(s, dir, 0)
			if asJSON {
				return printJSON(cmd, t, t.Problems)
			}
			return report(cmd, t.Problems, fmt.Sprintf("%s: %s, %s, %s", dir.titled(s.Course.Title),
				quantity.Count(t.Lessons, "lesson"), quantity.Count(t.Cells, "cell"), quantity.Count(len(t.Problems), "problem")))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what was found as JSON")
	return cmd
}
