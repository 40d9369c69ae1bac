package postgres

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	pg "github.com/pganalyze/pg_query_go/v5"
)

// verbs are the first words of statements that are only executed, longest first where one
// starts another. What is not listed is called by its first word.
var verbs = [][]string{
	{"SET", "TRANSACTION"}, {"SET", "SESSION", "CHARACTERISTICS"}, {"SET", "CONSTRAINTS"}, {"SET", "LOCAL"}, {"SET", "SESSION"},
	{"REFRESH", "MATERIALIZED", "VIEW"}, {"ROLLBACK", "TO"}, {"ROLLBACK", "PREPARED"}, {"COMMIT", "PREPARED"},
	{"PREPARE", "TRANSACTION"}, {"START", "TRANSACTION"}, {"LOCK", "TABLE"}, {"RELEASE", "SAVEPOINT"},
	{"ALTER", "DEFAULT", "PRIVILEGES"}, {"SECURITY", "LABEL"}, {"DROP", "OWNED"}, {"REASSIGN", "OWNED"},
	{"IMPORT", "FOREIGN", "SCHEMA"},
}

// kindVerbs take one word of kind behind them, two where the kind has two.
var kindVerbs = []string{"CREATE", "ALTER", "DROP", "COMMENT"}

// twoWordKinds are kinds of objects that have two words.
var twoWordKinds = [][2]string{
	{"EVENT", "TRIGGER"}, {"FOREIGN", "DATA"}, {"FOREIGN", "TABLE"}, {"USER", "MAPPING"}, {"TEXT", "SEARCH"},
	{"OPERATOR", "CLASS"}, {"OPERATOR", "FAMILY"}, {"ACCESS", "METHOD"}, {"MATERIALIZED", "VIEW"}, {"LARGE", "OBJECT"},
}

// verb names the statement in r by its first words in capitals.
func (l *lowerer) verb(r rng) string {
	for _, v := range verbs {
		if l.are(r.lo, v...) {
			return strings.Join(v, " ")
		}
	}
	if l.isAny(r.lo, kindVerbs...) {
		i := r.lo + 1
		for l.isAny(i, "OR", "REPLACE", "TEMP", "TEMPORARY", "UNIQUE", "PROCEDURAL", "TRUSTED", "DEFAULT", "UNLOGGED", "CONSTRAINT") {
			i++
		}
		for _, k := range twoWordKinds {
			if l.are(i, k[0], k[1]) {
				return strings.ToUpper(l.text(r.lo)) + " " + k[0] + " " + k[1]
			}
		}
		return strings.ToUpper(l.text(r.lo) + " " + l.text(i))
	}
	return l.verbOf(r, 1)
}

// utility lowers what is executed without defining anything; nil for other statements.
func (l *lowerer) utility(n *pg.Node, r rng) ir.Statement {
	u := &ir.Utility{At: l.pos(r), Verb: l.verb(r)}
	switch s := n.GetNode().(type) {
	case *pg.Node_CallStmt:
		x, _ := l.call(s.CallStmt.Funccall)
		if f, ok := x.(*ir.FuncCall); ok {
			return &ir.Call{At: l.pos(r), Func: f}
		}
	case *pg.Node_VariableSetStmt:
		return l.setVariable(s.VariableSetStmt, u, r)
	case *pg.Node_VariableShowStmt:
		l.showColumns(u, s.VariableShowStmt, r)
	case *pg.Node_TruncateStmt:
		u.Tables = l.tableRefs(s.TruncateStmt.Relations)
	case *pg.Node_LockStmt:
		u.Tables = l.tableRefs(s.LockStmt.Relations)
	case *pg.Node_CopyStmt:
		l.copyStmt(s.CopyStmt, u, r)
	case *pg.Node_RefreshMatViewStmt:
		u.Tables = l.tableRef(s.RefreshMatViewStmt.Relation)
	case *pg.Node_VacuumStmt:
		for _, rel := range s.VacuumStmt.Rels {
			u.Tables = append(u.Tables, l.tableRef(rel.GetVacuumRelation().GetRelation())...)
		}
	case *pg.Node_ClusterStmt:
		u.Tables = l.tableRef(s.ClusterStmt.Relation)
	case *pg.Node_ReindexStmt:
		u.Tables = l.tableRef(s.ReindexStmt.Relation)
	case *pg.Node_ExplainStmt:
		l.explain(s.ExplainStmt, u, r)
	case *pg.Node_DeclareCursorStmt:
		// DECLARE name … CURSOR … FOR query
		u.Query = l.inner(s.DeclareCursorStmt.Query, r, "FOR")
	case *pg.Node_PrepareStmt:
		u.Query = l.inner(s.PrepareStmt.Query, r, "AS")
	case *pg.Node_ExecuteStmt:
		u.Args, _ = l.exprs(s.ExecuteStmt.Params)
	case *pg.Node_NotifyStmt, *pg.Node_ListenStmt, *pg.Node_UnlistenStmt, *pg.Node_TransactionStmt, *pg.Node_DiscardStmt,
		*pg.Node_CheckPointStmt, *pg.Node_ConstraintsSetStmt, *pg.Node_ClosePortalStmt, *pg.Node_FetchStmt,
		*pg.Node_DeallocateStmt, *pg.Node_LoadStmt:
	default:
		return nil
	}
	return u
}

func (l *lowerer) tableRef(v *pg.RangeVar) []*ir.TableRef {
	if v == nil {
		return nil
	}
	t, _ := l.relation(v)
	return []*ir.TableRef{t}
}

