package facts

import (
	"slices"
	"sort"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

// Of describes a query that was bound.
func Of(r *sem.Result) *Query {
	q := &Query{
		SQL: r.SQL, Columns: r.Columns, Params: r.Params, Placeholders: r.Placeholders,
		InsertInto: r.InsertInto, Source: r.Source, Tree: r.Tree, Rel: r.Rel, Bound: r.Bound, Catalog: r.Catalog,
	}
	if h := r.Source.Header; h != nil {
		q.Name, q.Command, q.Comments = h.Name, h.Command, h.Comments
	}
	q.Line = r.Source.Span.Root().Position().Line
	q.Reads = names(r.Effects.Reads, r.Catalog, true)
	q.Writes = names(r.Effects.Writes, r.Catalog, false)
	q.Locks = r.Effects.Locks
	q.Kind = kind(r)
	q.Deterministic = deterministic(r)
	q.Rows = rows(r)
	q.Unseen = unseen(r)
	q.Touches = touches(r, q.Kind)
	q.Idempotent = q.Kind == Write && idempotent(r, q.Command)
	return q
}

// kind tells what a statement does to data.
func kind(r *sem.Result) Kind {
	switch t := r.Tree.(type) {
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.Call:
		return Write
	case *ir.Utility:
		return utilityKind(t)
	case ir.Query:
		if len(r.Effects.Writes) > 0 {
			return Write
		}
		if s, ok := t.(*ir.Select); ok && s.Into != nil {
			return Write
		}
		for _, c := range r.Effects.Calls {
			if mayWrite(c, r.Catalog) {
				return Write
			}
		}
		return Read
	case *ir.Noted, *ir.SetSearchPath:
		return Utility
	}
	return DDL
}

// utilityKind tells the few utility statements that change data or schema from the rest.
func utilityKind(t *ir.Utility) Kind {
	switch t.Verb {
	case "TRUNCATE", "TRUNCATE TABLE", "REFRESH MATERIALIZED VIEW", "COPY", "LOAD DATA":
		return Write
	}
	return Utility
}

// deterministic tells whether a statement gives the same result over the same data.
func deterministic(r *sem.Result) bool {
	for _, c := range r.Effects.Calls {
		switch {
		case c.Volatility == "immutable":
		case c.Volatility != "stable" || contextual[c.Name] || ofUser(c, r.Catalog):
			return false
		}
	}
	return true
}

// rows bounds the rows that a query returns; a statement without result returns none.
func rows(r *sem.Result) Rows {
	if r.Rel == nil || len(r.Columns) == 0 {
		return Rows{0, 0}
	}
	c := r.Rel.Props().Card
	out := Rows{c.Min, c.Max}
	if c.Max == rel.Unbounded {
		out.Max = -1
	}
	return out
}

// names lists tables, sorted, qualified outside the default schema. With views their
// tables are listed beside them.
func names(tables []*catalog.Table, in *catalog.Snapshot, views bool) []string {
	seen := map[*catalog.Table]bool{}
	var out []string
	var add func(t *catalog.Table)
	add = func(t *catalog.Table) {
		if t == nil || seen[t] {
			return
		}
		seen[t] = true
		name := t.Name
		if t.Schema != "" && t.Schema != in.DefaultSchema {
			name = t.Schema + "." + name
		}
		out = append(out, name)
		if !views || t.Query == nil {
			return
		}
		for _, n := range mentioned(t.Query) {
			schema := n.Schema()
			under := in.Table(schema, n.Last())
			if schema == "" && under == nil {
				under = in.Table(t.Schema, n.Last())
			}
			add(under)
		}
	}
	for _, t := range tables {
		add(t)
	}
	sort.Strings(out)
	return out
}

// mentioned are the relations that a query names, names of its common table expressions among them: within its own query such a name is
// the table's.
func mentioned(q ir.Query) []ir.Name {
	var out []ir.Name
	ir.Walk(q, func(n ir.Node) bool {
		if n, ok := n.(*ir.TableRef); ok {
			out = append(out, n.Name)
		}
		return true
	})
	return out
}

// unseen tells whether a query may read tables that it does not name, by a function of the user's or by a policy.
func unseen(r *sem.Result) bool {
	return slices.ContainsFunc(r.Effects.Calls, func(c sem.Call) bool { return c.Volatility != "immutable" && (c.Unknown || ofUser(c, r.Catalog)) }) ||
		slices.ContainsFunc(r.Effects.Reads, func(t *catalog.Table) bool { return t != nil && t.RowSecurity })
}
