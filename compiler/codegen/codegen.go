// Package codegen turns compiled packages into Go files and puts them on disk. What a query looks
// like is decided in surface, how Go says it in gowrite.
package codegen

import (
	"iter"

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
	return write(p, describe(p, p.All()))
}

func write(p *compiler.Package, s *surface.Package) ([]File, diag.List) {
	o := *p.Config.Go
	if o.Span.IsZero() {
		o.Span = p.Config.Span
	}
	return gowrite.Generate(s, p.Config.Engine, o, p.Strict)
}

// consume yields what p.All does, and takes every query out of the package behind itself: what is known of
// them is most of a program's memory.
func consume(p *compiler.Package) iter.Seq2[string, *facts.Query] {
	return func(yield func(string, *facts.Query) bool) {
		for _, f := range p.Files {
			for i, q := range f.Queries {
				f.Queries[i] = nil
				if !yield(f.Name, q) {
					return
				}
			}
		}
		p.Files = nil
	}
}

// GenerateAll writes the Go of all packages of a program. Where any has an error, no file is given.
// It uses the program up: its packages have no queries afterwards.
func GenerateAll(p *compiler.Program) ([]File, diag.List) {
	var files []File
	var diags diag.List
	place := map[string]int{}
	for _, pkg := range p.Packages {
		if pkg.Config.Go == nil || pkg.Catalog == nil {
			continue
		}
		list, ds := write(pkg, describe(pkg, consume(pkg)))
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

// describe is the surface of a package: the truth where it is strict, else what sqlc says.
func describe(p *compiler.Package, queries iter.Seq2[string, *facts.Query]) *surface.Package {
	if p.Strict {
		return truth.Of(p, queries)
	}
	return compat.Of(p, queries)
}
