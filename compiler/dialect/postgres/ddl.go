package postgres

import (
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	pg "github.com/pganalyze/pg_query_go/v5"
)

// definition lowers a statement that defines, changes or drops something; nil for those
// that have no bearing on types (grants, roles, policies, rules, publications …), which the
// caller notes.
func (l *lowerer) definition(n *pg.Node, r rng) ir.Statement {
	switch s := n.GetNode().(type) {
	case *pg.Node_CreateStmt:
		return l.createTable(s.CreateStmt, r)
	case *pg.Node_CreateForeignTableStmt:
		return l.createTable(s.CreateForeignTableStmt.BaseStmt, r)
	case *pg.Node_CreateTableAsStmt:
		return l.createTableAs(s.CreateTableAsStmt, r)
	case *pg.Node_AlterTableStmt:
		return l.alterTable(s.AlterTableStmt, r)
	case *pg.Node_IndexStmt:
		return l.createIndex(s.IndexStmt, r)
	case *pg.Node_ViewStmt:
		return l.createView(s.ViewStmt, r)
	case *pg.Node_CreateEnumStmt:
		name, _ := l.objectName(r)
		return &ir.CreateEnum{At: l.pos(r), Name: name, Values: strs(s.CreateEnumStmt.Vals)}
	case *pg.Node_AlterEnumStmt:
		return l.alterEnum(s.AlterEnumStmt, r)
	case *pg.Node_CompositeTypeStmt:
		return l.createComposite(s.CompositeTypeStmt, r)
	case *pg.Node_CreateRangeStmt:
		return l.createRange(s.CreateRangeStmt, r)
	case *pg.Node_CreateDomainStmt:
		return l.createDomain(s.CreateDomainStmt, r)
	case *pg.Node_AlterDomainStmt:
		return l.alterDomain(s.AlterDomainStmt, r)
	case *pg.Node_DefineStmt:
		return l.define(s.DefineStmt, r)
	case *pg.Node_CreateSeqStmt:
		name, _ := l.relationName(s.CreateSeqStmt.Sequence)
		return &ir.CreateSequence{At: l.pos(r), Name: name, IfNotExists: s.CreateSeqStmt.IfNotExists, Options: l.sequenceOptions(s.CreateSeqStmt.Options)}
	case *pg.Node_AlterSeqStmt:
		name, _ := l.relationName(s.AlterSeqStmt.Sequence)
		return &ir.CreateSequence{At: l.pos(r), Name: name, Alter: true, Options: l.options(s.AlterSeqStmt.Options)}
	case *pg.Node_CreateFunctionStmt:
		return l.createFunction(s.CreateFunctionStmt, r)
	case *pg.Node_CreateTrigStmt:
		return l.createTrigger(s.CreateTrigStmt, r)
	case *pg.Node_CreatePolicyStmt:
		return l.createPolicy(s.CreatePolicyStmt, r)
	case *pg.Node_CreateSchemaStmt:
		return l.createSchema(s.CreateSchemaStmt, r)
	case *pg.Node_CreateExtensionStmt:
		return l.createExtension(s.CreateExtensionStmt, r)
	case *pg.Node_DropStmt:
		return l.drop(s.DropStmt, r)
	case *pg.Node_RenameStmt:
		return l.rename(s.RenameStmt, r)
	case *pg.Node_AlterObjectSchemaStmt:
		return l.setSchema(s.AlterObjectSchemaStmt, r)
	case *pg.Node_CommentStmt:
		return l.comment(s.CommentStmt, r)
	}
	return nil
}

// objectAt is the first token of the name in CREATE, ALTER, DROP or COMMENT ON kind name.
func (l *lowerer) objectAt(r rng) int {
	i := r.lo + 1
	if l.is(r.lo, "COMMENT") {
		i++
	}
	for l.isAny(i, "OR", "REPLACE", "TEMP", "TEMPORARY", "UNIQUE", "PROCEDURAL", "TRUSTED", "UNLOGGED", "CONSTRAINT", "RECURSIVE", "DEFAULT", "LOCAL", "GLOBAL") &&
		!l.is(i+1, "ON") {
		if l.is(i, "CONSTRAINT") && !l.is(i+1, "TRIGGER") { // COMMENT ON CONSTRAINT
			break
		}
		i++
	}
	words := 1
	for _, k := range twoWordKinds {
		if l.are(i, k[0], k[1]) {
			words = 2
		}
	}
	if l.are(i, "FOREIGN", "DATA", "WRAPPER") || l.are(i, "TEXT", "SEARCH") {
		words = 3
	}
	i += words
	for l.is(i, "CONCURRENTLY") {
		i++
	}
	if l.are(i, "IF", "NOT", "EXISTS") {
		i += 3
	} else if l.are(i, "IF", "EXISTS") {
		i += 2
	}
	return min(i, r.hi)
}

