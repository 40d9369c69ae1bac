package vetcases

import (
	"fmt"
	"sort"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// guess is a schema for statements that come without one: it declares the tables and columns that they use, and nothing
// else. What the context of a column says of its type is taken; fallback is that of the others.
type guess struct {
	known    *catalog.Snapshot // what is declared already
	fallback string            // "int" or "text"
	caseless bool
	tables   map[string]*guessed
	lacking  map[string]*guessed // columns that are used of declared tables, which do not have them
	// meant are the relations that names without qualifier were taken to mean, by where they stand.
	meant map[int32]string
	// qualified tells that names with a qualifier alone are taken in: they say whose a column is.
	qualified bool
}

type guessed struct {
	name    string
	columns []string
	types   map[string]string
}

func newGuess(known *catalog.Snapshot, caseless bool, fallback string) *guess {
	return &guess{known: known, fallback: fallback, caseless: caseless, tables: map[string]*guessed{}, lacking: map[string]*guessed{}, meant: map[int32]string{}}
}

// relation is an item of FROM as a block names it.
type relation struct {
	name  string
	table *guessed // nil where it is declared, derived or a CTE
	has   map[string]bool
	// declared is the name of a table that the case declares.
	declared string
}

// cteGuess is a common table expression; table is the one whose columns it passes on.
type cteGuess struct{ table *guessed }

// block is a query block and those around it.
type block struct {
	parent    *block
	relations []*relation
	ctes      map[string]*cteGuess
	aliases   map[string]bool
}

func (g *guess) fold(s string) string {
	if g.caseless {
		return strings.ToLower(s)
	}
	return s
}

// add takes in what statements use: first what they say with a qualifier, then the rest.
func (g *guess) add(trees []ir.Statement) {
	for _, g.qualified = range []bool{true, false} {
		for _, tree := range trees {
			g.node(tree, &block{ctes: map[string]*cteGuess{}, aliases: map[string]bool{}}, "")
		}
	}
}

// node walks a node within a block; want is the type that its context asks for.
func (g *guess) node(n ir.Node, b *block, want string) {
	switch n := n.(type) {
	case nil:
		return
	case ir.Query:
		g.query(n, b)
		return
	case *ir.ColumnRef:
		g.column(n, b, want)
		return
	case *ir.Binary:
		l, r := hint(n.L), hint(n.R)
		switch n.Op {
		case "->", "->>", "#>", "#>>", "@>", "?":
			g.node(n.L, b, "json")
			g.node(n.R, b, "")
			return
		case "||":
			l, r = "text", "text"
		case "+", "-", "*", "/", "%", "DIV", "MOD", "&", "|", "<<", ">>":
			if l == "text" {
				l = ""
			}
			if r == "text" {
				r = ""
			}
			if l == "" && r == "" {
				l, r = "int", "int"
			}
		}
		g.node(n.L, b, first(r, want))
		g.node(n.R, b, first(l, want))
		return
	case *ir.Between:
		h := first(hint(n.Lo), hint(n.Hi))
		g.node(n.X, b, h)
		g.node(n.Lo, b, "")
		g.node(n.Hi, b, "")
		return
	case *ir.In:
		h := ""
		for _, x := range n.List {
			h = first(h, hint(x))
		}
		g.node(n.X, b, h)
		for _, x := range n.List {
			g.node(x, b, hint(n.X))
		}
		if n.Query != nil {
			g.query(n.Query, b)
		}
		return
	case *ir.Like:
		g.node(n.X, b, "text")
		g.node(n.Pattern, b, "text")
		return
	case *ir.Not:
		g.node(n.X, b, "bool")
		return
	case *ir.Logical:
		for _, x := range n.Args {
			g.node(x, b, "bool")
		}
		return
	case *ir.FuncCall:
		h := functions[strings.ToLower(n.Name.Last())]
		for i := range n.Args {
			g.node(n.Args[i].X, b, h)
		}
		for i := range n.OrderBy {
			g.node(n.OrderBy[i].X, b, "")
		}
		g.node(expr(n.Filter), b, "bool")
		if n.Over != nil {
			for _, x := range n.Over.Partition {
				g.node(x, b, "")
			}
			for i := range n.Over.OrderBy {
				g.node(n.Over.OrderBy[i].X, b, "")
			}
		}
		return
	}
	for _, c := range ir.Children(n) {
		g.node(c, b, "")
	}
}

func expr(x ir.Expr) ir.Node {
	if x == nil {
		return nil
	}
	return x
}

// functions say of the arguments of some functions what they are.
var functions = map[string]string{
	"lower": "text", "upper": "text", "substr": "text", "substring": "text", "concat": "text", "trim": "text", "length": "text", "left": "text", "right": "text",
	"char_length": "text", "replace": "text", "btrim": "text", "ltrim": "text", "rtrim": "text", "str_to_date": "text", "group_concat": "text", "string_agg": "text",
	"date": "time", "year": "time", "month": "time", "day": "time", "date_format": "time", "date_trunc": "time", "extract": "time", "date_add": "time",
	"date_sub": "time", "datediff": "time", "unix_timestamp": "time", "to_char": "time", "dayofweek": "time", "weekday": "time", "hour": "time", "to_days": "time",
	"sum": "int", "avg": "int", "abs": "int", "round": "int", "floor": "int", "ceil": "int", "mod": "int", "sqrt": "int",
	"json_extract": "json", "json_contains": "json", "json_unquote": "json", "jsonb_extract_path_text": "json",
}

// hint is what an expression beside a column says of it.
func hint(x ir.Expr) string {
	switch x := x.(type) {
	case *ir.Literal:
		switch x.Kind {
		case ir.String:
			return "text"
		case ir.Integer:
			return "int"
		case ir.Decimal, ir.Float:
			return "numeric"
		case ir.Bool:
			return "bool"
		}
	case *ir.FuncCall:
		switch name := strings.ToLower(x.Name.Last()); name {
		case "now", "current_date", "current_timestamp", "curdate", "sysdate", "date_sub", "date_add", "date_trunc", "to_timestamp", "str_to_date":
			return "time"
		case "lower", "upper", "concat", "substr", "substring", "trim", "left", "right", "date_format":
			return "text"
		}
	case *ir.Cast:
		return hint(x.X)
	case *ir.Unary:
		return hint(x.X)
	case *ir.Row:
		if len(x.Items) == 1 {
			return hint(x.Items[0])
		}
	}
	return ""
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func (g *guess) query(q ir.Query, parent *block) {
	b := &block{parent: parent, ctes: map[string]*cteGuess{}, aliases: map[string]bool{}}
	with := func(w *ir.With) {
		if w == nil {
			return
		}
		for i := range w.CTEs {
			b.ctes[g.fold(w.CTEs[i].Name.Name)] = &cteGuess{}
		}
		for i := range w.CTEs {
			g.query(w.CTEs[i].Query, b)
			b.ctes[g.fold(w.CTEs[i].Name.Name)].table = g.passedOn(w.CTEs[i].Query)
		}
	}
	tail := func(t *ir.Tail) {
		for i := range t.OrderBy {
			g.node(t.OrderBy[i].X, b, "")
		}
		g.node(expr(t.Limit), b, "int")
		g.node(expr(t.Offset), b, "int")
	}
	sets := func(list []ir.Assign) {
		for i := range list {
			for _, t := range list[i].Targets {
				ref := &ir.ColumnRef{At: t.At, Parts: append(append([]ir.Ident(nil), t.Qualifier...), t.Name)}
				g.column(ref, b, hint(list[i].Value))
			}
			g.node(list[i].Value, b, "")
		}
	}
	items := func(list []ir.SelectItem) {
		for i := range list {
			g.node(list[i].X, b, "")
		}
	}
	switch q := q.(type) {
	case *ir.Select:
		with(q.With)
		for _, t := range q.From {
			g.from(t, b)
		}
		g.conditions(q.From, b)
		items(q.Items)
		g.node(expr(q.Where), b, "bool")
		for i := range q.Items {
			if a := q.Items[i].Alias; a != nil {
				b.aliases[g.fold(a.Name)] = true
			}
		}
		if q.GroupBy != nil {
			g.node(q.GroupBy, b, "")
		}
		g.node(expr(q.Having), b, "bool")
		for _, x := range q.DistinctOn {
			g.node(x, b, "")
		}
		tail(&q.Tail)
	case *ir.SetOp:
		with(q.With)
		g.query(q.L, b)
		g.query(q.R, b)
	case *ir.Values:
		for _, row := range q.Rows {
			for _, x := range row {
				g.node(expr(x), b, "")
			}
		}
	case *ir.Insert:
		with(q.With)
		g.from(q.Table, b)
		values, _ := q.Source.(*ir.Values)
		for i := range q.Columns {
			want := ""
			if values != nil && len(values.Rows) > 0 && i < len(values.Rows[0]) {
				want = hint(values.Rows[0][i])
			}
			g.column(&ir.ColumnRef{At: q.Columns[i].At, Parts: []ir.Ident{q.Columns[i].Name}}, b, want)
		}
		if t := b.relations[0].table; t != nil && len(q.Columns) == 0 {
			switch src := q.Source.(type) { // as many columns as there are values
			case *ir.Values:
				for i := range src.Rows[0] {
					t.put(fmt.Sprintf("c%d", i+1), hint(src.Rows[0][i]))
				}
			case *ir.Select:
				for i := range src.Items {
					if ref, ok := src.Items[i].X.(*ir.ColumnRef); ok {
						t.put(ref.Parts[len(ref.Parts)-1].Name, "")
					} else if _, star := src.Items[i].X.(*ir.Star); !star {
						t.put(fmt.Sprintf("c%d", i+1), hint(src.Items[i].X))
					}
				}
			}
		}
		if q.Source != nil {
			g.query(q.Source, parent)
		}
		for i := range q.OnConflict {
			g.node(&q.OnConflict[i], b, "")
			sets(q.OnConflict[i].Set)
		}
		sets(q.OnDuplicate)
		items(q.Returning)
	case *ir.Update:
		with(q.With)
		for _, t := range append(append([]ir.TableExpr(nil), q.Tables...), q.From...) {
			g.from(t, b)
		}
		g.conditions(append(append([]ir.TableExpr(nil), q.Tables...), q.From...), b)
		sets(q.Set)
		g.node(expr(q.Where), b, "bool")
		for i := range q.OrderBy {
			g.node(q.OrderBy[i].X, b, "")
		}
		items(q.Returning)
	case *ir.Delete:
		with(q.With)
		if !q.Multi {
			for _, t := range q.Tables {
				g.from(t, b)
			}
		}
		for _, t := range q.From {
			g.from(t, b)
		}
		g.conditions(q.From, b)
		g.node(expr(q.Where), b, "bool")
		for i := range q.OrderBy {
			g.node(q.OrderBy[i].X, b, "")
		}
		items(q.Returning)
	}
}

// from takes an item of FROM into the block.
func (g *guess) from(t ir.TableExpr, b *block) {
	switch t := t.(type) {
	case *ir.TableRef:
		r := &relation{name: t.Name.Last()}
		if t.Alias != nil {
			r.name = t.Alias.Name.Name
		}
		b.relations = append(b.relations, r)
		if len(t.Name.Parts) == 1 {
			for at := b; at != nil; at = at.parent {
				if c := at.ctes[g.fold(t.Name.Last())]; c != nil {
					r.table = c.table
					return
				}
			}
		}
		if have := g.known.Table(t.Name.Schema(), t.Name.Last()); have != nil {
			r.has = map[string]bool{}
			for _, c := range have.Columns {
				r.has[g.fold(c.Name)] = true
			}
			r.declared = t.Name.String()
			return
		}
		name := t.Name.String()
		if g.tables[g.fold(name)] == nil {
			g.tables[g.fold(name)] = &guessed{name: name, types: map[string]string{}}
		}
		r.table = g.tables[g.fold(name)]
	case *ir.Derived:
		r := &relation{}
		if t.Alias != nil {
			r.name = t.Alias.Name.Name
		}
		b.relations = append(b.relations, r)
		if t.Lateral {
			g.query(t.Query, b)
		} else {
			g.query(t.Query, b.parentOr(b))
		}
		r.table = g.passedOn(t.Query)
		if sel, ok := t.Query.(*ir.Select); ok {
			r.has = map[string]bool{}
			for i := range sel.Items {
				if a := sel.Items[i].Alias; a != nil {
					r.has[g.fold(a.Name)] = true
				} else if ref, ok := sel.Items[i].X.(*ir.ColumnRef); ok {
					r.has[g.fold(ref.Parts[len(ref.Parts)-1].Name)] = true
				}
			}
		}
	case *ir.Join:
		g.from(t.L, b)
		l := len(b.relations)
		g.from(t.R, b)
		for _, u := range t.Using {
			for i, r := range b.relations {
				if r.table != nil && (i == 0 || i >= l-1) {
					r.table.put(u.Name, "")
				}
			}
		}
	case *ir.TableFunc:
		r := &relation{}
		if t.Alias != nil {
			r.name = t.Alias.Name.Name
		}
		b.relations = append(b.relations, r)
	}
}

// passedOn is the table whose columns a query with a star passes on, where it is one that is guessed.
func (g *guess) passedOn(q ir.Query) *guessed {
	sel, ok := q.(*ir.Select)
	if !ok || len(sel.From) == 0 {
		return nil
	}
	star := false
	for i := range sel.Items {
		_, is := sel.Items[i].X.(*ir.Star)
		star = star || is
	}
	at := sel.From[0]
	for {
		j, ok := at.(*ir.Join)
		if !ok {
			break
		}
		at = j.L
	}
	if ref, ok := at.(*ir.TableRef); ok && star {
		return g.tables[g.fold(ref.Name.String())]
	}
	return nil
}

func (b *block) parentOr(o *block) *block {
	// CTEs of the block itself are seen by its derived tables, its relations are not.
	return &block{parent: b.parent, ctes: o.ctes, aliases: map[string]bool{}}
}

// conditions walks what stands at joins.
func (g *guess) conditions(list []ir.TableExpr, b *block) {
	for _, t := range list {
		if j, ok := t.(*ir.Join); ok {
			g.conditions([]ir.TableExpr{j.L, j.R}, b)
			if x, ok := j.On.(*ir.Binary); ok && x.Op == "=" && !g.qualified {
				g.side(x.L, j.L, b)
				g.side(x.R, j.R, b)
			}
			g.node(expr(j.On), b, "bool")
		}
	}
}

// side declares a name without qualifier at a join, where no relation has it: ON a = b compares the left side's a with the right side's b.
func (g *guess) side(x ir.Expr, t ir.TableExpr, b *block) {
	ref, plain := x.(*ir.ColumnRef)
	table, is := t.(*ir.TableRef)
	if !plain || !is || len(ref.Parts) > 1 {
		return
	}
	name := ref.Parts[0].Name
	for _, r := range b.relations {
		if r.has[g.fold(name)] || r.table != nil && r.table.has(name) {
			return
		}
	}
	if of := g.tables[g.fold(table.Name.String())]; of != nil {
		of.put(name, "")
	}
}

// column finds or declares the column that a reference means.
func (g *guess) column(x *ir.ColumnRef, b *block, want string) {
	name := x.Parts[len(x.Parts)-1].Name
	if len(x.Parts) > 1 {
		qualifier := g.fold(x.Parts[len(x.Parts)-2].Name)
		for at := b; at != nil; at = at.parent {
			for _, r := range at.relations {
				if g.fold(r.name) == qualifier {
					if r.table != nil {
						r.table.put(name, want)
					}
					return
				}
			}
		}
		return
	}
	if g.qualified {
		return
	}
	var candidate *guessed
	owner := ""
	for at := b; at != nil; at = at.parent {
		if at.aliases[g.fold(name)] {
			return
		}
		for _, r := range at.relations {
			if r.has[g.fold(name)] || r.table != nil && r.table.has(name) {
				if r.table != nil {
					r.table.put(name, want)
				}
				g.meant[x.Span().Start] = r.name
				return
			}
			if r.table != nil { // what is joined last is joined for something
				candidate, owner = r.table, r.name
			}
		}
		if candidate != nil {
			break // a name is its own block's before it is one's around it
		}
	}
	if candidate != nil {
		candidate.put(name, want)
		g.meant[x.Span().Start] = owner
		return
	}
	if len(b.relations) == 1 && len(b.parent.relations) == 0 && b.relations[0].declared != "" {
		of := b.relations[0].declared
		if g.lacking[of] == nil {
			g.lacking[of] = &guessed{name: of, types: map[string]string{}}
		}
		g.lacking[of].put(name, want)
	}
}

// Added gives declared tables the columns that they lack.
func (g *guess) Added(engine catalog.Engine, quote func(string) string) string {
	var list []string
	for of, t := range g.lacking {
		for _, c := range t.columns {
			list = append(list, fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s %s;\n", of, quote(c), g.columnType(engine, t.types[strings.ToLower(c)])))
		}
	}
	sort.Strings(list)
	return strings.Join(list, "")
}

func (t *guessed) has(name string) bool {
	_, ok := t.types[strings.ToLower(name)]
	return ok
}

func (t *guessed) put(name, want string) {
	key := strings.ToLower(name)
	if have, ok := t.types[key]; ok {
		if have == "" || have == "bool" && want != "" {
			t.types[key] = want
		}
		return
	}
	t.types[key] = want
	t.columns = append(t.columns, name)
}

// DDL are the tables as an engine declares them.
func (g *guess) DDL(engine catalog.Engine, quote func(string) string) string {
	var names []string
	for key := range g.tables {
		names = append(names, key)
	}
	sort.Strings(names)
	var b strings.Builder
	schemas := map[string]bool{}
	for _, key := range names {
		t := g.tables[key]
		if len(t.columns) == 0 {
			t.put("id", "int")
		}
		parts := strings.Split(t.name, ".")
		for i := range parts {
			parts[i] = quote(parts[i])
		}
		if len(parts) > 2 {
			parts = parts[len(parts)-2:]
		}
		if len(parts) == 2 && !schemas[parts[0]] && engine == catalog.PostgreSQL {
			schemas[parts[0]] = true
			fmt.Fprintf(&b, "CREATE SCHEMA %s;\n", parts[0])
		}
		var cols []string
		for _, c := range t.columns {
			cols = append(cols, quote(c)+" "+g.columnType(engine, t.types[strings.ToLower(c)]))
		}
		fmt.Fprintf(&b, "CREATE TABLE %s (%s);\n", strings.Join(parts, "."), strings.Join(cols, ", "))
	}
	return b.String()
}

// columnTypes are the types of what is known of a column, by engine.
var columnTypes = map[catalog.Engine]map[string]string{
	catalog.PostgreSQL: {"int": "integer", "text": "text", "numeric": "numeric", "bool": "boolean", "time": "timestamp", "json": "jsonb"},
	catalog.MySQL:      {"int": "int", "text": "varchar(255)", "numeric": "decimal(10,2)", "bool": "boolean", "time": "datetime", "json": "json"},
	catalog.SQLite:     {"int": "integer", "text": "text", "numeric": "numeric", "bool": "boolean", "time": "text", "json": "text"},
}

func (g *guess) columnType(engine catalog.Engine, want string) string {
	if want == "" || want == "bool" && engine != catalog.PostgreSQL {
		want = g.fallback
	}
	return columnTypes[engine][want]
}
