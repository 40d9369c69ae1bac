package migrate

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/history"
)

// fault is called where a process may die; tests let it.
var fault = func(where string) {}

// job is one way of one migration that is being run.
type job struct {
	*session
	folder *file.Folder
	m      *file.Migration
	side   file.Side
	fn     *Func
	down   bool
	entry  history.Entry // as it is in the history, or as it would be
	exists bool          // the history has it
	began  time.Time
	theirs bool // another runner did it while this one waited
}

// up applies one migration. ran is false where there was nothing left to run.
func (s *session) up(ctx context.Context, folder *file.Folder, it Item) (how mode, ran bool, err error) {
	if len(it.replaces()) > 1 {
		done, err := s.replaced(ctx, folder, it)
		if err != nil || done {
			return whole, false, err
		}
	}
	j := &job{session: s, folder: folder, m: it.migration, side: it.migration.Up, fn: it.fn, began: time.Now()}
	how, err = j.run(ctx)
	return how, !j.theirs, err
}

// undo undoes one migration, as up applies it.
func (s *session) undo(ctx context.Context, folder *file.Folder, it Item) (how mode, ran bool, err error) {
	j := &job{session: s, folder: folder, m: it.migration, side: it.migration.Down, fn: it.fn, down: true, began: time.Now()}
	how, err = j.run(ctx)
	return how, !j.theirs, err
}

func (j *job) way() string {
	if j.down {
		return "down"
	}
	return "up"
}

func (j *job) event(kind EventKind) Event {
	e := Event{Kind: kind, Version: j.m.Version, Name: j.m.Name, Path: j.m.Path, Down: j.down, Statements: len(j.side.Statements)}
	if j.side.File != nil {
		e.Path = j.side.File.Path
	}
	return e
}

func (j *job) run(ctx context.Context) (mode, error) {
	how := whole
	var err error
	switch {
	case j.fn != nil:
		if (j.down && j.fn.DownDB != nil) || (!j.down && j.fn.UpDB != nil) {
			how = steps
		}
	default:
		if how, err = j.modeOf(j.m, j.side); err != nil {
			return how, err
		}
	}
	if how == whole {
		err = j.whole(ctx)
	} else {
		err = j.steps(ctx)
	}
	// What a file set for its session stays with it.
	if j.conn != nil {
		if e := j.restore(context.WithoutCancel(ctx), j.conn); e != nil && err == nil {
			err = &Error{Version: j.m.Version, Path: j.m.Path, Text: "the session's settings could not be brought back", Err: e, State: "the migration is there whole"}
		}
	}
	switch {
	case err != nil:
	case j.theirs:
		e := j.event(Settled)
		e.Text = "another runner did it meanwhile"
		j.tell(e)
	default:
		e := j.event(End)
		e.Took = time.Since(j.began)
		j.tell(e)
	}
	return how, err
}

// fresh is the entry of a migration that begins.
func (j *job) fresh(ctx context.Context, q history.Querier) error {
	e, ok, err := j.table.Entry(ctx, q, j.m.Version)
	if err != nil {
		return err
	}
	if ok {
		j.entry, j.exists = e, true
		return nil
	}
	var position int64
	if err := q.QueryRowContext(ctx, "SELECT COALESCE(MAX(position), 0) + 1 FROM "+j.table.Name).Scan(&position); err != nil {
		return err
	}
	j.exists = false
	j.entry = history.Entry{Version: j.m.Version, Name: j.m.Name, Position: position, State: history.Applied, Way: "up", Checksum: j.m.Checksum, Text: j.m.Text,
		Total: len(j.side.Statements), At: j.began, By: j.by(), Run: j.session.run}
	if j.fn != nil {
		j.entry.Total = 1
	}
	return nil
}

