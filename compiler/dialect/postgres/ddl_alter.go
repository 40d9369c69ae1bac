package postgres

import (
	"github.com/covetsql/covetsql/compiler/ir"
	pg "github.com/pganalyze/pg_query_go/v5"
)

func (l *lowerer) alterTable(s *pg.AlterTableStmt, r rng) ir.Statement {
	table, tr := l.relation(s.Relation)
	kind := objectKind(s.Objtype)
	if kind == ir.ObjOther {
		kind = ir.ObjTable
	}
	a := &ir.AlterTable{At: l.pos(r), Kind: kind, Name: table.Name, IfExists: s.MissingOk, Only: !s.Relation.GetInh()}
	items := l.split(tr.hi+1, r.hi)
	for k, n := range s.Cmds {
		a.Actions = append(a.Actions, l.alterAction(n.GetAlterTableCmd(), l.itemAt(items, k, tr.hi)))
	}
	return a
}

// plainActions need the name behind their words and nothing else.
var plainActions = map[pg.AlterTableType]ir.AlterKind{
	pg.AlterTableType_AT_DropColumn: ir.DropColumn, pg.AlterTableType_AT_SetNotNull: ir.SetNotNull, pg.AlterTableType_AT_DropNotNull: ir.DropNotNull,
	pg.AlterTableType_AT_DropExpression: ir.DropExpression, pg.AlterTableType_AT_DropIdentity: ir.DropIdentity,
	pg.AlterTableType_AT_DropConstraint: ir.DropConstraint, pg.AlterTableType_AT_ValidateConstraint: ir.ValidateConstraint,
}

func (l *lowerer) alterAction(c *pg.AlterTableCmd, r rng) ir.AlterAction {
	a := ir.AlterAction{At: l.pos(r), Cascade: c.Behavior == pg.DropBehavior_DROP_CASCADE}
	i := l.actionName(r)
	if c.Name != "" {
		a.Column = l.ident(i, c.Name)
	}
	if kind, ok := plainActions[c.Subtype]; ok {
		a.Kind, a.IfExists = kind, c.MissingOk
		return a
	}
	switch c.Subtype {
	case pg.AlterTableType_AT_AddColumn:
		a.Kind, a.IfNotExists = ir.AddColumn, c.MissingOk
		d := c.Def.GetColumnDef()
		dr := rng{l.or(l.at(d.GetLocation())).lo, r.hi}
		if a.Cascade || l.is(dr.hi, "RESTRICT") {
			dr.hi--
		}
		def := l.columnDef(d, dr)
		a.Def = &def
	case pg.AlterTableType_AT_ColumnDefault:
		a.Kind = ir.DropDefault
		if c.Def != nil {
			a.Kind, a.X = ir.SetDefault, l.value(c.Def)
		}
	case pg.AlterTableType_AT_AddConstraint:
		a.Kind = ir.AddConstraint
		k := c.Def.GetConstraint()
		def := l.constraint(k, rng{l.or(l.at(k.GetLocation())).lo, r.hi})
		a.Constraint = &def
	case pg.AlterTableType_AT_AlterColumnType:
		a.Kind = ir.AlterType
		d := c.Def.GetColumnDef()
		t, tr := l.typeName(d.GetTypeName())
		def := ir.ColumnDef{Name: a.Column, Type: &t}
		dr := l.cover(l.one(i), tr)
		if d.GetCollClause() != nil {
			name, cr := l.collation(d.CollClause)
			def.Collate, dr = &name, l.cover(dr, cr)
		}
		def.At = l.pos(dr)
		a.Def = &def
		a.X = l.value(d.GetRawDefault())
	case pg.AlterTableType_AT_AddIdentity:
		a.Kind = ir.AddIdentity
		k := c.Def.GetConstraint()
		def := l.constraint(k, rng{l.or(l.at(k.GetLocation())).lo, r.hi})
		a.Constraint = &def
	case pg.AlterTableType_AT_AttachPartition, pg.AlterTableType_AT_DetachPartition:
		a.Kind = ir.AttachPartition
		if c.Subtype == pg.AlterTableType_AT_DetachPartition {
			a.Kind = ir.DetachPartition
		}
		p := c.Def.GetPartitionCmd()
		name, _ := l.relationName(p.GetName())
		a.Table = &name
		if p.GetBound() != nil {
			a.Options = append(a.Options, ir.Option{Key: "bound", Value: l.bound(p.Bound)})
		}
	case pg.AlterTableType_AT_AddInherit, pg.AlterTableType_AT_DropInherit:
		a.Kind = ir.Inherit
		if c.Subtype == pg.AlterTableType_AT_DropInherit {
			a.Kind = ir.NoInherit
		}
		name, _ := l.relationName(c.Def.GetRangeVar())
		a.Table = &name
	case pg.AlterTableType_AT_SetRelOptions:
		a.Kind, a.Options = ir.SetOption, l.options(c.Def.GetList().GetItems())
	case pg.AlterTableType_AT_SetTableSpace:
		a.Kind, a.Column, a.Options = ir.SetOption, ir.Ident{}, []ir.Option{{Key: "tablespace", Value: c.Name}}
	default:
		a.Kind, a.Verb = ir.OtherAction, l.actionVerb(r)
		if c.Subtype == pg.AlterTableType_AT_SetIdentity {
			a.Verb = "SET IDENTITY"
			a.Options = l.options(c.Def.GetList().GetItems())
		}
	}
	return a
}

