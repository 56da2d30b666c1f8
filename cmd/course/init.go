package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"course/problem"

	"github.com/spf13/cobra"
)

// starter is the course that init begins with.
//
//go:embed starter
var starter embed.FS

func initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init DIR",
		Short: "Begin a course of your own",
		Long: `Init writes a small course to DIR, which must not exist yet or be empty: one
lesson whose cells run as threads and as processes. It builds at once.`,
		Example: `  course init my-course
  course serve my-course`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := args[0]
			entries, err := os.ReadDir(dir)
			switch {
			case errors.Is(err, fs.ErrNotExist):
			case err != nil:
				return fmt.Errorf("open directory: %w", err)
			case len(entries) > 0:
				return fmt.Errorf("%s is not empty: name a directory that does not exist yet", dir)
			}
			files, err := fs.Sub(starter, "starter")
			if err != nil {
				return fmt.Errorf("open starter: %w", err)
			}
			if err := os.CopyFS(dir, files); err != nil {
				return fmt.Errorf("write course: %w", err)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%[1]s is a course now. To read and edit it: course serve %[1]s\n", problem.Printable(dir))
			return err
		},
	}
}
