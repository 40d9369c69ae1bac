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

	"github.com/covetsql/covetsql/compiler/dialect/postgres/rawtree"
	pg "github.com/pganalyze/pg_query_go/v5"
	"github.com/pganalyze/pg_query_go/v5/parser"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/runtime/protoimpl"
)

// parseTree parses a text with the engine's parser and gives its tree to use, which must not keep any of its nodes; texts stay.
func parseTree(text string, use func(*pg.ParseResult)) error {
	var parsed bool
	known := rawtree.Parse(text, func(tree []byte) { parsed = readTree(tree, use) })
	if known && parsed {
		return nil
	}
	// What is wrong is said here, and what is rare is left to the library.
	packed, err := parser.ParseToProtobuf(text)
	if err != nil {
		return err
	}
	tree := new(pg.ParseResult)
	if err := proto.Unmarshal(packed, tree); err != nil {
		return err
	}
	use(tree)
	return nil
}

// A reader reads a tree in rawtree's form into the nodes that the generated code of pg_query_go declares, and into memory
// that it uses again for the next statement: a tree is needed only until it is lowered.
type reader struct {
	rest  []byte
	wrong bool     // a text is none
	kinds []*nodes // by message.id
	used  []*nodes // those with nodes in use
	lists []unsafe.Pointer
	texts map[string]string // short ones, which come again and again
}

var readers = sync.Pool{New: func() any { return &reader{texts: map[string]string{}} }}

// Limits of what a reader holds on to.
const (
	maxTexts = 4096
	maxText  = 24
	maxLists = 1 << 14
	maxNodes = 1 << 10
)

// readTree reads a tree and gives it to use. It does not where a text in it is none.
func readTree(tree []byte, use func(*pg.ParseResult)) bool {
	r := readers.Get().(*reader)
	defer func() { // after use, or where it failed
		r.reset()
		readers.Put(r)
	}()
	r.rest = tree
	var result pg.ParseResult
	r.list(&statements, unsafe.Pointer(&result.Stmts))
	if r.wrong {
		return false
	}
	use(&result)
	return true
}

// statements is the field of a tree's statements.
var statements = treeField{typ: reflect.TypeFor[pg.RawStmt]()}

// message is how a type of node is read.
type message struct {
	id     int
	typ    reflect.Type
	fields []*treeField // by number
	// alternatives tells that it is but one of several messages: their number stands before, and no zero behind.
	alternatives bool
}

