package overruling_dropin

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgtype"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/overruling_dropin/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, []db.MarksRow{{Name: "Austen", Bio: Text("English")}, {Name: "Homer"}})(q.Marks(ctx))
	Want(t, []db.LinesRow{{Name: "Austen", Bio: "English", Years: 1}})(q.Lines(ctx))
	Want(t, []db.StrictRow{{Name: "Austen", Bio: "English"}})(q.Strict(ctx))
	Want(t, Int8(2))(q.Total(ctx, "Homer"))
	Want(t, pgtype.Int8{})(q.Total(ctx, "Nobody"))
}
