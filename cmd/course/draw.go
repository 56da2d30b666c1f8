package main

import (
	"errors"
	"fmt"

	"course"
	"course/problem"
	"course/quantity"

	"github.com/spf13/cobra"
)

func drawCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "draw [DIR]",
		Short: "Draw the diagrams of lessons, and keep the drawings beside them",
		Long: `Draw makes drawings of the mermaid blocks of lessons, and writes them to the
directory diagrams of the course: one for each block that has none as it is
now. Those of blocks that are gone are removed. Keep these files with the
lessons: a diagram without one is drawn in the reader's browser, by a script
that is larger than all else on its page.

It needs nothing that is not in this program.`,
		Example: `  course draw                 this course
  course draw ./my-course     another one`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, config, err := open(first(args), false, nil) // draw runs nothing
			if err != nil {
				return err
			}
			if dir.path == "" {
				return errors.New("there is no directory to draw in: name the course's")
			}
			dir.announce(cmd)
			s, done, err := config.Draw(cmd.Context(), dir.path)
			if err != nil {
				return err
			}
			found := dir.problems(s.Problems)
			if asJSON {
				return printJSON(cmd, drawn{done, found}, found)
			}
			summary := fmt.Sprintf("%s: %s, %s changed", dir.titled(s.Course.Title), quantity.Count(done.Diagrams, "diagram"), quantity.Count(len(done.Changed), "file"))
			if done.Missing > 0 {
				summary += fmt.Sprintf(", %d not drawn", done.Missing)
			}
			return report(cmd, found, summary)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what was done and the problems as JSON")
	return cmd
}

// drawn is what the command has to say in the end.
type drawn struct {
	course.Drawn
	Problems problem.List `json:"problems,omitempty"`
}
