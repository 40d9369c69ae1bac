package sem

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// rowHere reports a row where only one value may stand. Rows are values in PostgreSQL; the
// others know them as sides of comparisons.
func (b *binder) rowHere(x *ir.Row) {
	allowed := b.rowAt
	b.rowAt = nil
	if b.traits.RowValues || allowed == ir.Expr(x) {
		return
	}
	b.report(diag.New(diag.WrongArity, x.Span(), "a row of %d values can only be compared here", len(x.Items)))
}

// rowless tells whether t is certainly no type of rows.
func (b *binder) rowless(t types.Type) bool {
	base := b.sem.Base(t)
	return b.traits.RowValues && t.Known() && b.sem.Fields(base) == nil && base.Kind != types.Composite && base.Kind != types.Pseudo && !b.stranger(t) &&
		!b.sem.Castable(types.Type{Name: "record", Kind: types.Pseudo}, t)
}

// compares tells whether an operator compares for equality or order.
func (b *binder) compares(op string) bool {
	return comparison[op] && (op != "<=>" || b.traits.Spaceship)
}

// notUnique reports an operator whose operands have no types to choose it by.
func (b *binder) notUnique(x ir.Node, op string, vs []value) value {
	bad := value{bad: true, null: types.Nullable(x.Span(), "unknown")}
	if anyBad(vs...) {
		return bad
	}
	for i := range vs {
		if b.stranger(vs[i].typ) {
			return value{null: strictNull(vs...)}
		}
	}
	b.report(diag.New(diag.NoOperator, x.Span(), "several operators %s take these operands", op).WithHelp("cast an operand"))
	return bad
}

// testedOf binds what IS NULL and the like ask about: a value, or a row where rows are values.
func (b *binder) testedOf(x ir.Expr, s *scope) value {
	if q, ok := x.(*ir.Subquery); ok && !q.Array {
		return b.subquery(q, s)
	}
	return b.expr(x, s)
}
