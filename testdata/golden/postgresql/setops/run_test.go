package setops

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgtype"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/setops/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, []pgtype.Text{Text("Ann"), Text("Bob"), {}})(q.Names(ctx))
	Want(t, []string{"Ann", "Ann", "Bob"})(q.NoNulls(ctx))
	Want(t, []db.TaggedRow{
		{Kind: "guest", Name: Text("Ann"), Since: Day("2026-05-04")},
		{Kind: "guest", Since: Day("2026-05-05")},
		{Kind: "staff", Name: Text("Ann"), Pay: Int4(5)},
		{Kind: "staff", Name: Text("Bob")},
	})(q.Tagged(ctx))
	Want(t, []string{"Ann"})(q.Both(ctx))
	Want(t, []string{"Bob"})(q.OnlyStaff(ctx))
	Want(t, []pgtype.Int8{Int8(1), Int8(5), Int8(3000000000), {}})(q.Wider(ctx))
	Want(t, []string{"Bob", "Ann"})(q.Limited(ctx, "Ann"))
	Want(t, []db.ValuesRow{{Number: 1, Word: Text("one")}, {Number: 2}})(q.Values(ctx))
}
