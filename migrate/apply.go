package migrate

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/history"
)

// ApplyOptions say what is to be applied.
type ApplyOptions struct {
	// To is the last version to apply; "" applies all.
	To string
	// DryRun says what would be done. The database is only read, in a transaction that can't write.
	DryRun bool
}

// Report is what was done, or would be.
type Report struct {
	// Steps are the migrations in the order in which they ran.
	Steps []Step `json:"steps"`
	// DryRun: nothing was done.
	DryRun bool `json:"dry_run,omitempty"`
	// Current is the newest version that is applied now.
	Current string `json:"current"`
}

// Step is a migration that ran, or would.
type Step struct {
	Version string `json:"version"`
	Name    string `json:"name"`
	Path    string `json:"path,omitempty"`
	Down    bool   `json:"down,omitempty"`
	// Transaction: all of it is one transaction. Statements are those to run; of a resumed one, those left.
	Transaction bool            `json:"transaction"`
	Statements  []StepStatement `json:"statements,omitempty"`
	Took        time.Duration   `json:"took_ns,omitempty"`
}

// StepStatement is a statement of a step.
type StepStatement struct {
	Line int    `json:"line"`
	SQL  string `json:"sql"`
	// Loses is what the statement of a way back destroys.
	Loses []string `json:"loses,omitempty"`
}

// Apply brings the database up to the newest migration, or to one. It waits while another runner is at work. What was
// interrupted before goes on first.
func (r *Runner) Apply(ctx context.Context, o ApplyOptions) (*Report, error) {
	folder, err := r.folder()
	if err != nil {
		return nil, err
	}
	if o.To != "" && folder.Find(o.To) == nil {
		return nil, &Error{Text: "the folder has no version " + o.To, State: "nothing was done", Do: "covetsql migrate status lists the versions"}
	}
	s, err := r.open(ctx, folder.Form)
	if err != nil {
		return nil, err
	}
	defer s.close()
	// Programs that start by the dozen mostly find nothing to do, and need not wait for each other then.
	st, k, err := s.readOnly(ctx, folder)
	if err != nil {
		return nil, err
	}
	todo, err := s.todo(folder, st, o.To)
	if err != nil {
		return nil, err
	}
	report := &Report{DryRun: o.DryRun, Current: st.Current()}
	if o.DryRun {
		report.Steps, err = s.preview(todo)
		return report, err
	}
	if len(todo) == 0 && len(k.adopt)+len(k.forget) == 0 {
		return report, nil
	}
	alone, err := s.anyAlone(todo)
	if err != nil {
		return nil, err
	}
	if err := s.takeLock(ctx, alone); err != nil {
		return nil, err
	}
	defer s.release()
	if k, err = s.prepare(ctx, folder); err != nil {
		return nil, err
	}
	if st, err = s.assess(folder, k); err != nil {
		return nil, err
	}
	if todo, err = s.todo(folder, st, o.To); err != nil {
		return nil, err
	}
	report.Current = st.Current() // another runner may have been at work while this one waited
	for _, it := range todo {
		began := time.Now()
		mode, ran, err := s.up(ctx, folder, it)
		if err != nil {
			return report, err
		}
		if it.State == Applied || it.State == Baseline {
			continue // a squash of what is there was written down
		}
		if ran {
			report.Steps = append(report.Steps, Step{Version: it.Version, Name: it.Name, Path: it.Path, Transaction: mode == whole, Took: time.Since(began)})
		}
		if it.migration != nil && !it.migration.Repeatable && (report.Current == "" || file.Compare(folder.Form, it.Version, report.Current) > 0) {
			report.Current = it.Version
		}
	}
	return report, nil
}

// prepare makes the tables and writes down what another tool did since. The lock is held; in SQLite others may write all the
// same, and are waited for.
func (s *session) prepare(ctx context.Context, folder *file.Folder) (*known, error) {
	var k *known
	err := s.patient(ctx, func() (err error) {
		k, err = s.prepareOnce(ctx, folder)
		return err
	})
	return k, err
}

