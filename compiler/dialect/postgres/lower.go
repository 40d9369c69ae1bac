package postgres

import (
	"github.com/covetsql/covetsql/compiler/ir"
	pg "github.com/pganalyze/pg_query_go/v5"
)

// statement lowers a whole statement that stands in r.
func (l *lowerer) statement(n *pg.Node, r rng) ir.Statement {
	switch s := n.GetNode().(type) {
	case *pg.Node_SelectStmt:
		if path := l.setConfig(s.SelectStmt, r); path != nil {
			return path
		}
		return l.selectStmt(s.SelectStmt, r).(ir.Statement)
	case *pg.Node_InsertStmt:
		return l.insert(s.InsertStmt, r)
	case *pg.Node_UpdateStmt:
		return l.update(s.UpdateStmt, r)
	case *pg.Node_DeleteStmt:
		return l.deleteFrom(s.DeleteStmt, r)
	case *pg.Node_MergeStmt:
		return l.merge(s.MergeStmt, r)
	case *pg.Node_DoStmt:
		note := &ir.Noted{At: l.pos(r), Verb: l.verb(r)}
		for i := r.lo; i <= r.hi; i++ {
			if l.isString(i) && !l.is(i-1, "LANGUAGE") {
				note.Definitions = l.block(i)
			}
		}
		return note
	}
	if s := l.utility(n, r); s != nil {
		return s
	}
	if s := l.definition(n, r); s != nil {
		return s
	}
	return &ir.Noted{At: l.pos(r), Verb: l.verb(r)}
}
