package inspect

import (
	"bufio"
	"fmt"
	"io"
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
		null := "not null"
		if c.Nullable {
			null = "nullable"
		}
		why := c.Reason
		t.row(head("columns", i), c.Name, c.Type, null, c.GoType, why)
	}
	for i, p := range q.Params {
		null := "not null"
		if p.Nullable {
			null = "nullable"
		}
		name := p.Name
		if name == "" {
			name = fmt.Sprintf("$%d", i+1)
		}
		kind := p.Type
		if p.Slice {
			kind = "list of " + kind
		}
		t.row(head("params", i), name, kind, null, p.GoType, "")
	}
	t.write(w, "  ")
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
