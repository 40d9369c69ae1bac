package rule

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

// Write is a value that a statement writes into a column.
type Write struct {
	Column *catalog.Column
	Value  ir.Expr
	// Assign is set for one of SET; Upsert tells that it is of ON CONFLICT or ON DUPLICATE KEY.
	Assign *ir.Assign
	Upsert bool
	// Relation is the written one.
	Relation *sem.Relation
}

// Writes lists what is written into plain columns: by INSERT with VALUES or SELECT, by UPDATE and by an upsert.
func (q *Query) Writes() []Write {
	var out []Write
	caseless := q.Package.Traits.CaselessNames
	assigns := func(list []ir.Assign, of []*sem.Relation, upsert bool) {
		for i := range list {
			a := &list[i]
			if len(a.Targets) != 1 || len(a.Targets[0].Path) > 0 {
				continue
			}
			t := a.Targets[0]
			var found []Write
			for _, r := range of {
				if r.Table == nil || len(t.Qualifier) > 0 && !same(t.Qualifier[len(t.Qualifier)-1].Name, r.Name, caseless) {
					continue
				}
				if c := r.Table.Column(t.Name.Name, caseless); c != nil {
					found = append(found, Write{Column: c, Value: a.Value, Assign: a, Upsert: upsert, Relation: r})
				}
			}
			if len(found) > 0 {
				out = append(out, found[0])
			}
		}
	}
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		switch n := n.(type) {
		case *ir.Insert:
			r := q.Relation(n.Table)
			if r == nil || r.Table == nil {
				return true
			}
			var columns []*catalog.Column
			for i := range n.Columns {
				columns = append(columns, r.Table.Column(n.Columns[i].Name.Name, caseless))
			}
			if n.Columns == nil {
				columns = r.Table.Columns
			}
			put := func(i int, x ir.Expr) {
				if i < len(columns) && columns[i] != nil {
					out = append(out, Write{Column: columns[i], Value: x, Relation: r})
				}
			}
			switch s := n.Source.(type) {
			case *ir.Values:
				for _, row := range s.Rows {
					for i, x := range row {
						put(i, x)
					}
				}
			case *ir.Select:
				for i := range s.Items {
					if _, star := s.Items[i].X.(*ir.Star); star {
						break
					}
					put(i, s.Items[i].X)
				}
			}
			assigns(n.OnDuplicate, []*sem.Relation{r}, true)
			for i := range n.OnConflict {
				assigns(n.OnConflict[i].Set, []*sem.Relation{r}, true)
			}
		case *ir.Update:
			var of []*sem.Relation
			for _, t := range n.Tables {
				of = append(of, q.Relations(t)...)
			}
			assigns(n.Set, of, false)
		}
		return true
	})
	return out
}

func same(a, b string, caseless bool) bool {
	if caseless {
		return strings.EqualFold(a, b)
	}
	return a == b
}
