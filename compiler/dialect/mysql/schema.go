package mysql

import (
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// SchemaRules is what building a catalog from MySQL's DDL needs to know.
func (*Dialect) SchemaRules() catalog.Rules {
	return catalog.Rules{
		ImplicitSchemas:    true,
		IndexMethod:        "btree",
		UniqueIsConstraint: true,
		IgnoresForeignKeys: ignoresForeignKeys,
		ConstraintName:     constraintName,
	}
}

// constraintName gives the names that InnoDB gives: PRIMARY, the first column of a unique
// key, t_ibfk_n for foreign keys and t_chk_n for checks.
func constraintName(t *catalog.Table, c *catalog.Constraint, taken func(string) bool) string {
	switch c.Kind {
	case ir.PrimaryKey:
		return "PRIMARY"
	case ir.Unique:
		if len(c.Columns) > 0 && c.Columns[0] != "" {
			return catalog.Numbered(c.Columns[0], taken)
		}
		return catalog.Numbered("functional_index", taken)
	case ir.ForeignKey:
		return counted(t.Name+"_ibfk_", taken)
	case ir.Check:
		return counted(t.Name+"_chk_", taken)
	}
	return ""
}

func counted(prefix string, taken func(string) bool) string {
	for i := 1; ; i++ {
		if n := prefix + strconv.Itoa(i); !taken(n) {
			return n
		}
	}
}

// ignoresForeignKeys: only InnoDB and NDB have foreign keys; other storage engines accept
// the clause and forget it (manual, section "FOREIGN KEY Constraints").
func ignoresForeignKeys(t *catalog.Table) bool {
	switch strings.ToLower(t.Options["engine"]) {
	case "", "innodb", "ndb", "ndbcluster":
		return false
	}
	return true
}
