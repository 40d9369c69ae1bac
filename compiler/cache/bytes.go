package cache

import (
	"encoding/binary"
	"errors"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"github.com/covetsql/covetsql/compiler/source"
)

// Written values are: the paths of files, the texts, and the values, which name files and texts by
// their numbers. Each text stands there once.

type address struct {
	at   unsafe.Pointer
	plan *plan
}

type encoder struct {
	codec    *Codec
	body     []byte
	numbers  map[string]uint64
	texts    []string
	pointers map[address]uint64
	files    map[*source.File]uint64
	paths    []string
	// known finds a file by its path as the reader will.
	known func(path string) *source.File
}

// maxSpare is how many texts and pointers an encoder may have had whose memory is used again.
const maxSpare = 1 << 12

// encoder gives an encoder; c.mu is held.
func (c *Codec) encoder(known func(path string) *source.File) *encoder {
	e := c.spare
	if e == nil {
		e = &encoder{codec: c, numbers: map[string]uint64{}, pointers: map[address]uint64{}, files: map[*source.File]uint64{}}
	}
	c.spare, e.known = nil, known
	return e
}

// done takes an encoder back that came to its end.
func (c *Codec) done(e *encoder) {
	if len(e.numbers) > maxSpare || len(e.pointers) > maxSpare {
		return
	}
	clear(e.numbers)
	clear(e.pointers)
	clear(e.files)
	clear(e.texts)
	clear(e.paths)
	e.body, e.texts, e.paths, e.known = e.body[:0], e.texts[:0], e.paths[:0], nil
	c.spare = e
}

func (e *encoder) plan(t reflect.Type) *plan { return e.codec.plan(t) }

func (e *encoder) uint(u uint64) { e.body = binary.AppendUvarint(e.body, u) }

func (e *encoder) text(s string) {
	n, ok := e.numbers[s]
	if !ok {
		n = uint64(len(e.texts))
		e.texts = append(e.texts, s)
		e.numbers[s] = n
	}
	e.uint(n)
}

// file gives a file its number, from 1; nil is 0.
func (e *encoder) file(f *source.File) uint64 {
	if f == nil {
		return 0
	}
	n, ok := e.files[f]
	if !ok {
		if e.known(f.Path) != f {
			fail("a place in %s, which can not be found again", f.Path)
		}
		e.paths = append(e.paths, f.Path)
		n = uint64(len(e.paths))
		e.files[f] = n
	}
	return n
}

// Encode writes *v. known finds the files that v's places are in by their paths; a place in a file that it
// does not find is an error, as is a value that the codec can not write.
func Encode[T any](c *Codec, v *T, known func(path string) *source.File) (out []byte, err error) {
	defer guard(&err)
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.encoder(known)
	c.plan(reflect.TypeFor[T]()).write(e, unsafe.Pointer(v))
	size := len(e.body) + 2*binary.MaxVarintLen32
	for _, list := range [][]string{e.paths, e.texts} {
		for _, s := range list {
			size += len(s) + binary.MaxVarintLen16
		}
	}
	out = make([]byte, 0, size)
	for _, list := range [][]string{e.paths, e.texts} {
		out = binary.AppendUvarint(out, uint64(len(list)))
		for _, s := range list {
			out = binary.AppendUvarint(out, uint64(len(s)))
		}
		for _, s := range list {
			out = append(out, s...)
		}
	}
	out = append(out, e.body...)
	c.done(e)
	return out, nil
}

type decoder struct {
	codec    *Codec
	body     []byte
	texts    []string
	pointers []address
	files    []*source.File
}

var errShort = errors.New("the bytes end too early")

func (d *decoder) plan(t reflect.Type) *plan { return d.codec.plan(t) }

func (d *decoder) uint() uint64 {
	if len(d.body) > 0 && d.body[0] < 0x80 {
		u := d.body[0]
		d.body = d.body[1:]
		return uint64(u)
	}
	u, n := binary.Uvarint(d.body)
	if n <= 0 {
		panic(failure{errShort})
	}
	d.body = d.body[n:]
	return u
}

func (d *decoder) bytes(n int) []byte {
	if n > len(d.body) {
		panic(failure{errShort})
	}
	b := d.body[:n]
	d.body = d.body[n:]
	return b
}

func (d *decoder) text() string {
	n := d.uint()
	if n >= uint64(len(d.texts)) {
		fail("text %d of %d", n, len(d.texts))
	}
	return d.texts[n]
}

func (d *decoder) file(n uint64) *source.File {
	if n == 0 {
		return nil
	}
	if n > uint64(len(d.files)) {
		fail("file %d of %d", n, len(d.files))
	}
	return d.files[n-1]
}

func (d *decoder) list() []string {
	n := d.uint()
	if n > uint64(len(d.body)) {
		panic(failure{errShort})
	}
	ends := make([]int, n)
	total := uint64(0)
	for i := range ends {
		if total += d.uint(); total > uint64(len(d.body)) {
			panic(failure{errShort})
		}
		ends[i] = int(total)
	}
	all := string(d.bytes(int(total))) // one piece of memory for all texts
	out := make([]string, n)
	start := 0
	for i, end := range ends {
		out[i] = all[start:end]
		start = end
	}
	return out
}

// Decode reads what Encode wrote of a T into v. known finds files by path, nil where there is none.
func Decode[T any](c *Codec, b []byte, v *T, known func(path string) *source.File) (err error) {
	defer guard(&err)
	d := &decoder{codec: c, body: b}
	for _, path := range d.list() {
		f := known(path)
		if f == nil {
			fail("there is no %s", path)
		}
		d.files = append(d.files, f)
	}
	d.texts = d.list()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.plan(reflect.TypeFor[T]()).read(d, unsafe.Pointer(v))
	if len(d.body) > 0 {
		fail("%d bytes are left", len(d.body))
	}
	return nil
}

// sortedKeys are a map's keys in order, so that equal values are equal bytes.
func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	return keys
}
