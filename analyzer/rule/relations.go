package rule

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

// RelationOf is the relation of FROM, or the target, whose column id is; nil for a computed column.
func (q *Query) RelationOf(id rel.ColID) (found *sem.Relation) {
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		if t, ok := n.(ir.TableExpr); ok && found == nil {
			if r := q.Relation(t); r != nil && r.Columns.Has(id) {
				found = r
			}
		}
		return found == nil
	})
	return found
}

// RelationsIn are the relations that block k reads or writes itself, in the order in which they are written.
func (q *Query) RelationsIn(k *sem.Block) []*sem.Relation {
	var out []*sem.Relation
	q.WalkFrom(k.Query, k, func(n ir.Node, in *sem.Block) bool {
		if in != k && n != ir.Node(k.Query) {
			return false
		}
		if t, ok := n.(ir.TableExpr); ok {
			if r := q.Relation(t); r != nil {
				out = append(out, r)
			}
		}
		return true
	})
	return out
}

// Own tells whether a column is one of block k's FROM or target.
func (q *Query) Own(id rel.ColID, k *sem.Block) bool { return q.Bound.Owner(id) == k }

// Refs are the columns that are named in an expression of block k, outside of the queries in it.
func (q *Query) Refs(x ir.Node) []*ir.ColumnRef {
	var out []*ir.ColumnRef
	if x == nil {
		return nil
	}
	ir.Walk(x, func(n ir.Node) bool {
		if r, ok := n.(*ir.ColumnRef); ok {
			out = append(out, r)
		}
		_, query := n.(ir.Query)
		return !query
	})
	return out
}

// Sums tells whether an expression calls an aggregate, outside of the queries in it.
func (q *Query) Sums(x ir.Node) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		if call, ok := n.(*ir.FuncCall); ok && q.Value(call).Aggregate {
			found = true
		}
		_, query := n.(ir.Query)
		return !found && !query
	})
	return found
}

// Keys lists a table's keys for a message: "(id), (tenant, email)"; empty where it has none.
func Keys(t *catalog.Table) string {
	var out []string
	for _, c := range t.Constraints {
		if c.Kind == ir.PrimaryKey || c.Kind == ir.Unique {
			out = append(out, "("+strings.Join(c.Columns, ", ")+")")
		}
	}
	for _, ix := range t.Indexes {
		if ix.Unique && ix.Where == "" && ix.WhereExpr == nil {
			var names []string
			for _, p := range ix.Parts {
				if p.Column == "" {
					names = append(names, p.Expr)
				} else {
					names = append(names, p.Column)
				}
			}
			out = append(out, "("+strings.Join(names, ", ")+")")
		}
	}
	return strings.Join(out, ", ")
}
