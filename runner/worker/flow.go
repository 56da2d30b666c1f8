package worker

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A flow is a ring with values of one type. As long as no other process knows of it, they stay as
// they are, on the heap. From then on all are encoded, in every mode.
type flow[T any] struct {
	lane
	heap     atomic.Bool   // they are in values. It changes, to false, while nobody is inside of either side
	values   []T           // entry by entry
	shape    *shape        // where they are not
	flat     bool          // they are encoded as they are in memory, within the message
	room     atomic.Uint64 // size of the last message that had a block
	crossing bool          // it is about to be sent; see the variable of that name
}

// init makes f, which was attached, a new flow.
func (f *flow[T]) init(capacity int) {
	f.ring.init(capacity)
	f.values = make([]T, f.ring.mask.Load()+1)
	f.heap.Store(true)
}

// attach sets the object of f and its ring.
func (f *flow[T]) attach(h *handle, r *ring) {
	f.lane = lane{h, r}
	if r.entries.Load() != 0 {
		f.encodes()
	}
}

func (f *flow[T]) encodes() {
	t := reflect.TypeFor[T]()
	f.shape, _ = shapeOf(t) // it was sent, and so it can be
	f.flat = f.shape.form == flat && t.Size() <= uintptr(bodySize)
}

func (f *flow[T]) put(v T, how waiting) error {
	if f.heap.Load() {
		t := f.ring.putting()
		if err := f.begin(&t, how); err != nil {
			return err
		}
		if f.heap.Load() {
			f.values[f.ring.index(t.count)] = v
			f.finish(&t)
			return nil
		}
		f.abort(&t)
	}
	m, err := f.encode(v)
	if err != nil {
		return fmt.Errorf("put into %s: %w", f.label(), err)
	}
	t := f.ring.putting()
	if err := f.begin(&t, how); err != nil {
		m.discard()
		return err
	}
	*f.ring.entry(t.count) = m
	f.finish(&t)
	return nil
}

func (f *flow[T]) get(how waiting) (v T, err error) {
	t := f.ring.getting()
	if err := f.begin(&t, how); err != nil {
		return v, err
	}
	if f.heap.Load() {
		var none T
		i := f.ring.index(t.count)
		v, f.values[i] = f.values[i], none
		f.finish(&t)
		return v, nil
	}
	m := *f.ring.entry(t.count)
	f.finish(&t)
	if f.flat {
		copy(bytesOf(&v), m.body[:])
		return v, nil
	}
	if v, err = f.decode(m); err != nil {
		err = fmt.Errorf("get from %s: %w", f.label(), err)
	}
	return v, err
}

// bytesOf returns the memory of v.
func bytesOf[T any](v *T) []byte { return unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v)) }

func (f *flow[T]) encode(v T) (m message, err error) {
	if f.flat {
		m.size = uint64(copy(m.body[:], bytesOf(&v)))
		return m, nil
	}
	return f.encodeAny(v)
}

// encodeAny and decode have values of their own: what package reflect sees is on the heap.

func (f *flow[T]) encodeAny(v T) (message, error) {
	room := f.room.Load()
	m, err := encode(reflect.ValueOf(&v).Elem(), f.shape, room)
	size := m.size &^ carries
	if size <= uint64(bodySize) {
		size = 0
	}
	if size != room && err == nil {
		f.room.Store(size)
	}
	return m, err
}

func (f *flow[T]) decode(m message) (T, error) {
	var v T
	err := m.decode(reflect.ValueOf(&v).Elem(), f.shape)
	return v, err
}

// crossing is held by the goroutine that sends a flow for the first time. There is one of it: two flows may
// be sent at once, each with the other in it.
var crossing struct {
	sync.Mutex
	by atomic.Uintptr // that goroutine
}

// cross makes f ready to be used by another process: what is in it is encoded.
func (f *flow[T]) cross() error {
	if !f.heap.Load() {
		return nil
	}
	if g := goroutine(); crossing.by.Load() != g {
		crossing.Lock()
		crossing.by.Store(g)
		defer func() {
			crossing.by.Store(0)
			crossing.Unlock()
		}()
	}
	if f.crossing || !f.heap.Load() { // a flow may be in itself
		return nil
	}
	f.crossing = true
	defer func() { f.crossing = false }()

	me, r := me().token(), f.ring
	for _, s := range []*side{&r.puts, &r.gets} {
		s.latch.lock(f.object, me)
		defer s.latch.unlock(f.object)
	}
	f.race.getHold()
	defer f.race.letGo()
	entries, err := f.encodeAll()
	if err != nil {
		return fmt.Errorf("send %s: %w", f.label(), err)
	}
	r.entries.Store(uint64(entries))
	f.values = nil
	f.heap.Store(false)
	return nil
}

// encodeAll returns entries with all that is in f.
func (f *flow[T]) encodeAll() (offset, error) {
	f.encodes()
	r := f.ring
	var messages []message
	var err error
	first, last := r.gets.count.Load()&^closedBit, r.puts.count.Load()&^closedBit
	for n := first; n != last && err == nil; n += 2 {
		var m message
		if m, err = f.encode(f.values[r.index(n)]); err == nil {
			messages = append(messages, m)
		}
	}
	var entries offset
	if err == nil {
		if entries, _, err = alloc(r.size()); err != nil {
			err = fmt.Errorf("%d bytes of entries: %w", r.size(), err)
		}
	}
	for i := range messages {
		if err != nil {
			messages[i].discard()
			continue
		}
		*at[message](entries + offset(r.index(first+2*uint32(i)))*messageSize) = messages[i]
	}
	return entries, err
}
