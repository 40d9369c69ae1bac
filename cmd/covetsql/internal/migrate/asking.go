package migrate

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/hazard"
	hazardask "github.com/covetsql/covetsql/migrate/hazard/ask"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
	"github.com/covetsql/covetsql/migrate/proof"
)

// asking replays migrations on a scratch database, which says of each statement what it does.
type asking struct {
	db      *proof.Database
	version int
	// timeZone is that of PostgreSQL's session.
	timeZone string
	// postgres and mysql are further connections to it.
	postgres *hazardask.Postgres
	pool     *sql.DB
	mysql    *sql.Conn
	target   *target
	// stopped says why nothing more can be asked: a statement that was refused, behind which the schema is another.
	stopped string
}

// askLimit is how long the server may take for a statement; a scratch database has few rows.
const askLimit = 30 * time.Second

// newAsking makes a scratch database that has run the migrations before those that are judged.
func (t *target) newAsking(ctx context.Context, before []*file.Migration) (*asking, error) {
	scratch, err := t.scratch()
	if err != nil {
		return nil, err
	}
	a := &asking{target: t}
	if a.db, err = scratch.New(ctx, nil); err != nil {
		return nil, err
	}
	if a.version, err = a.db.Version(ctx); err == nil {
		err = a.connect(ctx)
	}
	for i := len(before) - 1; i >= 0; i-- {
		if before[i].Checkpoint {
			before = before[i:]
			break
		}
	}
	for _, m := range before {
		for _, s := range m.Up.Statements {
			if err == nil {
				if err = a.db.Run(ctx, s.SQL); err != nil {
					err = fmt.Errorf("%s:%d: the scratch database does not take the statement, so that nothing behind it can be asked: %w", m.Up.File.Path, s.Line(), err)
				}
			}
		}
	}
	if err != nil {
		a.close(ctx)
		return nil, err
	}
	return a, nil
}

func (a *asking) connect(ctx context.Context) (err error) {
	switch a.target.block.Engine {
	case catalog.PostgreSQL:
		if a.pool, err = opens[catalog.PostgreSQL](a.db.URI); err != nil {
			return err
		}
		if err = a.pool.QueryRowContext(ctx, "SELECT pg_catalog.current_setting('TimeZone')").Scan(&a.timeZone); err != nil {
			return fmt.Errorf("asking the scratch database for its time zone: %w", err)
		}
		a.postgres, err = hazardask.ConnectPostgres(ctx, a.db.URI, askLimit)
	case catalog.MySQL:
		if a.pool, err = opens[catalog.MySQL](a.db.URI); err == nil {
			a.mysql, err = a.pool.Conn(ctx)
		}
	}
	return err
}

func (a *asking) close(ctx context.Context) {
	if a.postgres != nil {
		a.postgres.Close(ctx) //nolint:errcheck // the database goes with it
	}
	if a.mysql != nil {
		a.mysql.Close()
	}
	if a.pool != nil {
		a.pool.Close()
	}
	a.db.Close()
}

// side asks of each statement of a way of a migration, and runs it. answers has a line a statement; found is what the server does
// other than announced.
func (a *asking) side(ctx context.Context, statements []hazard.Statement) (answers []string, found diag.List, err error) {
	var session []string
	if len(statements) > 0 && a.stopped != "" {
		a.stopped = "not asked: an earlier statement was refused"
	}
	for i := range statements {
		s := &statements[i]
		if a.stopped != "" {
			answers = append(answers, a.stopped)
			continue
		}
		answer, differs, err := a.statement(ctx, s, session)
		if err != nil {
			return nil, nil, err
		}
		if len(differs) > 0 {
			found.Add(diag.New(diag.ServerDiffers, s.At, "the server does other than announced: it %s", strings.Join(differs, "; it ")).
				WithHelp("believe the server, and report the statement with its table as a mistake of covetsql"))
		}
		if setsSession(s.Tree) {
			session = append(session, s.SQL)
		}
		if err := a.run(ctx, s); err != nil {
			answer = "refused: " + err.Error()
			if s.Refused == "" && len(differs) == 0 {
				found.Add(diag.New(diag.StatementRefused, s.At, "the scratch database does not take this: %v", err))
			}
			a.stopped = "not asked: an earlier statement was refused"
		}
		answers = append(answers, answer)
	}
	return answers, found, nil
}

// run runs a statement for those behind it; a batch as often as it changes rows is not needed for the schema.
func (a *asking) run(ctx context.Context, s *hazard.Statement) error {
	ctx, cancel := context.WithTimeout(ctx, 2*askLimit)
	defer cancel()
	return a.db.Run(ctx, s.SQL)
}

// statement asks of one.
func (a *asking) statement(ctx context.Context, s *hazard.Statement, session []string) (answer string, differs []string, err error) {
	switch {
	case a.postgres != nil && s.Tree != nil && !setsSession(s.Tree):
		was, err := a.postgres.Ask(ctx, session, s.SQL)
		if err != nil {
			return "", nil, err
		}
		if was.Alone {
			return "takes it outside of transactions only, where it can't be asked", hazardask.Differences(s.Effect, was), nil
		}
		if was.Refused != "" {
			return "refused: " + was.Refused, nil, nil // running it tells
		}
		differs = hazardask.Differences(s.Effect, was)
		answer = hazardask.Locks(was.Locks)
		if work := hazardask.Told(was.Work); len(work) > 0 {
			answer += "; " + strings.Join(work, "; ")
		}
		if len(differs) == 0 && !s.Unknown {
			answer = "the same"
		}
		return answer, differs, nil
	case a.mysql != nil:
		tree, ok := s.Tree.(*ir.AlterTable)
		if !ok || !copied(tree) {
			break
		}
		class, err := hazardask.MySQL(ctx, a.mysql, &token.Statement{Span: s.Span, Text: s.SQL}, tree, a.target.known.Quote)
		if err != nil || class.Class == effect.Unclassed {
			return "can't be tried on a copy of the table", nil, nil //nolint:nilerr // a table that is not there is found when the statement runs
		}
		if s.Refused == "" && class.Class != s.Class {
			announced := s.Class.String()
			if announced == "" {
				announced = "nothing"
			}
			differs = []string{fmt.Sprintf("does it by %v, announced %s", class.Class, announced)}
			if class.Reason != "" {
				differs[0] += " (" + class.Reason + ")"
			}
			return class.Class.String(), differs, nil
		}
		return "the same", nil, nil
	}
	return "takes it", nil, nil
}

// copied tells whether an ALTER TABLE can be tried on a copy of its table: one that says itself how it is to be done, that gives the table
// another name, or that is about what a copy has not, can't.
func copied(n *ir.AlterTable) bool {
	return !slices.ContainsFunc(n.Actions, func(a ir.AlterAction) bool {
		switch a.Kind {
		case ir.RenameTable, ir.AttachPartition, ir.DetachPartition:
			return true
		case ir.OtherAction:
			return a.Verb == "ALGORITHM" || a.Verb == "LOCK"
		case ir.AddConstraint, ir.DropConstraint:
			return a.Constraint == nil || a.Constraint.Kind == ir.ForeignKey
		}
		return false
	})
}

// setsSession tells whether a statement is about the session, so that those behind it need it.
func setsSession(tree ir.Statement) bool {
	switch n := tree.(type) {
	case *ir.SetSearchPath:
		return true
	case *ir.Utility:
		return strings.HasPrefix(n.Verb, "SET")
	}
	return false
}
