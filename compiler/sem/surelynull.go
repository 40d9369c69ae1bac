package sem

import (
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
)

// surelyNull says why column i is NULL in some row of every result that has rows; "" where it is
// not known to be. What may take such a row away (LIMIT, OFFSET, HAVING, DISTINCT ON) ends it.
func (b *binder) surelyNull(tree ir.Statement, out *output, i int) string {
	switch q := tree.(type) {
	case *ir.Select:
		if cuts(&q.Tail) || q.Having != nil || q.Qualify != nil || len(q.DistinctOn) > 0 || out.expands {
			return ""
		}
		c := out.cols[i]
		if out.left.Has(c.id) && c.item != nil {
			if _, plain := c.item.X.(*ir.ColumnRef); plain {
				return "the rows of a grouping set without it"
			}
		}
		if c.item != nil && neighbour(c.item.X) {
			return "the row at the end of its partition has no neighbour"
		}
	case ir.Query:
		if nullRow(q, i) {
			return "a row is NULL here"
		}
	}
	return ""
}

func cuts(t *ir.Tail) bool { return t.Limit != nil || t.Offset != nil }

// neighbour tells whether x is LAG or LEAD by a whole number of rows from 1, without a default.
func neighbour(x ir.Expr) bool {
	f, ok := x.(*ir.FuncCall)
	if !ok || f.Over == nil || len(f.Args) == 0 || len(f.Args) > 2 || len(f.Name.Parts) > 1 {
		return false
	}
	if name := strings.ToLower(f.Name.Last()); name != "lag" && name != "lead" {
		return false
	}
	if len(f.Args) == 1 {
		return true
	}
	l, ok := f.Args[1].X.(*ir.Literal)
	if !ok || l.Kind != ir.Integer {
		return false
	}
	n, err := strconv.Atoi(l.Text)
	return err == nil && n > 0
}

// nullRow tells whether a query as it is written has a row with a NULL constant as its value i:
// VALUES, or a branch of UNION without a FROM.
func nullRow(q ir.Query, i int) bool {
	switch q := q.(type) {
	case *ir.SetOp:
		return q.Op == "UNION" && !cuts(&q.Tail) && (nullRow(q.L, i) || nullRow(q.R, i))
	case *ir.Values:
		if cuts(&q.Tail) {
			return false
		}
		for _, row := range q.Rows {
			if i < len(row) && nullConstant(row[i]) {
				return true
			}
		}
	case *ir.Select:
		if cuts(&q.Tail) || len(q.From) > 0 || q.Where != nil || q.GroupBy != nil || q.Having != nil || i >= len(q.Items) {
			return false
		}
		for j := range q.Items { // one row each, and no function that makes several or none
			if _, ok := q.Items[j].X.(*ir.Literal); !ok && !nullConstant(q.Items[j].X) {
				return false
			}
		}
		return nullConstant(q.Items[i].X)
	}
	return false
}

func nullConstant(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Literal:
		return x.Kind == ir.Null
	case *ir.Cast:
		return nullConstant(x.X)
	}
	return false
}
