package gocode

import (
	"fmt"
	"go/ast"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/covetsql/covetsql/compiler/diag"
)

// Repeated completes a finding about a query in a loop: it labels the loop, the calls down to the query and the query itself, and
// offers the query that does it at once.
func (j *Judged) Repeated(r *Repeat, d diag.Diagnostic) diag.Diagnostic {
	switch {
	case r.Loop != nil:
		if head := j.Head(r.Loop); head.File != nil && head != d.Span {
			d = d.WithLabel(head, "%s", loopLabel(r.Loop))
		}
	case r.Again != nil:
		d = d.WithLabel(j.At(r.Again), "%s calls itself here, with another value", r.Again.Parent().Name())
	}
	for _, hop := range r.Via[min(1, len(r.Via)):] {
		if at := j.At(hop); at.File != nil && at != d.Span {
			text := "from here"
			if hop == r.Via[len(r.Via)-1] {
				text = "the query is run here"
			}
			d = d.WithLabel(at, "%s", text)
		}
	}
	if h := r.Query.Source.Header; h != nil {
		d = d.WithLabel(h.NameSpan.Root(), "%s", j.queryLabel(r))
	}
	if r.Possible {
		d = d.WithHelp("the call goes through an interface or a function value: this is one of the functions that it may stand for")
	}
	return j.offer(r, d)
}

func loopLabel(l *Loop) string {
	if l.Stmt == nil {
		return "this runs the function once for each"
	}
	return "the loop"
}

// queryLabel says what the query takes one of.
func (j *Judged) queryLabel(r *Repeat) string {
	var names []string
	for _, i := range r.Varying {
		if c := r.Query.Params[i].Access.Column; c != nil {
			names = append(names, last(c))
		}
	}
	switch {
	case r.Why == ReadPerKey && len(names) > 0 && r.Query.Rows.Max == 1:
		return "it finds one row, by " + strings.Join(names, " and ")
	case r.Why == ReadPerKey && len(names) > 0:
		return "it finds the rows of one " + strings.Join(names, " and ")
	case r.Query.Inserts():
		return "it writes one row"
	case len(names) > 0:
		return "it changes the rows of one " + strings.Join(names, " and ")
	}
	return "the query"
}

// Over says what a loop goes through, in the words of its text: "users".
func (j *Judged) Over(r *Repeat) string {
	if r.Loop == nil {
		return "each call of " + r.Again.Parent().Name()
	}
	if s, ok := r.Loop.Stmt.(*ast.RangeStmt); ok {
		if _, ok := s.X.(*ast.CompositeLit); ok {
			return "each round over a list"
		}
		text := strings.Join(strings.Fields(j.Span(s.X.Pos(), s.X.End()).Text()), " ")
		if len(text) > 40 {
			text = text[:39] + "…"
		}
		return "each round over " + text
	}
	return "each round of a loop"
}

// offer says what to do instead.
func (j *Judged) offer(r *Repeat, d diag.Diagnostic) diag.Diagnostic {
	q := r.Query
	if r.Why == ReadPerKey && (r.Loop == nil || j.rowsOver(r) == q) {
		return d.WithHelp("a recursive query reads the whole tree at once: WITH RECURSIVE t AS (the first row UNION ALL the rows that belong to those of t)")
	}
	b := j.BatchOf(r)
	if b == nil {
		return d.WithHelp("%s", plain(r))
	}
	if b.Query == nil {
		d = d.WithHelp("add a query that does it at once:")
		for line := range strings.SplitSeq(b.SQL, "\n") {
			d = d.WithHelp("  %s", line)
		}
	}
	there := ""
	if b.Query != nil {
		there = ", which is there already,"
	}
	if b.Keyed == "" {
		what := "collect the values in the loop and call"
		return d.WithHelp("%s %s%s once behind it", what, b.Name, there)
	}
	many := "a list of rows by " + b.Keyed
	if b.One {
		many = "the row by " + b.Keyed
	}
	if r.Why == WritePerRow {
		return d.WithHelp("collect the keys in the loop and call %s%s once behind it", b.Name, there)
	}
	return d.WithHelp("call %s%s once in front of the loop with all keys, keep %s in a map, and look there in the loop%s", b.Name, there, many, j.joined(q, r))
}

// joined says that a JOIN would do, where the loop goes through the rows of another query.
func (j *Judged) joined(q *Query, r *Repeat) string {
	from := j.rowsOver(r)
	if from == nil || q.table() == "" || from.Package != q.Package {
		return ""
	}
	return fmt.Sprintf("; or join %s in %s, whose rows the loop goes through", q.table(), from.Name)
}

// plain says in words what has no query that could be written for it.
func plain(r *Repeat) string {
	q := r.Query
	switch {
	case r.Why == ReadPerKey && len(r.Varying) > 1:
		return "read all of them with one query: join with the list of keys"
	case r.Why == ReadPerKey:
		return "read all of them with one query, for all keys at once, and look the rows up in the loop"
	case q.Inserts():
		return "insert all rows with one statement"
	}
	return "change all rows with one statement, or at least in one transaction: each commit waits for the disk"
}

// rowsOver is the query whose rows the loop goes through; nil where it goes through something else.
func (j *Judged) rowsOver(r *Repeat) *Query {
	if r.Loop == nil || r.Loop.Header == nil || r.Why != ReadPerKey {
		return nil
	}
	s, ok := r.Loop.Stmt.(*ast.RangeStmt)
	if !ok {
		return nil
	}
	id, ok := s.X.(*ast.Ident)
	if !ok {
		return nil
	}
	for _, b := range r.Loop.Func.Blocks {
		for _, i := range b.Instrs {
			c, ok := i.(ssa.CallInstruction)
			if !ok || !b.Dominates(r.Loop.Header) {
				continue
			}
			q, _ := j.query(c)
			if q == nil || q.Command != "many" {
				continue
			}
			if e := j.call(c); e != nil && j.assigned(e, id.Name) {
				return q
			}
		}
	}
	return nil
}

// assigned tells whether a call's first result is given the name.
func (j *Judged) assigned(e *ast.CallExpr, name string) (found bool) {
	ast.Inspect(j.syntax(e.Pos()), func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if ok && len(a.Rhs) == 1 && a.Rhs[0] == e {
			id, ok := a.Lhs[0].(*ast.Ident)
			found = ok && id.Name == name
		}
		return !found
	})
	return found
}
