package migrate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/covetsql/covetsql/migrate/history"
)

// steps runs a side statement by statement. The history says how far it came: a statement that can share a transaction with the
// history's row does, and of any other its beginning is written before it and its end behind it.
func (j *job) steps(ctx context.Context) error {
	if err := j.fresh(ctx, j.conn); err != nil {
		return j.failed(-1, err, "nothing was done", "")
	}
	resumed := j.exists && j.entry.State == history.Partial
	switch {
	case !resumed && j.exists != j.down && !j.m.Repeatable:
		return nil // another runner did it
	case resumed && j.entry.Way != j.way():
		return &Error{Kind: ErrPartial, Version: j.m.Version, Path: j.m.Path, Text: "the migration ran in part in the other direction", State: progressOf(j.entry), Do: "run covetsql migrate repair"}
	case resumed:
		if err := j.resume(ctx); err != nil {
			return err
		}
		j.tell(j.event(Resume))
	default:
		j.tell(j.event(Begin))
		e := &j.entry
		e.State, e.Way, e.Done, e.Started, e.Prefix, e.Before, e.Run, e.By = history.Partial, j.way(), 0, 0, prefix(nil, 0), "", j.session.run, j.by()
		if e.Total = len(j.side.Statements); j.fn != nil {
			e.Total = 1
		}
		if !j.down {
			e.At, e.Checksum, e.Text = j.began, j.m.Checksum, j.m.Text
		}
		err := j.write(ctx, func(q history.Querier) error {
			save := j.table.Insert
			if j.exists {
				save = j.table.Update
			}
			if err := save(ctx, q, *e); err != nil {
				return err
			}
			if j.foreign != nil {
				return j.mirror(ctx, q, true)
			}
			return nil
		})
		if err != nil {
			return j.failed(-1, err, "nothing was done", "see that the user may write the table "+j.table.Name)
		}
		j.exists = true
	}
	fault("begun")
	if j.Engine == SQLite && j.side.ForeignKeysOff {
		if err := j.foreignKeysOff(ctx); err != nil {
			return err
		}
	}
	if err := j.limit(ctx, j.conn, j.side.LockTimeout, false); err != nil {
		return j.failed(-1, err, progressOf(j.entry), "")
	}
	if j.fn != nil {
		fn := j.fn.UpDB
		if j.down {
			fn = j.fn.DownDB
		}
		if n := j.DB.Stats().MaxOpenConnections; n == 1 {
			return j.failed(-1, errors.New("the function wants the database, whose only connection the runner holds"), "nothing was done", "allow it two connections (SetMaxOpenConns), or let the function run in a transaction")
		}
		if fn != nil {
			if err := fn(ctx, j.DB); err != nil {
				return j.failed(-1, err, "the function is run again, from its start, by the next run", "")
			}
		}
	}
	for i := j.entry.Done; i < len(j.side.Statements) && j.fn == nil; {
		n := 1
		for g := j.side.Statements[i].Group; g != 0 && i+n < len(j.side.Statements) && j.side.Statements[i+n].Group == g; {
			n++
		}
		var err error
		switch st := j.side.Statements[i]; {
		case st.Batch:
			err = j.batch(ctx, i)
		case st.Group != 0 || st.Check || j.transactional(st.SQL):
			err = j.together(ctx, i, n)
		default:
			err = j.marked(ctx, i)
		}
		if err != nil {
			return err
		}
		i += n
	}
	err := j.write(ctx, func(q history.Querier) error {
		if j.Engine != SQLite {
			if err := j.restore(ctx, q); err != nil {
				return err
			}
		}
		return j.finish(ctx, q)
	})
	if err != nil {
		return j.failed(-1, err, progressOf(j.entry)+"; that the migration is whole could not be written down", "run again: it finds nothing left to run, and writes it down")
	}
	fault("committed")
	return nil
}

// write changes the history in a transaction of its own.
func (j *job) write(ctx context.Context, fn func(history.Querier) error) error {
	return j.tries(ctx, func() error {
		tx, err := j.conn.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		if err := j.inTransaction(ctx, tx); err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		return j.commit(ctx, tx)
	})
}

func ranAlready(n int) string {
	if n == 1 {
		return "the first statement ran already, and the file has another in its place"
	}
	return fmt.Sprintf("the first %d statements ran already, and the file has others in their place", n)
}

