package rule

import (
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/analyzer/plan"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

// Planned is what a rule on plans sees: a query, how a database would run it, and what that knows of its tables.
type Planned struct {
	*Query
	Plan *plan.Plan
	// Custom is the plan for values that the compared columns have, for rules that want it.
	Custom *plan.Plan
	Stock  plan.Statistics
	// accesses are found out once for all rules.
	accesses []Access
	found    bool
}

// Access is a node of the plan that reads a table of the query.
type Access struct {
	*plan.Node
	Relation *sem.Relation
	Stock    plan.Table
	// Above are the nodes above it, the nearest last.
	Above []*plan.Node
}

// JudgePlan gives what the rules find of a query's plan. q is a query without optional parts, or one of its variants (facts.Variants.Ends). custom is nil where
// there is none.
func (p *Package) JudgePlan(q *facts.Query, how, custom *plan.Plan, stock plan.Statistics, rules []*Rule) (found diag.List) {
	if q.Bound == nil {
		return nil
	}
	planned := &Planned{Plan: how, Custom: custom, Stock: stock}
	for _, r := range rules {
		if r.Plan != nil && r.Judges(p.Engine) && r.Measured == how.Analyzed && (!r.Custom || custom != nil) {
			planned.Query = &Query{Query: q, Package: p, rule: r, found: &found}
			guard(r, q.Source.Span, &found, func() { r.Plan(planned) })
		}
	}
	return found
}

// NameTables writes into a plan which tables the aliases of a query stand for, where an engine tells the aliases alone.
func (p *Package) NameTables(q *facts.Query, how *plan.Plan) {
	named := (&Query{Query: q, Package: p}).relations()
	how.Name(func(alias string) (schema, name string, ok bool) {
		list := named[strings.ToLower(alias)]
		if len(list) != 1 {
			return "", "", false
		}
		return list[0].Table.Schema, list[0].Table.Name, true
	})
}

// relations are the tables of a query by what it calls them, in small letters.
func (q *Query) relations() map[string][]*sem.Relation {
	named := map[string][]*sem.Relation{}
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		if t, ok := n.(ir.TableExpr); ok {
			if r := q.Relation(t); r != nil && r.Table != nil && r.Block != nil {
				name := strings.ToLower(r.Name)
				if !slices.ContainsFunc(named[name], func(o *sem.Relation) bool { return o == r || o.Row == r.Row }) {
					named[name] = append(named[name], r)
				}
			}
		}
		return true
	})
	return named
}

// Accesses are the nodes that read tables of the query of which the database knows how large they are. A node that may be of
// several of the query's relations is none of them.
func (p *Planned) Accesses() []Access {
	if p.found {
		return p.accesses
	}
	p.found = true
	named := p.relations()
	p.Plan.Walk(func(n *plan.Node, above []*plan.Node) {
		if !n.Reads() {
			return
		}
		list := named[strings.ToLower(n.Called())]
		if len(list) != 1 || list[0].Table.Kind != catalog.BaseTable || n.Table != "" && !strings.EqualFold(n.Table, list[0].Table.Name) {
			return
		}
		r := list[0]
		schema := r.Table.Schema
		if p.Package.Engine == catalog.MySQL && schema == "" {
			schema = n.Schema
		}
		if stock, ok := p.Stock.Table(schema, r.Table.Name); ok {
			p.accesses = append(p.accesses, Access{Node: n, Relation: r, Stock: stock, Above: slices.Clone(above)})
		}
	})
	return p.accesses
}

// Equality is a condition that holds for the rows in which a column has one value, or one of a few, for the whole statement: it is
// compared with parameters, constants or what a query around gives.
type Equality struct {
	X      ir.Expr
	Column *catalog.Column
	// Fraction is the part of the table's rows for which it holds, on average; 1 where nothing is known.
	Fraction float64
	// Outer tells that it is compared with a column of a query around.
	Outer bool
}

// listed is how many values are reckoned with in a list of which the length is not known.
const listed = 10

