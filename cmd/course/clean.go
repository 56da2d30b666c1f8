package main

import (
	"errors"
	"fmt"

	"course/problem"
	"course/quantity"
	"course/runner/store"

	"github.com/spf13/cobra"
)

func cleanCommand() *cobra.Command {
	var all, asJSON bool
	cmd := &cobra.Command{
		Use:   "clean",
		Short: "Remove the results that are kept for this user",
		Long: `Clean removes the results of all courses from the user's cache directory, so
that the next build runs every cell, and says how much it has removed. It
leaves the package that cells import, as it was compiled, and by what build
--why tells what has changed; with --all those go, too. It removes nothing
that this program has not written.

Nobody needs to clean to save space: what was not used for longest goes by
itself when the results take more than 512 MiB.`,
		Example: `  course clean          all results
  course clean --all    everything`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := store.DefaultDir()
			if err != nil {
				return err
			}
			cleaned, err := store.Clean(dir, all)
			if errors.Is(err, store.ErrNoStore) {
				return fmt.Errorf("%s has no results of this program: remove it yourself if you want to", dir)
			}
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd, cleaned, nil)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "removed %s, %s, from %s\n",
				quantity.Count(cleaned.Results, "result"), quantity.Bytes(cleaned.Bytes), problem.Printable(dir))
			return nil
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "also remove the package that cells import, and what --why tells by")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what was removed as JSON")
	return cmd
}
