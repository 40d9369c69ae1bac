package jsontypes

import (
	"context"
	"encoding/json"
	"math"
	"testing"
	"time"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/jsontypes/db"
)

const sense = `Sense & "Sensibility" \ é ☃`

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))
	Want(t, []db.AuthorsRow{
		{Name: "Austen", Books: []db.BookCard{{ID: 1, Title: "Emma", Price: Ptr(9.5)}, {ID: 2, Title: sense}}},
		{Name: "Homer", Books: []db.BookCard{}},
	})(q.Authors(ctx))
	Want(t, []db.TitlesRow{
		{Name: "Austen", Books: []db.TitleCard{{Title: Ptr("Emma"), Cheap: Ptr(true)}, {Title: Ptr(sense)}}},
		{Name: "Homer", Books: []db.TitleCard{{}}},
	})(q.Titles(ctx))
	Want(t, db.Library{
		Authors: []db.LibraryAuthor{{Name: "Austen", Books: []db.LibraryAuthorBook{{ID: 1}, {ID: 2}}}, {Name: "Homer", Books: []db.LibraryAuthorBook{}}},
		Prices:  map[string]json.RawMessage{"1": json.RawMessage("9.5"), "2": json.RawMessage("null")},
		Most:    db.LibraryMost{Price: Ptr(9.5)},
		Docs:    []json.RawMessage{json.RawMessage(`{"a":1}`), json.RawMessage("null")},
		Texts:   []*string{Ptr(`{"a": 1}`), nil},
		Mixed:   json.RawMessage(`[1,"a"]`),
	})(q.Whole(ctx))
	outside, err := q.Outside(ctx)
	OK(t, err)
	Same(t, outside.Again, []db.OutsideAgain{{ID: 1}, {ID: 2}})
	Same(t, outside.Set, json.RawMessage(`{"a":1}`))
	Same(t, outside.Case, json.RawMessage(`[1]`))
	Want(t, db.SortedCard{
		First: &db.SortedCardFirst{ID: 1}, Sorted: json.RawMessage(`"{\"id\":1}"`), Again: &db.SortedCardAgain{ID: 1},
	})(q.Sorted(ctx))
	Want(t, []int64{1, 2})(q.Ids(ctx, 0))
	Want(t, []int64{})(q.Ids(ctx, 9))
	list, err := q.Kinds(ctx)
	OK(t, err)
	if !math.IsInf(*list[0].F, 1) {
		t.Errorf("%v is not infinite", *list[0].F)
	}
	list[0].F = nil
	Same(t, list, []db.KindCard{
		{
			ID: 1, Flag: true, Opt: Ptr(false), Big: 9223372036854775807, N: Ptr(12.0), Day: Time("2026-05-04"),
			At: Ptr(Time("2026-05-04 10:30:00").Add(500 * time.Millisecond)), Note: "x", AB: "X",
		},
		{ID: 2, N: Ptr(1.5), Day: Time("2026-05-04"), More: true},
	})
}