// Equalities are the equalities that all rows of a relation must meet, the most selective first.
func (p *Planned) Equalities(r *sem.Relation) []Equality {
	var out []Equality
	for _, c := range p.Conditions() {
		if c.Block != r.Block || c.Clause != Where && (c.Clause != On || c.Join.Kind != ir.InnerJoin) {
			continue
		}
		for _, x := range Conjuncts(c.X) {
			column, others, many := p.equality(x, r)
			if column == nil {
				continue
			}
			e := Equality{X: x, Column: column, Fraction: 1}
			fixed := true
			for _, o := range others {
				v := p.Value(o)
				fixed = fixed && !v.Volatile
				around := p.Outer(o, r.Block)
				e.Outer = e.Outer || !around.Empty()
				fixed = fixed && v.Uses.Minus(around).Empty()
			}
			if !fixed || slices.ContainsFunc(out, func(o Equality) bool { return o.Column == column }) {
				continue
			}
			if f, ok := p.Stock.Fraction(r.Table.Schema, r.Table.Name, column.Name); ok {
				e.Fraction = min(1, f*float64(many))
			}
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b Equality) int {
		switch {
		case a.Fraction < b.Fraction:
			return -1
		case a.Fraction > b.Fraction:
			return 1
		}
		return 0
	})
	return out
}

// equality takes a comparison apart: a column of r that an index could be searched for, what it is compared with, and how many
// values that may be.
func (p *Planned) equality(x ir.Expr, r *sem.Relation) (column *catalog.Column, others []ir.Expr, many int) {
	plain := func(e ir.Expr) *catalog.Column {
		v := p.Value(e)
		if v.Column == 0 || !r.Columns.Has(v.Column) {
			return nil
		}
		// A column that is cast for the comparison is not what an index has.
		if args := p.Value(x).Args; len(args) > 0 && args[0].Name != "" && v.Type.Name != "" && args[0].Name != v.Type.Name && p.Package.Engine == catalog.PostgreSQL && !sameIndex(args[0].Name, v.Type.Name) {
			return nil
		}
		return p.ByID(v.Column).Source
	}
	switch x := x.(type) {
	case *ir.Binary:
		if x.Op != "=" {
			return nil, nil, 0
		}
		if c := plain(x.L); c != nil {
			return c, []ir.Expr{x.R}, 1
		}
		if c := plain(x.R); c != nil {
			return c, []ir.Expr{x.L}, 1
		}
	case *ir.In:
		if c := plain(x.X); c != nil && !x.Not && x.Query == nil {
			many := len(x.List)
			if prm, ok := x.List[0].(*ir.Param); ok && many == 1 {
				if a := p.Param(prm); a != nil && a.Slice {
					many = listed
				}
			}
			return c, x.List, many
		}
	case *ir.Quantified:
		if c := plain(x.X); c != nil && x.Op == "=" && !x.All && x.Query == nil {
			return c, []ir.Expr{x.Array}, listed
		}
	}
	return nil, nil, 0
}

// sameIndex tells of types of PostgreSQL between which a cast changes nothing that an index sees.
func sameIndex(a, b string) bool {
	texts := []string{"text", "varchar", "bpchar", "char", "character varying"}
	numbers := []string{"int2", "int4", "int8"}
	return slices.Contains(texts, a) && slices.Contains(texts, b) || slices.Contains(numbers, a) && slices.Contains(numbers, b)
}

// Leading tells whether the schema has an index over all rows of a table that begins with the columns, in any order.
func Leading(t *catalog.Table, columns ...*catalog.Column) bool {
	return slices.ContainsFunc(Indexes(t), func(ix []string) bool {
		if len(ix) < len(columns) {
			return false
		}
		for _, c := range columns {
			if !slices.ContainsFunc(ix[:len(columns)], func(n string) bool { return strings.EqualFold(n, c.Name) }) {
				return false
			}
		}
		return true
	})
}

// Indexes are the columns of a table's keys and indexes over all of its rows; an expression is "".
func Indexes(t *catalog.Table) [][]string {
	var out [][]string
	for _, c := range t.Constraints {
		if c.Kind == ir.PrimaryKey || c.Kind == ir.Unique {
			out = append(out, c.Columns)
		}
	}
	for _, ix := range t.Indexes {
		if ix.Where == "" && !ix.Invisible {
			out = append(out, parts(ix))
		}
	}
	return out
}

