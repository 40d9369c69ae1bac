// Package codegen turns compiled packages into files and puts them on disk. What a query looks
// like is decided in surface, how Go says it in gowrite, how plugins are told of it in request.
package codegen

import (
	"context"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/codegen/gowrite"
	"github.com/covetsql/covetsql/compiler/codegen/request"
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

// Queries describes the queries of a package as what is generated shows them, in the order of p.Queries.
func Queries(p *compiler.Package) []*surface.Query { return describe(p).Queries }

func write(p *compiler.Package, s *surface.Package, parts gowrite.Parts) ([]File, diag.List) {
	o := *p.Config.Go
	if o.Span.IsZero() {
		o.Span = p.Config.Span
	}
	return gowrite.Generate(s, p.Config.Engine, o, p.Strict, parts)
}

// GenerateAll gives all files of a program that covetsql makes by itself, the Go and gen.json, with what m remembers
// of earlier runs; nil remembers nothing. Where any package has an error, no file is given. It uses the program up: its
// packages have no queries afterwards.
func GenerateAll(p *compiler.Program, m *Memory) ([]File, diag.List) {
	return GenerateWith(context.Background(), p, m, nil)
}

// GenerateWith is GenerateAll with the files of the configuration's plugins too, which run in
// parallel once nothing else is wrong; their files come in the configuration's order. Without a
// runner they are left out.
func GenerateWith(ctx context.Context, p *compiler.Program, m *Memory, run Runner) ([]File, diag.List) {
	var outputs []output
	var diags diag.List
	var jobs []job
	for _, pkg := range p.Packages {
		c := &pkg.Config
		foreign := c.JSON != nil || run != nil && len(c.Codegen) > 0
		if pkg.Catalog == nil || c.Go == nil && !foreign {
			continue
		}
		s, list, ds := m.generate(pkg, foreign)
		diags.Add(ds...)
		if c.Go != nil {
			outputs = append(outputs, output{files: list, at: c.Go.Span})
		}
		if !foreign {
			continue
		}
		diags.Add(untold(s)...)
		r := request.Of(s, c, p.Config.Version)
		if c.JSON != nil {
			f, ds := requestFile(r, c)
			outputs = append(outputs, output{files: f, by: "gen.json", at: c.Span})
			diags.Add(ds...)
		}
		if run == nil {
			continue
		}
		for _, use := range c.Codegen {
			jobs = append(jobs, job{request: r, use: use, output: len(outputs)})
			outputs = append(outputs, output{by: "the plugin " + quoted(use.Plugin), at: use.Span})
		}
	}
	if !diags.HasErrors() && !m.Failed() {
		diags.Add(runAll(ctx, p.Config, run, jobs, outputs)...)
	}
	files, more := merge(outputs)
	diags.Add(more...)
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
