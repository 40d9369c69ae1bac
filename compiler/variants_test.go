package compiler

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
)

const booksSchema = `CREATE TABLE authors (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE books (id integer PRIMARY KEY, author_id integer NOT NULL REFERENCES authors (id), title text NOT NULL, price integer);
`

// What is wrong with optional parts is said at the user's own line, with the variant that it is in.
func TestMistakesOfOptionalParts(t *testing.T) {
	for _, c := range []struct {
		name, query string
		code        *diag.Code
		line        int
		says        string
	}{
		{"the parameter is needed anyway", "SELECT id FROM books WHERE id = @id\n AND price > @id -- :if id", diag.OptionalPart, 3, "always needs"},
		{"a name that is no parameter", "SELECT id FROM books WHERE id > 1\n AND price > @price -- :if prise", diag.OptionalPart, 3, "did you mean price?"},
		{"no end", "SELECT id FROM books\n/* :if x */ WHERE id > 1", diag.OptionalPart, 3, "no end"},
		{"no beginning", "SELECT id FROM books\nWHERE id > 1\n-- :end", diag.OptionalPart, 4, "no part to end"},
		{"a word that is no mark", "SELECT id FROM books\n/* :if x */ WHERE id > 1 /* :else */ WHERE id > 2 /* :end */", diag.OptionalPart, 3, "no mark :else"},
		{"no name", "SELECT id FROM books\nWHERE id > @id -- :if", diag.OptionalPart, 3, "takes one name"},
		{"two names", "SELECT id FROM books\nWHERE id > @id -- :if id or so", diag.OptionalPart, 3, "takes one name"},
		{"two marks on a line", "SELECT id FROM books\nWHERE /* :if a */ id > 1 /* :end */ AND id > 2 -- :if b", diag.OptionalPart, 3, "another mark"},
		{"nothing in the part", "SELECT id FROM books\n/* :if a */ /* :end */", diag.OptionalPart, 3, "no whole piece"},
		{"behind the semicolon's line", "SELECT id FROM books\n; -- :if a\n", diag.OptionalPart, 3, "no SQL in this line"},
		{"a parameter in a key", "SELECT id FROM books\nORDER BY price + @by -- :order sort", diag.OptionalPart, 3, "can not have parameters"},
		{"a key without a name", "SELECT id FROM books\nORDER BY 1 -- :order sort", diag.OptionalPart, 3, "no name"},
		{"two keys of one name", "SELECT b.id FROM books b JOIN authors a ON a.id = b.author_id\nORDER BY a.id, b.id -- :order sort", diag.OptionalPart, 3, "two keys"},
		{"a key is missing", "SELECT id FROM books\nORDER BY id,, title -- :order sort", diag.OptionalPart, 3, "key is missing"},
		{"a limit behind the keys", "SELECT id FROM books\nORDER BY id, title LIMIT 1 -- :order sort", diag.OptionalPart, 3, "more than keys"},
		{"two orders of one name", "SELECT id FROM books\nORDER BY id, -- :order sort\n title -- :order sort", diag.OptionalPart, 4, "two orders"},
		{"too many conditions", "SELECT id FROM books WHERE TRUE\nAND id>1 -- :if a\nAND id>1 -- :if b\nAND id>1 -- :if c\nAND id>1 -- :if d\nAND id>1 -- :if e\nAND id>1 -- :if f\nAND id>1 -- :if g", diag.OptionalPart, 9, "6 conditions"},
		{"too many variants", "SELECT id FROM books\nORDER BY\nid,title,price,author_id -- :order a\n,id,title,price,author_id -- :order b\n,id,title,price,author_id -- :order c\n,id,title,price,author_id -- :order d", diag.OptionalPart, 7, "1024 variants"},
		{"other columns", "SELECT id\n, title -- :if title\nFROM books", diag.OptionalPart, 1, "another number of columns"},
		{"another type", "SELECT id\n, title AS x -- :if title\n, price AS x -- :if price\nFROM books", diag.OptionalPart, 1, "without title, price"},
		{"a condition that dangles", "SELECT id FROM books\nWHERE price > @a -- :if a\n AND price < @b -- :if b", diag.SyntaxError, 4, "with b; without a"},
		{"a join that is gone", "SELECT b.id FROM books b\nJOIN authors a ON a.id = b.author_id -- :if author\nORDER BY b.id, a.name -- :order sort", diag.UnknownTable, 4, "without author; sort name"},
		{"a parameter of two types", "SELECT id FROM books WHERE TRUE\nAND id = @x -- :if x\nAND title = @x -- :if x", diag.ParamConflict, 4, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			diags := compileText(t, "postgresql", booksSchema, "-- name: Books :many\n"+c.query+"\n;\n")
			if len(diags) != 1 || diags[0].Code != c.code {
				t.Fatalf("got %v, want one %s", diags, c.code.ID)
			}
			d := diags[0]
			if got := d.Span.Position().Line; got != c.line {
				t.Errorf("line %d, want %d: %v", got, c.line, d)
			}
			if all := d.Message + "\n" + d.Inline + "\n" + strings.Join(d.Help, "\n"); !strings.Contains(all, c.says) {
				t.Errorf("%q does not say %q", all, c.says)
			}
		})
	}
	diags := compileText(t, "postgresql", booksSchema, "-- name: Books :batchmany\nSELECT id FROM books\nWHERE id > @id -- :if id\n;\n")
	if len(diags) != 1 || diags[0].Code != diag.OptionalPart {
		t.Errorf("a batch: %v", diags)
	}
}

