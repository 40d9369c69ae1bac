package access

import (
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// Op is what a condition asks of its key.
type Op uint8

// The kinds of conditions.
const (
	Other    Op = iota // nothing that equality or order serves: <>, NOT IN …
	Equal              // one value
	In                 // several values
	Null               // IS NULL
	Range              // an interval
	Prefix             // LIKE 'x%'
	Pattern            // LIKE with a pattern that is not known to begin with text
	Suffix             // LIKE '%x': a pattern that begins with a wildcard
	Contains           // an operator of indexes of other kinds: @>, &&, @@ …
	Either             // OR over different keys
)

// Wrap is what stands between a condition and the column that an index would hold.
type Wrap uint8

// The wraps.
const (
	Bare     Wrap = iota
	Called        // a function is called on it
	Computed      // it is an operand
	Cast          // it is cast by the statement
	Coerced       // it is cast by the engine, to compare it with another type
	Collated      // another collation than the column's is asked for
)

// Cond is what one condition says of one key of a table.
type Cond struct {
	// X is the condition, or the join with USING.
	X ir.Node
	// Key is what is compared: a column, or an expression over the table's columns. It is nil with USING.
	Key ir.Expr
	// Column is the key, or the first column in it where Wrap is not Bare; ID is its id.
	Column *catalog.Column
	ID     rel.ColID
	Wrap   Wrap
	Op     Op
	// Operator is as written: "=", "LIKE", "@>" …
	Operator string
	// Values are what the key is compared with, where that is known.
	Values []ir.Expr
	// Needs are the columns of other relations that the values read.
	Needs rel.ColSet
	// Other is the type that the value has or takes, where Wrap is Coerced.
	Other types.Type
	// Collation is asked for by COLLATE.
	Collation string
	// Optional is the condition on arguments alone that turns this one off; nil where there is none.
	Optional ir.Expr
	// Arms are the conditions of which one holds, for Either; each is a list of conditions that all hold.
	Arms [][]Cond
	// Within is the OR that the condition stands in; nil for one that always has to hold.
	Within *ir.Logical
}

// classify tells what a condition says of a relation with the given columns.
func (f *finder) classify(c ir.Expr, own rel.ColSet, conjunct bool) []Cond {
	if !f.q.Value(c).Uses.Intersects(own) {
		return nil
	}
	k := classifier{finder: f, own: own, x: c}
	switch x := c.(type) {
	case *ir.ColumnRef:
		return k.keys(x, Equal, "IS TRUE", nil)
	case *ir.Not:
		if _, ok := x.X.(*ir.ColumnRef); ok {
			return k.keys(x.X, Equal, "IS FALSE", nil)
		}
	case *ir.Binary:
		return k.binary(x)
	case *ir.Between:
		if !x.Not {
			return k.keys(x.X, Range, "BETWEEN", []ir.Expr{x.Lo, x.Hi})
		}
	case *ir.In:
		return k.in(x)
	case *ir.IsTest:
		op := Other
		switch {
		case x.What == "NULL" && !x.Not:
			op = Null
		case !x.Not && (x.What == "TRUE" || x.What == "FALSE"):
			op = Equal
		case x.What == "NULL":
			return k.keys(x.X, Other, "IS NOT NULL", nil)
		}
		return k.keys(x.X, op, "IS "+x.What, nil)
	case *ir.Like:
		if x.Not {
			return nil
		}
		return k.keys(x.X, f.pattern(x), x.Op, []ir.Expr{x.Pattern})
	case *ir.Quantified:
		return k.quantified(x)
	case *ir.Logical:
		if x.Op == "OR" {
			return k.or(x)
		}
	}
	return nil
}

type classifier struct {
	*finder
	own rel.ColSet
	x   ir.Expr
}

// ops are the comparison operators that a btree serves, and what they are with sides swapped.
var ops = map[string]struct {
	op      Op
	swapped string
}{
	"=": {Equal, "="}, "<=>": {Equal, "<=>"}, "IS NOT DISTINCT FROM": {Equal, "IS NOT DISTINCT FROM"}, "==": {Equal, "=="},
	"<": {Range, ">"}, "<=": {Range, ">="}, ">": {Range, "<"}, ">=": {Range, "<="},
	"@>": {Contains, "<@"}, "<@": {Contains, "@>"}, "&&": {Contains, "&&"}, "@@": {Contains, "@@"}, "?": {Contains, ""}, "?|": {Contains, ""}, "?&": {Contains, ""},
	"@?": {Contains, ""}, "%": {Contains, "%"}, "~": {Contains, ""}, "~*": {Contains, ""}, ">>": {Contains, "<<"}, "<<": {Contains, ">>"}, ">>=": {Contains, "<<="}, "<<=": {Contains, ">>="}, "-|-": {Contains, "-|-"},
}

func (k *classifier) binary(x *ir.Binary) []Cond {
	o, ok := ops[x.Op]
	if !ok || o.op == Contains && !k.engine.operators {
		return nil
	}
	if x.Op == "IS NOT DISTINCT FROM" && !k.engine.distinct {
		o.op = Other
	}
	var out []Cond
	l, lok := x.L.(*ir.Row)
	r, rok := x.R.(*ir.Row)
	if lok {
		for i, item := range l.Items {
			var v []ir.Expr
			if rok && i < len(r.Items) {
				v = []ir.Expr{r.Items[i]}
			} else {
				v = []ir.Expr{x.R}
			}
			if o.op == Range && (i > 0 || !k.q.Package.Traits.RowRanges) {
				break
			}
			out = append(out, k.keys(item, o.op, x.Op, v)...)
			if rok && o.op == Equal {
				out = append(out, k.keys(r.Items[i], o.op, x.Op, []ir.Expr{item})...)
			}
		}
		return out
	}
	out = k.keys(x.L, o.op, x.Op, []ir.Expr{x.R})
	if o.swapped != "" {
		out = append(out, k.keys(x.R, o.op, o.swapped, []ir.Expr{x.L})...)
	}
	return out
}

func (k *classifier) in(x *ir.In) []Cond {
	op := In
	if x.Not {
		op = Other
	}
	values := x.List
	if len(values) == 1 && op == In {
		if _, several := values[0].(*ir.Param); !several { // a parameter may be a slice
			op = Equal
		}
	}
	if x.Query != nil {
		values = []ir.Expr{&ir.Subquery{At: ir.At{Pos: x.Query.Span()}, Query: x.Query}}
	}
	row, ok := x.X.(*ir.Row)
	if !ok {
		return k.query(k.keys(x.X, op, "IN", values), x.Query)
	}
	var out []Cond
	for _, item := range row.Items {
		out = append(out, k.keys(item, op, "IN", nil)...)
	}
	return k.query(out, x.Query)
}

// query leaves out what is compared with a query over the table itself, and notes what it reads of others.
func (k *classifier) query(list []Cond, q ir.Query) []Cond {
	if q == nil {
		return list
	}
	b := k.q.Block(q)
	if b == nil || b.Outer.Intersects(k.own) {
		return nil
	}
	for i := range list {
		list[i].Needs = list[i].Needs.Union(b.Outer)
	}
	return list
}

func (k *classifier) quantified(x *ir.Quantified) []Cond {
	if x.Query != nil {
		if !x.All && x.Op == "=" {
			return k.query(k.keys(x.X, In, "= ANY", nil), x.Query)
		}
		return nil
	}
	op := Other
	if !x.All && x.Op == "=" {
		op = In
	}
	if c := k.q.Column(x.Array); c != nil && k.own.Has(k.q.Value(x.Array).Column) {
		// x = ANY (column): no index over the array serves it
		return k.keys(x.Array, Other, "ANY", []ir.Expr{x.X})
	}
	return k.keys(x.X, op, "= ANY", []ir.Expr{x.Array})
}

// or takes OR apart: over one key it is a list of values, with a condition on arguments alone it is optional, and else one of several.
func (k *classifier) or(x *ir.Logical) []Cond {
	var arms [][]Cond
	var optional ir.Expr
	whole := true // each arm is a condition on the table
	for _, d := range rule.Disjuncts(x) {
		v := k.q.Value(d)
		if v.Uses.Empty() && hasParam(d) {
			optional = d
			continue
		}
		var arm []Cond
		for _, c := range rule.Conjuncts(d) {
			arm = append(arm, k.classify(c, k.own, false)...)
		}
		whole = whole && len(arm) > 0
		arms = append(arms, arm)
	}
	mark := func(list []Cond) {
		for i := range list {
			if list[i].Within == nil {
				list[i].Within = x
			}
		}
	}
	if optional != nil && len(arms) > 0 {
		var out []Cond
		for _, arm := range arms {
			for _, c := range arm {
				if c.Optional == nil {
					c.Optional = optional
				}
				out = append(out, c)
			}
		}
		mark(out)
		return out
	}
	if same := oneColumn(arms); whole && same != nil {
		op := In
		for _, arm := range arms {
			if arm[0].Op != Equal && arm[0].Op != In && arm[0].Op != Null {
				op = Range
			}
			if arm[0].Op == Other || arm[0].Op > Prefix {
				op = Other
			}
		}
		if op != Other {
			out := *same
			out.X, out.Op, out.Operator = x, op, "OR"
			for _, arm := range arms[1:] {
				out.Values = append(out.Values[:len(out.Values):len(out.Values)], arm[0].Values...)
				out.Needs = out.Needs.Union(arm[0].Needs)
			}
			return []Cond{out}
		}
	}
	for _, arm := range arms {
		mark(arm)
	}
	out := Cond{X: x, Op: Either, Arms: arms, Operator: "OR"}
	if !whole {
		out.Op = Other
	}
	return []Cond{out}
}

// oneColumn is the first condition where each arm is one condition on the same bare column.
func oneColumn(arms [][]Cond) *Cond {
	for _, arm := range arms {
		if len(arm) != 1 || arm[0].Column == nil || arm[0].Wrap != Bare || arm[0].ID != arms[0][0].ID || arm[0].Optional != nil {
			return nil
		}
	}
	if len(arms) == 0 {
		return nil
	}
	return &arms[0][0]
}

func hasQuery(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		if _, ok := n.(ir.Query); ok {
			found = true
		}
		return !found
	})
	return found
}

