package worker

// Processes end without a word, and do not drop what they hold. So each keeps a list in shared memory of
// the objects of which it has handles, one reference for each, and who reaps it drops them. The list
// is of blocks that are as long as the process; only its process writes to it.

// A holdings is a block of such a list.
type holdings struct {
	next    word     // the number of the next block: its offset in units; 0 where this is the last
	objects [15]word // the numbers of objects, 0 where there is none
}

// note puts the object at place on the list of this process. The entry is to be erased before the object is
// dropped. It is nil where there is no room: if we die with it, the object stays. handles must be locked.
func note(place offset) (entry *word) {
	if len(handles.entries) == 0 && !moreHoldings() {
		return nil
	}
	last := len(handles.entries) - 1
	entry, handles.entries = handles.entries[last], handles.entries[:last]
	entry.Store(uint32(place / unit))
	return entry
}

// erase takes an entry, which may be nil, off the list. handles must be locked.
func erase(entry *word) {
	if entry == nil {
		return
	}
	entry.Store(0)
	handles.entries = append(handles.entries, entry)
}

// moreHoldings adds a block to the list. It reports whether it could.
func moreHoldings() bool {
	me := itself.token()
	if me.number() == anybody { // many have that slot
		return false
	}
	block, _, err := alloc(unit)
	if err != nil {
		return false
	}
	h := at[holdings](block)
	h.next.Store(me.slot().holdings.Load())
	for i := range h.objects {
		h.objects[i].Store(0)
		handles.entries = append(handles.entries, &h.objects[i])
	}
	me.slot().holdings.Store(uint32(block / unit))
	return true
}

// dropHoldings drops what the process s, which has ended, had handles of.
func (s *slot) dropHoldings() {
	for n := s.holdings.Swap(0); n != 0; {
		block := offset(n) * unit
		h := at[holdings](block)
		for i := range h.objects {
			if number := h.objects[i].Swap(0); number != 0 {
				at[object](offset(number) * unit).drop()
			}
		}
		n = h.next.Load()
		release(block, unit)
	}
}
