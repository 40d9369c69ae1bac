// Package outerjoindefeated is the rule CV4105.
package outerjoindefeated

import (
	_ "embed"
	"regexp"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds outer joins whose rows without a partner a condition takes away.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, f := range q.Froms() {
		var where []filter
		for _, c := range rule.Conjuncts(f.Where) {
			where = append(where, filter{c, "WHERE"})
		}
		for _, t := range f.Items {
			judge(q, f.Node, t, where)
		}
	}
}

// filter is a condition that rows must fulfil behind a join.
type filter struct {
	x      ir.Expr
	clause string
}

// judge judges the joins at and below t, whose rows must fulfil the conditions behind.
func judge(q *rule.Query, of ir.Query, t ir.TableExpr, behind []filter) {
	j, ok := t.(*ir.Join)
	if !ok {
		return
	}
	l, r := behind, behind
	for _, c := range rule.Conjuncts(j.On) {
		on := filter{c, "the condition of a JOIN behind it"}
		if j.Kind == ir.InnerJoin || j.Kind == ir.RightJoin {
			l = append(l[:len(l):len(l)], on)
		}
		if j.Kind == ir.InnerJoin || j.Kind == ir.LeftJoin {
			r = append(r[:len(r):len(r)], on)
		}
	}
	judge(q, of, j.L, l)
	judge(q, of, j.R, r)
	if j.Kind == ir.LeftJoin || j.Kind == ir.FullJoin {
		padded(q, of, j, j.R, behind)
	}
	if j.Kind == ir.RightJoin || j.Kind == ir.FullJoin {
		padded(q, of, j, j.L, behind)
	}
}

// padded judges the side of an outer join that may be missing.
func padded(q *rule.Query, of ir.Query, j *ir.Join, side ir.TableExpr, behind []filter) {
	if q.Optional(j) || partnered(q, of, j, side) {
		return
	}
	var columns rel.ColSet
	for _, r := range q.Relations(side) {
		columns = columns.Union(r.Columns)
	}
	for _, f := range behind {
		v := q.Value(f.x)
		if v.NeverTrue || !v.IfTrue.Intersects(columns) || q.Optional(f.x) {
			continue
		}
		kind, name := written[j.Kind], called(q, side)
		d := q.At(f.x, "the %s keeps rows without %s, and %s throws them away: this is never true of them", kind, name, f.clause).
			WithLabel(joined(j, side), "the %s", kind)
		if j.Kind == ir.FullJoin {
			d = d.WithHelp("to keep the rows without %s, allow NULL in the condition; if they are not wanted, write a LEFT or RIGHT JOIN", name)
		} else {
			d = d.WithHelp("to keep the rows without %s, move the condition into the ON of the %s; if they are not wanted, write JOIN", name, kind)
			if e, ok := inner(j); ok {
				d = d.WithFix(diag.Fix{Title: "write JOIN, which gives the same rows", Edits: []diag.Edit{e}})
			}
		}
		q.Add(d)
		return
	}
}

// partnered tells of a join that each row has its partner, which a foreign key that is never NULL refers to, and that nothing of the
// partner is returned: the LEFT JOIN keeps no row without one, and gives nothing that might be NULL.
func partnered(q *rule.Query, of ir.Query, j *ir.Join, side ir.TableExpr) bool {
	s, selects := of.(*ir.Select)
	to := q.Relation(side)
	b, plain := j.On.(*ir.Binary)
	if !selects || j.Kind != ir.LeftJoin || to == nil || to.Table == nil || !plain || b.Op != "=" {
		return false
	}
	from, key := b.L, b.R
	if q.Value(from).Uses.Intersects(to.Columns) {
		from, key = key, from
	}
	f, k := q.Column(from), q.Column(key)
	if f == nil || k == nil || f.Source == nil || k.Source == nil || f.Source.Table == nil || k.Source.Table != to.Table || q.MayBeNull(from) {
		return false
	}
	for i := range s.Items {
		if _, star := s.Items[i].X.(*ir.Star); star || q.Value(s.Items[i].X).Uses.Intersects(to.Columns) {
			return false
		}
	}
	for _, c := range f.Source.Table.Constraints {
		if c.Kind == ir.ForeignKey && len(c.Columns) == 1 && len(c.RefColumns) == 1 && c.Columns[0] == f.Source.Name && c.RefColumns[0] == k.Source.Name &&
			q.Package.Catalog.Table(c.RefSchema, c.RefTable) == to.Table {
			return true
		}
	}
	return false
}

var written = map[ir.JoinKind]string{ir.LeftJoin: "LEFT JOIN", ir.RightJoin: "RIGHT JOIN", ir.FullJoin: "FULL JOIN"}

// called is how a message calls a side of a join.
func called(q *rule.Query, side ir.TableExpr) string {
	if list := q.Relations(side); len(list) == 1 && list[0].Name != "" {
		return list[0].Name
	}
	return "a partner"
}

// joined is the place of the outer join's own side.
func joined(j *ir.Join, side ir.TableExpr) source.Span {
	at := side.Span()
	if j.On != nil && side == j.R {
		at = at.Cover(j.On.Span())
	}
	return at
}

var words = regexp.MustCompile(`(?i)^\s*((?:LEFT|RIGHT)(?:\s+OUTER)?\s+)JOIN\b`)

// inner is the edit that makes an inner join of j.
func inner(j *ir.Join) (diag.Edit, bool) {
	at := j.L.Span()
	m := words.FindStringSubmatchIndex(at.File.Text[at.End:])
	if m == nil {
		return diag.Edit{}, false
	}
	at.Start, at.End = at.End+int32(m[2]), at.End+int32(m[3])
	return diag.Edit{Span: at}, true
}
