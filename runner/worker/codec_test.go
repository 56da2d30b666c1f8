package worker

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"math/big"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"
)

// cross returns v as it arrives in another process.
func cross[T any](v T) (T, error) {
	var back T
	m, _, err := newMessage(nil, reflect.ValueOf(&v).Elem())
	if err != nil {
		return back, err
	}
	content, err := readMessage(bytes.NewReader(m), nil)
	if err != nil {
		return back, err
	}
	return back, readValues(content, reflect.ValueOf(&back).Elem())
}

type point struct{ X, Y float64 }

type gaps struct {
	A bool
	B int64
	C uint8
	_ int32
	D [3]point
	_ struct{}
}

type everything struct {
	I8    int8
	U16   uint16
	C     complex128
	F     float32
	S     string
	Bytes []byte
	Ints  []int32
	Nil   []int
	Empty []int
	Words [][]string
	Map   map[string]*int
	NoMap map[int]bool
	Array [2]gaps
	Time  time.Time
	Addr  netip.Addr
	Big   *big.Int
	Err   error
	Float *big.Float
	Self  *everything
	Deep  ***int
	Keys  map[point][]string
	None  []struct{}
}

func whole() *everything {
	zero, seven := 0, 7
	p := &seven
	pp := &p
	half := new(big.Float).SetPrec(200).SetMode(big.ToZero).SetFloat64(.5)
	e := everything{
		I8: -128, U16: 65535, C: complex(1, math.Inf(-1)), F: -0.5, S: "a\x00\xff", Bytes: []byte{0, 1, 255},
		Ints: []int32{1, -1, math.MaxInt32}, Empty: []int{}, Words: [][]string{nil, {}, {"x", ""}},
		Map: map[string]*int{"zero": &zero, "nil": nil, "seven": &seven}, Array: [2]gaps{1: {A: true, B: -1, C: 9}},
		Time: time.Date(2026, 11, 21, 1, 2, 3, 4, time.UTC), Addr: netip.MustParseAddr("::1%eth0"),
		Big: new(big.Int).Lsh(big.NewInt(-3), 100), Err: &RemoteError{"text"}, Float: half, Deep: &pp,
		Keys: map[point][]string{{1, 2}: {"a"}, {}: nil}, None: make([]struct{}, 1000),
	}
	e.Self = &e
	return &e
}

func TestValuesArriveAsTheyWere(t *testing.T) {
	e := whole()
	got, err := cross(e)
	if err != nil {
		t.Fatal(err)
	}
	if got.Self != got {
		t.Error("a ring is not closed")
	}
	if got.Map["seven"] != **got.Deep {
		t.Error("two pointers to one int point to two")
	}
	if got.Nil != nil || got.Empty == nil || got.Words[0] != nil || got.Words[1] == nil || got.NoMap != nil {
		t.Error("nil and empty are not kept apart")
	}
	if !reflect.DeepEqual(got, e) {
		t.Errorf("got  %+v\nwant %+v", got, e)
	}
	if nan, err := cross(map[float64]float64{math.NaN(): math.NaN()}); len(nan) != 1 || err != nil {
		t.Errorf("NaN: %v, %v", nan, err)
	}
}

func TestMapsAreSharedLikePointers(t *testing.T) {
	type node map[string]node
	n := node{"a": {}}
	n["self"], n["b"] = n, n["a"]
	got, err := cross(n)
	if err != nil {
		t.Fatal(err)
	}
	got["a"]["seen"] = nil
	got["new"] = nil
	if _, ok := got["b"]["seen"]; !ok {
		t.Error("one map has become two")
	}
	if _, ok := got["self"]["new"]; !ok {
		t.Error("a map that contains itself contains another")
	}
}

func TestLongListsCrossAndEndlessOnesDoNot(t *testing.T) {
	type link struct{ Next *link }
	var list *link
	for range maxDepth / 2 {
		list = &link{list}
	}
	if _, err := cross(list); err != nil {
		t.Error(err)
	}
	type slice []slice
	endless := make(slice, 1)
	endless[0] = endless
	if _, err := cross(endless); !errors.Is(err, errDeep) {
		t.Errorf("a slice that contains itself: %v", err)
	}
}

// event has its methods from time.Time, which know nothing of Name.
type event struct {
	time.Time
	Name string
}

// stamped has methods of its own.
type stamped struct {
	time.Time
	name string
}

func (s stamped) MarshalBinary() ([]byte, error) { return []byte(s.name), nil }

func (s *stamped) UnmarshalBinary(b []byte) error {
	s.name = string(b)
	return nil
}

// pointed has them on its pointer.
type pointed struct {
	*big.Int
	name string
}

func (p *pointed) MarshalText() ([]byte, error) { return []byte(p.name), nil }

func (p *pointed) UnmarshalText(b []byte) error {
	p.name = string(b)
	return nil
}

