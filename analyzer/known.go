package analyzer

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/cel"
	"github.com/covetsql/covetsql/analyzer/plan"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

// known is what rules of a team see of a query. Of a query whose tree was not kept it is what facts tell.
func known(q *rule.Query, sql string) *cel.Known {
	f := q.Query
	k := &cel.Known{
		Query: cel.Query{SQL: sql, Name: f.Name, Command: strings.TrimPrefix(f.Command, ":")},
		Kind:  string(f.Kind), Rows: cel.Rows{Min: f.Rows.Min, Max: f.Rows.Max}, Reads: f.Reads, Writes: f.Writes, Locks: f.Locks,
		Deterministic: f.Deterministic, Comments: f.Comments, File: f.Source.Span.Root().Position().Path,
	}
	for _, p := range f.Params {
		c := cel.Parameter{Number: p.Number, Name: p.Name, Type: p.Type.String(), Nullable: p.Nullable, List: p.Slice || p.Type.Dims > 0}
		if p.Source != nil && p.Table != nil {
			c.Table, c.Column = p.Table.Name, p.Source.Name
		}
		k.Params = append(k.Params, c)
	}
	for _, c := range f.Columns {
		r := cel.ResultColumn{Name: c.Name, Type: c.Type.String(), Nullable: !c.Null.IsNever()}
		if c.Source != nil && c.Table != nil {
			r.Table, r.Source = c.Table.Name, c.Source.Name
		}
		k.Columns = append(k.Columns, r)
	}
	if f.Bound == nil {
		return k
	}
	w := &knower{q: q, k: k}
	w.tree()
	return k
}

// knower reads the tree of a query.
type knower struct {
	q *rule.Query
	k *cel.Known
}

func (w *knower) tree() {
	q := w.q
	var rows []*sem.Relation
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		switch n := n.(type) {
		case *ir.Join:
			w.join(n)
		case *ir.Insert:
			if r := q.Relation(n.Table); r != nil && r.Table != nil {
				for _, c := range n.Columns {
					w.k.Sets = append(w.k.Sets, cel.Set{Table: r.Table.Name, Column: named(r.Table, c.Name.Name)})
				}
			}
		case *ir.Update:
			w.updated(n)
		}
		if t, ok := n.(ir.TableExpr); ok {
			if r := q.Relation(t); r != nil && r.Table != nil && !slices.Contains(rows, r) {
				rows = append(rows, r)
				w.k.Tables = append(w.k.Tables, cel.Use{Name: r.Table.Name, Schema: r.Table.Schema, Alias: r.Name})
			}
		}
		return true
	})
	clauses := map[rule.Clause]string{rule.Where: "where", rule.On: "on", rule.Having: "having"}
	for _, c := range q.Conditions() {
		clause := clauses[c.Clause]
		if clause == "" {
			continue
		}
		always := rule.Conjuncts(c.X)
		ir.Walk(c.X, func(n ir.Node) bool {
			if _, sub := n.(ir.Query); sub {
				return false // its conditions are listed with it
			}
			if x, ok := n.(ir.Expr); ok {
				w.predicates(x, clause, slices.Contains(always, x))
			}
			return true
		})
	}
	if s, ok := q.Tree.(*ir.Select); ok {
		w.outermost(s)
	}
}

// named is a column's name as the schema writes it.
func named(t *catalog.Table, name string) string {
	for _, c := range t.Columns {
		if strings.EqualFold(c.Name, name) {
			return c.Name
		}
	}
	return name
}

func (w *knower) updated(u *ir.Update) {
	for _, a := range u.Set {
		for _, target := range a.Targets {
			for _, t := range u.Tables {
				ref, ok := t.(*ir.TableRef)
				if !ok {
					continue
				}
				r := w.q.Relation(ref)
				if r == nil || r.Table == nil || len(target.Qualifier) > 0 && !strings.EqualFold(target.Qualifier[len(target.Qualifier)-1].Name, r.Name) {
					continue
				}
				w.k.Sets = append(w.k.Sets, cel.Set{Table: r.Table.Name, Column: named(r.Table, target.Name.Name)})
				break
			}
		}
	}
}

