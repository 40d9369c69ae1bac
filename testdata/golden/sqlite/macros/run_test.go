package macros

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/macros/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))

	Want(t, []string{"Emma"})(q.Named(ctx, db.NamedParams{Low: 10, High: 20}))
	Want[[]string](t, nil)(q.Named(ctx, db.NamedParams{Low: 20, High: 10}))
	Want(t, []string{"Emma", "Persuasion", "Beowulf"})(q.At(ctx, db.AtParams{Low: 10, Title: "Persuasion", ID: 3}))
	Want(t, []string{"Emma"})(q.Twice(ctx, "Emma"))
	Want(t, []string{"Emma", "Persuasion"})(q.Twice(ctx, "Austen"))
	Want(t, []string{"Emma", "Persuasion", "Beowulf"})(q.Optional(ctx, db.OptionalParams{Pattern: "%"}))
	Want(t, []string{"Beowulf"})(q.Optional(ctx, db.OptionalParams{Most: Int64(9), Pattern: "%"}))

	Want(t, []string{"Emma", "Beowulf"})(q.In(ctx, []int64{3, 1, 8}))
	Want[[]string](t, nil)(q.In(ctx, nil))
	Want(t, []string{"Persuasion"})(q.NotIn(ctx, []int64{3, 1}))
	Want(t, []string{"Emma", "Persuasion", "Beowulf"})(q.NotIn(ctx, nil))
	Want(t, []db.ListedRow{{Others: Boolean(true)}, {Others: Boolean(true)}, {Others: Boolean(true)}})(q.Listed(ctx, db.ListedParams{}))
	listed := db.ListedParams{Ids: []int64{3}}
	Want(t, []db.ListedRow{{Others: Boolean(true)}, {Others: Boolean(true)}, {Listed: true}})(q.Listed(ctx, listed))
	Want(t, []string{"Emma"})(q.ListedBeside(ctx, db.ListedBesideParams{}))
	Want[[]string](t, nil)(q.ListedBeside(ctx, db.ListedBesideParams{Ids: []int64{1, 7}}))
	Want(t, []string{"Emma", "Persuasion"})(q.SameSliceTwice(ctx, db.SameSliceTwiceParams{Ids: []int64{1, 8, 9}}))
	Want[[]string](t, nil)(q.SameSliceTwice(ctx, db.SameSliceTwiceParams{}))
	Want(t, []string{"Emma"})(q.TwoSlices(ctx, db.TwoSlicesParams{Ids: []int64{1, 2}, Titles: []string{"Emma", "Beowulf", "x"}}))
	for _, ids := range [][]int64{{1}, {1, 8}, {1, 7, 8}} {
		Want(t, []string{"Emma"})(q.SliceBeside(ctx, db.SliceBesideParams{Low: 10, Ids: ids, High: 20}))
		Want[[]string](t, nil)(q.SliceBeside(ctx, db.SliceBesideParams{Low: 13, Ids: ids, High: 20}))
		Want[[]string](t, nil)(q.SliceBeside(ctx, db.SliceBesideParams{Low: 1, Ids: ids, High: 10}))
	}
	Want[[]string](t, nil)(q.SliceBeside(ctx, db.SliceBesideParams{Low: 10, High: 20}))
	for _, titles := range [][]string{{"Emma"}, {"Emma", "Beowulf"}} {
		Want(t, []string{"Emma"})(q.SliceBesideNumbers(ctx, db.SliceBesideNumbersParams{Price: 10, Titles: titles, Price_2: 20}))
	}

	Want(t, db.Book{ID: 2, AuthorID: Int64(1), Title: "Persuasion", Price: Int64(7)})(q.Patch(ctx, db.PatchParams{ID: 2, Price: Int64(7)}))
	Want(t, db.Book{ID: 2, AuthorID: Int64(1), Title: "Sanditon", Price: Int64(7)})(q.Patch(ctx, db.PatchParams{ID: 2, Title: String("Sanditon")}))

	austen := db.Author{ID: 1, Name: "Austen", Born: Int64(1775)}
	emma := db.Book{ID: 1, AuthorID: Int64(1), Title: "Emma", Price: Int64(12)}
	sanditon := db.Book{ID: 2, AuthorID: Int64(1), Title: "Sanditon", Price: Int64(7)}
	Want(t, []db.EmbeddedRow{{Book: emma, Author: austen}, {Book: sanditon, Author: austen}})(q.Embedded(ctx))
	beowulf := db.Book{ID: 3, Title: "Beowulf", Price: Int64(9)}
	Want(t, []db.EmbeddedOuterRow{{Book: emma, Author: &austen}, {Book: sanditon, Author: &austen}, {Book: beowulf}})(q.EmbeddedOuter(ctx))
	Want[int64](t, 1)(q.Drop(ctx, db.DropParams{Ids: []int64{1, 3, 8}, Price: 10}))
}
