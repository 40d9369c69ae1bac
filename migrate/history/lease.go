package history

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// LeaseTable holds the lock where no session can: behind a transaction pooler, and in SQLite for what runs outside of transactions.
const LeaseTable = "covetsql_lock"

// Lease is a lock that is a row with an end: its holder writes the end on and on, and a holder that died loses it when the
// time has passed. The server's clock is the only one that counts.
type Lease struct {
	Engine Engine
	// Name is quoted and qualified. Owner marks the holder.
	Name, Owner string
}

// Create makes the table where it is not there.
func (l Lease) Create(ctx context.Context, q Querier) error {
	_, err := q.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS "+l.Name+" (id integer NOT NULL PRIMARY KEY, owner varchar(64) NOT NULL, held_until bigint NOT NULL)")
	return err
}

// now is the server's clock in milliseconds, as SQL.
func (l Lease) now() string {
	switch l.Engine {
	case PostgreSQL:
		return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"
	case MySQL:
		return "CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)"
	}
	return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
}

// Take takes the lease for a time, or holds it on; false where another one has it.
func (l Lease) Take(ctx context.Context, q Querier, d time.Duration) (bool, error) {
	insert := "INSERT INTO " + l.Name + " (id, owner, held_until) VALUES (1, '', 0) ON CONFLICT (id) DO NOTHING"
	if l.Engine == MySQL {
		insert = "INSERT IGNORE INTO " + l.Name + " (id, owner, held_until) VALUES (1, '', 0)"
	}
	if _, err := q.ExecContext(ctx, insert); err != nil {
		return false, err
	}
	if _, err := q.ExecContext(ctx, l.Engine.bind(fmt.Sprintf("UPDATE %s SET owner = ?, held_until = %s + ? WHERE id = 1 AND (owner = ? OR held_until < %s)", l.Name, l.now(), l.now())),
		l.Owner, d.Milliseconds(), l.Owner); err != nil {
		return false, err
	}
	var owner string
	err := q.QueryRowContext(ctx, "SELECT owner FROM "+l.Name+" WHERE id = 1").Scan(&owner)
	if err == sql.ErrNoRows {
		return false, nil
	}
	return owner == l.Owner, err
}

// Release lets the lease go.
func (l Lease) Release(ctx context.Context, q Querier) error {
	_, err := q.ExecContext(ctx, l.Engine.bind("UPDATE "+l.Name+" SET owner = '', held_until = 0 WHERE id = 1 AND owner = ?"), l.Owner)
	return err
}
