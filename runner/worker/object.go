package worker

import (
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"unsafe"
	"weak"
)

// An object is a primitive as it lies in shared memory. Some have more behind it.
type object struct {
	kind     word // a kind
	size     word // in units, with what is behind it
	refs     word // handles in all processes, and on their way between them; freed with the last
	number   word // among those of its kind, from 1
	crossed  word // 1 once it was sent to a process: then all sleep where every process can wake them
	parked   word // how many sleep in the runtime of this process
	sleepers word // how many sleep elsewhere
	_        word
	words    [8]word
	name     [maxName]byte
}

// A kind is that of a primitive.
type kind uint32

const (
	_ kind = iota
	kindLock
	kindRLock
	kindCond
	kindSemaphore
	kindEvent
	kindBarrier
	kindQueue
	kindPipe
	kindEnd
	kindShared
	kindArray
	kinds
)

var kindNames = [kinds]string{"", "lock", "rlock", "cond", "semaphore", "event", "barrier", "queue", "pipe", "pipe end", "shared", "array"}

// label returns the name that was given to o, else its kind and number.
func (o *object) label() string {
	if name := untilZero(o.name[:]); name != "" {
		return name
	}
	return numbered(kindNames[o.kind.Load()], " ", int64(o.number.Load()))
}

// behind returns where o goes on.
func (o *object) behind() unsafe.Pointer { return unsafe.Add(unsafe.Pointer(o), objectSize) }

const objectSize = uint64(unsafe.Sizeof(object{}))

// A handle is what a process holds of an object. There is one for each object, however often it arrives. A
// primitive begins with it.
type handle struct {
	*object
	race raceToken
}

func (h *handle) hold() *handle { return h }

// A primitive is a pointer to what embeds a handle.
type primitive interface {
	hold() *handle
	kind() kind
	element() reflect.Type // of what it carries, which has to be fit to cross as well; nil for nothing
	attach()               // called when the handle was set
	cross() error          // called each time before it is sent to a process
}

// plain is embedded beside a handle where a primitive carries nothing.
type plain struct{}

func (plain) element() reflect.Type { return nil }
func (plain) attach()               {}
func (plain) cross() error          { return nil }

// handles are those of this process.
var handles struct {
	sync.Mutex
	of      map[offset]knownHandle
	entries []*word // of holdings, that are free
}

// A knownHandle is the beginning of a primitive of some type. It does not keep it.
type knownHandle struct {
	typ    reflect.Type
	handle weak.Pointer[handle]

	entry   *word // in holdings
	cleanup runtime.Cleanup
	kept    primitive // itself, where it is to be kept all the same
}

// create gives p an object of its own, with extra bytes behind it.
func create[P primitive](p P, extra uint64, options []Option) P {
	size := objectSize + extra
	block := claim(size, p.kind())
	o := at[object](block)
	o.kind.Store(uint32(p.kind()))
	o.size.Store(uint32((size + unit - 1) / unit))
	o.number.Store(book().numbers[p.kind()].Add(1))
	o.refs.Store(1)
	copy(o.name[:], newSettings(options).name)
	handles.Lock()
	defer handles.Unlock()
	hold(p, o)
	return p
}

// hold makes p the handle of o, of which it takes over one reference. handles must be locked.
func hold(p primitive, o *object) {
	place := offsetOf(o)
	p.hold().object = o
	p.attach()
	if handles.of == nil {
		handles.of = make(map[offset]knownHandle)
	}
	known := knownHandle{typ: reflect.TypeOf(p), handle: weak.Make(p.hold()), entry: note(place)}
	known.cleanup = runtime.AddCleanup(p.hold(), func(entry *word) {
		handles.Lock()
		erase(entry)
		if handles.of[place].handle.Value() == nil { // else it has arrived anew meanwhile
			delete(handles.of, place)
		}
		handles.Unlock()
		o.drop()
	}, known.entry)
	handles.of[place] = known
}

// forget gives up this process's handle of o. handles must be locked.
func forget(o *object) {
	known := handles.of[offsetOf(o)]
	known.cleanup.Stop()
	delete(handles.of, offsetOf(o))
	erase(known.entry)
	o.drop()
}

// drop gives up a reference.
func (o *object) drop() {
	if o.refs.Add(^uint32(0)) > 0 {
		return
	}
	size := uint64(o.size.Load()) * unit
	switch kind(o.kind.Load()) { //nolint:exhaustive // the others have nothing of their own
	case kindQueue, kindPipe:
		o.dropItems()
	case kindEnd:
		at[object](offset(wireOf(o).Load())).drop()
	case kindCond:
		o.dropLocker()
	case kindArray:
		discardArray(o)
	}
	o.kind.Store(0)
	release(offsetOf(o), size)
}

// send returns how p is written for another process. It counts as one reference until it arrives.
func send(p primitive) (offset, error) {
	h := p.hold()
	if h.object == nil {
		return 0, fmt.Errorf("%T was not made by its constructor, or is used after Free", p)
	}
	if err := p.cross(); err != nil {
		return 0, err
	}
	h.refs.Add(1)
	h.share()
	return offsetOf(h.object), nil
}

// share has all who wait for something of o sleep where every process can wake them.
func (o *object) share() {
	if o.crossed.Swap(1) == 0 {
		parking.wakeAll(o)
	}
}

// arrive returns the handle of what send wrote: p, which is new, or one that is there.
func arrive(p primitive, place offset) (primitive, error) {
	if err := openMemory(); err != nil {
		return nil, err
	}
	if place%unit != 0 || !place.holds(objectSize) {
		return nil, errDamaged
	}
	o := at[object](place)
	if kind(o.kind.Load()) != p.kind() {
		return nil, errDamaged
	}
	handles.Lock()
	defer handles.Unlock()
	return meet(p, o)
}

// meet returns this process's handle of o: p, which is new, or one that is there. It takes over one
// reference. handles must be locked.
func meet(p primitive, o *object) (primitive, error) {
	known := handles.of[offsetOf(o)]
	h := known.handle.Value()
	if h == nil {
		hold(p, o)
		return p, nil
	}
	if known.typ != reflect.TypeOf(p) {
		return nil, errDamaged
	}
	o.drop() // this process has its reference
	// The handle is what it begins with.
	return reflect.NewAt(known.typ.Elem(), unsafe.Pointer(h)).Interface().(primitive), nil
}
