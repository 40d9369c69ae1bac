package sqlite

import (
	"fmt"
	"strings"

	"github.com/sqlc-dev/meyer/ast"

	"github.com/covetsql/covetsql/compiler/ir"
)

func (l *lowering) createTable(n *ast.CreateTableStmt) *ir.CreateTable {
	out := &ir.CreateTable{At: l.at(n), Name: l.name(n.Name), IfNotExists: n.IfNotExists, Temp: n.Temp}
	for _, c := range n.Columns {
		out.Columns = append(out.Columns, l.columnDef(c))
	}
	for _, c := range n.Constraints {
		out.Constraints = append(out.Constraints, l.tableConstraint(c))
		if c.AutoIncrement {
			autoIncrement(out, c)
		}
	}
	for _, o := range n.Options {
		switch word := strings.ToUpper(o.Name.Name); {
		case o.Without && word == "ROWID":
			out.WithoutRowID = true
		case !o.Without && word == "STRICT":
			out.Strict = true
		default:
			l.syntax(o, "unknown table option: %s", o.Name.Raw)
		}
	}
	if n.Select != nil {
		out.AsQuery = l.query(n.Select)
	}
	return out
}

// autoIncrement gives the column of PRIMARY KEY (c AUTOINCREMENT) what c INTEGER PRIMARY KEY
// AUTOINCREMENT has.
func autoIncrement(t *ir.CreateTable, key *ast.TableConstraint) {
	for _, term := range key.Columns {
		id, ok := term.Expr.(*ast.Ident)
		if !ok {
			continue
		}
		for i := range t.Columns {
			if c := &t.Columns[i]; strings.EqualFold(c.Name.Name, id.Name) {
				c.Constraints = append(c.Constraints, ir.Constraint{At: c.At, Kind: ir.Identity})
			}
		}
	}
}

func (l *lowering) columnDef(n *ast.ColumnDef) ir.ColumnDef {
	out := ir.ColumnDef{At: l.at(n), Name: l.ident(n.Name)}
	if n.Type != nil {
		out.Type = l.columnType(n.Type)
	}
	for _, c := range n.Constraints {
		at := l.at(c)
		x := ir.Constraint{At: at, Name: l.optIdent(c.Name), OnConflict: c.OnConflict.String()}
		if c.Kind == ast.ColumnDefault {
			x.X = l.defaultValue(c.Expr)
		} else {
			x.X = l.optExpr(c.Expr)
		}
		switch c.Kind {
		case ast.ColumnNull:
			if hasNotNull(n) { // NULL takes nothing back: NOT NULL NULL is NOT NULL
				continue
			}
			x.Kind = ir.NullAllowed
		case ast.ColumnNotNull:
			x.Kind = ir.NotNull
		case ast.ColumnPrimaryKey:
			x.Kind = ir.PrimaryKey
			if c.Order == ast.SortDesc {
				// INTEGER PRIMARY KEY DESC is, unlike the same without DESC, no rowid.
				x.Using = keyDesc
			}
			out.Constraints = append(out.Constraints, x)
			if !c.AutoIncrement {
				continue
			}
			end := c.End()
			i := l.tokenBefore(end)
			x = ir.Constraint{At: l.between(int(l.s.Tokens[i].Start), end), Kind: ir.Identity}
		case ast.ColumnUnique:
			x.Kind = ir.Unique
		case ast.ColumnCheck:
			x.Kind = ir.Check
		case ast.ColumnDefault:
			x.Kind = ir.DefaultValue
		case ast.ColumnCollate:
			name := l.plainName(c.Collation)
			out.Collate = &name
			continue
		case ast.ColumnReferences:
			x.Kind = ir.ForeignKey
			l.references(&x, c.References)
		case ast.ColumnGenerated:
			x.Kind, x.Always = ir.Generated, true
			if k := c.GeneratedKind; k != nil {
				switch strings.ToUpper(k.Name) {
				case "STORED":
					x.Stored = true
				case "VIRTUAL":
				default:
					l.syntax(k, "error in generated column %q", n.Name.Name)
				}
			}
		case ast.ColumnDeferrable:
			// The clause belongs to the foreign key before it; without one it says nothing.
			if i := len(out.Constraints) - 1; i >= 0 && out.Constraints[i].Kind == ir.ForeignKey {
				defers(&out.Constraints[i], c.Deferrable)
			}
			continue
		default:
			panic(fmt.Sprintf("unknown column constraint %v", c.Kind))
		}
		out.Constraints = append(out.Constraints, x)
	}
	return out
}