// Under an sqlc.yaml the marks are comments, as they are to sqlc.
func TestMarksAreCommentsUnderSqlcYaml(t *testing.T) {
	const query = "-- name: Books :many\nSELECT id FROM books\nWHERE id > @id -- :if nothing at all\n/* :if a */;\n"
	if diags := compileWith(t, "sqlc.yaml", "", "postgresql", booksSchema, query); len(diags) > 0 {
		t.Errorf("%v", diags)
	}
	strict := strings.Replace(query, "SELECT", "-- strict: true\nSELECT", 1)
	if diags := compileWith(t, "sqlc.yaml", "", "postgresql", booksSchema, strict); !diags.HasErrors() {
		t.Error("a strict query's marks were not read")
	}
}

// A variant that never gets NULL for a parameter rests on that: the argument's type must not let NULL in.
func TestAnArgumentTakesNullWhereEachVariantDoes(t *testing.T) {
	const query = `-- name: Books :many
SELECT id, @x::integer AS x FROM books
WHERE TRUE
  AND price > @y AND @x::integer IS NOT NULL AND (price = @x OR @x IS NULL) -- :if y
;
`
	q := compiledQuery(t, "postgresql", booksSchema, query)
	for i := range q.Params {
		if p := &q.Params[i]; p.Name == "x" && p.Nullable && q.Columns[1].Null.IsNever() {
			t.Error("x takes NULL, and its column is said not to be NULL")
		}
	}
}

// What a filter proves does not hold where the filter is left out.
func TestColumnsAreNullWhereTheyAreInAnyVariant(t *testing.T) {
	q := compiledQuery(t, "postgresql", booksSchema, `-- name: Books :many
SELECT b.id, b.price, a.name FROM books b
LEFT JOIN authors a ON a.id = b.id
WHERE TRUE
  AND b.price > @price -- :if price
  AND a.name = @name   -- :if name
;
`)
	for i, want := range []bool{true, false, false} {
		if got := q.Columns[i].Null.IsNever(); got != want {
			t.Errorf("column %s is never NULL: %t", q.Columns[i].Name, got)
		}
	}
	if q.Variants == nil || len(q.Variants.Texts) != 4 {
		t.Error("there are four variants")
	}
}
