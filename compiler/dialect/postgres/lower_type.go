package postgres

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	pg "github.com/pganalyze/pg_query_go/v5"
)

// serialSpellings are the spellings of serial columns, by the name that the catalog knows.
var serialSpellings = map[string]string{"serial4": "serial", "serial8": "bigserial", "serial2": "smallserial"}

// intervalFields are the words that may follow INTERVAL or its literal.
var intervalFields = []string{"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO"}

// typeName lowers a type. Its range is nowhere where the grammar made the type up.
func (l *lowerer) typeName(t *pg.TypeName) (ir.TypeName, rng) {
	if t == nil {
		return ir.TypeName{}, nowhere
	}
	parts := strs(t.Names)
	if len(parts) > 1 && parts[0] == "pg_catalog" {
		parts = parts[1:]
	}
	if len(parts) == 1 {
		if s, ok := serialSpellings[parts[0]]; ok {
			parts = []string{s}
		}
	}
	out := ir.TypeName{Dims: uint8(min(len(t.ArrayBounds), 6)), SetOf: t.Setof, PercentType: t.PctType}
	r := l.typeRange(t)
	if !r.ok() {
		out.Name = ir.Name{At: l.pos(l.fallback)}
		for _, p := range parts {
			out.Name.Parts = append(out.Name.Parts, ir.Ident{At: l.pos(l.fallback), Name: p})
		}
		out.At = l.pos(l.fallback)
		return out, r
	}
	start := r
	if l.is(r.lo, "SETOF") {
		start.lo++
	}
	out.Raw = l.source(start)
	// A written pg_catalog has dropped out of the parts: its token is passed over.
	first := start.lo
	if len(parts) < len(t.Names) && l.char(first+1) == '.' {
		first += 2
	}
	out.Name, _ = l.name(first, parts...)
	isInterval := len(parts) == 1 && parts[0] == "interval"
	for i, m := range t.Typmods {
		if n, ok := constInt(m); ok && (!isInterval || i > 0) && l.writtenConst(m) {
			out.Mods = append(out.Mods, n)
		}
	}
	out.At = l.pos(r)
	return out, r
}

// writtenConst tells constants of the user from those that the grammar adds: char is char(1).
func (l *lowerer) writtenConst(n *pg.Node) bool {
	c := n.GetAConst()
	return c != nil && c.Location >= 0
}

// typeRange finds where a written type ends.
func (l *lowerer) typeRange(t *pg.TypeName) rng {
	r := l.at(t.Location)
	if !r.ok() {
		return r
	}
	if l.is(r.hi, "SETOF") {
		r.hi++
	} else if t.Setof && l.is(r.lo-1, "SETOF") {
		r.lo--
	}
	modifiers := func() {
		if l.char(r.hi+1) == '(' {
			r.hi = l.closing(r.hi + 1)
		}
	}
	varying := func() {
		if l.is(r.hi+1, "VARYING") {
			r.hi++
		}
		modifiers()
	}
	switch {
	case l.char(r.hi+1) == '.':
		r.hi = l.dotted(r.hi).hi
		modifiers()
	case l.are(r.hi, "DOUBLE", "PRECISION"):
		r.hi++
	case l.is(r.hi, "NATIONAL") && l.isAny(r.hi+1, "CHARACTER", "CHAR"):
		r.hi++
		varying()
	case l.isAny(r.hi, "CHARACTER", "CHAR", "NCHAR", "BIT"):
		varying()
	case l.isAny(r.hi, "TIME", "TIMESTAMP"):
		modifiers()
		if l.isAny(r.hi+1, "WITH", "WITHOUT") && l.are(r.hi+2, "TIME", "ZONE") {
			r.hi += 3
		}
	case l.is(r.hi, "INTERVAL"):
		modifiers()
		if len(t.Typmods) > 0 {
			r.hi = l.fields(r.hi)
		}
	default:
		modifiers()
	}
	if t.PctType && l.is(r.hi+2, "TYPE") {
		r.hi += 2
	}
	for range t.ArrayBounds {
		if l.is(r.hi+1, "ARRAY") {
			r.hi++
		}
		if l.char(r.hi+1) == '[' {
			r.hi = l.closing(r.hi + 1)
		}
	}
	return r
}

// fields passes over the interval fields behind token i.
func (l *lowerer) fields(i int) int {
	for l.isAny(i+1, intervalFields...) {
		i++
		if l.is(i, "SECOND") && l.char(i+1) == '(' {
			i = l.closing(i + 1)
		}
	}
	return i
}

// strs are the strings of a list of names.
func strs(list []*pg.Node) []string {
	out := make([]string, 0, len(list))
	for _, n := range list {
		if s := n.GetString_(); s != nil {
			out = append(out, s.Sval)
		}
	}
	return out
}

func constInt(n *pg.Node) (int32, bool) {
	c := n.GetAConst()
	if c == nil || c.Isnull {
		return 0, false
	}
	if v, ok := c.Val.(*pg.A_Const_Ival); ok {
		return v.Ival.GetIval(), true
	}
	return 0, false
}

// verbOf is the first words of a range in capitals, up to n of them.
func (l *lowerer) verbOf(r rng, n int) string {
	var words []string
	for i := r.lo; i >= 0 && i <= r.hi && len(words) < n && l.isWord(i); i++ {
		words = append(words, strings.ToUpper(l.text(i)))
	}
	return strings.Join(words, " ")
}
