// Package distincthidesfanout is the rule CV5015.
package distincthidesfanout

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds DISTINCT over rows that differ anyway, and DISTINCT that takes out what a join has multiplied.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		switch n := n.(type) {
		case *ir.Select:
			if n.Distinct && in != nil && in.Query == ir.Query(n) && in.Node != nil {
				distinct(q, n, in)
			}
		case *ir.FuncCall:
			if n.Distinct && len(n.Args) == 1 && in != nil && in.Node != nil {
				within(q, n, in)
			}
		}
		return true
	})
}

func distinct(q *rule.Query, s *ir.Select, in *sem.Block) {
	d, ok := rel.Node(nil), false
	if found, is := rule.Below[*rel.Distinct](in.Node); is {
		d, ok = found.Input, len(found.On) == len(s.DistinctOn)
	}
	if !ok || len(s.Items) == 0 {
		return
	}
	p := d.Props()
	by := rel.MakeColSet(p.Cols...)
	if len(s.DistinctOn) > 0 {
		found, _ := rule.Below[*rel.Distinct](in.Node)
		by = rel.ColSet{}
		for _, k := range found.On {
			by = by.With(k.ID)
		}
	}
	at := ir.At{Pos: rule.Word("DISTINCT", s.Span(), s.Items[0].Span())}
	if at.Pos.IsZero() {
		at.Pos = s.Items[0].Span()
	}
	if len(s.DistinctOn) > 0 {
		at.Pos = s.DistinctOn[0].Span()
	}
	if p.Card.AtMost(1) || p.Rows.SubsetOf(p.FDs.Closure(by)) {
		found := q.At(at, "DISTINCT does nothing: %s", why(q, p, by)).
			WithHelp("leave DISTINCT out: the server compares all rows for it, and finds none to take out")
		q.Add(without(found, at))
		return
	}
	if len(s.DistinctOn) == 0 {
		keyless(q, at, d)
		fanout(q, at, s, d)
	}
}

// keyless finds whole rows of one table: they repeat only where the table itself holds a row twice.
func keyless(q *rule.Query, at ir.At, d rel.Node) {
	project, ok := d.(*rel.Project)
	if !ok {
		return
	}
	var selected rel.ColSet
	for _, it := range project.Items {
		selected = selected.With(it.ID)
	}
	leaves := rel.LeavesOf(project.Input).List
	if len(leaves) != 1 || !leaves[0].Node.Props().Rows.SubsetOf(project.Props().Rows) {
		return
	}
	scan, ok := leaves[0].Node.(*rel.Scan)
	if !ok || scan.Table.Kind != catalog.BaseTable || len(leaves[0].Node.Props().Keys()) > 0 {
		return
	}
	for i, c := range scan.Table.Columns {
		if cols := scan.Props().Cols; !c.Hidden && (i >= len(cols) || !selected.Has(cols[i])) {
			return
		}
	}
	q.Add(q.At(at, "DISTINCT over whole rows of %s hides that the table holds rows twice", scan.Table.Name).
		WithLabel(scan.Table.Span, "the table has no key that would keep them apart").
		WithHelp("give %s a primary key and leave DISTINCT out", scan.Table.Name))
}

// why says which columns tell the rows apart.
func why(q *rule.Query, p *rel.Props, by rel.ColSet) string {
	if p.Card.AtMost(1) {
		return "there is one row at the most"
	}
	var names []string
	p.FDs.Reduce(by).Each(func(id rel.ColID) {
		c := q.ByID(id)
		switch twice := slices.Contains(names, c.Name); {
		case twice && c.Table != nil:
			names = append(names, c.Table.Name+"."+c.Name)
		case c.Name != "" && !twice:
			names = append(names, c.Name)
		}
	})
	if len(names) == 0 {
		return "there is one row at the most"
	}
	return "no two rows have the same " + rule.List(names)
}

func without(d diag.Diagnostic, at ir.At) diag.Diagnostic {
	if !strings.EqualFold(at.Pos.Text(), "DISTINCT") {
		return d
	}
	span := at.Pos
	for text := span.File.Text; int(span.End) < len(text) && strings.ContainsRune(" \t\r\n", rune(text[span.End])); {
		span.End++
	}
	return d.WithFix(diag.Fix{Title: "Remove DISTINCT", Edits: []diag.Edit{{Span: span}}, Safe: true})
}

