// Package donothingreturningone is the rule CV4405.
package donothingreturningone

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds :one queries that find no row where there is a conflict.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	in, ok := q.Tree.(*ir.Insert)
	if !ok || q.Command != "one" && q.Command != "batchone" || len(in.Returning) == 0 || fresh(q, in) || election(q, in) {
		return
	}
	const help = "DO UPDATE gives the row that is there; :maybe gives nil where nothing was written"
	for i := range in.OnConflict {
		if oc := &in.OnConflict[i]; oc.Nothing && !lookedUp(q, in, oc) {
			q.Add(q.At(oc, "where the row is there already nothing is written and RETURNING gives no row: %s, which is :%s, returns an error", q.Name, q.Command).WithHelp(help))
			return
		}
	}
	if in.Or == "IGNORE" {
		q.Add(q.AtName("where the row is there already OR IGNORE writes nothing and RETURNING gives no row: %s, which is :%s, returns an error", q.Name, q.Command).WithHelp(help))
	}
}

// fresh tells whether no row can be there already: each key of the table has a column that counts, or is a random uuid.
func fresh(q *rule.Query, in *ir.Insert) bool {
	r := q.Relation(in.Table)
	if r == nil || r.Table == nil || len(in.Columns) == 0 {
		return false
	}
	given := map[string]ir.Expr{}
	v, values := in.Source.(*ir.Values)
	for i := range in.Columns {
		given[in.Columns[i].Name.Name] = nil
		if values && len(v.Rows) == 1 && i < len(v.Rows[0]) {
			given[in.Columns[i].Name.Name] = v.Rows[0][i]
		}
	}
	unlike := func(name string) bool {
		x, written := given[name]
		if written {
			return x != nil && random(q.Text(x))
		}
		i := slices.IndexFunc(r.Table.Columns, func(c *catalog.Column) bool { return c.Name == name })
		return i >= 0 && (r.Table.Columns[i].Identity != "" || strings.HasPrefix(r.Table.Columns[i].Default, "nextval(") || random(r.Table.Columns[i].Default))
	}
	keys := 0
	for _, c := range r.Table.Constraints {
		switch c.Kind {
		case ir.Exclude:
			return false
		case ir.PrimaryKey, ir.Unique:
			if keys++; !slices.ContainsFunc(c.Columns, unlike) {
				return false
			}
		}
	}
	for _, x := range r.Table.Indexes {
		if x.Unique {
			keys++
			if !slices.ContainsFunc(x.Parts, func(p catalog.IndexPart) bool { return p.Column != "" && unlike(p.Column) }) {
				return false
			}
		}
	}
	return keys > 0
}

// lookedUp tells whether another query of the package finds the one row by exactly the columns of the conflict: get or create, where who
// calls takes no row for a sign that the row is there.
func lookedUp(q *rule.Query, in *ir.Insert, oc *ir.OnConflict) bool {
	r := q.Relation(in.Table)
	var key []string
	for i := range oc.Target {
		ref, ok := oc.Target[i].X.(*ir.ColumnRef)
		if !ok {
			return false
		}
		key = append(key, strings.ToLower(ref.Parts[len(ref.Parts)-1].Name))
	}
	if r == nil || r.Table == nil || len(key) == 0 {
		return false
	}
	return slices.ContainsFunc(access.All(q.Package), func(a *access.Access) bool {
		s, reads := a.Block.Query.(*ir.Select)
		if a.Table != r.Table || !reads || a.Query.Tree != ir.Statement(s) || a.Query.Command != "one" && a.Query.Command != "maybe" || len(a.Conds) != len(key) {
			return false
		}
		for _, c := range a.Conds {
			if c.Op != access.Equal || c.Wrap != access.Bare || c.Within != nil || c.Column == nil || !slices.Contains(key, strings.ToLower(c.Column.Name)) {
				return false
			}
		}
		return true
	})
}

// election tells of an INSERT that it takes the one row that its table can have: who finds none has lost.
func election(q *rule.Query, in *ir.Insert) bool {
	r := q.Relation(in.Table)
	return r != nil && r.Table != nil && rule.OneRow(r.Table)
}

// random tells whether an expression makes a uuid.
func random(x string) bool {
	x = strings.ToLower(x)
	for _, name := range []string{"gen_random_uuid()", "uuid_generate_v4()", "uuid_generate_v1()", "uuidv7()", "uuidv4()"} {
		if strings.Contains(x, name) {
			return true
		}
	}
	return false
}
