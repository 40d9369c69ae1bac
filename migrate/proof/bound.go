package proof

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// bounded finds the values that columns may have by the bounds of PostgreSQL's partitions, in either schema. Columns that foreign keys tie have the
// same, so that rows find one another.
func (f *filler) bounded() {
	f.routes = map[place][]string{}
	for _, s := range []*catalog.Snapshot{f.wanted, f.s} {
		if s == nil || s.Engine != catalog.PostgreSQL {
			continue
		}
		for _, sc := range s.Schemas {
			for _, t := range sc.Tables {
				whole := parentOf(s, t)
				if whole == nil || whole.Partition == "" {
					continue
				}
				for i, column := range partitionKey(whole) {
					values := boundValues(t.Bound, i)
					f.routes[place{t.Schema, t.Name, column}] = values
					at := place{whole.Schema, whole.Name, column}
					f.routes[at] = append(f.routes[at], values...)
				}
			}
		}
	}
	for range 10 { // along chains of foreign keys
		for _, s := range []*catalog.Snapshot{f.wanted, f.s} {
			if s != nil && s.Engine == catalog.PostgreSQL {
				f.tie(s)
			}
		}
	}
}

// tie gives the two ends of each foreign key the same values.
func (f *filler) tie(s *catalog.Snapshot) {
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			for _, k := range t.Constraints {
				if k.Kind != ir.ForeignKey || len(k.RefColumns) != len(k.Columns) {
					continue
				}
				for i := range k.Columns {
					a, b := place{t.Schema, t.Name, k.Columns[i]}, place{k.RefSchema, k.RefTable, k.RefColumns[i]}
					if both := common(f.routes[a], f.routes[b]); len(both) > 0 {
						f.routes[a], f.routes[b] = both, both
					}
				}
			}
		}
	}
}

// common are the values that are in two lists; those of one where the other has none of them.
func common(a, b []string) []string {
	both := slices.DeleteFunc(slices.Clone(a), func(v string) bool { return !slices.Contains(b, v) })
	switch {
	case len(both) > 0:
		return both
	case len(a) > 0:
		return a
	}
	return b
}

// partitionKey are the columns of a partition key, "" for an expression.
func partitionKey(t *catalog.Table) []string {
	_, list, _ := strings.Cut(t.Partition, "(")
	var out []string
	for _, part := range topLevel(strings.TrimSuffix(list, ")")) {
		column := strings.Trim(part, `"`)
		if part != "" && part[0] != '"' { // an operator class or a collation may stand behind it
			column, _, _ = strings.Cut(part, " ")
		}
		if t.Column(column, false) == nil {
			column = ""
		}
		out = append(out, column)
	}
	return out
}

var integer = regexp.MustCompile(`^-?[0-9]+$`)

// boundValues are values of the i'th column of the key within a bound, in the order in which they are tried.
func boundValues(bound string, i int) []string {
	var out []string
	if _, list, ok := strings.Cut(bound, " IN ("); ok {
		for _, v := range topLevel(strings.TrimSuffix(list, ")")) {
			out = append(out, strings.ReplaceAll(strings.Trim(v, "'"), "''", "'"))
		}
		return slices.DeleteFunc(out, func(v string) bool { return v == "NULL" })
	}
	from, to, ok := strings.Cut(strings.TrimPrefix(bound, "FOR VALUES FROM ("), ") TO (")
	if !ok {
		return nil
	}
	first, last := topLevel(from), topLevel(strings.TrimSuffix(to, ")"))
	if i >= len(first) || i >= len(last) {
		return nil
	}
	text, step := strings.Trim(first[i], "'"), 1
	if text == "MINVALUE" {
		text, step = strings.Trim(last[i], "'"), -1
	}
	if !integer.MatchString(text) {
		if step > 0 {
			out = append(out, text)
		}
		return out
	}
	n, err := strconv.Atoi(text)
	for row := range rowsPerTable {
		if err == nil {
			out = append(out, strconv.Itoa(n+step*row+min(step, 0)))
		}
	}
	return out
}

// topLevel are the parts between the commas that stand in no brackets and no quotes.
func topLevel(list string) []string {
	var out []string
	depth, start, quote := 0, 0, byte(0)
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			out, start = append(out, strings.TrimSpace(list[start:i])), i+1
		}
	}
	return append(out, strings.TrimSpace(list[start:]))
}
