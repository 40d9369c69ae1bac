package sem

import (
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// called is a bound function call.
type called struct {
	value value
	sig   dialect.Signature
	args  []value
	// spread are the values of a set-returning function of one argument that was called with
	// several, each of which it takes side by side.
	spread  []value
	unknown bool
	// filter is the condition of FILTER.
	filter value
	// body is what a function's SQL says of the call, nil where nothing is known.
	body *body
}

// choice are the functions that hand out one of their arguments: parameters in them are
// named by where the call stands.
var choice = map[string]bool{"coalesce": true, "ifnull": true, "if": true, "iif": true, "greatest": true, "least": true}

// call binds a function call. inFromClause tells that it stands in FROM.
func (b *binder) call(x *ir.FuncCall, s *scope, inFromClause bool) called {
	name := strings.ToLower(x.Name.Last())
	if name == "grouping" {
		s.inAggregate++
		defer func() { s.inAggregate-- }()
	}
	before, diags := s.tallies(), len(b.diags)
	here := s.known
	if x.Over != nil { // other rows are read than the one of which something is known here
		s.known = known{}
	}
	if x.Over != nil {
		s.overArguments++
	}
	inAggregate := s.clause == inHaving && b.traits.HavingSeesSelected && x.Over == nil && b.aggregates(x)
	if inAggregate {
		s.summed++
	}
	args, ops, at, filter, beside := b.arguments(x, name, s)
	if inAggregate {
		s.summed--
	}
	if x.Over != nil {
		s.overArguments--
	}
	s.known = here
	sig, failure := b.sem.Function(x.Name.Schema(), x.Name.Last(), ops, x.Star)
	if failure == dialect.NotFound {
		if alt, ok := b.special(name, args, at); ok && x.Name.Schema() == "" {
			sig, failure = alt, dialect.OK
		}
	}
	b.noteArgs(x, sig.Args)
	out := called{sig: sig, args: args, filter: filter}
	out.value.uses, out.value.strict, out.value.volatile = gather(args...)
	out.value.uses = out.value.uses.Union(beside)
	if anyBad(args...) {
		out.value.bad, out.value.null = true, types.Nullable(x.Span(), "unknown")
		if failure == dialect.OK {
			out.value.typ = sig.Returns
			b.placeAggregate(x, sig, out.value.uses, s, before)
		}
		return out
	}
	if failure == dialect.NoMatch && inFromClause && len(args) > 1 && name == "unnest" {
		if b.spread(x, &out, at) {
			return out
		}
	}
	if failure != dialect.OK {
		return b.unresolved(x, name, out, failure, at)
	}
	if sig.Function != nil && len(b.occurs) > 0 {
		b.argumentNames(sig, x, at)
	}
	for i := range args {
		if i < len(sig.Args) {
			b.settle(&args[i], sig.Args[i], at[i])
		}
	}
	aggregate := isAggregate(sig)
	if aggregate && x.Over == nil {
		b.noteAggregate(x)
	}
	if aggregate && x.Over == nil && s.clause.grouped() && s.inAggregate == 0 && (s.empty || s.group != nil && s.group.sets > 0 || !s.known.notNull.Empty()) {
		// Inside an aggregate the columns are those of the rows, not of the groups; what a condition
		// around it knows of the group holds there for the keys alone.
		b.diags = b.diags[:diags]
		s.known = known{}
		if s.group != nil && s.group.sets == 0 {
			s.known.notNull = here.notNull.Intersect(s.group.cols)
		}
		s.inAggregate++
		args, _, at, out.filter, _ = b.arguments(x, name, s)
		for i := range args {
			if i < len(sig.Args) {
				b.settle(&args[i], sig.Args[i], at[i])
			}
		}
		s.inAggregate--
		s.known = here
		out.args = args
	}
	b.placeAggregate(x, sig, out.value.uses, s, before)
	anyValue := name == "any_value" && sig.Kind == catalog.Scalar // MySQL's lets columns stand and is no aggregate
	if anyValue {
		s.lenient(before.bare)
	}
	if sig.Function != nil {
		for i := range args {
			if i < len(sig.Args) && sig.Args[i].Kind == types.Pseudo {
				b.leftOpen(&args[i], at[i])
			}
		}
	}
	v := &out.value
	v.typ = sig.Returns
	v.digits, v.class = sig.Digits, sig.Class
	if sig.Moment {
		v.unsigned, v.moment = args[0].lit, true
	}
	v.set = sig.ReturnsSet
	if v.set && !inFromClause {
		b.placeSet(x, s)
	}
	if inFromClause && s.sets > before.sets {
		b.report(diag.New(diag.MisplacedAggregate, x.Span(), "in FROM a function of several rows is no argument of another"))
	}
	if name == "coalesce" && s.sets > before.sets && b.traits.SetsAnywhere {
		b.report(diag.New(diag.MisplacedAggregate, x.Span(), "a function of several rows can not stand in COALESCE"))
	}
	if name == "grouping" && sig.Function == nil {
		b.groupingArguments(x, args, s)
	}
	if len(sig.Columns) > 0 {
		if len(sig.Columns) == 1 && (!v.typ.Known() || v.typ.Kind == types.Pseudo) {
			v.typ = sig.Columns[0].Type
		} else if len(sig.Columns) > 1 || v.typ.Kind == types.Pseudo {
			v.fields = sig.Columns
		}
	}
	if sig.Volatility == "volatile" || sig.Volatility == "" && sig.Function != nil {
		v.volatile = true
		b.unsteady++
	}
	b.effects.call(name, sig)
	if x.Over != nil {
		seen := s.aggregates
		b.over(x, s)
		s.overAggregates += s.aggregates - seen
	}
	if v.untyped() {
		for i := range args {
			if sig.Null == catalog.NullCoalesce || sig.Null == catalog.NullIfThenElse && i > 0 || sig.Null == catalog.NullNullif && i == 0 {
				v.params = append(v.params, args[i].params...)
			}
		}
	}
	v.null = b.callNull(x, &out, s)
	switch sig.Null {
	case catalog.NullStrict, catalog.NullStrictPartial:
		v.ifTrue, v.ifFalse = v.strict, v.strict
	case catalog.NullFirst:
		v.strict = rel.ColSet{}
		if len(args) > 0 {
			v.strict = args[0].strict
		}
		v.ifTrue, v.ifFalse = v.strict, v.strict
	case catalog.NullCoalesce:
		arms := make([]arm, len(args))
		for i := range args {
			arms[i] = arm{value: &args[i]}
			if len(args) > 1 && (name == "coalesce" || name == "ifnull") {
				b.takesNull(&args[i])
			}
		}
		v.chosen(arms)
	case catalog.NullIfThenElse:
		v.strict = rel.ColSet{}
		if len(args) == 3 || len(args) == 2 {
			arms := []arm{{&args[1], args[0].ifTrue}}
			if len(args) == 3 {
				otherwise := rel.ColSet{}
				if args[0].null.IsNever() {
					otherwise = args[0].ifFalse
				}
				arms = append(arms, arm{&args[2], otherwise})
			}
			v.chosen(arms)
		}
	case catalog.NullNullif:
		v.strict = rel.ColSet{}
		if len(args) > 0 {
			v.strict = args[0].strict
			v.ifTrue, v.ifFalse = args[0].ifTrue.Union(v.strict), args[0].ifFalse.Union(v.strict)
		}
	default:
		v.strict = rel.ColSet{}
	}
	if aggregate || anyValue || x.Over != nil { // of the rows of a group one may be NULL and another not
		v.strict, v.ifTrue, v.ifFalse = rel.ColSet{}, rel.ColSet{}, rel.ColSet{}
	}
	if aggregate {
		b.ofGroup(v, x, sig.Null, s)
	}
	switch {
	case sig.Null == catalog.NullAggregateRows && len(args) > 0 && v.typ.IsArray():
		v.elemNever = args[0].null.IsNever()
		v.elemMaybe = !v.elemNever
		if b.scalar(args[0].typ) {
			v.elements = 1 // of a group with a row; else it is NULL
		}
	case len(args) > 0 && v.typ.IsArray() && sig.Null == catalog.NullCoalesce:
		v.elemNever = true
		for i := range args {
			v.elemNever = v.elemNever && args[i].elemNever
			v.elemMaybe = v.elemMaybe || args[i].elemMaybe
		}
	}
	v.keepElements(name, args, b.opt.NullElements)
	if sig.ReturnsSet && out.elements() {
		v.null = types.NotNull
	}
	switch {
	case sig.Null == catalog.NullCoalesce && (name == "coalesce" || name == "ifnull"):
		v.json = b.chosenJSON(v.typ, args, at, x)
	case sig.Null == catalog.NullIfThenElse && len(args) == 3:
		v.json = b.chosenJSON(v.typ, args[1:], at[1:], x)
	case len(b.traits.JSON) > 0:
		v.json = b.builtJSON(x, name, &out, at, s.sets > before.sets)
	}
	if out.body = b.body(x, &out); out.body != nil {
		out.body.apply(x, &out)
	}
	return out
}

// aggregates tells whether x calls an aggregate, before its arguments are known.
func (b *binder) aggregates(x *ir.FuncCall) bool {
	sig, failure := b.sem.Function(x.Name.Schema(), x.Name.Last(), make([]dialect.Operand, len(x.Args)), x.Star)
	return failure == dialect.OK && isAggregate(sig)
}

// arguments binds a call's arguments; those of WITHIN GROUP follow the direct ones.
func (b *binder) arguments(x *ir.FuncCall, name string, s *scope) (args []value, ops []dialect.Operand, at []ir.Expr, filter value, beside rel.ColSet) {
	n := len(x.Args) + len(x.Within)
	args = make([]value, 0, n)
	ops = make([]dialect.Operand, 0, n)
	at = make([]ir.Expr, 0, n)
	named := ""
	bind := func(e ir.Expr) value {
		if st, ok := e.(*ir.Star); ok {
			return b.starArgument(st, s)
		}
		if choice[name] {
			if name == "if" || name == "iif" {
				b.testing++
				defer func() { b.testing-- }()
			}
			return b.expr(e, s)
		}
		var v value
		p := b.funcPlace(name)
		if named != "" {
			p = place{kind: placeNamed, name: named}
		}
		if name == "nullif" && len(x.Args) == 2 {
			p = place{kind: placeOp, l: x.Args[0].X, r: x.Args[1].X}
		}
		b.within(p, func() { v = b.expr(e, s) })
		return v
	}
	if x.Filter != nil {
		if x.Over == nil {
			s.inAggregate++
		}
		filter = b.predicateHere(x.Filter, s, "FILTER")
		beside = filter.uses
		if x.Over == nil {
			s.inAggregate--
		}
	}
	var before rel.ColSet // COALESCE takes a value where those before it are NULL
	for i := range x.Args {
		a := &x.Args[i]
		named = ""
		if a.Name != nil {
			named = a.Name.Name
		}
		var v value
		switch {
		case i == 1 && (name == "if" || name == "iif"):
			b.given(s, args[0].ifTrue, func() { v = bind(a.X) })
		case i == 2 && (name == "if" || name == "iif") && args[0].null.IsNever():
			b.given(s, args[0].ifFalse, func() { v = bind(a.X) })
		default: // an aggregate has the rows that its FILTER leaves
			b.given(s, filter.ifTrue.Union(before), func() { v = bind(a.X) })
		}
		if name == "coalesce" || name == "ifnull" {
			before = before.Union(b.isNull(v.col, s))
		}
		if i == 0 && (name == "if" || name == "iif") {
			b.condition(&v, a.X, strings.ToUpper(name))
		}
		o := v.operand()
		if a.Name != nil {
			o.Name = a.Name.Name
		}
		o.Variadic = a.Variadic
		args, ops, at = append(args, v), append(ops, o), append(at, a.X)
	}
	named = ""
	for i := range x.Within {
		v := bind(x.Within[i].X)
		args, ops, at = append(args, v), append(ops, v.operand()), append(at, x.Within[i].X)
	}
	s.inAggregate++
	for i := range x.OrderBy {
		if l, ok := x.OrderBy[i].X.(*ir.Literal); ok && b.traits.AggregatePositions && l.Kind == ir.Integer {
			if n, err := strconv.Atoi(l.Text); (err != nil || n < 1 || n > len(x.Args)) && !hasNull(args) {
				b.report(diag.New(diag.UnknownColumn, l.Span(), "ORDER BY position %s is not among the %d arguments of GROUP_CONCAT", l.Text, len(x.Args)))
			}
		}
		v := b.expr(x.OrderBy[i].X, s)
		beside = beside.Union(v.uses)
		b.settle(&v, b.sem.Result(types.Type{Name: "unknown", Kind: types.Unknown}), x.OrderBy[i].X)
	}
	if x.Separator != nil {
		v := b.expr(x.Separator, s)
		b.settle(&v, b.sem.Literal(&ir.Literal{Kind: ir.String}), x.Separator)
	}
	s.inAggregate--
	return args, ops, at, filter, beside
}

// hasNull tells whether one of vs is the constant NULL, or made of it: GROUP_CONCAT of such looks
// at nothing else.
func hasNull(vs []value) bool {
	for i := range vs {
		if vs[i].null.Null == types.Always && vs[i].uses.Empty() {
			return true
		}
	}
	return false
}

// predicateHere binds a condition without leaving the clause.
func (b *binder) predicateHere(x ir.Expr, s *scope, where string) value {
	v := b.expr(x, s)
	b.condition(&v, x, where)
	return v
}

// starArgument is t.* as an argument: the whole row.
func (b *binder) starArgument(x *ir.Star, s *scope) value {
	if len(x.Qualifier) == 0 {
		b.report(diag.New(diag.TypeMismatch, x.Span(), "* is no argument"))
		return value{bad: true}
	}
	name := x.Qualifier[len(x.Qualifier)-1].Name
	for t := s; t != nil; t = t.parent {
		if r := t.relationNamed("", name, b.traits.CaselessNames); r != nil {
			if r.bad {
				return value{bad: true}
			}
			return b.wholeRow(r, t, x)
		}
	}
	b.report(diag.New(diag.UnknownTable, x.Span(), "no table or alias %q in this FROM", name))
	return value{bad: true}
}

// argumentNames names parameters that stand directly as arguments by the function's own
// argument names.
func (b *binder) argumentNames(sig dialect.Signature, x *ir.FuncCall, at []ir.Expr) {
	i := 0
	for _, fa := range sig.Function.Args {
		if fa.Mode == "OUT" {
			continue
		}
		if i >= len(at) || i < len(x.Args) && x.Args[i].Name != nil {
			return // named arguments have their names already
		}
		if p, ok := at[i].(*ir.Param); ok && fa.Name != "" && p.Ref >= 0 && p.Ref < len(b.occurs) {
			if pl := b.occurs[p.Ref].place; pl != nil && pl.kind == placeNamed && pl.col == nil {
				pl.name = fa.Name
			}
		}
		i++
	}
}

// special types the forms that a grammar treats specially, where the dialect does not
// list them as functions.
func (b *binder) special(name string, args []value, at []ir.Expr) (dialect.Signature, bool) {
	common := func(vs []value, rule catalog.NullRule) (dialect.Signature, bool) {
		t, ok := b.sem.Common(operands(vs))
		sig := dialect.Signature{Returns: t, Null: rule, Volatility: "immutable"}
		for range vs {
			sig.Args = append(sig.Args, t)
		}
		return sig, ok
	}
	switch name {
	case "coalesce", "ifnull":
		return common(args, catalog.NullCoalesce)
	case "greatest", "least":
		return common(args, catalog.NullStrict)
	case "nullif":
		if len(args) == 2 {
			sig, ok := common(args, catalog.NullNullif)
			if !args[0].untyped() {
				sig.Returns = args[0].typ
			}
			return sig, ok
		}
	case "if", "iif":
		if len(args) == 3 {
			sig, ok := common(args[1:], catalog.NullIfThenElse)
			sig.Args = append([]types.Type{b.traits.BoolType}, sig.Args...)
			return sig, ok
		}
	case "values":
		if len(args) == 1 {
			return dialect.Signature{Args: []types.Type{args[0].typ}, Returns: args[0].typ, Null: catalog.NullFirst, Volatility: "immutable"}, true
		}
	case "grouping":
		return dialect.Signature{Returns: b.sem.Literal(&ir.Literal{Kind: ir.Integer, Text: "1"}), Null: catalog.NullNever, Volatility: "immutable"}, true
	}
	return dialect.Signature{}, false
}

// spread resolves f(a, b) in FROM as f(a) beside f(b).
func (b *binder) spread(x *ir.FuncCall, out *called, at []ir.Expr) bool {
	var vs []value
	for i := range out.args {
		sig, failure := b.sem.Function(x.Name.Schema(), x.Name.Last(), operands(out.args[i:i+1]), false)
		if failure != dialect.OK || !sig.ReturnsSet {
			return false
		}
		if len(sig.Args) > 0 {
			b.settle(&out.args[i], sig.Args[0], at[i])
		}
		vs = append(vs, value{typ: sig.Returns})
	}
	out.spread = vs
	return true
}

// unresolved reports a call that no function fits.
func (b *binder) unresolved(x *ir.FuncCall, name string, out called, failure dialect.Failure, at []ir.Expr) called {
	out.unknown = true
	out.value.null = types.Nullable(x.Span(), "unknown function "+x.Name.Last())
	out.value.strict = rel.ColSet{}
	out.value.volatile = true
	b.effects.unknown(x.Name.String())
	var d diag.Diagnostic
	if failure == dialect.NotFound {
		d = near(diag.New(diag.UnknownFunction, x.Name.Span(), "no function %q", x.Name.String()), x.Name.Last(), b.sem.FunctionNames()).
			WithHelp("one that is made elsewhere is declared in a covetsql.yaml: functions: [\"%s(…) returns …\"]", x.Name.String())
		if b.traits.StoredFunctions {
			d = d.WithHelp("or by the schema: CREATE FUNCTION, or what covetsql introspect reads from the live database")
		}
	} else {
		for i := range out.args {
			if len(out.args[i].params) > 0 && !out.args[i].untyped() && failure == dialect.NoMatch && len(out.args) == 1 {
				if b.conflict(&out.args[i], types.Type{Name: "another type"}, at[i]) {
					out.value.bad = true
					return out
				}
			}
		}
		var have []string
		for i := range out.args {
			t := out.args[i].typ.String()
			if out.args[i].untyped() {
				t = "unknown"
			}
			have = append(have, t)
		}
		why := "no function %s takes (%s)"
		if failure == dialect.Ambiguous {
			why = "several functions %s take (%s) equally well"
		}
		d = diag.New(diag.NoFunctionMatch, x.Span(), why, x.Name.String(), strings.Join(have, ", "))
		for i, c := range b.sem.Candidates(x.Name.Schema(), x.Name.Last()) {
			if i == 6 {
				d = d.WithHelp("…")
				break
			}
			d = d.WithHelp("there is %s", c)
		}
	}
	if b.opt.LaxFunctions {
		d.Severity = diag.Warning
	} else {
		out.value.bad = true
	}
	b.report(d)
	return out
}

// placeAggregate checks where an aggregate stands and counts it.
func (b *binder) placeAggregate(x *ir.FuncCall, sig dialect.Signature, uses rel.ColSet, s *scope, before tallies) {
	aggregate := isAggregate(sig)
	b.nested(x, aggregate, before, s)
	if x.Over != nil {
		s.windowCalls++
	}
	switch {
	case sig.Kind == catalog.Scalar && (x.Over != nil || x.Filter != nil || len(x.Within) > 0):
		word := "FILTER"
		if x.Over != nil {
			word = "OVER"
		} else if len(x.Within) > 0 {
			word = "WITHIN GROUP"
		}
		b.report(diag.New(diag.MisplacedAggregate, x.Span(), "%s needs an aggregate or window function; %s is none", word, x.Name.Last()))
	case x.Over != nil:
		if !sig.Subtypes {
			s.overAggregates += s.aggregates - before.aggregates
		}
		if !s.clause.grouped() && !(s.clause == inValues && b.traits.LooseGroupBy) || s.clause == inHaving {
			b.misplaced(x, "window function", x.Name.Last(), s.clause.String())
		}
	case sig.Kind == catalog.WindowFunc:
		b.report(diag.New(diag.MisplacedAggregate, x.Span(), "window function %s needs an OVER clause", x.Name.Last()))
	case aggregate:
		if s.aggregates > before.aggregates {
			b.report(diag.New(diag.MisplacedAggregate, x.Span(), "aggregates can not be nested"))
		}
		owner, marks := s.owner(uses, before.bare)
		if b.traits.AggregatesStayInside && !owner.clause.grouped() {
			owner, marks = s.within(owner, before.bare)
		}
		if !owner.clause.grouped() {
			b.misplaced(x, "aggregate", x.Name.Last(), owner.clause.String())
			return
		}
		owner.aggregates++
		if len(marks) > 0 && marks[0] <= len(owner.bare) {
			owner.bare = owner.bare[:marks[0]]
		}
	}
}

// owner is the block that an aggregate over what uses names belongs to: the innermost one
// whose columns are among them, s where it names none (SQL:2016 6.10, <aggregate function>).
// marks are those of the blocks from s outwards, which it gives from the owner's on.
func (s *scope) owner(uses rel.ColSet, marks []int) (*scope, []int) {
	if uses.Empty() || uses.Intersects(s.local) {
		return s, marks
	}
	for i, t := 1, s.parent; t != nil; i, t = i+1, t.parent {
		if uses.Intersects(t.local) {
			return t, marks[min(i, len(marks)):]
		}
	}
	return s, marks
}

// within is the block that an aggregate stays in which owner can not have: the next one around s that can,
// s where there is none.
func (s *scope) within(owner *scope, marks []int) (*scope, []int) {
	for i, t := 1, s.parent; t != nil && t != owner; i, t = i+1, t.parent {
		if t.clause.grouped() {
			return t, marks[min(i, len(marks)):]
		}
	}
	return s, marks
}

// bareMarks are how many bare columns each block has seen, from s outwards.
func (s *scope) bareMarks() []int {
	var out []int
	for t := s; t != nil; t = t.parent {
		out = append(out, len(t.bare))
	}
	return out
}

// lenient lets what bare columns stand behind the marks stand without a group that determines them.
func (s *scope) lenient(marks []int) {
	for i, t := 0, s; t != nil && i < len(marks); i, t = i+1, t.parent {
		for _, r := range t.bare[min(marks[i], len(t.bare)):] {
			if r.in == inHaving && !r.aliased {
				t.having = append(t.having, r)
			}
		}
		if len(t.bare) > marks[i] {
			t.bare, t.loose = t.bare[:marks[i]], true
		}
	}
}

// outerAggregate tells whether an aggregate belongs to an outer query: one that reads only
// columns from around s.
func (s *scope) outerAggregate(uses rel.ColSet) bool {
	owner, _ := s.owner(uses, nil)
	return owner != s
}
