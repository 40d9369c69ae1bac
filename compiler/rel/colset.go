package rel

import (
	"math/bits"
	"strconv"
	"strings"
)

// ColID names one column of one statement: a column of one occurrence of a relation, or a
// computed one. 0 is no column.
type ColID int32

// ColSet is a set of columns. The zero value is empty. Sets are values: no operation
// changes a set that another holder sees.
type ColSet struct {
	small uint64   // ids 1..63
	large []uint64 // ids 64..: word i holds 64*(i+1)…
}

// MakeColSet is the set of ids.
func MakeColSet(ids ...ColID) ColSet {
	var s ColSet
	for _, id := range ids {
		s.add(id)
	}
	return s
}

// add changes s in place; only for sets that nobody else holds.
func (s *ColSet) add(id ColID) {
	if id <= 0 {
		return
	}
	if id < 64 {
		s.small |= 1 << uint(id)
		return
	}
	w := int(id)/64 - 1
	for len(s.large) <= w {
		s.large = append(s.large, 0)
	}
	s.large[w] |= 1 << (uint(id) % 64)
}

// With is s and id.
func (s ColSet) With(id ColID) ColSet {
	if s.Has(id) || id <= 0 {
		return s
	}
	if id < 64 {
		s.small |= 1 << uint(id)
		return s
	}
	s.large = append([]uint64(nil), s.large...)
	s.add(id)
	return s
}

// Has tells whether id is in s.
func (s ColSet) Has(id ColID) bool {
	if id < 64 {
		return id > 0 && s.small&(1<<uint(id)) != 0
	}
	w := int(id)/64 - 1
	return w < len(s.large) && s.large[w]&(1<<(uint(id)%64)) != 0
}

// Empty tells whether s has no column.
func (s ColSet) Empty() bool {
	if s.small != 0 {
		return false
	}
	for _, w := range s.large {
		if w != 0 {
			return false
		}
	}
	return true
}

// Len is the number of columns in s.
func (s ColSet) Len() int {
	n := bits.OnesCount64(s.small)
	for _, w := range s.large {
		n += bits.OnesCount64(w)
	}
	return n
}

// Union is what is in s or t.
func (s ColSet) Union(t ColSet) ColSet {
	s.small |= t.small
	if len(t.large) == 0 {
		return s
	}
	if len(s.large) == 0 {
		s.large = t.large
		return s
	}
	long, short := s.large, t.large
	if len(long) < len(short) {
		long, short = short, long
	}
	out := append([]uint64(nil), long...)
	for i, w := range short {
		out[i] |= w
	}
	s.large = out
	return s
}

// Intersect is what is in s and t.
func (s ColSet) Intersect(t ColSet) ColSet {
	s.small &= t.small
	n := min(len(s.large), len(t.large))
	if n == 0 {
		s.large = nil
		return s
	}
	out := make([]uint64, n)
	for i := range out {
		out[i] = s.large[i] & t.large[i]
	}
	s.large = out
	return s
}

// Minus is what is in s and not in t.
func (s ColSet) Minus(t ColSet) ColSet {
	s.small &^= t.small
	if len(s.large) == 0 {
		return s
	}
	out := append([]uint64(nil), s.large...)
	for i := range min(len(out), len(t.large)) {
		out[i] &^= t.large[i]
	}
	s.large = out
	return s
}

// SubsetOf tells whether every column of s is in t.
func (s ColSet) SubsetOf(t ColSet) bool {
	if s.small&^t.small != 0 {
		return false
	}
	for i, w := range s.large {
		if i < len(t.large) {
			w &^= t.large[i]
		}
		if w != 0 {
			return false
		}
	}
	return true
}

// Intersects tells whether s and t share a column.
func (s ColSet) Intersects(t ColSet) bool {
	if s.small&t.small != 0 {
		return true
	}
	for i := range min(len(s.large), len(t.large)) {
		if s.large[i]&t.large[i] != 0 {
			return true
		}
	}
	return false
}

// Each calls f for the columns of s in ascending order.
func (s ColSet) Each(f func(ColID)) {
	for w := s.small; w != 0; w &= w - 1 {
		f(ColID(bits.TrailingZeros64(w)))
	}
	for i, w := range s.large {
		for ; w != 0; w &= w - 1 {
			f(ColID(64*(i+1) + bits.TrailingZeros64(w)))
		}
	}
}

// String prints s as (1,2).
func (s ColSet) String() string {
	var b strings.Builder
	b.WriteByte('(')
	first := true
	s.Each(func(id ColID) {
		if !first {
			b.WriteByte(',')
		}
		first = false
		b.WriteString(strconv.Itoa(int(id)))
	})
	b.WriteByte(')')
	return b.String()
}
