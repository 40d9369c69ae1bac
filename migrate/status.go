package migrate

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/history"
)

// State is where a migration stands between the folder and the database.
type State string

// The states.
const (
	Applied  State = "applied"
	Baseline State = "baseline" // taken to be there, never run by us
	Pending  State = "pending"
	Late     State = "late"    // pending, and older than the newest that is applied
	Partial  State = "partial" // some of its statements ran; the next Apply goes on
	Changed  State = "changed" // applied, and its file is another one now
	Missing  State = "missing" // applied, and it has no file
	Ahead    State = "ahead"   // as missing, but newer than all files: the database was migrated by a newer version of the program
	Covered  State = "covered" // a checkpoint that the database, which has a history, does not need
)

// Item is one migration of the folder or of the history.
type Item struct {
	Version string `json:"version"`
	Name    string `json:"name"`
	Path    string `json:"path,omitempty"`
	State   State  `json:"state"`
	// Go: it is a function. Undoable: it has a way back.
	Go       bool `json:"go,omitempty"`
	Undoable bool `json:"undoable"`
	// Done of Total statements ran, of a partial one.
	Done  int `json:"done,omitempty"`
	Total int `json:"total,omitempty"`
	// At, Took and By are of the run.
	At   time.Time     `json:"at,omitzero"`
	Took time.Duration `json:"took_ns,omitempty"`
	By   string        `json:"by,omitempty"`

	migration *file.Migration
	entry     *history.Entry
	fn        *Func
}

// Status is how folder and database stand to each other.
type Status struct {
	Form  file.Form `json:"form"`
	Items []Item    `json:"migrations"`
	// Ignored are files of the folder that are no migrations.
	Ignored []string `json:"ignored,omitempty"`
	// Foreign is the table of another tool that is kept up to date; Broken, the version at which that tool gave up.
	Foreign string `json:"foreign,omitempty"`
	Broken  string `json:"broken,omitempty"`
	// Problems are what keeps Apply from running besides the states: a file that its list of checksums does not know as it is, a
	// squash of which the database has a part.
	Problems []string `json:"problems,omitempty"`
}

// Count is the number of migrations in a state.
func (s *Status) Count(state State) (n int) {
	for _, it := range s.Items {
		if it.State == state {
			n++
		}
	}
	return n
}

// Current is the newest version that is applied, "" where none is.
func (s *Status) Current() string {
	for i := len(s.Items) - 1; i >= 0; i-- {
		switch s.Items[i].State {
		case Applied, Baseline, Changed, Missing, Ahead:
			return s.Items[i].Version
		}
	}
	return ""
}

// Status reads folder and history. It writes nothing: the database sees a read-only transaction.
func (r *Runner) Status(ctx context.Context) (*Status, error) {
	folder, err := r.files()
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
	if err := folder.Verify(); err != nil {
		st.Problems = append(st.Problems, err.Error())
	}
	return st, nil
}

// readOnly is the status, read in a transaction that can't write.
func (s *session) readOnly(ctx context.Context, folder *file.Folder) (*Status, *known, error) {
	if s.Engine == SQLite {
		if _, err := s.conn.ExecContext(ctx, "PRAGMA query_only = 1"); err != nil {
			return nil, nil, err
		}
		defer func() { _ = s.restore(context.WithoutCancel(ctx), s.conn) }()
	}
	tx, err := s.conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: s.Engine != SQLite})
	if err != nil {
		return nil, nil, &Error{Text: "the history can't be read", Err: err}
	}
	defer func() { _ = tx.Rollback() }()
	k, err := s.know(ctx, tx, folder)
	if err != nil {
		return nil, nil, err
	}
	st, err := s.assess(folder, k)
	return st, k, err
}

// folder reads the files and holds them against their checksums.
func (r *Runner) folder() (*file.Folder, error) {
	f, err := r.files()
	if err == nil {
		err = f.Verify()
	}
	return f, err
}

// files reads the files, with the functions among them.
func (r *Runner) files() (*file.Folder, error) {
	f, err := file.Open(r.FS, file.Options{Form: r.Form, Dialect: r.dialect()})
	if err != nil {
		return nil, err
	}
	for i := range r.Funcs {
		fn := &r.Funcs[i]
		if fn.Version == "" || (fn.Up == nil) == (fn.UpDB == nil) {
			return nil, &Error{Text: fmt.Sprintf("the function %q needs a version, and one of Up and UpDB", fn.Name)}
		}
		m := f.Find(fn.Version)
		switch {
		case m == nil:
			f.Migrations = append(f.Migrations, &file.Migration{Version: fn.Version, Name: fn.Name, Go: true})
		case !m.Go:
			return nil, &Error{Text: fmt.Sprintf("version %s is that of the function %q and of the file %s", fn.Version, fn.Name, m.Path), Do: "give the newer of the two a version of its own"}
		case m.Path == "":
			return nil, &Error{Text: fmt.Sprintf("version %s is that of two functions", fn.Version), Do: "give the newer of the two a version of its own"}
		}
	}
	slices.SortStableFunc(f.Migrations, func(a, b *file.Migration) int { return file.Compare(f.Form, a.Version, b.Version) })
	return f, nil
}

