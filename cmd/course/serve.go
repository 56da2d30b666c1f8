package main

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"course"
	"course/problem"
	"course/site/live"

	"github.com/spf13/cobra"
)

func serveCommand(h host) *cobra.Command {
	var address string
	var trust bool
	cmd := &cobra.Command{
		Use:   "serve [DIR]",
		Short: "Show the course in a browser, and follow every edit",
		Long: `Serve shows the site at an address of this machine, watches the lessons, and
brings each saved edit to the open page: prose at once, a cell when it has
been built and run again. Errors lie over the page and are printed here; the
server goes on. Ctrl-C ends it.`,
		Example: `  course serve                            at a free port, which is printed
  course serve --addr 127.0.0.1:8080 ./my-course`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := loopback(address); err != nil {
				return &usageError{err, cmd.CommandPath()}
			}
			pages := &live.Server{}
			dir, config, err := h.open(cmd, first(args), trust, pages.Tell)
			if err != nil {
				return err
			}
			return serve(cmd, dir, config, pages, address)
		},
	}
	trustFlag(cmd, &trust)
	cmd.Flags().StringVar(&address, "addr", "127.0.0.1:0", "loopback `address` to listen on; port 0 takes a free one")
	return cmd
}

// loopback refuses an address that others than this machine can reach: the server runs code.
func loopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("--addr %s: it takes host:port, such as 127.0.0.1:8080", address)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("--addr %s: course serves this machine only, such as 127.0.0.1:8080", address)
	}
	return nil
}

// serve shows the course in dir until ctx ends.
func serve(cmd *cobra.Command, dir directory, config course.Config, pages *live.Server, address string) error {
	ctx, cancel := context.WithCancelCause(cmd.Context())
	defer cancel(nil)
	var changed <-chan struct{}
	if dir.path != "" {
		var err error
		if changed, err = course.Changes(ctx, dir.path); err != nil {
			return err
		}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return err // it says "listen" by itself
	}
	server := pages.HTTPServer()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		cancel(server.Serve(listener))
	}()
	fmt.Fprintf(cmd.OutOrStdout(), "serving %s at http://%s/\n", problem.Printable(dir.String()), listener.Addr())

	printer := &printer{cmd: cmd, dir: dir}
	err = config.Watch(ctx, changed, func(s *course.Snapshot) {
		if s.Site != nil {
			pages.Show(s.Site, s.Problems)
		}
		printer.show(s)
	})
	shutdown, stop := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer stop()
	_ = server.Shutdown(shutdown) // who has not read their page by then does without
	<-ended
	if cmd.Context().Err() != nil { // Ctrl-C is how a server ends
		return nil
	}
	return fmt.Errorf("serve: %w", err)
}

// A printer tells at the prompt what is wrong with the course, when that changes.
type printer struct {
	cmd  *cobra.Command
	dir  directory
	last string
}

func (p *printer) show(s *course.Snapshot) {
	var b strings.Builder
	_ = p.dir.problems(s.Problems).Print(&b) // a Builder takes all
	text := b.String()
	if text == p.last {
		return
	}
	if text == "" {
		text = "all problems are mended\n"
		p.last = ""
	} else {
		p.last = text
	}
	fmt.Fprint(p.cmd.ErrOrStderr(), text)
}
