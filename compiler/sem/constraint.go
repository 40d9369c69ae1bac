package sem

import (
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// What a CHECK says of a row together with what is known of the row: of CHECK (kind <> 'x' OR
// a IS NOT NULL) that a is not NULL where kind = 'x'. A CHECK holds where it is not false, so
// that is all that is concluded from: of OR one operand is not false, of AND none is. Beside
// the ids of columns that are not NULL stand ids of two other facts: that a column is NULL,
// and that it equals a literal.

// facts are the ids of what can be known of a column besides that it is not NULL.
type facts struct {
	null   rel.ColID
	equals []equalFact
}

type equalFact struct {
	lit *ir.Literal
	id  rel.ColID
}

// checked tells whether facts of c are worth an id: its table has CHECK constraints that test
// for NULL, and the value is that of a row.
func (b *binder) checked(c *column, s *scope) bool {
	if c == nil || c.rel == nil || len(c.rel.checks) == 0 {
		return false
	}
	for t := s; t != nil; t = t.parent {
		if t.local.Has(c.id) {
			return !t.rowless()
		}
	}
	return false
}

func (b *binder) factsOf(c *column) *facts {
	f := b.facts[c.id]
	if f == nil {
		if b.facts == nil {
			b.facts = map[rel.ColID]*facts{}
		}
		f = &facts{}
		b.facts[c.id] = f
	}
	return f
}

// isNull is the fact that c is NULL.
func (b *binder) isNull(c *column, s *scope) rel.ColSet {
	if !b.checked(c, s) {
		return rel.ColSet{}
	}
	f := b.factsOf(c)
	if f.null == 0 {
		f.null = b.meta.Add(rel.Column{})
	}
	return rel.MakeColSet(f.null)
}

// isEqual is the fact that c equals a literal.
func (b *binder) isEqual(c *column, lit *ir.Literal, s *scope) rel.ColSet {
	if lit == nil || lit.Kind == ir.Null || !b.checked(c, s) {
		return rel.ColSet{}
	}
	f := b.factsOf(c)
	for _, e := range f.equals {
		if sameLiteral(e.lit, lit) {
			return rel.MakeColSet(e.id)
		}
	}
	e := equalFact{lit, b.meta.Add(rel.Column{})}
	f.equals = append(f.equals, e)
	return rel.MakeColSet(e.id)
}

// checksOf are the CHECK constraints of a table that say something of NULLs.
func checksOf(t *catalog.Table) []ir.Expr {
	var out []ir.Expr
	for _, k := range t.Constraints {
		if k.Kind != ir.Check || k.X == nil || k.NotValid || k.NoInherit && t.HasChildren {
			continue
		}
		says := false
		ir.Walk(k.X, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.IsTest:
				says = says || n.What == "NULL"
			case *ir.FuncCall:
				says = says || counts(n) != ""
			}
			return !says
		})
		if says {
			out = append(out, k.X)
		}
	}
	return out
}

// conclusion is what the CHECK constraints of r add to set.
func (b *binder) conclusion(r *relation, set rel.ColSet) rel.ColSet {
	for _, p := range r.pads {
		if !set.Has(p.id) {
			return rel.ColSet{} // there may be no row
		}
	}
	c := conclude{b: b, r: r, set: set.Union(r.facts)}
	var out rel.ColSet
	for _, x := range r.checks {
		if more, possible := c.of(x, true); possible {
			out = out.Union(more)
		}
	}
	return out
}

// conclude draws conclusions about one row of r.
type conclude struct {
	b   *binder
	r   *relation
	set rel.ColSet
}

// of is what follows where x is not false, or with holds false where x is not true. possible
// is false where it can not be so.
func (c *conclude) of(x ir.Expr, holds bool) (set rel.ColSet, possible bool) {
	switch x := x.(type) {
	case *ir.Not:
		return c.of(x.X, !holds)
	case *ir.Logical:
		switch x.Op {
		case "AND", "OR":
			return c.several(x.Args, holds, (x.Op == "AND") == holds)
		}
	case *ir.IsTest:
		if col := c.column(x.X); col != nil && x.What == "NULL" {
			return c.nullTest(col, x.Not == holds)
		}
	case *ir.ColumnRef:
		return c.equals(x, []ir.Expr{&ir.Literal{Kind: ir.Bool, Text: "true"}}, holds)
	case *ir.In:
		if x.Query == nil {
			return c.equals(x.X, x.List, holds != x.Not)
		}
	case *ir.Case:
		if x.Operand == nil {
			return c.choice(x, holds)
		}
	case *ir.Binary:
		return c.comparison(x, holds)
	}
	return rel.ColSet{}, true
}

// several concludes from operands of which all are (not) false, or one of them is.
func (c *conclude) several(args []ir.Expr, holds, all bool) (set rel.ColSet, possible bool) {
	possible = all
	for _, a := range args {
		more, can := c.of(a, holds)
		switch {
		case all:
			set, possible = set.Union(more), possible && can
		case can && !possible:
			set, possible = more, true
		case can:
			set = set.Intersect(more)
		}
	}
	return set, possible
}

