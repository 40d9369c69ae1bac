package postgres

import (
	"encoding/binary"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
	"unsafe"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/runtime/protoimpl"
)

// The engine's parser packs its tree as a protobuf message. An unpacker reads it into the nodes that the
// generated code of pg_query_go declares, as proto.Unmarshal would, but into memory that it uses again for the next statement:
// a tree is needed only until it is lowered.
type unpacker struct {
	kinds []*nodes // by message.id
	lists []unsafe.Pointer
	texts map[string]string // short ones, which come again and again
	depth int
}

var unpackers = sync.Pool{New: func() any { return &unpacker{texts: map[string]string{}} }}

// Limits of what an unpacker holds on to.
const (
	maxTexts = 4096
	maxText  = 24
	maxLists = 1 << 14
	maxNodes = 1 << 10
)

// maxPacked is how deep messages may be nested, as in proto.Unmarshal.
const maxPacked = 10000

// unpack reads a packed tree and gives it to use, which must not keep any of its nodes; texts stay.
func unpack(packed []byte, use func(*pg.ParseResult)) error {
	u := unpackers.Get().(*unpacker)
	defer func() { // after use, or where it failed
		u.reset()
		unpackers.Put(u)
	}()
	tree := new(pg.ParseResult)
	if !u.message(messageOf(reflect.TypeFor[pg.ParseResult]()), unsafe.Pointer(tree), packed) {
		// What is rare is left out here, and what is wrong is said there.
		tree = new(pg.ParseResult)
		if err := proto.Unmarshal(packed, tree); err != nil {
			return err
		}
	}
	use(tree)
	return nil
}

// message is how a type of node is read.
type message struct {
	id     int
	typ    reflect.Type
	fields []*packedField // by number
}

type packedField struct {
	read   func(u *unpacker, f *packedField, at unsafe.Pointer, wire uint64, b []byte) (rest []byte)
	offset uintptr
	typ    reflect.Type // of the message, where it is one
	of     atomic.Pointer[message]
	// An alternative's wrapper: its type's word in an interface, and its own message.
	word    unsafe.Pointer
	wrapper *message
}

var (
	messagesMu sync.Mutex
	messages   = map[reflect.Type]*message{}
	wrappers   = map[reflect.Type]*message{}
)

// messageOf is the message of a struct type.
func messageOf(t reflect.Type) *message {
	messagesMu.Lock()
	defer messagesMu.Unlock()
	m := messages[t]
	if m == nil {
		m = newMessage(t)
		messages[t] = m
		m.plan()
	}
	return m
}

func newMessage(t reflect.Type) *message {
	return &message{id: len(messages) + len(wrappers), typ: t}
}

func (m *message) plan() {
	for i := range m.typ.NumField() {
		field := m.typ.Field(i)
		if field.Tag.Get("protobuf_oneof") != "" {
			m.planAlternatives(field)
		} else if tag := field.Tag.Get("protobuf"); tag != "" {
			m.add(tag, plainField(field))
		}
	}
}

// add gives a field its place by the number in its tag.
func (m *message) add(tag string, f *packedField) {
	parts := strings.SplitN(tag, ",", 3)
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		panic("a tag of protobuf: " + tag)
	}
	for len(m.fields) <= n {
		m.fields = append(m.fields, nil)
	}
	m.fields[n] = f
}

func plainField(field reflect.StructField) *packedField {
	f := &packedField{offset: field.Offset}
	switch t := field.Type; t.Kind() {
	case reflect.Int32:
		f.read = scalar(func(u uint64) int32 { return int32(u) })
	case reflect.Uint32:
		f.read = scalar(func(u uint64) uint32 { return uint32(u) })
	case reflect.Int64:
		f.read = scalar(func(u uint64) int64 { return int64(u) })
	case reflect.Uint64:
		f.read = scalar(func(u uint64) uint64 { return u })
	case reflect.Bool:
		f.read = scalar(func(u uint64) bool { return u != 0 })
	case reflect.String:
		f.read = (*unpacker).textField
	case reflect.Pointer:
		f.typ, f.read = t.Elem(), (*unpacker).node
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Pointer {
			f.typ, f.read = t.Elem().Elem(), (*unpacker).list
		}
	}
	if f.read == nil {
		f.read = func(*unpacker, *packedField, unsafe.Pointer, uint64, []byte) []byte { return nil }
	}
	return f
}

