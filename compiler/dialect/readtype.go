package dialect

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// ReadType reads a type that stands outside of SQL, in the words that a column of a table is
// declared with: the column has the type and how it was declared. It is false where the text is
// not a type; its Type is not known where the schema has none of the name.
func ReadType(d Dialect, text string, in *catalog.Snapshot) (*catalog.Column, bool) {
	// Every engine's parser understands a table that nobody makes.
	file := source.NewFile("type", "CREATE TABLE t (c "+text+"\n);")
	statements, diags := token.Split(file, d.Lex(), token.Schema)
	if len(statements) != 1 || diags.HasErrors() {
		return nil, false
	}
	tree, diags := d.Parse(statements[0])
	table, ok := tree.(*ir.CreateTable)
	if diags.HasErrors() || !ok || len(table.Columns) != 1 || len(table.Constraints) > 0 {
		return nil, false
	}
	c := &table.Columns[0]
	if c.Type == nil || len(c.Constraints) > 0 {
		return nil, false
	}
	return &catalog.Column{Name: c.Name.Name, Type: d.Type(*c.Type, in), Declared: c.Type.Raw}, true
}
