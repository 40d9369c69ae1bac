// Package unusedjoin is the rule CV5024.
package unusedjoin

import (
	_ "embed"
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds joins with a relation of which nothing is read, and which takes no row away.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	if spliced(q) {
		return
	}
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		s, ok := n.(*ir.Select)
		if ok && in != nil && in.Query == ir.Query(s) && in.Node != nil && len(s.Locking) == 0 {
			for _, t := range s.From {
				joins(q, s, in, t)
			}
		}
		return true
	})
}

// marker begins a comment in a statement's body that a program replaces: what it puts there may read any relation.
var marker = regexp.MustCompile(`(?m)^[^'"\n]*--[ \t]*@[A-Za-z]`)

func spliced(q *rule.Query) bool {
	body := q.Source.Span
	if body.File == nil {
		return false
	}
	after := body.File.Text[body.End:] // a comment may stand before the semicolon
	if i := strings.IndexByte(after, ';'); i >= 0 {
		after = after[:i]
	}
	return marker.MatchString(body.Text() + after)
}

func joins(q *rule.Query, s *ir.Select, in *sem.Block, t ir.TableExpr) {
	j, ok := t.(*ir.Join)
	if !ok || j.Alias != nil {
		return
	}
	joins(q, s, in, j.L)
	joins(q, s, in, j.R)
	if j.Natural || j.Cross || j.On == nil && len(j.Using) == 0 {
		return
	}
	r := q.Relation(j.R)
	if r == nil || readsOf(q, j).Intersects(r.Columns) {
		return
	}
	n := find(in.Node, r.Row)
	if n == nil || n.Volatile || r.Table != nil && r.Table.Span.IsZero() { // of the server's own tables the keys are not known
		return
	}
	name := r.Name
	_, groups := rule.Below[*rel.Aggregate](in.Node)
	keep, other := n.L.Props(), n.R.Props()
	switch {
	case j.Kind == ir.LeftJoin && other.Rows.SubsetOf(n.Props().FDs.Closure(keep.Rows)):
		q.Add(q.At(j.R, "nothing of %s is read, and a LEFT JOIN takes no row away: it is looked up for nothing", name).
			WithHelp("leave the join out").WithFix(remove(j)))
	case j.Kind == ir.LeftJoin && !groups && s.Distinct:
		q.Add(q.At(j.R, "nothing of %s is read: the join only makes copies, which DISTINCT takes out again", name).
			WithHelp("leave the join out, and DISTINCT where rows do not repeat without it"))
	case j.Kind == ir.LeftJoin && !groups:
		q.Add(q.At(j.R, "nothing of %s is read: all that the join does is to give a row again for each further match", name).
			WithHelp("leave the join out, or write JOIN, or EXISTS, if only rows with a match are meant"))
	case j.Kind == ir.RightJoin && !groups:
		q.Add(q.At(j.R, "nothing of %s is read: all that RIGHT JOIN adds to JOIN are rows of nothing but NULL", name).
			WithHelp("write JOIN, or leave it out"))
	case j.Kind == ir.InnerJoin:
		if fk, from := referred(q, n, r, j); fk != nil {
			q.Add(q.At(j.R, "nothing of %s is read, and the foreign key of %s says that there is exactly one row: it is looked up for nothing", name, from.Name).
				WithLabel(fk.Span, "the foreign key").WithHelp("leave the join out").WithFix(remove(j)))
		}
	}
}

func remove(j *ir.Join) diag.Fix {
	return diag.Fix{Title: "Remove the join", Safe: true,
		Edits: []diag.Edit{{Span: source.Span{File: j.Span().File, Start: j.L.Span().End, End: j.Span().End}}}}
}

// readsOf are the columns that the statement reads outside of a join's condition.
func readsOf(q *rule.Query, j *ir.Join) rel.ColSet {
	var out rel.ColSet
	for _, k := range q.Bound.Blocks() {
		for _, c := range k.Columns {
			out = out.With(c.ID)
		}
		if project, ok := rule.Below[*rel.Project](k.Node); ok {
			for _, it := range project.Items {
				out = out.Union(it.Uses)
			}
		}
	}
	ir.Walk(q.Tree, func(n ir.Node) bool {
		if n == ir.Node(j.On) {
			return false
		}
		if x, ok := n.(ir.Expr); ok {
			out = out.Union(q.Value(x).Uses)
		}
		return true
	})
	return out
}

// find is the join below n whose right side is the relation of row.
func find(n rel.Node, row rel.ColID) *rel.Join {
	if j, ok := n.(*rel.Join); ok {
		if j.R.Props().Rows.Has(row) && j.R.Props().Rows.Len() == 1 {
			return j
		}
		if found := find(j.L, row); found != nil {
			return found
		}
		return find(j.R, row)
	}
	switch n := n.(type) {
	case *rel.With:
		return find(n.Input, row)
	case *rel.Filter, *rel.Aggregate, *rel.Window, *rel.Project, *rel.Distinct, *rel.Sort, *rel.Limit, *rel.Lock:
		return find(n.Inputs()[0], row)
	}
	return nil
}

// referred is the foreign key that gives each row of the left side exactly one of the right, and the table that has it.
func referred(q *rule.Query, n *rel.Join, r *sem.Relation, j *ir.Join) (*catalog.Constraint, *catalog.Table) {
	target := r.Table
	if target == nil || target.Kind != catalog.BaseTable || target.RowSecurity || target.HasChildren || !q.Package.Traits.ForeignKeysHold {
		return nil, nil
	}
	if _, plain := n.R.(*rel.Scan); !plain || j.On == nil {
		return nil, nil
	}
	pairs := map[string]string{} // the referring column by the one that it refers to
	var from *catalog.Table
	for _, x := range rule.Conjuncts(j.On) {
		e, ok := x.(*ir.Binary)
		if !ok || e.Op != "=" {
			return nil, nil
		}
		own, other := q.Value(e.L).Column, q.Value(e.R).Column
		if own == 0 || other == 0 {
			return nil, nil
		}
		if r.Columns.Has(own) {
			own, other = other, own
		}
		a, b := q.ByID(own), q.ByID(other)
		if a.Source == nil || b.Source == nil || !r.Columns.Has(other) {
			return nil, nil
		}
		if b.Table != target || !n.L.Props().NotNull.Has(own) || from != nil && a.Table != from {
			return nil, nil
		}
		from, pairs[b.Source.Name] = a.Table, a.Source.Name
	}
	if from.Kind != catalog.BaseTable || from.HasChildren {
		return nil, nil
	}
	for _, fk := range from.Constraints {
		if fk.Kind != ir.ForeignKey || fk.NotValid || fk.Deferrable || len(fk.Columns) != len(pairs) || q.Catalog.Table(fk.RefSchema, fk.RefTable) != target {
			continue
		}
		fits := len(fk.RefColumns) == len(fk.Columns)
		for i := range fk.Columns {
			fits = fits && pairs[fk.RefColumns[i]] == fk.Columns[i]
		}
		if fits {
			return fk, from
		}
	}
	return nil, nil
}
