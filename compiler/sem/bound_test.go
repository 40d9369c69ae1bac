package sem_test

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

const boundSchema = `
CREATE TABLE author (id bigint PRIMARY KEY, name text NOT NULL, boss bigint);
CREATE TABLE book (id bigint PRIMARY KEY, author_id bigint, title text NOT NULL);
`

func bound(t *testing.T, text string) *facts.Query {
	t.Helper()
	q, diags := compile(t, catalog.PostgreSQL, boundSchema, "-- name: Q :many\n"+text+";\n")
	if q == nil || diags.HasErrors() {
		t.Fatalf("%s: %v", text, diags)
	}
	return q
}

// outerNames are the columns that a block reads of those around it.
func outerNames(q *facts.Query, k *sem.Block) string {
	var out []string
	k.Outer.Each(func(id rel.ColID) { out = append(out, q.Rel.Props().Meta.Column(id).Name) })
	return strings.Join(out, " ")
}

func TestABlockKnowsWhatItReadsOfBlocksAroundIt(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a subquery in WHERE", "SELECT id FROM author WHERE EXISTS (SELECT 1 FROM book WHERE book.author_id = author.id)", "id"},
		{"one that reads nothing of it", "SELECT id FROM author WHERE id IN (SELECT author_id FROM book)", ""},
		{"a name that only the outer query has", "SELECT id FROM author WHERE id IN (SELECT boss FROM book)", "boss"},
		{"two blocks out", "SELECT id FROM author WHERE id IN (SELECT b.id FROM book b WHERE EXISTS (SELECT 1 FROM book c WHERE c.title = name))", "name"},
		{"LATERAL", "SELECT x.id FROM author, LATERAL (SELECT book.id FROM book WHERE book.author_id = author.id) x", "id"},
		{"the select list", "SELECT (SELECT count(*) FROM book WHERE author_id = author.boss) FROM author", "boss"},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := bound(t, c.text)
			blocks := q.Bound.Blocks()
			if len(blocks) < 2 || blocks[0].Parent != nil || blocks[1].Parent != blocks[0] {
				t.Fatalf("%d blocks", len(blocks))
			}
			if got := outerNames(q, blocks[1]); got != c.want {
				t.Errorf("reads %q of the query around it, want %q", got, c.want)
			}
			if got := outerNames(q, blocks[0]); got != "" {
				t.Errorf("the statement reads %q of nothing", got)
			}
		})
	}
}

func TestWhatBecameOfExpressions(t *testing.T) {
	q := bound(t, "SELECT a.id FROM author a LEFT JOIN book b ON b.author_id = a.id WHERE b.title = 'x' AND a.boss <> 3")
	s := q.Tree.(*ir.Select)
	where := s.Where.(*ir.Logical)
	eq := where.Args[0].(*ir.Binary)
	title := q.Bound.Value(eq.L)
	if title == nil || title.Column == 0 || q.Rel.Props().Meta.Column(title.Column).Name != "title" || title.Null.IsNever() {
		t.Errorf("b.title of the padded side: %+v", title)
	}
	if v := q.Bound.Value(eq); !v.IfTrue.Has(title.Column) {
		t.Errorf("b.title = 'x' does not prove the title: %+v", v)
	}
	if v := q.Bound.Value(eq.R); v.Constant == nil || v.Constant.Text != "x" {
		t.Errorf("the constant: %+v", v)
	}
	if v := q.Bound.Value(where.Args[1]); len(v.Args) != 2 || v.Args[0].Name != "int8" {
		t.Errorf("what <> takes: %+v", v.Args)
	}
	j := s.From[0].(*ir.Join)
	a, b := q.Bound.Relation(j.L), q.Bound.Relation(j.R)
	if a == nil || b == nil || a.Name != "a" || b.Table.Name != "book" || !b.Columns.Has(title.Column) || q.Bound.Relation(j) != nil {
		t.Errorf("relations %+v %+v", a, b)
	}
	if q.Bound.Owner(title.Column) != q.Bound.Blocks()[0] {
		t.Error("the title is not the statement's")
	}
}