// tries is a run of fn that begins anew when a lock was not to be had in time.
func (j *job) tries(ctx context.Context, fn func() error) error {
	n := j.LockRetries
	if n == 0 {
		n = 10
	}
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 100*time.Millisecond, 10*time.Second
	attempt := 0
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := fn()
		if err == nil || !lockTimedOut(j.Engine, err) || attempt >= n {
			if err != nil {
				err = backoff.Permanent(err)
			}
			return struct{}{}, err
		}
		attempt++
		e := j.event(Retry)
		e.Attempt, e.Text = attempt, clean(cause(err).Error())
		j.tell(e)
		return struct{}{}, err
	}, backoff.WithBackOff(pause), backoff.WithMaxElapsedTime(0))
	return err
}

// cause is the server's own error.
func cause(err error) error {
	var e *Error
	if errors.As(err, &e) && e.Err != nil {
		return e.Err
	}
	return err
}

// failed is the error of a statement.
func (j *job) failed(i int, err error, state, do string) error {
	e := &Error{Version: j.m.Version, Path: j.m.Path, Text: "the function failed", Err: err, State: state, Do: do}
	if j.side.File != nil {
		e.Path = j.side.File.Path
	}
	if i >= 0 && i < len(j.side.Statements) {
		st := j.side.Statements[i]
		e.Text = fmt.Sprintf("statement %d of %d failed", i+1, len(j.side.Statements))
		e.Line, e.Statement = st.Line(), brief(st.SQL, j.dialect())
	} else if j.fn == nil {
		e.Text = "the migration failed"
	}
	var check *checkError
	if errors.As(err, &check) {
		e.Kind, e.Text, e.Err = ErrCheck, check.Error(), nil
	}
	if connectionLost(err) {
		e.Kind = ErrLost
	}
	return e
}

const nothingThere = "its transaction was rolled back: nothing of the migration is there"

// whole runs a side in one transaction with the history's row.
func (j *job) whole(ctx context.Context) error {
	j.tell(j.event(Begin))
	if j.Engine == SQLite && j.side.ForeignKeysOff {
		if err := j.foreignKeysOff(ctx); err != nil {
			return err
		}
	}
	return j.tries(ctx, func() error {
		if j.conn == nil {
			if err := j.again(ctx); err != nil {
				return err
			}
		}
		done, err := j.once(ctx)
		if err == nil || done {
			return err
		}
		return err
	})
}

// once is one try. done: the outcome is settled.
func (j *job) once(ctx context.Context) (done bool, err error) {
	tx, err := j.conn.BeginTx(ctx, nil)
	if err != nil {
		return false, j.failed(-1, err, "nothing was done", "")
	}
	ended := false
	defer func() {
		if !ended {
			_ = tx.Rollback() // a server that gave up did so already
		}
	}()
	if err := j.inTransaction(ctx, tx); err != nil {
		return false, j.failed(-1, err, nothingThere, "")
	}
	if err := j.fresh(ctx, tx); err != nil {
		return false, j.failed(-1, err, nothingThere, "")
	}
	if settled, err := j.settled(); settled || err != nil {
		j.theirs = err == nil
		return true, err
	}
	before := map[string]int{}
	if j.Engine == SQLite && j.side.ForeignKeysOff {
		if before, err = violations(ctx, tx); err != nil {
			return false, j.failed(-1, err, nothingThere, "")
		}
	}
	if err := j.limit(ctx, tx, j.side.LockTimeout, true); err != nil {
		return false, j.failed(-1, err, nothingThere, "")
	}
	if err := j.claim(ctx, tx); err != nil {
		return false, j.failed(-1, err, nothingThere, "see that the user may write the table "+j.table.Name)
	}
	fault("begun")
	if j.fn != nil {
		fn := j.fn.Up
		if j.down {
			fn = j.fn.Down
		}
		if err := fn(ctx, tx); err != nil {
			return false, j.failed(-1, err, nothingThere, "")
		}
	}
	for i, st := range j.side.Statements {
		began := time.Now()
		rows, err := j.exec(ctx, tx, st)
		if err != nil {
			return false, j.failed(i, err, nothingThere, advice(j.Engine, err))
		}
		j.ran(i, rows, began)
		fault(fmt.Sprintf("ran %d", i+1))
	}
	if j.Engine == SQLite && j.side.ForeignKeysOff {
		after, err := violations(ctx, tx)
		if err != nil {
			return false, j.failed(-1, err, nothingThere, "")
		}
		for what, n := range after {
			if n > before[what] {
				return false, j.failed(-1, fmt.Errorf("%s of %s would refer to what is not there", plural(int64(n-before[what]), "row"), what), nothingThere, "see PRAGMA foreign_key_check")
			}
		}
	}
	if j.Engine != SQLite {
		if err := j.restore(ctx, tx); err != nil {
			return false, j.failed(-1, err, nothingThere, "")
		}
	}
	if err := j.finish(ctx, tx); err != nil {
		return false, j.failed(-1, err, nothingThere, "")
	}
	fault("written")
	ended = true
	if err := tx.Commit(); err != nil {
		return true, j.outcome(ctx, err)
	}
	fault("committed")
	return true, nil
}