// Index are the columns of the index that a plan names; nil where the schema has none of that name.
func Index(t *catalog.Table, name string) []string {
	for _, ix := range t.Indexes {
		if strings.EqualFold(ix.Name, name) {
			return parts(ix)
		}
	}
	for _, c := range t.Constraints {
		key := c.Kind == ir.PrimaryKey
		if (key || c.Kind == ir.Unique) && (strings.EqualFold(c.Name, name) ||
			key && (name == "PRIMARY" || strings.EqualFold(name, t.Name+"_pkey")) ||
			c.Name == "" && strings.EqualFold(name, t.Name+"_"+strings.Join(c.Columns, "_")+"_key")) {
			return c.Columns
		}
	}
	return nil
}

func parts(ix *catalog.Index) []string {
	var out []string
	for _, p := range ix.Parts {
		out = append(out, p.Column)
	}
	return out
}

// CreateIndex is the statement that makes an index on columns.
func (p *Planned) CreateIndex(t *catalog.Table, columns ...string) string {
	quote := p.Package.Dialect.Quote
	var list []string
	for _, c := range columns {
		list = append(list, quote(c))
	}
	table := quote(t.Name)
	if t.Schema != "" && t.Schema != p.Catalog.DefaultSchema {
		table = quote(t.Schema) + "." + table
	}
	if p.Package.Engine == catalog.PostgreSQL {
		return "CREATE INDEX ON " + table + " (" + strings.Join(list, ", ") + ")"
	}
	return "CREATE INDEX " + quote(t.Name+"_"+strings.Join(columns, "_")) + " ON " + table + " (" + strings.Join(list, ", ") + ")"
}

// Many writes a number of rows for people: 40 000.
func Many(n float64) string {
	digits := []byte(nil)
	whole := int64(n + 0.5)
	for i := 0; whole > 0 || i == 0; i++ {
		if i > 0 && i%3 == 0 {
			digits = append(digits, ' ')
		}
		digits = append(digits, byte('0'+whole%10))
		whole /= 10
	}
	slices.Reverse(digits)
	return string(digits)
}

// Repeated tells that a node is below a subquery that is run anew for each row.
func (a *Access) Repeated() bool {
	return slices.ContainsFunc(a.Above, func(n *plan.Node) bool { return n.Kind == plan.Subplan && n.PerRow })
}

// Ordered tells that an index is walked for its order: from end to end, with nothing above that sorts or groups.
func (a *Access) Ordered() bool {
	return a.Kind == plan.FullIndex && !slices.ContainsFunc(a.Above, func(n *plan.Node) bool {
		switch n.Kind {
		case plan.Sort, plan.Aggregate, plan.Distinct, plan.Window, plan.HashJoin, plan.Materialize, plan.Subplan, plan.CTE:
			return true
		}
		return false
	})
}

// block is the SELECT that a relation stands in; nil where it is none.
func block(r *sem.Relation) *ir.Select {
	s, _ := r.Block.Query.(*ir.Select)
	return s
}

// Limited tells that the query of a relation returns its first rows only.
func (p *Planned) Limited(r *sem.Relation) bool {
	s := block(r)
	return s != nil && s.Limit != nil
}

// Alone tells that a relation is all that its query reads, and that its rows are not grouped.
func (p *Planned) Alone(r *sem.Relation) bool {
	s := block(r)
	if s == nil || len(s.From) != 1 || s.GroupBy != nil || s.Distinct || len(s.DistinctOn) > 0 || p.Relation(s.From[0]) != r {
		return false
	}
	for _, c := range r.Block.Columns { // an aggregate or a window makes other rows
		if x := selected(s, c.Name); x != nil {
			calls := false
			ir.Walk(x, func(n ir.Node) bool {
				_, call := n.(*ir.FuncCall)
				calls = calls || call
				return !calls
			})
			if calls {
				return false
			}
		}
	}
	return true
}

func selected(s *ir.Select, name string) ir.Expr {
	for _, i := range s.Items {
		if i.Alias != nil && i.Alias.Name == name {
			return i.X
		}
		if c, ok := i.X.(*ir.FuncCall); ok && i.Alias == nil {
			return c
		}
	}
	return nil
}

// OrderBy is where the ORDER BY of a relation's query begins.
func (p *Planned) OrderBy(r *sem.Relation) ir.Node {
	return block(r).OrderBy[0].X
}

