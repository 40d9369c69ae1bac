package database

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/covetsql/covetsql/analyzer/plan"
)

// prepared is the name of the statement whose generic plan is asked for.
const prepared = "covetsql_vet"

// Plan asks for the generic plan, which no argument can make better or worse than it is for all. Prepared statements have it on
// all releases; EXPLAIN (GENERIC_PLAN) came with 16.
func (db *postgresDatabase) Plan(ctx context.Context, query string, _ []Argument) (text []byte, err error) {
	err = db.with(ctx, func(conn *pgx.Conn) error {
		text, err = explainPrepared(ctx, conn, query, "EXPLAIN (VERBOSE, FORMAT JSON)", "force_generic_plan", nil)
		return err
	})
	return text, err
}

// Measure runs the query with values that the compared columns have, for ten seconds at most.
func (db *postgresDatabase) Measure(ctx context.Context, query string, args []Argument) (text []byte, err error) {
	return db.withValues(ctx, "EXPLAIN (ANALYZE, VERBOSE, BUFFERS, TIMING OFF, FORMAT JSON)", query, args)
}

// Custom asks for the plan that is made for values that the compared columns have.
func (db *postgresDatabase) Custom(ctx context.Context, query string, args []Argument) (text []byte, err error) {
	return db.withValues(ctx, "EXPLAIN (VERBOSE, FORMAT JSON)", query, args)
}

// withValues explains a query with values that the tables have, NULL where it is not known what an argument is compared with.
func (db *postgresDatabase) withValues(ctx context.Context, explain, query string, args []Argument) (text []byte, err error) {
	err = db.with(ctx, func(conn *pgx.Conn) error {
		values := make([]string, len(args))
		for i, a := range args {
			values[i] = "NULL"
			if a.Column == "" {
				continue
			}
			table, column := pgx.Identifier{a.Table}, pgx.Identifier{a.Column}.Sanitize()
			if a.Schema != "" {
				table = pgx.Identifier{a.Schema, a.Table}
			}
			one := column
			if a.Array {
				one = "ARRAY[" + column + "]"
			}
			var value string
			if err := conn.QueryRow(ctx, fmt.Sprintf("SELECT quote_literal((%s)::text) FROM %s WHERE %s IS NOT NULL LIMIT 1", one, table.Sanitize(), column)).Scan(&value); err == nil {
				values[i] = value
			}
		}
		text, err = explainPrepared(ctx, conn, query, explain, "force_custom_plan", values)
		return err
	})
	return text, err
}

// explainPrepared explains a prepared statement. values are the arguments in SQL; NULL for those that are not given.
func explainPrepared(ctx context.Context, conn *pgx.Conn, query, explain, mode string, values []string) ([]byte, error) {
	// A rollback keeps prepared statements.
	defer conn.Exec(context.WithoutCancel(ctx), "DEALLOCATE "+prepared) //nolint:errcheck // where it was not prepared there is nothing to forget
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, err
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // nothing was written
	if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = '10s'; SET LOCAL plan_cache_mode = "+mode); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, "PREPARE "+prepared+" AS "+query); err != nil {
		return nil, err
	}
	var count int
	if err := tx.QueryRow(ctx, "SELECT coalesce(cardinality(parameter_types), 0) FROM pg_prepared_statements WHERE name = $1", prepared).Scan(&count); err != nil {
		return nil, err
	}
	for len(values) < count {
		values = append(values, "NULL")
	}
	execute := explain + " EXECUTE " + prepared
	if count > 0 {
		execute += "(" + strings.Join(values[:count], ", ") + ")"
	}
	var plans []json.RawMessage
	if err := tx.QueryRow(ctx, execute, pgx.QueryExecModeSimpleProtocol).Scan(&plans); err != nil {
		return nil, err
	}
	if len(plans) == 0 {
		return nil, errors.New("the server gave no plan")
	}
	return plans[0], nil
}

const postgresTables = `
SELECT n.nspname, c.relname, greatest(c.reltuples, 0)::float8, pg_relation_size(c.oid)::float8,
       NOT EXISTS (SELECT 1 FROM pg_stats s WHERE s.schemaname = n.nspname AND s.tablename = c.relname),
       coalesce((SELECT s.n_mod_since_analyze FROM pg_stat_user_tables s WHERE s.relid = c.oid), 0)::float8
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_toast%'`

func (db *postgresDatabase) Tables(ctx context.Context) (out []plan.Table, err error) {
	err = db.with(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, postgresTables)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t plan.Table, err error) {
			return t, row.Scan(&t.Schema, &t.Name, &t.Rows, &t.Bytes, &t.Unknown, &t.Changed)
		})
		return err
	})
	return out, err
}

// Fraction reckons with the frequencies of the most common values, and takes all others for equally common, as the planner does.
func (db *postgresDatabase) Fraction(ctx context.Context, schema, table, column string) (part float64, known bool) {
	err := db.with(ctx, func(conn *pgx.Conn) error {
		var distinct, null, rows float64
		var common []float32
		err := conn.QueryRow(ctx, `SELECT s.n_distinct::float8, s.null_frac::float8, coalesce(s.most_common_freqs, '{}'), greatest(c.reltuples, 1)::float8
			FROM pg_stats s JOIN pg_namespace n ON n.nspname = s.schemaname JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename
			WHERE s.schemaname = coalesce(nullif($1, ''), current_schema()) AND s.tablename = $2 AND s.attname = $3 ORDER BY s.inherited DESC LIMIT 1`, schema, table, column).Scan(&distinct, &null, &common, &rows)
		if err != nil {
			return err
		}
		if distinct < 0 {
			distinct *= -rows
		}
		rest := 1 - null
		for _, f := range common {
			part += float64(f) * float64(f)
			rest -= float64(f)
		}
		if others := distinct - float64(len(common)); others >= 1 && rest > 0 {
			part += rest * rest / others
		}
		if null < 1 {
			part /= 1 - null
		}
		return nil
	})
	return part, err == nil && part > 0
}