// objectName is the name of the object that a statement is about.
func (l *lowerer) objectName(r rng) (ir.Name, rng) { return l.spelled(l.objectAt(r)) }

var objectKinds = map[pg.ObjectType]ir.ObjectKind{
	pg.ObjectType_OBJECT_TABLE: ir.ObjTable, pg.ObjectType_OBJECT_FOREIGN_TABLE: ir.ObjTable,
	pg.ObjectType_OBJECT_VIEW: ir.ObjView, pg.ObjectType_OBJECT_MATVIEW: ir.ObjMatView,
	pg.ObjectType_OBJECT_INDEX: ir.ObjIndex, pg.ObjectType_OBJECT_SEQUENCE: ir.ObjSequence,
	pg.ObjectType_OBJECT_TYPE: ir.ObjType, pg.ObjectType_OBJECT_ATTRIBUTE: ir.ObjType, pg.ObjectType_OBJECT_DOMAIN: ir.ObjDomain,
	pg.ObjectType_OBJECT_SCHEMA: ir.ObjSchema, pg.ObjectType_OBJECT_FUNCTION: ir.ObjFunction, pg.ObjectType_OBJECT_ROUTINE: ir.ObjFunction,
	pg.ObjectType_OBJECT_PROCEDURE: ir.ObjProcedure, pg.ObjectType_OBJECT_AGGREGATE: ir.ObjAggregate,
	pg.ObjectType_OBJECT_TRIGGER: ir.ObjTrigger, pg.ObjectType_OBJECT_EXTENSION: ir.ObjExtension,
	pg.ObjectType_OBJECT_COLUMN: ir.ObjColumn, pg.ObjectType_OBJECT_TABCONSTRAINT: ir.ObjConstraint,
}

func objectKind(t pg.ObjectType) ir.ObjectKind {
	if k, ok := objectKinds[t]; ok {
		return k
	}
	return ir.ObjOther
}

// options are a list of settings as keys and texts.
func (l *lowerer) options(list []*pg.Node) []ir.Option {
	var out []ir.Option
	for _, n := range list {
		d := n.GetDefElem()
		if d == nil {
			continue
		}
		key := strings.ToLower(d.Defname)
		if d.Defnamespace != "" {
			key = strings.ToLower(d.Defnamespace) + "." + key
		}
		if key == "owned_by" {
			key = "owned by"
		}
		value := l.setting(d.Arg, key)
		if key == "generated" { // SET GENERATED gives a character's code
			value = map[string]string{"97": "always", "100": "by default"}[value]
		}
		out = append(out, ir.Option{Key: key, Value: value})
	}
	return out
}

// sequenceOptions are those of a new sequence: NO MINVALUE and NO MAXVALUE say nothing.
func (l *lowerer) sequenceOptions(list []*pg.Node) []ir.Option {
	return slices.DeleteFunc(l.options(list), func(o ir.Option) bool { return o.Value == "" })
}

// setting is the text of a setting's value; empty where it has none.
func (l *lowerer) setting(n *pg.Node, key string) string {
	switch v := n.GetNode().(type) {
	case *pg.Node_String_:
		return v.String_.Sval
	case *pg.Node_Integer:
		return strconv.Itoa(int(v.Integer.Ival))
	case *pg.Node_Float:
		return v.Float.Fval
	case *pg.Node_Boolean:
		return strconv.FormatBool(v.Boolean.Boolval)
	case *pg.Node_TypeName:
		t, _ := l.typeName(v.TypeName)
		if t.Name.Last() == "" {
			return t.Raw
		}
		return t.Name.String()
	case *pg.Node_List:
		parts := strs(v.List.Items)
		if key == "owned by" && len(parts) > 2 {
			parts = parts[len(parts)-2:] // table.column
		}
		return strings.Join(parts, ".")
	case *pg.Node_AConst:
		x, _ := l.constant(v.AConst)
		return x.(*ir.Literal).Text
	case *pg.Node_AStar:
		return "*"
	case nil:
		return ""
	}
	_, r := l.expr(n)
	return l.source(r)
}

