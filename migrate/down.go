package migrate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/history"
)

// Down undoes the last n migrations, in the opposite of the order in which they were applied. That all of them can be undone is
// seen before the first one is.
func (r *Runner) Down(ctx context.Context, n int, dryRun bool) (*Report, error) {
	folder, err := r.folder()
	if err != nil {
		return nil, err
	}
	s, err := r.open(ctx, folder.Form)
	if err != nil {
		return nil, err
	}
	defer s.close()
	st, _, err := s.readOnly(ctx, folder)
	if err != nil {
		return nil, err
	}
	todo, err := s.undoable(st, n)
	if err != nil {
		return nil, err
	}
	report := &Report{DryRun: dryRun, Current: st.Current()}
	alone := false
	var lost []Loss
	for _, it := range todo {
		step := Step{Version: it.Version, Name: it.Name, Path: it.Path, Down: true, Transaction: true}
		if it.Go {
			step.Transaction = it.fn.DownDB == nil
		} else {
			mode, err := s.modeOf(it.migration, it.migration.Down)
			if err != nil {
				return nil, err
			}
			step.Transaction, step.Path = mode == whole, it.migration.Down.File.Path
			gone, err := s.losses(ctx, it.Version, it.migration.Down)
			if err != nil {
				return nil, err
			}
			for _, stm := range it.migration.Down.Statements {
				line := StepStatement{Line: stm.Line(), SQL: stm.SQL}
				for _, l := range gone {
					if l.Line == line.Line {
						line.Loses = append(line.Loses, l.What)
					}
				}
				step.Statements = append(step.Statements, line)
			}
			lost = append(lost, gone...)
		}
		alone = alone || !step.Transaction
		if dryRun {
			report.Steps = append(report.Steps, step)
		}
	}
	if dryRun || len(todo) == 0 {
		return report, nil
	}
	if len(lost) > 0 && r.Approve != nil {
		if err := r.Approve(lost); err != nil {
			return nil, err
		}
	}
	if err := s.takeLock(ctx, alone); err != nil {
		return nil, err
	}
	defer s.release()
	k, err := s.prepare(ctx, folder)
	if err != nil {
		return nil, err
	}
	if st, err = s.assess(folder, k); err != nil {
		return nil, err
	}
	again, err := s.undoable(st, n)
	if err != nil {
		return nil, err
	}
	// Another runner may have been at work in between; what it undid or applied is not what was asked for.
	if !slices.EqualFunc(todo, again, func(a, b Item) bool { return a.Version == b.Version }) {
		return nil, &Error{Text: "another runner changed the history meanwhile", State: "nothing was undone by this one", Do: "see covetsql migrate status, and ask again"}
	}
	for _, it := range again {
		began := time.Now()
		mode, ran, err := s.undo(ctx, folder, it)
		if err != nil {
			return report, err
		}
		if !ran {
			continue
		}
		report.Steps = append(report.Steps, Step{Version: it.Version, Name: it.Name, Path: it.Path, Down: true, Transaction: mode == whole, Took: time.Since(began)})
	}
	if st, _, err = s.readOnly(ctx, folder); err == nil {
		report.Current = st.Current()
	}
	return report, err
}