func hasNotNull(n *ast.ColumnDef) bool {
	for _, c := range n.Constraints {
		if c.Kind == ast.ColumnNotNull {
			return true
		}
	}
	return false
}

// columnType drops the words GENERATED ALWAYS, which the grammar reads as part of the type.
func (l *lowering) columnType(n *ast.TypeName) *ir.TypeName {
	words := strings.Fields(n.Raw)
	if k := len(words); k >= 2 && strings.EqualFold(words[k-1], "always") && strings.EqualFold(words[k-2], "generated") {
		if k == 2 {
			return nil
		}
		raw := strings.TrimSpace(n.Raw[:strings.LastIndex(strings.ToLower(n.Raw), "generated")])
		short := *n
		short.Raw = raw
		short.Name = strings.Join(words[:k-2], " ")
		short.Stop = n.Pos() + len(raw)
		n = &short
	}
	t := l.typeName(n)
	return &t
}

// defaultValue lowers the value of DEFAULT, where a bare word is a string.
func (l *lowering) defaultValue(x ast.Expr) ir.Expr {
	if id, ok := x.(*ast.Ident); ok {
		if _, isTruth := truth(id); !isTruth {
			return &ir.Literal{At: l.at(id), Kind: ir.String, Text: id.Name}
		}
	}
	return l.expr(x)
}

var refActions = map[ast.ForeignKeyAction]string{
	ast.FKNoAction: "NO ACTION", ast.FKSetNull: "SET NULL", ast.FKSetDefault: "SET DEFAULT",
	ast.FKCascade: "CASCADE", ast.FKRestrict: "RESTRICT",
}

func (l *lowering) references(x *ir.Constraint, n *ast.ForeignKeyClause) {
	name := l.plainName(n.Table)
	x.References = &name
	x.RefColumns = l.columnNames(n.Columns)
	for _, a := range n.Args {
		switch {
		case a.Match != nil:
			x.Match = strings.ToUpper(a.Match.Name)
		case strings.EqualFold(a.Event, "DELETE"):
			x.OnDelete = refActions[a.Action]
		case strings.EqualFold(a.Event, "UPDATE"):
			x.OnUpdate = refActions[a.Action]
		}
		// ON INSERT is parsed by SQLite and means nothing to it.
	}
}

func defers(x *ir.Constraint, n *ast.DeferClause) {
	x.Deferrable = !n.Not
	x.InitiallyDeferred = !n.Not && n.InitiallyDeferred
}

func (l *lowering) tableConstraint(n *ast.TableConstraint) ir.Constraint {
	x := ir.Constraint{At: l.at(n), Name: l.optIdent(n.Name), OnConflict: n.OnConflict.String(), X: l.optExpr(n.Expr)}
	switch n.Kind {
	case ast.TablePrimaryKey:
		x.Kind, x.Parts = ir.PrimaryKey, l.indexParts(n.Columns)
	case ast.TableUnique:
		x.Kind, x.Parts = ir.Unique, l.indexParts(n.Columns)
	case ast.TableCheck:
		x.Kind = ir.Check
	case ast.TableForeignKey:
		x.Kind, x.Columns = ir.ForeignKey, l.columnNames(n.FKColumns)
		l.references(&x, n.References)
		if n.Deferrable != nil {
			defers(&x, n.Deferrable)
		}
	default:
		panic(fmt.Sprintf("unknown table constraint %v", n.Kind))
	}
	return x
}

// indexParts lowers the list of an index or key. A collation around a column is the part's.
func (l *lowering) indexParts(list []*ast.OrderingTerm) []ir.IndexPart {
	var out []ir.IndexPart
	for _, t := range list {
		p := ir.IndexPart{At: l.at(t), Desc: t.Order == ast.SortDesc, Nulls: nulls(t.Nulls)}
		x := t.Expr
		if c, ok := x.(*ast.CollateExpr); ok {
			if _, plain := c.X.(*ast.Ident); plain {
				name := l.plainName(c.Name)
				p.Collate, x = &name, c.X
			}
		}
		switch x := x.(type) {
		case *ast.Ident:
			if _, ok := truth(x); ok {
				p.X = l.expr(x)
				break
			}
			p.Column = l.optIdent(x)
		case *ast.Literal:
			if x.Kind == ast.LitString { // a name in single quotes
				p.Column = &ir.Ident{At: l.at(x), Name: x.Value}
				break
			}
			p.X = l.expr(x)
		default:
			p.X = l.expr(x)
		}
		out = append(out, p)
	}
	return out
}

