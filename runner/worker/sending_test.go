package worker

import (
	"bytes"
	"errors"
	"io"
	"os"
	"reflect"
	"testing"
)

func init() { Register(nothing) }

// nothing returns n bytes.
func nothing(n int) []byte { return make([]byte, n) }

// The worker cannot be done: nobody has read more than a part of what it sends.
func TestAProcessIsKilledWhileItSends(t *testing.T) {
	if noProcesses != "" {
		t.Skip(noProcesses)
	}
	var c core
	c.init(settings{mode: Process}, "")
	p, err := c.spawn(callKindOf[int, []byte]{}, placeOf(reflect.ValueOf(nothing), false))
	if err != nil {
		t.Fatal(err)
	}
	size := 100 << 20
	request, _, err := newMessage([]byte{byte(requestCall)}, reflect.ValueOf(&size).Elem())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.requests.Write(request); err != nil {
		t.Fatal(err)
	}
	part := make([]byte, 1<<20)
	if _, err := io.ReadFull(p.answers, part); err != nil {
		t.Fatal(err)
	}
	if err := c.signal("kill", (*os.Process).Kill); err != nil {
		t.Error(err)
	}
	if _, err := readMessage(io.MultiReader(bytes.NewReader(part), p.answers), nil); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the rest of the message: %v", err)
	}
	err = p.end(errGone)
	if death, ok := errors.AsType[*DeathError](err); !ok || death.Pid != c.pid {
		t.Errorf("after it was killed: %v", err)
	}
}
