package access

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// Small gives the tables of which a query returns every row that lives, each time it is called, with that query's name: who wrote it took
// them to be few. A query with arguments, a limit or a page returns some.
func Small(p *rule.Package) map[*catalog.Table]string {
	return rule.Shared(p, smallKey{}, func() map[*catalog.Table]string {
		out := map[*catalog.Table]string{}
		for _, a := range All(p) {
			s, ok := a.Query.Tree.(*ir.Select)
			if ok && out[a.Table] == "" && a.Block.Query == ir.Query(s) && a.whole(s) {
				out[a.Table] = a.Query.Name
			}
		}
		return out
	})
}

type smallKey struct{}

// whole tells whether a query returns all of the table's rows, but for those that are gone.
func (a *Access) whole(s *ir.Select) bool {
	if a.Query.Command != "many" || a.Query.Page != nil || len(a.Query.Params) > 0 || s.Limit != nil || s.GroupBy != nil || s.Distinct || len(s.DistinctOn) > 0 || s.Having != nil {
		return false
	}
	if len(s.From) != 1 || !first(s.From[0], a.Ref) {
		return false
	}
	for _, x := range rule.Conjuncts(s.Where) {
		c, known := a.condOf(x)
		if !known || c.Column == nil || !slices.ContainsFunc(gone, func(word string) bool { return strings.Contains(fold(c.Column.Name), word) }) {
			return false
		}
	}
	return true
}

// gone are words in the names of columns that tell of rows which are kept and no more shown.
var gone = []string{"delet", "archiv", "remov", "hidden"}

// first tells of an item of FROM that it is ref, to which others are joined that leave no row of it out.
func first(t ir.TableExpr, ref *ir.TableRef) bool {
	if j, ok := t.(*ir.Join); ok {
		return j.Kind == ir.LeftJoin && first(j.L, ref)
	}
	return t == ir.TableExpr(ref)
}