func (c *conclude) nullTest(col *column, notNull bool) (rel.ColSet, bool) {
	// A row of NULLs passes IS NULL and is a value all the same.
	other := c.b.nullByAnotherName(&value{typ: col.typ, col: col})
	if notNull {
		return rel.MakeColSet(col.id), other || !c.isNull(col)
	}
	var set rel.ColSet
	if f := c.b.facts[col.id]; f != nil {
		set = set.With(f.null)
	}
	return set, other || !c.notNull(col)
}

// equals concludes from x being one of items, or (holds false) none: nothing but whether it
// can be so, as x may be NULL.
func (c *conclude) equals(x ir.Expr, items []ir.Expr, holds bool) (set rel.ColSet, possible bool) {
	col := c.column(x)
	if col == nil {
		return set, true
	}
	f := c.b.facts[col.id]
	if f == nil {
		return set, true
	}
	for _, e := range f.equals {
		if !c.set.Has(e.id) {
			continue
		}
		others := true
		for _, it := range items {
			lit := c.literal(it)
			if lit != nil && sameLiteral(lit, e.lit) {
				return set, holds
			}
			others = others && lit != nil && distinct(lit, e.lit, c.b.sem.Base(col.typ))
		}
		if holds && others {
			return set, false
		}
	}
	return set, true
}

// choice concludes from CASE: one of its results is the value, and no condition before is true.
func (c *conclude) choice(x *ir.Case, holds bool) (set rel.ColSet, possible bool) {
	var before rel.ColSet
	add := func(more rel.ColSet, can bool) {
		switch {
		case can && !possible:
			set, possible = more.Union(before), true
		case can:
			set = set.Intersect(more.Union(before))
		}
	}
	for i := range x.Whens {
		w := &x.Whens[i]
		if when, can := c.of(w.Cond, true); can {
			then, can := c.of(w.Then, holds)
			add(when.Union(then), can)
		}
		not, can := c.of(w.Cond, false)
		if !can {
			return set, possible
		}
		before = before.Union(not)
	}
	if x.Else == nil {
		add(rel.ColSet{}, true)
		return set, possible
	}
	add(c.of(x.Else, holds))
	return set, possible
}

func (c *conclude) comparison(x *ir.Binary, holds bool) (set rel.ColSet, possible bool) {
	if x.Op == "=" || x.Op == "<>" {
		same := (x.Op == "=") == holds
		if c.literal(x.R) != nil && c.column(x.L) != nil {
			return c.equals(x.L, []ir.Expr{x.R}, same)
		}
		if c.literal(x.L) != nil && c.column(x.R) != nil {
			return c.equals(x.R, []ir.Expr{x.L}, same)
		}
		if isNullTest(x.L) && isNullTest(x.R) { // both are true or false
			one := &ir.Logical{Op: "AND", Args: []ir.Expr{x.L, x.R}}
			two := &ir.Logical{Op: "AND", Args: []ir.Expr{&ir.Not{X: x.L}, &ir.Not{X: x.R}}}
			if !same {
				one.Args[1], two.Args[1] = &ir.Not{X: x.R}, x.R
			}
			return c.several([]ir.Expr{one, two}, true, false)
		}
	}
	if !holds {
		return set, true
	}
	tests, n := countedTests(x.L)
	lit := c.literal(x.R)
	if len(tests) == 0 || lit == nil || lit.Kind != ir.Integer {
		return set, true
	}
	given, err := strconv.Atoi(lit.Text)
	if err != nil {
		return set, true
	}
	return c.count(tests, x.Op, given-n)
}

// count concludes from a number of tests being true: where no more can be than must, those are.
func (c *conclude) count(tests []*ir.IsTest, op string, n int) (set rel.ColSet, possible bool) {
	atLeast, atMost := n, n
	switch op {
	case "=":
	case ">=":
		atMost = len(tests)
	case ">":
		atLeast, atMost = n+1, len(tests)
	case "<=":
		atLeast = 0
	case "<":
		atLeast, atMost = 0, n-1
	default:
		return set, true
	}
	var can, must, open []*ir.IsTest
	for _, t := range tests {
		_, yes := c.of(t, true)
		_, no := c.of(t, false)
		if yes {
			can = append(can, t)
		}
		switch {
		case !no:
			must = append(must, t)
		case yes:
			open = append(open, t)
		}
	}
	if len(can) < atLeast || len(must) > atMost {
		return set, false
	}
	for _, t := range open {
		if len(can) == atLeast {
			more, _ := c.of(t, true)
			set = set.Union(more)
		}
		if len(must) == atMost {
			more, _ := c.of(t, false)
			set = set.Union(more)
		}
	}
	return set, true
}

