package rule

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/token"
)

// Conjuncts are the conditions that all hold where x does: AND is taken apart. Of nil there is none.
func Conjuncts(x ir.Expr) []ir.Expr { return flat(x, "AND") }

// Disjuncts are the conditions of which one holds where x does: OR is taken apart.
func Disjuncts(x ir.Expr) []ir.Expr { return flat(x, "OR") }

func flat(x ir.Expr, op string) []ir.Expr {
	if x == nil {
		return nil
	}
	l, ok := x.(*ir.Logical)
	if !ok || l.Op != op {
		return []ir.Expr{x}
	}
	var out []ir.Expr
	for _, a := range l.Args {
		out = append(out, flat(a, op)...)
	}
	return out
}

// Clause is where in a block a condition stands.
type Clause uint8

// The clauses with conditions.
const (
	Where Clause = iota
	On           // of a join
	Having
	FilterClause // of an aggregate
	When         // of CASE
)

// Condition is a condition of a query, whole.
type Condition struct {
	X      ir.Expr
	Clause Clause
	// Block is the query that it stands in; Join the join of an On.
	Block *sem.Block
	Join  *ir.Join
}

// Conditions lists the conditions of all blocks.
func (q *Query) Conditions() []Condition {
	var out []Condition
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		add := func(x ir.Expr, c Clause, j *ir.Join) {
			if x != nil {
				out = append(out, Condition{X: x, Clause: c, Block: in, Join: j})
			}
		}
		switch n := n.(type) {
		case *ir.Select:
			add(n.Where, Where, nil)
			add(n.Having, Having, nil)
		case *ir.Update:
			add(n.Where, Where, nil)
		case *ir.Delete:
			add(n.Where, Where, nil)
		case *ir.Merge:
			add(n.On, On, nil)
		case *ir.MergeWhen:
			add(n.And, Where, nil)
		case *ir.OnConflict:
			add(n.UpdateIf, Where, nil)
		case *ir.Join:
			add(n.On, On, n)
		case *ir.FuncCall:
			add(n.Filter, FilterClause, nil)
		case *ir.Case:
			if n.Operand == nil {
				for i := range n.Whens {
					add(n.Whens[i].Cond, When, nil)
				}
			}
		}
		return true
	})
	return out
}

// Walk visits all nodes of the statement, each with the query that it stands in (a query with itself). Where visit gives false,
// what is below is passed over.
func (q *Query) Walk(visit func(n ir.Node, in *sem.Block) bool) { q.WalkFrom(q.Tree, nil, visit) }

// WalkFrom is Walk below a node that stands in block in.
func (q *Query) WalkFrom(n ir.Node, in *sem.Block, visit func(n ir.Node, in *sem.Block) bool) {
	first := true
	var walk func(n ir.Node, in *sem.Block)
	walk = func(n ir.Node, in *sem.Block) {
		top := true
		ir.Walk(n, func(c ir.Node) bool {
			if !top {
				if sub, ok := c.(ir.Query); ok {
					walk(sub, in)
					return false
				}
				return visit(c, in)
			}
			top = false
			if sub, ok := c.(ir.Query); ok {
				if k := q.Block(sub); k != nil {
					in = k
				}
			}
			if first && in == nil {
				in = &sem.Block{}
			}
			first = false
			return visit(c, in)
		})
	}
	walk(n, in)
}

// Exprs lists the expressions of type T of the statement, those of subqueries too.
func Exprs[T ir.Node](q *Query) []T {
	var out []T
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		if x, ok := n.(T); ok {
			out = append(out, x)
		}
		return true
	})
	return out
}

// Same tells whether two expressions are the same: the same operations over the same columns, parameters and constants, however
// they are spelled. Volatile ones are not.
func (q *Query) Same(a, b ir.Expr) bool {
	return a != nil && b != nil && !q.Value(a).Volatile && !q.Value(b).Volatile && q.Print(a) == q.Print(b)
}

// Print writes an expression so that the same expressions print alike.
func (q *Query) Print(x ir.Node) string {
	var b strings.Builder
	q.print(&b, reflect.ValueOf(x))
	return b.String()
}

// Spelled writes an expression of the schema, or of a statement without regard to what its names mean, so that the same print alike.
func (p *Package) Spelled(x ir.Node) string {
	q := Query{Query: &facts.Query{Bound: &sem.Bound{}, Source: &token.Statement{}}, Package: p}
	return q.Print(x)
}

var (
	atType    = reflect.TypeFor[ir.At]()
	identType = reflect.TypeFor[ir.Ident]()
)

func (q *Query) print(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			b.WriteString("-")
			return
		}
		switch x := v.Interface().(type) {
		case *ir.ColumnRef:
			if id := q.Value(x).Column; id != 0 {
				fmt.Fprintf(b, "#%d", id)
				return
			}
		case *ir.Param:
			if p := q.Param(x); p != nil {
				fmt.Fprintf(b, "$%d", p.Number)
				return
			}
		}
		q.print(b, v.Elem())
	case reflect.Slice:
		b.WriteString("[")
		for i := range v.Len() {
			q.print(b, v.Index(i))
			b.WriteString(" ")
		}
		b.WriteString("]")
	case reflect.Struct:
		if v.Type() == identType {
			name := v.Interface().(ir.Ident).Name
			if q.Package.Traits.CaselessNames {
				name = strings.ToLower(name)
			}
			b.WriteString(name)
			return
		}
		b.WriteString(v.Type().Name())
		b.WriteString("(")
		for i := range v.NumField() {
			if v.Type().Field(i).Type != atType && v.Type().Field(i).IsExported() {
				q.print(b, v.Field(i))
				b.WriteString(",")
			}
		}
		b.WriteString(")")
	default:
		fmt.Fprintf(b, "%v", v.Interface())
	}
}
