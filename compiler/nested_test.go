package compiler

import (
	"fmt"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/facts"
)

const nestedSchema = `
CREATE TABLE publishers (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE authors (id bigint PRIMARY KEY, name text NOT NULL, email text UNIQUE, code text NOT NULL UNIQUE, late int UNIQUE DEFERRABLE);
CREATE TABLE books (id bigint PRIMARY KEY, author_id bigint REFERENCES authors (id), publisher_id int REFERENCES publishers (id), title text NOT NULL);
CREATE TABLE reviews (book_id bigint NOT NULL REFERENCES books (id), reader text NOT NULL, stars int, PRIMARY KEY (book_id, reader));
CREATE TABLE notes (author_id bigint REFERENCES authors (id), note text);
CREATE TABLE tags (book_id bigint NOT NULL, tag text NOT NULL);
CREATE VIEW writers AS SELECT id, name FROM authors UNION ALL SELECT id, name FROM authors;
CREATE FUNCTION guess(x bigint) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1';
`

const withBooks = " FROM authors a LEFT JOIN books b ON b.author_id = a.id "

// nestedQuery is a query under a command with nests, one a line.
func nestedQuery(command, nests, sql string) string {
	q := "-- name: Q :" + command + "\n"
	for n := range strings.SplitSeq(nests, ";") {
		q += "-- nest: " + strings.TrimSpace(n) + "\n"
	}
	return q + sql + ";\n"
}