// planAlternatives plans a field that holds one of several messages, each in a wrapper of its own.
func (m *message) planAlternatives(field reflect.StructField) {
	info, ok := reflect.Zero(reflect.PointerTo(m.typ)).Interface().(interface {
		ProtoReflect() protoreflect.Message
	})
	if !ok {
		return
	}
	for _, w := range info.ProtoReflect().Type().(*protoimpl.MessageInfo).OneofWrappers {
		t := reflect.TypeOf(w).Elem()
		if !reflect.PointerTo(t).Implements(field.Type) {
			continue
		}
		inner := t.Field(0)
		f := plainField(inner)
		own := newMessage(t)
		wrappers[t] = own
		holder := reflect.New(field.Type)
		holder.Elem().Set(reflect.ValueOf(w)) // a nil pointer in an interface
		alternative := &packedField{
			offset: field.Offset, typ: f.typ, wrapper: own, word: *(*unsafe.Pointer)(holder.UnsafePointer()),
		}
		read := f.read
		alternative.read = func(u *unpacker, f *packedField, at unsafe.Pointer, wire uint64, b []byte) []byte {
			p := u.new(f.wrapper)
			*(*[2]unsafe.Pointer)(at) = [2]unsafe.Pointer{f.word, p}
			return read(u, f, p, wire, b)
		}
		m.add(inner.Tag.Get("protobuf"), alternative)
	}
}

// message reads fields into the struct at to. It is false where the bytes are no such message.
func (u *unpacker) message(m *message, to unsafe.Pointer, b []byte) bool {
	if u.depth++; u.depth > maxPacked {
		return false
	}
	for len(b) > 0 {
		var tag uint64
		if tag, b = varint(b); b == nil {
			return false
		}
		n := int(tag >> 3)
		if n >= len(m.fields) || m.fields[n] == nil {
			return false // a field of another version
		}
		f := m.fields[n]
		if b = f.read(u, f, unsafe.Add(to, f.offset), tag, b); b == nil {
			return false
		}
	}
	u.depth--
	return true
}

// varint reads a number; rest is nil where there is none.
func varint(b []byte) (v uint64, rest []byte) {
	if len(b) > 0 && b[0] < 0x80 {
		return uint64(b[0]), b[1:]
	}
	v, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, nil
	}
	return v, b[n:]
}

// packedBytes reads what a length stands before.
func packedBytes(wire uint64, b []byte) (value, rest []byte) {
	if wire&7 != 2 {
		return nil, nil
	}
	n, b := varint(b)
	if b == nil || n > uint64(len(b)) {
		return nil, nil
	}
	return b[:n:n], b[n:]
}

func scalar[T any](of func(uint64) T) func(*unpacker, *packedField, unsafe.Pointer, uint64, []byte) []byte {
	return func(_ *unpacker, _ *packedField, at unsafe.Pointer, wire uint64, b []byte) []byte {
		if wire&7 != 0 {
			return nil
		}
		v, rest := varint(b)
		*(*T)(at) = of(v)
		return rest
	}
}

func (u *unpacker) textField(_ *packedField, at unsafe.Pointer, wire uint64, b []byte) []byte {
	value, rest := packedBytes(wire, b)
	if rest == nil || !utf8.Valid(value) {
		return nil
	}
	*(*string)(at) = u.text(value)
	return rest
}

func (u *unpacker) text(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > maxText {
		return string(b)
	}
	if s, ok := u.texts[string(b)]; ok {
		return s
	}
	if len(u.texts) >= maxTexts {
		clear(u.texts)
	}
	s := string(b)
	u.texts[s] = s
	return s
}

