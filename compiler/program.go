// Package compiler turns a configuration into a Program: every query of every package,
// bound, typed and described, with the diagnostics of the whole run.
package compiler

import (
	"iter"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/facts"
)

// Program is what Compile returns.
type Program struct {
	Config   *config.Config
	Packages []*Package
	// Diagnostics are those of the whole run, sorted.
	Diagnostics diag.List
}

// Package is one compiled block of the configuration.
type Package struct {
	Config  config.Package
	Catalog *catalog.Snapshot
	Dialect dialect.Dialect
	// Files are the query files in order; each has its queries in order.
	Files []QueryFile
	// Strict is the effective setting: see config.Config.
	Strict bool
}

// QueryFile is one file of queries.
type QueryFile struct {
	Path    string // relative to the configuration
	Name    string // base name
	Queries []*facts.Query
}

// Queries lists all queries of the package in order.
func (p *Package) Queries() []*facts.Query {
	var out []*facts.Query
	for _, q := range p.All() {
		out = append(out, q)
	}
	return out
}

// All yields the queries of the package in order, each with the name of its file.
func (p *Package) All() iter.Seq2[string, *facts.Query] {
	return func(yield func(string, *facts.Query) bool) {
		for _, f := range p.Files {
			for _, q := range f.Queries {
				if !yield(f.Name, q) {
					return
				}
			}
		}
	}
}
