package postgres

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/types"
)

// Relabels tells whether stored values of one type are, byte for byte, values of the other, so that ALTER TABLE … TYPE leaves
// the rows as they are: one type, a domain and its base, or a cast WITHOUT FUNCTION. Lengths and scales are not looked at.
func (d *Dialect) Relabels(in *catalog.Snapshot, from, to types.Type) bool {
	s := makeSemantics(in).covering(from, to)
	from, to = s.Base(from), s.Base(to)
	return s.pathway(from, to, castExplicit) == relabel && from.IsArray() == to.IsArray()
}
