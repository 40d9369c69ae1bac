package rename

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/migrate/plan"
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
	// RefersKept: the new schema has that table too, under its old name.
	Refers     string
	RefersKept bool
	// Numbered: its default is the next value of a sequence.
	Numbered bool
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
	// Elsewhere are pairs of an old and a new name that another table lost and gained too.
	Elsewhere [][2]string
	// Refused are pairs of an old and a new name that are none, as somebody said.
	Refused [][2]string
}

// Candidate is a rename that may have been meant.
type Candidate struct {
	Rename
	// P is how likely it is, from 0 to 1, as real migrations of other projects went.
	P float64
	// Certain: to rename is right and loses nothing whatever was meant (an index whose definition stays), or it is proved: each use of the old
	// name in the queries is one of the new name now, the definition is the same, and nothing else could be meant.
	Certain bool
	// Evidence says for people what speaks for it, the strongest first.
	Evidence []string
	// Needs are the candidates without which this one makes no sense: that of its table.
	Needs []Rename
}

// Directive is the comment that answers the question once for all, beside the thing in the schema file.
func (c Candidate) Directive() string { return "-- covet:renamed_from " + c.Old }

// Question asks whether a candidate was meant, in the form of a plan's questions.
func (c Candidate) Question() plan.Question {
	return plan.Question{
		Object:    plan.Object{Kind: c.Kind, Schema: c.Schema, Table: c.Table, Name: c.New},
		Text:      fmt.Sprintf("was %s %s renamed to %s? %s (likelihood %.0f %%)", c.Kind, c.path(c.Old), c.New, strings.Join(c.Evidence, "; "), 100*c.P),
		Directive: c.Directive(),
	}
}

// Least is the likelihood under which a pair is not worth a question.
const Least = 0.2

var leastOdds = math.Log(Least / (1 - Least))

// Columns gives the renames of a table's columns that are likely together: each old name and each new one is in at most one of them, and
// the sum of their likelihoods, as log-odds, is the greatest that there is. The likeliest comes first.
func Columns(t Table) []Candidate {
	var out []Candidate
	odds := make([][]float64, len(t.Dropped))
	for i := range t.Dropped {
		odds[i] = make([]float64, len(t.Added))
		for j := range t.Added {
			odds[i][j] = math.Inf(-1)
			if Veto(t.Dropped[i], t.Added[j]) == "" && !slices.Contains(t.Refused, [2]string{t.Dropped[i].Name, t.Added[j].Name}) {
				odds[i][j] = logOdds(features(t, i, j))
			}
		}
	}
	for i, j := range best(odds, leastOdds) {
		if j < 0 {
			continue
		}
		c := Candidate{Rename: Rename{Kind: ColumnKind, Table: t.Name, Old: t.Dropped[i].Name, New: t.Added[j].Name}, P: likelihood(odds[i][j])}
		c.Certain = certain(t, i, j)
		c.Evidence = evidence(t, i, j)
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b Candidate) int { return cmp.Compare(b.P, a.P) })
	return out
}

func likelihood(odds float64) float64 { return 1 / (1 + math.Exp(-odds)) }

// impossible is the cost of a pair that may not be: beyond any sum of odds, and finite, for the assignment subtracts costs.
const impossible = 1e6

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
				cost[i][j] = min(-odds[i][j], impossible)
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
