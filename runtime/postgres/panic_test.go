package postgres

import (
	"database/sql/driver"
	"testing"

	"github.com/covetsql/covetsql/runtime/plan"
)

type bad struct{}

func (bad) Value() (driver.Value, error) { panic("in Value") }
func (*bad) Scan(any) error              { panic("in Scan") }

// A panic of the application's own Scanner or Valuer reaches it, and its connection comes back.
func TestAPanicGivesTheConnectionBack(t *testing.T) {
	db := begin(t, database(t), Options{Max: 1})
	q := plan.New(plan.Query{Name: "Panics", SQL: "SELECT $1::text", Kind: plan.Read})
	run := func(call func(c *Call)) (panicked any) {
		defer func() { panicked = recover() }()
		c := db.Call(t.Context(), q, q.SQL)
		call(c)
		_ = c.End()
		return nil
	}
	for range 3 {
		if p := run(func(c *Call) { c.ArgString("a"); c.One(); c.Scan(&bad{}) }); p != "in Scan" {
			t.Errorf("%v", p)
		}
		if p := run(func(c *Call) { c.Arg(bad{}); c.One() }); p != "in Value" {
			t.Errorf("%v", p)
		}
	}
	var text string
	if p := run(func(c *Call) { c.ArgString("a"); c.One(); text = c.String() }); p != nil || text != "a" {
		t.Errorf("%v, %q", p, text)
	}
	if s := db.Stats(); s.Busy != 0 {
		t.Errorf("%d connections are out", s.Busy)
	}
}
