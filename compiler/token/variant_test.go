package token

import (
	"strings"
	"testing"
)

// Each variant's text, and where its tokens stand in the file.
func TestVariantsAreCutOutOfTheText(t *testing.T) {
	for _, c := range []struct {
		name string
		lex  Dialect
		text string
		want []string // by number: conditions' bits, then the first order's choices
	}{
		{"a line", PostgreSQL, "SELECT 1\nWHERE a = @a -- :if a\nLIMIT @n", []string{"SELECT 1\nLIMIT $1", "SELECT 1\nWHERE a = $1\nLIMIT $2"}},
		{"the last line", SQLite, "SELECT 1\nWHERE a = @a -- :if a\n", []string{"SELECT 1", "SELECT 1\nWHERE a = ?1"}},
		{"behind the semicolon", MySQL, "SELECT 1\nLIMIT sqlc.arg(n); # :if n\n", []string{"SELECT 1", "SELECT 1\nLIMIT ?"}},
		{"in a line", PostgreSQL, "SELECT a /* :if b */ , b /* :end */ FROM t", []string{"SELECT a FROM t", "SELECT a , b FROM t"}},
		{"lines", PostgreSQL, "SELECT 1\n-- :if a\nWHERE a = 1\n-- a comment\n  AND b = 2\n-- :end\nLIMIT 1", []string{"SELECT 1\nLIMIT 1", "SELECT 1\nWHERE a = 1\n  AND b = 2\nLIMIT 1"}},
		{"CRLF", PostgreSQL, "SELECT 1\r\nWHERE a = @a -- :if a\r\nLIMIT 1", []string{"SELECT 1\nLIMIT 1", "SELECT 1\nWHERE a = $1\nLIMIT 1"}},
		{"a clause before all", PostgreSQL, "WITH x AS (SELECT @n) -- :if n\nSELECT 1", []string{"SELECT 1", "WITH x AS (SELECT $1)\nSELECT 1"}},
		{"one in another", PostgreSQL, "SELECT 1 /* :if a */ WHERE a = @a /* :if b */ AND b = @b /* :end */ /* :end */ LIMIT @c",
			[]string{"SELECT 1 LIMIT $1", "SELECT 1 WHERE a = $1 LIMIT $2", "SELECT 1 LIMIT $1", "SELECT 1 WHERE a = $1 AND b = $2 LIMIT $3"}},
		{"a parameter in two parts", PostgreSQL, "SELECT 1\nWHERE a = @a -- :if a\n AND b = @b\n AND c = @a -- :if a\n",
			[]string{"SELECT 1\n AND b = $1", "SELECT 1\nWHERE a = $1\n AND b = $2\n AND c = $1"}},
		{"numbered parameters", PostgreSQL, "SELECT $2\nWHERE a = sqlc.arg(a) -- :if a\n AND b = $1", []string{"SELECT $2\n AND b = $1", "SELECT $2\nWHERE a = $3\n AND b = $1"}},
		{"an embed", PostgreSQL, "SELECT 1 /* :if a */, sqlc.embed(t) /* :end */, sqlc.embed(u)", []string{"SELECT 1 , u.*", "SELECT 1 , t.* , u.*"}},
		{"keys behind their clause", PostgreSQL, "SELECT 1 ORDER BY a DESC, b ASC -- :order by\n, id", []string{"SELECT 1 ORDER BY a DESC\n, id", "SELECT 1 ORDER BY b ASC\n, id"}},
		{"a mark at once behind", PostgreSQL, "SELECT 1 ORDER BY a-- :order by\nLIMIT 1", []string{"SELECT 1 ORDER BY a\nLIMIT 1", "SELECT 1 ORDER BY a DESC\nLIMIT 1"}},
		{"keys in a line", PostgreSQL, "SELECT 1\nORDER BY\n a, b DESC NULLS LAST, lower(c, d) NULLS FIRST, -- :order by\n id", []string{
			"SELECT 1\nORDER BY\n a,\n id", "SELECT 1\nORDER BY\n a DESC,\n id", "SELECT 1\nORDER BY\n b DESC NULLS LAST,\n id",
			"SELECT 1\nORDER BY\n lower(c, d) NULLS FIRST,\n id", "SELECT 1\nORDER BY\n lower(c, d) DESC NULLS FIRST,\n id"}},
		{"the clause and its keys", MySQL, "SELECT 1\nORDER BY `a b` -- :order by\nLIMIT 1", []string{"SELECT 1\nORDER BY `a b`\nLIMIT 1", "SELECT 1\nORDER BY `a b` DESC\nLIMIT 1"}},
		{"a mark in a text", PostgreSQL, "SELECT '-- :if a', $$/* :end */$$ -- :if x\n", []string{"", "SELECT '-- :if a', $$/* :end */$$"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			statements, diags := split("-- name: X :exec\n"+c.text+"\n;\n", c.lex, Queries)
			if len(statements) != 1 || len(diags) > 0 && c.lex != MySQL {
				t.Fatalf("%d statements, %v", len(statements), reported(diags))
			}
			s := statements[0]
			parts, diags := s.Parts()
			if parts == nil {
				t.Fatalf("%v", reported(diags))
			}
			for i, want := range c.want {
				var v Variant
				n := i
				for range parts.Conditions {
					v.Present = append(v.Present, n&1 == 1)
					n >>= 1
				}
				for range parts.Orders {
					v.Choice = append(v.Choice, n)
				}
				st := s.Variant(parts, v)
				got := strings.ReplaceAll(st.Final(nil), " ,", ",")
				if want = strings.ReplaceAll(want, " ,", ","); got != want {
					t.Errorf("variant %d\n got %q\nwant %q", i, got, want)
				}
				for j := range st.Tokens {
					text, at := st.TokenText(j), st.At(int(st.Tokens[j].Start), int(st.Tokens[j].End)).Text()
					if text != at && st.Tokens[j].Kind != Placeholder && st.EmbedAt(int(st.Tokens[j].Start)) == false && text != "DESC" {
						t.Errorf("variant %d: token %q stands at %q", i, text, at)
					}
				}
			}
		})
	}
}