func (s *session) prepareOnce(ctx context.Context, folder *file.Folder) (*known, error) {
	tx, err := s.conn.BeginTx(ctx, nil)
	if err != nil {
		return nil, &Error{Text: "no transaction can be begun", Err: err}
	}
	had, committed := s.has, false
	theirs := s.foreign != nil && s.foreign.Exists
	defer func() {
		_ = tx.Rollback()
		if committed {
			return
		}
		if s.has = had; s.foreign != nil { // what was made was rolled back
			s.foreign.Exists = theirs
		}
	}()
	fail := func(err error) (*known, error) {
		return nil, &Error{Text: "the history can't be written", Err: err, State: "no migration was run", Do: "the user of the database needs the right to make and to write the table " + s.table.Name}
	}
	if s.pooled {
		if err := s.inTransaction(ctx, tx); err != nil {
			return fail(err)
		}
	}
	if !s.has { // who may not make tables may run migrations where it is there
		if err := s.table.Create(ctx, tx); err != nil {
			return fail(err)
		}
	}
	s.has = true
	if s.Engine == SQLite {
		if err := s.writeLock(ctx, tx); err != nil {
			return fail(err)
		}
	}
	fresh := s.foreign != nil && !s.foreign.Exists
	if s.foreign != nil {
		if err := s.foreign.Create(ctx, tx); err != nil {
			return fail(err)
		}
	}
	if fresh { // the folder came to this form with a history of ours
		s.foreign.Exists = false
	}
	k, err := s.know(ctx, tx, folder)
	if s.foreign != nil {
		s.foreign.Exists = true
	}
	if err != nil {
		return nil, err
	}
	if fresh {
		newest := ""
		for _, e := range k.entries {
			m := folder.Find(e.Version)
			if m == nil || e.State == history.Partial || e.State == history.Squashed {
				continue
			}
			if newest == "" || file.Compare(folder.Form, e.Version, newest) > 0 {
				newest = e.Version
			}
			if err := s.foreign.Write(ctx, tx, history.Change{Migration: m, Folder: folder, Newest: newest, Took: e.Took, By: e.By}); err != nil {
				return fail(err)
			}
		}
	}
	for _, v := range k.forget {
		if err := s.table.Delete(ctx, tx, v); err != nil {
			return fail(err)
		}
	}
	for _, m := range k.adopt {
		if err := s.table.Insert(ctx, tx, *k.find(m.Version)); err != nil {
			return fail(err)
		}
	}
	if err := s.commit(ctx, tx); err != nil {
		return fail(err)
	}
	committed = true
	for _, v := range k.forget {
		s.tell(Event{Kind: TakenOver, Version: v, Down: true, Text: string(folder.Form) + " undid it"})
	}
	for _, m := range k.adopt {
		s.tell(Event{Kind: TakenOver, Version: m.Version, Name: m.Name, Path: m.Path, Text: string(folder.Form) + " applied it"})
	}
	return k, nil
}

