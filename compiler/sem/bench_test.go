package sem_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/sem"
)

// BenchmarkAnalyze binds the everyday queries of a schema of 1,000 tables, their parsing
// left out.
func BenchmarkAnalyze(b *testing.B) {
	var schema, queries strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&schema, "CREATE TABLE t%d (id bigserial PRIMARY KEY, parent_id bigint NOT NULL REFERENCES t%d (id), name text NOT NULL, note text, amount numeric(10,2), active boolean NOT NULL DEFAULT true, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz, tags text[] NOT NULL, data jsonb);\n", i, max(i-1, 0))
	}
	for i := range 20 {
		t := i * 50
		fmt.Fprintf(&queries, `
-- name: Get%[1]d :one
SELECT * FROM t%[1]d WHERE id = $1;
-- name: List%[1]d :many
SELECT a.id, a.name, b.name AS parent FROM t%[1]d a LEFT JOIN t%[2]d b ON b.id = a.parent_id WHERE a.active AND a.created_at > $1 ORDER BY a.name LIMIT $2;
-- name: Create%[1]d :one
INSERT INTO t%[1]d (parent_id, name, note, amount, tags, data) VALUES ($1, $2, $3, $4, $5, $6) RETURNING *;
-- name: Update%[1]d :exec
UPDATE t%[1]d SET name = COALESCE($1, name), note = $2, updated_at = now() WHERE id = $3;
-- name: Count%[1]d :many
SELECT parent_id, count(*) AS n, sum(amount) AS total FROM t%[1]d WHERE name ILIKE $1 GROUP BY parent_id HAVING count(*) > $2;
`, t, t+1)
	}
	dir := b.TempDir()
	os.WriteFile(filepath.Join(dir, "schema.sql"), []byte(schema.String()), 0o644)
	os.WriteFile(filepath.Join(dir, "query.sql"), []byte(queries.String()), 0o644)
	p := compiler.Compile(&config.Config{Dir: dir, Packages: []config.Package{{
		Engine: "postgresql", Schema: []string{"schema.sql"}, Queries: []string{"query.sql"},
	}}}, compiler.Options{})
	if p.Diagnostics.HasErrors() {
		b.Fatal(p.Diagnostics)
	}
	pkg := p.Packages[0]
	all := pkg.Queries()
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		q := all[i%len(all)]
		if _, diags := sem.Analyze(q.Source, q.Tree, pkg.Catalog, pkg.Dialect, sem.Options{}); diags.HasErrors() {
			b.Fatal(diags)
		}
	}
}
