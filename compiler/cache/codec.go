// Package cache keeps what earlier runs computed. A Codec writes plain data as bytes and reads them
// back, a Store holds such bytes by the content that they were computed from. It knows neither SQL nor Go
// and decides nothing: whoever asks for a key has put into it all that the answer depends on.
package cache

import (
	"fmt"
	"reflect"
	"sync"
	"unsafe"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// Codec writes values as bytes, for the same program to read: structs, unexported fields too, slices,
// maps, pointers with their identity, and interfaces that hold one of the codec's concrete types. A
// source.File is written as its path and a diag.Code as its number; functions are left out.
type Codec struct {
	concrete []reflect.Type
	number   map[reflect.Type]uint64

	mu    sync.Mutex
	plans map[reflect.Type]*plan
	spare *encoder // whose memory is used again
}

// NewCodec makes a codec; concrete are values of the types that interfaces may hold.
func NewCodec(concrete ...any) *Codec {
	c := &Codec{number: map[reflect.Type]uint64{}, plans: map[reflect.Type]*plan{}}
	for _, v := range concrete {
		t := reflect.TypeOf(v)
		c.number[t] = uint64(len(c.concrete))
		c.concrete = append(c.concrete, t)
	}
	return c
}

// plan is how values of one type are written and read, at the address of one.
type plan struct {
	typ   reflect.Type
	write func(*encoder, unsafe.Pointer)
	read  func(*decoder, unsafe.Pointer)
	zero  func(unsafe.Pointer) bool // nothing needs to be written
}

var (
	fileType = reflect.TypeFor[*source.File]()
	codeType = reflect.TypeFor[*diag.Code]()
)

// failure is what ends writing or reading.
type failure struct{ error }

func fail(format string, args ...any) { panic(failure{fmt.Errorf(format, args...)}) }

// guard turns a failure into an error.
func guard(err *error) {
	switch r := recover().(type) {
	case nil:
	case failure:
		*err = r.error
	default:
		panic(r)
	}
}

// plan is called with c.mu held.
func (c *Codec) plan(t reflect.Type) *plan {
	if p := c.plans[t]; p != nil {
		return p
	}
	p := &plan{typ: t}
	c.plans[t] = p // before its parts, which may lead back to it
	switch {
	case t == fileType:
		planFile(p)
	case t == codeType:
		planCode(p)
	default:
		c.planKind(p, t)
	}
	return p
}

func (c *Codec) planKind(p *plan, t reflect.Type) {
	switch t.Kind() {
	case reflect.Bool, reflect.Uint8, reflect.Int8:
		planNumber(p, func(v uint8) uint64 { return uint64(v) }, func(u uint64) uint8 { return uint8(u) })
	case reflect.Int16, reflect.Uint16:
		planNumber(p, func(v uint16) uint64 { return uint64(v) }, func(u uint64) uint16 { return uint16(u) })
	case reflect.Int32:
		planNumber(p, func(v int32) uint64 { return zigzag(int64(v)) }, func(u uint64) int32 { return int32(unzigzag(u)) })
	case reflect.Uint32:
		planNumber(p, func(v uint32) uint64 { return uint64(v) }, func(u uint64) uint32 { return uint32(u) })
	case reflect.Int, reflect.Int64:
		planNumber(p, zigzag, unzigzag)
	case reflect.Uint, reflect.Uint64, reflect.Float64: // a float is its bits
		planNumber(p, func(v uint64) uint64 { return v }, func(u uint64) uint64 { return u })
	case reflect.String:
		p.write = func(e *encoder, at unsafe.Pointer) { e.text(*(*string)(at)) }
		p.read = func(d *decoder, at unsafe.Pointer) { *(*string)(at) = d.text() }
		p.zero = func(at unsafe.Pointer) bool { return *(*string)(at) == "" }
	case reflect.Func:
		p.write, p.read = func(*encoder, unsafe.Pointer) {}, func(*decoder, unsafe.Pointer) {}
		p.zero = func(unsafe.Pointer) bool { return true }
	case reflect.Struct:
		c.planStruct(p, t)
	case reflect.Pointer:
		c.planPointer(p, t)
	case reflect.Slice:
		c.planSlice(p, t)
	case reflect.Map:
		c.planMap(p, t)
	case reflect.Interface:
		c.planInterface(p, t)
	default:
		refuse := func() { fail("values of type %s can not be kept", t) }
		p.write = func(*encoder, unsafe.Pointer) { refuse() }
		p.read = func(*decoder, unsafe.Pointer) { refuse() }
		p.zero = func(at unsafe.Pointer) bool { return reflect.NewAt(t, at).Elem().IsZero() }
	}
}

// planNumber reads memory as a T, whose size is the type's.
func planNumber[T comparable](p *plan, out func(T) uint64, in func(uint64) T) {
	var none T
	p.write = func(e *encoder, at unsafe.Pointer) { e.uint(out(*(*T)(at))) }
	p.read = func(d *decoder, at unsafe.Pointer) { *(*T)(at) = in(d.uint()) }
	p.zero = func(at unsafe.Pointer) bool { return *(*T)(at) == none }
}

func zigzag(v int64) uint64   { return uint64(v)<<1 ^ uint64(v>>63) }
func unzigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }

