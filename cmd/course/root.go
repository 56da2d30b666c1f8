package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

const about = `course makes a tutorial of Markdown lessons with Go cells: it builds each cell
once, runs it as threads and as processes, and draws a static site that shows
what each printed and how long it took.

DIR is the directory of a course: Markdown files, and course.yaml where it has
one. Without DIR it is the working directory if that holds a course.yaml or a
numbered lesson with a cell, such as 01-start.md, else
lessons/threads-and-processes if that is there, else the course that this
program carries.

Cells are programs. On Linux they run in a sandbox: without your files,
without a network, with limits on time, output, memory and processes. Where
there is none, you are asked before they run as you.`

// execute carries out one command line.
func (h host) execute(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	root := &cobra.Command{
		Use:   "course",
		Short: "A tutorial that runs its own code, as threads and as processes",
		Long:  about,
		Example: `  course build                  write the site of this course to public/
  course run ./my-course        run all its cells at the prompt
  course serve                  read it in a browser, and see edits as you save`,
		SilenceErrors:              true, // run prints them
		SilenceUsage:               true,
		SuggestionsMinimumDistance: 2, // edits: as cobra has it for its own messages
		Args:                       cobra.NoArgs,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages ", ".FlagUsagesWrapped 80 "))
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{err, cmd.CommandPath()}
	})
	root.AddCommand(
		buildCommand(h), runCommand(h), serveCommand(h), checkCommand(),
		recordCommand(h), drawCommand(), initCommand(), fetchCommand(), cleanCommand(), doctorCommand(), versionCommand(),
	)
	for _, cmd := range root.Commands() {
		cmd.Args = usageArgs(cmd.Args)
	}
	root.Args = usageArgs(unknownCommand)

	err := root.ExecuteContext(ctx)
	if err != nil && ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
		return context.Cause(ctx)
	}
	return err
}

// usageArgs makes what check finds wrong with the arguments a usageError.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return &usageError{err, cmd.CommandPath()}
		}
		return nil
	}
}

// unknownCommand refuses arguments of the root command, which has none of its own.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return fmt.Errorf("there is no command %q: did you mean %q?", args[0], near[0])
	}
	return fmt.Errorf("there is no command %q", args[0])
}
