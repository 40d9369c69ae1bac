package rule

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

// Grouping is a block that computes aggregates.
type Grouping struct {
	Block  *sem.Block
	Select *ir.Select
	// Joined is what is grouped, Keys the columns that it is grouped by.
	Joined rel.Node
	Keys   rel.ColSet
	// Calls are the aggregates over the block's rows, those over windows left out.
	Calls []*ir.FuncCall
}

// aggregates are the functions that Grouping lists.
var aggregates = map[string]bool{"count": true, "sum": true, "total": true, "avg": true, "min": true, "max": true, "array_agg": true, "string_agg": true,
	"group_concat": true, "json_agg": true, "jsonb_agg": true, "json_arrayagg": true, "json_group_array": true, "jsonb_group_array": true,
	"json_object_agg": true, "jsonb_object_agg": true, "json_objectagg": true, "json_group_object": true, "bool_and": true, "bool_or": true, "every": true}

// AggregateName is the name of an aggregate function in small letters; "" for other functions, and over a window.
func AggregateName(f *ir.FuncCall) string {
	name := strings.ToLower(f.Name.Last())
	if f.Over != nil || !aggregates[name] || (name == "min" || name == "max") && len(f.Args) > 1 {
		return "" // SQLite's min and max over several arguments compare those
	}
	return name
}

// Groupings lists the blocks that compute aggregates; grouping sets are left out.
func (q *Query) Groupings() []Grouping {
	var out []Grouping
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		s, ok := n.(*ir.Select)
		if !ok || in == nil || in.Node == nil || len(s.From) == 0 {
			return true
		}
		joined, group := Joined(in)
		if joined == nil || group == nil || group.Sets > 0 {
			return true
		}
		g := Grouping{Block: in, Select: s, Joined: joined}
		for _, k := range group.Keys {
			g.Keys = g.Keys.With(k.ID)
		}
		q.WalkFrom(s, in, func(n ir.Node, at *sem.Block) bool {
			f, ok := n.(*ir.FuncCall)
			if ok && at == in && AggregateName(f) != "" {
				g.Calls = append(g.Calls, f)
			}
			return true
		})
		out = append(out, g)
		return true
	})
	return out
}
