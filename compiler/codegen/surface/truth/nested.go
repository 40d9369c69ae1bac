package truth

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/facts"
)

// nested describes what a query nests.
func nested(q *facts.Query) *surface.Nested {
	n := q.Nested
	if n == nil {
		return nil
	}
	cells := make([]surface.Cell, len(q.Columns)) // of the columns, as Columns lists them
	last, embed := -1, -1
	for i := range q.Columns {
		s := &q.Columns[i]
		switch {
		case s.Embed < 0 || s.Table == nil:
			last++
			cells[i] = surface.Cell{Column: last, In: -1}
			embed = -1
		case s.Embed == embed:
			cells[i] = surface.Cell{Column: last, In: cells[i-1].In + 1}
		default:
			last++
			cells[i] = surface.Cell{Column: last}
			embed = s.Embed
		}
	}
	keys := func(list [][]int) (out [][]surface.Cell) {
		for _, k := range list {
			cs := []surface.Cell{}
			for _, i := range k {
				cs = append(cs, cells[i])
			}
			out = append(out, cs)
		}
		return out
	}
	out := &surface.Nested{Keys: keys(n.Keys), Single: n.Single, Together: n.Together}
	for i := range n.Nests {
		f := &n.Nests[i]
		c := surface.Nest{
			Path: f.Path, Named: f.Named, Form: f.Form, Parent: f.Parent, Always: f.Present < 0,
			Repeats: f.Repeats, Keys: keys(f.Keys), Span: f.Span,
		}
		if !c.Always {
			c.Present = cells[f.Present]
		}
		if f.Embed {
			c.Columns = []int{cells[f.Columns[0]].Column}
		} else {
			c.Never = f.Never
			for _, j := range f.Columns {
				c.Columns = append(c.Columns, cells[j].Column)
				c.Names = append(c.Names, strings.TrimPrefix(q.Columns[j].Name, f.Prefix))
			}
		}
		out.Nests = append(out.Nests, c)
	}
	return out
}
