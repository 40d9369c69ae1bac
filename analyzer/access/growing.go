package access

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

// Growing gives the tables of which the queries show that they get long: rows are inserted many at a time, taken by pages or up to a
// limit, found by what time they are of, or belong to rows of such a table.
func Growing(p *rule.Package) map[*catalog.Table]bool {
	return rule.Shared(p, growingKey{}, func() map[*catalog.Table]bool {
		out, heaps := map[*catalog.Table]bool{}, map[*catalog.Table]bool{}
		for t := range Filled(p) {
			out[t], heaps[t] = true, true
		}
		for _, q := range Queries(p) {
			for _, a := range Of(q) {
				if a.paged() {
					out[a.Table] = true
				}
				if slices.ContainsFunc(a.Conds, a.dated) {
					out[a.Table], heaps[a.Table] = true, true
				}
			}
		}
		for again := true; again; {
			again = false
			for _, s := range p.Catalog.Schemas {
				for _, t := range s.Tables {
					if !heaps[t] && belongs(p, t, heaps) {
						out[t], heaps[t], again = true, true, true
					}
				}
			}
		}
		return out
	})
}

type (
	growingKey  struct{}
	insertedKey struct{}
	filledKey   struct{}
)

// Filled gives the tables that a query inserts several rows into at once.
func Filled(p *rule.Package) map[*catalog.Table]bool {
	return rule.Shared(p, filledKey{}, func() map[*catalog.Table]bool {
		out := map[*catalog.Table]bool{}
		each(p, func(q *rule.Query, in *ir.Insert, t *catalog.Table) {
			if several(q, in) {
				out[t] = true
			}
		})
		return out
	})
}

// each visits the INSERTs of a package.
func each(p *rule.Package, visit func(*rule.Query, *ir.Insert, *catalog.Table)) {
	for _, q := range Queries(p) {
		q.Walk(func(n ir.Node, _ *sem.Block) bool {
			if in, ok := n.(*ir.Insert); ok {
				if r := q.Relation(in.Table); r != nil && r.Table != nil {
					visit(q, in, r.Table)
				}
			}
			return true
		})
	}
}

// Inserted gives the tables that queries of the package insert into.
func Inserted(p *rule.Package) map[*catalog.Table]bool {
	return rule.Shared(p, insertedKey{}, func() map[*catalog.Table]bool {
		out := map[*catalog.Table]bool{}
		each(p, func(_ *rule.Query, _ *ir.Insert, t *catalog.Table) { out[t] = true })
		return out
	})
}

// several tells whether one call inserts many rows.
func several(q *rule.Query, in *ir.Insert) bool {
	switch q.Command {
	case "copyfrom", "batchexec", "batchone", "batchmany":
		return true
	}
	if v, ok := in.Source.(*ir.Values); ok {
		return len(v.Rows) > 1
	}
	if in.Source == nil {
		return false
	}
	k := q.Block(in.Source)
	return k != nil && k.Node != nil && !k.Node.Props().Card.AtMost(1)
}

// paged tells whether rows of the table are listed up to a limit.
func (a *Access) paged() bool {
	t := rule.Tail(a.Block.Query)
	if t == nil || t.Limit == nil || a.Query.Command == "one" || a.Query.Command == "maybe" || a.Scalar() {
		return a.Query.Page != nil && a.Block.Parent == nil
	}
	n, constant := rule.Constant(t.Limit)
	return !constant || n > 1
}

// dated tells of a condition that it asks for rows of some time: before or after a moment that is given, or older than now. That a row has
// not run out yet is none: such tables keep what lives.
func (a *Access) dated(c Cond) bool {
	if c.Op != Range || c.Column == nil || !c.Column.Type.Is("timestamptz", "timestamp", "date", "datetime") {
		return false
	}
	for _, v := range c.Values {
		given := false
		ir.Walk(v, func(n ir.Node) bool {
			_, is := n.(*ir.Param)
			given = given || is
			return !given
		})
		if given {
			return true
		}
	}
	return strings.HasPrefix(c.Operator, "<")
}

// belongs tells of a table whose rows are each of a row of one of some tables.
func belongs(p *rule.Package, t *catalog.Table, of map[*catalog.Table]bool) bool {
	return slices.ContainsFunc(t.Constraints, func(c *catalog.Constraint) bool {
		if c.Kind != ir.ForeignKey || !of[p.Catalog.Table(c.RefSchema, c.RefTable)] {
			return false
		}
		return !slices.ContainsFunc(c.Columns, func(name string) bool {
			col := t.Column(name, true)
			return col == nil || !col.NotNull
		})
	})
}
