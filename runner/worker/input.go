package worker

import (
	"errors"
	"io"
	"syscall"
)

// An input reads from the pipe of requests, and sendAnswer writes to that of answers. They are less than an os.File, which
// takes a new process longer to make than to use once.
type input struct {
	descriptor uintptr
	buffer     [512]byte
	unread     []byte // in buffer
}

func (in *input) Read(p []byte) (int, error) {
	if len(in.unread) == 0 {
		n, err := again(syscall.Read, in.descriptor, in.buffer[:])
		if n <= 0 {
			if err == nil {
				err = io.EOF
			}
			return 0, err
		}
		in.unread = in.buffer[:n]
	}
	n := copy(p, in.unread)
	in.unread = in.unread[n:]
	return n, nil
}

func sendAnswer(answer []byte) error {
	for len(answer) > 0 {
		n, err := again(syscall.Write, self.answers, answer)
		if err != nil {
			return err
		}
		answer = answer[n:]
	}
	return nil
}

// again makes a system call until no signal interrupts it.
func again(call func(descriptor, []byte) (int, error), d uintptr, b []byte) (n int, err error) {
	for {
		n, err = call(descriptor(d), b)
		if !errors.Is(err, syscall.EINTR) {
			return n, err
		}
	}
}
