package fingerprint

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// PostgreSQL reads the print of the database that conn is connected to, in one transaction that reads only. What
// extensions bring is their extension's matter and stands in its version. An owner who is the connection's user or the database's is "owner",
// so that databases made by different users compare.
func PostgreSQL(ctx context.Context, conn *pgx.Conn) (Print, error) {
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, fmt.Errorf("beginning a transaction: %w", err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // nothing was written
	return read(ctx, tx)
}

// querier is a transaction, or a connection within one.
type querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// read reads the print within a transaction.
func read(ctx context.Context, tx querier) (Print, error) {
	// With an empty path every name is written with its schema.
	for _, set := range []string{"SET LOCAL search_path = ''", "SET LOCAL quote_all_identifiers = off", "SET LOCAL bytea_output = hex",
		"SET LOCAL datestyle = 'ISO'", "SET LOCAL intervalstyle = postgres", "SET LOCAL timezone = 'UTC'", "SET LOCAL extra_float_digits = 1"} {
		if _, err := tx.Exec(ctx, set); err != nil {
			return nil, fmt.Errorf("%s: %w", set, err)
		}
	}
	p := &postgres{ctx: ctx, tx: tx, columns: map[string][]column{}, references: map[string]string{}, print: Print{}}
	if err := p.describe(); err != nil {
		return nil, fmt.Errorf("reading which columns the system catalogs have: %w", err)
	}
	for _, c := range catalogs {
		if err := p.read(c); err != nil {
			return nil, fmt.Errorf("reading %s: %w", c.class, err)
		}
	}
	return p.print, nil
}

type column struct{ name, typ string }

type postgres struct {
	ctx context.Context
	tx  querier
	// columns are those of each system catalog that the user may read.
	columns map[string][]column
	// references tell which catalog an oid of a column is of: "pg_class.relowner" is "pg_authid".
	references map[string]string
	print      Print
}

// postgresReferences is what pg_get_catalog_foreign_keys() of PostgreSQL 15 tells, for older servers, which lack it.
//
//go:embed postgres_references.txt
var postgresReferences string

func (p *postgres) describe() error {
	for line := range strings.Lines(postgresReferences) {
		f := strings.Fields(line)
		p.references[f[0]+"."+f[1]] = f[2]
	}
	var class, name, typ string
	each := func(query string, f func()) error {
		rows, err := p.tx.Query(p.ctx, query)
		if err != nil {
			return err
		}
		_, err = pgx.ForEachRow(rows, []any{&class, &name, &typ}, func() error { f(); return nil })
		return err
	}
	err := each(`SELECT c.relname::text, a.attname::text, a.atttypid::regtype::text
		FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
		WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
			AND has_column_privilege(c.oid, a.attnum, 'SELECT') ORDER BY c.oid, a.attname`,
		func() { p.columns[class] = append(p.columns[class], column{name, typ}) })
	if err != nil {
		return err
	}
	if knows, err := p.hasFunction("pg_get_catalog_foreign_keys"); err != nil || !knows {
		return err
	}
	return each(`SELECT fktable::text, fkcols[1], pktable::text FROM pg_catalog.pg_get_catalog_foreign_keys() WHERE cardinality(fkcols) = 1`,
		func() { p.references[class+"."+name] = typ })
}

func (p *postgres) hasFunction(name string) (has bool, err error) {
	err = p.tx.QueryRow(p.ctx, "SELECT to_regproc('pg_catalog.' || $1::text) IS NOT NULL", name).Scan(&has)
	return has, err
}

// read prints the objects of one system catalog.
func (p *postgres) read(c postgresCatalog) error {
	all := p.columns[c.class]
	if all == nil {
		return nil // a newer server's
	}
	omitted := map[string]bool{"oid": true}
	for _, name := range strings.Fields(c.omit) {
		omitted[name] = true
	}
	known := map[string]bool{}
	var facets []string
	add := func(name, expr string) {
		facets = append(facets, fmt.Sprintf("E'\\n' || '%s: ' || (%s)::text", name, expr))
	}
	for _, col := range all {
		known[col.name] = true
		if expr, own := c.as[col.name]; own {
			add(col.name, expr)
		} else if !omitted["*"] && !omitted[col.name] {
			if expr := p.expression(c.class, col); expr != "" {
				add(col.name, expr)
			}
		}
	}
	for _, f := range c.also {
		if f.needs != "" {
			has, err := p.hasFunction(f.needs)
			if err != nil {
				return err
			}
			if !has {
				continue
			}
		}
		add(f.name, f.expr)
	}
	if c.namespace != "" && !known[c.namespace] {
		return fmt.Errorf("there is no column %s", c.namespace)
	}
	object := c.object
	if object == "" {
		object = identity(c.class, "c.oid")
	}
	query := relations + "SELECT " + object + ", concat(" + strings.Join(facets, ",\n") + ") FROM pg_catalog." + c.class + " c WHERE " + p.ours(c) + " ORDER BY 1, 2"
	rows, err := p.tx.Query(p.ctx, query)
	if err != nil {
		return fmt.Errorf("%w\n%s", err, query)
	}
	var name, text *string
	_, err = pgx.ForEachRow(rows, []any{&name, &text}, func() error {
		if name != nil && text != nil {
			p.print[*name] = strings.TrimPrefix(p.print[*name]+*text, "\n")
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%w\n%s", err, query)
	}
	return nil
}

// relations is a WITH clause: relation are the oids of the relations that are neither the system's nor an extension's.
const relations = `WITH relation AS MATERIALIZED (
	SELECT r.oid FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = r.oid
	WHERE (` + userSchema + ` OR n.nspname = 'pg_catalog' AND r.oid >= 16384)
		AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid IN (r.oid, x.indrelid) AND e.deptype = 'e'))
`

// userSchema is the condition on a pg_namespace n that leaves out the system's.
const userSchema = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`

// ours is the condition for rows that are neither the system's nor an extension's.
func (p *postgres) ours(c postgresCatalog) string {
	conditions := []string{"true"}
	if c.relation != "" {
		conditions = append(conditions, "c."+c.relation+" IN (SELECT oid FROM relation)")
	}
	if c.namespace != "" {
		conditions = append(conditions, "EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.oid = c."+c.namespace+" AND ("+userSchema+" OR n.nspname = 'pg_catalog' AND c.oid >= 16384))")
	}
	if c.made {
		conditions = append(conditions, "c.oid >= 16384")
	}
	if c.relation == "" && c.omit != "*" {
		for _, col := range p.columns[c.class] {
			if col.name == "oid" {
				conditions = append(conditions, notOfExtension(c.class, "c.oid"))
			}
		}
	}
	if c.where != "" {
		conditions = append(conditions, "("+c.where+")")
	}
	return strings.Join(conditions, " AND ")
}

// expression writes a column's value as text that means the same in each database; "" where there is none.
func (p *postgres) expression(class string, col column) string {
	value := "c." + col.name
	ref := p.references[class+"."+col.name]
	switch {
	case ref == "pg_attribute" || col.typ == "pg_node_tree":
		return "" // trees hold oids; those that matter are listed as expressions in the table
	case ref != "" && (strings.HasSuffix(col.typ, "[]") || col.typ == "oidvector"):
		return fmt.Sprintf("SELECT string_agg(%s, ', ' ORDER BY u.n) FROM unnest(%s::oid[]) WITH ORDINALITY u(o, n)", nameOf(ref, "u.o", false), value)
	case ref != "":
		return nameOf(ref, value, strings.HasSuffix(col.name, "owner"))
	case col.typ == "text[]" && (strings.HasSuffix(col.name, "options") || col.name == "proconfig" || col.name == "evttags"):
		return sortedList(value)
	}
	return value
}

func sortedList(value string) string {
	return fmt.Sprintf("SELECT string_agg(u, ', ' ORDER BY u) FROM unnest(%s) u", value)
}

// nameOf is the name of the object of a catalog that has an oid. Owners are told by ownerName.
func nameOf(catalog, oid string, owner bool) string {
	name, special := map[string]string{
		"pg_class": "%s::oid::regclass::text", "pg_proc": "%s::oid::regprocedure::text", "pg_type": "%s::oid::regtype::text",
		"pg_operator": "%s::oid::regoperator::text", "pg_namespace": "%s::oid::regnamespace::text", "pg_authid": "%s::oid::regrole::text",
	}[catalog]
	switch {
	case owner && catalog == "pg_authid":
		return ownerName(oid)
	case !special:
		name = "(SELECT i.identity FROM pg_identify_object('pg_catalog." + catalog + "'::regclass, %s, 0) i)"
	}
	return fmt.Sprintf("CASE WHEN %s <> 0 THEN "+name+" END", oid, oid)
}

// ownerName names a role; the connection's user and the database's owner are "owner".
func ownerName(oid string) string {
	return fmt.Sprintf(`CASE WHEN %s IN (current_user::regrole::oid, (SELECT d.datdba FROM pg_catalog.pg_database d WHERE d.datname = current_database())) THEN 'owner'
		ELSE %s::oid::regrole::text END`, oid, oid)
}

// rights writes an ACL, or the one that is meant where none is stored: each right by grantee. kind is acldefault's.
func rights(acl, kind, owner string) string {
	role := func(oid string) string {
		return fmt.Sprintf("CASE WHEN %s = %s THEN 'its owner' WHEN %s = 0 THEN 'public' ELSE %s END", oid, owner, oid, ownerName(oid))
	}
	return fmt.Sprintf(`SELECT string_agg(line, '; ' ORDER BY line) FROM (SELECT %s || ': ' || string_agg(a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END, ', ' ORDER BY a.privilege_type)
		|| ' by ' || %s AS line FROM aclexplode(coalesce(%s, acldefault(%s, %s))) a GROUP BY a.grantee, a.grantor) lines`,
		role("a.grantee"), role("a.grantor"), acl, kind, owner)
}
