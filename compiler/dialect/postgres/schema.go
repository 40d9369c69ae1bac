package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// SchemaRules is what building a catalog from PostgreSQL's DDL needs to know.
func (*Dialect) SchemaRules() catalog.Rules {
	return catalog.Rules{
		Sequences:      true,
		Inheritance:    true,
		DropTakesKeys:  true,
		Serial:         serial,
		ConstraintName: constraintName,
		IndexMethod:    "btree",
	}
}

// serials are the pseudo types of the manual's section 8.1.4.
var serials = map[string]string{
	"serial": "int4", "serial4": "int4",
	"bigserial": "int8", "serial8": "int8",
	"smallserial": "int2", "serial2": "int2",
}

func serial(name string) (types.Type, bool) {
	of, ok := serials[name]
	return types.Type{Name: of}, ok
}

// maxName is NAMEDATALEN-1.
const maxName = 63

// constraintName follows ChooseConstraintName: table, columns, and a label for the kind.
func constraintName(t *catalog.Table, c *catalog.Constraint, taken func(string) bool) string {
	label := map[ir.ConstraintKind]string{
		ir.PrimaryKey: "pkey", ir.Unique: "key", ir.ForeignKey: "fkey", ir.Check: "check", ir.Exclude: "excl", ir.PlainIndex: "idx",
	}[c.Kind]
	var columns []string
	switch c.Kind {
	case ir.PrimaryKey:
	case ir.Check:
		if used := columnsOf(c.X); len(used) == 1 {
			columns = used
		}
	default:
		for _, name := range slices.Concat(c.Columns, c.Include) {
			if name == "" {
				name = "expr"
			}
			columns = append(columns, name)
		}
	}
	base := t.Name
	if len(columns) > 0 {
		base = shorten(base, strings.Join(columns, "_"), label)
	} else {
		base = shorten(base, "", label)
	}
	return catalog.Unused(base, taken)
}

// shorten joins the parts, cutting the longer of the first two until the name fits, as
// makeObjectName does.
func shorten(name, columns, label string) string {
	room := maxName - len(label) - 1
	if columns != "" {
		room--
	}
	for len(name)+len(columns) > room {
		if len(name) > len(columns) {
			name = name[:len(name)-1]
		} else {
			columns = columns[:len(columns)-1]
		}
	}
	if columns != "" {
		name += "_" + columns
	}
	return name + "_" + label
}

func columnsOf(x ir.Expr) []string {
	var out []string
	seen := map[string]bool{}
	ir.Walk(x, func(n ir.Node) bool {
		if ref, ok := n.(*ir.ColumnRef); ok {
			name := ref.Parts[len(ref.Parts)-1].Name
			if !seen[name] {
				seen[name] = true
				out = append(out, name)
			}
		}
		return true
	})
	return out
}
