package ask

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
)

// Class is how a server of MySQL or MariaDB does an ALTER TABLE.
type Class struct {
	effect.Class
	// Reason is the server's own, why it is no better class.
	Reason string
	// Refused is its error where it does the statement in no way.
	Refused string
}

// attempts are the clauses in which a statement is tried, best first.
var attempts = []struct {
	class  effect.Class
	clause string
}{
	{effect.Instant, "ALGORITHM=INSTANT"},
	{effect.Inplace, "ALGORITHM=INPLACE, LOCK=NONE"},
	{effect.InplaceShared, "ALGORITHM=INPLACE, LOCK=SHARED"},
	{effect.CopyShared, "ALGORITHM=COPY, LOCK=SHARED"},
}

// MySQL tries an ALTER TABLE on empty copies of its table, from the best class down to the first that the server takes. The copies
// are made in the database of the connection, beside the table, and dropped; they have no foreign keys. quote writes an identifier.
func MySQL(ctx context.Context, conn *sql.Conn, s *token.Statement, tree *ir.AlterTable, quote func(string) string) (c Class, err error) {
	const name = "covet_hazard_copy"
	at := tree.Name.Span()
	from, to := int(at.Start)-int(s.Span.Start), int(at.End)-int(s.Span.Start)
	// In front, for behind partitions and ORDER BY the clauses are not read.
	asked := attempts
	before, after := s.Text[:from]+quote(name)+" ", ", "+s.Text[to:]
	if first := tree.Actions; len(first) == 1 && (first[0].Verb == "REMOVE" || len(first[0].Options) > 0 && first[0].Options[0].Key == "partition") {
		after = s.Text[to:]
		asked = asked[1:] // MariaDB takes ALGORITHM=INSTANT for these, and copies the table all the same
	}
	table := s.Text[from:to]
	drop := "DROP TABLE IF EXISTS " + quote(name)
	defer func() {
		_, dropped := conn.ExecContext(ctx, drop)
		err = errors.Join(err, dropped)
	}()
	for _, try := range asked {
		if _, err := conn.ExecContext(ctx, drop); err != nil {
			return c, fmt.Errorf("dropping the copy: %w", err)
		}
		if _, err := conn.ExecContext(ctx, "CREATE TABLE "+quote(name)+" LIKE "+table); err != nil {
			return c, fmt.Errorf("copying the table: %w", err)
		}
		_, err := conn.ExecContext(ctx, before+try.clause+after)
		if err == nil {
			c.Class = try.class
			return c, nil
		}
		c.Refused = err.Error()
		if c.Reason == "" {
			if i := strings.Index(c.Refused, "Reason: "); i > 0 {
				c.Reason = c.Refused[i+len("Reason: "):]
			}
		}
	}
	return c, nil
}
