package inspect

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// text writes the listing for people: a query a paragraph, its columns and parameters aligned.
func (l *Listing) text(w io.Writer) error {
	b := bufio.NewWriter(w)
	for i, p := range l.Packages {
		if i > 0 {
			fmt.Fprintln(b)
		}
		fmt.Fprintf(b, "package %s (%s), %s\n", p.Name, p.Engine, count(len(p.Queries), "query", "queries"))
		for _, q := range p.Queries {
			q.text(b)
		}
	}
	return b.Flush()
}

func (q *Query) text(w io.Writer) {
	fmt.Fprintf(w, "\n%s :%s  %s:%d\n", q.Name, q.Command, q.File, q.Line)
	fmt.Fprintf(w, "  %s\n", strings.Join(q.effects(), ", "))
	var t table
	for i, c := range q.Columns {
		t.row(head("columns", i), c.Name, c.Type, nullWord(c.Nullable), c.GoType, c.why())
	}
	for i, p := range q.Params {
		name := p.Name
		if name == "" {
			name = fmt.Sprintf("$%d", i+1)
		}
		kind := p.Type
		if p.Slice {
			kind = "list of " + kind
		}
		t.row(head("params", i), name, kind, nullWord(p.Nullable), p.GoType, "")
	}
	t.write(w, "  ")
	if n := len(q.Variants); n > 0 {
		var parts []string
		var with []string
		for _, v := range q.Variants {
			for _, name := range v.With {
				if !slices.Contains(with, name) {
					with = append(with, name)
				}
			}
		}
		if len(with) > 0 {
			parts = append(parts, "with and without "+strings.Join(with, ", "))
		}
		for _, name := range slices.Sorted(maps.Keys(q.Variants[0].Order)) {
			var words []string
			for _, v := range q.Variants {
				if w := v.Order[name]; !slices.Contains(words, w) {
					words = append(words, w)
				}
			}
			parts = append(parts, name+" by "+strings.Join(words, ", "))
		}
		fmt.Fprintf(w, "  %s: %s\n", count(n, "variant", "variants"), strings.Join(parts, "; "))
	}
}

func nullWord(nullable bool) string {
	if nullable {
		return "nullable"
	}
	return "not null"
}

// why says why a column may be NULL and what was found of one that the query overrules.
func (c *Column) why() string {
	f := c.Overruled
	if f == nil {
		return c.Reason
	}
	var found []string
	if f.Type != c.Type {
		found = append(found, f.Type)
	}
	if f.Nullable != c.Nullable {
		text := nullWord(f.Nullable)
		if f.Nullable {
			text += ", " + f.Reason
		}
		found = append(found, text)
	}
	text := "overruled: " + strings.Join(found, ", ")
	if c.Reason != "" {
		text = c.Reason + "; " + text
	}
	return text
}

// effects says in words what the query does.
func (q *Query) effects() []string {
	out := []string{q.Kind}
	if len(q.Reads) > 0 {
		out = append(out, "reads "+strings.Join(q.Reads, " "))
	}
	if len(q.Writes) > 0 {
		out = append(out, "writes "+strings.Join(q.Writes, " "))
	}
	switch {
	case len(q.Columns) == 0:
	case q.Rows.Max == nil:
		out = append(out, fmt.Sprintf("%d or more rows", q.Rows.Min))
	case *q.Rows.Max == q.Rows.Min:
		out = append(out, "exactly "+count(int(q.Rows.Min), "row", "rows"))
	default:
		out = append(out, fmt.Sprintf("%d to %d rows", q.Rows.Min, *q.Rows.Max))
	}
	if q.Locks {
		out = append(out, "takes row locks")
	}
	if !q.Deterministic {
		out = append(out, "not deterministic")
	}
	return out
}

func head(word string, i int) string {
	if i == 0 {
		return word
	}
	return ""
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// table aligns cells by the width of their column.
type table struct {
	rows  [][]string
	width []int
}

func (t *table) row(cells ...string) {
	t.rows = append(t.rows, cells)
	for i, c := range cells {
		if i == len(t.width) {
			t.width = append(t.width, 0)
		}
		t.width[i] = max(t.width[i], utf8.RuneCountInString(c))
	}
}

func (t *table) write(w io.Writer, indent string) {
	for _, r := range t.rows {
		var b strings.Builder
		b.WriteString(indent)
		for i, c := range r {
			b.WriteString(c)
			b.WriteString(strings.Repeat(" ", t.width[i]-utf8.RuneCountInString(c)+2))
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}
