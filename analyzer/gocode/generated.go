package gocode

import (
	"bufio"
	"go/types"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/codegen/gowrite"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/facts"
)

// Generated is the Go package of a block of the configuration.
type Generated struct {
	Compiled *compiler.Package
	Path     string // its import path
	Name     string
	// Queries are those of which the package has a method, by their names.
	Queries map[string]*Query

	types *types.Package
	files map[string]bool // the generated ones
}

// Query is a query and its method.
type Query struct {
	*facts.Query
	Package *Generated
	// Params are the query's parameters as the method takes them, each with what the query does with it.
	Params []Param
	// Fields are the fields of a row, by column; nil where a row is one value.
	Fields []string
	// Many tells that one call takes the arguments of many runs.
	Many bool
	// Method is the method of Queries.
	Method *types.Func

	skip int // arguments in front of the query's own
}

// Param is a parameter of a query.
type Param struct {
	Name   string
	Number int
	Place  gowrite.Place
	Access Access
}

// outputs are the blocks of the configuration by the folder that their Go is written to.
func outputs(c *compiler.Program) map[string]*compiler.Package {
	out := map[string]*compiler.Package{}
	for _, p := range c.Packages {
		if p.Config.Go == nil || p.Catalog == nil {
			continue
		}
		dir := p.Config.Go.Out
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(c.Config.Dir, dir)
		}
		out[resolved(dir)] = p
	}
	return out
}

// generated finds the methods of a block's queries in the package that was read.
func (p *Program) generated(c *compiler.Package, pkg *packages.Package) {
	g := &Generated{Compiled: c, Path: pkg.PkgPath, Name: pkg.Name, Queries: map[string]*Query{}, types: pkg.Types, files: map[string]bool{}}
	for _, f := range pkg.GoFiles {
		g.files[f] = written(f)
	}
	p.Generated = append(p.Generated, g)
	methods := map[string][]*types.Func{}
	for _, name := range []string{"Queries", "Querier"} {
		o, ok := pkg.Types.Scope().Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		named, ok := o.Type().(*types.Named)
		if !ok {
			continue
		}
		for i := range named.NumMethods() {
			methods[named.Method(i).Name()] = append(methods[named.Method(i).Name()], named.Method(i))
		}
		if it, ok := named.Underlying().(*types.Interface); ok {
			for i := range it.NumExplicitMethods() {
				m := it.ExplicitMethod(i)
				methods[m.Name()] = append(methods[m.Name()], m)
			}
		}
	}
	signatures := codegen.Signatures(c)
	shown := codegen.Queries(c)
	for i, q := range c.Queries() {
		s, ok := signatures[q.Name]
		found := methods[s.Method]
		if !ok || len(found) == 0 {
			continue
		}
		out := &Query{Query: q, Package: g, Fields: s.Fields, Many: s.Many, Method: found[0], skip: 1}
		if c.Config.Go.EmitMethodsWithDBArgument {
			out.skip = 2
		}
		out.Params = params(q, shown[i], s)
		for _, m := range found {
			p.sinks[m] = out
		}
		g.Queries[q.Name] = out
	}
}

// params are the parameters of a query as its method takes them.
func params(q *facts.Query, shown *surface.Query, s gowrite.Signature) []Param {
	access := accesses(q)
	var out []Param
	for i := range shown.Params {
		x := &shown.Params[i]
		prm := Param{Name: x.Name, Number: x.Number, Place: s.Params[i], Access: access[x.Number]}
		if x.Flag || x.Order != nil || x.PageSize || x.Cursor != nil {
			prm.Access = Access{Class: Limit}
		}
		if x.Slice || x.Among || x.Dims > 0 {
			prm.Access.Class = List
		}
		out = append(out, prm)
	}
	return out
}

// written tells whether a file says that it is generated.
func written(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 0; n < 20 && lines.Scan(); n++ {
		if t := lines.Text(); strings.HasPrefix(t, "// Code generated ") && strings.HasSuffix(t, " DO NOT EDIT.") {
			return true
		}
	}
	return false
}

// isGenerated tells whether a function stands in a file that a generated package was written into.
func (p *Program) isGenerated(f *ssa.Function) bool {
	pkg := packageOf(f)
	for _, g := range p.Generated {
		if pkg != nil && pkg.Pkg == g.types {
			return g.files[p.Fset.Position(f.Pos()).Filename]
		}
	}
	return false
}

// queryOf is the query whose method a function is, or wraps; nil for others.
func (p *Program) queryOf(f *ssa.Function) *Query {
	if o, ok := f.Object().(*types.Func); ok {
		return p.sinks[o]
	}
	return nil
}
