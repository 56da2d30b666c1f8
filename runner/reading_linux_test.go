package runner

import (
	"encoding/binary"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// All is there at once, and what main printed was there first.
func TestALateReaderKeepsTheOrderOfAJoin(t *testing.T) {
	pipe := func(text string) (r int) {
		var p [2]int
		if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
			t.Fatal(err)
		}
		if _, err := unix.Write(p[1], []byte(text)); err != nil {
			t.Fatal(err)
		}
		_ = unix.Close(p[1])
		return p[0]
	}
	socket, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	out, complaints := pipe("worker\n"), pipe("worker complains\n")
	if err := unix.Sendmsg(socket[1], binary.NativeEndian.AppendUint64(nil, 8), unix.UnixRights(out, complaints), nil, 0); err != nil {
		t.Fatal(err)
	}
	closeAll([]int{out, complaints, socket[1]})
	log := logOf(t, 2, 0, recordOf(event{eventBegan, w1, 1001, 8, "", ""}), recordOf(event{eventJoined, w1, 1002, 8, "", ""}))

	r := &recording{root: 7, tell: func(Line) {}}
	g, err := newReading(r, [3]int{pipe("main\n"), pipe(""), socket[0]}, log)
	if err != nil {
		t.Fatal(err)
	}
	g.finish()
	if err := g.run(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range r.output().Lines {
		got = append(got, l.Text)
	}
	if want := []string{"worker", "worker complains", "main"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
