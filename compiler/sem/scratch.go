package sem

import "github.com/covetsql/covetsql/compiler/rel"

// Scratch is memory that one analysis leaves to the next of the same goroutine: the columns
// of the relations, most of which no query names. A Result made with it is good until the
// next analysis, but for its Columns, Params and SQL, which stay.
type Scratch struct {
	meta    rel.Metadata
	columns []column
}

// slab is the number of columns that are allocated at once.
const slab = 64

// newColumns gives n zero columns that lie side by side.
func (b *binder) newColumns(n int) []column {
	if n > cap(b.room)-len(b.room) {
		b.room = make([]column, 0, max(n, slab))
	}
	end := len(b.room) + n
	out := b.room[len(b.room):end:end]
	b.room = b.room[:end]
	clear(out) // a statement before may have left something there
	return out
}

// begin makes the scratch ready for a statement.
func (s *Scratch) begin(b *binder) {
	s.meta.Reset()
	b.meta, b.room = &s.meta, s.columns[:0]
}

// end keeps the largest memory that was needed.
func (s *Scratch) end(b *binder) {
	if cap(b.room) >= cap(s.columns) {
		s.columns = b.room
	}
}