func (r *Runner) fn(form file.Form, version string) *Func {
	for i := range r.Funcs {
		if file.Compare(form, r.Funcs[i].Version, version) == 0 {
			return &r.Funcs[i]
		}
	}
	return nil
}

// known is what the tables say, and what has to be written to bring ours in line with the other tool's.
type known struct {
	entries []history.Entry
	foreign history.Known
	adopt   []*file.Migration // the other tool applied them
	forget  []string          // the other tool undid them
}

// know reads the tables.
func (s *session) know(ctx context.Context, q history.Querier, folder *file.Folder) (*known, error) {
	k := &known{}
	var err error
	if s.has {
		if k.entries, err = s.table.Entries(ctx, q); err != nil {
			return nil, &Error{Text: "the history can't be read", Err: err, Do: "see that the table " + s.table.Name + " is the one that covetsql made"}
		}
	}
	if s.foreign == nil || !s.foreign.Exists {
		return k, nil
	}
	if k.foreign, err = s.foreign.Read(ctx, q, folder); err != nil {
		return nil, &Error{Kind: ErrForeign, Text: "the history of " + string(folder.Form) + " can't be read", Err: err}
	}
	k.reconcile(folder)
	return k, nil
}

// reconcile finds where the other tool went on, or back, without us.
func (k *known) reconcile(folder *file.Folder) {
	ours := map[string]*history.Entry{}
	newest := ""
	for i, e := range k.entries {
		ours[e.Version] = &k.entries[i]
		if e.State != history.Partial && (newest == "" || file.Compare(folder.Form, e.Version, newest) > 0) && !isRepeatable(folder, e.Version) {
			newest = e.Version
		}
	}
	oneNumber := folder.Form == file.GolangMigrate || folder.Form == file.Tern
	theirs := map[string]bool{}
	theirNewest := ""
	for _, v := range append(slices.Clone(k.foreign.Versions), k.foreign.Strange...) {
		theirs[v] = true
		if theirNewest == "" || file.Compare(folder.Form, v, theirNewest) > 0 {
			theirNewest = v
		}
	}
	for _, v := range k.foreign.Versions {
		m := folder.Find(v)
		if m == nil || ours[v] != nil || v == k.foreign.Broken {
			continue
		}
		if oneNumber && newest != "" && file.Compare(folder.Form, v, newest) < 0 {
			continue // the tool keeps no account of what is below its number; we do
		}
		k.adopt = append(k.adopt, m)
	}
	for v, e := range ours {
		if theirs[v] || e.State == history.Partial || e.State == history.Squashed || isRepeatable(folder, v) {
			continue
		}
		if oneNumber && theirNewest != "" && file.Compare(folder.Form, v, theirNewest) <= 0 {
			continue
		}
		if e.State == history.Baseline && folder.Find(v) == nil {
			continue
		}
		k.forget = append(k.forget, v)
	}
	slices.Sort(k.forget)
	k.entries = slices.DeleteFunc(k.entries, func(e history.Entry) bool { return slices.Contains(k.forget, e.Version) })
	for _, m := range k.adopt {
		k.entries = append(k.entries, adopted(m, folder.Form, k.next()))
	}
}

func isRepeatable(folder *file.Folder, version string) bool {
	m := folder.Find(version)
	return (m != nil && m.Repeatable) || (folder.Form == file.Flyway && strings.HasPrefix(version, "R__"))
}

// next is the position of the next migration.
func (k *known) next() int64 {
	n := int64(0)
	for _, e := range k.entries {
		n = max(n, e.Position)
	}
	return n + 1
}

// adopted is the entry of what another tool applied: the file is taken to be what it ran.
func adopted(m *file.Migration, form file.Form, position int64) history.Entry {
	n := len(m.Up.Statements)
	return history.Entry{Version: m.Version, Name: m.Name, Position: position, State: history.Applied, Way: "up", Checksum: m.Checksum, Text: m.Text, Total: n, Done: n, At: time.Now(), By: "taken over from " + string(form)}
}

func (k *known) find(version string) *history.Entry {
	for i := range k.entries {
		if k.entries[i].Version == version {
			return &k.entries[i]
		}
	}
	return nil
}

// part says that the database has some of what a squash stands for, and not all; "" where it has all or nothing.
func (k *known) part(m *file.Migration) string {
	if e := k.find(m.Version); e != nil && e.Checksum == m.Checksum {
		return "" // it ran here, or was taken for applied
	}
	n := 0
	for _, e := range k.entries {
		if slices.Contains(m.Replaces, e.Version) && e.State != history.Partial {
			n++
		}
	}
	if n == 0 || n >= len(m.Replaces) {
		return ""
	}
	return fmt.Sprintf("the file stands for %d migrations, of which this database has %d", len(m.Replaces), n)
}