// resume settles what an interrupted run left, so that the run can go on behind it.
func (j *job) resume(ctx context.Context) error {
	e := &j.entry
	from := j.entry
	if j.fn != nil {
		e.Run, e.By = j.session.run, j.by()
		return j.write(ctx, func(q history.Querier) error { return j.table.Advance(ctx, q, from, *e) })
	}
	all := j.side.Statements
	if e.Done > len(all) || prefix(all, e.Done) != e.Prefix {
		return &Error{Kind: ErrChanged, Version: j.m.Version, Path: j.side.File.Path, Text: ranAlready(e.Done),
			State: progressOf(*e), Do: "bring the statements that ran back as they were; those behind them may be changed"}
	}
	// What the statements that ran set for the session is set again, before anything is looked for.
	for i, st := range all[:e.Done] {
		if ofSession(words(st.SQL, j.dialect(), 2)) {
			if _, err := j.conn.ExecContext(ctx, st.SQL); err != nil {
				return j.failed(i, err, progressOf(*e), "")
			}
		}
	}
	if e.Started > e.Done {
		v, err := j.judge(ctx, parseSight(e.Before))
		if err != nil {
			return j.failed(e.Started-1, err, progressOf(*e), "what became of the statement could not be looked up: run again")
		}
		switch v {
		case unknown:
			err := j.failed(e.Started-1, nil, progressOf(*e), fmt.Sprintf("see in the database whether it took effect, and say so: covetsql migrate repair --version %s --statement done, or again", j.m.Version)).(*Error)
			err.Kind, err.Text = ErrUnknown, fmt.Sprintf("an earlier run ended while statement %d was running, and whether it took effect can't be told", e.Started)
			return err
		case tookEffect:
			e.Done = e.Started
		}
	}
	e.Started, e.Before, e.Prefix = 0, "", prefix(all, e.Done)
	e.Total, e.Run, e.By = len(all), j.session.run, j.by()
	if !j.down {
		e.Checksum, e.Text = j.m.Checksum, j.m.Text
	}
	if err := j.write(ctx, func(q history.Querier) error { return j.table.Advance(ctx, q, from, *e) }); err != nil {
		return j.failed(-1, err, progressOf(*e), "")
	}
	return nil
}

// together runs statements i to i+n-1 and writes down that they are there, in one transaction.
func (j *job) together(ctx context.Context, i, n int) error {
	at := i
	began := time.Now()
	counts := make([]int64, n)
	took := make([]time.Time, n)
	next := j.after(i + n)
	err := j.tries(ctx, func() error {
		at = i
		began = time.Now()
		tx, err := j.conn.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		ended := false
		defer func() {
			if !ended {
				_ = tx.Rollback()
			}
		}()
		if err := j.inTransaction(ctx, tx); err != nil {
			return err
		}
		for ; at < i+n; at++ {
			took[at-i] = time.Now()
			if counts[at-i], err = j.exec(ctx, tx, j.side.Statements[at]); err != nil {
				return err
			}
			fault(fmt.Sprintf("ran %d", at+1))
		}
		at = i + n - 1
		if err := j.table.Advance(ctx, tx, j.entry, next); err != nil {
			return err
		}
		fault(fmt.Sprintf("written %d", i+n))
		ended = true
		if err := tx.Commit(); err != nil {
			return j.settle(ctx, next, err)
		}
		return nil
	})
	if err != nil {
		return j.failed(at, err, progressOf(j.entry), j.goOn(err))
	}
	j.entry = next
	for k := range n {
		began = took[k]
		j.ran(i+k, counts[k], began)
	}
	fault(fmt.Sprintf("done %d", i+n))
	return nil
}

// settle finds out whether a commit of progress came through whose answer was an error.
func (j *job) settle(ctx context.Context, next history.Entry, commit error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Minute)
	defer cancel()
	if err := j.again(ctx); err != nil {
		return errors.Join(commit, err)
	}
	e, ok, err := j.table.Entry(ctx, j.conn, j.m.Version)
	if err != nil {
		return errors.Join(commit, err)
	}
	if ok && e.Done == next.Done && e.Run == next.Run {
		return nil
	}
	return commit
}

// after is the entry when the first n statements are there.
func (j *job) after(n int) history.Entry {
	e := j.entry
	e.Done, e.Started, e.Before, e.Prefix, e.Took = n, 0, "", prefix(j.side.Statements, n), time.Since(j.began)
	return e
}

func (j *job) goOn(err error) string {
	if connectionLost(err) {
		return "run again when the server is back: it goes on where it stopped"
	}
	if lockTimedOut(j.Engine, err) {
		return "somebody holds a lock that the statement needs; run again when it is free: it goes on where it stopped"
	}
	return "correct the statement, or the data that it stumbles over, and run again: it goes on with this statement"
}