// planStruct writes a bit for each field that is not zero, then those fields.
func (c *Codec) planStruct(p *plan, t reflect.Type) {
	type part struct {
		*plan
		offset uintptr
	}
	parts := make([]part, t.NumField())
	for i := range parts {
		f := t.Field(i)
		parts[i] = part{c.plan(f.Type), f.Offset}
	}
	bytes := (len(parts) + 7) / 8
	p.write = func(e *encoder, at unsafe.Pointer) {
		bits := len(e.body)
		for range bytes {
			e.body = append(e.body, 0)
		}
		for i := range parts {
			f := &parts[i]
			if field := unsafe.Add(at, f.offset); !f.zero(field) {
				e.body[bits+i/8] |= 1 << (i % 8)
				f.write(e, field)
			}
		}
	}
	p.read = func(d *decoder, at unsafe.Pointer) {
		bits := d.bytes(bytes)
		for n, b := range bits {
			for i := n * 8; b != 0; i, b = i+1, b>>1 {
				if b&1 == 0 {
					continue
				}
				if i >= len(parts) {
					fail("a field of %s that is none", t)
				}
				parts[i].read(d, unsafe.Add(at, parts[i].offset))
			}
		}
	}
	p.zero = func(at unsafe.Pointer) bool {
		for i := range parts {
			if !parts[i].zero(unsafe.Add(at, parts[i].offset)) {
				return false
			}
		}
		return true
	}
}

// planPointer writes what is pointed to where it is met first, and its number from then on.
func (c *Codec) planPointer(p *plan, t reflect.Type) {
	elem := c.plan(t.Elem())
	p.write = func(e *encoder, at unsafe.Pointer) {
		to := *(*unsafe.Pointer)(at)
		if to == nil {
			e.uint(0)
			return
		}
		k := address{to, elem}
		if n, ok := e.pointers[k]; ok {
			e.uint(n)
			return
		}
		n := uint64(len(e.pointers) + 1)
		e.pointers[k] = n
		e.uint(n)
		elem.write(e, to)
	}
	p.read = func(d *decoder, at unsafe.Pointer) {
		n := d.uint()
		switch {
		case n == 0:
			*(*unsafe.Pointer)(at) = nil
		case n <= uint64(len(d.pointers)):
			k := d.pointers[n-1]
			if k.plan != elem {
				fail("a pointer to another type than %s", elem.typ)
			}
			*(*unsafe.Pointer)(at) = k.at
		case n == uint64(len(d.pointers))+1:
			to := reflect.New(elem.typ).UnsafePointer()
			d.pointers = append(d.pointers, address{to, elem})
			*(*unsafe.Pointer)(at) = to
			elem.read(d, to)
		default:
			fail("a pointer to what is not there")
		}
	}
	p.zero = func(at unsafe.Pointer) bool { return *(*unsafe.Pointer)(at) == nil }
}

// slice is a slice's header.
type slice struct {
	data     unsafe.Pointer
	len, cap int
}

