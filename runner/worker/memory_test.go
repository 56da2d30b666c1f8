package worker

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"
)

func init() { Register(useBlocks) }

// A blockUse is work for useBlocks.
type blockUse struct {
	Stamp, Rounds int
	Ready         *Shared[int] // counts those who have begun
}

// useBlocks takes and gives back blocks, and returns an error if others write there meanwhile, or if a block that
// is said to be zero is not.
func useBlocks(u blockUse) (done int, err error) {
	random := rand.New(rand.NewPCG(uint64(u.Stamp), 0))
	type block struct {
		offset
		words []word
	}
	blocks := make([]block, 8)
	free := func(b block) error {
		for i := range b.words {
			if v := b.words[i].Load(); v != uint32(u.Stamp) {
				return fmt.Errorf("word %d of %d of block %#x is %d, and not %d", i, len(b.words), uint64(b.offset), v, u.Stamp)
			}
		}
		if b.words != nil {
			release(b.offset, uint64(len(b.words)*4))
		}
		return nil
	}
	for done = range u.Rounds {
		size := 4 * (1 + uint64(random.IntN(1<<random.IntN(11)))) // to 4 KiB, more often small
		at, used, err := alloc(size)
		if err != nil {
			return done, err
		}
		b := block{at, unsafe.Slice((*word)(unsafe.Add(arena.base, at)), size/4)}
		for i := range b.words {
			if was := b.words[i].Swap(uint32(u.Stamp)); was != 0 && !used {
				return done, fmt.Errorf("word %d of %d of block %#x, which is new, is %d", i, len(b.words), uint64(at), was)
			}
		}
		i := random.IntN(len(blocks))
		if err := free(blocks[i]); err != nil {
			return done, err
		}
		blocks[i] = b
		if done == 0 {
			u.Ready.Add(1)
		}
	}
	for _, b := range blocks {
		if err := free(b); err != nil {
			return done, err
		}
	}
	return done, nil
}

func TestBlocksHaveOneOwner(t *testing.T) {
	ready := NewShared(0)
	var workers []*Worker[int]
	for i := range 3 {
		workers = append(workers, Try(useBlocks, blockUse{4*i + 1, 5000, ready}, As(Thread)),
			Try(useBlocks, blockUse{4*i + 2, 5000, ready}, As(Process)))
	}
	killed := Try(useBlocks, blockUse{3, math.MaxInt, ready}, As(Process)) // it leaves what it has, and nothing else wrong
	Eventually(func() bool { return ready.Load() == 7 })
	_ = killed.Kill()
	for i := range 2 {
		workers = append(workers, Try(useBlocks, blockUse{100 + i, 5000, ready}, As(Process)))
	}
	for _, w := range workers {
		if _, err := w.Wait(); err != nil {
			t.Error(err)
		}
	}
	_, _ = killed.Wait()
}

func TestBlocksFitTheirSize(t *testing.T) {
	NewLock()
	for _, size := range []uint64{0, 1, unit - 1, unit, unit + 1, 2 * unit, 2*unit + 1, pageSize - 1, pageSize, pageSize + 1, 1 << 20} {
		length := uint64(unit) << class(size)
		if length < size || length/2 >= max(size, unit) {
			t.Errorf("for %d bytes there are %d", size, length)
		}
		if rounded := (size + unit - 1) / unit * unit; class(rounded) != class(size) {
			t.Errorf("%d bytes are given back as %d, of another class", size, rounded)
		}
		block, _, err := alloc(size)
		if err != nil {
			t.Fatal(err)
		}
		if block%unit != 0 || length >= pageSize && block%pageSize != 0 {
			t.Errorf("a block of %d bytes begins at %#x", length, uint64(block))
		}
		release(block, size)
		again, used, err := alloc(size)
		if !used || err != nil {
			t.Errorf("a block of %d bytes was given back, and then there is none: %v, %v", length, used, err)
		}
		release(again, size)
	}
}

func TestMoreThanThereIsCannotBeHad(t *testing.T) {
	NewLock()
	for _, size := range []uint64{arena.size, arena.size + 1, 1 << 60, math.MaxUint64} {
		if block, _, err := alloc(size); !errors.Is(err, errMemory) {
			t.Errorf("%d bytes at %#x, %v", size, uint64(block), err)
		}
	}
	if _, _, err := alloc(unit); err != nil {
		t.Error(err)
	}
}

func TestStackOfManyHands(t *testing.T) {
	var stack atomic.Uint64
	links, owned := make([]word, 9), make([]atomic.Bool, 9)
	link := func(n uint32) *word { return &links[n] }
	for n := uint32(1); n < 9; n++ {
		push(&stack, n, link(n))
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 20000 {
				n := pop(&stack, link)
				if n == 0 {
					continue
				}
				if owned[n].Swap(true) {
					t.Errorf("two have %d", n)
				}
				owned[n].Store(false)
				push(&stack, n, link(n))
			}
		})
	}
	group.Wait()
	n := 0
	for pop(&stack, link) != 0 {
		n++
	}
	if n != 8 {
		t.Errorf("of 8 there are %d", n)
	}
}

// Words of 64 bits must lie on such a boundary also where addresses have 32 bits.
func TestWhatIsSharedIsAligned(t *testing.T) {
	var l ledger
	var o object
	for what, at := range map[string]uintptr{
		"table": unsafe.Offsetof(l.table), "slots": unsafe.Sizeof(slot{}), "word of a sleep": unsafe.Offsetof(l.table[0].sleep.word),
		"words": unsafe.Offsetof(o.words), "object": unsafe.Sizeof(o), "free": unsafe.Offsetof(l.free), "free slot": unsafe.Offsetof(l.freeSlot),
	} {
		if at%8 != 0 {
			t.Errorf("%s: %d", what, at)
		}
	}
	if objectSize%unit != 0 || unsafe.Sizeof(holdings{}) != unit {
		t.Errorf("an object has %d bytes, and a block of holdings %d", objectSize, unsafe.Sizeof(holdings{}))
	}
}
