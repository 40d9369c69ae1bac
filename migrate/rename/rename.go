// Package rename says which of the things that a schema lost are things that it gained under another name. It guesses by names, types, keys and the
// places where queries use them, and tells how sure it is and why; what to do with a guess is the caller's. It reads no
// database and drops nothing.
package rename

import (
	"cmp"
	"math"
	"slices"
)

// Column is what is known of a dropped or an added column. Texts are compared as they stand: take them of one server.
type Column struct {
	Name string
	// Type is the whole type as the engine writes it, modifiers included.
	Type    string
	NotNull bool
	// Default, Generated, Identity, Collation and Comment are as in catalog.Column.
	Default, Generated, Identity, Collation, Comment string
	// Refers is the table that a foreign key over the column alone refers to, "" for none.
	Refers string
	// Key tells that the column is in the primary key.
	Key bool
	// Roles are the definitions of the table's keys, indexes and checks that name the column, the column's name in them
	// replaced by a mark, and the names of other dropped or added columns by another.
	Roles []string
	// Before and After are the columns beside it in the schema's text, "" at its ends. Both empty: not known.
	Before, After string
	// Sites are the places where compiled queries use the column: the query's name, the clause and how often.
	Sites []string
}

// Table is a table that both schemas have, or that was renamed, with the columns that only one has.
type Table struct {
	Name           string
	Dropped, Added []Column
	// Kept are the names of the columns that both have.
	Kept []string
	// RolesKnown, PlacesKnown and SitesKnown tell that Roles, Before and After, and Sites are filled in.
	RolesKnown, PlacesKnown, SitesKnown bool
}

// Candidate is a rename that may have been meant.
type Candidate struct {
	Old, New string
	// P is how likely it is, from 0 to 1, as real migrations of other projects went.
	P float64
	// Certain: each use of the old name in the queries is one of the new name now, the definition is the same, and nothing else could be
	// meant.
	Certain bool
	// Evidence says for people what speaks for it, the strongest first.
	Evidence []string
}

// Least is the likelihood under which a pair is not worth a question.
const Least = 0.2

// Columns gives the renames of a table's columns that are likely together: each old name and each new one is in at most one of them, and
// the sum of their likelihoods, as log-odds, is the greatest that there is. The likeliest comes first.
func Columns(t Table) []Candidate {
	var out []Candidate
	odds := make([][]float64, len(t.Dropped))
	for i := range t.Dropped {
		odds[i] = make([]float64, len(t.Added))
		for j := range t.Added {
			odds[i][j] = logOdds(features(t, i, j))
		}
	}
	for i, j := range best(odds, math.Log(Least/(1-Least))) {
		if j < 0 {
			continue
		}
		c := Candidate{Old: t.Dropped[i].Name, New: t.Added[j].Name, P: 1 / (1 + math.Exp(-odds[i][j]))}
		c.Certain = certain(t, i, j)
		c.Evidence = evidence(t, i, j)
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b Candidate) int { return cmp.Compare(b.P, a.P) })
	return out
}

// best assigns rows to columns so that the sum is greatest, where each row may stay alone for least: -1.
func best(odds [][]float64, least float64) []int {
	if len(odds) == 0 {
		return nil
	}
	added := len(odds[0])
	cost := make([][]float64, len(odds))
	for i := range odds {
		cost[i] = make([]float64, added+len(odds))
		for j := range cost[i] {
			if j < added {
				cost[i][j] = -odds[i][j]
			} else {
				cost[i][j] = -least
			}
		}
	}
	out := assign(cost)
	for i, j := range out {
		if j >= added {
			out[i] = -1
		}
	}
	return out
}

// certain tells whether the queries prove a rename: they used the old column, they use the new one in the very same places,
// the definitions are equal, and no other pair of the table has either.
func certain(t Table, i, j int) bool {
	o, n := t.Dropped[i], t.Added[j]
	if !t.SitesKnown || len(o.Sites) == 0 || !sameSet(o.Sites, n.Sites) || !identical(o, n) {
		return false
	}
	for k := range t.Dropped {
		if k != i && sameSet(t.Dropped[k].Sites, o.Sites) {
			return false
		}
	}
	for k := range t.Added {
		if k != j && sameSet(t.Added[k].Sites, n.Sites) {
			return false
		}
	}
	return true
}

// identical tells whether two columns differ in their names alone.
func identical(o, n Column) bool {
	return o.Type == n.Type && o.NotNull == n.NotNull && o.Default == n.Default && o.Generated == n.Generated &&
		o.Identity == n.Identity && o.Collation == n.Collation && o.Refers == n.Refers && o.Key == n.Key
}

func sameSet(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}
