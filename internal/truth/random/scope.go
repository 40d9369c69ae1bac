package random

// column is what an expression may refer to: its text, its sort, and for joins its name and
// where it comes from.
type column struct {
	ref, name string
	sort      *Sort
	table     *table // nil unless a table's column
}

// scope is the columns in sight. In a grouped query only keys are, and aggregates over what
// the rows had.
type scope struct {
	cols  []column
	outer *scope
	// rows is the scope of an aggregate's arguments; nil where no aggregate may stand.
	rows *scope
	// windows tells that window functions may stand here.
	windows bool
	// free is false in DEFAULT, CHECK and the like: no subqueries, no parameters.
	free bool
}

func (s *scope) of(sort *Sort) []column {
	var out []column
	for _, c := range s.cols {
		if c.sort == sort {
			out = append(out, c)
		}
	}
	return out
}

// inner is a scope inside s: of a subquery, which sees s's columns too.
func (s *scope) inner() *scope { return &scope{outer: s, free: true} }
