package compiler

import (
	"testing"

	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/dialect/postgres"
	"github.com/covetsql/covetsql/compiler/dialect/sqlite"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// The order is that in which sqlc 1.31.1 numbers.
func TestNamedParametersAreNumberedByClause(t *testing.T) {
	for _, c := range []struct {
		d        dialect.Dialect
		in, want string
	}{
		{postgres.New(), "SELECT a FROM t WHERE a = @p AND b = sqlc.arg('q') AND c > @r::int LIMIT sqlc.arg(lim) OFFSET @off",
			"SELECT a FROM t WHERE a = $1 AND b = $2 AND c > $3::int LIMIT $5 OFFSET $4"},
		{postgres.New(), "WITH x AS (SELECT a FROM t WHERE id = @one) SELECT x.a FROM x, t WHERE t.c = sqlc.narg(two) AND t.a = @one::text",
			"WITH x AS (SELECT a FROM t WHERE id = $2) SELECT x.a FROM x, t WHERE t.c = $1 AND t.a = $2::text"},
		{postgres.New(), "UPDATE t SET a = @a FROM (SELECT @b::int AS b LIMIT @c) AS s WHERE t.id = @d AND $1 = t.id RETURNING @e::int",
			"UPDATE t SET a = $2 FROM (SELECT $4::int AS b LIMIT $5) AS s WHERE t.id = $3 AND $1 = t.id RETURNING $6::int"},
		{sqlite.New(), "SELECT a FROM t WHERE a = @q LIMIT @lim OFFSET @off", "SELECT a FROM t WHERE a = ?1 LIMIT ?3 OFFSET ?2"},
		// Beside a plain ? the order is that of the text.
		{sqlite.New(), "SELECT a FROM t WHERE a = ? LIMIT @lim OFFSET @off", "SELECT a FROM t WHERE a = ?1 LIMIT ?2 OFFSET ?3"},
	} {
		statements, _ := token.Split(source.NewFile("q.sql", "-- name: A :many\n"+c.in), c.d.Lex(), token.Queries)
		tree, diags := c.d.Parse(statements[0])
		if tree == nil {
			t.Errorf("%s: %v", c.in, diags)
			continue
		}
		renumber(statements[0], tree)
		if got := statements[0].Final(nil); got != c.want {
			t.Errorf("\n got %s\nwant %s", got, c.want)
		}
	}
}
