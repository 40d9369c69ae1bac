package sqlite

import (
	"github.com/sqlc-dev/meyer/ast"

	"github.com/covetsql/covetsql/compiler/ir"
)

// target is the written table of INSERT, UPDATE or DELETE.
func (l *lowering) target(name *ast.QualifiedName, alias, index *ast.Ident) *ir.TableRef {
	end := max(name.End(), aliasEnd(alias), aliasEnd(index))
	out := &ir.TableRef{At: l.between(name.Pos(), end), Name: l.name(name), Alias: l.alias(alias)}
	if index != nil {
		out.IndexHints = []ir.Ident{l.ident(index)}
	}
	return out
}

func (l *lowering) insert(n *ast.InsertStmt) *ir.Insert {
	out := &ir.Insert{
		At: l.at(n), With: l.with(n.With), Table: l.target(n.Table, n.Alias, nil),
		Columns: l.targets(n.Columns), Or: n.OrConflict.String(), Returning: l.items(n.Returning),
	}
	if n.Replace {
		out.Or = "REPLACE"
	}
	if n.Select != nil {
		out.Source = l.query(n.Select)
	}
	for _, u := range n.Upserts {
		out.OnConflict = append(out.OnConflict, ir.OnConflict{
			At: l.at(u), Target: l.orderBy(u.Target), Where: l.optExpr(u.TargetWhere),
			Nothing: u.DoNothing, Set: l.assigns(u.Set), UpdateIf: l.optExpr(u.Where),
		})
	}
	return out
}

func (l *lowering) targets(list []*ast.Ident) []ir.Target {
	var out []ir.Target
	for _, n := range list {
		out = append(out, ir.Target{At: l.at(n), Name: l.ident(n)})
	}
	return out
}

func (l *lowering) assigns(list []*ast.SetPair) []ir.Assign {
	var out []ir.Assign
	for _, n := range list {
		out = append(out, ir.Assign{At: l.at(n), Targets: l.targets(n.Columns), Value: l.expr(n.Value)})
	}
	return out
}

func (l *lowering) update(n *ast.UpdateStmt) *ir.Update {
	out := &ir.Update{
		At: l.at(n), With: l.with(n.With),
		Tables: []ir.TableExpr{l.target(n.Table, n.Alias, n.IndexedBy)},
		Set:    l.assigns(n.Set), From: l.from(n.From), Where: l.optExpr(n.Where),
		OrderBy: l.orderBy(n.OrderBy), Or: n.OrConflict.String(), Returning: l.items(n.Returning),
	}
	out.Limit, out.Offset = l.limit(n.Limit)
	return out
}

func (l *lowering) delete(n *ast.DeleteStmt) *ir.Delete {
	out := &ir.Delete{
		At: l.at(n), With: l.with(n.With),
		Tables: []*ir.TableRef{l.target(n.Table, n.Alias, n.IndexedBy)},
		Where:  l.optExpr(n.Where), OrderBy: l.orderBy(n.OrderBy), Returning: l.items(n.Returning),
	}
	out.Limit, out.Offset = l.limit(n.Limit)
	return out
}
