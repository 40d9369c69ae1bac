package plan_test

import (
	"testing"

	"github.com/covetsql/covetsql/runtime/plan"
)

func TestQueriesAreNumberedInOrder(t *testing.T) {
	n := plan.Count()
	a, b := plan.New(plan.Query{Name: "A"}), plan.New(plan.Query{Name: "B"})
	if a.Number() != n || b.Number() != n+1 || plan.Count() != n+2 {
		t.Errorf("%d, %d of %d", a.Number(), b.Number(), plan.Count())
	}
	c := plan.New(plan.Query{Name: "C", SQL: "DELETE FROM t", Kind: plan.Write, Touches: []string{"t"}})
	if plan.Find("DELETE FROM t") != c || plan.Find("SELECT 1") != nil {
		t.Error("a text does not find its query")
	}
	plan.New(plan.Query{Name: "D", SQL: "DELETE FROM t", Kind: plan.Write, Touches: []string{"*"}})
	if plan.Find("DELETE FROM t") != nil {
		t.Error("of two schemas one was guessed")
	}
	if all := plan.All(); all[n] != a || all[n+1] != b {
		t.Error("they do not stand at their numbers")
	}
}