// OrderColumns are the columns that the query of a relation sorts by, where an index on them could give the order: all are the
// relation's own, and all go the same way.
func (p *Planned) OrderColumns(r *sem.Relation) []string {
	s := block(r)
	if s == nil {
		return nil
	}
	var out []string
	for i := range s.OrderBy {
		o := &s.OrderBy[i]
		id := p.OrderColumn(r.Block, o.X)
		if id == 0 || !r.Columns.Has(id) || o.Desc != s.OrderBy[0].Desc || o.Nulls != "" || o.Using != "" {
			return nil
		}
		out = append(out, p.ByID(id).Source.Name)
	}
	return out
}

// OrderColumn is the column that an item of a query's ORDER BY plainly is, by its own name or by that of a column of the result; 0 for what is
// computed.
func (q *Query) OrderColumn(k *sem.Block, x ir.Expr) rel.ColID {
	if c, ok := x.(*ir.ColumnRef); ok && len(c.Parts) == 1 {
		for _, o := range k.Columns {
			if strings.EqualFold(o.Name, c.Parts[0].Name) {
				return o.ID
			}
		}
	}
	return q.Value(x).Column
}

// Limit is how many rows the query of a relation returns at most; a page where that is an argument.
func (p *Planned) Limit(r *sem.Relation) float64 {
	const page = 20
	s := block(r)
	if s == nil || s.Limit == nil {
		return page
	}
	if l, ok := s.Limit.(*ir.Literal); ok {
		if n, err := strconv.ParseFloat(l.Text, 64); err == nil && n > 0 {
			return n
		}
	}
	return page
}

// JoinColumn is the column of a relation that a condition compares for equality with one of another.
func (p *Planned) JoinColumn(r, other *sem.Relation) string {
	for _, c := range p.Conditions() {
		if c.Block != r.Block || c.Clause != On && c.Clause != Where {
			continue
		}
		for _, x := range Conjuncts(c.X) {
			if column, with, _ := p.equality(x, r); column != nil && len(with) == 1 && p.Value(with[0]).Uses.Intersects(other.Columns) {
				return column.Name
			}
		}
	}
	return ""
}

// Ranged tells that a condition other than an equality may leave few rows of a relation: of how many nobody knows.
func (p *Planned) Ranged(r *sem.Relation) bool {
	equal := p.Equalities(r)
	for _, c := range p.Conditions() {
		if c.Block != r.Block || c.Clause != Where {
			continue
		}
		for _, x := range Conjuncts(c.X) {
			counts := p.Value(x).Uses.Intersects(r.Columns)
			ir.Walk(x, func(n ir.Node) bool { // what a subquery reads of the row is its own
				_, sub := n.(ir.Query)
				counts = counts || sub
				return !counts
			})
			if counts && !slices.ContainsFunc(equal, func(e Equality) bool { return e.X == x }) {
				return true
			}
		}
	}
	return false
}

// Joined begins a finding at the condition that joins two relations; false where none does.
func (p *Planned) Joined(a, b *sem.Relation) (diag.Diagnostic, bool) {
	for _, c := range p.Conditions() {
		if c.Block != a.Block || c.Clause != On && c.Clause != Where {
			continue
		}
		for _, x := range Conjuncts(c.X) {
			if uses := p.Value(x).Uses; uses.Intersects(a.Columns) && uses.Intersects(b.Columns) {
				sa, _ := p.Stock.Table(a.Table.Schema, a.Table.Name)
				sb, _ := p.Stock.Table(b.Table.Schema, b.Table.Name)
				return p.At(x, "each of %s rows of %s is compared with each of %s rows of %s: this gives the database nothing to search or hash by",
					Many(sa.Rows), a.Table.Name, Many(sb.Rows), b.Table.Name), true
			}
		}
	}
	return diag.Diagnostic{}, false
}

// RowsAround is for about how many rows the subquery is run that a node is in; 1 where that is not known.
func (p *Planned) RowsAround(a Access) float64 {
	for i := len(a.Above) - 1; i > 0; i-- {
		n := a.Above[i]
		if n.Kind != plan.Subplan || !n.PerRow {
			continue
		}
		around := a.Above[i-1]
		for _, o := range p.Accesses() {
			if o.Node != around {
				continue
			}
			if o.Kind == plan.Lookup {
				return 1
			}
			rows := o.Stock.Rows
			for _, e := range p.Equalities(o.Relation) {
				rows *= e.Fraction
			}
			if p.Ranged(o.Relation) {
				return max(1, min(rows, around.Rows))
			}
			return max(1, rows)
		}
		return max(1, around.Rows)
	}
	return 1
}