// What can not be proved of nested rows is an error that says what is missing.
func TestNestsThatAreNotProved(t *testing.T) {
	for _, c := range []struct{ command, nests, sql, want string }{
		{"many", "b as Books", "SELECT a.name, sqlc.embed(b)" + withBooks, "add a.id to the SELECT"},
		{"many", "b as Books", "SELECT a.email, sqlc.embed(b)" + withBooks, "add a.id to the SELECT"},
		{"many", "b as Books", "SELECT a.late, sqlc.embed(b)" + withBooks, "add a.id to the SELECT"},
		{"many", "b as Books", "SELECT w.id, w.name, sqlc.embed(b) FROM writers w JOIN books b ON b.author_id = w.id", "w has no key that is known"},
		{"many", "b as Books", "SELECT a.id, b.title, b.id FROM authors a JOIN books b ON b.author_id = a.id", "selects nothing for b"},
		{"many", "b as Books", "SELECT a.id, b.title, sqlc.embed(b)" + withBooks, "b is nested as Books"},
		{"many", "b as Books", "SELECT sqlc.embed(b)" + withBooks, "no column is left for what holds b"},
		{"many", "b as Books", "SELECT a.id, count(*) OVER () AS n, sqlc.embed(b)" + withBooks, "column n is not known to be the same"},
		{"many", "b as Books", "SELECT a.id, guess(a.id) AS n, sqlc.embed(b)" + withBooks, "column n is not known to be the same"},
		{"many", "b as Books", "SELECT a.id, a.name || b.title AS n, sqlc.embed(b)" + withBooks, "b is nested as Books"},
		{"many", "b as Books", "SELECT a.id, sqlc.embed(b) FROM books b LEFT JOIN authors a ON b.author_id = a.id", "the rows of a may be missing"},
		{"many", "b as Books", "SELECT a.id, sqlc.embed(b) FROM books b FULL JOIN authors a ON b.author_id = a.id", "the rows of a may be missing"},
		{"many", "b as Books", "SELECT a.id, sqlc.embed(b)" + withBooks + "LIMIT 10", "LIMIT and OFFSET count joined rows"},
		{"many", "b as Books", "SELECT a.id, sqlc.embed(b)" + withBooks + "OFFSET 10", "LIMIT and OFFSET count joined rows"},
		{"one", "b as Books", "SELECT a.id, sqlc.embed(b)" + withBooks + "ORDER BY a.id LIMIT 1", "LIMIT and OFFSET count joined rows"},
		{"one", "b as Books", "SELECT a.id, sqlc.embed(b)" + withBooks + "WHERE a.name = $1", "there may be more than one parent"},
		{"maybe", "b as Books", "SELECT a.id, sqlc.embed(b)" + withBooks, "there may be more than one parent"},
		{"iter", "b as Books", "SELECT a.id, sqlc.embed(b)" + withBooks, "ORDER BY a.id"},
		{"iter", "b as Books", "SELECT a.id, sqlc.embed(b)" + withBooks + "ORDER BY b.title, a.id", "ORDER BY a.id"},
		{"iter", "b as Books", "SELECT a.id, a.name, sqlc.embed(b)" + withBooks + "ORDER BY a.name", "ORDER BY a.id"},
		{"iter", "b as Books", "SELECT a.id, sqlc.embed(b) FROM authors a JOIN books b ON b.author_id = a.id ORDER BY a.id FOR UPDATE", "locked"},
		{"exec", "b as Books", "SELECT a.id, sqlc.embed(b)" + withBooks, "can not be :exec"},
		{"many", "n as Notes", "SELECT a.id, sqlc.embed(n) FROM authors a LEFT JOIN notes n ON n.author_id = a.id", "tells whether n is there"},
		{"many", "t as Tags; b as Books", "SELECT a.id, sqlc.embed(b), sqlc.embed(t) FROM authors a JOIN books b ON b.author_id = a.id JOIN tags t ON t.book_id = a.id", "other joins repeat the rows of t"},
		{"many", "books", `SELECT a.id, b.title AS "books.title" FROM authors a JOIN books b ON b.author_id = a.id JOIN tags t ON t.book_id = b.id`, "add b.id to the SELECT"},
		{"many", "b as Books; r as Books.Reviews", "SELECT a.id, sqlc.embed(b), sqlc.embed(r)" + withBooks + "LEFT JOIN reviews r ON r.book_id = a.id", "r may be there where b"},
		{"many", "b as Books :one", "SELECT a.id, sqlc.embed(b) FROM authors a JOIN books b ON b.author_id = a.id", "there may be several b"},
		{"many", "b as Books :maybe", "SELECT a.id, sqlc.embed(b)" + withBooks, "there may be several b"},
		{"many", "a as Author :one", "SELECT b.id, sqlc.embed(a) FROM books b LEFT JOIN authors a ON a.id = b.author_id", "write :maybe for a pointer"},
		{"many", "books", `SELECT a.id, b.id AS "books.id", p.name AS "books.name" FROM authors a LEFT JOIN books b ON b.author_id = a.id LEFT JOIN publishers p ON p.id = a.id`, "missing one without the other"},
		{"many", "b as books", "SELECT a.id, sqlc.embed(b)" + withBooks, "can not be the name of a field"},
		{"many", "b to Books", "SELECT a.id, sqlc.embed(b)" + withBooks, "says nothing that can be nested"},
		{"many", "b as Shelf.Books", "SELECT a.id, sqlc.embed(b)" + withBooks, "there is no nest called Shelf"},
		{"many", "b as Books; b as Volumes", "SELECT a.id, sqlc.embed(b)" + withBooks, "b is nested already"},
		{"many", "b as Books; r as Books", "SELECT a.id, sqlc.embed(b), sqlc.embed(r)" + withBooks + "JOIN reviews r ON true", "two nests called Books"},
		{"many", "books", `SELECT a.id, b.id AS "books.id", p.id AS "books.publisher.id"` + withBooks + "JOIN publishers p ON p.id = b.publisher_id", "is none of books's"},
		{"many", "b as Books", "SELECT id, sqlc.embed(b) FROM (SELECT id FROM authors UNION ALL SELECT id FROM books) x JOIN books b USING (id)", "nothing that is selected tells"},
		{"many", "books", `SELECT a.id, b.id AS "books.id" FROM authors a JOIN books b ON b.author_id = a.id GROUP BY ROLLUP (a.id, b.id)`, "nothing that is selected tells"},
		{"many", "b as Books", "WITH x AS (SELECT id, name FROM authors) SELECT x.name, sqlc.embed(b) FROM x JOIN books b ON b.author_id = x.id", "x has no key that is known"},
	} {
		diags := compileText(t, "postgresql", nestedSchema, nestedQuery(c.command, c.nests, c.sql))
		said := fmt.Sprint(diags)
		for _, d := range diags {
			said += strings.Join(d.Help, "\n")
		}
		if len(diags) != 1 || !strings.Contains(said, c.want) {
			t.Errorf("%s [%s]:\n%s\nwant %q", c.sql, c.nests, said, c.want)
		}
	}
}

