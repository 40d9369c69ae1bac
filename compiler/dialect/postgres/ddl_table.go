package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	pg "github.com/pganalyze/pg_query_go/v5"
)

func (l *lowerer) createTable(s *pg.CreateStmt, r rng) ir.Statement {
	name, nr := l.relationName(s.Relation)
	t := &ir.CreateTable{At: l.pos(r), Name: name, IfNotExists: s.IfNotExists,
		Temp: s.Relation.GetRelpersistence() == "t", Unlogged: s.Relation.GetRelpersistence() == "u"}
	i := nr.hi + 1
	var parents []ir.Name
	for _, n := range s.InhRelations {
		p, pr := l.relationName(n.GetRangeVar())
		parents = append(parents, p)
		if s.Partbound != nil {
			i = pr.hi + 1
		}
	}
	if s.Partbound != nil && len(parents) > 0 {
		t.PartitionOf = &parents[0]
		t.Bound = l.bound(s.Partbound)
	} else {
		t.Inherits = parents
	}
	if s.OfTypename != nil {
		of, or := l.name(l.or(l.at(s.OfTypename.Location)).lo, strs(s.OfTypename.Names)...)
		t.OfType = &of
		i = or.hi + 1
	}
	var items []rng
	if l.char(i) == '(' {
		items = l.inside(i)
	}
	columns := 0
	for _, n := range s.TableElts {
		if n.GetColumnDef() != nil {
			columns++
		}
	}
	t.Columns = slices.Grow(t.Columns, columns)
	for k, n := range s.TableElts {
		er := l.one(i)
		if k < len(items) {
			er = items[k]
		}
		switch e := n.Node.(type) {
		case *pg.Node_ColumnDef:
			t.Columns = append(t.Columns, l.columnDef(e.ColumnDef, er))
		case *pg.Node_Constraint:
			t.Constraints = append(t.Constraints, l.constraint(e.Constraint, er))
		case *pg.Node_TableLikeClause:
			t.Like = append(t.Like, l.likeClause(e.TableLikeClause, er))
		}
	}
	if p := s.Partspec; p != nil {
		by := l.or(l.at(p.Location)) // PARTITION BY strategy (…)
		strategy := rng{by.lo + 2, by.lo + 3}
		strategy.hi = l.closing(strategy.hi)
		t.Partition = l.source(strategy)
	}
	t.Options = l.options(s.Options)
	if s.Tablespacename != "" {
		t.Options = append(t.Options, ir.Option{Key: "tablespace", Value: s.Tablespacename})
	}
	if s.AccessMethod != "" {
		t.Options = append(t.Options, ir.Option{Key: "using", Value: s.AccessMethod})
	}
	return t
}

// bound is the text of FOR VALUES … or DEFAULT.
func (l *lowerer) bound(b *pg.PartitionBoundSpec) string {
	at := l.at(b.Location)
	if !at.ok() {
		return ""
	}
	if b.IsDefault {
		return "DEFAULT"
	}
	// The tree points at IN, FROM or WITH, or at FOR.
	r := at
	if l.are(r.lo-2, "FOR", "VALUES") {
		r.lo -= 2
	}
	for r.hi+1 < l.n && (l.char(r.hi+1) == '(' || l.isAny(r.hi+1, "VALUES", "IN", "FROM", "TO", "WITH")) {
		if r.hi++; l.char(r.hi) == '(' {
			r.hi = l.closing(r.hi)
			if !l.is(r.hi+1, "TO") {
				break
			}
		}
	}
	return l.source(r)
}

func (l *lowerer) likeClause(s *pg.TableLikeClause, r rng) ir.LikeClause {
	name, nr := l.relationName(s.Relation)
	out := ir.LikeClause{At: l.pos(r), Table: name}
	for i := nr.hi + 1; i < r.hi; i++ {
		switch {
		case l.is(i, "INCLUDING"):
			out.Including = append(out.Including, strings.ToUpper(l.text(i+1)))
		case l.is(i, "EXCLUDING"):
			out.Excluding = append(out.Excluding, strings.ToUpper(l.text(i+1)))
		}
	}
	return out
}

