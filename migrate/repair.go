package migrate

import (
	"context"
	"fmt"
	"time"

	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/history"
)

// RepairOptions say what the history is to say. Nothing is run; the one who asks knows what the database has.
type RepairOptions struct {
	// Checksums accepts the files of applied migrations as they are now.
	Checksums bool
	// Missing drops migrations whose files are gone from the history.
	Missing bool
	// Applied says of a version that it is there whole; Forget, that it is not there at all.
	Applied, Forget string
	// Version and Statement settle a migration that ran in part: "done", the statement whose end is not known took effect;
	// "again", it did not.
	Version, Statement string
}

// Repair changes the history, and says what it changed.
func (r *Runner) Repair(ctx context.Context, o RepairOptions) (changes []string, err error) {
	folder, err := r.folder()
	if err != nil {
		return nil, err
	}
	say := func(format string, args ...any) { changes = append(changes, fmt.Sprintf(format, args...)) }
	find := func(version string) (*file.Migration, error) {
		m := folder.Find(version)
		if m == nil {
			return nil, &Error{Text: "the folder has no version " + version, State: "nothing was changed", Do: "covetsql migrate status lists the versions"}
		}
		return m, nil
	}
	err = r.change(ctx, folder, func(s *session, tx history.Querier, k *known) error {
		if o.Checksums {
			for _, e := range k.entries {
				m := folder.Find(e.Version)
				if m == nil || m.Go || m.Repeatable || e.Checksum == m.Checksum || e.State == history.Squashed || e.State == history.Partial {
					continue
				}
				e.Checksum, e.Text, e.Name = m.Checksum, m.Text, m.Name
				if err := s.table.Update(ctx, tx, e); err != nil {
					return err
				}
				say("%s: the file as it is now is taken for what was applied", m.Path)
			}
		}
		if o.Missing {
			for _, e := range k.entries {
				if folder.Find(e.Version) != nil || e.State == history.Squashed {
					continue
				}
				m := &file.Migration{Version: e.Version, Name: e.Name, Path: e.Version}
				if folder.Form == file.Flyway {
					m.Repeatable = true // its own table keeps the row: what Flyway ran, it ran
				}
				if err := s.record(ctx, tx, folder, m, e, true); err != nil {
					return err
				}
				say("%s: dropped from the history", e.Version)
			}
		}
		if o.Applied != "" {
			m, err := find(o.Applied)
			if err != nil {
				return err
			}
			e := adopted(m, folder.Form, k.next())
			if old := k.find(m.Version); old != nil {
				if old.State != history.Partial {
					return &Error{Version: m.Version, Text: "the version is applied already", State: "nothing was changed"}
				}
				e.Position = old.Position
			}
			e.By, e.At = r.by(), time.Now()
			if err := s.record(ctx, tx, folder, m, e, false); err != nil {
				return err
			}
			say("%s: taken to be there whole", m.Version)
		}
		if o.Forget != "" {
			m, err := find(o.Forget)
			if err != nil {
				return err
			}
			if err := s.record(ctx, tx, folder, m, history.Entry{At: time.Now()}, true); err != nil {
				return err
			}
			say("%s: taken not to be there", m.Version)
		}
		if o.Version == "" {
			return nil
		}
		m, err := find(o.Version)
		if err != nil {
			return err
		}
		e := k.find(m.Version)
		if e == nil || e.State != history.Partial || e.Started <= e.Done {
			return &Error{Version: m.Version, Text: "no statement of the version waits for an answer", State: "nothing was changed"}
		}
		side := m.Up
		if e.Way == "down" {
			side = m.Down
		}
		switch o.Statement {
		case "done":
			say("%s: statement %d is taken to have taken effect", m.Version, e.Started)
			e.Done = e.Started
		case "again":
			say("%s: statement %d runs again", m.Version, e.Started)
		default:
			return &Error{Version: m.Version, Text: fmt.Sprintf("what became of the statement is %q", o.Statement), State: "nothing was changed", Do: "say done or again"}
		}
		if e.Done > len(side.Statements) {
			return &Error{Version: m.Version, Text: "the file has fewer statements than ran", State: "nothing was changed", Do: "bring the file back as it was"}
		}
		e.Started, e.Before, e.Prefix = 0, "", prefix(side.Statements, e.Done)
		return s.table.Update(ctx, tx, *e)
	})
	if err != nil {
		return nil, err
	}
	return changes, nil
}
