package source

import "sort"

// OffsetMap maps byte offsets of a text that was derived from a file by replacing
// pieces of it back to offsets of the file. The zero map is the identity.
type OffsetMap struct {
	base   int     // file offset of the derived text's first byte
	pieces []piece // replaced pieces, by offset
}

// piece says that derived[at:at+len] stands for file[from:to].
type piece struct {
	at, len  int
	from, to int
}

// NewOffsetMap makes a map for a text that starts at file offset base.
func NewOffsetMap(base int) OffsetMap { return OffsetMap{base: base} }

// Replace records that the next derived bytes [at, at+n) stand for the file's bytes
// [from, to). Calls come in ascending order of at.
func (m *OffsetMap) Replace(at, n, from, to int) {
	m.pieces = append(m.pieces, piece{at, n, from, to})
}

// Range maps the derived range [start, end) to the file. A range that touches a replaced
// piece covers the whole of what was replaced.
func (m OffsetMap) Range(start, end int) (from, to int) {
	return m.offset(start, false), m.offset(end, true)
}

func (m OffsetMap) offset(at int, isEnd bool) int {
	// The last piece that starts before at (for an end: strictly before).
	i := sort.Search(len(m.pieces), func(i int) bool {
		if isEnd {
			return m.pieces[i].at >= at
		}
		return m.pieces[i].at > at
	}) - 1
	if i < 0 {
		return m.base + at
	}
	p := m.pieces[i]
	if isEnd {
		if at <= p.at+p.len {
			return p.to
		}
	} else if at < p.at+p.len {
		return p.from
	}
	return p.to + at - (p.at + p.len)
}