// fanout finds that without some relations, of which nothing is selected, all rows would differ.
func fanout(q *rule.Query, at ir.At, s *ir.Select, d rel.Node) {
	project, ok := d.(*rel.Project)
	if !ok {
		return
	}
	p := d.Props()
	leaves := rel.LeavesOf(project.Input)
	var rows, selected rel.ColSet
	for _, l := range leaves.List {
		rows = rows.With(l.Row)
	}
	for _, it := range project.Items {
		selected = selected.Union(it.Uses).With(it.ID)
	}
	for _, o := range s.OrderBy {
		selected = selected.Union(q.Reads(o.X))
	}
	if !p.Rows.SubsetOf(rows) || !rows.SubsetOf(p.Rows) {
		return // groups
	}
	closure := p.FDs.Closure(rel.MakeColSet(p.Cols...))
	var kept, multiplies []string
	var joined []ir.TableExpr
	for i := range leaves.List {
		l := &leaves.List[i]
		if closure.Has(l.Row) {
			kept = append(kept, l.Name)
			continue
		}
		if l.Name == "" || !l.Stays() || selected.Intersects(rel.MakeColSet(l.Node.Props().Cols...)) {
			return
		}
		multiplies = append(multiplies, l.Name)
		joined = append(joined, item(q, l.Row))
	}
	if len(kept) == 0 || len(multiplies) != 1 || compared(q, s, leaves) { // over a chain of joins EXISTS is no clearer
		return
	}
	found := q.At(at, "DISTINCT only takes out the copies that the join with %s makes: a row of %s is there once for each match",
		rule.List(multiplies), rule.List(kept))
	for _, t := range joined {
		if t != nil {
			found = found.WithLabel(t.Span(), "nothing of it is selected")
		}
	}
	q.Add(found.WithHelp("ask whether there is such a row instead: WHERE EXISTS (SELECT 1 FROM %s WHERE …), without DISTINCT", strings.Join(multiplies, ", ")))
}

// compared tells whether WHERE compares columns of two relations by something else than equality: few rows may be left to compare.
func compared(q *rule.Query, s *ir.Select, leaves *rel.Leaves) bool {
	for _, x := range rule.Conjuncts(s.Where) {
		b, ok := x.(*ir.Binary)
		if !ok || !slices.Contains([]string{"<>", "!=", "<", "<=", ">", ">=", "IS DISTINCT FROM"}, b.Op) {
			continue
		}
		both := 0
		for i := range leaves.List {
			if q.Reads(b).Intersects(rel.MakeColSet(leaves.List[i].Node.Props().Cols...)) {
				both++
			}
		}
		if both > 1 {
			return true
		}
	}
	return false
}

// item is the item of FROM with a row's identity.
func item(q *rule.Query, row rel.ColID) (found ir.TableExpr) {
	for _, t := range rule.Exprs[ir.TableExpr](q) {
		if r := q.Relation(t); r != nil && r.Row == row {
			found = t
		}
	}
	return found
}

// within judges DISTINCT in an aggregate.
func within(q *rule.Query, f *ir.FuncCall, in *sem.Block) {
	a, ok := rule.Below[*rel.Aggregate](in.Node)
	if !ok || a.Sets > 0 || f.Over != nil {
		return
	}
	c := q.Value(f.Args[0].X).Column
	p := a.Input.Props()
	if c == 0 || !rel.MakeColSet(c).SubsetOf(rel.MakeColSet(p.Cols...)) {
		return // of a query around
	}
	by := rel.MakeColSet(c)
	for _, k := range a.Keys {
		by = by.With(k.ID)
	}
	if !p.Rows.SubsetOf(p.FDs.Closure(by)) {
		return
	}
	at := ir.At{Pos: rule.Word("DISTINCT", f.Span(), f.Args[0].X.Span())}
	if at.Pos.IsZero() {
		at.Pos = f.Span()
	}
	what := "no two rows that are counted"
	if !strings.EqualFold(f.Name.Last(), "count") {
		what = "no two rows that are aggregated"
	}
	found := q.At(at, "DISTINCT does nothing in %s(): %s have the same %s", f.Name.Last(), what, q.ByID(c).Name).
		WithHelp("leave DISTINCT out: the server sorts or hashes all values for it")
	q.Add(without(found, at))
}
