package sem

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
)

// nullBy is the nullability of an operator or plain function over vs by its rule.
func (b *binder) nullBy(rule catalog.NullRule, vs []value, at source.Span, what string) types.Nullability {
	switch rule {
	case catalog.NullStrict:
		return strictNull(vs...)
	case catalog.NullStrictPartial:
		n := strictNull(vs...)
		if n.IsNever() {
			if b.traits.DivisionByZeroIsNull && len(vs) == 2 && strings.HasPrefix(what, "operator ") && division[what[len("operator "):]] && nonZero(vs[1].magnitude(), what == "operator /") {
				return n
			}
			return types.Nullable(at, what+" may give NULL")
		}
		return n
	case catalog.NullNever:
		return types.NotNull
	case catalog.NullCoalesce:
		if len(vs) == 0 {
			return types.Nullable(at, what)
		}
		n := vs[0].null
		for i := range vs[1:] {
			n = n.FirstNotNull(vs[1+i].null)
		}
		return n
	case catalog.NullFirst:
		if len(vs) > 0 {
			return vs[0].null
		}
	case catalog.NullNullif:
		if len(vs) == 2 {
			if vs[1].null.Null == types.Always || vs[0].null.Null == types.Always || differ(&vs[0], &vs[1]) {
				return vs[0].null
			}
		}
		return types.Nullable(at, "NULLIF")
	case catalog.NullIfThenElse:
		var picks choices
		for i := 0; i+1 < len(vs); i += 2 {
			picks.when(&vs[i], vs[i+1].null)
		}
		if len(vs)%2 == 1 {
			return picks.otherwise(vs[len(vs)-1].null)
		}
		return picks.otherwise(types.Nullability{Null: types.Always, Reason: types.Reason{Text: what + " where no condition holds", At: at}})
	case catalog.NullAlways:
		return types.Nullability{Null: types.Always, Reason: types.Reason{Text: what + " is NULL", At: at}}
	}
	return types.Nullable(at, what+" may give NULL")
}

var division = map[string]bool{"/": true, "%": true, "DIV": true, "MOD": true}

// nonZero tells whether a divisor is a constant that is not zero. Where there is to be a
// remainder or a whole quotient, SQLite cuts fractions to zero.
func nonZero(l *ir.Literal, fractions bool) bool {
	if l == nil || l.Kind != ir.Integer && l.Kind != ir.Decimal && l.Kind != ir.Float {
		return false
	}
	f, err := strconv.ParseFloat(l.Text, 64)
	if err != nil { // SQLite takes it for infinite, and Inf / Inf is NULL
		return false
	}
	return math.Abs(f) >= 1 || fractions && f != 0
}

// callNull is the nullability of a function call.
func (b *binder) callNull(x *ir.FuncCall, c *called, s *scope) types.Nullability {
	name := x.Name.Last()
	rule := c.sig.Null
	if x.Over != nil && s.losesRows && (rule == catalog.NullLag || rule == catalog.NullFrameValue) {
		return types.Nullable(x.Span(), name+" over groups, whose row MariaDB may lose")
	}
	aggregate := c.sig.Kind == catalog.Aggregate || c.sig.Kind == catalog.OrderedSet
	if aggregate {
		n := b.aggregateNull(x, c, s)
		if c.sig.NoNumber && n.IsNever() && !c.sameInGroup(x, s) {
			n = types.Nullable(x.Span(), name+" over infinities")
		}
		return n
	}
	switch rule {
	case catalog.NullLag:
		if len(c.args) > 1 && c.args[1].lit != nil && c.args[1].lit.Kind == ir.Integer && strings.Trim(c.args[1].lit.Text, "0") == "" {
			return c.args[0].null // of the row itself
		}
		if len(c.args) >= 3 {
			// An offset of NULL gives NULL, not the default.
			return c.args[0].null.Either(c.args[2].null).Strict(c.args[1].null)
		}
		return types.Nullable(x.Span(), name+" beyond the first or last row")
	case catalog.NullFrameValue:
		if len(c.args) > 0 && b.frameHoldsRow(x.Over, s) {
			return c.args[0].null
		}
		return types.Nullable(x.Span(), name+" over an empty frame")
	}
	if first(x, c) && b.frameHoldsRow(x.Over, s) {
		return c.args[0].null
	}
	return b.nullBy(rule, c.args, x.Span(), name)
}

// first tells whether a call is that of the first row of its frame: nth_value(x, 1).
func first(x *ir.FuncCall, c *called) bool {
	if c.sig.Kind != catalog.WindowFunc || x.Over == nil || len(c.args) != 2 || !strings.EqualFold(x.Name.Last(), "nth_value") {
		return false
	}
	n := c.args[1].lit
	return n != nil && n.Kind == ir.Integer && n.Text == "1"
}

