package postgres

import (
	"strconv"

	"github.com/covetsql/covetsql/compiler/ir"
	pg "github.com/pganalyze/pg_query_go/v5"
)

// form lowers what the grammar treats specially as a call by its standard name: the word
// at location, then brackets.
func (l *lowerer) form(name string, location int32, args ...*pg.Node) (ir.Expr, rng) {
	f, r := l.formCall(name, location)
	f.Args = l.args(args, false)
	return f, r
}

func (l *lowerer) formCall(name string, location int32) (*ir.FuncCall, rng) {
	r := l.or(l.at(location))
	n, _ := l.name(r.lo, name)
	if l.char(r.lo+1) == '(' {
		r.hi = l.closing(r.lo + 1)
	}
	return &ir.FuncCall{At: l.pos(r), Name: n}, r
}

// args lowers arguments; variadic marks the last as VARIADIC.
func (l *lowerer) args(list []*pg.Node, variadic bool) []ir.Arg {
	if len(list) == 0 {
		return nil
	}
	out := make([]ir.Arg, 0, len(list))
	for i, n := range list {
		a := ir.Arg{Variadic: variadic && i == len(list)-1}
		if named := n.GetNamedArgExpr(); named != nil {
			id := l.ident(l.or(l.at(named.Location)).lo, named.Name)
			a.Name, n = &id, named.Arg
		}
		a.X = l.value(n)
		if a.X != nil {
			out = append(out, a)
		}
	}
	return out
}

var valueFunctions = map[pg.SQLValueFunctionOp]string{
	pg.SQLValueFunctionOp_SVFOP_CURRENT_DATE:        "current_date",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_TIME:        "current_time",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_TIME_N:      "current_time",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_TIMESTAMP:   "current_timestamp",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_TIMESTAMP_N: "current_timestamp",
	pg.SQLValueFunctionOp_SVFOP_LOCALTIME:           "localtime",
	pg.SQLValueFunctionOp_SVFOP_LOCALTIME_N:         "localtime",
	pg.SQLValueFunctionOp_SVFOP_LOCALTIMESTAMP:      "localtimestamp",
	pg.SQLValueFunctionOp_SVFOP_LOCALTIMESTAMP_N:    "localtimestamp",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_ROLE:        "current_role",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_USER:        "current_user",
	pg.SQLValueFunctionOp_SVFOP_USER:                "user",
	pg.SQLValueFunctionOp_SVFOP_SESSION_USER:        "session_user",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_CATALOG:     "current_catalog",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_SCHEMA:      "current_schema",
}

// valueFunction lowers CURRENT_TIMESTAMP and its like; a written precision is its argument.
func (l *lowerer) valueFunction(f *pg.SQLValueFunction) (ir.Expr, rng) {
	c, r := l.formCall(valueFunctions[f.Op], f.Location)
	if l.char(r.lo+1) == '(' {
		c.Args = []ir.Arg{{X: &ir.Literal{At: l.pos(l.one(r.lo + 2)), Kind: ir.Integer, Text: strconv.Itoa(int(f.Typmod))}}}
	} else {
		c.NoParens = true
	}
	return c, r
}

func (l *lowerer) call(f *pg.FuncCall) (ir.Expr, rng) {
	r := l.or(l.at(f.Location))
	saved := l.fallback
	l.fallback = r
	defer func() { l.fallback = saved }()
	parts := strs(f.Funcname)
	if f.Funcformat == pg.CoercionForm_COERCE_SQL_SYNTAX {
		return l.special(f, r, parts[len(parts)-1])
	}
	name, nr := l.name(r.lo, parts...)
	c := &ir.FuncCall{Name: name}
	r = l.callParts(c, f, nr.hi+1, nr)
	c.At = l.pos(r)
	return c, r
}

// callParts lowers everything from the opening bracket on and returns the call's range.
func (l *lowerer) callParts(c *ir.FuncCall, f *pg.FuncCall, open int, r rng) rng {
	if l.char(open) != '(' {
		c.Args = l.args(f.Args, f.FuncVariadic)
		return r
	}
	r.hi = l.closing(open)
	c.Args = l.args(f.Args, f.FuncVariadic)
	c.Star, c.Distinct = f.AggStar, f.AggDistinct
	if f.AggWithinGroup {
		if l.are(r.hi+1, "WITHIN", "GROUP") {
			open = r.hi + 3
			r.hi = l.closing(open)
		}
		c.Within = l.orderBy(f.AggOrder, open)
	} else {
		c.OrderBy = l.orderBy(f.AggOrder, open)
	}
	return l.filterAndOver(c, f.AggFilter, f.Over, r)
}

func (l *lowerer) filterAndOver(c *ir.FuncCall, filter *pg.Node, over *pg.WindowDef, r rng) rng {
	if filter != nil {
		c.Filter = l.value(filter)
		if l.is(r.hi+1, "FILTER") {
			r.hi = l.closing(r.hi + 2)
		}
	}
	if over != nil {
		if l.is(r.hi+1, "OVER") {
			r.hi++
		}
		w, wr := l.over(over)
		c.Over = &w
		r = l.cover(r, wr)
	}
	return r
}

