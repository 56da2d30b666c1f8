package worker

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"sync/atomic"
	"unsafe"
)

// A SharedArray is memory that is the same for all workers that the array was given to, whatever their
// mode: nothing is copied, however large it is. It is Python's RawArray (an Array without its lock), and
// its shared_memory. The numbers are plain memory, as those of any slice: workers that use one of them at
// the same time, not all to read it, race, in every mode. Have a [Lock], a [Barrier] or the end of a
// worker come between them, or use sync/atomic, which works across processes as well:
//
//	s := a.Slice()
//	atomic.AddInt64(&s[i], 1)
//
// The race detector does not see memory that processes share. Where a program is built with it and
// [CurrentMode] is not Process, arrays lie on the heap instead, so that it finds the races of
// threads. Such an array cannot be sent to a process.
type SharedArray[T Number] struct {
	handle
	all    []T
	inHeap bool
	sliced atomic.Bool
}

// The first two words say where the numbers are, the next two how many bytes they take.

// NewSharedArray returns an array of n numbers, which are 0. Of the options, Named is for it. It panics
// if n is negative, or there is not that much memory left that can be shared: of Unix systems with
// addresses of 64 bits 64 GiB in all, of which only what is used takes memory, of Windows 512 MiB.
func NewSharedArray[T Number](n int, options ...Option) *SharedArray[T] {
	each := uint64(reflect.TypeFor[T]().Size())
	if n < 0 {
		panic(fmt.Errorf("worker: make a shared array of %d %v", n, reflect.TypeFor[T]()))
	}
	if raceDetector && currentMode != Process {
		a := create(new(SharedArray[T]), 0, options)
		a.all, a.inHeap = make([]T, n), true
		return a
	}
	a := create(new(SharedArray[T]), 0, options)
	if n > 0 {
		place, err := allocArray(uint64(n), each)
		if err != nil {
			panic(fmt.Errorf("worker: make a shared array of %d %v: %w", n, reflect.TypeFor[T](), err))
		}
		a.extent(0).Store(uint64(place))
		a.extent(1).Store(uint64(n) * each)
		a.attach()
	}
	return a
}

func (*SharedArray[T]) kind() kind            { return kindArray }
func (*SharedArray[T]) element() reflect.Type { return nil }

func (a *SharedArray[T]) attach() {
	if size := a.extent(1).Load(); size > 0 {
		place := offset(a.extent(0).Load())
		a.all = unsafe.Slice(at[T](place), size/uint64(reflect.TypeFor[T]().Size()))
	}
}

func (a *SharedArray[T]) cross() error {
	if a.inHeap {
		return errInHeap
	}
	return nil
}

var errInHeap = errors.New("a shared array cannot be sent to a process here: the race detector, with which this program is built, does not " +
	"see memory that processes share, so the array lies on the heap. Set COURSE_MODE=process, or build without it")

// Slice returns the memory itself: what one worker writes there the others read. It must not be used
// after Free. Once Slice was called, the memory stays until Free or the end of the process.
func (a *SharedArray[T]) Slice() []T {
	if a.object == nil {
		panic(errFreed)
	}
	if !a.sliced.Swap(true) {
		handles.Lock()
		known := handles.of[offsetOf(a.object)]
		known.kept = a
		handles.of[offsetOf(a.object)] = known
		handles.Unlock()
	}
	return a.all
}

var errFreed = errors.New("worker: use of a shared array after Free")

// Len returns how many numbers there are, 0 after Free.
func (a *SharedArray[T]) Len() int { return len(a.all) }

// Free gives the memory back to the system once all processes that the array has reached have called
// it, or have ended, or have lost it without Slice. The caller's process must use neither
// the array nor the slice any more, in none of its workers. To free it again does nothing.
func (a *SharedArray[T]) Free() {
	handles.Lock()
	defer handles.Unlock()
	if a.object == nil {
		return
	}
	o := a.object
	a.object, a.all = nil, nil
	forget(o)
}

func (o *object) extent(i int) *atomic.Uint64 {
	return (*atomic.Uint64)(unsafe.Pointer(&o.words[2*i]))
}

// allocArray returns memory for n numbers of so many bytes, which are zero.
func allocArray(n, each uint64) (offset, error) {
	if n > arena.size/each {
		return 0, fmt.Errorf("the memory that can be shared is %d bytes", arena.size)
	}
	place, used, err := alloc(n * each)
	if used {
		wipe(place, n*each)
	}
	return place, err
}

// discardArray gives back the numbers of an array.
func discardArray(o *object) {
	if size := o.extent(1).Load(); size > 0 {
		place := offset(o.extent(0).Load())
		wipe(place, size)
		release(place, size)
	}
}

// wipe makes a block of size bytes zero. Of a large one the system takes the memory until it is used again.
func wipe(block offset, size uint64) {
	length := uint64(unit) << class(size)
	b := unsafe.Slice(at[byte](block), length)
	if length%uint64(os.Getpagesize()) == 0 {
		discard(b)
	} else {
		clear(b)
	}
}
