package compiler

import (
	"github.com/covetsql/covetsql/compiler/catalog"
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
