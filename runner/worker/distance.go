package worker

import (
	"reflect"
	"unsafe"
)

// All processes of a program are the same binary. So what the linker laid out is found there by its distance from
// something else: the same everywhere, wherever the system put the whole. No names have to be looked up.

// An anchor is what distances begin at.
type anchor struct{}

func (anchor) received(any, func(reflect.Value) error) (items, error) { return nil, errDamaged }

func (anchor) task(any) task { return nil }

// An interfaceValue is how Go holds a value of an interface type.
type interfaceValue struct {
	typ  unsafe.Pointer // its type; where the interface has methods, the table of those
	data unsafe.Pointer
}

// inside returns what v, which must point to a variable of an interface type, consists of.
func inside[I any](v *I) *interfaceValue { return (*interfaceValue)(unsafe.Pointer(v)) }

// distance returns how far it is to k, a chunkKind or callKind, from the anchor, which is another.
func distance[K any](k, anchor K) int64 {
	return int64(uintptr(inside(&k).typ) - uintptr(inside(&anchor).typ))
}

// kindAt returns the kind at that distance. Kinds have no size, so that all have the same data.
func kindAt[K any](distance int64, anchor K) K {
	typ := &inside(&anchor).typ
	*typ = unsafe.Add(*typ, distance)
	return anchor
}

// A place tells another process of a function that is declared at top level, or of a method.
type place struct{ typ, code int64 }

// placeOf returns the place of f. Run of a type has no type there: it is called through its callKind.
func placeOf(f reflect.Value, method bool) place {
	origin := any(anchor{})
	from := uintptr(inside(&origin).typ)
	p := place{code: int64(f.Pointer() - from)}
	if !method {
		v := f.Interface()
		p.typ = int64(uintptr(inside(&v).typ) - from)
	}
	return p
}

// pc returns where the code begins.
func (p place) pc() uintptr {
	origin := any(anchor{})
	return uintptr(inside(&origin).typ) + uintptr(p.code)
}

// function returns what is there; nil if it is a method. entry is where the code begins: a value of a function
// type points to that.
func (p place) function(entry *uintptr) (f any) {
	if p.typ == 0 {
		return nil
	}
	f = anchor{}
	v := inside(&f)
	v.typ, v.data = unsafe.Add(v.typ, p.typ), unsafe.Pointer(entry)
	return f
}
