package truth_test

import (
	"testing"

	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/internal/truth"
)

// What is said of keys and dependencies must be able to fail.
func TestRepeatedKeysAreFound(t *testing.T) {
	m := &rel.Metadata{}
	a, b, c, row := m.Add(rel.Column{}), m.Add(rel.Column{}), m.Add(rel.Column{}), m.Add(rel.Column{})
	grouped := rel.NewAggregate(rel.NewRows(m, []rel.ColID{a, b}, m.Add(rel.Column{}), rel.ColSet{}, 9),
		[]rel.Scalar{{ID: a}}, 0, false, row, rel.ColSet{})
	q := &facts.Query{
		Columns: []sem.Column{{Name: "a"}, {Name: "c"}},
		Rel:     rel.NewProject(grouped, []rel.Scalar{{ID: a}, {ID: c}}, false),
	}
	one, two, null := truth.Value{Text: "1"}, truth.Value{Text: "2"}, truth.Value{Null: true}
	for _, test := range []struct {
		rows  [][]truth.Value
		found int
	}{
		{[][]truth.Value{{one, one}, {two, one}, {null, one}}, 0},
		{[][]truth.Value{{one, one}, {one, one}}, 1},
		{[][]truth.Value{{null, one}, {null, one}}, 1},
		{[][]truth.Value{{one, one}, {one, two}}, 2},
	} {
		if found := truth.CheckKeys(q, &truth.Answer{Rows: test.rows}); len(found) != test.found {
			t.Errorf("%v: %v, wanted %d findings", test.rows, found, test.found)
		}
	}
}
