package catalog

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
)

func (b *Builder) createView(n *ir.CreateView) {
	sc := b.target(n.Name)
	if sc == nil {
		return
	}
	old := sc.tables[b.s.fold(n.Name.Last())]
	if old != nil {
		if n.IfNotExists {
			return
		}
		if !n.OrReplace || old.Kind == BaseTable {
			b.duplicate(nameSpan(n.Name), "relation", n.Name.String(), old.Span)
			return
		}
	}
	t := &Table{
		Schema: sc.Name, Name: n.Name.Last(), Kind: View, Temp: n.Temp,
		Query: n.Query, Text: n.QueryText, Options: options(n.Options), Span: nameSpan(n.Name),
	}
	if n.Materialized {
		t.Kind = MaterializedView
	}
	if n.CheckOption != "" {
		if t.Options == nil {
			t.Options = map[string]string{}
		}
		t.Options["check_option"] = strings.ToLower(n.CheckOption)
	}
	query := n.Query
	if n.Recursive {
		query = recursiveView(n)
	}
	if b.rules.Columns != nil && query != nil {
		cols, ds := b.rules.Columns(query, n.Columns, b.s)
		b.diags.Add(ds...)
		for _, c := range cols {
			c.Table = t
			c.Comment = "" // that of the table's column is not the view's
			if c.Span.IsZero() {
				c.Span = t.Span
			}
		}
		t.Columns = cols
	}
	if old != nil {
		sc.Tables[slices.Index(sc.Tables, old)] = t
		sc.tables[b.s.fold(t.Name)] = t
		return
	}
	sc.put(b.s, t)
}

// recursiveView spells CREATE RECURSIVE VIEW v (c) AS q as the standard does:
// WITH RECURSIVE v (c) AS (q) SELECT c FROM v.
func recursiveView(n *ir.CreateView) ir.Query {
	name := n.Name.Parts[len(n.Name.Parts)-1]
	s := &ir.Select{At: n.At}
	s.With = &ir.With{At: n.At, Recursive: true, CTEs: []ir.CTE{{At: n.At, Name: name, Columns: n.Columns, Query: n.Query}}}
	s.Items = []ir.SelectItem{{At: n.At, X: &ir.Star{At: n.At}}}
	s.From = []ir.TableExpr{&ir.TableRef{At: n.At, Name: ir.Name{At: name.At, Parts: []ir.Ident{name}}}}
	return s
}
