// Command pgdata extracts from a running PostgreSQL what compiler/dialect/postgres embeds:
// types, functions, operators, casts, the columns of the system catalogs, and what the
// common extensions add to them. One line an entry, sorted, so that a diff can be read.
//
//	go run ./internal/gen/pgdata -url postgres://postgres@127.0.0.1:5432/postgres -out compiler/dialect/postgres/data
//
// The role must be a superuser; the database must be a fresh one. Extensions that the
// server does not have are left alone, and are named on standard error.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/jackc/pgx/v5"
)

// extensions are those that applications use in queries and schemas; the ones that only
// administer a server are here where their views are queried.
var extensions = []string{
	"btree_gin", "btree_gist", "citext", "cube", "dblink", "earthdistance", "fuzzystrmatch", "hstore",
	"intarray", "isn", "lo", "ltree", "moddatetime", "pg_buffercache", "pg_stat_statements", "pg_trgm",
	"pgcrypto", "pgrowlocks", "pgstattuple", "plpgsql", "postgis", "postgres_fdw", "seg", "tablefunc",
	"tsm_system_rows", "tsm_system_time", "unaccent", "uuid-ossp", "xml2",
}

func main() {
	url := flag.String("url", "", "superuser's connection to a fresh database")
	out := flag.String("out", "compiler/dialect/postgres/data", "folder to write to")
	flag.Parse()
	if err := run(context.Background(), *url, *out); err != nil {
		fmt.Fprintln(os.Stderr, "pgdata:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, url, out string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "SET search_path = pg_catalog"); err != nil {
		return err
	}
	builtIn := func(class string) string {
		return fmt.Sprintf("NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '%s'::regclass AND e.objid = x.oid AND e.deptype = 'e')", class)
	}
	for file, kind := range map[string]string{
		"types.txt": "type", "functions.txt": "function", "operators.txt": "operator", "casts.txt": "cast", "relations.txt": "relation",
	} {
		lines, err := read(ctx, conn, kind, builtIn(classes[kind]))
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		if err := write(filepath.Join(out, file), lines); err != nil {
			return err
		}
	}
	for _, name := range extensions {
		if err := extension(ctx, conn, name, filepath.Join(out, "extensions", name+".txt")); err != nil {
			fmt.Fprintf(os.Stderr, "pgdata: extension %s is left alone: %v\n", name, err)
		}
	}
	return nil
}

// classes are the catalogs in which pg_depend finds the members of an extension.
var classes = map[string]string{
	"type": "pg_type", "function": "pg_proc", "operator": "pg_operator", "cast": "pg_cast", "relation": "pg_class",
}

// extension writes what an extension brings, each line led by its kind.
func extension(ctx context.Context, conn *pgx.Conn, name, file string) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx) //nolint:errcheck // the extension is only looked at
	if _, err := tx.Exec(ctx, "SET LOCAL search_path = public, pg_catalog"); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, fmt.Sprintf("CREATE EXTENSION IF NOT EXISTS %q CASCADE", name)); err != nil {
		return err
	}
	var all []string
	for _, kind := range []string{"type", "function", "operator", "cast", "relation"} {
		member := fmt.Sprintf(`EXISTS (SELECT FROM pg_depend e JOIN pg_extension n ON n.oid = e.refobjid
			WHERE e.classid = '%s'::regclass AND e.refclassid = 'pg_extension'::regclass AND e.objid = x.oid
			AND e.deptype = 'e' AND n.extname = '%s')`, classes[kind], name)
		lines, err := read(ctx, conn, kind, member)
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		for _, l := range lines {
			all = append(all, kind+" "+l)
		}
	}
	rows, err := tx.Query(ctx, `SELECT r.extname FROM pg_depend d JOIN pg_extension n ON n.oid = d.objid JOIN pg_extension r ON r.oid = d.refobjid
		WHERE d.classid = 'pg_extension'::regclass AND d.refclassid = 'pg_extension'::regclass AND n.extname = $1 ORDER BY 1`, name)
	if err != nil {
		return err
	}
	needs, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, n := range needs {
		all = append([]string{"requires " + n}, all...)
	}
	return write(file, all)
}

func read(ctx context.Context, conn *pgx.Conn, kind, where string) ([]string, error) {
	rows, err := conn.Query(ctx, strings.ReplaceAll(queries[kind], "$WHERE$", where))
	if err != nil {
		return nil, err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	sort.Strings(lines)
	return lines, err
}

func write(file string, lines []string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	text := ""
	if len(lines) > 0 {
		text = strings.Join(lines, "\n") + "\n"
	}
	return os.WriteFile(file, []byte(text), 0o666)
}
