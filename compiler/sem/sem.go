// Package sem binds names, types expressions and parameters, expands stars, and builds the
// bound tree. Its input is a statement's neutral tree and a schema snapshot; it reads no
// engine's parser and has no switch over engines.
package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

// Options are switches of the analysis.
type Options struct {
	// LaxFunctions makes an unknown function a warning and its result untyped, as sqlc does.
	LaxFunctions bool
}

// Analyze compiles one query. The result is never nil where the list has no error.
func Analyze(s *token.Statement, tree ir.Statement, in *catalog.Snapshot, d dialect.Dialect, o Options) (*Result, diag.List) {
	return nil, nil
}

// QueryColumns types a query of the schema itself: a view, CREATE TABLE AS, a SQL function's
// body. columns renames the first of them.
func QueryColumns(q ir.Query, columns []ir.Ident, in *catalog.Snapshot, d dialect.Dialect) ([]*catalog.Column, diag.List) {
	return nil, nil
}
