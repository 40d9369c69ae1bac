package macros

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/macros/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, []string{"Emma"})(q.Named(ctx, db.NamedParams{Low: 10, High: 20}))
	Want[[]string](t, nil)(q.Named(ctx, db.NamedParams{Low: 20, High: 10}))
	Want(t, []string{"Emma", "Persuasion"})(q.At(ctx, db.AtParams{Low: 10, Title: "Persuasion"}))
	Want(t, []string{"Emma"})(q.Twice(ctx, "Emma"))
	Want(t, []string{"Emma", "Persuasion"})(q.Twice(ctx, "Austen"))
	Want(t, []string{"Emma", "Persuasion", "Beowulf"})(q.Optional(ctx, db.OptionalParams{Pattern: "%"}))
	Want(t, []string{"Beowulf"})(q.Optional(ctx, db.OptionalParams{Most: Int4(9), Pattern: "%"}))
	Want(t, db.Book{ID: 2, AuthorID: Int4(1), Title: "Persuasion", Price: Int4(7)})(q.Patch(ctx, db.PatchParams{ID: 2, Price: Int4(7)}))
	Want(t, db.Book{ID: 2, AuthorID: Int4(1), Title: "Sanditon", Price: Int4(7)})(q.Patch(ctx, db.PatchParams{ID: 2, Title: Text("Sanditon")}))
	Want(t, []string{"Emma", "Beowulf"})(q.In(ctx, []int32{3, 1, 8}))
	Want[[]string](t, nil)(q.In(ctx, []int32{}))
	Want(t, []string{"Sanditon"})(q.NotIn(ctx, []int32{3, 1}))
	for _, none := range [][]int32{nil, {}} {
		Want[[]string](t, nil)(q.In(ctx, none))
		Want(t, []string{"Emma", "Sanditon", "Beowulf"})(q.NotIn(ctx, none))
	}
	Want(t, []string{"Emma", "Sanditon", "Beowulf"})(q.NotIn(ctx, []int32{}))

	austen := db.Author{ID: 1, Name: "Austen", Born: Int4(1775)}
	emma := db.Book{ID: 1, AuthorID: Int4(1), Title: "Emma", Price: Int4(12)}
	sanditon := db.Book{ID: 2, AuthorID: Int4(1), Title: "Sanditon", Price: Int4(7)}
	beowulf := db.Book{ID: 3, Title: "Beowulf", Price: Int4(9)}
	Want(t, []db.EmbeddedRow{{Book: emma, Author: austen}, {Book: sanditon, Author: austen}})(q.Embedded(ctx))
	Want(t, []db.EmbeddedOuterRow{{Book: emma, Author: &austen}, {Book: sanditon, Author: &austen}, {Book: beowulf}})(q.EmbeddedOuter(ctx))
}
