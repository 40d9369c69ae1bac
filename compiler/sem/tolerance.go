package sem

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

// tolerated are the mistakes that sqlc never looks for: it checks no types, no grouping and no
// lengths, and what it generates does not rest on them.
var tolerated = map[*diag.Code]bool{
	diag.TypeMismatch:       true,
	diag.NoOperator:         true,
	diag.ParamConflict:      true,
	diag.GroupingError:      true,
	diag.MisplacedAggregate: true,
	diag.UnknownWindow:      true,
	diag.DuplicateColumn:    true,
	diag.WrongArity:         true,
	diag.GeneratedColumn:    true,
	diag.UntypedParam:       true,
	diag.UnknownObject:      true,
}

// insist reports a row that does not fit its INSERT, which sqlc refuses too; the rows of a
// query it does not count.
func (b *binder) insist(d diag.Diagnostic, row []ir.Expr) {
	if row == nil {
		b.report(d)
		return
	}
	tolerant := b.opt.Tolerant
	b.opt.Tolerant = false
	b.report(d)
	b.opt.Tolerant = tolerant
}

// soften makes a warning of an unknown or ambiguous name in a condition without parameters, or
// where ORDER BY is not to be checked: nothing of what is generated rests on it, and sqlc lets
// it pass.
func (b *binder) soften(d *diag.Diagnostic, s *scope) {
	if b.opt.LaxOrderBy && s.clause == inOrderBy {
		d.Severity = diag.Warning
	}
	if b.opt.Tolerant && s.clause.condition() && (b.place == nil || !hasParam(b.place.l) && !hasParam(b.place.r)) {
		d.Severity = diag.Warning
	}
}

// condition tells whether the clause only chooses rows. An ON stands in FROM.
func (c clause) condition() bool { return c == inWhere || c == inFrom || c == inHaving }

// starColumns are the columns of a frame that * shows. sqlc writes out each relation's own, of
// which USING and NATURAL show one for two; the row that it generates has both.
func (b *binder) starColumns(f *frame) []*column {
	if !b.opt.Tolerant || b.src == nil || b.depth > 1 {
		return f.cols
	}
	var all []*column
	for _, r := range f.rels {
		all = append(all, visible(r)...)
	}
	if len(all) <= len(f.cols) {
		return f.cols
	}
	return all
}
