package worker

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"unsafe"
)

// maxDepth bounds how deep pointers, slices and maps are nested: a stack holds that many calls.
const maxDepth = 100_000

var (
	errDeep    = errors.New("it is nested more than 100000 deep (or a slice contains itself)") // maxDepth; to format it takes time at each start
	errDamaged = errors.New("damaged data")
)

// An encoder writes values. Values must be addressable.
type encoder struct {
	buf   []byte
	seen  map[target]uint64 // pointers and maps that were written, numbered from 0
	depth int
	sent  parcels
}

// Parcels are the primitives in what was written: each counts as one reference until it arrives.
type parcels []offset

// takeBack gives them up, as they will not arrive.
func (p parcels) takeBack() {
	for _, place := range p {
		at[object](place).drop()
	}
}

// address says which process is going to get them: ends of pipes are its from now on, though it dies before it knows.
func (p parcels) address(to token) {
	for _, place := range p {
		if o := at[object](place); kind(o.kind.Load()) == kindEnd {
			o.endUser().CompareAndSwap(0, uint32(to))
		}
	}
}

// A target is what a pointer or map refers to. Things of several types can be at one address.
type target struct {
	address unsafe.Pointer
	shape   *shape
}

// memory returns the bytes of v, a value of flat shape.
func memory(v reflect.Value) []byte {
	return unsafe.Slice((*byte)(v.Addr().UnsafePointer()), v.Type().Size())
}

// elements returns the bytes of all elements of v, a slice of flat shape.
func elements(v reflect.Value) []byte {
	return unsafe.Slice((*byte)(v.UnsafePointer()), uintptr(v.Len())*v.Type().Elem().Size())
}

func (e *encoder) number(n int) { e.buf = binary.AppendUvarint(e.buf, uint64(n)) }

func (e *encoder) bytes(b []byte) {
	e.number(len(b))
	e.buf = append(e.buf, b...)
}

// value appends v, whose shape is s. An error comes from a method by which a type marshals itself, or
// from a value that is nested too deep.
func (e *encoder) value(v reflect.Value, s *shape) error {
	switch s.form {
	case flat:
		e.buf = append(e.buf, memory(v)...)
	case boolean:
		b := byte(0)
		if v.Bool() {
			b = 1
		}
		e.buf = append(e.buf, b)
	case text:
		e.number(v.Len())
		e.buf = append(e.buf, v.String()...)
	case marshaled:
		b, err := s.means.encode(v.Addr().Interface())
		if err != nil {
			return fmt.Errorf("%v: %w", s.typ, err)
		}
		e.bytes(b)
	case errorText:
		err, _ := v.Interface().(error)
		if err == nil {
			e.buf = append(e.buf, 0)
			break
		}
		e.buf = append(e.buf, 1)
		e.bytes([]byte(err.Error()))
	case shared:
		if v.IsNil() {
			e.buf = append(e.buf, 0)
			break
		}
		place, err := send(v.Interface().(primitive))
		if err != nil {
			return err
		}
		e.sent = append(e.sent, place)
		e.buf = binary.LittleEndian.AppendUint64(append(e.buf, 1), uint64(place))
	case array:
		for i := range v.Len() {
			if err := e.value(v.Index(i), s.elem); err != nil {
				return err
			}
		}
	case record:
		for i, f := range s.fields {
			if f == nil {
				e.buf = append(e.buf, 0)
			} else if err := e.value(v.Field(i), f); err != nil {
				return err
			}
		}
	case list, mapping, pointer:
		if e.depth++; e.depth > maxDepth {
			return errDeep
		}
		defer func() { e.depth-- }()
		return e.reference(v, s)
	}
	return nil
}

