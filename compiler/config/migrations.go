package config

import (
	"gopkg.in/yaml.v3"

	"github.com/covetsql/covetsql/compiler/source"
)

// Migrations are what a configuration says of a block's migrations.
type Migrations struct {
	// Dir is the folder of the migrations, relative to the configuration's folder.
	Dir string
	// Form is whose form the files have, one of MigrationForms; "" finds it by the files.
	Form string
	// Scratch is the URI of a server on which databases may be made to try migrations on, ${VARIABLES} unexpanded; it
	// is never printed. "" takes the first of Config.Servers of the engine; SQLite needs none.
	Scratch string
	Span    source.Span
}

// MigrationForms are the tools whose folders of migrations are run and extended in their own form.
var MigrationForms = []string{"covetsql", "goose", "golang-migrate", "dbmate", "sql-migrate", "tern", "atlas", "flyway"}

func (d *decoder) migrations(to **Migrations) setter {
	return func(n *yaml.Node) {
		m := &Migrations{Span: d.span(n)}
		keys := d.mapping(n, "migrations", fields{
			"dir": d.str(&m.Dir), "form": d.oneOf(&m.Form, MigrationForms...), "scratch": d.str(&m.Scratch),
		})
		d.required(n, keys, "migrations", "dir")
		*to = m
	}
}
