package composites

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/composites/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, []db.CitiesRow{{City: Text("Bath")}, {City: Text("York"), WorkZip: Text("HU1")}})(q.Cities(ctx))
	Want(t, []int32{2})(q.From(ctx, "York"))
	Want(t, []db.HomesRow{
		{Home: "(Bath,BA1)"},
		{Home: "(York,)", Work: sql.NullString{String: "(Hull,HU1)", Valid: true}},
	})(q.Homes(ctx))
	Want(t, []db.TextsRow{{Home: "(Bath,BA1)"}, {Home: "(York,)", Work: Text("(Hull,HU1)")}})(q.Texts(ctx))
	Want[int64](t, 1)(q.Move(ctx, db.MoveParams{City: "Hull", Zip: "HU2", ID: 1}))
	Want(t, []int32{1})(q.From(ctx, "Hull"))
}