// undoable are the last n migrations, last first, or why one of them can't be undone.
func (s *session) undoable(st *Status, n int) ([]Item, error) {
	if n < 0 {
		return nil, &Error{Text: fmt.Sprintf("%d is no number of migrations that could be undone", n)}
	}
	var have []Item
	for _, it := range st.Items {
		if it.entry != nil && it.State != Covered && (it.migration == nil || !it.migration.Repeatable) && it.entry.State != history.Squashed {
			have = append(have, it)
		}
	}
	slices.SortStableFunc(have, func(a, b Item) int { return int(b.entry.Position - a.entry.Position) })
	have = have[:min(n, len(have))]
	for i, it := range have {
		if it.migration != nil && it.migration.Down.Problem != nil {
			return nil, it.migration.Down.Problem
		}
		e := &Error{Kind: ErrNoDown, Version: it.Version, Path: it.Path, State: "nothing was undone"}
		switch {
		case it.State == Partial && it.entry.Way == "up":
			e.Kind, e.Text, e.State, e.Do = ErrPartial, "the migration ran in part", s.progress(it), "run covetsql migrate apply to finish it, then undo it; or see by hand to what it left and run covetsql migrate repair"
		case it.State == Missing || it.State == Ahead:
			e.Text, e.Do = "the file of the migration is gone", "bring it back; a newer version of the program may have it"
		case it.State == Baseline:
			e.Text, e.Do = "the migration was there before covetsql was (baseline), and is not undone", ""
		case it.State == Changed:
			e.Kind, e.Text, e.Do = ErrChanged, "the file was changed after it was applied", "undo the change, or accept it by covetsql migrate repair --checksums"
		case !it.Undoable:
			e.Text, e.Do = "the migration says nothing of the way back", "write its down side, or a new migration that undoes it"
		case it.Go && it.fn == nil:
			e.Text, e.Do = "the migration is Go code, and no function is registered for it", "undo it by the program that has it"
		default:
			continue
		}
		if i > 0 {
			e.State += fmt.Sprintf("; of the %d asked for, the newest %d could be", n, i)
		}
		return nil, e
	}
	return have, nil
}

// Baseline says that a database that was there before has all up to a version. Nothing is run.
func (r *Runner) Baseline(ctx context.Context, version string) (*Report, error) {
	folder, err := r.folder()
	if err != nil {
		return nil, err
	}
	if folder.Find(version) == nil {
		return nil, &Error{Text: "the folder has no version " + version, State: "nothing was done", Do: "covetsql migrate status lists the versions"}
	}
	report := &Report{Current: version}
	err = r.change(ctx, folder, func(s *session, tx history.Querier, k *known) error {
		if len(k.entries) > 0 {
			return &Error{Text: fmt.Sprintf("the database has a history of %s, so that its baseline is known", plural(int64(len(k.entries)), "migration")), State: "nothing was done",
				Do: "see covetsql migrate status; what is applied and not written down is told by covetsql migrate repair --applied VERSION"}
		}
		for i, m := range folder.Migrations {
			if file.Compare(folder.Form, m.Version, version) > 0 {
				break
			}
			e := adopted(m, folder.Form, int64(i+1))
			e.State, e.By = history.Baseline, r.by()
			if err := s.record(ctx, tx, folder, m, e, false); err != nil {
				return err
			}
			report.Steps = append(report.Steps, Step{Version: m.Version, Name: m.Name, Path: m.Path})
		}
		return nil
	})
	return report, err
}

// change changes the history alone, under the lock, in one transaction.
func (r *Runner) change(ctx context.Context, folder *file.Folder, fn func(*session, history.Querier, *known) error) error {
	s, err := r.open(ctx, folder.Form)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.takeLock(ctx, false); err != nil {
		return err
	}
	defer s.release()
	k, err := s.prepare(ctx, folder)
	if err != nil {
		return err
	}
	tx, err := s.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := s.inTransaction(ctx, tx); err != nil {
		return err
	}
	if k.entries, err = s.table.Entries(ctx, tx); err != nil {
		return err
	}
	if err := fn(s, tx, k); err != nil {
		return err
	}
	return s.commit(ctx, tx)
}

// record writes into both tables that a migration is there, or is not.
func (s *session) record(ctx context.Context, tx history.Querier, folder *file.Folder, m *file.Migration, e history.Entry, gone bool) error {
	_, there, err := s.table.Entry(ctx, tx, m.Version)
	switch {
	case err != nil:
		return err
	case gone:
		err = s.table.Delete(ctx, tx, m.Version)
	case there:
		err = s.table.Update(ctx, tx, e)
	default:
		err = s.table.Insert(ctx, tx, e)
	}
	if err != nil || s.foreign == nil || m.Repeatable {
		return err
	}
	j := &job{session: s, folder: folder, m: m, side: m.Up, down: gone, began: e.At}
	if gone && folder.Form == file.Flyway && !m.Down.Exists() {
		j.m = &file.Migration{Version: m.Version, Name: m.Name, Down: m.Up}
	}
	return j.mirror(ctx, tx, false)
}
