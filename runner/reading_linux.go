package runner

import (
	"errors"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// maxStreams bounds the pipes that a run may hand over: two for each child process of package worker.
const maxStreams = 4096

// A reading takes in all that the processes of a run write: to their standard streams, each of which
// is a pipe of its own, and to the events socket. One goroutine reads them in the order in which they
// become readable, which the kernel's ready list keeps (epoll(7)), so that what a worker printed comes
// before what its parent printed after the join, unless both arrive at once.
type reading struct {
	recording *recording
	epoll     int
	events    int // our end of the events socket; -1 once it is closed
	wake      int // an eventfd: the run is over
	streams   map[int]*stream
	buf       []byte
}

// newReading begins to read stdout and stderr of the program's first process, and its events. It owns
// the descriptors, also where it fails.
func newReading(r *recording, stdout, stderr, events int) (*reading, error) {
	g := &reading{recording: r, epoll: -1, events: events, wake: -1, streams: make(map[int]*stream), buf: make([]byte, 64<<10)}
	g.streams[stdout] = &stream{to: r, pid: r.root}
	g.streams[stderr] = &stream{to: r, pid: r.root, stderr: true}
	var err error
	if g.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err == nil {
		g.wake, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	}
	for _, fd := range []int{stdout, stderr, events, g.wake} {
		if err == nil {
			err = g.watch(fd)
		}
	}
	if err != nil {
		g.close()
		return nil, os.NewSyscallError("epoll", err)
	}
	return g, nil
}

func (g *reading) watch(fd int) error {
	if err := unix.SetNonblock(fd, true); err != nil {
		return err
	}
	return unix.EpollCtl(g.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
}

// finish says that nobody is left who could write. What is already there is still read.
func (g *reading) finish() {
	_, _ = unix.Write(g.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0}) // fails only where it was said before
}

// run reads until the run is over and everything is read, then closes all. It may not be told of
// every end: a stream that somebody outside of the run holds open has none.
func (g *reading) run() error {
	defer g.close()
	ready := make([]unix.EpollEvent, 64)
	for wait := -1; ; {
		n, err := unix.EpollWait(g.epoll, ready, wait)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return os.NewSyscallError("epoll_wait", err)
		}
		if n == 0 {
			return nil
		}
		for _, e := range ready[:n] {
			switch fd := int(e.Fd); fd {
			case g.wake:
				wait = 0
				_ = unix.EpollCtl(g.epoll, unix.EPOLL_CTL_DEL, fd, nil)
			case g.events:
				g.receive()
			default:
				g.read(fd)
			}
		}
	}
}

// read takes once from a stream what is there.
func (g *reading) read(fd int) {
	s := g.streams[fd]
	n, err := unix.Read(fd, g.buf)
	switch {
	case n > 0:
		_, _ = s.Write(g.buf[:n])
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
	default:
		g.drop(fd)
	}
}

// receive takes one record from the events socket, and the pipes that may come with it.
func (g *reading) receive() {
	oob := make([]byte, unix.CmsgSpace(2*4)) // two descriptors; the kernel closes what does not fit
	n, oobn, _, _, err := unix.Recvmsg(g.events, g.buf, oob, unix.MSG_CMSG_CLOEXEC)
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR) {
		return
	}
	if err != nil || n == 0 && oobn == 0 {
		_ = unix.EpollCtl(g.epoll, unix.EPOLL_CTL_DEL, g.events, nil)
		_ = unix.Close(g.events)
		g.events = -1
		return
	}
	fds := rights(oob[:oobn])
	record := string(g.buf[:n])
	if pid, ok := strings.CutPrefix(record, "output\t"); ok && g.adopt(strings.TrimSuffix(pid, "\n"), fds) {
		return
	}
	for _, fd := range fds {
		_ = unix.Close(fd)
	}
	g.recording.record(record)
}

// adopt reads a child process's own standard streams from now on, where that is what they are.
func (g *reading) adopt(pid string, fds []int) bool {
	id, err := strconv.Atoi(pid)
	if err != nil || id <= 0 || len(fds) != 2 || fds[0] == fds[1] || len(g.streams)+2 > maxStreams || !isPipe(fds[0]) || !isPipe(fds[1]) {
		return false
	}
	for i, fd := range fds {
		g.streams[fd] = &stream{to: g.recording, pid: id, stderr: i == 1}
		if g.watch(fd) != nil {
			g.drop(fd)
		}
	}
	return true
}

// drop ends a stream.
func (g *reading) drop(fd int) {
	g.streams[fd].close()
	delete(g.streams, fd)
	_ = unix.EpollCtl(g.epoll, unix.EPOLL_CTL_DEL, fd, nil) // a child may hold the same pipe: closing alone would not
	_ = unix.Close(fd)
}

func (g *reading) close() {
	for fd := range g.streams {
		g.drop(fd)
	}
	for _, fd := range []int{g.events, g.wake, g.epoll} {
		if fd >= 0 {
			_ = unix.Close(fd)
		}
	}
}

func isPipe(fd int) bool {
	var st unix.Stat_t
	return unix.Fstat(fd, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFIFO
}

// rights returns the descriptors that came with a message.
func rights(oob []byte) []int {
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return nil
	}
	var fds []int
	for _, m := range messages {
		if got, err := unix.ParseUnixRights(&m); err == nil {
			fds = append(fds, got...)
		}
	}
	return fds
}
