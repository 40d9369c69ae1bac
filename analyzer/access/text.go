package access

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

// sameText tells whether an expression of the schema and one of the query over the table's columns are the same.
func (a *Access) sameText(schema, query ir.Expr) bool {
	return a.text(schema) == a.text(query)
}

// text writes an expression so that the same ones are written alike, whether names in it are qualified or not.
func (a *Access) text(x ir.Node) string {
	a.memo.mutex.Lock()
	out, ok := a.memo.text[x]
	a.memo.mutex.Unlock()
	if ok {
		return out
	}
	var b strings.Builder
	printer{a}.print(&b, reflect.ValueOf(x))
	a.memo.mutex.Lock()
	a.memo.text[x] = b.String()
	a.memo.mutex.Unlock()
	return b.String()
}

type printer struct{ *Access }

var (
	atType    = reflect.TypeFor[ir.At]()
	identType = reflect.TypeFor[ir.Ident]()
)

func (p printer) print(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			b.WriteString("-")
			return
		}
		switch x := v.Interface().(type) {
		case *ir.ColumnRef:
			b.WriteString("#" + fold(x.Parts[len(x.Parts)-1].Name))
			return
		case *ir.Param:
			if q := p.Query.Param(x); q != nil {
				fmt.Fprintf(b, "$%d", q.Number)
				return
			}
		case *ir.Literal:
			fmt.Fprintf(b, "'%s'", x.Text)
			return
		case *ir.Cast:
			_, constant := x.X.(*ir.Literal)
			if constant || p.engine.casts != nil && slices.Contains(relabeled, fold(x.Type.Name.Last())) {
				p.print(b, reflect.ValueOf(x.X))
				return
			}
		case *ir.Not: // NOT x is x = false
			b.WriteString("(=,")
			p.print(b, reflect.ValueOf(x.X))
			b.WriteString(",'false')")
			return
		case *ir.FuncCall:
			fmt.Fprintf(b, "%s(", fold(x.Name.Last()))
			for _, arg := range x.Args {
				p.print(b, reflect.ValueOf(arg.X))
				b.WriteString(",")
			}
			b.WriteString(")")
			return
		case *ir.Binary:
			l, op, r := p.text(x.L), x.Op, p.text(x.R)
			if op == "=" && r == "'true'" {
				b.WriteString(l)
				return
			}
			if s := ops[op].swapped; s != "" && strings.HasPrefix(l, "'") {
				l, op, r = r, s, l
			}
			fmt.Fprintf(b, "(%s,%s,%s)", op, l, r)
			return
		}
		p.print(b, v.Elem())
	case reflect.Slice:
		b.WriteString("[")
		for i := range v.Len() {
			p.print(b, v.Index(i))
			b.WriteString(" ")
		}
		b.WriteString("]")
	case reflect.Struct:
		if v.Type() == identType {
			b.WriteString(fold(v.Interface().(ir.Ident).Name))
			return
		}
		b.WriteString(v.Type().Name() + "(")
		for i := range v.NumField() {
			if v.Type().Field(i).Type != atType && v.Type().Field(i).IsExported() {
				p.print(b, v.Field(i))
				b.WriteString(",")
			}
		}
		b.WriteString(")")
	default:
		fmt.Fprintf(b, "%v", v.Interface())
	}
}

// relabeled are the types that PostgreSQL writes casts to into expressions which it keeps, where they change nothing.
var relabeled = []string{"text", "varchar"}

// Implies tells whether the access's conditions make a partial index's condition true.
func (a *Access) Implies(where ir.Expr) bool {
	for _, want := range rule.Conjuncts(where) {
		if !a.implies(want) {
			return false
		}
	}
	return true
}

