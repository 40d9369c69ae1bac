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
	// Partitions, children and tables that foreign keys change have triggers of their own.
	if len(r.Effects.Writes) != 1 || slices.Contains(touches(r, Write), Anything) || moving(r.Tree) {
		return false
	}
	switch t := r.Tree.(type) {
	case *ir.Insert:
		return insertsOnce(r, t, r.Effects.Writes[0])
	case *ir.Update:
		return t.With == nil && len(t.Tables) == 1 && len(t.From) == 0 && t.Limit == nil && !asks(t.Where) && setsKnown(t.Set) && len(t.Returning) == 0
	case *ir.Delete:
		return t.With == nil && !t.Multi && len(t.Tables) == 1 && len(t.From) == 0 && t.Limit == nil && !asks(t.Where) && len(t.Returning) == 0
	}
	return false
}

// plainTarget tells of a table without triggers of the user's, which is no view.
func plainTarget(t *catalog.Table, in *catalog.Snapshot) bool {
	if t == nil || t.Kind != catalog.BaseTable || in.Ruled {
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

// moving tells whether a statement names what is another thing the next time: the time in a text ('now', which PostgreSQL reads as it
// does the column's type), a variable of the session, the place of a row.
func moving(stmt ir.Statement) bool {
	found := false
	ir.Walk(stmt, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Literal:
			switch word, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(n.Text)), " "); word {
			case "now", "today", "tomorrow", "yesterday":
				found = true
			}
		case *ir.Variable:
			found = true
		case *ir.ColumnRef:
			switch strings.ToLower(n.Parts[len(n.Parts)-1].Name) {
			case "ctid", "xmin", "xmax", "cmin", "cmax":
				found = true
			}
		}
		return !found
	})
	return found
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

// setsKnown tells whether assigned values are known before a row is looked at.
func setsKnown(list []ir.Assign) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(a ir.Assign) bool {
		return slices.ContainsFunc(a.Targets, func(t ir.Target) bool { return len(t.Path) > 0 }) || !known(a.Value)
	})
}

// known tells whether an expression is made of constants and arguments.
func known(x ir.Expr) bool {
	ok := x != nil
	if ok {
		ir.Walk(x, func(n ir.Node) bool {
			switch n.(type) {
			case *ir.ColumnRef, *ir.Default, *ir.Variable, ir.Query:
				ok = false
			}
			return ok
		})
	}
	return ok
}

// isValue tells of an argument or a constant that is never NULL.
func isValue(r *sem.Result, x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Literal:
		return x.Kind != ir.Null
	case *ir.Param:
		number := r.Source.Params[x.Ref].Number
		return slices.ContainsFunc(r.Params, func(p sem.Param) bool { return p.Number == number && !p.Nullable })
	}
	return false
}

// insertsOnce tells of an INSERT that the second time finds its rows there, and leaves them as they are.
func insertsOnce(r *sem.Result, in *ir.Insert, t *catalog.Table) bool {
	rows, ok := in.Source.(*ir.Values)
	if !ok || in.With != nil || len(in.Returning) > 0 || len(in.Columns) == 0 || in.Overriding == "USER" {
		return false
	}
	for _, row := range rows.Rows {
		for _, x := range row {
			if !known(x) {
				return false
			}
		}
	}
	given := func(name string) bool {
		return slices.ContainsFunc(in.Columns, func(c ir.Target) bool { return strings.EqualFold(c.Name.Name, name) })
	}
	// A key's column that may be NULL is no key then, or is given a number: by SQLite where NULL is inserted, by MySQL also for 0.
	says := func(name string) bool {
		c := t.Column(name, true)
		if c == nil || !c.NotNull || c.Identity == "auto_increment" {
			return false
		}
		at := slices.IndexFunc(in.Columns, func(c ir.Target) bool { return strings.EqualFold(c.Name.Name, name) })
		return at >= 0 && !slices.ContainsFunc(rows.Rows, func(row []ir.Expr) bool { return at >= len(row) || !isValue(r, row[at]) })
	}
	key := func() bool {
		k := t.PrimaryKey()
		return k != nil && !k.Deferrable && !slices.ContainsFunc(k.Columns, func(c string) bool { return !says(c) })
	}
	// Each column is set to what the new row says for it, by the name that the clause has for that row: the row that the first run inserts
	// is the one that the second one sets.
	same := func(list []ir.Assign) bool {
		return len(list) > 0 && !slices.ContainsFunc(list, func(a ir.Assign) bool {
			ref, ok := a.Value.(*ir.ColumnRef)
			if !ok || len(a.Targets) != 1 || len(a.Targets[0].Path) > 0 {
				return true
			}
			n, name := len(ref.Parts), a.Targets[0].Name.Name
			if n < 2 || !strings.EqualFold(ref.Parts[n-1].Name, name) || !given(name) {
				return true
			}
			q := ref.Parts[n-2].Name
			return !strings.EqualFold(q, "excluded") && (in.RowAlias == nil || !strings.EqualFold(q, in.RowAlias.Name.Name))
		})
	}
	switch {
	case len(in.OnDuplicate) > 0:
		return key() && len(rows.Rows) == 1 && same(in.OnDuplicate)
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
	return c.Nothing || same(c.Set)
}
