package access

import (
	"slices"

	"github.com/covetsql/covetsql/compiler/ir"
)

// Apart tells whether rows of the table that agree on some expressions are one row: among them are the parts of a unique index, and the
// query takes no rows but the index's.
func (a *Access) Apart(by []ir.Expr) bool {
	for _, p := range a.Paths {
		if !p.Unique || p.Index != nil && p.Index.Alone || p.Where != nil && !a.Implies(p.Where) {
			continue
		}
		parts := 0
		for _, part := range p.Parts {
			if slices.ContainsFunc(by, func(x ir.Expr) bool {
				v := a.Query.Value(x)
				switch {
				case !v.Null.IsNever() || v.Uses.Empty() || !v.Uses.SubsetOf(a.Relation.Columns):
					return false
				case part.Column != "":
					return v.Column != 0 && a.Query.ByID(v.Column).Source != nil && a.Query.ByID(v.Column).Source.Name == part.Column
				}
				return part.X != nil && a.sameText(part.X, x)
			}) {
				parts++
			}
		}
		if parts > 0 && parts == len(p.Parts) {
			return true
		}
	}
	return false
}
