package optional

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/optional/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))
	book := func(id int64, title string, price int64) db.SearchRow {
		return db.SearchRow{ID: id, Title: title, Price: Int64(price)}
	}
	emma, odyssey, iliad := book(1, "Emma", 12), book(3, "Odyssey", 9), book(4, "Iliad", 12)
	persuasion := db.SearchRow{ID: 2, Title: "Persuasion"}

	// Every variant runs.
	for i, sort := range []db.SearchSort{"", db.SearchSortTitle, db.SearchSortTitleDesc, db.SearchSortPriceDesc, db.SearchSortAuthorID, db.SearchSortAuthorIDDesc} {
		for set := range 8 {
			arg := db.SearchParams{Sort: sort}
			want := 4
			if set&1 != 0 {
				arg.Most, want = Ptr[int64](12), 3
			}
			if set&2 != 0 {
				arg.Author, want = Ptr("Homer"), 2
			}
			if set&4 != 0 {
				arg.MostRows, want = Ptr[int64](1), 1
			}
			books, err := q.Search(ctx, arg)
			OK(t, err)
			if len(books) != want {
				t.Errorf("order %d, set %b: %d books, want %d", i, set, len(books), want)
			}
		}
	}
	Want(t, []db.SearchRow{emma, iliad, odyssey, persuasion})(q.Search(ctx, db.SearchParams{}))
	most := int64(12)
	Want(t, []db.SearchRow{emma, persuasion})(q.Search(ctx, db.SearchParams{Author: Ptr("Austen")}))
	Want(t, []db.SearchRow{emma, iliad, odyssey})(q.Search(ctx, db.SearchParams{Most: &most, Sort: db.SearchSortPriceDesc}))
	Want(t, []db.SearchRow{odyssey})(q.Search(ctx, db.SearchParams{After: 1, Most: Ptr[int64](9), Author: Ptr("Homer"), Sort: db.SearchSortPriceDesc}))
	Want(t, []db.SearchRow{odyssey, iliad})(q.Search(ctx, db.SearchParams{MostRows: Ptr[int64](2), Sort: db.SearchSortAuthorIDDesc}))
	if _, err := q.Search(ctx, db.SearchParams{Sort: "id; DROP TABLE books"}); err == nil {
		t.Error("an order that is none of the list was taken")
	}

	Want(t, []string{"Emma", "Persuasion", "Odyssey", "Iliad"})(q.Titles(ctx, false))
	Want(t, []string{"Emma", "Odyssey", "Iliad"})(q.Titles(ctx, true))
	Want(t, &db.LastRow{ID: 4, Title: "Iliad"})(q.Last(ctx, db.LastParams{}))
	Want(t, &db.LastRow{ID: 2, Title: "Persuasion"})(q.Last(ctx, db.LastParams{AuthorID: Ptr[int64](1), By: db.LastByTitleDesc}))
	Want[*db.LastRow](t, nil)(q.Last(ctx, db.LastParams{AuthorID: Ptr[int64](7)}))
	Want(t, Int64(12))(q.Dearest(ctx, db.DearestParams{}))
	Want(t, Int64(9))(q.Dearest(ctx, db.DearestParams{AuthorID: Ptr[int64](2), Below: Ptr[int64](12)}))
	Want(t, sql.NullInt64{})(q.Dearest(ctx, db.DearestParams{Below: Ptr[int64](9)}))
	Want[int64](t, 1)(q.Named(ctx, db.NamedParams{Word: "Emma"}))
	Want[int64](t, 3)(q.Named(ctx, db.NamedParams{Word: "Emma", AuthorID: Ptr[int64](2)}))

	var titles []string
	for title, err := range q.EachTitle(ctx, db.EachTitleSortTitleDesc) {
		OK(t, err)
		titles = append(titles, title)
	}
	Same(t, titles, []string{"Persuasion", "Odyssey", "Iliad", "Emma"})
	for _, err := range q.EachTitle(ctx, "price") {
		if err == nil {
			t.Error("an order that is none of the list was taken")
		}
	}

	all := []string{"Emma", "Persuasion", "Odyssey", "Iliad"}
	Want(t, all)(q.Among(ctx, db.AmongParams{}))
	Want(t, all[1:3])(q.Among(ctx, db.AmongParams{Ids: &[]int64{1, 2, 3}, Others: &[]int64{1}}))
	Want(t, all)(q.Among(ctx, db.AmongParams{Others: new([]int64)}))
	Want[[]string](t, nil)(q.Among(ctx, db.AmongParams{Ids: new([]int64)}))

	Want(t, int64(1))(q.Patch(ctx, db.PatchParams{ID: 1}))
	Want[int64](t, 1)(q.Patch(ctx, db.PatchParams{ID: 1, Price: Ptr(sql.NullInt64{})}))
	Want[int64](t, 1)(q.Patch(ctx, db.PatchParams{ID: 2, Title: Ptr("Sanditon"), Price: Ptr(Int64(7))}))
	OK(t, q.Add(ctx, db.AddParams{ID: 5, AuthorID: 1, Title: "Lady Susan", Price: Int64(3)}))
	Want(t, []db.SearchRow{{ID: 1, Title: "Emma"}, book(5, "Lady Susan", 3), book(2, "Sanditon", 7)})(
		q.Search(ctx, db.SearchParams{Author: Ptr("Austen")}))
}
