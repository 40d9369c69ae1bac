package rule

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// OneRow tells whether a table or view can have one row only: a CHECK holds a key to a constant, or the view is an aggregate over all
// rows, a constant, or cut by LIMIT 1.
func OneRow(t *catalog.Table) bool {
	if t.Kind == catalog.BaseTable {
		return one(t)
	}
	s, ok := t.Query.(*ir.Select)
	if !ok || s.GroupBy != nil {
		return false
	}
	if l, ok := s.Limit.(*ir.Literal); ok && l.Text == "1" {
		return true
	}
	aggregate := len(s.From) == 0
	for i := range s.Items {
		ir.Walk(s.Items[i].X, func(n ir.Node) bool {
			if f, ok := n.(*ir.FuncCall); ok && AggregateName(f) != "" {
				aggregate = true
			}
			_, query := n.(ir.Query)
			return !aggregate && !query
		})
	}
	return aggregate
}

// one tells whether a CHECK holds a key of one column to a constant.
func one(t *catalog.Table) bool {
	held := map[string]bool{}
	for _, c := range t.Constraints {
		if c.Kind != ir.Check {
			continue
		}
		switch x := c.X.(type) {
		case *ir.ColumnRef:
			held[strings.ToLower(x.Parts[len(x.Parts)-1].Name)] = true
		case *ir.Binary:
			col, ok := x.L.(*ir.ColumnRef)
			if _, constant := x.R.(*ir.Literal); ok && constant && x.Op == "=" {
				held[strings.ToLower(col.Parts[len(col.Parts)-1].Name)] = true
			}
		}
	}
	for _, c := range t.Constraints {
		if (c.Kind == ir.PrimaryKey || c.Kind == ir.Unique) && len(c.Columns) == 1 && held[strings.ToLower(c.Columns[0])] {
			return true
		}
	}
	return false
}