// countedTests are the tests whose number x is: num_nonnulls(a, b), or a sum of tests that
// count as 0 and 1, plus n.
func countedTests(x ir.Expr) (tests []*ir.IsTest, n int) {
	switch x := x.(type) {
	case *ir.FuncCall:
		what := counts(x)
		for i := range x.Args {
			if x.Args[i].Variadic || what == "" {
				return nil, 0
			}
			tests = append(tests, &ir.IsTest{X: x.Args[i].X, What: "NULL", Not: what == "num_nonnulls"})
		}
	case *ir.Cast:
		if isNullTest(x.X) {
			return countedTests(x.X)
		}
	case *ir.IsTest:
		if isNullTest(x) {
			return []*ir.IsTest{x}, 0
		}
	case *ir.Binary:
		if x.Op == "+" {
			l, i := countedTests(x.L)
			r, j := countedTests(x.R)
			if len(l) > 0 && len(r) > 0 {
				return append(l, r...), i + j
			}
		}
	}
	return tests, n
}

func counts(x *ir.FuncCall) string {
	switch name := strings.ToLower(x.Name.Last()); name {
	case "num_nonnulls", "num_nulls":
		return name
	}
	return ""
}

func isNullTest(x ir.Expr) bool {
	t, ok := x.(*ir.IsTest)
	if !ok || t.What != "NULL" {
		return false
	}
	_, ok = t.X.(*ir.ColumnRef)
	return ok
}

// column is the column of the row that x is.
func (c *conclude) column(x ir.Expr) *column {
	if cast, ok := x.(*ir.Cast); ok { // kind::text = 'x', as a dump has it
		if col := c.column(cast.X); col != nil && textual(c.b.sem.Base(col.typ)) && c.keeps(cast) {
			return col
		}
		return nil
	}
	ref, ok := x.(*ir.ColumnRef)
	if !ok || len(ref.Parts) == 0 {
		return nil
	}
	for _, col := range c.r.cols {
		if sameName(col.name, ref.Parts[len(ref.Parts)-1].Name, c.b.traits.CaselessNames) {
			return col
		}
	}
	return nil
}

func (c *conclude) notNull(col *column) bool { return col.null.IsNever() || c.set.Has(col.id) }

func (c *conclude) isNull(col *column) bool {
	f := c.b.facts[col.id]
	return f != nil && c.set.Has(f.null)
}

// literal is the literal that x is, written out as a type or not.
func (c *conclude) literal(x ir.Expr) *ir.Literal {
	switch x := x.(type) {
	case *ir.Literal:
		return x
	case *ir.Cast:
		if l := c.literal(x.X); l != nil && c.keeps(x) {
			return l
		}
	}
	return nil
}

// keeps tells whether a cast leaves texts as they are.
func (c *conclude) keeps(x *ir.Cast) bool {
	t := c.b.d.Type(x.Type, c.b.in)
	return len(x.Type.Mods) == 0 && (t.Kind == types.Enum || t.Is("text", "varchar", "citext"))
}

func sameLiteral(a, b *ir.Literal) bool { return a.Kind == b.Kind && a.Text == b.Text }

// distinct tells whether nothing of type t equals both literals, whatever the collation.
func distinct(a, b *ir.Literal, t types.Type) bool {
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case ir.Bool:
		return !strings.EqualFold(a.Text, b.Text)
	case ir.Integer:
		i, err := strconv.ParseInt(a.Text, 10, 64)
		j, err2 := strconv.ParseInt(b.Text, 10, 64)
		return err == nil && err2 == nil && i != j
	case ir.String:
		l, ok := letters(a.Text)
		r, ok2 := letters(b.Text)
		return ok && ok2 && l != r && textual(t)
	}
	return false
}

// letters is what of a text no collation ignores or takes for something else: case,
// punctuation, leading zeros and letters that some language counts as one are left out.
func letters(text string) (string, bool) {
	var out []byte
	for i := range len(text) {
		c := text[i]
		switch {
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case c > '~':
			return "", false
		}
		switch {
		case c == 'w':
			c = 'v'
		case c == 'j' || c == 'y':
			c = 'i'
		case c < '1' || c > '9' && c < 'a' || c > 'z':
			continue
		}
		out = append(out, c)
	}
	return string(out), true
}

// textual tells whether values of t are equal as their texts are.
func textual(t types.Type) bool {
	return t.Kind == types.Enum || t.Is("text", "varchar", "bpchar", "char", "name", "citext", "enum", "tinytext", "mediumtext", "longtext")
}

// truth tells whether values of t are true, false or NULL and nothing else: not numbers.
func (b *binder) truth(t types.Type) bool {
	number := b.sem.Literal(&ir.Literal{Kind: ir.Integer, Text: "1"})
	return b.sem.Base(t).Same(b.traits.BoolType) && !b.sem.Assignable(number, b.traits.BoolType)
}
