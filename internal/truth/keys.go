package truth

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/rel"
)

// CheckKeys holds an answer's rows against what rel proved of keys and of dependencies among the result's
// columns: no two rows may agree on a key, and rows that agree on what determines a column agree on it.
// Values are compared as a client reads them, NULL as one value, as functional dependencies do.
func CheckKeys(q *facts.Query, a *Answer) []Finding {
	if q.Rel == nil || len(a.Rows) < 2 {
		return nil
	}
	p := q.Rel.Props()
	if len(p.Cols) != len(q.Columns) || len(p.Cols) != len(a.Rows[0]) {
		return nil
	}
	var out []Finding
	for _, key := range p.Keys() {
		at := positions(p, key)
		seen := make(map[string]bool, len(a.Rows))
		for _, row := range a.Rows {
			k := pick(row, at)
			if seen[k] {
				out = append(out, Finding{UnsoundKey, "key " + named(q, at), "one row", "two of " + k})
				break
			}
			seen[k] = true
		}
	}
	for _, from := range determinants(p) {
		at := positions(p, from)
		to := positions(p, p.FDs.Closure(from).Minus(from))
		if len(to) == 0 {
			continue
		}
		seen := make(map[string]string, len(a.Rows))
		for _, row := range a.Rows {
			k, v := pick(row, at), pick(row, to)
			if have, ok := seen[k]; ok && have != v {
				out = append(out, Finding{UnsoundKey, named(q, at) + " determines " + named(q, to), "one value", have + " and " + v})
				break
			}
			seen[k] = v
		}
	}
	return out
}

// determinants are the sets whose closures are tried: nothing, and each column alone.
func determinants(p *rel.Props) []rel.ColSet {
	sets := []rel.ColSet{{}}
	for i, id := range p.Cols {
		if !slices.Contains(p.Cols[:i], id) {
			sets = append(sets, rel.MakeColSet(id))
		}
	}
	return sets
}

// positions are where the columns of a set stand in the result.
func positions(p *rel.Props, set rel.ColSet) []int {
	var at []int
	for i, id := range p.Cols {
		if set.Has(id) {
			at = append(at, i)
		}
	}
	return at
}

// pick spells some of a row's values so that equal texts are equal values.
func pick(row []Value, at []int) string {
	var b strings.Builder
	for _, i := range at {
		if v := row[i]; v.Null {
			b.WriteString("NULL ")
		} else {
			fmt.Fprintf(&b, "%s%q ", v.Class, v.Text)
		}
	}
	return b.String()
}

func named(q *facts.Query, at []int) string {
	names := make([]string, len(at))
	for i, j := range at {
		names[i] = q.Columns[j].Name
	}
	return "(" + strings.Join(names, ", ") + ")"
}
