package ddl

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// Read reads DDL into a snapshot, without typing the queries of views, which have no columns
// then. The list has what was not understood.
func Read(f *source.File, d dialect.Dialect) (*catalog.Snapshot, diag.List) {
	statements, diags := token.Split(f, d.Lex(), token.Schema)
	rules := d.SchemaRules()
	rules.Type, rules.Extension = d.Type, d.Extension
	b := catalog.NewBuilder(d.NewSnapshot(), rules)
	for _, s := range statements {
		tree, ds := d.Parse(s)
		diags.Add(ds...)
		if tree != nil {
			b.Apply(tree)
		}
	}
	s, ds := b.Snapshot()
	diags.Add(ds...)
	return s, diags
}
