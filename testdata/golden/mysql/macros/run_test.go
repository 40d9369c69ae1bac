package macros

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/macros/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		Want(t, []string{"Emma"})(q.Named(ctx, db.NamedParams{Low: 10, High: 20}))
		Want[[]string](t, nil)(q.Named(ctx, db.NamedParams{Low: 20, High: 10}))
		Want(t, []string{"Emma"})(q.Twice(ctx, db.TwiceParams{Word: "Emma"}))
		Want(t, []string{"Emma", "Persuasion"})(q.Twice(ctx, db.TwiceParams{Word: "Austen"}))
		Want(t, []string{"Emma", "Persuasion", "Beowulf"})(q.Optional(ctx, db.OptionalParams{Pattern: "%"}))
		Want(t, []string{"Beowulf"})(q.Optional(ctx, db.OptionalParams{Most: Int32(9), Pattern: "%"}))

		Want(t, []string{"Emma", "Beowulf"})(q.In(ctx, []int32{3, 1, 8}))
		Want[[]string](t, nil)(q.In(ctx, nil))
		Want(t, []string{"Persuasion"})(q.NotIn(ctx, []int32{3, 1}))
		Want(t, []string{"Emma", "Persuasion", "Beowulf"})(q.NotIn(ctx, nil))
		Want(t, []db.ListedRow{{Others: Boolean(true)}, {Others: Boolean(true)}, {Others: Boolean(true)}})(q.Listed(ctx, db.ListedParams{}))
		listed := db.ListedParams{Ids: []int32{3}}
		Want(t, []db.ListedRow{{Others: Boolean(true)}, {Others: Boolean(true)}, {Listed: true}})(q.Listed(ctx, listed))
		Want(t, []string{"Emma"})(q.ListedBeside(ctx, db.ListedBesideParams{}))
		Want[[]string](t, nil)(q.ListedBeside(ctx, db.ListedBesideParams{Ids: []int32{1, 7}}))
		Want(t, []string{"Emma", "Persuasion"})(q.SameSliceTwice(ctx, db.SameSliceTwiceParams{Ids: []int32{1, 8, 9}}))
		for _, ids := range [][]int32{{1}, {1, 8}} {
			Want(t, []string{"Emma"})(q.SliceBeside(ctx, db.SliceBesideParams{Low: 10, Ids: ids, High: 20, Titles: []string{"Emma", "x"}, Price: 1}))
			Want[[]string](t, nil)(q.SliceBeside(ctx, db.SliceBesideParams{Low: 10, Ids: ids, High: 20, Titles: []string{"Emma", "x"}, Price: 12}))
		}
		Want(t, []string{"Persuasion"})(q.Page(ctx, db.PageParams{Limit: 1, Offset: 1}))

		Want[int64](t, 1)(q.Patch(ctx, db.PatchParams{ID: 2, Title: String("Sanditon"), Price: Int32(7)}))
		austen := db.Author{ID: 1, Name: "Austen", Born: Int32(1775)}
		emma := db.Book{ID: 1, AuthorID: Int32(1), Title: "Emma", Price: Int32(12)}
		sanditon := db.Book{ID: 2, AuthorID: Int32(1), Title: "Sanditon", Price: Int32(7)}
		Want(t, []db.EmbeddedRow{{Book: emma, Author: austen}, {Book: sanditon, Author: austen}})(q.Embedded(ctx))
		beowulf := db.Book{ID: 3, Title: "Beowulf", Price: Int32(9)}
		Want(t, []db.EmbeddedOuterRow{{Book: emma, Author: &austen}, {Book: sanditon, Author: &austen}, {Book: beowulf}})(q.EmbeddedOuter(ctx))
	})
}