// sameInGroup tells whether an aggregate's argument is a key of the group, by a collation under which
// equal texts are one number: its infinities are of one sign.
func (c *called) sameInGroup(x *ir.FuncCall, s *scope) bool {
	if x.Over != nil || len(c.args) != 1 || c.args[0].col == nil || s.group == nil || s.group.sets > 0 {
		return false
	}
	col := c.args[0].col
	switch strings.ToUpper(col.collation()) {
	case "", "BINARY", "NOCASE", "RTRIM":
		return s.group.cols.Has(col.id)
	}
	return false
}

// aggregateNull is the nullability of an aggregate: what it is over no rows, and over rows
// that are all NULL.
func (b *binder) aggregateNull(x *ir.FuncCall, c *called, s *scope) types.Nullability {
	name := x.Name.Last()
	rule := c.sig.Null
	if rule == catalog.NullNever {
		return types.NotNull
	}
	if rule == catalog.NullMaybe || rule == catalog.NullStrictPartial {
		return types.Nullable(x.Span(), name+" may give NULL")
	}
	switch {
	case x.Over == nil && s.outerAggregate(c.value.uses):
		return types.Nullable(x.Span(), name+" over the rows of the query around")
	case x.Filter != nil && !c.filter.bad && !c.filter.canBe(true), x.Over == nil && s.void: // a window is over groups: the empty set's is a row
		if nullOfNothing(rule) {
			return types.Nullability{Null: types.Always, Reason: types.Reason{Text: name + " over no rows", At: x.Span()}}
		}
		return types.Nullable(x.Span(), name+" over no rows")
	case x.Filter != nil && !c.filter.holds():
		return types.Nullable(x.Span(), name+" over the rows that FILTER leaves")
	case x.Over != nil:
		if !b.frameHoldsRow(x.Over, s) {
			return types.Nullable(x.Span(), name+" over an empty frame")
		}
	case (s.group == nil || s.group.empty) && !s.hasRow():
		return types.Nullable(x.Span(), name+" over no rows")
	}
	if rule == catalog.NullAggregateRows {
		return types.NotNull
	}
	inputs := c.args
	if rule == catalog.NullAggregateFirst && len(inputs) > 1 {
		inputs = inputs[:1]
	}
	n := strictNull(inputs...)
	if n.Null == types.Always {
		return n
	}
	if !n.IsNever() {
		n.Null = types.Maybe
	}
	return n
}

// frameHoldsRow tells whether the frame of a window always holds the current row.
func (b *binder) frameHoldsRow(w *ir.Window, s *scope) bool {
	if w == nil {
		return false
	}
	f := w.Frame
	for f == nil && w != nil && w.Ref != nil {
		w = s.windowNamed(w.Ref.Name, b.traits.CaselessNames)
		if w != nil {
			f = w.Frame
		}
	}
	if f == nil {
		return true
	}
	if f.Exclude == "CURRENT ROW" || f.Exclude == "GROUP" {
		return false
	}
	start := f.Start.Kind == "UNBOUNDED PRECEDING" || f.Start.Kind == "PRECEDING" || f.Start.Kind == "CURRENT ROW"
	switch f.End.Kind {
	case "", "CURRENT ROW", "FOLLOWING", "UNBOUNDED FOLLOWING":
		return start
	}
	return false
}

// differ tells whether two values are constants that differ, whatever their signs: numbers even as
// floating point, and so in any type; moments of one type by how they are written. Texts may be one
// value under a collation.
func differ(v, w *value) bool {
	a, b := v.magnitude(), w.magnitude()
	switch {
	case a == nil || b == nil:
		return false
	case v.moment && w.moment:
		return v.typ.Same(w.typ) && a.Text != b.Text && momentForm.MatchString(a.Text) && momentForm.MatchString(b.Text)
	case v.moment || w.moment || !numeric[a.Kind] || !numeric[b.Kind]:
		return false
	}
	x, errX := strconv.ParseFloat(a.Text, 64)
	y, errY := strconv.ParseFloat(b.Text, 64)
	return errX == nil && errY == nil && x != y
}

// momentForm is how a moment of whole seconds is written in one way only.
var momentForm = regexp.MustCompile(`^(?:\d{4}-\d\d-\d\d)?(?:(?:^| )\d\d:\d\d:\d\d)?$`)

var numeric = map[ir.LiteralKind]bool{ir.Integer: true, ir.Decimal: true, ir.Float: true}
