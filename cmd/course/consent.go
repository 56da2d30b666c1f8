package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"course"
	"course/consent"
	"course/problem"

	"golang.org/x/term"
)

// A terminal is somebody who can be asked.
type terminal struct {
	in, out  *os.File
	recorded bool // the command can do without running anything
}

// openTerminal returns the terminal at standard input, or nil where there is none. What is asked goes to the terminal itself, wherever
// standard output and error go.
func openTerminal() *terminal {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return nil
	}
	out, err := os.OpenFile(terminalName, os.O_WRONLY, 0)
	if err != nil {
		return nil
	}
	return &terminal{in: os.Stdin, out: out}
}

// ask asks until it gets one of the answers. The end of the input is No.
func (t *terminal) ask(ctx context.Context, q course.Question) (course.Answer, error) {
	answered := make(chan course.Answer, 1)
	go func() { answered <- t.conversation(q) }() // a read from a terminal cannot be cancelled: it ends with this process
	select {
	case <-ctx.Done():
		return course.No, context.Cause(ctx)
	case a := <-answered:
		return a, nil
	}
}

func (t *terminal) conversation(q course.Question) course.Answer {
	fmt.Fprint(t.out, question(q, t.recorded))
	for lines := bufio.NewScanner(t.in); lines.Scan(); {
		switch answer := strings.ToLower(strings.TrimSpace(lines.Text())); {
		case answer == "run":
			return course.Run
		case answer == "recorded" && t.recorded:
			return course.Recorded
		case answer == "no", answer == "n", answer == "":
			return course.No
		}
		fmt.Fprint(t.out, prompt(t.recorded))
	}
	return course.No
}

// question words q. What the course has a say in is made safe for a terminal.
func question(q course.Question, recorded bool) string {
	var b strings.Builder
	b.WriteString("This machine has no sandbox: the cells of this course would run as you, with\nall that you may do.\n\n")
	row := func(name string, values, before []string) {
		if len(values) == 0 {
			values = []string{"none"}
		}
		for _, value := range values {
			if q.Before != nil && !slices.Contains(before, value) {
				value += " (new)"
			}
			fmt.Fprintf(&b, "  %-13s%s\n", name, problem.Printable(value))
			name = ""
		}
	}
	before := consent.Wants{}
	if q.Before != nil {
		before = *q.Before
	}
	path, cells := []string{q.Path}, []string{fmt.Sprintf("%d in Go", q.Wants.Cells-q.Wants.Python)}
	known := slices.Clone(cells)
	if q.Wants.Python > 0 {
		cells = append(cells, fmt.Sprintf("%d in Python", q.Wants.Python))
	}
	if before.Python > 0 {
		known = cells // however many there were
	}
	row("course", path, path)
	row("cells", cells, known)
	row("modules", q.Wants.Modules, append(before.Modules, "none"))
	row("environment", q.Wants.Env, append(before.Env, "none"))
	if q.Wants.HTML {
		html, known := []string{"in its pages, as far as it is harmless"}, []string(nil)
		if before.HTML {
			known = html
		}
		row("raw HTML", html, known)
	}
	b.WriteString("\n" + prompt(recorded))
	return b.String()
}

func prompt(recorded bool) string {
	if recorded {
		return "run (and do not ask again), recorded (show what is stored), or no? [no] "
	}
	return "run (and do not ask again), or no? [no] "
}