var joinKinds = map[ir.JoinKind]string{ir.InnerJoin: "inner", ir.LeftJoin: "left", ir.RightJoin: "right", ir.FullJoin: "full"}

func (w *knower) join(j *ir.Join) {
	out := cel.Join{Kind: joinKinds[j.Kind]}
	if j.Cross {
		out.Kind = "cross"
	}
	if r := w.q.Relation(j.R); r != nil && r.Table != nil {
		out.Table = r.Table.Name
	}
	if j.On != nil {
		out.Condition = w.q.Text(j.On)
	}
	w.k.Joins = append(w.k.Joins, out)
}

// predicates lists the comparisons that x is: one for each column of it.
func (w *knower) predicates(x ir.Expr, clause string, always bool) {
	not := func(is bool, op string) string {
		if is {
			return "NOT " + op
		}
		return op
	}
	switch x := x.(type) {
	case *ir.Binary:
		w.predicate(x.L, x.Op, []ir.Expr{x.R}, clause, always)
		w.predicate(x.R, mirrored(x.Op), []ir.Expr{x.L}, clause, always)
	case *ir.In:
		w.predicate(x.X, not(x.Not, "IN"), x.List, clause, always)
	case *ir.Quantified:
		how := " ANY"
		if x.All {
			how = " ALL"
		}
		var with []ir.Expr
		if x.Array != nil {
			with = append(with, x.Array)
		}
		w.predicate(x.X, x.Op+how, with, clause, always)
	case *ir.Like:
		w.predicate(x.X, not(x.Not, x.Op), []ir.Expr{x.Pattern}, clause, always)
	case *ir.Between:
		w.predicate(x.X, not(x.Not, "BETWEEN"), []ir.Expr{x.Lo, x.Hi}, clause, always)
	case *ir.IsTest:
		op := "IS " + x.What
		if x.Not {
			op = "IS NOT " + x.What
		}
		w.predicate(x.X, op, nil, clause, always)
	}
}

func mirrored(op string) string {
	if m, ok := map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<="}[op]; ok {
		return m
	}
	return op
}

func (w *knower) predicate(x ir.Expr, op string, with []ir.Expr, clause string, always bool) {
	c := w.q.Column(x)
	if c == nil || c.Source == nil {
		return
	}
	p := cel.Predicate{Column: c.Source.Name, Operator: op, Clause: clause, Always: always, With: "expression"}
	if c.Table != nil {
		p.Table = c.Table.Name
	}
	if ref, ok := x.(*ir.ColumnRef); ok && len(ref.Parts) > 1 {
		p.Alias = ref.Parts[len(ref.Parts)-2].Name
	}
	if len(with) == 0 && strings.HasPrefix(op, "IS ") {
		p.With = "null"
	}
	if len(with) > 0 {
		switch o := with[0].(type) {
		case *ir.Param:
			p.With = "param"
			if a := w.q.Param(o); a != nil {
				p.Param = a.Number
			}
		default:
			v := w.q.Value(o)
			switch {
			case v.Constant != nil:
				p.With, p.Value = "constant", v.Constant.Text
			case v.Column != 0:
				p.With, p.Value = "column", w.q.Text(o)
			default:
				ir.Walk(o, func(n ir.Node) bool { // a parameter that is cast is one
					if a, ok := n.(*ir.Param); ok && v.Uses.Empty() && w.q.Param(a) != nil {
						p.With, p.Param = "param", w.q.Param(a).Number
					}
					return true
				})
			}
		}
	}
	w.k.Predicates = append(w.k.Predicates, p)
}

