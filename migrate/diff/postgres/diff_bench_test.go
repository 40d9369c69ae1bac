package postgres

import (
	"fmt"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
	"github.com/covetsql/covetsql/migrate/plan"
)

// manyTables is a schema of n tables of ten columns, with a key, a foreign key, a check, two indexes and a sequence each, and the
// dependencies that a server tells of. Where changed is set, each tenth table differs in a column, an index and a default.
func manyTables(n int, changed bool) *catalog.Snapshot {
	s := &catalog.Snapshot{Engine: catalog.PostgreSQL, DefaultSchema: "public"}
	sc := s.Add("public", nil, nil, nil)
	on := func(x, y catalog.ObjectID, automatic bool) {
		s.Depends = append(s.Depends, catalog.Dependency{Object: x, On: y, Automatic: automatic})
	}
	for i := range n {
		name := fmt.Sprintf("table_%d", i)
		other := changed && i%10 == 0
		t := &catalog.Table{Name: name, Postgres: &catalog.PostgresTable{}}
		own := func(kind, object string) catalog.ObjectID {
			return catalog.ObjectID{Kind: kind, Schema: "public", Table: name, Name: object}
		}
		table := catalog.ObjectID{Kind: "table", Schema: "public", Name: name}
		on(table, catalog.ObjectID{Kind: "schema", Name: "public"}, false)
		for j := range 10 {
			c := &catalog.Column{Name: fmt.Sprintf("column_%d", j), Type: types.Type{Name: "int4"}, NotNull: j < 3}
			c.Postgres = &catalog.PostgresColumn{Type: "integer", Statistics: -1, Local: true, NotNull: j < 3}
			if other && j == 5 {
				c.Postgres.Type = "bigint"
			}
			if j == 0 {
				c.Default = fmt.Sprintf("nextval('%s_column_0_seq'::regclass)", name)
			}
			if j == 6 {
				c.Default = map[bool]string{false: "1", true: "2"}[other]
			}
			t.Columns = append(t.Columns, c)
			if c.Default != "" {
				on(own("default", c.Name), own("column", c.Name), true)
			}
		}
		sequence := catalog.ObjectID{Kind: "sequence", Schema: "public", Name: name + "_column_0_seq"}
		on(own("default", "column_0"), sequence, false)
		on(sequence, own("column", "column_0"), true)
		sc.Sequences = append(sc.Sequences, &catalog.Sequence{Schema: "public", Name: sequence.Name, Type: types.Type{Name: "int4"}, OwnedBy: name + ".column_0", Definition: "AS int4"})
		constraint := func(kind ir.ConstraintKind, suffix, definition string, columns ...string) *catalog.Constraint {
			k := &catalog.Constraint{Name: name + suffix, Kind: kind, Columns: columns, Postgres: &catalog.PostgresConstraint{Definition: definition, Local: true}}
			t.Constraints = append(t.Constraints, k)
			for _, c := range columns {
				on(own("constraint", k.Name), own("column", c), true)
			}
			return k
		}
		constraint(ir.PrimaryKey, "_pkey", "PRIMARY KEY (column_0)", "column_0")
		constraint(ir.Check, "_check", "CHECK ((column_1 > 0))", "column_1")
		if i > 0 {
			target := fmt.Sprintf("table_%d", i/2)
			f := constraint(ir.ForeignKey, "_fkey", "FOREIGN KEY (column_2) REFERENCES "+target+"(column_0)", "column_2")
			f.RefSchema, f.RefTable, f.RefColumns = "public", target, []string{"column_0"}
			on(own("constraint", f.Name), catalog.ObjectID{Kind: "constraint", Schema: "public", Table: target, Name: target + "_pkey"}, false)
			on(own("constraint", f.Name), catalog.ObjectID{Kind: "column", Schema: "public", Table: target, Name: "column_0"}, false)
		}
		t.Postgres.Indexes = append(t.Postgres.Indexes, &catalog.PostgresIndex{Name: name + "_pkey", Constraint: name + "_pkey", Unique: true, Valid: true, Definition: "USING btree (column_0)"})
		for j := range 2 {
			x := &catalog.PostgresIndex{Name: fmt.Sprintf("%s_idx_%d", name, j), Valid: true, Definition: fmt.Sprintf("USING btree (column_%d)", 3+j)}
			if other && j == 0 {
				x.Definition = "USING hash (column_3)"
			}
			t.Postgres.Indexes = append(t.Postgres.Indexes, x)
			on(own("index", x.Name), own("column", fmt.Sprintf("column_%d", 3+j)), true)
		}
		s.Add("public", []*catalog.Table{t}, nil, nil)
	}
	return s
}

func BenchmarkDiff2000Tables(b *testing.B) {
	empty, from, to := manyTables(0, false), manyTables(2000, false), manyTables(2000, true)
	for _, c := range []struct {
		name     string
		from, to *catalog.Snapshot
		steps    int
	}{{"same", from, from, 0}, {"changed", from, to, 800}, {"made", empty, from, 12001}, {"dropped", from, empty, 2000}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				p, err := Diff(c.from, c.to, plan.Options{})
				if err != nil {
					b.Fatal(err)
				}
				if len(p.Steps) < c.steps/2 || c.steps == 0 && len(p.Steps) > 0 {
					b.Fatalf("%d steps", len(p.Steps))
				}
			}
		})
	}
}
