package mysql

import (
	"github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/covetsql/covetsql/compiler/ir"
)

func (l *lowering) insert(n *ast.InsertStmt) ir.Statement {
	start := l.i
	x := &ir.Insert{}
	if n.IsReplace {
		x.Or = "REPLACE"
	} else if n.IgnoreErr {
		x.Or = "IGNORE"
	}
	l.i++
	l.skip("LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO")
	from := l.i
	table := n.Table.TableRefs.Left.(*ast.TableSource).Source.(*ast.TableName)
	x.Table = &ir.TableRef{Name: l.tableName(table)}
	if l.is(l.i, "PARTITION") {
		l.i++
		x.Table.Partitions = l.idents()
	}
	x.Table.At = l.since(from)
	if n.Setlist {
		l.eat("SET")
		l.insertSet(x, n)
	} else {
		if l.is(l.i, "(") && (len(n.Columns) > 0 || l.is(l.i+1, ")")) {
			for _, id := range l.insertColumns() {
				x.Columns = append(x.Columns, id)
			}
		}
		if n.Select != nil {
			if l.is(l.i, "(") && l.closing(l.i) < len(l.toks) && !isSetOperation(n.Select) {
				x.Source = l.parenthesised(n.Select)
			} else {
				x.Source = l.query(n.Select)
			}
		} else {
			l.insertRows(x, n.Lists)
		}
	}
	if p, ok := l.patched[l.i]; ok && p.kind == rowAliasPatch {
		l.eat("AS")
		at := l.i
		a := &ir.Alias{Name: l.ident()}
		a.Columns = l.idents()
		a.At = l.since(at)
		x.RowAlias = a
		l.i = p.end
	}
	if len(n.OnDuplicate) > 0 {
		l.eatAll("ON", "DUPLICATE", "KEY", "UPDATE")
		x.OnDuplicate = l.assigns(n.OnDuplicate)
	}
	x.Returning = l.returning()
	x.At = l.since(start)
	return x
}

func isSetOperation(n ast.ResultSetNode) bool {
	_, ok := n.(*ast.SetOprStmt)
	return ok
}

func (l *lowering) insertColumns() []ir.Target {
	end := l.closing(l.i)
	l.i++
	var out []ir.Target
	for l.i < end {
		if l.eat(",") {
			continue
		}
		out = append(out, target(l.dotted()))
	}
	l.i = end + 1
	return out
}

// target is the column that a dotted name says is written.
func target(n ir.Name) ir.Target {
	last := len(n.Parts) - 1
	t := ir.Target{At: n.At, Name: n.Parts[last]}
	if last > 0 {
		t.Qualifier = n.Parts[:last]
	}
	return t
}

func (l *lowering) insertRows(x *ir.Insert, lists [][]ast.ExprNode) {
	v := &ir.Values{}
	from := l.i
	l.eat("VALUES", "VALUE")
	for _, row := range lists {
		l.skip(",", "ROW")
		v.Rows = append(v.Rows, l.row(row))
	}
	v.At = l.since(from)
	x.Source = v
}

// insertSet lowers SET a = 1, b = 2 to columns and one row.
func (l *lowering) insertSet(x *ir.Insert, n *ast.InsertStmt) {
	from := l.i
	var row []ir.Expr
	for i, c := range n.Columns {
		l.eat(",")
		x.Columns = append(x.Columns, target(l.qualified(c.Schema.O, c.Table.O, c.Name.O)))
		l.eat("=", ":=")
		if len(n.Lists) > 0 && i < len(n.Lists[0]) {
			row = append(row, l.expr(n.Lists[0][i]))
		}
	}
	x.Source = &ir.Values{At: l.since(from), Rows: [][]ir.Expr{row}}
}

func (l *lowering) assigns(list []*ast.Assignment) []ir.Assign {
	out := make([]ir.Assign, 0, len(list))
	for _, a := range list {
		l.eat(",")
		start := l.i
		t := target(l.qualified(a.Column.Schema.O, a.Column.Table.O, a.Column.Name.O))
		l.eat("=", ":=")
		x := ir.Assign{Targets: []ir.Target{t}, Value: l.expr(a.Expr)}
		x.At = l.since(start)
		out = append(out, x)
	}
	return out
}

// returning reads MariaDB's RETURNING list, which was taken out before TiDB saw it.
func (l *lowering) returning() []ir.SelectItem {
	p, ok := l.patched[l.i]
	if !ok || p.kind != returningPatch {
		return nil
	}
	delete(l.patched, l.i)
	list := l.selectList(p.start+1, p.end)
	l.i = p.end
	return list
}

// selectList parses the tokens [from, to) as the items of a SELECT.
func (l *lowering) selectList(from, to int) []ir.SelectItem {
	if from >= to {
		l.diags.Add(l.syntaxError(from))
		return nil
	}
	tree := l.parsePart("SELECT ", from, to)
	sel, ok := tree.(*ast.SelectStmt)
	if !ok {
		return nil
	}
	delta := l.delta
	defer func() { l.delta = delta }()
	l.delta = int(l.toks[from].Start) - len("SELECT ")
	l.i = from
	return l.items(sel.Fields)
}

func (l *lowering) update(n *ast.UpdateStmt) ir.Statement {
	start := l.i
	x := &ir.Update{With: l.with(n.With)}
	l.eat("UPDATE")
	l.skip("LOW_PRIORITY", "IGNORE")
	if n.IgnoreErr {
		x.Or = "IGNORE"
	}
	x.Tables = l.from(n.TableRefs.TableRefs)
	l.eat("SET")
	x.Set = l.assigns(n.List)
	if n.Where != nil {
		l.eat("WHERE")
		x.Where = l.expr(n.Where)
	}
	if n.Order != nil {
		x.OrderBy = l.orderBy(n.Order)
	}
	x.Limit, x.Offset = l.limit(n.Limit)
	x.Returning = l.returning()
	x.At = l.since(start)
	return x
}

func (l *lowering) delete(n *ast.DeleteStmt) ir.Statement {
	start := l.i
	x := &ir.Delete{With: l.with(n.With), Multi: n.IsMultiTable}
	l.eat("DELETE")
	l.skip("LOW_PRIORITY", "QUICK", "IGNORE")
	if n.IgnoreErr {
		x.Or = "IGNORE"
	}
	switch {
	case !n.IsMultiTable:
		l.eat("FROM")
		if ref, ok := l.from(n.TableRefs.TableRefs)[0].(*ir.TableRef); ok {
			x.Tables = []*ir.TableRef{ref}
		}
	case n.BeforeFrom:
		x.Tables = l.deleted(n.Tables)
		l.eat("FROM")
		x.From = l.from(n.TableRefs.TableRefs)
	default:
		l.eat("FROM")
		x.Tables = l.deleted(n.Tables)
		l.eat("USING")
		x.From = l.from(n.TableRefs.TableRefs)
	}
	if n.Where != nil {
		l.eat("WHERE")
		x.Where = l.expr(n.Where)
	}
	if n.Order != nil {
		x.OrderBy = l.orderBy(n.Order)
	}
	x.Limit, x.Offset = l.limit(n.Limit)
	x.Returning = l.returning()
	x.At = l.since(start)
	return x
}

// deleted reads the relations that a multi-table DELETE names, each maybe with .* behind.
func (l *lowering) deleted(n *ast.DeleteTableList) []*ir.TableRef {
	var out []*ir.TableRef
	for _, t := range n.Tables {
		l.eat(",")
		name := l.tableName(t)
		ref := &ir.TableRef{At: name.At, Name: name}
		l.eatAll(".", "*")
		out = append(out, ref)
	}
	return out
}