func (c *Codec) planSlice(p *plan, t reflect.Type) {
	elem := c.plan(t.Elem())
	size := t.Elem().Size()
	p.write = func(e *encoder, at unsafe.Pointer) {
		s := (*slice)(at)
		if s.data == nil {
			e.uint(0)
			return
		}
		e.uint(uint64(s.len) + 1)
		for i := range s.len {
			elem.write(e, unsafe.Add(s.data, uintptr(i)*size))
		}
	}
	p.read = func(d *decoder, at unsafe.Pointer) {
		n := d.uint()
		if n == 0 {
			return
		}
		n--
		if n > uint64(len(d.body)) { // each element is a byte at least, but for empty structs
			fail("a list of %d %s", n, elem.typ)
		}
		v := reflect.MakeSlice(t, int(n), int(n))
		data := v.UnsafePointer()
		reflect.NewAt(t, at).Elem().Set(v)
		for i := range int(n) {
			elem.read(d, unsafe.Add(data, uintptr(i)*size))
		}
	}
	p.zero = func(at unsafe.Pointer) bool { return (*slice)(at).data == nil }
}

func (c *Codec) planMap(p *plan, t reflect.Type) {
	if t.Key().Kind() != reflect.String {
		p.write = func(*encoder, unsafe.Pointer) { fail("values of type %s can not be kept", t) }
		p.read = func(*decoder, unsafe.Pointer) { fail("values of type %s can not be kept", t) }
		p.zero = func(at unsafe.Pointer) bool { return *(*unsafe.Pointer)(at) == nil }
		return
	}
	elem := c.plan(t.Elem())
	p.write = func(e *encoder, at unsafe.Pointer) {
		m := reflect.NewAt(t, at).Elem()
		e.uint(uint64(m.Len()))
		for _, k := range sortedKeys(m) {
			e.text(k.String())
			v := reflect.New(elem.typ)
			v.Elem().Set(m.MapIndex(k))
			elem.write(e, v.UnsafePointer())
		}
	}
	p.read = func(d *decoder, at unsafe.Pointer) {
		n := d.uint()
		if n > uint64(len(d.body)) {
			fail("a map of %d %s", n, elem.typ)
		}
		m := reflect.MakeMapWithSize(t, int(n))
		for range n {
			k := reflect.ValueOf(d.text()).Convert(t.Key())
			v := reflect.New(elem.typ)
			elem.read(d, v.UnsafePointer())
			m.SetMapIndex(k, v.Elem())
		}
		reflect.NewAt(t, at).Elem().Set(m)
	}
	p.zero = func(at unsafe.Pointer) bool { return *(*unsafe.Pointer)(at) == nil }
}

func (c *Codec) planInterface(p *plan, t reflect.Type) {
	p.write = func(e *encoder, at unsafe.Pointer) {
		v := reflect.NewAt(t, at).Elem()
		if v.IsNil() {
			e.uint(0)
			return
		}
		v = v.Elem()
		n, ok := c.number[v.Type()]
		if !ok {
			fail("a %s that is a %s can not be kept", t, v.Type())
		}
		e.uint(n + 1)
		held := reflect.New(v.Type())
		held.Elem().Set(v)
		e.plan(v.Type()).write(e, held.UnsafePointer())
	}
	p.read = func(d *decoder, at unsafe.Pointer) {
		n := d.uint()
		if n == 0 {
			return
		}
		if n > uint64(len(c.concrete)) || !c.concrete[n-1].AssignableTo(t) {
			fail("a %s of type %d", t, n)
		}
		held := reflect.New(c.concrete[n-1])
		d.plan(c.concrete[n-1]).read(d, held.UnsafePointer())
		reflect.NewAt(t, at).Elem().Set(held.Elem())
	}
	p.zero = func(at unsafe.Pointer) bool { return *(*unsafe.Pointer)(at) == nil }
}

func planFile(p *plan) {
	p.write = func(e *encoder, at unsafe.Pointer) { e.uint(e.file(*(**source.File)(at))) }
	p.read = func(d *decoder, at unsafe.Pointer) { *(**source.File)(at) = d.file(d.uint()) }
	p.zero = func(at unsafe.Pointer) bool { return *(*unsafe.Pointer)(at) == nil }
}

func planCode(p *plan) {
	p.write = func(e *encoder, at unsafe.Pointer) {
		if code := *(**diag.Code)(at); code == nil {
			e.text("")
		} else {
			e.text(code.ID)
		}
	}
	p.read = func(d *decoder, at unsafe.Pointer) {
		id := d.text()
		if id == "" {
			return
		}
		code, ok := diag.Lookup(id)
		if !ok {
			fail("no code is called %s", id)
		}
		*(**diag.Code)(at) = code
	}
	p.zero = func(at unsafe.Pointer) bool { return *(*unsafe.Pointer)(at) == nil }
}
