package jsontypes

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/jsontypes/db"
)

const sense = `Sense & "Sensibility" \ é ☃`

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)
		Want(t, []db.AuthorsRow{
			{Name: "Austen", Books: []db.BookCard{{ID: 1, Title: "Emma", Price: Ptr("9.50"), Mood: Ptr(db.BooksMoodCalm)}, {ID: 2, Title: sense}}},
			{Name: "Homer", Books: []db.BookCard{}},
		})(q.Authors(ctx))
		titles, err := q.Titles(ctx)
		OK(t, err)
		slices.SortFunc(titles[0].Books, func(a, b db.TitleCard) int { return strings.Compare(*a.Title, *b.Title) })
		Same(t, titles, []db.TitlesRow{
			{Name: "Austen", Books: []db.TitleCard{{Title: Ptr("Emma"), Cheap: Ptr(true)}, {Title: Ptr(sense)}}},
			{Name: "Homer", Books: []db.TitleCard{{}}},
		})
		library, err := q.Whole(ctx)
		OK(t, err)
		library.Mixed = nil
		Same(t, library, db.Library{
			Authors: []db.LibraryAuthor{{Name: "Austen", Books: []db.LibraryAuthorBook{{ID: 1}, {ID: 2}}}, {Name: "Homer"}},
			Prices:  map[string]json.RawMessage{"1": json.RawMessage("9.50"), "2": json.RawMessage("null")},
			Most:    db.LibraryMost{Price: Ptr("9.50")},
		})
		Want(t, []int64{1, 2})(q.Ids(ctx, 0))
		Want[[]int64](t, nil)(q.Ids(ctx, 9))
		outside, err := q.Outside(ctx)
		OK(t, err)
		outside.Either = nil
		Same(t, outside, db.Outside{Books: []db.OutsideBook{{ID: 1}, {ID: 2}}, List: []db.OutsideList{{ID: 1}, {ID: 2}}, Case: []db.OutsideCase{{ID: 1}, {ID: 2}}})
		Want(t, db.Direct{List: []db.DirectList{{ID: 1}, {ID: 2}}, If: []json.RawMessage{}})(q.Direct(ctx))
		list, err := q.Kinds(ctx)
		OK(t, err)
		for i := range list {
			if took := list[i].Took; !strings.HasSuffix(strings.TrimSuffix(took, ".000000"), "10:30:00") {
				t.Errorf("took %s", took)
			}
			list[i].Body, list[i].Doc, list[i].Took = nil, nil, "" // MariaDB writes them in another way
		}
		Same(t, list, []db.KindCard{
			{
				ID: 1, Flag: true, Maybe: Ptr(false), Small: Ptr(uint16(7)), Big: 18446744073709551615, F4: 0.1, F8: Ptr(1e300), N: "12345678901234567890.12345678901234567890",
				Day: Time("2026-05-04"), At: Time("2026-05-04 10:30:00").Add(123456000), Ts: Ptr(Time("2026-05-04 10:30:00")), Y: 2026, Note: "x", True: true, AB: "X",
			},
			{ID: 2, F4: -1.5, N: "0.00000000000000000000", Day: Time("2026-05-04"), At: Time("2026-05-04 10:30:00"), Y: 1999, True: true, More: true},
		})
	})
}
