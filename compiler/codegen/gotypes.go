package codegen

import (
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/codegen/gowrite"
	"github.com/covetsql/covetsql/compiler/config"
)

// QueryTypes are the Go types of a query's columns and parameters, index by index those of
// facts.Query.
type QueryTypes struct {
	Columns, Params []string
}

// GoTypes gives the Go types of a package's queries by name, under its options or, where it
// has none, the default ones.
func GoTypes(p *compiler.Package) map[string]QueryTypes {
	out := map[string]QueryTypes{}
	if p.Catalog == nil {
		return out
	}
	var o config.Go
	if p.Config.Go != nil {
		o = *p.Config.Go
	}
	found := gowrite.Types(describe(p), p.Config.Engine, o, p.Strict)
	for _, q := range p.Queries() {
		t := found[q.Name]
		qt := QueryTypes{Columns: t.Columns}
		for _, prm := range q.Params {
			qt.Params = append(qt.Params, t.Params[prm.Number])
		}
		out[q.Name] = qt
	}
	return out
}

// Signatures tells how the methods of a package's queries are called, by the queries' names. A package without Go
// options has none.
func Signatures(p *compiler.Package) map[string]gowrite.Signature {
	if p.Config.Go == nil || p.Catalog == nil {
		return nil
	}
	return gowrite.Signatures(describe(p), p.Config.Engine, *p.Config.Go, p.Strict)
}