// What is proved of nested rows: the parents' keys, whether their rows follow each other, and of each nest the column
// that tells whether it is there, whether it comes again, and its keys.
func TestNestsThatAreProved(t *testing.T) {
	for _, c := range []struct{ command, nests, sql, want string }{
		{"many", "b as Books", "SELECT a.id, a.name, sqlc.embed(b)" + withBooks, "[[0]] apart; Books 2"},
		{"many", "b as Books", "SELECT a.name, a.code, sqlc.embed(b)" + withBooks, "[[1]] apart; Books 2"},
		{"many", "b as Books", "SELECT a.name, b.author_id, sqlc.embed(b) FROM authors a JOIN books b ON b.author_id = a.id WHERE b.id = 1", "[[]] single; Books always"},
		{"iter", "b as Books", "SELECT a.id, sqlc.embed(b)" + withBooks + "ORDER BY a.name, a.id DESC NULLS LAST, b.title", "[[0]] together; Books 1"},
		{"iter", "b as Books", "SELECT a.id, sqlc.embed(b)" + withBooks + "ORDER BY 1", "[[0]] together; Books 1"},
		{"iter", "b as Books", "SELECT a.id, sqlc.embed(b)" + withBooks + "ORDER BY a.code", "[[0]] together; Books 1"},
		{"many", "b as Books", "SELECT a.id, sqlc.embed(b)" + withBooks + "ORDER BY lower(a.code), a.id", "[[0]] apart; Books 1"},
		{"many", "b as Books", "SELECT a.id, sqlc.embed(b)" + withBooks + "ORDER BY a.email", "[[0]] apart; Books 1"},
		{"one", "b as Books", "SELECT a.id, sqlc.embed(b)" + withBooks + "WHERE a.code = $1", "[[]] single; Books 1"},
		{"maybe", "b as Books", "SELECT a.id, sqlc.embed(b)" + withBooks + "WHERE a.id = $1 LIMIT 3", "[[]] single; Books 1"},
		{"many", "b as Books", "SELECT x.id, sqlc.embed(b) FROM (SELECT * FROM authors LIMIT 3) x LEFT JOIN books b ON b.author_id = x.id", "[[0]] apart; Books 1"},
		{"many", "b as Books", "WITH x AS (SELECT id FROM authors) SELECT x.id, sqlc.embed(b) FROM x LEFT JOIN books b ON b.author_id = x.id", "[[0]] apart; Books 1"},
		{"many", "b as Books; r as Reviews", "SELECT a.id, sqlc.embed(b), sqlc.embed(r)" + withBooks + "LEFT JOIN reviews r ON r.stars = a.id",
			"[[0]] apart; Books 1 again [[1]]; Reviews 5 again [[5 6]]"},
		{"many", "b as Books; r as Books.Reviews", "SELECT a.id, sqlc.embed(b), sqlc.embed(r)" + withBooks + "LEFT JOIN reviews r ON r.book_id = b.id",
			"[[0]] apart; Books 1 again [[1]]; Books.Reviews 5"},
		{"many", "p as Publisher :maybe", "SELECT b.id, sqlc.embed(p) FROM books b LEFT JOIN publishers p ON p.id = b.publisher_id", "[[0]] apart; Publisher 1"},
		{"many", "p as Publisher :one", "SELECT b.id, sqlc.embed(p) FROM books b JOIN publishers p ON p.id = b.publisher_id", "[[0]] apart; Publisher always"},
		{"many", "b as Books; p as Books.Publisher :maybe", "SELECT a.id, sqlc.embed(b), sqlc.embed(p)" + withBooks + "LEFT JOIN publishers p ON p.id = b.publisher_id",
			"[[0]] apart; Books 1; Books.Publisher 5"},
		{"many", "b as Books; p as Books.Publisher :one", "SELECT a.id, sqlc.embed(b), sqlc.embed(p) FROM authors a LEFT JOIN (books b JOIN publishers p ON p.id = b.publisher_id) ON b.author_id = a.id",
			"[[0]] apart; Books 1; Books.Publisher 5"},
		{"many", "books", `SELECT a.id, b.id AS "books.id", b.publisher_id AS "books.p", p.name AS "books.name"` + withBooks + "LEFT JOIN publishers p ON p.id = b.publisher_id",
			"[[0]] apart; books 1 never [true false false]"},
		{"many", "books", `SELECT a.id, b.id AS "books.id", p.name AS "books.name!" FROM authors a LEFT JOIN (books b JOIN publishers p ON p.id = b.publisher_id) ON b.author_id = a.id`,
			"[[0]] apart; books 1 never [true true]"},
		{"many", "books", `SELECT a.id, count(*) AS "books.n", b.id AS "books.id" FROM authors a JOIN books b ON b.author_id = a.id GROUP BY a.id, b.id`,
			"[[0]] apart; books always never [true true]"},
		{"many", "books", `SELECT a.id, b.title AS "books.title" FROM authors a JOIN books b ON b.author_id = a.id`, "[[0]] apart; books always never [true]"},
	} {
		p := programWith(t, "covetsql.yaml", "", "postgresql", nestedSchema, nestedQuery(c.command, c.nests, c.sql))
		qs := p.Packages[0].Queries()
		if len(p.Diagnostics) > 0 || len(qs) != 1 {
			t.Errorf("%s [%s]: %v", c.sql, c.nests, p.Diagnostics)
			continue
		}
		if got := proved(qs[0].Nested); got != c.want {
			t.Errorf("%s [%s]:\n got %s\nwant %s", c.sql, c.nests, got, c.want)
		}
	}
}