type treeField struct {
	read   func(r *reader, f *treeField, at unsafe.Pointer)
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
	return &message{id: len(messages) + len(wrappers), typ: t, alternatives: t == reflect.TypeFor[pg.Node]()}
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
func (m *message) add(tag string, f *treeField) {
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

// plainField plans a field; its read is nil where rawtree has none of its type.
func plainField(field reflect.StructField) *treeField {
	f := &treeField{offset: field.Offset}
	switch t := field.Type; t.Kind() {
	case reflect.Int32, reflect.Uint32:
		f.read = (*reader).numberField
	case reflect.Bool:
		f.read = (*reader).boolField
	case reflect.String:
		f.read = (*reader).textField
	case reflect.Pointer:
		f.typ, f.read = t.Elem(), (*reader).node
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Pointer {
			f.typ, f.read = t.Elem().Elem(), (*reader).list
		}
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
		own := newMessage(t)
		wrappers[t] = own
		holder := reflect.New(field.Type)
		holder.Elem().Set(reflect.ValueOf(w)) // a nil pointer in an interface
		m.add(inner.Tag.Get("protobuf"), &treeField{
			offset: field.Offset, typ: inner.Type.Elem(), wrapper: own, word: *(*unsafe.Pointer)(holder.UnsafePointer()), read: (*reader).alternative,
		})
	}
}

// message reads fields into the struct at to.
func (r *reader) message(m *message, to unsafe.Pointer) {
	for {
		n := r.rest[0]
		r.rest = r.rest[1:]
		if n == 0 {
			return
		}
		f := m.fields[n]
		f.read(r, f, unsafe.Add(to, f.offset))
		if m.alternatives {
			return
		}
	}
}

func (r *reader) number() uint32 {
	if b := r.rest[0]; b < 0x80 {
		r.rest = r.rest[1:]
		return uint32(b)
	}
	v, n := binary.Uvarint(r.rest)
	r.rest = r.rest[n:]
	return uint32(v)
}

func (r *reader) numberField(_ *treeField, at unsafe.Pointer) { *(*uint32)(at) = r.number() }

func (r *reader) boolField(_ *treeField, at unsafe.Pointer) { *(*bool)(at) = r.number() != 0 }

func (r *reader) textField(_ *treeField, at unsafe.Pointer) {
	n := r.number()
	*(*string)(at) = r.text(r.rest[:n])
	r.rest = r.rest[n:]
}

func (r *reader) text(b []byte) string {
	short := len(b) <= maxText
	if short {
		if s, ok := r.texts[string(b)]; ok {
			return s
		}
	}
	s := string(b)
	switch {
	case !utf8.ValidString(s):
		r.wrong = true
	case short:
		if len(r.texts) >= maxTexts {
			clear(r.texts)
		}
		r.texts[s] = s
	}
	return s
}

func (f *treeField) message() *message {
	m := f.of.Load()
	if m == nil {
		m = messageOf(f.typ)
		f.of.Store(m)
	}
	return m
}

func (r *reader) node(f *treeField, at unsafe.Pointer) {
	m := f.message()
	to := r.new(m)
	*(*unsafe.Pointer)(at) = to
	r.message(m, to)
}

func (r *reader) alternative(f *treeField, at unsafe.Pointer) {
	wrapper := r.new(f.wrapper)
	*(*[2]unsafe.Pointer)(at) = [2]unsafe.Pointer{f.word, wrapper}
	r.node(f, wrapper)
}

func (r *reader) list(f *treeField, at unsafe.Pointer) {
	n := int(r.number())
	pointers := r.pointers(n)
	*(*[]unsafe.Pointer)(at) = pointers
	m := f.message()
	for i := range pointers {
		pointers[i] = r.new(m)
		r.message(m, pointers[i])
	}
}

// pointers gives n pointers.
func (r *reader) pointers(n int) []unsafe.Pointer {
	if len(r.lists)+n > cap(r.lists) {
		r.lists = make([]unsafe.Pointer, 0, max(2*cap(r.lists), n, 256)) // lists that were given away keep the old ones
	}
	start := len(r.lists)
	r.lists = r.lists[:start+n]
	return r.lists[start : start+n : start+n]
}

// nodes are nodes of one type, in pieces of memory that stay where they are.
type nodes struct {
	pieces []reflect.Value // slices of the type, which can be set
	data   unsafe.Pointer  // of the piece in use
	next   int             // the first free one in it
	len    int             // of it
	in     int             // its index
	used   bool            // since the last reset
	size   uintptr
}

// new gives a zero node.
func (r *reader) new(m *message) unsafe.Pointer {
	for len(r.kinds) <= m.id {
		r.kinds = append(r.kinds, nil)
	}
	s := r.kinds[m.id]
	if s == nil {
		s = &nodes{size: m.typ.Size(), in: -1}
		r.kinds[m.id] = s
	}
	if s.next == s.len {
		s.more(m)
	}
	if !s.used {
		s.used = true
		r.used = append(r.used, s)
	}
	p := unsafe.Add(s.data, uintptr(s.next)*s.size)
	s.next++
	return p
}

// more goes on in the next piece.
func (s *nodes) more(m *message) {
	if s.in++; s.in == len(s.pieces) {
		n := 8 << min(s.in, 5)
		piece := reflect.New(reflect.SliceOf(m.typ)).Elem()
		piece.Set(reflect.MakeSlice(piece.Type(), n, n))
		s.pieces = append(s.pieces, piece)
	}
	s.use(s.in)
}

// use goes on in a piece, all of which is free.
func (s *nodes) use(i int) {
	piece := s.pieces[i]
	s.in, s.data, s.len, s.next = i, piece.UnsafePointer(), piece.Len(), 0
}

// reset takes all nodes back.
func (r *reader) reset() {
	for _, s := range r.used {
		kept := 0
		for i := 0; i <= s.in; i++ {
			piece := s.pieces[i]
			if i == s.in {
				piece.SetLen(s.next)
			}
			piece.Clear()
			piece.SetLen(piece.Cap())
			if kept += piece.Len(); kept > maxNodes {
				s.pieces = s.pieces[:i]
				break
			}
		}
		if s.used = false; s.in > 0 {
			s.use(0)
		} else {
			s.next = 0
		}
	}
	r.used = r.used[:0]
	if cap(r.lists) > maxLists {
		r.lists = nil
	}
	clear(r.lists)
	r.lists = r.lists[:0]
	r.rest, r.wrong = nil, false
}