// settled tells whether another runner did it while this one waited.
func (j *job) settled() (bool, error) {
	if !j.exists {
		if j.down {
			return true, nil
		}
		return false, nil
	}
	switch {
	case j.m.Repeatable:
		return j.entry.Checksum == j.m.Checksum && j.entry.State == history.Applied, nil
	case j.entry.State == history.Partial && j.entry.Way != j.way():
		return true, &Error{Kind: ErrPartial, Version: j.m.Version, Path: j.m.Path, Text: "the migration ran in part in the other direction", State: progressOf(j.entry), Do: "run covetsql migrate repair"}
	case j.entry.State == history.Partial:
		// It ran statement by statement before and would run whole now: its file or the engine changed.
		if j.entry.Done == 0 && j.entry.Started == 0 {
			return false, nil
		}
		return true, &Error{Kind: ErrPartial, Version: j.m.Version, Path: j.m.Path, Text: "the migration ran in part outside of a transaction, and its file asks for one now", State: progressOf(j.entry), Do: "let it run outside of a transaction again, or see by hand to what it left and run covetsql migrate repair"}
	}
	return !j.down, nil
}

// claim writes the row at the beginning of a transaction: whoever else runs the same waits, and fails.
func (j *job) claim(ctx context.Context, q history.Querier) error {
	if j.down {
		return nil
	}
	j.entry.State, j.entry.Run, j.entry.By, j.entry.At = history.Applied, j.session.run, j.by(), j.began
	j.entry.Checksum, j.entry.Text = j.m.Checksum, j.m.Text
	if j.exists {
		return j.table.Update(ctx, q, j.entry)
	}
	return j.table.Insert(ctx, q, j.entry)
}

// finish writes that all of it is there, into both tables.
func (j *job) finish(ctx context.Context, q history.Querier) error {
	if j.down {
		if err := j.table.Delete(ctx, q, j.m.Version); err != nil {
			return err
		}
		if err := j.uncover(ctx, q); err != nil {
			return err
		}
	} else {
		e := &j.entry
		from := *e
		e.State, e.Way, e.Done, e.Started, e.Prefix, e.Before, e.Took = history.Applied, "up", e.Total, 0, "", "", time.Since(j.began)
		e.Checksum, e.Text = j.m.Checksum, j.m.Text
		if err := j.table.Advance(ctx, q, from, *e); err != nil {
			return err
		}
		if err := j.cover(ctx, q); err != nil {
			return err
		}
	}
	if j.foreign == nil {
		return nil
	}
	return j.mirror(ctx, q, false)
}