func (l *lowerer) alterEnum(s *pg.AlterEnumStmt, r rng) ir.Statement {
	name, _ := l.objectName(r)
	a := &ir.AlterEnum{At: l.pos(r), Name: name, Value: s.NewVal, Rename: s.OldVal, IfNotExists: s.SkipIfNewValExists}
	if s.NewValIsAfter {
		a.After = s.NewValNeighbor
	} else {
		a.Before = s.NewValNeighbor
	}
	return a
}

func (l *lowerer) createComposite(s *pg.CompositeTypeStmt, r rng) ir.Statement {
	name, nr := l.relationName(s.Typevar)
	return &ir.CreateComposite{At: l.pos(r), Name: name, Columns: l.columnDefs(s.Coldeflist, nr.hi+2)}
}

func (l *lowerer) createRange(s *pg.CreateRangeStmt, r rng) ir.Statement {
	name, _ := l.objectName(r)
	out := &ir.CreateRange{At: l.pos(r), Name: name}
	for _, n := range s.Params {
		d := n.GetDefElem()
		switch d.GetDefname() {
		case "subtype":
			if t := d.Arg.GetTypeName(); t != nil {
				out.Subtype, _ = l.typeName(t)
			}
		case "multirange_type_name":
			v := l.setting(d.Arg, "")
			out.Multirange = v[strings.LastIndexByte(v, '.')+1:]
		}
	}
	if out.Subtype.Pos.IsZero() {
		out.Subtype.At = out.At
		out.Subtype.Name.At = out.At
	}
	return out
}

func (l *lowerer) createDomain(s *pg.CreateDomainStmt, r rng) ir.Statement {
	name, _ := l.objectName(r)
	d := &ir.CreateDomain{At: l.pos(r), Name: name}
	d.Type, _ = l.typeName(s.TypeName)
	if s.CollClause != nil {
		c, _ := l.collation(s.CollClause)
		d.Type.Collate = c.String()
	}
	for _, c := range l.constraints(s.Constraints, r, l.collationAt(s.CollClause)) {
		switch c.Kind {
		case ir.NotNull:
			d.NotNull = true
		case ir.DefaultValue:
			d.Default = c.X
		case ir.NullAllowed:
		default:
			d.Constraints = append(d.Constraints, c)
		}
	}
	return d
}

func (l *lowerer) alterDomain(s *pg.AlterDomainStmt, r rng) ir.Statement {
	name, nr := l.objectName(r)
	a := &ir.AlterDomain{At: l.pos(r), Name: name}
	yes, no := true, false
	switch s.Subtype {
	case "T":
		a.Default = l.value(s.Def)
		a.DropDefault = s.Def == nil
	case "N":
		a.NotNull = &no
	case "O":
		a.NotNull = &yes
	case "C":
		if c := s.Def.GetConstraint(); c != nil {
			k := l.constraint(c, rng{l.or(l.at(c.Location)).lo, r.hi})
			a.Add = &k
		}
	case "X":
		a.Drop = l.optIdent(l.lastName(nr.hi+1, r, s.Name), s.Name)
	}
	return a
}

// lastName is the last token of r that spells name, or the token i.
func (l *lowerer) lastName(i int, r rng, name string) int {
	for k := r.hi; k >= i; k-- {
		if l.isWord(k) && l.fold(k) == name {
			return k
		}
	}
	return min(i, r.hi)
}

// define lowers CREATE TYPE of base types and CREATE AGGREGATE; operators, collations and
// the rest of the family have no bearing.
func (l *lowerer) define(s *pg.DefineStmt, r rng) ir.Statement {
	switch s.Kind {
	case pg.ObjectType_OBJECT_TYPE:
		name, _ := l.objectName(r)
		return &ir.CreateBaseType{At: l.pos(r), Name: name}
	case pg.ObjectType_OBJECT_AGGREGATE:
		return l.createAggregate(s, r)
	}
	return nil
}

