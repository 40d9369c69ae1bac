package cache

import (
	"encoding/binary"
	"math"
	"strconv"
	"time"
)

// Key is what the arguments of a query make of its entry: other arguments, another text. Its methods are called in the order of the
// arguments.
type Key struct {
	text []byte
	ok   bool
}

// NewKey begins a key.
func NewKey() Key { return Key{ok: true, text: make([]byte, 0, 32)} }

// Int adds a whole number.
func (k Key) Int(n int64) Key {
	k.text = binary.BigEndian.AppendUint64(append(k.text, 'i'), uint64(n))
	return k
}

// Float adds a number; one that is not a number is not kept.
func (k Key) Float(x float64) Key {
	k.ok = k.ok && !math.IsNaN(x)
	k.text = binary.BigEndian.AppendUint64(append(k.text, 'f'), math.Float64bits(x))
	return k
}

// Bool adds a truth value.
func (k Key) Bool(b bool) Key {
	k.text = strconv.AppendBool(append(k.text, 'b'), b)
	return k
}

// String adds a text, by its length too: no two lists of texts make one key.
func (k Key) String(s string) Key {
	k.text = binary.AppendUvarint(append(k.text, 's'), uint64(len(s)))
	k.text = append(k.text, s...)
	return k
}

// Bytes adds bytes; nil is not the empty ones.
func (k Key) Bytes(b []byte) Key {
	if b == nil {
		return k.Null()
	}
	return k.String(string(b))
}

// Time adds a moment, and how its zone stands to it: drivers write the one or the other.
func (k Key) Time(t time.Time) Key {
	_, zone := t.Zone()
	k.text = binary.BigEndian.AppendUint64(append(k.text, 't'), uint64(t.Unix()))
	k.text = binary.BigEndian.AppendUint32(k.text, uint32(t.Nanosecond()))
	k.text = binary.BigEndian.AppendUint32(k.text, uint32(zone))
	return k
}

// Null adds NULL.
func (k Key) Null() Key {
	k.text = append(k.text, '0')
	return k
}

// Valid adds whether there is a value, which is added behind it.
func (k Key) Valid(valid bool) Key { return k.Bool(valid) }

// flight names a read of the entry at a state of its tables.
func (k key) flight(seen uint64) string {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 16+len(k.args)), uint64(k.query))
	b = binary.BigEndian.AppendUint64(b, seen)
	return string(append(b, k.args...))
}