func TestMethodsOfAnEmbeddedFieldDoNotLoseTheOthers(t *testing.T) {
	when := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	if got, err := cross(event{when, "start"}); err != nil || got != (event{when, "start"}) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := cross(stamped{when, "own"}); err != nil || got.name != "own" {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := cross([]pointed{{nil, "own"}}); err != nil || got[0].name != "own" {
		t.Errorf("%v, %v", got, err)
	}
}

type failing struct{ N int }

func (failing) MarshalText() ([]byte, error) { return nil, errors.New("no text") }
func (*failing) UnmarshalText([]byte) error  { return nil }

func TestMarshalErrorsAreReported(t *testing.T) {
	if _, err := cross(failing{}); err == nil || err.Error() != "worker.failing: no text" {
		t.Errorf("%v", err)
	}
}

func TestTypesThatCannotCross(t *testing.T) {
	type inner struct{ Done map[string][]chan int }
	type outer struct{ In *inner }
	type counter struct{ n int }
	type locked struct {
		Mu sync.Mutex
		N  counter
	}
	type recursive struct {
		Next *recursive
		F    func()
	}
	_ = counter{1}.n
	tests := map[string]reflect.Type{
		"type chan int cannot be sent to a process: a channel lives in the memory of one process (field Done of worker.inner)":      reflect.TypeFor[[]outer](),
		"type worker.counter cannot be sent to a process: its field n is not exported (element of []worker.counter)":                reflect.TypeFor[[]counter](),
		"type sync.Mutex cannot be sent to a process: it works in the memory of one process (field Mu of worker.locked)":            reflect.TypeFor[locked](),
		"type atomic.Int64 cannot be sent to a process: it works in the memory of one process (target of *atomic.Int64)":            reflect.TypeFor[*atomic.Int64](),
		"type func() cannot be sent to a process: a function may hold on to variables of its process (field F of worker.recursive)": reflect.TypeFor[recursive](),
		"type interface {} cannot be sent to a process: an interface can hold any type, and the other side must know which":         reflect.TypeFor[any](),
		"type uintptr cannot be sent to a process: an address means nothing in another process (key of map[uintptr]int)":            reflect.TypeFor[map[uintptr]int](),
		"type unsafe.Pointer cannot be sent to a process: an address means nothing in another process":                              reflect.TypeFor[unsafe.Pointer](),
	}
	for want, typ := range tests {
		for range 2 { // the second answer is a stored one
			if _, err := shapeOf(typ); err == nil || err.Error() != want {
				t.Errorf("%v\ngot  %v\nwant %s", typ, err, want)
			}
		}
	}
}

// A damaged length must not take memory that nobody sent, nor time.
func TestDamagedLengthsAreRefused(t *testing.T) {
	huge := "ffffffffffffffff7f"
	for _, v := range []any{new([]int), new([]string), new([]gaps), new(map[string]int), new(string), new(map[struct{}]struct{}), new(big.Int), new([][0]string)} {
		for _, data := range []string{"", huge, "01" + huge, "02" + huge, "ff", "ffffffffffffffffffff7f"} {
			content, err := hex.DecodeString(data)
			if err != nil {
				t.Fatal(err)
			}
			value := reflect.ValueOf(v).Elem()
			value.SetZero()
			if err := readValues(content, value); err == nil && value.Kind() != reflect.Slice {
				t.Errorf("%v read %s as %v", value.Type(), data, value)
			}
		}
	}
	_, err := readMessage(strings.NewReader("\xff\xff\xff\xff\xff\xff\xff\x7fabc"), nil)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a message that is shorter than it says: %v", err)
	}
}

func FuzzReadValues(f *testing.F) {
	e := whole()
	m, _, err := newMessage(nil, reflect.ValueOf(e).Elem())
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(m[lengthSize:]))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, content []byte) {
		var e everything
		if readValues(content, reflect.ValueOf(&e).Elem()) != nil {
			return
		}
		back, err := cross(&e) // what can be read can be written, and read again
		if err != nil {
			t.Fatal(err)
		}
		if back.S != e.S || len(back.Words) != len(e.Words) || len(back.Keys) != len(e.Keys) {
			t.Errorf("got  %+v\nwant %+v", back, e)
		}
	})
}

func TestMarks(t *testing.T) {
	var m marker
	prints := []struct{ name, text, want string }{
		{"", "main\n", "main\n"},
		{"w", "a\nb\n", "\x1ew\x1fa\n\x1ew\x1fb\n"},
		{"w", "on", "\x1ew\x1fon"},
		{"w", " and on\nc\n", " and on\n\x1ew\x1fc\n"},
		{"w", "open", "\x1ew\x1fopen"},
		{"v", "other\n", "\x1ev\x1fother\n"},
		{"w", "", ""},
		{"w", "\n", "\x1ew\x1f\n"},
	}
	for _, p := range prints {
		if got := string(m.mark([]byte(p.text), p.name)); got != p.want {
			t.Errorf("%s prints %q: %q, want %q", p.name, p.text, got, p.want)
		}
	}
}

func TestFunctionNamesAreThoseOfTheOutermost(t *testing.T) {
	for want, f := range map[string]any{"outermost": outermost, "innermost": innermost} {
		if got := functionName(reflect.ValueOf(f).Pointer()); got != packagePath()+"."+want {
			t.Errorf("%s is called %s", want, got)
		}
	}
}

func innermost(n int) int { return n * 2 }

func outermost(n int) int { return innermost(n) }
