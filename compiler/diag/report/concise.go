package report

import (
	"bufio"
	"fmt"
	"io"

	"github.com/covetsql/covetsql/compiler/diag"
)

// Concise writes a line for each of ds, as compilers do: editors and `grep` understand it.
//
//	query.sql:12:8: error[CV2101] unknown-column: no column "naem" in table "author"
func Concise(w io.Writer, ds diag.List) error {
	b := bufio.NewWriter(w)
	for _, d := range ds {
		if d.Span.File != nil {
			p := place(d.Span)
			fmt.Fprintf(b, "%s:", clean(p.File))
			if p.Line > 0 {
				fmt.Fprintf(b, "%d:%d:", p.Line, p.Column)
			}
			b.WriteByte(' ')
		}
		fmt.Fprintf(b, "%s[%s]", d.Severity, d.Code.ID)
		if d.Code.Slug != d.Code.ID { // a rule of the configuration has one name
			fmt.Fprintf(b, " %s", d.Code.Slug)
		}
		fmt.Fprintf(b, ": %s\n", clean(d.Message))
	}
	return b.Flush()
}
