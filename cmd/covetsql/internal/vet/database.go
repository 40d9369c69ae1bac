package vet

import (
	"strings"

	"github.com/covetsql/covetsql/analyzer"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/internal/factory"
)

// Live is what a run may ask of databases.
type Live struct {
	// Databases are URIs that take the place of those in the configuration: URI, or NAME=URI for the block of that name, or the
	// blocks of an engine.
	Databases []string
	// Analyze runs queries that only read, so that rules can judge what really happened.
	Analyze bool
	// PlanFile has the plans that were agreed to; Update writes it anew.
	PlanFile string
	Update   bool
}

// uris are the values of a flag that is given several times; it shows none of them.
type uris []string

func (u *uris) Set(value string) error { *u = append(*u, value); return nil }

func (u *uris) String() string { return "" }

// check finds flags that do not go together.
func (l *Live) check() error {
	if l.Update && l.PlanFile == "" {
		return factory.Usage("--update-plans writes the file that --plan-file names: give that too")
	}
	return nil
}

// schemes are how the URIs of an engine begin; one without a scheme is a file.
var schemes = map[string]catalog.Engine{
	"postgres": catalog.PostgreSQL, "postgresql": catalog.PostgreSQL, "mysql": catalog.MySQL, "mariadb": catalog.MySQL, "sqlite": catalog.SQLite, "file": catalog.SQLite,
}

// use gives the blocks the databases of the flags. No error shows a URI.
func (l *Live) use(p *compiler.Program) error {
	for _, value := range l.Databases {
		blocks, uri, err := l.blocks(p, value)
		if err != nil {
			return err
		}
		for _, b := range blocks {
			span := b.Config.Span
			if b.Config.Database != nil {
				span = b.Config.Database.Span
			}
			b.Config.Database = &config.Database{URI: uri, Span: span}
		}
	}
	return nil
}

// blocks are those that a value of --database is for.
func (l *Live) blocks(p *compiler.Program, value string) (blocks []*compiler.Package, uri string, err error) {
	if name, rest, ok := strings.Cut(value, "="); ok && !strings.Contains(name, ":") && !strings.Contains(name, "?") {
		for _, b := range p.Packages {
			if b.Config.Name == name || string(b.Config.Engine) == name {
				blocks = append(blocks, b)
			}
		}
		if len(blocks) == 0 {
			return nil, "", factory.Usage("--database: no block of the configuration is called %q, and none is of such an engine", name)
		}
		return blocks, rest, nil
	}
	if len(p.Packages) == 1 {
		return p.Packages, value, nil
	}
	scheme, _, ok := strings.Cut(value, ":")
	engine := schemes[scheme]
	if !ok || engine == "" {
		engine = catalog.SQLite
	}
	for _, b := range p.Packages {
		if b.Config.Engine == engine {
			blocks = append(blocks, b)
		}
	}
	switch len(blocks) {
	case 0:
		return nil, "", factory.Usage("--database: no block of the configuration is of %s", engine)
	case 1:
		return blocks, value, nil
	}
	return nil, "", factory.Usage("--database: %d blocks are of %s: write NAME=URI with the name of one, or %s=URI for all", len(blocks), engine, engine)
}

// options adds to what a run may choose; written is called when all is judged.
func (l *Live) options(o *analyzer.Options) (written func() error, err error) {
	o.Asked, o.Analyze = len(l.Databases) > 0, l.Analyze
	if l.PlanFile == "" {
		return func() error { return nil }, nil
	}
	shapes, err := analyzer.ReadShapes(l.PlanFile)
	if err != nil {
		return nil, &factory.ExitError{Code: factory.CouldNotRun, Err: err}
	}
	if l.Update {
		shapes.Forget()
	}
	o.Shapes = shapes
	return func() error {
		if !l.Update {
			return nil
		}
		return shapes.Write(l.PlanFile)
	}, nil
}
