package worker

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"unsafe"
)

// A message is a value on its way, encoded. It lies in an entry of a ring.
type message struct {
	size uint64 // of the content, in bytes; with carries
	body [unit - 8]byte
}

// The content lies in the body where it fits; else the body begins with the offset of a block that it is in, and the
// size of that, in 8 bytes each.
const (
	carries     = 1 << 63 // references follow what was encoded: their offsets, and their number, in 8 bytes each
	messageSize = unit
	bodySize    = len(message{}.body)
)

// block returns where the content lies that does not fit into the body.
func (m *message) block() (place offset, room uint64) {
	return offset(binary.NativeEndian.Uint64(m.body[:])), binary.NativeEndian.Uint64(m.body[8:])
}

func (m *message) setBlock(place offset, room uint64) {
	binary.NativeEndian.PutUint64(m.body[:], uint64(place))
	binary.NativeEndian.PutUint64(m.body[8:], room)
}

// content returns what was encoded, and the offsets of primitives in it, 8 bytes each.
func (m *message) content() (encoded, references []byte) {
	size := m.size &^ carries
	all := m.body[:min(size, uint64(bodySize))]
	if size > uint64(bodySize) {
		place, _ := m.block()
		all = unsafe.Slice(at[byte](place), size)
	}
	if m.size&carries == 0 {
		return all, nil
	}
	end := size - 8
	start := end - 8*binary.NativeEndian.Uint64(all[end:])
	return all[:start], all[start:end]
}

// free gives back what m takes beside its entry.
func (m *message) free() {
	if m.size&^carries > uint64(bodySize) {
		release(m.block())
	}
}

// discard frees m, which nobody will decode.
func (m *message) discard() {
	_, references := m.content()
	for ; len(references) > 0; references = references[8:] {
		at[object](offset(binary.NativeEndian.Uint64(references))).drop()
	}
	m.free()
}

// encode returns v, whose shape is s, as a message. It tries a block of so many bytes: where they are enough, nothing is
// copied but the value itself. The block of who dies before the message is in a ring, or after he took it
// out, is lost until the program ends.
func encode(v reflect.Value, s *shape, room uint64) (m message, err error) {
	var e encoder
	var place offset
	if room > uint64(bodySize) {
		if place, _, err = alloc(room); err != nil {
			room = 0
		} else {
			room = unit << class(room)
			e.buf = unsafe.Slice(at[byte](place), room)[:0]
		}
	}
	err = e.value(v, s)
	if err != nil {
		e.sent.takeBack()
	} else {
		m, err = e.message(place)
	}
	if inside, _ := m.block(); place != 0 && (err != nil || m.size&^carries <= uint64(bodySize) || inside != place) {
		release(place, room)
	}
	return m, err
}

// message returns what e wrote. It lies in the block at place if that was large enough for it.
func (e *encoder) message(place offset) (m message, err error) {
	if len(e.sent) > 0 {
		for _, o := range e.sent {
			e.buf = binary.NativeEndian.AppendUint64(e.buf, uint64(o))
		}
		e.buf = binary.NativeEndian.AppendUint64(e.buf, uint64(len(e.sent)))
		m.size = carries
	}
	size := uint64(len(e.buf))
	m.size |= size
	if size <= uint64(bodySize) {
		copy(m.body[:], e.buf)
		return m, nil
	}
	if place == 0 || unsafe.SliceData(e.buf) != at[byte](place) {
		if place, _, err = alloc(size); err != nil {
			e.sent.takeBack()
			return message{}, fmt.Errorf("a message of %d bytes in %d bytes of shared memory: %w", size, arena.size, err)
		}
		copy(unsafe.Slice(at[byte](place), size), e.buf)
		m.setBlock(place, size)
		return m, nil
	}
	m.setBlock(place, uint64(cap(e.buf)))
	return m, nil
}

// decode reads m into v, whose shape is s, and frees m.
func (m *message) decode(v reflect.Value, s *shape) error {
	defer m.free()
	encoded, _ := m.content()
	d := decoder{buf: encoded}
	if err := d.value(v, s); err != nil {
		return err
	}
	if len(d.buf) > 0 {
		return errDamaged
	}
	return nil
}