func (w *knower) outermost(s *ir.Select) {
	for _, i := range s.Items {
		if star, ok := i.X.(*ir.Star); ok && !star.Embed {
			w.k.Star = true
		}
	}
	for i := range s.OrderBy {
		o := &s.OrderBy[i]
		item := cel.Order{Desc: o.Desc, Text: w.q.Text(o.X)}
		if k := w.q.Block(s); k != nil {
			if id := w.q.OrderColumn(k, o.X); id != 0 && w.q.ByID(id).Source != nil {
				c := w.q.ByID(id)
				item.Column = c.Source.Name
				if c.Table != nil {
					item.Table = c.Table.Name
				}
			}
		}
		w.k.OrderBy = append(w.k.OrderBy, item)
	}
	if s.Limit == nil {
		return
	}
	w.k.Limit = &cel.Limit{Count: -1}
	switch l := s.Limit.(type) {
	case *ir.Literal:
		w.k.Limit.Count = whole(l.Text)
	case *ir.Param:
		if a := w.q.Param(l); a != nil {
			w.k.Limit.Param = a.Number
		}
	}
}

// whole is a number as it is written, -1 for what is none.
func whole(text string) int64 {
	var n int64
	for _, c := range text {
		if c < '0' || c > '9' || n > 1<<58 {
			return -1
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

var tableKinds = map[catalog.TableKind]string{catalog.BaseTable: "table", catalog.View: "view", catalog.MaterializedView: "materialized view", catalog.VirtualTable: "virtual table"}

// knownTable is what rules see of a table.
func knownTable(t *catalog.Table) cel.Table {
	out := cel.Table{Name: t.Name, Schema: t.Schema, Kind: tableKinds[t.Kind], Comment: t.Comment}
	for _, c := range t.Columns {
		if !c.Hidden {
			out.Columns = append(out.Columns, cel.Column{Name: c.Name, Type: c.Type.String(), Nullable: !c.NotNull, Default: c.Default,
				Generated: c.Generated != "" || c.Identity != "", Comment: c.Comment})
		}
	}
	for _, c := range t.Constraints {
		switch c.Kind {
		case ir.PrimaryKey:
			out.PrimaryKey = c.Columns
			out.Keys = append(out.Keys, cel.Key{Columns: c.Columns})
		case ir.Unique:
			out.Keys = append(out.Keys, cel.Key{Columns: c.Columns})
		case ir.ForeignKey:
			out.ForeignKeys = append(out.ForeignKeys, cel.ForeignKey{Columns: c.Columns, Table: c.RefTable, References: c.RefColumns, OnDelete: c.OnDelete})
		}
	}
	for _, ix := range t.Indexes {
		i := cel.Index{Name: ix.Name, Unique: ix.Unique, Where: ix.Where}
		for _, p := range ix.Parts {
			i.Columns = append(i.Columns, p.Column)
		}
		out.Indexes = append(out.Indexes, i)
	}
	return out
}

// knownSchema is what rules see of the block's schema.
func (v *vetting) knownSchema() (any, error) {
	s := &cel.Schema{}
	for _, t := range tables(v.pkg.Catalog) {
		s.Tables = append(s.Tables, knownTable(t))
	}
	return cel.SchemaOf(s)
}

// tables are those of a schema that the user made, in order of creation.
func tables(s *catalog.Snapshot) []*catalog.Table {
	var out []*catalog.Table
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			if !t.Span.IsZero() && !slices.Contains(s.Implicit, sc.Name) {
				out = append(out, t)
			}
		}
	}
	return out
}

// knownPlan is what rules see of a plan.
func knownPlan(p *plan.Plan) *cel.Plan {
	out := &cel.Plan{Cost: p.Cost}
	p.Walk(func(n *plan.Node, above []*plan.Node) {
		out.Nodes = append(out.Nodes, cel.Node{Kind: string(n.Kind), Table: n.Table, Alias: n.Called(), Index: n.Index, Covering: n.Covering, Cond: n.Cond,
			Filter: n.Filter, Keys: n.Keys, Rows: n.Rows, Read: n.Read, Cost: n.Cost, PerRow: n.PerRow, Depth: len(above)})
	})
	return out
}

// ofVariant is the query that a text is a variant of, with its own tree; nil for a text with some of several parts.
func ofVariant(q *facts.Query, sql int) *facts.Query {
	if q.Variants == nil {
		return q
	}
	for _, end := range q.Variants.Ends {
		if end.SQL == q.Variants.Texts[sql] {
			return end
		}
	}
	return nil
}
