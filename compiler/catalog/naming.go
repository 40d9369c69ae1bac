package catalog

import (
	"strconv"

	"github.com/covetsql/covetsql/compiler/ir"
)

// Unused is name, or name with the first number behind it that makes it free, as
// PostgreSQL names its objects: t_c_seq, t_c_seq1.
func Unused(name string, taken func(string) bool) string {
	for i := 0; ; i++ {
		n := name
		if i > 0 {
			n += strconv.Itoa(i)
		}
		if !taken(n) {
			return n
		}
	}
}

// Numbered is name, or name_2, name_3 … as MySQL names its keys.
func Numbered(name string, taken func(string) bool) string {
	for i := 1; ; i++ {
		n := name
		if i > 1 {
			n += "_" + strconv.Itoa(i)
		}
		if !taken(n) {
			return n
		}
	}
}

func identOr(id *ir.Ident) ir.Ident {
	if id == nil {
		return ir.Ident{}
	}
	return *id
}

func (t *Table) constraint(name string) *Constraint {
	for _, c := range t.Constraints {
		if c.Name == name {
			return c
		}
	}
	return nil
}

func (sc *Schema) sequence(name string) *Sequence {
	for _, q := range sc.Sequences {
		if q.Name == name {
			return q
		}
	}
	return nil
}