// uncover forgets the migrations that an undone squash stood for: the squash would be taken for one of which only a part is there.
func (j *job) uncover(ctx context.Context, q history.Querier) error {
	for _, v := range j.m.Replaces {
		e, there, err := j.table.Entry(ctx, q, v)
		if err != nil {
			return err
		}
		if there && e.State == history.Squashed {
			if err := j.table.Delete(ctx, q, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// cover writes down that what a checkpoint holds is there.
func (j *job) cover(ctx context.Context, q history.Querier) error {
	if !j.m.Checkpoint {
		return nil
	}
	for _, m := range j.folder.Migrations {
		if m.Checkpoint || file.Compare(j.folder.Form, m.Version, j.m.Version) >= 0 {
			continue
		}
		_, there, err := j.table.Entry(ctx, q, m.Version)
		if err != nil {
			return err
		}
		if there {
			continue
		}
		e := adopted(m, j.folder.Form, 0)
		e.State, e.By = history.Baseline, "the checkpoint "+j.m.Path
		if err := j.table.Insert(ctx, q, e); err != nil {
			return err
		}
	}
	return nil
}

// mirror writes the other tool's table.
func (j *job) mirror(ctx context.Context, q history.Querier, broken bool) error {
	newest := ""
	if j.folder.Form == file.GolangMigrate || j.folder.Form == file.Tern {
		entries, err := j.table.Entries(ctx, q)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.State != history.Squashed && (e.State != history.Partial || broken) && (newest == "" || file.Compare(j.folder.Form, e.Version, newest) > 0) {
				newest = e.Version
			}
		}
		if broken {
			newest = j.m.Version
		}
	}
	return j.foreign.Write(ctx, q, history.Change{Migration: j.m, Folder: j.folder, Down: j.down, Newest: newest, Broken: broken, Took: time.Since(j.began), By: j.by()})
}

// outcome finds out what became of a commit whose answer was an error.
func (j *job) outcome(ctx context.Context, commit error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Minute)
	defer cancel()
	unsure := func(err error) error {
		return &Error{Kind: ErrLost, Version: j.m.Version, Path: j.m.Path, Text: "the connection was lost while the migration was being committed, and the server can't be asked what became of it", Err: err,
			State: "the migration is there whole or not at all", Do: "run again when the server is back: what is there is seen then"}
	}
	if err := j.again(ctx); err != nil {
		return unsure(errors.Join(commit, err))
	}
	if j.pooled || j.Engine == SQLite { // wait for the transaction that may still be ending
		tx, err := j.conn.BeginTx(ctx, nil)
		if err != nil {
			return unsure(err)
		}
		err = j.inTransaction(ctx, tx)
		_ = tx.Rollback()
		if err != nil {
			return unsure(err)
		}
	}
	e, ok, err := j.table.Entry(ctx, j.conn, j.m.Version)
	if err != nil {
		return unsure(err)
	}
	if (!j.down && ok && e.Run == j.session.run && e.State == history.Applied && e.Checksum == j.m.Checksum) || (j.down && !ok) {
		return nil
	}
	return j.failed(-1, commit, nothingThere, "run again")
}

// exec runs one statement, or a check.
func (j *job) exec(ctx context.Context, q history.Querier, st file.Statement) (int64, error) {
	if st.Check {
		return 0, check(ctx, q, st.SQL)
	}
	res, err := q.ExecContext(ctx, st.SQL)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, nil // the driver does not count them
	}
	return n, nil
}

// checkError is that of a check that gave rows.
type checkError struct {
	rows    int
	columns []string
	more    bool
}

func (e *checkError) Error() string {
	n := fmt.Sprint(e.rows)
	if e.more {
		n = "more than " + n
	}
	return fmt.Sprintf("the check gave %s rows (columns %v) and must give none", n, e.columns)
}

// check runs a query that must give no row. The rows' values are nobody's but the database's.
func check(ctx context.Context, q history.Querier, query string) error {
	rows, err := q.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	e := &checkError{}
	if e.columns, err = rows.Columns(); err != nil {
		return err
	}
	for rows.Next() {
		if e.rows == 1000 {
			e.more = true
			break
		}
		e.rows++
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if e.rows > 0 {
		return e
	}
	return nil
}

func (j *job) ran(i int, rows int64, began time.Time) {
	st := j.side.Statements[i]
	e := j.event(Ran)
	e.Statement, e.Line, e.SQL, e.Rows, e.Took = i+1, st.Line(), brief(st.SQL, j.dialect()), rows, time.Since(began)
	j.tell(e)
}

// advice is what to do about some errors of the servers' that say it badly.
func advice(e Engine, err error) string {
	switch {
	case e == PostgreSQL && stateOf(err) == "55P04":
		return "a new value of an enum can be used after it was committed: put its use into a migration of its own"
	case lockTimedOut(e, err):
		return "somebody holds a lock that the statement needs: run again when it is free, or see in pg_stat_activity (SHOW PROCESSLIST) who it is"
	case connectionLost(err):
		return "run again when the server is back"
	}
	return "correct the file and run again"
}

// foreignKeysOff turns SQLite's enforcement off, which works outside of transactions alone, and sees that it is.
func (j *job) foreignKeysOff(ctx context.Context) error {
	var on int
	_, err := j.conn.ExecContext(ctx, "PRAGMA foreign_keys = 0")
	if err == nil {
		err = j.conn.QueryRowContext(ctx, "PRAGMA foreign_keys").Scan(&on)
	}
	if err == nil && on != 0 {
		err = errors.New("PRAGMA foreign_keys = off had no effect")
	}
	if err != nil {
		return j.failed(-1, err, "nothing was done", "the migration would delete rows that refer to tables that it rebuilds")
	}
	return nil
}

// violations counts the rows that refer to none, by table and parent.
func violations(ctx context.Context, q history.Querier) (map[string]int, error) {
	rows, err := q.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var table, parent sql.NullString
		var rowid, id any
		if err := rows.Scan(&table, &rowid, &parent, &id); err != nil {
			return nil, err
		}
		out[table.String+" (to "+parent.String+")"]++
	}
	return out, rows.Err()
}

// prefix is the checksum of the first n statements.
func prefix(all []file.Statement, n int) string {
	h := sha256.New()
	for _, st := range all[:min(n, len(all))] {
		h.Write([]byte(st.SQL))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (s *session) progress(it Item) string { return progressOf(*it.entry) }

func progressOf(e history.Entry) string {
	done := fmt.Sprintf("%d of %d statements took effect", e.Done, e.Total)
	if e.Started > e.Done {
		done += fmt.Sprintf("; of statement %d only the beginning is written down", e.Started)
	}
	return done
}

// replaced settles a squashed migration on a database that has what it stands for. done is false where it is to be run.
func (s *session) replaced(ctx context.Context, folder *file.Folder, it Item) (done bool, err error) {
	entries, err := s.table.Entries(ctx, s.conn)
	if err != nil {
		return false, err
	}
	var have []history.Entry
	for _, e := range entries {
		if slices.Contains(it.migration.Replaces, e.Version) && e.State != history.Partial {
			have = append(have, e)
		}
	}
	switch {
	case len(have) == 0:
		return false, nil
	case len(have) < len(it.migration.Replaces):
		return false, &Error{Kind: ErrPartial, Version: it.Version, Path: it.Path, Text: fmt.Sprintf("the file stands for %d migrations, of which this database has %d", len(it.migration.Replaces), len(have)),
			State: "nothing was done", Do: wholeSquash}
	}
	tx, err := s.conn.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback() }()
	if err := s.inTransaction(ctx, tx); err != nil {
		return false, err
	}
	for _, e := range have {
		if e.Version == it.Version {
			e.Checksum, e.Text, e.Name = it.migration.Checksum, it.migration.Text, it.migration.Name
			e.Total = len(it.migration.Up.Statements)
			e.Done = e.Total
		} else {
			e.State = history.Squashed
		}
		if err := s.table.Update(ctx, tx, e); err != nil {
			return false, err
		}
	}
	return true, s.commit(ctx, tx)
}