func (l *lowerer) createTableAs(s *pg.CreateTableAsStmt, r rng) ir.Statement {
	name, nr := l.relationName(s.GetInto().GetRel())
	columns := strs(s.GetInto().GetColNames())
	var idents []ir.Ident
	if len(columns) > 0 {
		idents = l.identsIn(nr.hi+1, columns)
	}
	qr := rng{r.lo, r.hi}
	if as := l.find(nr.hi+1, r.hi, "AS"); as >= 0 {
		qr = rng{min(as+1, r.hi), r.hi}
	}
	if l.is(qr.hi, "DATA") && l.isAny(qr.hi-1, "WITH", "NO") {
		qr.hi--
		if l.is(qr.hi, "NO") {
			qr.hi--
		}
		qr.hi--
	}
	qr.hi = max(qr.hi, qr.lo)
	query := l.innerAt(s.Query, qr)
	if query == nil {
		return l.lost(s.Query, r) // CREATE TABLE AS EXECUTE
	}
	opts := l.options(s.GetInto().GetOptions())
	if s.Objtype == pg.ObjectType_OBJECT_MATVIEW {
		return &ir.CreateView{At: l.pos(r), Name: name, IfNotExists: s.IfNotExists, Materialized: true, Columns: idents,
			Query: query, QueryText: l.source(qr), Options: opts}
	}
	return &ir.CreateTable{At: l.pos(r), Name: name, IfNotExists: s.IfNotExists, AsQuery: query, AsColumns: idents, Options: opts,
		Temp: s.GetInto().GetRel().GetRelpersistence() == "t", Unlogged: s.GetInto().GetRel().GetRelpersistence() == "u"}
}

func (l *lowerer) createView(s *pg.ViewStmt, r rng) ir.Statement {
	name, nr := l.relationName(s.View)
	v := &ir.CreateView{At: l.pos(r), Name: name, OrReplace: s.Replace, Temp: s.View.GetRelpersistence() == "t", Options: l.options(s.Options)}
	if columns := strs(s.Aliases); len(columns) > 0 {
		v.Columns = l.identsIn(nr.hi+1, columns)
	}
	qr := rng{r.lo, r.hi}
	if as := l.find(nr.hi+1, r.hi, "AS"); as >= 0 {
		qr.lo = min(as+1, r.hi)
	}
	switch s.WithCheckOption {
	case pg.ViewCheckOption_LOCAL_CHECK_OPTION:
		v.CheckOption = "LOCAL"
	case pg.ViewCheckOption_CASCADED_CHECK_OPTION:
		v.CheckOption = "CASCADED"
	}
	if v.CheckOption != "" {
		for i := r.hi; i > qr.lo; i-- {
			if l.is(i, "WITH") {
				qr.hi = i - 1
				break
			}
		}
	}
	query := s.Query
	for i := r.lo; i < nr.lo; i++ {
		v.Recursive = v.Recursive || l.is(i, "RECURSIVE")
	}
	if v.Recursive {
		// The grammar has wrapped the query as WITH RECURSIVE name AS (query) SELECT … FROM name.
		if ctes := query.GetSelectStmt().GetWithClause().GetCtes(); len(ctes) == 1 {
			query = ctes[0].GetCommonTableExpr().GetCtequery()
		}
	}
	v.QueryText = l.source(qr)
	v.Query, _ = l.query(query, qr)
	return v
}

// collationAt is the token of a column's COLLATE, -1 where it has none.
func (l *lowerer) collationAt(c *pg.CollateClause) int {
	if c == nil {
		return -1
	}
	return l.at(c.Location).lo
}

// columnDef lowers a column's definition that stands in r.
func (l *lowerer) columnDef(d *pg.ColumnDef, r rng) ir.ColumnDef {
	out := ir.ColumnDef{At: l.pos(r), Name: l.ident(r.lo, d.Colname)}
	if d.TypeName != nil {
		t, _ := l.typeName(d.TypeName)
		out.Type = &t
	}
	if d.CollClause != nil {
		c, _ := l.collation(d.CollClause)
		out.Collate = &c
	}
	out.Constraints = l.constraints(d.Constraints, r, l.collationAt(d.CollClause))
	if d.StorageName != "" {
		out.Options = append(out.Options, ir.Option{Key: "storage", Value: strings.ToLower(d.StorageName)})
	}
	if d.Compression != "" {
		out.Options = append(out.Options, ir.Option{Key: "compression", Value: d.Compression})
	}
	return out
}

