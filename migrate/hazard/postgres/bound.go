package postgres

import (
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

var (
	rangeBound = regexp.MustCompile(`(?is)^FOR VALUES FROM \((.*)\) TO \((.*)\)$`)
	listBound  = regexp.MustCompile(`(?is)^FOR VALUES IN \((.*)\)$`)
	keyColumn  = regexp.MustCompile(`(?is)^(?:PARTITION BY )?(?:RANGE|LIST)\s*\(\s*"?([A-Za-z_][A-Za-z0-9_$]*)"?\s*\)$`)
)

// impliesBound tells whether the valid checks of a table prove that its rows keep a bound of one column. What is proved here the
// server proves too; it may prove more, and then there is less work than was announced.
func (s *statement) impliesBound(child, parent *catalog.Table, bound string) bool {
	m := keyColumn.FindStringSubmatch(strings.TrimSpace(parent.Partition))
	if m == nil {
		return false
	}
	key := m[1]
	c := child.Column(key, false)
	if c == nil {
		return false
	}
	var holds []ir.Expr
	notNull := c.NotNull
	for _, k := range child.Constraints {
		if k.Kind == ir.Check && !k.NotValid {
			holds = append(holds, conjuncts(s.condition(k))...)
		}
	}
	for _, x := range holds {
		if t, ok := x.(*ir.IsTest); ok && t.Not && t.What == "NULL" && isColumn(t.X, key) {
			notNull = true
		}
	}
	bound = strings.TrimSpace(bound)
	if r := rangeBound.FindStringSubmatch(bound); r != nil {
		from, to := strings.TrimSpace(r[1]), strings.TrimSpace(r[2])
		return notNull && (strings.EqualFold(from, "MINVALUE") || compares(holds, key, ">=", from)) && (strings.EqualFold(to, "MAXVALUE") || compares(holds, key, "<", to))
	}
	if l := listBound.FindStringSubmatch(bound); l != nil && !strings.Contains(l[1], ",") {
		return notNull && compares(holds, key, "=", strings.TrimSpace(l[1]))
	}
	return false
}

// compares tells whether one of the conditions is column op value.
func compares(holds []ir.Expr, column, op, value string) bool {
	for _, x := range holds {
		b, ok := x.(*ir.Binary)
		if !ok || b.Op != op || !isColumn(b.L, column) {
			continue
		}
		r := b.R
		for {
			c, ok := r.(*ir.Cast)
			if !ok {
				break
			}
			r = c.X
		}
		if l, ok := r.(*ir.Literal); ok && l.Text == strings.Trim(value, "'") {
			return true
		}
	}
	return false
}