func (f *packedField) message() *message {
	m := f.of.Load()
	if m == nil {
		m = messageOf(f.typ)
		f.of.Store(m)
	}
	return m
}

func (u *unpacker) node(f *packedField, at unsafe.Pointer, wire uint64, b []byte) []byte {
	value, rest := packedBytes(wire, b)
	if rest == nil {
		return nil
	}
	m := f.message()
	to := *(*unsafe.Pointer)(at)
	if to == nil { // a second occurrence would add to the first
		to = u.new(m)
		*(*unsafe.Pointer)(at) = to
	}
	if !u.message(m, to, value) {
		return nil
	}
	return rest
}

// list reads an element of a list and all that follow it.
func (u *unpacker) list(f *packedField, at unsafe.Pointer, wire uint64, b []byte) []byte {
	n := 0
	for more := b; ; n++ {
		_, rest := packedBytes(wire, more)
		if rest == nil {
			return nil
		}
		tag, next := varint(rest)
		if next == nil || tag != wire {
			n++
			break
		}
		more = next
	}
	header := (*struct {
		data     unsafe.Pointer
		len, cap int
	})(at)
	if header.len > 0 {
		return nil // the engine writes a list in one piece
	}
	pointers := u.pointers(n)
	header.data, header.len, header.cap = unsafe.Pointer(unsafe.SliceData(pointers)), n, n
	m := f.message()
	for i := range pointers {
		if i > 0 {
			_, b = varint(b)
		}
		var value []byte
		value, b = packedBytes(wire, b)
		pointers[i] = u.new(m)
		if !u.message(m, pointers[i], value) {
			return nil
		}
	}
	return b
}

// pointers gives n pointers.
func (u *unpacker) pointers(n int) []unsafe.Pointer {
	if len(u.lists)+n > cap(u.lists) {
		u.lists = make([]unsafe.Pointer, 0, max(2*cap(u.lists), n, 256)) // lists that were given away keep the old ones
	}
	start := len(u.lists)
	u.lists = u.lists[:start+n]
	return u.lists[start : start+n : start+n]
}

// nodes are nodes of one type, in pieces of memory that stay where they are.
type nodes struct {
	pieces []reflect.Value // slices of the type
	data   unsafe.Pointer  // of the piece in use
	next   int             // the first free one in it
	len    int             // of it
	in     int             // its index
	size   uintptr
}

// new gives a zero node.
func (u *unpacker) new(m *message) unsafe.Pointer {
	for len(u.kinds) <= m.id {
		u.kinds = append(u.kinds, nil)
	}
	s := u.kinds[m.id]
	if s == nil {
		s = &nodes{size: m.typ.Size(), in: -1}
		u.kinds[m.id] = s
	}
	if s.next == s.len {
		s.in++
		if s.in == len(s.pieces) {
			n := 8 << min(s.in, 5)
			s.pieces = append(s.pieces, reflect.MakeSlice(reflect.SliceOf(m.typ), n, n))
		}
		piece := s.pieces[s.in]
		s.data, s.len, s.next = piece.UnsafePointer(), piece.Len(), 0
	}
	p := unsafe.Add(s.data, uintptr(s.next)*s.size)
	s.next++
	return p
}

// reset takes all nodes back.
func (u *unpacker) reset() {
	for _, s := range u.kinds {
		if s == nil || s.in < 0 {
			continue
		}
		kept := 0
		for i := 0; i <= s.in; i++ {
			used := s.pieces[i].Len()
			if i == s.in {
				used = s.next
			}
			s.pieces[i].Slice(0, used).Clear()
			if kept += s.pieces[i].Len(); kept > maxNodes {
				s.pieces = s.pieces[:i]
				break
			}
		}
		s.in, s.next, s.len = -1, 0, 0
	}
	if cap(u.lists) > maxLists {
		u.lists = nil
	}
	clear(u.lists)
	u.lists = u.lists[:0]
	u.depth = 0
}
