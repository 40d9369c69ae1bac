package postgres

import (
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// TestSuggestedValuesHoldTheConditionsOfTheirColumn takes conditions as the server writes them.
func TestSuggestedValuesHoldTheConditionsOfTheirColumn(t *testing.T) {
	for _, c := range []struct{ typ, condition, want string }{
		{"bigint", "(bar > 0)", "1"},
		{"bigint", "(bar >= 0)", "0"},
		{"integer", "((bar > 10) AND (bar < 20))", "11"},
		{"integer", "(bar < '-5'::integer)", "-6"},
		{"integer", "((0)::numeric < (bar)::numeric)", "1"},
		{"real", "((id)::double precision < bar)", "coalesce(greatest((id)::double precision) + 1, 1)"},
		{"integer", "((bar > id) AND (bar > 0))", "coalesce(greatest(id, 0) + 1, 1)"},
		{"text", "(bar = ANY (ARRAY['a,b'::text, 'c'::text]))", "'a,b'"},
		{"character varying(9)", "((bar)::text = ANY ((ARRAY['it''s'::character varying, 'c'::character varying])::text[]))", "'it''s'"},
		{"text", "(bar = 'x > 1'::text)", "'x > 1'"},
		{"integer", "((bar > 0) OR (id > 0))", ""},
		{"integer", "(bar > other)", ""}, // a column that is new too
		{"text", "(bar > 'a'::text)", ""},
		{"integer", "(bar IS NOT NULL)", ""},
	} {
		old := &catalog.Table{Schema: "public", Name: "foo", Columns: []*catalog.Column{{Name: "id"}}}
		now := &catalog.Table{Schema: "public", Name: "foo", Constraints: []*catalog.Constraint{{Kind: ir.Check, Expr: c.condition}},
			Columns: []*catalog.Column{{Name: "id"}, {Name: "other"}, {Name: "bar", Postgres: &catalog.PostgresColumn{Type: c.typ}}}}
		d := &differ{from: snapshot(old), to: snapshot(now)}
		d.o.Quote = func(name string) string { return name }
		o := &column{t: now, c: now.Columns[2]}
		if got := d.demanded(o); got != c.want {
			t.Errorf("%s: %s suggests %q, it shall be %q", c.typ, c.condition, got, c.want)
		}
		if got, want := o.demandsValue(), c.condition == "(bar IS NOT NULL)"; got != want {
			t.Errorf("%s demands a value: %v", c.condition, got)
		}
	}
}

func snapshot(tables ...*catalog.Table) *catalog.Snapshot {
	s := &catalog.Snapshot{Engine: catalog.PostgreSQL}
	s.Add("public", tables, nil, nil)
	return s
}
