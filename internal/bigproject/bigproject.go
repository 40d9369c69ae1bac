// Package bigproject makes a sqlc project of any size, for measuring. The project is
// PostgreSQL with pgx/v5. Every table has ten columns and a foreign key; the queries go round
// ten kinds: reads by key, lists, joins, aggregates, a CTE, inserts, updates, upserts and
// deletes.
package bigproject

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const config = `version: "2"
sql:
  - engine: postgresql
    schema: schema.sql
    queries: queries
    gen:
      go:
        package: db
        out: db
        sql_package: pgx/v5
`

// Write writes the project into dir: tables tables, and queries queries, perFile in a file.
func Write(dir string, tables, queries, perFile int) error {
	if tables < 1 || queries < 1 || perFile < 1 {
		return fmt.Errorf("a project of %d tables and %d queries, %d a file, can not be written", tables, queries, perFile)
	}
	if err := os.MkdirAll(filepath.Join(dir, "queries"), 0o755); err != nil {
		return err
	}
	files := map[string]string{"sqlc.yaml": config, "schema.sql": schema(tables)}
	for n := 0; n*perFile < queries; n++ {
		var b strings.Builder
		for i := n * perFile; i < min((n+1)*perFile, queries); i++ {
			b.WriteString(query(i, tables))
		}
		files[fmt.Sprintf("queries/q%04d.sql", n)] = b.String()
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func schema(tables int) string {
	var b strings.Builder
	b.WriteString("CREATE TYPE state AS ENUM ('new', 'open', 'done');\n\n")
	for i := range tables {
		ref := ""
		if i > 0 {
			ref = fmt.Sprintf(" REFERENCES t%04d (id)", i-1)
		}
		fmt.Fprintf(&b, `CREATE TABLE t%04d (
  id         bigserial PRIMARY KEY,
  parent_id  bigint NOT NULL%s,
  name       text NOT NULL,
  note       text,
  state      state NOT NULL DEFAULT 'new',
  amount     numeric(12,2) NOT NULL,
  quantity   integer,
  tags       text[] NOT NULL DEFAULT '{}',
  data       jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (parent_id, name)
);
CREATE INDEX t%04d_created ON t%04d (created_at);

`, i, ref, i, i)
	}
	return b.String()
}

// kinds are the shapes of queries; {n} is the query's number, {table} its table and
// {parent} the one that its parent_id refers to.
var kinds = []string{
	`-- name: Get{n} :one
SELECT * FROM {table} WHERE id = $1;
`,
	`-- name: List{n} :many
SELECT id, name, note, created_at FROM {table} WHERE state = $1 AND created_at > $2 ORDER BY created_at DESC, id LIMIT $3 OFFSET $4;
`,
	`-- name: Joined{n} :many
SELECT a.id, a.name, b.name AS parent_name, b.note AS parent_note
FROM {table} a LEFT JOIN {parent} b ON b.id = a.parent_id
WHERE a.quantity > @quantity AND a.name ILIKE @pattern
ORDER BY a.name;
`,
	`-- name: Count{n} :one
SELECT count(*) AS total, coalesce(sum(amount), 0)::numeric AS amount FROM {table} WHERE parent_id = $1;
`,
	`-- name: Create{n} :one
INSERT INTO {table} (parent_id, name, note, state, amount, quantity, tags, data)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING *;
`,
	`-- name: Update{n} :exec
UPDATE {table} SET name = @name, note = @note, quantity = coalesce(sqlc.narg('quantity'), quantity) WHERE id = @id;
`,
	`-- name: Delete{n} :execrows
DELETE FROM {table} WHERE id = ANY($1::bigint[]);
`,
	`-- name: Upsert{n} :one
INSERT INTO {table} (parent_id, name, amount) VALUES ($1, $2, $3)
ON CONFLICT (parent_id, name) DO UPDATE SET amount = excluded.amount
RETURNING id, created_at;
`,
	`-- name: Grouped{n} :many
WITH recent AS (SELECT * FROM {table} WHERE created_at > $1)
SELECT state, count(*) AS n, max(amount) AS most FROM recent GROUP BY state HAVING count(*) > $2 ORDER BY n DESC;
`,
	`-- name: Ranked{n} :many
SELECT id, name, row_number() OVER (PARTITION BY state ORDER BY created_at) AS place
FROM {table} WHERE EXISTS (SELECT 1 FROM {parent} p WHERE p.id = {table}.parent_id AND p.data @> $1);
`,
}

func query(i, tables int) string {
	table := (i / len(kinds)) % tables
	return strings.NewReplacer(
		"{n}", fmt.Sprint(i),
		"{table}", fmt.Sprintf("t%04d", table),
		"{parent}", fmt.Sprintf("t%04d", max(table-1, 0)),
	).Replace(kinds[i%len(kinds)]) + "\n"
}
