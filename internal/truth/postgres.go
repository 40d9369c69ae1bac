package truth

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/facts"
)

// postgres is a PostgreSQL database over one connection.
type postgres struct {
	conn  *pgconn.PgConn
	types map[uint32]string
	// prepared is the query that the unnamed statement stands for, with its description.
	prepared *facts.Query
	sd       *pgconn.StatementDescription
}

// PostgreSQL connects to a database. Close ends the connection.
func PostgreSQL(ctx context.Context, dsn string) (s Server, closer func(), err error) {
	conn, err := pgconn.Connect(ctx, dsn)
	if err != nil {
		return nil, nil, err
	}
	p := &postgres{conn: conn}
	if err := p.Exec(ctx, "SET statement_timeout = '3s'; SET lock_timeout = '1s'; SET client_min_messages = error"); err != nil {
		conn.Close(ctx)
		return nil, nil, err
	}
	return p, func() { conn.Close(context.Background()) }, nil
}

func (p *postgres) Exec(ctx context.Context, statement string) error {
	p.types, p.prepared = nil, nil
	_, err := p.conn.Exec(ctx, statement).ReadAll()
	return err
}

// typeName spells a type by its OID. Unknown OIDs make the table be read again.
func (p *postgres) typeName(ctx context.Context, oid uint32) (string, error) {
	if p.types == nil || p.types[oid] == "" {
		p.types = map[uint32]string{}
		r, err := p.conn.Exec(ctx, `SELECT t.oid, CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 AND t.typsubscript = 'array_subscript_handler'::regproc
			THEN (SELECT e.typname FROM pg_type e WHERE e.oid = t.typelem) || '[]' ELSE t.typname END FROM pg_type t`).ReadAll()
		if err != nil {
			return "", err
		}
		for _, row := range r[0].Rows {
			var id uint32
			if _, err := fmt.Sscan(string(row[0]), &id); err != nil {
				return "", err
			}
			p.types[id] = string(row[1])
		}
	}
	if n := p.types[oid]; n != "" {
		return n, nil
	}
	return "", fmt.Errorf("no type has OID %d", oid)
}

func (p *postgres) columns(ctx context.Context, fields []pgconn.FieldDescription) ([]Column, error) {
	var out []Column
	for _, f := range fields {
		t, err := p.typeName(ctx, f.DataTypeOID)
		if err != nil {
			return nil, err
		}
		out = append(out, Column{Name: f.Name, Type: t})
	}
	return out, nil
}

func (p *postgres) Describe(ctx context.Context, q *facts.Query) (*Description, error) {
	sd, err := p.conn.Prepare(ctx, "", q.SQL, nil)
	if err != nil {
		p.prepared = nil
		return nil, err
	}
	p.prepared, p.sd = q, sd
	d := &Description{Params: []string{}}
	if d.Columns, err = p.columns(ctx, sd.Fields); err != nil {
		return nil, err
	}
	for _, oid := range sd.ParamOIDs {
		t, err := p.typeName(ctx, oid)
		if err != nil {
			return nil, err
		}
		d.Params = append(d.Params, t)
	}
	p.prepared = q // reading type names may have run a statement
	return d, nil
}

func (p *postgres) Run(ctx context.Context, q *facts.Query, args []Arg) (*Answer, error) {
	return p.Try(ctx, q, Attempt{Args: args})
}

func (p *postgres) Try(ctx context.Context, q *facts.Query, attempt Attempt) (*Answer, error) {
	args := attempt.Args
	begin := "BEGIN"
	read := q.Kind == facts.Read && !q.Locks
	if read && attempt.State.Before == nil {
		begin = "BEGIN READ ONLY"
	}
	values := make([][]byte, len(args))
	for i, a := range args {
		switch {
		case a.Slice:
			values[i] = []byte(arrayText(a.List))
		case a.Value != nil:
			values[i] = []byte(*a.Value)
		}
	}
	var oids []uint32
	if p.prepared == q {
		oids = p.sd.ParamOIDs
	}
	// One message forth and back; after an error the transaction is still open.
	batch := &pgconn.Batch{}
	batch.ExecParams(begin, nil, nil, nil, nil)
	at := 1
	prepare := func(statement string, t *catalog.Table) {
		if t != nil {
			batch.ExecParams(fmt.Sprintf(statement, quote(t.Schema, `"`)+"."+quote(t.Name, `"`)), nil, nil, nil, nil)
			at++
		}
	}
	prepare("TRUNCATE %s CASCADE", attempt.State.Empty)
	prepare("ALTER TABLE %s ENABLE TRIGGER USER", attempt.State.Triggers)
	for _, before := range attempt.State.Before {
		batch.ExecParams(before, nil, nil, nil, nil)
		at++
	}
	if attempt.State.Before != nil && read {
		batch.ExecParams("SET TRANSACTION READ ONLY", nil, nil, nil, nil)
		at++
	}
	batch.ExecParams(q.SQL, values, oids, nil, nil)
	batch.ExecParams("ROLLBACK", nil, nil, nil, nil)
	results, err := p.conn.ExecBatch(ctx, batch).ReadAll()
	if err != nil {
		p.conn.Exec(ctx, "ROLLBACK").ReadAll()
		return nil, err
	}
	r := results[at]
	a := &Answer{}
	if a.Columns, err = p.columns(ctx, r.FieldDescriptions); err != nil {
		return nil, err
	}
	for _, row := range r.Rows {
		out := make([]Value, len(row))
		for i, v := range row {
			out[i] = Value{Null: v == nil, Text: string(v)}
		}
		a.Rows = append(a.Rows, out)
	}
	return a, nil
}