func proved(n *facts.Nested) string {
	out := fmt.Sprint(n.Keys)
	switch {
	case n.Single:
		out += " single"
	case n.Together:
		out += " together"
	default:
		out += " apart"
	}
	for _, c := range n.Nests {
		out += "; " + strings.Join(c.Path, ".")
		if c.Present < 0 {
			out += " always"
		} else {
			out += fmt.Sprint(" ", c.Present)
		}
		if c.Repeats {
			out += fmt.Sprint(" again")
			if c.Form == "many" {
				out += fmt.Sprint(" ", c.Keys)
			}
		}
		if !c.Embed {
			out += fmt.Sprint(" never ", c.Never)
		}
	}
	return out
}

// Under an sqlc.yaml the line is a comment, unless the query is strict.
func TestNestsAreCommentsToSqlc(t *testing.T) {
	q := nestedQuery("many", "b as Books", "SELECT a.name, sqlc.embed(b)"+withBooks)
	p := programWith(t, "sqlc.yaml", "", "postgresql", nestedSchema, q)
	if qs := p.Packages[0].Queries(); len(qs) != 1 || qs[0].Nested != nil || fmt.Sprint(qs[0].Comments) != "[ nest: b as Books]" {
		t.Error(p.Diagnostics, qs)
	}
	q = strings.Replace(q, "SELECT", "-- strict: true\nSELECT", 1)
	if p := programWith(t, "sqlc.yaml", "", "postgresql", nestedSchema, q); !strings.Contains(fmt.Sprint(p.Diagnostics), "tells one parent from another") {
		t.Error(p.Diagnostics)
	}
}
