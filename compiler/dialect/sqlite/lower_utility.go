package sqlite

import (
	"fmt"
	"strings"

	"github.com/sqlc-dev/meyer/ast"

	"github.com/covetsql/covetsql/compiler/ir"
)

// utility lowers what is only executed.
func (l *lowering) utility(n ast.Stmt) *ir.Utility {
	u := &ir.Utility{At: l.at(n)}
	switch n := n.(type) {
	case *ast.BeginStmt:
		u.Verb = "BEGIN"
		if n.HasType {
			u.Verb += " " + n.Type.String()
		}
	case *ast.CommitStmt:
		u.Verb = "COMMIT"
	case *ast.RollbackStmt:
		u.Verb = "ROLLBACK"
		if n.Savepoint != nil {
			u.Verb = "ROLLBACK TO"
		}
	case *ast.SavepointStmt:
		u.Verb = "SAVEPOINT"
	case *ast.ReleaseStmt:
		u.Verb = "RELEASE"
	case *ast.AttachStmt:
		u.Verb = "ATTACH"
		u.Args = l.words(n.File, n.Name, n.Key)
	case *ast.DetachStmt:
		u.Verb = "DETACH"
		u.Args = l.words(n.Name)
	case *ast.VacuumStmt:
		u.Verb = "VACUUM"
		u.Args = l.words(n.Into)
	case *ast.AnalyzeStmt:
		u.Verb = "ANALYZE"
	case *ast.ReindexStmt:
		u.Verb = "REINDEX"
	case *ast.PragmaStmt:
		u.Verb = "PRAGMA " + strings.ToUpper(n.Name.Name.Name)
		u.Columns = resultColumns(u.At, pragmaColumns(n.Name.Name.Name, n.HasValue))
	case *ast.ExplainStmt:
		u.Verb = "EXPLAIN"
		columns := explainColumns
		if n.QueryPlan {
			u.Verb, columns = "EXPLAIN QUERY PLAN", explainPlanColumns
		}
		u.Columns = resultColumns(u.At, columns)
		if q, ok := l.statement(n.Stmt).(ir.Query); ok {
			u.Query = q
		}
	default:
		panic(fmt.Sprintf("unknown statement %T", n))
	}
	return u
}

// words lowers expressions in which a bare name is a string, as in ATTACH f AS name.
func (l *lowering) words(list ...ast.Expr) []ir.Expr {
	var out []ir.Expr
	for _, x := range list {
		switch x := x.(type) {
		case nil:
		case *ast.Ident:
			out = append(out, &ir.Literal{At: l.at(x), Kind: ir.String, Text: x.Name})
		default:
			out = append(out, l.expr(x))
		}
	}
	return out
}

// resultColumns are definitions of columns that no text defines; they stand where the
// statement stands.
func resultColumns(at ir.At, columns []column) []ir.ColumnDef {
	var out []ir.ColumnDef
	for _, c := range columns {
		def := ir.ColumnDef{At: at, Name: ir.Ident{At: at, Name: c.name}}
		if c.typ != "" && c.typ != anyName {
			name := ir.Name{At: at, Parts: []ir.Ident{{At: at, Name: c.typ}}}
			def.Type = &ir.TypeName{At: at, Name: name, Raw: c.typ}
		}
		if c.notNull {
			def.Constraints = []ir.Constraint{{At: at, Kind: ir.NotNull}}
		}
		out = append(out, def)
	}
	return out
}
