package worker

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// A Number is what can be shared: its bytes mean the same in every process.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

// A Shared number is the same for all workers that it was given to, whatever their mode. Each method is
// one atomic step; between two of them others may come: s.Store(s.Load()+1) loses updates, s.Add(1)
// does not. (Python's Value has a lock instead, which += does not take by itself.)
type Shared[T Number] struct {
	handle
	plain
}

// NewShared returns a shared number that is v. Of the options, Named is for it.
func NewShared[T Number](v T, options ...Option) *Shared[T] {
	s := create(new(Shared[T]), 0, options)
	s.Store(v)
	return s
}

func (*Shared[T]) kind() kind { return kindShared }

// bits is where the number lies: the first two words, on a boundary of eight bytes.
func (s *Shared[T]) bits() *atomic.Uint64 { return (*atomic.Uint64)(unsafe.Pointer(&s.words[0])) }

// Load returns the number.
func (s *Shared[T]) Load() T {
	v := fromBits[T](s.bits().Load())
	s.race.getHold()
	runtime.KeepAlive(s)
	return v
}

// Store makes v the number.
func (s *Shared[T]) Store(v T) {
	s.race.letGo()
	s.bits().Store(toBits(v))
	runtime.KeepAlive(s)
}

// Add adds d and returns the sum. Integers wrap around, as those of Go do.
func (s *Shared[T]) Add(d T) T { return s.Update(func(v T) T { return v + d }) }

// Swap makes v the number and returns what it was.
func (s *Shared[T]) Swap(v T) (old T) {
	s.Update(func(was T) T {
		old = was
		return v
	})
	return old
}

// CompareAndSwap makes v the number if it is old, and reports whether it was. NaN is never old.
func (s *Shared[T]) CompareAndSwap(old, v T) (swapped bool) {
	s.Update(func(was T) T {
		if swapped = was == old; swapped {
			return v
		}
		return was
	})
	return swapped
}

// Update replaces the number by what f makes of it, and returns that. f is called again where another
// worker was quicker, so it should do nothing else.
func (s *Shared[T]) Update(f func(T) T) T {
	s.race.letGo()
	defer runtime.KeepAlive(s)
	for {
		was := s.bits().Load()
		v := f(fromBits[T](was))
		if s.bits().CompareAndSwap(was, toBits(v)) {
			s.race.getHold()
			return v
		}
	}
}

// toBits and fromBits take a number to eight bytes and back.
func toBits[T Number](v T) (bits uint64) {
	*(*T)(unsafe.Pointer(&bits)) = v
	return bits
}

func fromBits[T Number](bits uint64) T { return *(*T)(unsafe.Pointer(&bits)) }
