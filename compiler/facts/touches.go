package facts

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

// Anything stands in Query.Touches for all tables.
const Anything = "*"

// touches are the tables whose rows a statement may change: those that it writes, those that foreign keys change with them, and the other
// tables of the same partitions; all of them where a trigger, a rule, a view or a function may write what is not seen.
func touches(r *sem.Result, kind Kind) []string {
	switch kind {
	case Read:
		return nil
	case Utility:
		if writesNothing(r.Tree) {
			return nil
		}
		return []string{Anything} // DO, EXECUTE, EXPLAIN ANALYZE: what is run there is not seen
	case DDL:
		return []string{Anything}
	}
	if len(r.Effects.Writes) == 0 {
		return []string{Anything}
	}
	for _, c := range r.Effects.Calls {
		if mayWrite(c, r.Catalog) {
			return []string{Anything}
		}
	}
	seen := map[*catalog.Table]bool{}
	list := slices.Clone(r.Effects.Writes)
	for len(list) > 0 {
		t := list[0]
		list = list[1:]
		if t == nil || !plainTarget(t, r.Catalog) {
			return []string{Anything}
		}
		if seen[t] {
			continue
		}
		seen[t] = true
		for _, s := range r.Catalog.Schemas {
			for _, other := range s.Tables {
				if sameRows(t, other) || changesWith(other, t, r.Catalog) {
					list = append(list, other)
				}
			}
		}
	}
	all := make([]*catalog.Table, 0, len(seen))
	for t := range seen {
		all = append(all, t)
	}
	return names(all, r.Catalog, false)
}

// changesWith tells whether a foreign key of a table changes its rows with those of another.
func changesWith(t, of *catalog.Table, in *catalog.Snapshot) bool {
	return slices.ContainsFunc(t.Constraints, func(c *catalog.Constraint) bool {
		return c.RefTable != "" && (acts(c.OnDelete) || acts(c.OnUpdate)) && in.Table(c.RefSchema, c.RefTable) == of
	})
}

func acts(action string) bool {
	a := strings.ToUpper(action)
	return strings.HasPrefix(a, "CASCADE") || strings.HasPrefix(a, "SET ")
}

// sameRows tells whether one of two tables is a partition or a child of the other.
func sameRows(a, b *catalog.Table) bool { return childOf(a, b) || childOf(b, a) }

func childOf(t, of *catalog.Table) bool {
	if t == of {
		return false
	}
	for _, name := range append(slices.Clone(t.Inherits), t.PartitionOf) {
		if name != "" && (strings.EqualFold(name, of.Name) || strings.HasSuffix(name, "."+of.Name)) {
			return true
		}
	}
	return false
}

// writesNothing tells of a statement of the kind Utility that changes no rows.
func writesNothing(t ir.Statement) bool {
	verb := "SET"
	switch t := t.(type) {
	case *ir.Noted:
		verb = t.Verb
	case *ir.Utility:
		verb = t.Verb
	}
	first, _, _ := strings.Cut(verb, " ")
	switch first {
	case "SET", "RESET", "SHOW", "LISTEN", "UNLISTEN", "NOTIFY", "LOCK", "UNLOCK", "VACUUM", "ANALYZE", "BEGIN", "START", "SAVEPOINT", "USE", "KILL", "FLUSH":
		return true
	}
	return false
}