func (l *lowerer) createTrigger(s *pg.CreateTrigStmt, r rng) ir.Statement {
	table, _ := l.relationName(s.Relation)
	t := &ir.CreateTrigger{At: l.pos(r), Table: table, OrReplace: s.Replace, Text: l.source(r), Timing: "AFTER"}
	t.Name = l.ident(l.objectAt(r), s.Trigname)
	switch {
	case s.Timing&triggerBefore != 0:
		t.Timing = "BEFORE"
	case s.Timing&triggerInstead != 0:
		t.Timing = "INSTEAD OF"
	}
	for _, e := range triggerEvents {
		if s.Events&e.bit != 0 {
			t.Events = append(t.Events, e.word)
		}
	}
	return t
}

// The bits of CreateTrigStmt, as catalog/pg_trigger.h numbers them.
const (
	triggerBefore  = 1 << 1
	triggerInstead = 1 << 6
)

var triggerEvents = []frameBit{{1 << 2, "INSERT"}, {1 << 3, "DELETE"}, {1 << 4, "UPDATE"}, {1 << 5, "TRUNCATE"}}

func (l *lowerer) createPolicy(s *pg.CreatePolicyStmt, r rng) ir.Statement {
	table, _ := l.relationName(s.Table)
	p := &ir.CreatePolicy{At: l.pos(r), Name: l.ident(l.objectAt(r), s.PolicyName), Table: table, Command: s.CmdName, Restrictive: !s.Permissive}
	for _, role := range s.Roles {
		if x := role.GetRoleSpec(); x.GetRoletype() != pg.RoleSpecType_ROLESPEC_PUBLIC {
			p.Roles = append(p.Roles, x.GetRolename())
		}
	}
	// The conditions are kept as texts: nothing here reads them.
	from := r.lo
	for _, part := range []struct {
		there bool
		word  string
		text  *string
	}{{s.Qual != nil, "USING", &p.Using}, {s.WithCheck != nil, "CHECK", &p.Check}} {
		if i := l.find(from, r.hi, part.word); part.there && i >= 0 {
			from = l.closing(i + 1)
			*part.text = l.source(rng{i + 1, from})
		}
	}
	return p
}

func (l *lowerer) createExtension(s *pg.CreateExtensionStmt, r rng) ir.Statement {
	e := &ir.CreateExtension{At: l.pos(r), Name: l.ident(l.objectAt(r), s.Extname), IfNotExists: s.IfNotExists}
	for _, n := range s.Options {
		if d := n.GetDefElem(); d.GetDefname() == "schema" {
			e.Schema = l.optIdent(l.or(l.at(d.Location)).lo+1, l.setting(d.Arg, ""))
		}
	}
	return e
}

func (l *lowerer) createSchema(s *pg.CreateSchemaStmt, r rng) ir.Statement {
	i := l.objectAt(r)
	name := s.Schemaname
	if name == "" { // CREATE SCHEMA AUTHORIZATION role
		name = s.GetAuthrole().GetRolename()
		i = l.or(l.at(s.GetAuthrole().GetLocation())).lo
	}
	out := &ir.CreateSchema{At: l.pos(r), Name: l.ident(i, name), IfNotExists: s.IfNotExists}
	starts := l.elements(i+1, r.hi)
	for k, n := range s.SchemaElts {
		if k >= len(starts) {
			out.Elements = append(out.Elements, l.lost(n, r))
			continue
		}
		er := rng{starts[k], r.hi}
		if k+1 < len(starts) {
			er.hi = starts[k+1] - 1
		}
		out.Elements = append(out.Elements, l.statement(n, er))
	}
	return out
}

// lost notes a part of the statement whose tokens were not found.
func (l *lowerer) lost(n *pg.Node, r rng) ir.Statement {
	at := l.pos(r)
	l.diags.Add(diag.New(diag.NotModelled, at.Pos, "%s is not understood here", nodeName(n)))
	return &ir.Noted{At: at, Verb: l.verb(r)}
}

// elements are the tokens at which the statements inside CREATE SCHEMA start.
func (l *lowerer) elements(i, hi int) []int {
	var out []int
	for ; i <= hi; i++ {
		switch {
		case l.char(i) == '(':
			i = l.closing(i)
		case l.is(i, "GRANT"), l.is(i, "CREATE") && l.isAny(i+1, "TABLE", "VIEW", "INDEX", "UNIQUE", "SEQUENCE", "TRIGGER",
			"OR", "TEMP", "TEMPORARY", "CONSTRAINT", "RECURSIVE", "LOCAL", "GLOBAL", "UNLOGGED"):
			out = append(out, i)
		}
	}
	return out
}
