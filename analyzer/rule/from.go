package rule

import (
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

// From is what a block joins: the items of FROM, with the targets of an UPDATE or DELETE, and the condition over them.
type From struct {
	// Node is the *ir.Select, *ir.Update or *ir.Delete.
	Node  ir.Query
	Items []ir.TableExpr
	Where ir.Expr
	Block *sem.Block
}

// Froms lists what each block joins, those without a FROM left out.
func (q *Query) Froms() []From {
	var out []From
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		f := From{Block: in}
		switch n := n.(type) {
		case *ir.Select:
			f.Node, f.Items, f.Where = n, n.From, n.Where
		case *ir.Update:
			f.Node, f.Where = n, n.Where
			f.Items = append(append(f.Items, n.Tables...), n.From...)
		case *ir.Delete:
			f.Node, f.Where = n, n.Where
			if !n.Multi {
				for _, t := range n.Tables {
					f.Items = append(f.Items, t)
				}
			}
			f.Items = append(f.Items, n.From...)
		}
		if len(f.Items) > 0 {
			out = append(out, f)
		}
		return true
	})
	return out
}

// Leaves are the items that t joins: itself where it is no join.
func Leaves(t ir.TableExpr) []ir.TableExpr {
	if j, ok := t.(*ir.Join); ok {
		return append(Leaves(j.L), Leaves(j.R)...)
	}
	return []ir.TableExpr{t}
}

// Relations are what became of the items that t joins.
func (q *Query) Relations(t ir.TableExpr) []*sem.Relation {
	var out []*sem.Relation
	for _, leaf := range Leaves(t) {
		if r := q.Relation(leaf); r != nil {
			out = append(out, r)
		}
	}
	return out
}