func hasParam(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		if _, ok := n.(*ir.Param); ok {
			found = true
		}
		return !found
	})
	return found
}

// keys makes the condition on one side of a comparison: key reads the table, the values do not.
func (k *classifier) keys(key ir.Expr, op Op, operator string, values []ir.Expr) []Cond {
	uses := k.q.Value(key).Uses
	if !uses.Intersects(k.own) || !uses.SubsetOf(k.own) || k.q.Value(key).Volatile || hasQuery(key) {
		return nil
	}
	out := Cond{X: k.x, Key: key, Op: op, Operator: operator, Values: values}
	for _, v := range values {
		w := k.q.Value(v)
		if w.Uses.Intersects(k.own) {
			return nil
		}
		if w.Volatile && op != Contains {
			out.Op = Other
		}
		out.Needs = out.Needs.Union(w.Uses)
		if sub, ok := v.(*ir.Subquery); ok {
			if b := k.q.Block(sub.Query); b != nil {
				if b.Outer.Intersects(k.own) {
					return nil
				}
				out.Needs = out.Needs.Union(b.Outer)
			}
		}
		if c, ok := v.(*ir.Collate); ok {
			out.Collation = c.Name.Last()
		}
	}
	inner, wrap := k.unwrap(key, &out)
	out.Wrap = wrap
	if id := k.q.Value(inner).Column; id != 0 && k.own.Has(id) {
		out.ID = id
	} else {
		if wrap == Bare {
			out.Wrap = Computed
		}
		uses.Each(func(id rel.ColID) {
			if out.ID == 0 {
				out.ID = id
			}
		})
	}
	if c := k.q.ByID(out.ID); c != nil {
		out.Column = c.Source
	}
	if out.Wrap == Bare && out.Column != nil && (out.Op == Equal || out.Op == In || out.Op == Range) {
		if other, ok := k.coerced(&out); ok {
			out.Wrap, out.Other = Coerced, other
		}
	}
	return []Cond{out}
}

