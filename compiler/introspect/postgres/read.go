// Package postgres reads the schema of a live PostgreSQL database into a catalog snapshot.
// It knows PostgreSQL's system catalogs; it knows nothing of queries, and it changes nothing.
package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/types"
)

// Read reads the schema of the database that a URI or a keyword/value string names: all
// schemas but the system's. Views have the columns that the server lists, with their text
// but no tree, so whether they may be NULL is not known; members of extensions are left out,
// their extension is in Extensions. No error holds the URI or its password.
func Read(ctx context.Context, uri string) (*catalog.Snapshot, error) {
	conn, err := Connect(ctx, uri)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return ReadConn(ctx, conn)
}

// ReadConn is Read over an open connection. It reads in one transaction, so that the
// snapshot is of one moment, and leaves the connection as it was.
func ReadConn(ctx context.Context, conn *pgx.Conn) (*catalog.Snapshot, error) {
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, fmt.Errorf("beginning a transaction: %w", err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // nothing was written
	// Names outside of public are written with their schema.
	if _, err := tx.Exec(ctx, "SET LOCAL search_path = public"); err != nil {
		return nil, fmt.Errorf("setting the search path: %w", err)
	}
	r := &reader{
		ctx: ctx, tx: tx,
		out: &catalog.Snapshot{
			Engine: catalog.PostgreSQL, DefaultSchema: "public",
			SearchPath: []string{"public"}, Implicit: []string{"pg_catalog"},
		},
		types: map[uint32]types.Type{}, definitions: map[uint32]*catalog.TypeDef{}, tables: map[uint32]*catalog.Table{},
		functionsByOID: map[uint32]*catalog.Function{},
	}
	for _, step := range []struct {
		what string
		read func() error
	}{
		{"schemas", r.schemas}, {"extensions", r.extensions}, {"types", r.typeNames}, {"types", r.typeDefs}, {"tables", r.relations},
		{"columns", r.columns}, {"constraints", r.constraints}, {"indexes", r.indexes}, {"sequences", r.sequences},
		{"functions", r.functions}, {"triggers", r.triggers}, {"dependencies", r.depends}, {"functions", r.signatures},
		{"columns of views", r.viewColumns}, {"objects", r.others}, {"comments", r.comments}, {"rights", r.rights}, {"default privileges", r.defaultRights}, {"dependencies", r.sortDependencies},
		{"tables", r.storage}, {"columns", r.columnStorage}, {"constraints", r.constraintStorage}, {"indexes", r.indexStorage},
	} {
		if err := step.read(); err != nil {
			return nil, fmt.Errorf("reading %s: %w", step.what, err)
		}
	}
	return r.out, nil
}

// reader reads the catalogs step by step; later steps look up by oid what earlier ones read.
type reader struct {
	ctx         context.Context
	tx          pgx.Tx
	out         *catalog.Snapshot
	types       map[uint32]types.Type
	definitions map[uint32]*catalog.TypeDef
	tables      map[uint32]*catalog.Table
	// functionsByOID are the routines.
	functionsByOID map[uint32]*catalog.Function
	// ids name the objects that depends reads; those of extensions' members are the extension.
	ids map[address]catalog.ObjectID
}

// userSchema is the condition on a pg_namespace n that leaves out the system's.
const userSchema = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`

// notOfExtension is the condition that an object of a catalog is no extension's.
func notOfExtension(class, oid string) string {
	return fmt.Sprintf("NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.%s'::regclass AND e.objid = %s AND e.deptype = 'e')", class, oid)
}

// each runs a query and calls f for each row, into which dest was scanned.
func (r *reader) each(query string, dest []any, f func() error) error {
	rows, err := r.tx.Query(r.ctx, query)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, dest, f)
	return err
}

func (r *reader) schemas() error {
	var name, comment string
	return r.each(`SELECT n.nspname, coalesce(obj_description(n.oid, 'pg_namespace'), '') FROM pg_catalog.pg_namespace n
		WHERE `+userSchema+` ORDER BY n.nspname <> 'public', n.oid`, []any{&name, &comment}, func() error {
		sc := r.out.Add(name, nil, nil, nil)
		if comment != "standard public schema" {
			sc.Comment = comment
		}
		return nil
	})
}

func (r *reader) extensions() error {
	var name, schema, version string
	return r.each(`SELECT e.extname, n.nspname, CASE WHEN e.extversion <> coalesce((SELECT a.default_version FROM pg_catalog.pg_available_extensions a WHERE a.name = e.extname), '') THEN e.extversion ELSE '' END FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
		WHERE e.extname <> 'plpgsql' ORDER BY e.oid`, []any{&name, &schema, &version}, func() error {
		r.out.Extensions = append(r.out.Extensions, name)
		if version != "" {
			if r.out.ExtensionVersions == nil {
				r.out.ExtensionVersions = map[string]string{}
			}
			r.out.ExtensionVersions[name] = version
		}
		if schema != r.out.DefaultSchema {
			if r.out.ExtensionSchemas == nil {
				r.out.ExtensionSchemas = map[string]string{}
			}
			r.out.ExtensionSchemas[name] = schema
		}
		return nil
	})
}
