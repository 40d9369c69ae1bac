package facts

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

// idempotent tells of a statement that writes that, run twice in a row with the same arguments, it leaves what it leaves run once, and
// tells nothing that could differ. What it writes has to be known before it looks at a row; no trigger of the user's may see it; and of a
// row that it inserts, the arguments have to say the key.
func idempotent(r *sem.Result, command string) bool {
	if command != "exec" && command != "batchexec" {
		return false // how many rows there were, or which, differs the second time
	}
	for _, c := range r.Effects.Calls {
		if c.Volatility != "immutable" && (c.Volatility != "stable" || contextual[c.Name]) || ofUser(c, r.Catalog) {
			return false
		}
	}
	if len(r.Effects.Writes) != 1 || !plainTarget(r.Effects.Writes[0], r.Catalog) {
		return false
	}
	switch t := r.Tree.(type) {
	case *ir.Insert:
		return insertsOnce(t, r.Effects.Writes[0])
	case *ir.Update:
		return t.With == nil && len(t.Tables) == 1 && len(t.From) == 0 && t.Limit == nil && !asks(t.Where) && setsKnown(t.Set, noColumn) && len(t.Returning) == 0
	case *ir.Delete:
		return t.With == nil && !t.Multi && len(t.Tables) == 1 && len(t.From) == 0 && t.Limit == nil && !asks(t.Where) && len(t.Returning) == 0
	}
	return false
}

// plainTarget tells of a table without triggers of the user's, which is no view.
func plainTarget(t *catalog.Table, in *catalog.Snapshot) bool {
	if t == nil || t.Kind != catalog.BaseTable {
		return false
	}
	for _, s := range in.Schemas {
		for _, trigger := range s.Triggers {
			if in.Table(trigger.Schema, trigger.Table) == t || strings.EqualFold(trigger.Table, t.Name) {
				return false
			}
		}
	}
	return !slices.ContainsFunc(in.Others, func(o *catalog.Object) bool { return o.Kind == "rule" && o.Table == t.Name })
}

// asks tells whether a condition reads rows beside the one that it judges: the first run may change what the second sees there.
func asks(where ir.Expr) bool {
	found := false
	if where != nil {
		ir.Walk(where, func(n ir.Node) bool {
			_, is := n.(ir.Query)
			found = found || is
			return !found
		})
	}
	return found
}

// setsKnown tells whether assigned values are known before a row is looked at, but for the columns that are let pass.
func setsKnown(list []ir.Assign, pass func(*ir.ColumnRef) bool) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(a ir.Assign) bool {
		return slices.ContainsFunc(a.Targets, func(t ir.Target) bool { return len(t.Path) > 0 }) || !known(a.Value, pass)
	})
}

func noColumn(*ir.ColumnRef) bool { return false }

// known tells whether an expression is made of constants, arguments and columns that are let pass.
func known(x ir.Expr, pass func(*ir.ColumnRef) bool) bool {
	ok := x != nil
	if ok {
		ir.Walk(x, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.ColumnRef:
				ok = ok && pass(n)
			case *ir.Default, ir.Query:
				ok = false
			}
			return ok
		})
	}
	return ok
}

// insertsOnce tells of an INSERT that the second time finds its rows there, and leaves them as they are.
func insertsOnce(in *ir.Insert, t *catalog.Table) bool {
	rows, ok := in.Source.(*ir.Values)
	if !ok || in.With != nil || len(in.Returning) > 0 || len(in.Columns) == 0 {
		return false
	}
	for _, row := range rows.Rows {
		for _, x := range row {
			if !known(x, noColumn) {
				return false
			}
		}
	}
	given := func(name string) bool {
		return slices.ContainsFunc(in.Columns, func(c ir.Target) bool { return strings.EqualFold(c.Name.Name, name) })
	}
	// A key's column that may be NULL is no key then, or is given a number.
	says := func(name string) bool {
		c := t.Column(name, true)
		return c != nil && c.NotNull && given(name)
	}
	key := func() bool {
		k := t.PrimaryKey()
		return k != nil && !slices.ContainsFunc(k.Columns, func(c string) bool { return !says(c) })
	}
	// What the new row says, by the name that the clause has for it.
	fresh := func(ref *ir.ColumnRef) bool {
		n := len(ref.Parts)
		if n < 2 || !given(ref.Parts[n-1].Name) {
			return false
		}
		q := ref.Parts[n-2].Name
		return strings.EqualFold(q, "excluded") || in.RowAlias != nil && strings.EqualFold(q, in.RowAlias.Name.Name)
	}
	switch {
	case len(in.OnDuplicate) > 0:
		return key() && setsKnown(in.OnDuplicate, fresh)
	case in.Or == "IGNORE":
		return key()
	case len(in.OnConflict) != 1:
		return false
	}
	c := &in.OnConflict[0]
	if len(c.Target) == 0 && !key() || c.Constraint != nil || c.Where != nil || c.UpdateIf != nil {
		return false
	}
	for i := range c.Target {
		ref, ok := c.Target[i].X.(*ir.ColumnRef)
		if !ok || !says(ref.Parts[len(ref.Parts)-1].Name) {
			return false
		}
	}
	return c.Nothing || setsKnown(c.Set, fresh)
}
