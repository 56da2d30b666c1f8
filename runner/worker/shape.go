package worker

import (
	"encoding"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
)

// A shape says how values of a type are written. Both sides are the same binary, so that no shape is
// ever sent, and numbers keep the byte order of the machine.
type shape struct {
	typ    reflect.Type
	form   form
	key    *shape   // of maps
	elem   *shape   // of slices, arrays, maps and pointers
	fields []*shape // of records; nil for blank fields, which take one byte
	least  int      // bytes that a value takes at least: what bounds how many a damaged length can ask for
	means  *marshaling
}

// A form is a way of writing a value.
type form uint8

const (
	flat      form = iota // numbers, and arrays and structs of them without gaps: as they are in memory
	boolean               // one byte
	text                  // strings: length, bytes
	list                  // slices: 0 for nil, else length + 1, elements
	array                 // elements
	mapping               // 0 for nil, else as a pointer: length, keys and values in turn
	record                // structs: fields
	pointer               // 0 for nil; 1 and what it points to; 2 and the number of a pointer that came before
	marshaled             // length, what the type's own method wrote
	errorText             // error: 0 for nil, else 1 and its text
	shared                // primitives: 0 for nil, else 1 and where in shared memory it is
)

// A marshaling is a pair of methods by which types write themselves.
type marshaling struct {
	name        string
	write, read reflect.Type // interfaces
	encode      func(any) ([]byte, error)
	decode      func(any, []byte) error
}

// gobEncoder and gobDecoder are those of encoding/gob, which math/big's types implement without loss.
type (
	gobEncoder interface{ GobEncode() ([]byte, error) }
	gobDecoder interface{ GobDecode([]byte) error }
)

var marshalings = []*marshaling{
	{
		"MarshalBinary", reflect.TypeFor[encoding.BinaryMarshaler](), reflect.TypeFor[encoding.BinaryUnmarshaler](),
		func(v any) ([]byte, error) { return v.(encoding.BinaryMarshaler).MarshalBinary() },
		func(v any, b []byte) error { return v.(encoding.BinaryUnmarshaler).UnmarshalBinary(b) },
	},
	{
		"GobEncode", reflect.TypeFor[gobEncoder](), reflect.TypeFor[gobDecoder](),
		func(v any) ([]byte, error) { return v.(gobEncoder).GobEncode() },
		func(v any, b []byte) error { return v.(gobDecoder).GobDecode(b) },
	},
	{
		"MarshalText", reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.TextUnmarshaler](),
		func(v any) ([]byte, error) { return v.(encoding.TextMarshaler).MarshalText() },
		func(v any, b []byte) error { return v.(encoding.TextUnmarshaler).UnmarshalText(b) },
	},
}

// shapes holds what shapeOf returned for each type: a *shape, or an error.
var shapes sync.Map

// shapeOf returns the shape of t, or an error that says what in it cannot be sent, where it is and why.
func shapeOf(t reflect.Type) (*shape, error) {
	known, ok := shapes.Load(t)
	if !ok {
		s, err := shaper{}.shape(t, "")
		if err != nil {
			known, _ = shapes.LoadOrStore(t, err)
		} else {
			known, _ = shapes.LoadOrStore(t, s)
		}
	}
	switch known := known.(type) {
	case *shape:
		return known, nil
	default:
		return nil, known.(error)
	}
}

// A shaper holds the shapes of one walk, so that a type that refers to itself finds its own.
type shaper map[reflect.Type]*shape