func (l *lowering) createIndex(n *ast.CreateIndexStmt) *ir.CreateIndex {
	out := &ir.CreateIndex{
		At: l.at(n), Name: l.ident(n.Name.Name), Table: l.plainName(n.Table), Unique: n.Unique,
		IfNotExists: n.IfNotExists, Parts: l.indexParts(n.Columns), Where: l.optExpr(n.Where),
	}
	// The index's schema is its table's: CREATE INDEX aux.i ON t.
	if n.Name.Schema != nil {
		schema := l.ident(n.Name.Schema)
		schema.At = out.Table.At
		out.Table.Parts = append([]ir.Ident{schema}, out.Table.Parts...)
	}
	return out
}

func (l *lowering) createView(n *ast.CreateViewStmt) *ir.CreateView {
	return &ir.CreateView{
		At: l.at(n), Name: l.name(n.Name), IfNotExists: n.IfNotExists, Temp: n.Temp,
		Columns: l.columnNames(n.Columns), Query: l.query(n.Select),
		QueryText: l.span(n.Select.Pos(), n.Select.End()).Text(),
	}
}

// createTrigger keeps the body as text. Its statements were parsed, so that a syntax error
// in one was reported.
func (l *lowering) createTrigger(n *ast.CreateTriggerStmt) *ir.CreateTrigger {
	out := &ir.CreateTrigger{
		At: l.at(n), Name: l.ident(n.Name.Name), Table: l.name(n.Table), IfNotExists: n.IfNotExists,
		Timing: "BEFORE", Events: []string{n.Event},
	}
	if n.HasTime {
		out.Timing = n.Time.String()
	}
	out.Text = out.At.Pos.Text()
	return out
}

func (l *lowering) createVirtualTable(n *ast.CreateVirtualTableStmt) *ir.CreateVirtualTable {
	out := &ir.CreateVirtualTable{
		At: l.at(n), Name: l.name(n.Name), IfNotExists: n.IfNotExists, Module: strings.ToLower(n.Module.Name),
	}
	for _, a := range n.Args {
		out.Args = append(out.Args, strings.TrimSpace(a))
	}
	return out
}

var alterKinds = map[ast.AlterAction]ir.AlterKind{
	ast.AlterRenameTable: ir.RenameTable, ast.AlterRenameColumn: ir.RenameColumn, ast.AlterAddColumn: ir.AddColumn,
	ast.AlterDropColumn: ir.DropColumn, ast.AlterDropConstraint: ir.DropConstraint, ast.AlterDropNotNull: ir.DropNotNull,
	ast.AlterSetNotNull: ir.SetNotNull, ast.AlterAddConstraintCheck: ir.AddConstraint,
}

func (l *lowering) alterTable(n *ast.AlterTableStmt) *ir.AlterTable {
	at := l.between(l.startAfter(n.Table.End()), n.End())
	a := ir.AlterAction{At: at, Kind: alterKinds[n.Action]}
	if n.Column != nil {
		a.Column = l.ident(n.Column)
	}
	if n.ConstraintName != nil {
		a.Column = l.ident(n.ConstraintName)
	}
	switch n.Action {
	case ast.AlterRenameTable:
		name := l.plainName(n.NewName)
		a.NewTable = &name
	case ast.AlterRenameColumn:
		a.New = l.ident(n.NewName)
	case ast.AlterAddColumn:
		def := l.columnDef(n.ColumnDef)
		a.Def = &def
	case ast.AlterSetNotNull:
		if n.OnConflict != ast.ConflictDefault {
			a.Options = []ir.Option{{Key: "on conflict", Value: n.OnConflict.String()}}
		}
	case ast.AlterAddConstraintCheck:
		a.Constraint = &ir.Constraint{
			At: at, Kind: ir.Check, Name: l.optIdent(n.ConstraintName), X: l.expr(n.Expr), OnConflict: n.OnConflict.String(),
		}
	}
	return &ir.AlterTable{At: l.at(n), Kind: ir.ObjTable, Name: l.name(n.Table), Actions: []ir.AlterAction{a}}
}

func (l *lowering) drop(n ast.Stmt, kind ir.ObjectKind, name *ast.QualifiedName, ifExists bool) *ir.Drop {
	return &ir.Drop{At: l.at(n), Kind: kind, Names: []ir.Name{l.name(name)}, IfExists: ifExists}
}