// constraints lowers a column's constraints: each reaches to where the next one, or the
// COLLATE among them, starts.
func (l *lowerer) constraints(list []*pg.Node, r rng, collate int) []ir.Constraint {
	if len(list) == 0 {
		return nil
	}
	starts := make([]int, 0, len(list)+2)
	for _, n := range list {
		starts = append(starts, l.or(l.at(n.GetConstraint().GetLocation())).lo)
	}
	ends := append(slices.Clone(starts), r.hi+1)
	if collate >= 0 {
		ends = append(ends, collate)
	}
	slices.Sort(ends)
	var out []ir.Constraint
	for i, n := range list {
		c := n.GetConstraint()
		cr := rng{starts[i], r.hi}
		for _, e := range ends {
			if e > starts[i] {
				cr.hi = e - 1
				break
			}
		}
		if attr, ok := attributes[c.GetContype()]; ok {
			if len(out) > 0 {
				last := &out[len(out)-1]
				attr(last)
				last.At = ir.At{Pos: last.Pos.Cover(l.span(cr))}
			}
			continue
		}
		if out == nil {
			out = make([]ir.Constraint, 0, len(list))
		}
		out = append(out, l.constraint(c, cr))
	}
	return out
}

// attributes are the constraint attributes that the grammar lists as constraints.
var attributes = map[pg.ConstrType]func(*ir.Constraint){
	pg.ConstrType_CONSTR_ATTR_DEFERRABLE:     func(c *ir.Constraint) { c.Deferrable = true },
	pg.ConstrType_CONSTR_ATTR_NOT_DEFERRABLE: func(c *ir.Constraint) { c.Deferrable = false },
	pg.ConstrType_CONSTR_ATTR_DEFERRED:       func(c *ir.Constraint) { c.Deferrable, c.InitiallyDeferred = true, true },
	pg.ConstrType_CONSTR_ATTR_IMMEDIATE:      func(c *ir.Constraint) { c.InitiallyDeferred = false },
}

var constraintKinds = map[pg.ConstrType]ir.ConstraintKind{
	pg.ConstrType_CONSTR_NULL: ir.NullAllowed, pg.ConstrType_CONSTR_NOTNULL: ir.NotNull, pg.ConstrType_CONSTR_DEFAULT: ir.DefaultValue,
	pg.ConstrType_CONSTR_IDENTITY: ir.Identity, pg.ConstrType_CONSTR_GENERATED: ir.Generated, pg.ConstrType_CONSTR_CHECK: ir.Check,
	pg.ConstrType_CONSTR_PRIMARY: ir.PrimaryKey, pg.ConstrType_CONSTR_UNIQUE: ir.Unique, pg.ConstrType_CONSTR_EXCLUSION: ir.Exclude,
	pg.ConstrType_CONSTR_FOREIGN: ir.ForeignKey,
}

