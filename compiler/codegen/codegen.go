// Package codegen turns compiled packages into Go files and puts them on disk. What a query looks
// like is decided in surface, how Go says it in gowrite.
package codegen

import (
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/codegen/gowrite"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/codegen/surface/compat"
	"github.com/covetsql/covetsql/compiler/codegen/surface/truth"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
)

// File is one generated file. Path is relative to the configuration's folder, as the option
// out is.
type File = gowrite.File

// Generate writes the Go of one package in memory. The list has what stands in the way; where it
// has an error, no file is given. A package without Go options gives nothing.
func Generate(p *compiler.Package) ([]File, diag.List) {
	if p.Config.Go == nil || p.Catalog == nil {
		return nil, nil
	}
	return write(p, describe(p), gowrite.Parts{})
}

// describe describes a package with its queries.
func describe(p *compiler.Package) *surface.Package {
	s, query := describer(p)
	for file, q := range p.All() {
		s.Queries = append(s.Queries, query(file, q))
	}
	return s
}

func write(p *compiler.Package, s *surface.Package, parts gowrite.Parts) ([]File, diag.List) {
	o := *p.Config.Go
	if o.Span.IsZero() {
		o.Span = p.Config.Span
	}
	return gowrite.Generate(s, p.Config.Engine, o, p.Strict, parts)
}

// GenerateAll writes the Go of all packages of a program, with what m remembers of earlier runs; nil remembers
// nothing. Where any package has an error, no file is given. It uses the program up: its packages have no queries afterwards.
func GenerateAll(p *compiler.Program, m *Memory) ([]File, diag.List) {
	var files []File
	var diags diag.List
	place := map[string]int{}
	for _, pkg := range p.Packages {
		if pkg.Config.Go == nil || pkg.Catalog == nil {
			continue
		}
		list, ds := m.generate(pkg)
		diags.Add(ds...)
		for _, f := range list {
			if i, ok := place[f.Path]; ok { // two packages with one folder: as with sqlc, the last one's
				files[i] = f
				continue
			}
			place[f.Path] = len(files)
			files = append(files, f)
		}
	}
	if diags.HasErrors() {
		return nil, diags.Sorted()
	}
	return files, diags.Sorted()
}

// describer describes a package without its queries, and its queries one by one: the truth where it is strict, else what
// sqlc says.
func describer(p *compiler.Package) (*surface.Package, func(file string, q *facts.Query) *surface.Query) {
	if p.Strict {
		return truth.Describe(p)
	}
	return compat.Describe(p)
}