// special lowers the calls that have a syntax of their own: EXTRACT, AT TIME ZONE …
func (l *lowerer) special(f *pg.FuncCall, r rng, name string) (ir.Expr, rng) {
	n, _ := l.name(r.lo, name)
	c := &ir.FuncCall{Name: n}
	switch {
	case l.char(r.lo+1) == '(' && !l.is(r.lo, "OVERLAPS"):
		r.hi = l.closing(r.lo + 1)
	case l.are(r.lo, "COLLATION", "FOR"):
		r.hi = l.closing(r.lo + 2)
	case name == "system_user":
		c.NoParens = true
	case name == "is_normalized" && len(f.Args) > 0:
		x, xr := l.expr(f.Args[0])
		tail := rng{r.lo, l.afterIs(r.lo)}
		r = l.cover(xr, tail)
		return &ir.IsTest{At: l.pos(r), X: x, What: "NORMALIZED"}, r
	default: // an infix form
		var args rng
		c.Args, args = l.infix(f.Args)
		r = l.cover(r, args)
		c.At = l.pos(r)
		return c, r
	}
	c.Args = l.args(f.Args, f.FuncVariadic)
	c.At = l.pos(r)
	return c, r
}

func (l *lowerer) infix(list []*pg.Node) ([]ir.Arg, rng) {
	args := make([]ir.Arg, 0, len(list))
	r := nowhere
	for _, a := range list {
		x, xr := l.expr(a)
		args = append(args, ir.Arg{X: x})
		r = l.cover(r, xr)
	}
	return args, r
}

// over lowers OVER w or OVER (…).
func (l *lowerer) over(w *pg.WindowDef) (ir.Window, rng) {
	r := l.or(l.at(w.Location))
	if l.char(r.lo) != '(' {
		id := l.ident(r.lo, w.Name)
		return ir.Window{At: l.pos(r), Ref: &id}, r
	}
	r.hi = l.closing(r.lo)
	out := l.window(w, r)
	return out, r
}

// window lowers what stands in the brackets r of a window specification.
func (l *lowerer) window(w *pg.WindowDef, r rng) ir.Window {
	out := ir.Window{At: l.pos(r)}
	behind := r.lo + 1
	if w.Refname != "" {
		out.Ref = l.optIdent(behind, w.Refname)
		behind++
	}
	if len(w.PartitionClause) > 0 {
		items, pr := l.exprs(w.PartitionClause)
		out.Partition = items
		behind = max(behind, l.next(pr, r.lo))
	}
	if len(w.OrderClause) > 0 {
		var or rng
		out.OrderBy, or = l.orderItems(w.OrderClause, r.lo)
		behind = max(behind, or.hi+1)
	}
	if w.FrameOptions&frameNonDefault != 0 && l.isAny(behind, "ROWS", "RANGE", "GROUPS") {
		out.Frame = l.frame(w, rng{behind, max(r.hi-1, behind)})
	}
	return out
}

// The bits of WindowDef.FrameOptions, as nodes/parsenodes.h numbers them.
const (
	frameNonDefault = 0x1
	frameRange      = 0x2
	frameRows       = 0x4
	frameGroups     = 0x8
	frameBetween    = 0x10
)

var (
	frameStarts = []frameBit{{0x20, "UNBOUNDED PRECEDING"}, {0x80, "UNBOUNDED FOLLOWING"}, {0x200, "CURRENT ROW"}, {0x800, "PRECEDING"}, {0x2000, "FOLLOWING"}}
	frameEnds   = []frameBit{{0x40, "UNBOUNDED PRECEDING"}, {0x100, "UNBOUNDED FOLLOWING"}, {0x400, "CURRENT ROW"}, {0x1000, "PRECEDING"}, {0x4000, "FOLLOWING"}}
	frameUnits  = []frameBit{{frameRange, "RANGE"}, {frameRows, "ROWS"}, {frameGroups, "GROUPS"}}
	frameLeft   = []frameBit{{0x8000, "CURRENT ROW"}, {0x10000, "GROUP"}, {0x20000, "TIES"}}
)

type frameBit struct {
	bit  int32
	word string
}

func frameWord(options int32, of []frameBit) string {
	for _, b := range of {
		if options&b.bit != 0 {
			return b.word
		}
	}
	return ""
}

func (l *lowerer) frame(w *pg.WindowDef, r rng) *ir.Frame {
	f := &ir.Frame{At: l.pos(r), Unit: frameWord(w.FrameOptions, frameUnits), Exclude: frameWord(w.FrameOptions, frameLeft)}
	f.Start = ir.Bound{Kind: frameWord(w.FrameOptions, frameStarts), X: l.value(w.StartOffset)}
	if w.FrameOptions&frameBetween != 0 {
		f.End = ir.Bound{Kind: frameWord(w.FrameOptions, frameEnds), X: l.value(w.EndOffset)}
	}
	if f.Exclude == "" && l.find(r.lo, r.hi, "EXCLUDE") >= 0 {
		f.Exclude = "NO OTHERS"
	}
	return f
}
