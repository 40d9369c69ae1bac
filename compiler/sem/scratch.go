package sem

import "github.com/covetsql/covetsql/compiler/rel"

// Scratch is memory that one analysis leaves to the next of the same goroutine: the binder itself, and what it
// makes of a statement and needs no longer than the bound tree. A Result made with it is good until the
// next analysis, but for its Columns, Params and SQL, which stay.
type Scratch struct {
	binder    binder
	meta      *rel.Metadata
	columns   slab[column]
	relations slab[relation]
	scopes    slab[scope]
	scalars   slab[rel.Scalar]
	params    slab[param]
	occurs    slab[occurrence]
	places    slab[place]
	// Of a star's columns:
	seen  map[shownColumn]bool
	count map[string]int
}

// shownColumn is a column that a star stands for.
type shownColumn struct {
	rel  *relation
	name string
}

// shown gives two empty maps, until it is called again.
func (s *Scratch) shown() (map[shownColumn]bool, map[string]int) {
	if s.seen == nil {
		s.seen, s.count = map[shownColumn]bool{}, map[string]int{}
	}
	clear(s.seen)
	clear(s.count)
	return s.seen, s.count
}

// begin makes the scratch ready for a statement.
func (s *Scratch) begin() {
	if s.meta == nil {
		s.meta = new(rel.Metadata)
	}
	s.meta.Reset()
	s.columns.reset()
	s.relations.reset()
	s.scopes.reset()
	s.scalars.reset()
	s.params.reset()
	s.occurs.reset()
	s.places.reset()
}

// slab hands out values, and takes all of them back at once.
type slab[T any] struct{ room []T }

// take gives n zero values that lie side by side.
func (s *slab[T]) take(n int) []T {
	if n > cap(s.room)-len(s.room) { // what was handed out keeps the old room
		s.room = make([]T, 0, max(n, 2*cap(s.room), 16))
	}
	end := len(s.room) + n
	out := s.room[len(s.room):end:end]
	s.room = s.room[:end]
	clear(out) // a statement before may have left something there
	return out
}

// keep gives a value a place.
func (s *slab[T]) keep(v T) *T {
	p := &s.take(1)[0]
	*p = v
	return p
}

func (s *slab[T]) reset() { s.room = s.room[:0] }