// arrayText writes a list as PostgreSQL's array text.
func arrayText(list []*string) string {
	parts := make([]string, len(list))
	for i, v := range list {
		if v == nil {
			parts[i] = "NULL"
			continue
		}
		parts[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(*v) + `"`
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func (p *postgres) Relations(ctx context.Context) (map[string][]Column, error) {
	r, err := p.conn.Exec(ctx, `SELECT n.nspname || '.' || c.relname, a.attname, a.atttypid, a.attnotnull
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relkind IN ('r', 'v', 'm', 'p') AND a.attnum > 0 AND NOT a.attisdropped
			AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'
			AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
		ORDER BY 1, a.attnum`).ReadAll()
	if err != nil {
		return nil, err
	}
	out := map[string][]Column{}
	for _, row := range r[0].Rows {
		var oid uint32
		fmt.Sscan(string(row[2]), &oid)
		t, err := p.typeName(ctx, oid)
		if err != nil {
			return nil, err
		}
		name := string(row[0])
		out[name] = append(out[name], Column{Name: string(row[1]), Type: t, NotNull: string(row[3]) == "t"})
	}
	return out, nil
}

func (p *postgres) Insert(ctx context.Context, t *catalog.Table, columns []*catalog.Column, values []*string) error {
	names, marks := make([]string, len(columns)), make([]string, len(columns))
	args := make([][]byte, len(columns))
	for i, c := range columns {
		names[i] = quote(c.Name, `"`)
		marks[i] = fmt.Sprintf("$%d", i+1)
		if values[i] != nil {
			args[i] = []byte(*values[i])
		}
	}
	text := "INSERT INTO " + quote(t.Schema, `"`) + "." + quote(t.Name, `"`)
	if len(columns) == 0 {
		text += " DEFAULT VALUES"
	} else {
		text += " (" + strings.Join(names, ", ") + ") OVERRIDING SYSTEM VALUE VALUES (" + strings.Join(marks, ", ") + ")"
	}
	p.prepared = nil
	return p.conn.ExecParams(ctx, text, args, nil, nil, nil).Read().Err
}

func (p *postgres) Freeze(ctx context.Context, in *catalog.Snapshot) error {
	var errs []error
	for _, s := range in.Schemas {
		for _, t := range s.Tables {
			if t.Kind != catalog.BaseTable || contains(in.Implicit, s.Name) || s.Name == "information_schema" {
				continue
			}
			name := quote(s.Name, `"`) + "." + quote(t.Name, `"`)
			if err := p.Exec(ctx, "ALTER TABLE "+name+" DISABLE TRIGGER USER"); err != nil {
				errs = append(errs, err)
				continue
			}
			if t.Partition != "" {
				// A table that has a partition for everything refuses a second one, which is fine.
				_ = p.Exec(ctx, "CREATE TABLE "+quote(s.Name, `"`)+"."+quote("rest_of_"+t.Name, `"`)+" PARTITION OF "+name+" DEFAULT")
			}
		}
	}
	return errors.Join(errs...)
}

func quote(name, mark string) string {
	return mark + strings.ReplaceAll(name, mark, mark+mark) + mark
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// CheckError tells whether an error is a server's refusal to write for a query that is said
// to be a read.
func CheckError(q *facts.Query, err error) (Finding, bool) {
	var pg *pgconn.PgError
	text := err.Error()
	if errors.As(err, &pg) && pg.Code == "25006" || strings.Contains(text, "READ ONLY transaction") || strings.Contains(text, "readonly database") {
		return Finding{UnsoundRead, "kind", string(q.Kind), text}, true
	}
	return Finding{}, false
}
