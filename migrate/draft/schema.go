package draft

import (
	"context"
	"errors"
	"fmt"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/managed"
	"github.com/covetsql/covetsql/migrate/diff"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/proof"
)

// Schema is a schema, wherever it is written down.
type Schema interface {
	// Build makes a scratch database of it. Errors of statements name file and line.
	Build(ctx context.Context, s proof.Scratch) (*proof.Database, error)
	// String says for people what it is: "the schema files", "the migrations in db/migrations".
	String() string
}

// Files is the schema that statements make one after the other.
type Files struct {
	Name       string
	Statements []*token.Statement
}

// Build runs the statements.
func (f Files) Build(ctx context.Context, s proof.Scratch) (*proof.Database, error) {
	d, err := s.New(ctx, f.Statements)
	var refused *managed.Refused
	if errors.As(err, &refused) {
		line, _ := refused.Statement.File.LineColumn(int(refused.Statement.Span.Start))
		return nil, fmt.Errorf("%s:%d: the engine does not take this statement: %w", refused.Statement.File.Path, line, refused.Err)
	}
	return d, err
}

func (f Files) String() string { return f.Name }

// Folder is the schema that migrations leave behind, up to and with the version Through; "" takes all.
type Folder struct {
	Name    string
	Folder  *file.Folder
	Through string
}

// Build runs the up sides, each statement by itself; what needs a program (migrations in Go) can't be run here.
func (f Folder) Build(ctx context.Context, s proof.Scratch) (*proof.Database, error) {
	d, err := s.New(ctx, nil)
	if err != nil {
		return nil, err
	}
	for _, m := range f.migrations() {
		if m.Go {
			d.Close()
			return nil, fmt.Errorf("%s is written in Go, so its schema can't be known without the program; write what it changes as SQL beside it", m.Path)
		}
		if err := replay(ctx, d, m.Up); err != nil {
			d.Close()
			return nil, err
		}
	}
	return d, nil
}

// migrations are those that make the schema: from the last checkpoint on.
func (f Folder) migrations() []*file.Migration {
	var out []*file.Migration
	for _, m := range f.Folder.Migrations {
		if f.Through != "" && file.Compare(f.Folder.Form, m.Version, f.Through) > 0 {
			break
		}
		if m.Checkpoint {
			out = nil
		}
		out = append(out, m)
	}
	return append(out, f.Folder.Repeatables...)
}

func replay(ctx context.Context, d *proof.Database, side file.Side) (err error) {
	if side.ForeignKeysOff {
		if err := d.Run(ctx, "PRAGMA foreign_keys = OFF"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, d.Run(ctx, "PRAGMA foreign_keys = ON")) }()
	}
	for _, statement := range side.Statements {
		if statement.Check {
			continue // there are no rows to check
		}
		if err := d.Run(ctx, statement.SQL); err != nil {
			return fmt.Errorf("%s:%d: the engine does not take this statement: %w", side.File.Path, statement.Line(), err)
		}
	}
	return nil
}

func (f Folder) String() string { return f.Name }

// Live is the schema of a database that runs. It is read, never written.
type Live struct {
	Name string
	// Read introspects it. Tables that keep a tool's history are left out by whoever reads.
	Read func(ctx context.Context) (*catalog.Snapshot, error)
}

// Build makes a copy: what turns nothing into the schema is run on an empty database.
func (l Live) Build(ctx context.Context, s proof.Scratch) (*proof.Database, error) {
	want, err := l.Read(ctx)
	if err != nil {
		return nil, err
	}
	d, err := s.New(ctx, nil)
	if err != nil {
		return nil, err
	}
	if err := copySchema(ctx, d, want); err != nil {
		d.Close()
		return nil, fmt.Errorf("copying the schema of %s to a scratch database: %w", l.Name, err)
	}
	return d, nil
}

func copySchema(ctx context.Context, d *proof.Database, want *catalog.Snapshot) error {
	empty, err := d.Snapshot(ctx)
	if err != nil {
		return err
	}
	p, err := diff.Diff(empty, want, plan.Options{Quote: d.Dialect.Quote})
	if err != nil {
		return err
	}
	return d.Apply(ctx, p)
}

func (l Live) String() string { return l.Name }
