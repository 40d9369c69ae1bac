package migrate

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
	"github.com/covetsql/covetsql/migrate/proof"
)

// live is a database as it is before a run, only read.
type live struct {
	ctx      context.Context //nolint:containedctx // empty is called back without one
	schema   *catalog.Snapshot
	version  int
	timeZone string
	dialect  dialect.Dialect
	db       *sql.DB
	conn     *sql.Conn
	known    map[effect.Table]bool
	until    time.Time
}

// patience is how long all questions about rows may take; one of them takes a quarter of a second at the most.
const patience = 5 * time.Second

// openLive reads the schema of the database, over connections of its own.
func (t *target) openLive(ctx context.Context) (*live, error) {
	uri, err := t.uri()
	if err != nil {
		return nil, err
	}
	l := &live{ctx: ctx, dialect: t.known, known: map[effect.Table]bool{}, until: time.Now().Add(patience)}
	if l.schema, err = readLive(ctx, t, uri); err != nil {
		return nil, err
	}
	db, err := t.database()
	if err != nil {
		return nil, err
	}
	asked, err := proof.Over(ctx, t.known, uri, db)
	if err == nil {
		l.version, err = asked.Version(ctx)
		asked.Close()
	}
	if err != nil {
		return nil, err
	}
	if l.db, err = t.database(); err != nil {
		return nil, err
	}
	if l.conn, err = l.db.Conn(ctx); err != nil {
		l.db.Close()
		return nil, fmt.Errorf("connecting to the database: %w", err)
	}
	if t.block.Engine == catalog.PostgreSQL {
		err = l.conn.QueryRowContext(ctx, "SELECT pg_catalog.current_setting('TimeZone')").Scan(&l.timeZone)
	}
	for _, s := range bounds[t.block.Engine] {
		if err != nil {
			break
		}
		if _, e := l.conn.ExecContext(ctx, s.set); e != nil && !s.may {
			err = fmt.Errorf("preparing to look for rows: %w", e)
		}
	}
	if err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (l *live) close() {
	l.conn.Close()
	l.db.Close()
}

// bounds make that a question neither waits nor writes. Of MySQL and MariaDB each knows one of the last two.
var bounds = map[catalog.Engine][]struct {
	set string
	may bool
}{
	catalog.MySQL:  {{"SET SESSION lock_wait_timeout = 1", false}, {"SET SESSION max_execution_time = 250", true}, {"SET SESSION max_statement_time = 0.25", true}},
	catalog.SQLite: {{"PRAGMA query_only = 1", false}, {"PRAGMA busy_timeout = 250", false}},
}

// local are the bounds of PostgreSQL, which hold for one transaction. A row that a policy hides is a row: such a question is an error.
const local = "SELECT pg_catalog.set_config('statement_timeout', '250ms', true), pg_catalog.set_config('lock_timeout', '250ms', true), pg_catalog.set_config('row_security', 'off', true)"

// empty tells whether a table of the database is known to have no rows. What can't be told soon is not known.
func (l *live) empty(schema, table string) bool {
	key := effect.Table{Schema: schema, Name: table}
	if known, asked := l.known[key]; asked {
		return known
	}
	t := l.schema.Table(schema, table)
	if t == nil || t.Kind != catalog.BaseTable || time.Now().After(l.until) {
		return false
	}
	none, err := l.none(t)
	l.known[key] = err == nil && none
	return l.known[key]
}

func (l *live) none(t *catalog.Table) (none bool, err error) {
	ctx, cancel := context.WithDeadline(l.ctx, l.until)
	defer cancel()
	tx, err := l.conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: l.dialect.Engine() != catalog.SQLite})
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback() }()
	if l.dialect.Engine() == catalog.PostgreSQL {
		if _, err := tx.ExecContext(ctx, local); err != nil {
			return false, err
		}
	}
	name := l.dialect.Quote(t.Name)
	if t.Schema != "" {
		name = l.dialect.Quote(t.Schema) + "." + name
	}
	err = tx.QueryRowContext(ctx, "SELECT NOT EXISTS (SELECT 1 FROM "+name+")").Scan(&none)
	return none, err
}