// unwrap strips what an index sees through, and tells what else is around the column.
func (k *classifier) unwrap(x ir.Expr, out *Cond) (ir.Expr, Wrap) {
	switch y := x.(type) {
	case *ir.Collate:
		out.Collation = y.Name.Last()
		return k.unwrap(y.X, out)
	case *ir.Cast:
		if k.engine.relabels(k.q.Value(y.X).Type, k.q.Value(y).Type) {
			return k.unwrap(y.X, out)
		}
		return x, Cast
	case *ir.FuncCall, *ir.Case:
		return x, Called
	case *ir.ColumnRef:
		return x, Bare
	}
	return x, Computed
}

// pattern tells what is known of a pattern.
func (f *finder) pattern(x *ir.Like) Op {
	wild, ok := f.engine.wildcards[x.Op]
	if !ok {
		return Other
	}
	head, known := Head(x.Pattern)
	switch {
	case !known:
		return Pattern
	case head == "":
		return Equal
	case strings.ContainsRune(wild, rune(head[0])):
		return Suffix
	case x.Op == "ILIKE":
		return Pattern
	case !strings.ContainsAny(head, wild) && literal(x.Pattern):
		return Equal
	}
	return Prefix
}

func literal(x ir.Expr) bool {
	l, ok := x.(*ir.Literal)
	return ok && l.Kind == ir.String
}

// Head is the constant text that a pattern begins with, as far as the statement says it.
func Head(x ir.Expr) (string, bool) {
	switch x := x.(type) {
	case *ir.Literal:
		return x.Text, x.Kind == ir.String
	case *ir.Cast:
		return Head(x.X)
	case *ir.Collate:
		return Head(x.X)
	case *ir.Binary:
		if x.Op == "||" {
			return Head(x.L)
		}
	case *ir.FuncCall:
		switch name := fold(x.Name.Last()); {
		case name == "concat" && len(x.Args) > 0, (name == "lower" || name == "upper") && len(x.Args) == 1:
			return Head(x.Args[0].X)
		case name == "concat_ws" && len(x.Args) > 1:
			return Head(x.Args[1].X)
		}
	}
	return "", false
}

// Text is a constant's text.
func Text(x ir.Expr) string {
	if l, ok := x.(*ir.Literal); ok {
		return l.Text
	}
	return ""
}

// HeadIsArgument tells of a pattern that begins with an argument and goes on with a wildcard: $1 || '%'.
func HeadIsArgument(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Binary:
		return x.Op == "||" && argument(x.L)
	case *ir.FuncCall:
		return fold(x.Name.Last()) == "concat" && len(x.Args) > 1 && argument(x.Args[0].X)
	}
	return false
}

func argument(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Param:
		return true
	case *ir.Cast:
		return argument(x.X)
	case *ir.Binary:
		return x.Op == "||" && argument(x.L)
	}
	return false
}

func position(l *ir.Literal) int {
	if l.Kind != ir.Integer {
		return 0
	}
	n, _ := strconv.Atoi(l.Text)
	return n
}

func fold(s string) string { return strings.ToLower(s) }