func (l *lowerer) tableRefs(list []*pg.Node) []*ir.TableRef {
	var out []*ir.TableRef
	for _, n := range list {
		out = append(out, l.tableRef(n.GetRangeVar())...)
	}
	return out
}

// inner lowers the query behind a word; nil where it is no query.
func (l *lowerer) inner(n *pg.Node, r rng, word string) ir.Query {
	i := l.find(r.lo, r.hi, word)
	if i < 0 || i >= r.hi {
		return nil
	}
	return l.innerAt(n, rng{i + 1, r.hi})
}

func (l *lowerer) innerAt(n *pg.Node, r rng) ir.Query {
	switch n.GetNode().(type) {
	case *pg.Node_SelectStmt, *pg.Node_InsertStmt, *pg.Node_UpdateStmt, *pg.Node_DeleteStmt, *pg.Node_MergeStmt:
		q, _ := l.query(n, r)
		return q
	}
	return nil
}

// explain lowers EXPLAIN [ANALYZE] [VERBOSE] [(options)] statement.
func (l *lowerer) explain(s *pg.ExplainStmt, u *ir.Utility, r rng) {
	i := r.lo + 1
	if l.char(i) == '(' && !l.opensQuery(i) {
		i = l.closing(i) + 1
	}
	for l.isAny(i, "ANALYZE", "ANALYSE", "VERBOSE") {
		i++
	}
	u.Query = l.innerAt(s.Query, rng{i, r.hi})
	u.Columns = []ir.ColumnDef{l.resultColumn("QUERY PLAN", r)}
}

// resultColumn is a text column that a utility statement returns.
func (l *lowerer) resultColumn(name string, r rng) ir.ColumnDef {
	at := l.pos(l.one(r.lo))
	t := ir.TypeName{At: at, Name: ir.Name{At: at, Parts: []ir.Ident{{At: at, Name: "text"}}}, Raw: "text"}
	return ir.ColumnDef{At: at, Name: ir.Ident{At: at, Name: name}, Type: &t}
}

func (l *lowerer) showColumns(u *ir.Utility, s *pg.VariableShowStmt, r rng) {
	switch s.Name {
	case "all":
		for _, c := range []string{"name", "setting", "description"} {
			u.Columns = append(u.Columns, l.resultColumn(c, r))
		}
	case "timezone":
		u.Columns = []ir.ColumnDef{l.resultColumn("TimeZone", r)}
	default:
		u.Columns = []ir.ColumnDef{l.resultColumn(s.Name, r)}
	}
}

func (l *lowerer) copyStmt(s *pg.CopyStmt, u *ir.Utility, r rng) {
	if s.Relation != nil {
		u.Tables = l.tableRef(s.Relation)
	}
	if s.Query != nil && l.char(r.lo+1) == '(' {
		u.Query = l.bracketed(s.Query, r.lo+1)
	}
	if s.WhereClause != nil {
		u.Args = append(u.Args, l.value(s.WhereClause))
	}
}

// setVariable lowers SET; search_path bears on names, the rest does not.
func (l *lowerer) setVariable(s *pg.VariableSetStmt, u *ir.Utility, r rng) ir.Statement {
	if strings.EqualFold(s.Name, "search_path") && l.s.Header == nil {
		switch s.Kind {
		case pg.VariableSetKind_VAR_SET_VALUE:
			return l.searchPath(s.Args, r)
		case pg.VariableSetKind_VAR_SET_DEFAULT, pg.VariableSetKind_VAR_RESET:
			at := l.pos(r)
			return &ir.SetSearchPath{At: at, Schemas: []ir.Ident{{At: at, Name: "$user", Quoted: true}, {At: at, Name: "public"}}}
		}
	}
	for _, a := range s.Args {
		if a.GetAConst() == nil && a.GetTypeCast() == nil {
			continue // SET TRANSACTION's modes
		}
		if x := l.value(a); x != nil {
			u.Args = append(u.Args, x)
		}
	}
	return u
}

// searchPath lowers SET search_path = a, b.
func (l *lowerer) searchPath(args []*pg.Node, r rng) ir.Statement {
	out := &ir.SetSearchPath{At: l.pos(r)}
	for _, a := range args {
		c := a.GetAConst()
		if name := c.GetSval().GetSval(); name != "" {
			out.Schemas = append(out.Schemas, l.ident(l.or(l.at(c.Location)).lo, name))
		}
	}
	return out
}

// setConfig is what dumps write in place of SET search_path:
// SELECT pg_catalog.set_config('search_path', 'a, b', false). In a query, which has a
// header, it stays what it is.
func (l *lowerer) setConfig(s *pg.SelectStmt, r rng) ir.Statement {
	if l.s.Header != nil || len(s.TargetList) != 1 || len(s.FromClause) > 0 {
		return nil
	}
	f := s.TargetList[0].GetResTarget().GetVal().GetFuncCall()
	names := strs(f.GetFuncname())
	if len(names) == 0 || names[len(names)-1] != "set_config" || len(f.Args) != 3 || f.Args[0].GetAConst().GetSval().GetSval() != "search_path" {
		return nil
	}
	value := f.Args[1].GetAConst()
	if value == nil || value.GetSval() == nil {
		return nil
	}
	out := &ir.SetSearchPath{At: l.pos(r)}
	for _, name := range strings.Split(value.GetSval().GetSval(), ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		id := ir.Ident{At: l.pos(l.or(l.at(value.Location))), Name: strings.ToLower(name)}
		if len(name) > 1 && name[0] == '"' {
			id.Name, id.Quoted = strings.ReplaceAll(strings.Trim(name, `"`), `""`, `"`), true
		}
		out.Schemas = append(out.Schemas, id)
	}
	return out
}