// marked runs a statement that shares no transaction with the history.
func (j *job) marked(ctx context.Context, i int) error {
	st := j.side.Statements[i]
	v, err := j.see(ctx, st.SQL)
	if err != nil {
		return j.failed(i, err, progressOf(j.entry), "run again")
	}
	if err := j.clearInvalid(ctx, v); err != nil {
		return j.failed(i, err, progressOf(j.entry), "run again")
	}
	start := j.entry
	start.Started, start.Before = i+1, v.String()
	if err := j.write(ctx, func(q history.Querier) error { return j.table.Advance(ctx, q, j.entry, start) }); err != nil {
		return j.failed(i, err, progressOf(j.entry), "run again")
	}
	j.entry = start
	fault(fmt.Sprintf("started %d", i+1))
	began := time.Now()
	var rows int64
	err = j.tries(ctx, func() error {
		var err error
		rows, err = j.exec(ctx, j.conn, st)
		if err != nil && !connectionLost(err) && v.Kind == "index build" {
			// What the try left is in the way of the next one.
			if _, e := j.judge(ctx, v); e != nil {
				return errors.Join(err, e)
			}
		}
		return err
	})
	if err != nil {
		if !connectionLost(err) {
			j.withdraw(ctx, v, st.SQL)
		}
		return j.failed(i, err, progressOf(j.entry), j.goOn(err))
	}
	fault(fmt.Sprintf("ran %d", i+1))
	next := j.after(i + 1)
	if err := j.write(ctx, func(q history.Querier) error { return j.table.Advance(ctx, q, j.entry, next) }); err != nil {
		return j.failed(i, err, "the statement took effect, and that could not be written down; "+progressOf(j.entry), "run again: it looks for what the statement did, and goes on")
	}
	j.entry = next
	j.ran(i, rows, began)
	fault(fmt.Sprintf("done %d", i+1))
	return nil
}

// withdraw takes the beginning of a statement back that the server refused, where it can be seen that nothing came of it. Where
// not, the beginning stays written, and the next run looks again.
func (j *job) withdraw(ctx context.Context, v sight, sql string) {
	if j.procedural(sql) {
		return
	}
	became, err := j.judge(ctx, v)
	if err != nil || (became != runAgain && v.Kind != "") {
		return
	}
	back := j.entry
	back.Started, back.Before = 0, ""
	if err := j.write(ctx, func(q history.Querier) error { return j.table.Advance(ctx, q, j.entry, back) }); err == nil {
		j.entry = back
	}
}

// batch runs a statement again and again until it changes nothing. Each round is a transaction; rounds that ran need not be
// written down, because their rows are left out of the next.
func (j *job) batch(ctx context.Context, i int) error {
	st := j.side.Statements[i]
	var total int64
	began := time.Now()
	for round := 1; ; round++ {
		var n int64
		err := j.tries(ctx, func() error {
			tx, err := j.conn.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			defer func() { _ = tx.Rollback() }()
			if err := j.inTransaction(ctx, tx); err != nil {
				return err
			}
			res, err := tx.ExecContext(ctx, st.SQL)
			if err != nil {
				return err
			}
			if n, err = res.RowsAffected(); err != nil {
				return fmt.Errorf("the driver does not say how many rows changed, which a batch needs: %w", err)
			}
			return j.commit(ctx, tx)
		})
		if err != nil {
			return j.failed(i, err, fmt.Sprintf("%s; the batch changed %s so far", progressOf(j.entry), plural(total, "row")), "run again: the batch goes on with the rows that are left")
		}
		if n == 0 {
			break
		}
		total += n
		e := j.event(BatchRound)
		e.Statement, e.Line, e.SQL, e.Rows, e.Attempt, e.Took = i+1, st.Line(), brief(st.SQL, j.dialect()), total, round, time.Since(began)
		j.tell(e)
		fault(fmt.Sprintf("round %d", round))
		if j.BatchPause > 0 {
			select {
			case <-ctx.Done():
				return j.failed(i, ctx.Err(), progressOf(j.entry), "run again: the batch goes on with the rows that are left")
			case <-time.After(j.BatchPause):
			}
		}
	}
	next := j.after(i + 1)
	if err := j.write(ctx, func(q history.Querier) error { return j.table.Advance(ctx, q, j.entry, next) }); err != nil {
		return j.failed(i, err, progressOf(j.entry), "run again")
	}
	j.entry = next
	j.ran(i, total, began)
	fault(fmt.Sprintf("done %d", i+1))
	return nil
}
