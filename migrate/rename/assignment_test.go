package rename

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestAssignmentsAreTheCheapest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(0, 4).Draw(t, "rows")
		columns := rows + rapid.IntRange(0, 3).Draw(t, "more")
		cost := make([][]float64, rows)
		for i := range cost {
			cost[i] = rapid.SliceOfN(rapid.Float64Range(-10, 10), columns, columns).Draw(t, "row")
		}
		got, used := 0.0, map[int]bool{}
		for i, j := range assign(cost) {
			if used[j] {
				t.Fatalf("column %d is given twice", j)
			}
			used[j] = true
			got += cost[i][j]
		}
		if want := cheapest(cost, 0, map[int]bool{}); math.Abs(got-want) > 1e-9 {
			t.Fatalf("costs %v, %v would do", got, want)
		}
	})
}

// cheapest tries everything.
func cheapest(cost [][]float64, row int, used map[int]bool) float64 {
	if row == len(cost) {
		return 0
	}
	least := math.Inf(1)
	for j, c := range cost[row] {
		if !used[j] {
			used[j] = true
			least = min(least, c+cheapest(cost, row+1, used))
			delete(used, j)
		}
	}
	return least
}

func TestNamesAreReadByTheirWords(t *testing.T) {
	for _, c := range []struct {
		a, b string
		word float64
	}{{"product_ids", "productID", 1}, {"HTTPServer", "http_server", 1}, {"address", "addresses", 1}, {"user2fa", "user_2_fa", 1}, {"from", "to", 0}} {
		if got := compare(c.a, c.b, "t").shared; got != c.word {
			t.Errorf("%s and %s share %v of their words (%q, %q)", c.a, c.b, got, words(c.a), words(c.b))
		}
	}
}

func TestQueriesProveARename(t *testing.T) {
	column := func(name string, sites ...string) Column { return Column{Name: name, Type: "text", Sites: sites} }
	table := Table{Name: "users", SitesKnown: true,
		Dropped: []Column{column("mail", "GetUser select 1", "ListUsers where 1")},
		Added:   []Column{column("email", "GetUser select 1", "ListUsers where 1"), column("phone")}}
	got := Columns(table)
	if len(got) != 1 || got[0].New != "email" || !got[0].Certain {
		t.Errorf("%+v", got)
	}
	table.Added[0].NotNull = true
	if got = Columns(table); len(got) != 1 || got[0].Certain {
		t.Errorf("another definition is no proof: %+v", got)
	}
}
