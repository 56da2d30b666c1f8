package worker

import (
	"errors"
	"fmt"
	"math/bits"
	"os"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A word is the unit of which everything shared is made: what one can sleep on.
type word = atomic.Uint32

// An offset is a place in the memory that the processes of a program share, in bytes from its
// beginning. Addresses differ from process to process, offsets do not. 0 is no place.
type offset uint64

// arena is that memory. It is mapped once somebody needs it, and stays as long as the process: it is
// of the whole program as the heap is. What lies in it is zero to begin with.
var arena struct {
	sync.Mutex
	open atomic.Bool
	base unsafe.Pointer
	size uint64
}

// A ledger is what the arena begins with. What follows it is blocks.
type ledger struct {
	next     atomic.Uint64          // where no block was cut yet
	free     [classes]atomic.Uint64 // stacks of free blocks, by size
	slots    word                   // how many slots were ever used
	freeSlot atomic.Uint64          // stack of free slots
	numbers  [kinds]word            // how many primitives of each kind there were
	_        [64]byte               // what follows begins on a cache line of its own
	table    [slotCount]slot        // table[0] is nobody
}

const (
	unit    = 64 // bytes: blocks are so large at least, so that no two share a cache line
	classes = 32 // sizes of blocks, which double
)

// openMemory maps the arena, which the first process of a program makes. An error may go away.
func openMemory() error {
	if arena.open.Load() {
		return nil
	}
	arena.Lock()
	defer arena.Unlock()
	if arena.open.Load() {
		return nil
	}
	if self.worker && self.memory == nil {
		self.memory = os.NewFile(self.shared, "memory")
	}
	base, size, err := mapMemory()
	if err != nil {
		return fmt.Errorf("open shared memory: %w", err)
	}
	arena.base, arena.size = base, size
	if !self.worker {
		book().next.Store((uint64(unsafe.Sizeof(ledger{})) + pageSize - 1) / pageSize * pageSize)
		if events != nil {
			events.backend.Store(backend)
		}
	}
	arena.open.Store(true)
	return nil
}

const pageSize = 4096 // the least there is: blocks of that size and more begin on such a boundary

// book returns the ledger. The arena must be open.
func book() *ledger { return (*ledger)(arena.base) }

// at returns what lies at o, which must be a T.
func at[T any](o offset) *T { return (*T)(unsafe.Add(arena.base, o)) }

// holds reports whether size bytes at o are within the part of the arena that is cut into blocks.
func (o offset) holds(size uint64) bool {
	return uint64(o) >= uint64(unsafe.Sizeof(ledger{})) && size <= arena.size && uint64(o) <= arena.size-size
}

// offsetOf returns where in the arena p points to.
func offsetOf[T any](p *T) offset { return offset(uintptr(unsafe.Pointer(p)) - uintptr(arena.base)) }

var errMemory = errors.New("all of the shared memory is in use")

// class returns the least class of blocks that hold size bytes.
func class(size uint64) int { return bits.Len64((max(size, 1) - 1) / unit) }

// alloc returns a block of size bytes. Unless used, it is zero; else who had it before left it as it is.
func alloc(size uint64) (block offset, used bool, err error) {
	c := class(size)
	if c >= classes || unit<<c > arena.size {
		return 0, false, errMemory
	}
	if n := pop(&book().free[c], func(n uint32) *word { return at[word](offset(n) * unit) }); n != 0 {
		return offset(n) * unit, true, nil
	}
	length := uint64(unit) << c
	for {
		next := book().next.Load()
		start := next
		if length >= pageSize {
			start = (next + pageSize - 1) / pageSize * pageSize
		}
		if start+length > arena.size {
			return 0, false, errMemory
		}
		if book().next.CompareAndSwap(next, start+length) {
			return offset(start), false, nil
		}
	}
}

// claim returns a block of size bytes, which are zero, for something of kind k. There is no error that a
// caller could do anything about: it panics.
func claim(size uint64, k kind) offset {
	err := openMemory()
	var block offset
	var used bool
	if err == nil {
		block, used, err = alloc(size)
	}
	if err != nil {
		panic(fmt.Errorf("worker: make a %s: %w", kindNames[k], err))
	}
	if used {
		clear(unsafe.Slice(at[byte](block), size))
	}
	return block
}

// release gives back a block that alloc returned for that size. The block must not be in use.
func release(block offset, size uint64) {
	push(&book().free[class(size)], uint32(block/unit), at[word](block))
}

// A stack of free things is a number, 0 where it is empty, below a count that tells the number from the
// same one at another time; the number of the next is kept in the thing itself. So nobody ever
// holds it, and nobody who dies can hold it for ever.

func pop(stack *atomic.Uint64, link func(uint32) *word) uint32 {
	for {
		top := stack.Load()
		n := uint32(top)
		if n == 0 {
			return 0
		}
		next := link(n).Load() // of no account where another was quicker
		if stack.CompareAndSwap(top, (top>>32+1)<<32|uint64(next)) {
			return n
		}
	}
}

func push(stack *atomic.Uint64, n uint32, link *word) {
	for {
		top := stack.Load()
		link.Store(uint32(top))
		if stack.CompareAndSwap(top, (top>>32+1)<<32|uint64(n)) {
			return
		}
	}
}
