package sqlite_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/migrate/diff/sqlite"
)

// BenchmarkDiff is a schema of 2,000 tables of which every tenth changes; the measure is 2 CPU seconds for the diff alone.
func BenchmarkDiff(b *testing.B) {
	dir := b.TempDir()
	schema := func(changed string) string {
		var s strings.Builder
		for i := range 2000 {
			more := ""
			if i%10 == 0 {
				more = changed
			}
			fmt.Fprintf(&s, "CREATE TABLE t%d (id integer PRIMARY KEY, name text NOT NULL DEFAULT '', parent integer REFERENCES t%d(id) ON DELETE CASCADE, price real CHECK (price > 0), made text DEFAULT CURRENT_TIMESTAMP%s);\n", i, i/2, more)
			fmt.Fprintf(&s, "CREATE INDEX i%d ON t%[1]d (name, price DESC);\nCREATE VIEW v%[1]d AS SELECT a.name FROM t%[1]d AS a JOIN t%[2]d AS b ON a.parent = b.id;\n", i, i/2)
			fmt.Fprintf(&s, "CREATE TRIGGER g%d AFTER UPDATE OF name ON t%[1]d BEGIN UPDATE t%[2]d SET made = NULL WHERE id = new.parent; END;\n", i, i/2)
		}
		return s.String()
	}
	old, wanted := open(b, dir, schema("")), open(b, dir, schema(", more integer UNIQUE"))
	defer old.close()
	defer wanted.close()
	from, to := old.schema(b), wanted.schema(b)
	for b.Loop() {
		p, err := sqlite.Diff(from, to, options)
		if err != nil || len(p.Steps) < 2000 {
			b.Fatal(err, len(p.Steps))
		}
	}
}
