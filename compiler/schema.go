package compiler

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// ReadSchema builds the catalog of one file of DDL in an engine's language, views typed by
// their queries. The snapshot is nil for an engine that is not known.
func ReadSchema(f *source.File, e catalog.Engine) (*catalog.Snapshot, diag.List) {
	d := dialectOf(e)
	if d == nil {
		return nil, nil
	}
	statements, diags := token.Split(f, d.Lex(), token.Schema)
	s, ds := buildCatalog(statements, d, true)
	diags.Add(ds...)
	return s, diags
}

// SchemaStatements are the statements of a package's schema files, in the order in which they run: of migrations the up side.
// Unlike a catalog's they hold those that move rows too.
func SchemaStatements(cfg *config.Config, pc config.Package) ([]*token.Statement, diag.List) {
	c := &compilation{cfg: cfg, files: map[string]*loaded{}}
	var out []*token.Statement
	for _, path := range c.expand(pc, pc.Schema, true) {
		if f := c.read(pc, path); f != nil {
			statements, diags := token.Split(source.UpSide(f), dialectOf(pc.Engine).Lex(), token.Schema)
			out = append(out, statements...)
			c.diags.Add(diags...)
		}
	}
	return out, c.diags
}