// actions of a foreign key; the default stays empty.
var fkActions = map[string]string{"r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}

// constraint lowers a table's or column's constraint that stands in r.
func (l *lowerer) constraint(c *pg.Constraint, r rng) ir.Constraint {
	out := ir.Constraint{
		At: l.pos(r), Kind: constraintKinds[c.Contype],
		Always: c.GeneratedWhen == "a", Stored: c.Contype == pg.ConstrType_CONSTR_GENERATED,
		Deferrable: c.Deferrable, InitiallyDeferred: c.Initdeferred, NotValid: c.SkipValidation, NoInherit: c.IsNoInherit,
		NullsNotDistinct: c.NullsNotDistinct,
	}
	i := r.lo
	if c.Conname != "" && l.is(i, "CONSTRAINT") {
		out.Name = l.optIdent(i+1, c.Conname)
		i += 2
	}
	out.X = l.value(c.RawExpr)
	out.Options = l.options(c.Options)
	switch out.Kind {
	case ir.PrimaryKey, ir.Unique, ir.Exclude:
		l.key(&out, c, rng{i, r.hi})
	case ir.ForeignKey:
		l.foreignKey(&out, c, rng{i, r.hi})
	}
	return out
}

// opening is the first bracket in r on its own level, -1 where there is none.
func (l *lowerer) opening(r rng) int {
	for i := r.lo; i <= r.hi; i++ {
		if l.char(i) == '(' {
			return i
		}
	}
	return -1
}

func (l *lowerer) key(out *ir.Constraint, c *pg.Constraint, r rng) {
	if c.Contype == pg.ConstrType_CONSTR_EXCLUSION {
		out.Using = c.AccessMethod
	}
	if c.Indexname != "" {
		out.UsingIndex = l.optIdent(l.lastName(r.lo, r, c.Indexname), c.Indexname)
	}
	if c.Indexspace != "" {
		out.Options = append(out.Options, ir.Option{Key: "tablespace", Value: c.Indexspace})
	}
	end := r.lo
	if len(c.Keys)+len(c.Exclusions) > 0 {
		open := l.opening(r)
		items := l.inside(open)
		end = l.closing(open) + 1
		for k, n := range c.Keys {
			id := l.ident(l.itemAt(items, k, open).lo, n.GetString_().GetSval())
			out.Parts = append(out.Parts, ir.IndexPart{At: id.At, Column: &id})
		}
		for k, n := range c.Exclusions {
			pair := n.GetList().GetItems()
			if len(pair) < 2 {
				continue
			}
			p := l.indexPart(pair[0].GetIndexElem(), l.itemAt(items, k, open))
			_, p.Operator = operator(pair[1].GetList().GetItems())
			out.Parts = append(out.Parts, p)
		}
	}
	if len(c.Including) > 0 {
		if k := l.find(end, r.hi, "INCLUDE"); k >= 0 {
			out.Include = l.identsIn(k+1, strs(c.Including))
		}
	}
	out.Where = l.value(c.WhereClause)
}

func (l *lowerer) itemAt(items []rng, k, open int) rng {
	if k < len(items) {
		return items[k]
	}
	return l.one(open)
}

func (l *lowerer) foreignKey(out *ir.Constraint, c *pg.Constraint, r rng) {
	if len(c.FkAttrs) > 0 {
		if open := l.opening(r); open >= 0 {
			out.Columns = l.identsIn(open, strs(c.FkAttrs))
		}
	}
	ref, rr := l.relationName(c.Pktable)
	out.References = &ref
	if len(c.PkAttrs) > 0 {
		out.RefColumns = l.identsIn(rr.hi+1, strs(c.PkAttrs))
	}
	out.OnDelete, out.OnUpdate = fkActions[c.FkDelAction], fkActions[c.FkUpdAction]
	if set := strs(c.FkDelSetCols); len(set) > 0 {
		out.Options = append(out.Options, ir.Option{Key: "on delete columns", Value: strings.Join(set, ", ")})
	}
	switch c.FkMatchtype {
	case "f":
		out.Match = "FULL"
	case "p":
		out.Match = "PARTIAL"
	}
}

// indexPart lowers a column or expression of an index that stands in r.
func (l *lowerer) indexPart(e *pg.IndexElem, r rng) ir.IndexPart {
	p := ir.IndexPart{At: l.pos(r), Desc: e.GetOrdering() == pg.SortByDir_SORTBY_DESC}
	if e.GetName() != "" {
		p.Column = l.optIdent(r.lo, e.Name)
	} else {
		p.X = l.value(e.GetExpr())
	}
	switch e.GetNullsOrdering() {
	case pg.SortByNulls_SORTBY_NULLS_FIRST:
		p.Nulls = "FIRST"
	case pg.SortByNulls_SORTBY_NULLS_LAST:
		p.Nulls = "LAST"
	}
	if c := strs(e.GetCollation()); len(c) > 0 {
		if k := l.find(r.lo, r.hi, "COLLATE"); k >= 0 {
			name, _ := l.name(k+1, c...)
			p.Collate = &name
		}
	}
	p.OpClass = strings.Join(strs(e.GetOpclass()), ".")
	return p
}

func (l *lowerer) createIndex(s *pg.IndexStmt, r rng) ir.Statement {
	table, tr := l.relationName(s.Relation)
	x := &ir.CreateIndex{At: l.pos(r), Table: table, IfNotExists: s.IfNotExists, Unique: s.Unique, Using: s.AccessMethod,
		NullsNotDistinct: s.NullsNotDistinct, Concurrently: s.Concurrent, Only: !s.Relation.GetInh(), Options: l.options(s.Options)}
	if s.Idxname != "" {
		on := tr.lo - 1
		if l.is(on, "ONLY") {
			on--
		}
		x.Name = l.ident(on-1, s.Idxname)
	}
	if s.TableSpace != "" {
		x.Options = append(x.Options, ir.Option{Key: "tablespace", Value: s.TableSpace})
	}
	open := l.opening(rng{tr.hi + 1, r.hi})
	items := l.inside(open)
	for k, n := range s.IndexParams {
		x.Parts = append(x.Parts, l.indexPart(n.GetIndexElem(), l.itemAt(items, k, open)))
	}
	if len(s.IndexIncludingParams) > 0 {
		if k := l.find(l.closing(open)+1, r.hi, "INCLUDE"); k >= 0 {
			inner := l.inside(k + 1)
			for j, n := range s.IndexIncludingParams {
				x.Include = append(x.Include, l.ident(l.itemAt(inner, j, k).lo, n.GetIndexElem().GetName()))
			}
		}
	}
	x.Where = l.value(s.WhereClause)
	return x
}
