package main

import (
	"errors"

	"course/doctor"

	"github.com/spf13/cobra"
)

func doctorCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Tell what this machine has for running courses",
		Long: `Doctor tells what this machine has, what is missing, what that costs, and what
mends it: Go, a C compiler, Python, each layer of the sandbox, a terminal, the
store of results, control groups, the watching of files. It exits with 0 where
courses can be built and run, else with 3.`,
		Example: `  course doctor
  course doctor --json    for a program to read`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			asker := openTerminal()
			if asker != nil {
				_ = asker.out.Close()
			}
			report := doctor.Examine(cmd.Context(), asker != nil).Report()
			var err error
			if asJSON {
				err = printJSON(cmd, report, nil)
			} else {
				err = report.Print(cmd.OutOrStdout(), terminalWidth(cmd.OutOrStdout()))
			}
			if err == nil && !report.Ready {
				err = errors.New("courses cannot be built here: see what is missing")
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	return cmd
}
