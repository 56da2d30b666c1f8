package runner

import (
	"cmp"
	"encoding/binary"
	"errors"
	"maps"
	"os"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// maxStreams bounds the pipes that a run may hand over: two for each child process of package worker.
const maxStreams = 4096

// A reading takes in all that the processes of a run write to their standard streams, each of which is
// a pipe of its own, and the pipes that they hand over by the output socket. One goroutine reads them in the order in which they
// become readable, which the kernel's ready list keeps (epoll(7)). What a worker printed comes before
// what was printed after its join, unless we are so late that both the worker's whole life and the
// line before it are there at once.
type reading struct {
	recording *recording
	epoll     *os.File // of an epoll instance, itself waited for by Go's poller, which blocks no thread
	conn      syscall.RawConn
	output    int       // our end of the output socket; -1 once it is closed, or where there is none
	events    *eventLog // tells of workers that have ended; nil where nobody reports that
	streams   map[int]*stream
	buf       []byte // of what is read from a stream
	record    []byte
}

// newReading begins to read stdout and stderr of the program's first process and, unless that is -1, the
// output socket. It owns these descriptors, also where it fails.
func newReading(r *recording, ours [3]int, events *eventLog) (*reading, error) {
	stdout, stderr, output := ours[0], ours[1], ours[2]
	g := &reading{recording: r, output: output, events: events, streams: make(map[int]*stream), buf: make([]byte, 64<<10), record: make([]byte, 8+1)}
	g.streams[stdout] = &stream{to: r, pid: r.root}
	g.streams[stderr] = &stream{to: r, pid: r.root, stderr: true}
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err == nil {
		if err = unix.SetNonblock(epoll, true); err == nil { // Go's poller takes no other
			g.epoll = os.NewFile(uintptr(epoll), "epoll")
			g.conn, err = g.epoll.SyscallConn()
		}
	}
	for _, fd := range []int{stdout, stderr, output} {
		if err == nil && fd >= 0 {
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
	var failed error
	err := g.conn.Control(func(epoll uintptr) {
		failed = unix.EpollCtl(int(epoll), unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
	})
	return cmp.Or(err, failed)
}

// forget ends the watch of fd and closes it. Closing alone would not do where somebody holds the same
// pipe: epoll watches pipes, not descriptors.
func (g *reading) forget(fd int) {
	if g.conn != nil {
		_ = g.conn.Control(func(epoll uintptr) { _ = unix.EpollCtl(int(epoll), unix.EPOLL_CTL_DEL, fd, nil) })
	}
	_ = unix.Close(fd)
}

// finish says that nobody is left who could write. What is already there is still read.
func (g *reading) finish() {
	_ = g.epoll.SetReadDeadline(time.Unix(1, 0)) // fails only where all is read
}

// run reads until the run is over and everything is read, then closes all. It does not wait for the
// end of each stream: one that somebody outside of the run holds open has none.
func (g *reading) run() error {
	defer g.close()
	for ready := make([]unix.EpollEvent, 64); ; {
		n, err := g.wait(ready)
		if err != nil {
			return os.NewSyscallError("epoll_wait", err)
		}
		if n == 0 {
			return nil
		}
		g.settle(g.receive(), 0)
		for _, e := range ready[:n] {
			if s := g.streams[int(e.Fd)]; s != nil {
				g.read(int(e.Fd), s)
			}
		}
	}
}

// wait waits until something can be read, and returns 0 when the run is over and nothing can.
func (g *reading) wait(ready []unix.EpollEvent) (n int, err error) {
	look := func(epoll uintptr) bool {
		n, err = unix.EpollWait(int(epoll), ready, 0)
		return n > 0 || err != nil && !errors.Is(err, unix.EINTR)
	}
	waited := g.conn.Read(look)
	if errors.Is(waited, os.ErrDeadlineExceeded) {
		waited = g.conn.Control(func(epoll uintptr) { look(epoll) })
	}
	return max(n, 0), cmp.Or(waited, err)
}

// read takes once from a stream what is there.
func (g *reading) read(fd int, s *stream) {
	n, err := unix.Read(fd, g.buf)
	switch {
	case n > 0:
		chunk := g.buf[:n]
		if ended := g.receive(); len(ended) > 0 {
			chunk = slices.Clone(chunk)
			g.settle(ended, s.pid)
		}
		_, _ = s.Write(chunk)
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
	default:
		g.drop(fd)
	}
}

// settle reads all that is there from processes in which workers have ended, but not from one: what
// they printed came before what that one prints now that it knows.
func (g *reading) settle(ended []int, but int) {
	if len(ended) == 0 {
		return
	}
	fds := slices.Sorted(maps.Keys(g.streams)) // stdout was made before stderr
	for _, fd := range fds {
		s := g.streams[fd]
		if s == nil || s.pid == but || !slices.Contains(ended, s.pid) {
			continue
		}
		for range maxOutput / len(g.buf) {
			n, err := unix.Read(fd, g.buf)
			if n <= 0 || err != nil {
				break
			}
			_, _ = s.Write(g.buf[:n])
		}
	}
}

// receive takes the pipes that were handed over, and returns the processes in which workers have ended
// since it was last called. It looks for those first: their pipes were handed over before.
func (g *reading) receive() (ended []int) {
	if g.events != nil {
		ended = g.events.ended()
	}
	oob := make([]byte, unix.CmsgSpace(2*4)) // two descriptors; the kernel closes what does not fit
	for range 256 {                          // of very many messages, some are left for later
		if g.output < 0 {
			break
		}
		n, oobn, _, _, err := unix.Recvmsg(g.output, g.record, oob, unix.MSG_CMSG_CLOEXEC)
		if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR) {
			break
		}
		if err != nil || n == 0 && oobn == 0 {
			g.forget(g.output)
			g.output = -1
			break
		}
		if fds := rights(oob[:oobn]); !g.adopt(g.record[:n], fds) {
			closeAll(fds)
		}
	}
	return ended
}

// adopt reads a child process's own standard streams from now on, where that is what they are. The record
// is its pid.
func (g *reading) adopt(record []byte, fds []int) bool {
	if len(record) != 8 || len(fds) != 2 || fds[0] == fds[1] || len(g.streams)+2 > maxStreams || !isPipe(fds[0]) || !isPipe(fds[1]) {
		return false
	}
	id := int(binary.NativeEndian.Uint64(record))
	if id <= 0 {
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
	g.forget(fd)
}

func (g *reading) close() {
	for fd := range g.streams {
		g.drop(fd)
	}
	if g.output >= 0 {
		g.forget(g.output)
	}
	if g.epoll != nil {
		_ = g.epoll.Close()
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