// todo is what is to be applied, in order, or why nothing can be.
func (s *session) todo(folder *file.Folder, st *Status, to string) ([]Item, error) {
	var out []Item
	var late, missing, changed []Item
	for _, it := range st.Items {
		switch it.State {
		case Changed:
			changed = append(changed, it)
		case Missing:
			missing = append(missing, it)
		case Partial:
			if it.migration == nil {
				return nil, &Error{Kind: ErrPartial, Version: it.Version, Text: "the migration ran in part, and its file is gone",
					State: s.progress(it), Do: "bring the file back, or see by hand to what it left, and run covetsql migrate repair"}
			}
			if it.entry.Way == "down" {
				return nil, &Error{Kind: ErrPartial, Version: it.Version, Path: it.Path, Text: "the migration was undone in part",
					State: s.progress(it), Do: "run covetsql migrate down to undo the rest"}
			}
		}
	}
	if st.Broken != "" && !slices.ContainsFunc(st.Items, func(it Item) bool {
		return it.State == Partial && file.Compare(folder.Form, it.Version, st.Broken) == 0
	}) {
		return nil, &Error{Kind: ErrForeign, Version: st.Broken, Text: string(folder.Form) + " gave up in this migration and did not finish it", State: "nobody wrote down which of its statements took effect; the table " + st.Foreign + " says that it is not whole",
			Do: "see which took effect, then bring the database to where the version is there whole or not at all, and say so: covetsql migrate repair --applied " + st.Broken + " or --forget " + st.Broken}
	}
	if len(changed) > 0 {
		it := changed[0]
		return nil, &Error{Kind: ErrChanged, Version: it.Version, Path: it.Path, Text: "the file was changed after it was applied" + others(changed),
			State: "the database has what the file said on " + it.At.Format(time.DateOnly), Do: "undo the change and write a new migration; if the change means nothing (a comment), covetsql migrate repair --checksums accepts it"}
	}
	for _, it := range st.Items {
		if to != "" && it.migration != nil && !it.migration.Repeatable && file.Compare(folder.Form, it.Version, to) > 0 && it.State != Partial {
			continue
		}
		switch it.State {
		case Late:
			late = append(late, it)
			out = append(out, it)
		case Pending:
			if it.migration.Repeatable && to != "" {
				continue
			}
			out = append(out, it)
		case Partial:
			out = slices.Insert(out, 0, it)
		}
		if len(it.replaces()) > 1 && (it.State == Applied || it.State == Baseline) && it.entry.Checksum != it.migration.Checksum {
			out = append(out, it)
		}
	}
	if len(late) > 0 && !s.AllowLate {
		it := late[0]
		return nil, &Error{Kind: ErrLate, Version: it.Version, Path: it.Path, Text: "the migration is older than " + st.Current() + ", which is applied" + others(late),
			State: "nothing was done", Do: "it came by a merge, most likely: give it a new version (covetsql migrate new shows one), so that all databases run it in one order; or apply it late, with --allow-late, if it does not depend on the order"}
	}
	if len(missing) > 0 && len(out) > 0 {
		it := missing[0]
		return nil, &Error{Kind: ErrMissing, Version: it.Version, Text: "the migration is applied, and its file is gone" + others(missing),
			State: "nothing was done", Do: "bring the file back; if it is meant to be gone, covetsql migrate repair --missing drops it from the history"}
	}
	for _, it := range out {
		if it.migration.Up.Problem != nil {
			return nil, it.migration.Up.Problem
		}
		if it.Go && it.fn == nil {
			return nil, &Error{Version: it.Version, Path: it.Path, Text: "the migration is Go code, and no function is registered for it", State: "nothing was done",
				Do: "run it by the program that has it (migrate.Options.Funcs), or apply up to the version before"}
		}
	}
	return out, nil
}

func (it Item) replaces() []string {
	if it.migration == nil {
		return nil
	}
	return it.migration.Replaces
}

func others(items []Item) string {
	if len(items) == 1 {
		return ""
	}
	var v []string
	for _, it := range items[1:] {
		v = append(v, it.Version)
	}
	if len(v) > 5 {
		v = append(v[:5], "…")
	}
	return "; so are " + strings.Join(v, ", ")
}

// anyAlone tells whether anything runs outside of transactions.
func (s *session) anyAlone(todo []Item) (bool, error) {
	for _, it := range todo {
		if it.Go {
			if it.fn.UpDB != nil {
				return true, nil
			}
			continue
		}
		mode, err := s.modeOf(it.migration, it.migration.Up)
		if err != nil {
			return false, err
		}
		if mode == steps {
			return true, nil
		}
	}
	return false, nil
}

// preview is what would run.
func (s *session) preview(todo []Item) ([]Step, error) {
	var out []Step
	for _, it := range todo {
		if it.State == Applied || it.State == Baseline {
			continue
		}
		step := Step{Version: it.Version, Name: it.Name, Path: it.Path}
		if it.Go {
			step.Transaction = it.fn.Up != nil
			out = append(out, step)
			continue
		}
		mode, err := s.modeOf(it.migration, it.migration.Up)
		if err != nil {
			return nil, err
		}
		step.Transaction = mode == whole
		for i, stm := range it.migration.Up.Statements {
			if it.State == Partial && i < it.entry.Done {
				continue
			}
			step.Statements = append(step.Statements, StepStatement{Line: stm.Line(), SQL: stm.SQL})
		}
		out = append(out, step)
	}
	return out, nil
}
