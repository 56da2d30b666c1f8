package course

import (
	"context"
	"errors"
	"fmt"

	"course/consent"
	"course/lessons"
	"course/program"
)

// An Answer is what a user says to a Question.
type Answer int

// The answers. The zero value is none.
const (
	No       Answer = iota
	Run             // run the cells, from now on
	Recorded        // run nothing this time, and show the results that are there
)

// A Question is whether the cells of a course may run as the user.
type Question struct {
	Path   string         // of the course's directory, absolute, links resolved
	Wants  consent.Wants  // of the cells that this program does not carry
	Before *consent.Wants // what was granted before, which is less; nil where nothing was
}

// An UnaskedError is that there is nobody to ask.
type UnaskedError struct{ Question Question }

func (e *UnaskedError) Error() string {
	more := ""
	if e.Question.Before != nil {
		more = ", which want more than they were granted,"
	}
	return fmt.Sprintf("this machine has no sandbox: the cells of %s%s would run as you", e.Question.Path, more)
}

// Hint says what to do.
func (e *UnaskedError) Hint() string { return "use --trust if you trust that course" }

// ErrRefused is that the user answered No.
var ErrRefused = errors.New("nothing was run, as you said")

// Permit returns c, whose source is the directory dir, with leave for its cells to run as they may, and changes nothing of c's Runner once
// that has been used: it comes first. Where the machine has a sandbox that needs nobody's leave, and neither do cells that
// this program carries. Else it takes what book has for dir, or what ask says, which book then keeps. ask may be nil. An error is
// an *UnaskedError, ErrRefused, ask's, or the system's.
func (c Config) Permit(ctx context.Context, dir string, book consent.Book, ask func(context.Context, Question) (Answer, error)) (Config, error) {
	confines, err := c.Runner.Confines(ctx)
	if err != nil || confines {
		return c, err
	}
	course, err := lessons.Load(c.Source, nil)
	if err != nil {
		return c, fmt.Errorf("load course: %w", err)
	}
	var foreign []program.Program
	for _, p := range course.Programs() {
		if !Carries(p) {
			foreign = append(foreign, p)
		}
	}
	wants := consent.Of(foreign...)
	wants.HTML = course.AllowsHTML()
	granted, ok := book.Granted(dir)
	if wants.Cells > 0 && !(ok && granted.Covers(wants)) {
		q := Question{Wants: wants}
		if ok {
			before := granted // which becomes more below
			q.Before = &before
		}
		if q.Path, err = consent.RealPath(dir); err != nil {
			return c, err
		}
		if ask == nil {
			return c, &UnaskedError{q}
		}
		answer, err := ask(ctx, q)
		if err != nil {
			return c, err
		}
		switch answer {
		case Run:
			granted, ok = wants, true
			if err := book.Grant(dir, wants); err != nil {
				return c, fmt.Errorf("keep your consent: %w", err)
			}
		case Recorded:
			c.Recorded = true
			c.Runner.Trusted = func(program.Program) bool { return true } // as those whose results are there were
			return c, nil
		case No:
			return c, ErrRefused
		}
	}
	// A lesson that is edited meanwhile to want more is refused by the Runner.
	c.Runner.Trusted = func(p program.Program) bool { return Carries(p) || ok && granted.Covers(consent.Of(p)) }
	return c, nil
}
