package main

import (
	"errors"

	"github.com/spf13/cobra"

	"course/quantity"
)

func fetchCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "fetch [DIR]",
		Short: "Fetch the modules that a course requires",
		Long: `Fetch gets the modules that course.yaml requires into Go's module cache, as
far as cells import them, and adds their sums to course.sum where it has none.
It changes no sum that is there: a module whose sum is another one is not
used. Where modules come from is for Go's own settings to say (GOPROXY,
GOSUMDB, GOPRIVATE: see go help environment).

Build, run, check and serve fetch, too, what is not in the cache, but write
nothing to the course, and do not use a module that has no sum. They ask the
proxies of GOPROXY alone: not the hosts that the modules are named for, and
git is not started. Fetching executes nothing of a module. Nothing else of a
build uses the network.`,
		Example: `  course fetch                this course
  course fetch ./my-course    another one`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			board := newBoard(cmd.ErrOrStderr())
			defer board.close()
			dir, config, err := open(first(args), true, board.on) // fetch runs nothing
			if err != nil {
				return err
			}
			if dir.path == "" {
				return errors.New("there is no directory to write sums to: name the course's")
			}
			config.Runner.Direct = true // who calls this command asks for it
			s, added, err := config.Fetch(cmd.Context(), dir.path)
			board.close()
			if err != nil {
				return err
			}
			found := dir.problems(s.Problems)
			if asJSON {
				return printJSON(cmd, struct {
					Added    int `json:"added"` // sums
					Problems any `json:"problems"`
				}{added, found}, found)
			}
			return report(cmd, found, dir.String()+": "+quantity.Count(added, "sum")+" added, "+quantity.Count(len(found), "problem"))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what was added and what is wrong as JSON")
	return cmd
}
