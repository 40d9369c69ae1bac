package mysql

import "testing"

// TestEverySystemTableIsMade: each line of systables.txt gives a table of known types.
func TestEverySystemTableIsMade(t *testing.T) {
	in := New().NewSnapshot()
	n := 0
	for schema, tables := range systemTables() {
		for name := range tables {
			n++
			table := in.Table(schema, name)
			if table == nil {
				t.Fatalf("no table %s.%s", schema, name)
			}
			for _, c := range table.Columns {
				if c.Name == "" || !c.Type.Known() {
					t.Errorf("%s.%s has a column %q of type %q", schema, name, c.Name, c.Type)
				}
			}
		}
	}
	if n < 200 {
		t.Errorf("only %d tables", n)
	}
}