// shape returns the shape of t, which is found at where ("field Done of main.job", "" at the top).
func (sh shaper) shape(t reflect.Type, where string) (*shape, error) {
	if s := sh[t]; s != nil {
		return s, nil
	}
	s := &shape{typ: t, least: 1}
	sh[t] = s
	if t.Implements(reflect.TypeFor[primitive]()) && t.Kind() == reflect.Pointer {
		s.form = shared
		if carried := reflect.New(t.Elem()).Interface().(primitive).element(); carried != nil {
			_, err := sh.shape(carried, "carried by "+t.String())
			return s, err
		}
		return s, nil
	}
	if s.means = marshalingOf(t); s.means != nil {
		s.form = marshaled
		return s, nil
	}
	if t == reflect.TypeFor[error]() {
		s.form = errorText
		return s, nil
	}
	refuse := func(reason string) error {
		if where != "" {
			reason += " (" + where + ")"
		}
		return fmt.Errorf("type %v cannot be sent to a process: %s", t, reason)
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[primitive]()) {
		return nil, refuse("there is one of it, for all workers: send the pointer that its constructor returned")
	}
	if p := t.PkgPath(); p == "sync" || p == "sync/atomic" {
		return nil, refuse("it works in the memory of one process")
	}
	switch t.Kind() {
	case reflect.Chan:
		return nil, refuse("a channel lives in the memory of one process")
	case reflect.Func:
		return nil, refuse("a function may hold on to variables of its process")
	case reflect.UnsafePointer, reflect.Uintptr:
		return nil, refuse("an address means nothing in another process")
	case reflect.Interface:
		return nil, refuse("an interface can hold any type, and the other side must know which")
	case reflect.Bool:
		s.form = boolean
	case reflect.String:
		s.form = text
	case reflect.Struct:
		for f := range t.Fields() {
			if !f.IsExported() && f.Name != "_" {
				return nil, refuse("its field " + f.Name + " is not exported")
			}
		}
		return s, sh.structure(s)
	case reflect.Slice, reflect.Array, reflect.Map, reflect.Pointer:
		return s, sh.container(s, where)
	default:
		s.form, s.least = flat, int(t.Size())
	}
	return s, nil
}

// structure completes s, the shape of a struct whose fields are exported or blank.
func (sh shaper) structure(s *shape) error {
	s.form = record    // a type that contains itself takes a byte at least: s.least is right until it is known
	var packed uintptr // bytes of the fields without what is between them
	least, all := 0, true
	for f := range s.typ.Fields() {
		if f.Name == "_" {
			s.fields, least, all = append(s.fields, nil), least+1, false
			continue
		}
		field, err := sh.shape(f.Type, "field "+f.Name+" of "+s.typ.String())
		if err != nil {
			return err
		}
		s.fields, least = append(s.fields, field), least+field.least
		packed += f.Type.Size()
		all = all && field.form == flat
	}
	s.least = least
	if all && packed == s.typ.Size() {
		s.form = flat
	}
	return nil
}

// container completes s, the shape of a type that is made of others.
func (sh shaper) container(s *shape, where string) (err error) {
	inner := func(part string) string {
		if where != "" {
			return where
		}
		return part + " of " + s.typ.String()
	}
	switch s.typ.Kind() {
	case reflect.Slice:
		s.form = list
		s.elem, err = sh.shape(s.typ.Elem(), inner("element"))
	case reflect.Pointer:
		s.form = pointer
		s.elem, err = sh.shape(s.typ.Elem(), inner("target"))
	case reflect.Map:
		s.form = mapping
		if s.key, err = sh.shape(s.typ.Key(), inner("key")); err == nil {
			s.elem, err = sh.shape(s.typ.Elem(), inner("value"))
		}
	default:
		s.form = array
		if s.elem, err = sh.shape(s.typ.Elem(), inner("element")); err == nil {
			s.least = s.typ.Len() * s.elem.least
			if s.elem.form == flat {
				s.form = flat
			}
		}
	}
	return err
}

// marshalingOf returns how values of t write themselves, or nil where they do not. Methods that a struct
// has from an embedded field do not count: they would write that field and lose the others.
func marshalingOf(t reflect.Type) *marshaling {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface {
		return nil
	}
	p := reflect.PointerTo(t)
	for _, m := range marshalings {
		if p.Implements(m.write) && p.Implements(m.read) && !(embeds(t, m.write) && promoted(t, m.name)) {
			return m
		}
	}
	return nil
}

// embeds reports whether the struct t embeds a field that implements i.
func embeds(t reflect.Type, i reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	for f := range t.Fields() {
		if f.Anonymous && (f.Type.Implements(i) || reflect.PointerTo(f.Type).Implements(i)) {
			return true
		}
	}
	return false
}

// promoted reports whether t's method of that name is none that was declared for t: such a method is
// a wrapper that the compiler generated. The names are constants for the linker, which else keeps all
// methods of all types.
func promoted(t reflect.Type, name string) bool {
	method := func(t reflect.Type) (reflect.Method, bool) {
		switch name {
		case "MarshalBinary":
			return t.MethodByName("MarshalBinary")
		case "GobEncode":
			return t.MethodByName("GobEncode")
		}
		return t.MethodByName("MarshalText")
	}
	m, ok := method(t)
	if !ok {
		m, _ = method(reflect.PointerTo(t))
	}
	pc := m.Func.Pointer()
	file, _ := runtime.FuncForPC(pc).FileLine(pc)
	return file == "<autogenerated>" || !strings.HasSuffix(functionName(pc), name)
}