func (a *Access) implies(want ir.Expr) bool {
	for _, d := range rule.Disjuncts(want) {
		if d != want && a.implies(d) {
			return true
		}
	}
	if t, ok := want.(*ir.IsTest); ok && t.What == "NULL" && t.Not {
		return a.rejectsNull(t.X)
	}
	text := a.text(want)
	among := a.among(want)
	for i := range a.Conds {
		c := &a.Conds[i]
		if c.Optional != nil || c.Within != nil {
			continue
		}
		x, ok := c.X.(ir.Expr)
		if !ok {
			continue
		}
		if a.text(x) == text || a.argued(want, c) {
			return true
		}
		if c.Op == Equal || c.Op == In {
			inside := len(among) > 0 && len(c.Values) > 0 && c.Key != nil
			for _, v := range c.Values {
				inside = inside && slices.Contains(among, a.text(c.Key)+"="+a.text(v))
			}
			if inside {
				return true
			}
		}
	}
	// A condition that is none on a key of the table: status <> 'done' and the like, kept as they are.
	for _, c := range a.plain() {
		if a.text(c) == text {
			return true
		}
	}
	return false
}

// argued tells of a condition that gives the one column of want the value of an argument: a plan for one call sees whether it fits.
func (a *Access) argued(want ir.Expr, c *Cond) bool {
	if c.Op != Equal && c.Op != In || c.Wrap != Bare || c.Column == nil || len(c.Values) == 0 {
		return false
	}
	for _, v := range c.Values {
		if a.Query.Value(v).Constant != nil {
			return false
		}
	}
	same, others := false, false
	ir.Walk(want, func(n ir.Node) bool {
		if ref, ok := n.(*ir.ColumnRef); ok {
			if fold(ref.Parts[len(ref.Parts)-1].Name) == fold(c.Column.Name) {
				same = true
			} else {
				others = true
			}
		}
		return true
	})
	return same && !others
}

// among lists the values that a condition of a partial index allows a key: x = 'a', x IN ('a', 'b').
func (a *Access) among(want ir.Expr) (out []string) {
	switch x := want.(type) {
	case *ir.Binary:
		if x.Op == "=" {
			return []string{a.text(x.L) + "=" + a.text(x.R)}
		}
	case *ir.In:
		if !x.Not {
			for _, v := range x.List {
				out = append(out, a.text(x.X)+"="+a.text(v))
			}
		}
	case *ir.Quantified:
		if array, ok := x.Array.(*ir.Array); ok && x.Op == "=" && !x.All {
			for _, v := range array.Items {
				out = append(out, a.text(x.X)+"="+a.text(v))
			}
		}
	case *ir.Logical:
		if x.Op == "OR" {
			for _, d := range x.Args {
				one := a.among(d)
				if one == nil {
					return nil
				}
				out = append(out, one...)
			}
		}
	}
	return out
}

// plain lists the conjuncts of the access's block.
func (a *Access) plain() []ir.Expr {
	switch n := a.Block.Query.(type) {
	case *ir.Select:
		return rule.Conjuncts(n.Where)
	case *ir.Update:
		return rule.Conjuncts(n.Where)
	case *ir.Delete:
		return rule.Conjuncts(n.Where)
	}
	return nil
}

// rejectsNull tells whether no row is taken in which an expression of the schema is NULL.
func (a *Access) rejectsNull(x ir.Expr) bool {
	ref, ok := x.(*ir.ColumnRef)
	if !ok {
		return false
	}
	name := ref.Parts[len(ref.Parts)-1].Name
	col := a.Table.Column(name, a.Query.Package.Traits.CaselessNames)
	if col == nil {
		return false
	}
	if col.NotNull {
		return true
	}
	for _, c := range a.Conds {
		if c.Column == col && c.Optional == nil && c.Within == nil && (c.Op != Other && c.Op != Null && c.Op != Either || c.Operator == "IS NOT NULL") && c.Operator != "IS NOT DISTINCT FROM" && c.Operator != "<=>" {
			return true
		}
	}
	for _, x := range a.plain() {
		found := false
		a.Query.Value(x).IfTrue.Each(func(id rel.ColID) {
			if a.Relation.Columns.Has(id) && a.Query.ByID(id).Source == col {
				found = true
			}
		})
		if found {
			return true
		}
	}
	return false
}

// HasExpression tells whether an index of the table begins with an expression.
func (a *Access) HasExpression(x ir.Expr) bool {
	for _, p := range a.Paths {
		if p.Ordered() && len(p.Parts) > 0 && p.Parts[0].Column == "" && p.Parts[0].X != nil && a.sameText(p.Parts[0].X, x) {
			return true
		}
	}
	return false
}