// actionName is the token of the column or constraint that an action names.
func (l *lowerer) actionName(r rng) int {
	i := r.lo + 1 // ADD, ALTER, DROP, VALIDATE, ENABLE …
	for l.isAny(i, "COLUMN", "CONSTRAINT", "ATTRIBUTE", "TRIGGER", "RULE", "REPLICA", "ALWAYS", "TABLESPACE", "ON") && i < r.hi {
		i++
	}
	if l.are(i, "IF", "EXISTS") {
		i += 2
	} else if l.are(i, "IF", "NOT", "EXISTS") {
		i += 3
	}
	return min(i, r.hi)
}

// actionVerb names an action by its words, the column's name left out.
func (l *lowerer) actionVerb(r rng) string {
	if l.is(r.lo, "ALTER") {
		i := l.actionName(r)
		return "ALTER COLUMN " + l.verbOf(rng{min(i+1, r.hi), r.hi}, 2)
	}
	return l.verbOf(r, 2)
}

// behind is the token behind the last word on the statement's own level.
func (l *lowerer) behind(r rng, word string) int {
	for i := r.hi - 1; i > r.lo; i-- {
		if l.is(i, word) && l.up[i] == l.up[r.lo] {
			return i + 1
		}
	}
	return r.hi
}

func (l *lowerer) rename(s *pg.RenameStmt, r rng) ir.Statement {
	to := l.behind(r, "TO")
	out := &ir.Rename{At: l.pos(r), IfExists: s.MissingOk}
	newName := l.ident(to, s.Newname)
	out.New = ir.Name{At: newName.At, Parts: []ir.Ident{newName}}
	old := to - 2 // the old name, where it stands before TO
	out.Kind = objectKind(s.RenameType)
	if s.Relation != nil {
		out.Object, _ = l.relationName(s.Relation)
		switch s.RenameType {
		case pg.ObjectType_OBJECT_COLUMN, pg.ObjectType_OBJECT_ATTRIBUTE, pg.ObjectType_OBJECT_TABCONSTRAINT:
			out.Column = l.optIdent(old, s.Subname)
		case pg.ObjectType_OBJECT_TRIGGER, pg.ObjectType_OBJECT_POLICY, pg.ObjectType_OBJECT_RULE:
			out.Column = l.optIdent(l.objectAt(r), s.Subname)
		}
		return out
	}
	out.Object, _ = l.objectName(r)
	if s.RenameType == pg.ObjectType_OBJECT_DOMCONSTRAINT {
		out.Column = l.optIdent(old, s.Subname)
	}
	return out
}

func (l *lowerer) setSchema(s *pg.AlterObjectSchemaStmt, r rng) ir.Statement {
	out := &ir.SetSchema{At: l.pos(r), Kind: objectKind(s.ObjectType), Schema: l.ident(l.behind(r, "SCHEMA"), s.Newschema)}
	if s.Relation != nil {
		out.Object, _ = l.relationName(s.Relation)
	} else {
		out.Object, _ = l.objectName(r)
	}
	return out
}

func (l *lowerer) drop(s *pg.DropStmt, r rng) ir.Statement {
	kind := objectKind(s.RemoveType)
	out := &ir.Drop{At: l.pos(r), Kind: kind, IfExists: s.MissingOk, Cascade: s.Behavior == pg.DropBehavior_DROP_CASCADE}
	start := l.objectAt(r)
	if !l.isWord(start) { // casts, operators, transforms
		return nil
	}
	end := r.hi
	if l.isAny(end, "CASCADE", "RESTRICT") && end > start {
		end--
	}
	items := l.split(start, end)
	for k, n := range s.Objects {
		item := l.itemAt(items, k, start)
		name, nr := l.spelled(item.lo)
		switch o := n.Node.(type) {
		case *pg.Node_ObjectWithArgs:
			if !o.ObjectWithArgs.ArgsUnspecified && kind != ir.ObjOther {
				// A name without arguments before one with: an empty place keeps the lists aligned.
				for len(out.Args) < k {
					out.Args = append(out.Args, nil)
				}
				args := []ir.TypeName{}
				for _, a := range o.ObjectWithArgs.Objargs {
					if t := a.GetTypeName(); t != nil {
						tn, _ := l.typeName(t)
						args = append(args, tn)
					}
				}
				out.Args = append(out.Args, args)
			}
		case *pg.Node_List:
			// DROP TRIGGER name ON table, policies and rules alike.
			if l.is(nr.hi+1, "ON") {
				table, _ := l.spelled(nr.hi + 2)
				out.Table = &table
			}
		}
		out.Names = append(out.Names, name)
	}
	return out
}

func (l *lowerer) comment(s *pg.CommentStmt, r rng) ir.Statement {
	out := &ir.Comment{At: l.pos(r), Kind: objectKind(s.Objtype)}
	i := l.objectAt(r)
	if !l.isWord(i) { // casts, operators, large objects
		return nil
	}
	if !l.is(r.hi, "NULL") {
		text := s.Comment
		out.Text = &text
	}
	name, nr := l.spelled(i)
	switch {
	case out.Kind == ir.ObjColumn && len(name.Parts) > 1:
		last := name.Parts[len(name.Parts)-1]
		out.Column = &last
		parts := name.Parts[:len(name.Parts)-1]
		out.Object = ir.Name{At: l.pos(rng{nr.lo, nr.hi - 2}), Parts: parts}
	case l.is(nr.hi+1, "ON"): // constraints, triggers, rules and policies of a table
		first := name.Parts[0]
		out.Column = &first
		at := nr.hi + 2
		if l.is(at, "DOMAIN") {
			at++
		}
		out.Object, _ = l.spelled(at)
	default:
		out.Object = name
	}
	return out
}