const wholeSquash = "apply the files as they were before the squash (they are in the version control), then this folder"

// assess holds folder and history against each other.
func (s *session) assess(folder *file.Folder, k *known) (*Status, error) {
	st := &Status{Form: folder.Form, Ignored: folder.Ignored, Broken: k.foreign.Broken}
	if s.foreign != nil {
		st.Foreign = s.foreign.Name
	}
	newest := "" // that has files or rows, and is applied
	for _, e := range k.entries {
		if e.State != history.Squashed && !(e.State == history.Partial && e.Way == "up") && !isRepeatable(folder, e.Version) && (newest == "" || file.Compare(folder.Form, e.Version, newest) > 0) {
			newest = e.Version
		}
	}
	// A new database starts with the last checkpoint.
	var start *file.Migration
	if len(k.entries) == 0 {
		for _, m := range folder.Migrations {
			if m.Checkpoint {
				start = m
			}
		}
	}
	checkpoints := map[string]*file.Migration{}
	for _, m := range folder.Migrations {
		if m.Checkpoint {
			checkpoints[m.Version] = m
		}
	}
	lastFile := ""
	for _, m := range folder.Migrations {
		lastFile = m.Version
		it := Item{Version: m.Version, Name: m.Name, Path: m.Path, State: Pending, Go: m.Go, Undoable: m.Down.Exists(), Total: len(m.Up.Statements), migration: m, entry: k.find(m.Version)}
		if part := k.part(m); part != "" {
			st.Problems = append(st.Problems, m.Path+": "+part+"; "+wholeSquash)
		}
		if m.Go {
			it.fn = s.fn(folder.Form, m.Version)
			it.Total = 1
			it.Undoable = it.fn != nil && (it.fn.Down != nil || it.fn.DownDB != nil)
		}
		switch e, c := it.entry, checkpoints[m.Version]; {
		case e != nil && c != nil && (e.Checksum == c.Checksum) != m.Checkpoint:
			it.State = Covered // a checkpoint and the migration of its version: the other one ran
		case e != nil:
			it.of(e, m)
		case m.Checkpoint && m != start, start != nil && m != start && file.Compare(folder.Form, m.Version, start.Version) <= 0:
			it.State = Covered
		case newest != "" && file.Compare(folder.Form, m.Version, newest) < 0:
			it.State = Late
		}
		st.Items = append(st.Items, it)
	}
	replaced := map[string]bool{}
	for _, m := range folder.Migrations {
		for _, v := range m.Replaces {
			replaced[v] = true
		}
	}
	for _, m := range folder.Repeatables {
		it := Item{Version: m.Version, Name: m.Name, Path: m.Path, State: Pending, Total: len(m.Up.Statements), migration: m, entry: k.find(m.Version)}
		if e := it.entry; e != nil {
			it.of(e, m)
			if it.State == Changed {
				it.State = Pending
			}
		} else if sum, ok := k.foreign.Checksums[m.Path]; ok && sum == history.FlywayChecksum(m.Text) {
			it.State = Applied
		}
		st.Items = append(st.Items, it)
	}
	for i, e := range k.entries {
		if e.State == history.Squashed || replaced[e.Version] || folder.Find(e.Version) != nil {
			continue
		}
		it := Item{Version: e.Version, Name: e.Name, State: Missing, entry: &k.entries[i]}
		it.of(&k.entries[i], nil)
		if it.State != Partial {
			it.State = Missing
			if lastFile != "" && file.Compare(folder.Form, e.Version, lastFile) > 0 {
				it.State = Ahead
			}
		}
		st.Items = append(st.Items, it)
	}
	slices.SortStableFunc(st.Items, func(a, b Item) int {
		x, y := a.migration != nil && a.migration.Repeatable, b.migration != nil && b.migration.Repeatable
		switch {
		case x && y:
			return 0
		case x:
			return 1
		case y:
			return -1
		}
		return file.Compare(folder.Form, a.Version, b.Version)
	})
	return st, nil
}

// of takes over what the history says.
func (it *Item) of(e *history.Entry, m *file.Migration) {
	it.At, it.Took, it.By = e.At, e.Took, e.By
	switch {
	case e.State == history.Partial:
		it.State, it.Done, it.Total = Partial, e.Done, e.Total
	case e.State == history.Squashed:
		it.State = Missing
	case m != nil && e.Checksum != "" && e.Checksum != m.Checksum && !m.Go && !slices.Contains(m.Replaces, m.Version):
		it.State = Changed
	case e.State == history.Baseline:
		it.State = Baseline
	default:
		it.State = Applied
	}
}
