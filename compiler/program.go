// Package compiler turns a configuration into a Program: every query of every package,
// bound, typed and described, with the diagnostics of the whole run.
package compiler

import (
	"iter"

	"github.com/covetsql/covetsql/compiler/cache"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/source"
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
	// Key names all of the package that its queries depend on, the schema too; nil where nothing may be kept.
	Key []byte
	// Source finds a file of this run by its path; nil where there is none.
	Source func(path string) *source.File
}

// QueryFile is one file of queries.
type QueryFile struct {
	Path    string // relative to the configuration
	Name    string // base name
	Queries []*facts.Query
	// Diagnostics are what was said of the file's text, in the order of its queries.
	Diagnostics diag.List
	// Key names all that the file's queries depend on. It is zero where nothing of them may be kept.
	Key cache.Key
	// Taken is what Options.Take made of the queries, in their order; Queries is empty then.
	Taken []any
	// Known tells that Options.Known had the file: Queries is empty.
	Known bool
}

// NullElements tells whether the elements of stored arrays take NULL.
func (p *Package) NullElements() bool {
	return p.Strict && p.Config.Go != nil && p.Config.Go.NullableArrayElements
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