// reference appends v, a slice, map or pointer.
func (e *encoder) reference(v reflect.Value, s *shape) error {
	if v.IsNil() {
		e.buf = append(e.buf, 0)
		return nil
	}
	if s.form == list {
		return e.list(v, s)
	}
	t := target{v.UnsafePointer(), s}
	if n, ok := e.seen[t]; ok {
		e.buf = binary.AppendUvarint(append(e.buf, 2), n)
		return nil
	}
	if e.seen == nil {
		e.seen = make(map[target]uint64)
	}
	e.seen[t] = uint64(len(e.seen))
	e.buf = append(e.buf, 1)
	if s.form == pointer {
		return e.value(v.Elem(), s.elem)
	}
	e.number(v.Len())
	key, elem := reflect.New(s.key.typ).Elem(), reflect.New(s.elem.typ).Elem()
	for entry := v.MapRange(); entry.Next(); {
		key.SetIterKey(entry)
		elem.SetIterValue(entry)
		if err := e.value(key, s.key); err != nil {
			return err
		}
		if err := e.value(elem, s.elem); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) list(v reflect.Value, s *shape) error {
	e.number(v.Len() + 1)
	if s.elem.form == flat {
		e.buf = append(e.buf, elements(v)...)
		return nil
	}
	for i := range v.Len() {
		if err := e.value(v.Index(i), s.elem); err != nil {
			return err
		}
	}
	return nil
}

// A decoder reads what an encoder wrote. Of damaged data it returns errDamaged, and takes no more
// memory than a small multiple of the data's length.
type decoder struct {
	buf   []byte
	refs  []reflect.Value // pointers and maps in the order in which they began
	depth int
}

// take returns the next n bytes.
func (d *decoder) take(n int) ([]byte, error) {
	if n < 0 || n > len(d.buf) {
		return nil, errDamaged
	}
	b := d.buf[:n]
	d.buf = d.buf[n:]
	return b, nil
}

func (d *decoder) byte() (byte, error) {
	b, err := d.take(1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

func (d *decoder) number() (int, error) {
	n, size := binary.Uvarint(d.buf)
	if size <= 0 || n > math.MaxInt {
		return 0, errDamaged
	}
	d.buf = d.buf[size:]
	return int(n), nil
}

func (d *decoder) bytes() ([]byte, error) {
	n, err := d.number()
	if err != nil {
		return nil, err
	}
	return d.take(n)
}

// fits reports whether n things can follow that take at least so many bytes each.
func (d *decoder) fits(n, least int) bool { return least == 0 || n <= len(d.buf)/least }

// value reads into v, whose shape is s and which must be addressable and zero.
func (d *decoder) value(v reflect.Value, s *shape) error {
	switch s.form {
	case flat:
		b, err := d.take(s.least)
		if err == nil {
			copy(memory(v), b)
		}
		return err
	case boolean:
		b, err := d.byte()
		if err == nil && b > 1 {
			err = errDamaged
		}
		v.SetBool(b == 1)
		return err
	case text:
		b, err := d.bytes()
		v.SetString(string(b))
		return err
	case marshaled:
		b, err := d.bytes()
		if err != nil {
			return err
		}
		if err := s.means.decode(v.Addr().Interface(), b); err != nil {
			return fmt.Errorf("%v: %w", s.typ, err)
		}
	case errorText:
		some, err := d.byte()
		if err != nil || some == 0 {
			return err
		}
		b, err := d.bytes()
		v.Set(reflect.ValueOf(&RemoteError{string(b)}))
		return err
	case shared:
		some, err := d.byte()
		if err != nil || some == 0 {
			return err
		}
		b, err := d.take(8)
		if err != nil {
			return err
		}
		p, err := arrive(reflect.New(s.typ.Elem()).Interface().(primitive), offset(binary.LittleEndian.Uint64(b)))
		if err != nil {
			return err
		}
		v.Set(reflect.ValueOf(p))
	case array:
		for i := range v.Len() {
			if err := d.value(v.Index(i), s.elem); err != nil {
				return err
			}
		}
	case record:
		for i, f := range s.fields {
			if f == nil {
				if _, err := d.byte(); err != nil {
					return err
				}
			} else if err := d.value(v.Field(i), f); err != nil {
				return err
			}
		}
	case list, mapping, pointer:
		if d.depth++; d.depth > maxDepth {
			return errDamaged
		}
		defer func() { d.depth-- }()
		if s.form == list {
			return d.list(v, s)
		}
		return d.reference(v, s)
	}
	return nil
}

func (d *decoder) list(v reflect.Value, s *shape) error {
	n, err := d.number()
	if err != nil || n == 0 {
		return err
	}
	n--
	if !d.fits(n, s.elem.least) {
		return errDamaged
	}
	if s.elem.typ.Kind() == reflect.Uint8 && s.elem.form == flat {
		b, err := d.take(n)
		v.SetBytes(bytes.Clone(b)) // not set to zero first, as by MakeSlice
		return err
	}
	v.Set(reflect.MakeSlice(s.typ, n, n))
	if s.elem.form == flat {
		b, err := d.take(n * s.elem.least)
		copy(elements(v), b)
		return err
	}
	if s.elem.least == 0 { // nothing was written
		return nil
	}
	for i := range n {
		if err := d.value(v.Index(i), s.elem); err != nil {
			return err
		}
	}
	return nil
}

// reference reads into v, a map or pointer.
func (d *decoder) reference(v reflect.Value, s *shape) error {
	kind, err := d.byte()
	if err != nil {
		return err
	}
	switch kind {
	case 0:
		return nil
	case 1:
		if s.form == mapping {
			return d.mapping(v, s)
		}
		v.Set(reflect.New(s.elem.typ).Convert(s.typ)) // s.typ may be a named pointer type
		d.refs = append(d.refs, reflect.ValueOf(v.Interface()))
		return d.value(v.Elem(), s.elem)
	case 2:
		n, err := d.number()
		if err != nil {
			return err
		}
		if n >= len(d.refs) || d.refs[n].Type() != s.typ {
			return errDamaged
		}
		v.Set(d.refs[n])
		return nil
	}
	return errDamaged
}

func (d *decoder) mapping(v reflect.Value, s *shape) error {
	n, err := d.number()
	if err != nil {
		return err
	}
	least := s.key.least + s.elem.least
	if !d.fits(n, least) || least == 0 && n > 1 { // there is one value of no size
		return errDamaged
	}
	m := reflect.MakeMapWithSize(s.typ, n)
	v.Set(m)
	d.refs = append(d.refs, m)
	for range n {
		key, elem := reflect.New(s.key.typ).Elem(), reflect.New(s.elem.typ).Elem()
		if err := d.value(key, s.key); err != nil {
			return err
		}
		if err := d.value(elem, s.elem); err != nil {
			return err
		}
		m.SetMapIndex(key, elem)
	}
	return nil
}
