package domains

import (
	"context"
	"database/sql"
	"testing"

	"github.com/jackc/pgx/v5/pgtype"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/lib/pq"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/domains/db"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/domains/mail"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/domains/own"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/domains/std"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))
	ann := db.Person{
		ID: 1, Mail: "ann@x", Work: Ptr(db.WorkEmail("ann@work")), Owes: 7, Part: Ptr(db.Share(0.5)), Loud: Ptr(db.Flag(false)),
		Born: pgtype.Date{InfinityModifier: pgtype.Infinity, Valid: true}, Words: []string{"a", "{,}"}, Other: []string{},
	}
	bob := db.Person{ID: 2, Mail: "bob@x", Owes: -1}
	for _, p := range []db.Person{ann, bob} {
		Want(t, p)(q.Add(ctx, db.AddParams(p)))
	}
	Want(t, []db.ByMailRow{{ID: 1, Mail: "ann@x", Work: ann.Work}, {ID: 2, Mail: "bob@x"}})(q.ByMail(ctx, db.ByMailParams{Mail: "bob@x", Work: ann.Work}))
	Want(t, []db.ByMailRow(nil))(q.ByMail(ctx, db.ByMailParams{Mail: "ann"}))
	Want(t, []db.ByMailsRow{{ID: 2, Lowered: "bob@x"}})(q.ByMails(ctx, []string{"bob@x"}))
	Want(t, []db.OwingRow{
		{Owes: -1, Total: Numeric("-1")}, {Owes: 7, Total: Numeric("7"), Most: pgtype.Float8{Float64: 0.5, Valid: true}},
	})(q.Owing(ctx))
	Want(t, db.Email("a@b"))(q.Cast(ctx))
	Want(t, "Anvil")(q.BySKU(ctx, db.Sku("a-1")))
	Want(t, []db.PeopleRow{{Mail: "ann@x", Others: []db.Person{bob}}})(q.People(ctx))
	if _, err := q.Add(ctx, db.AddParams{ID: 3, Mail: "no address"}); err == nil {
		t.Error("the domain's CHECK takes it")
	}
}

func TestRunWithDatabaseSQL(t *testing.T) {
	for _, driver := range []string{"pgx", "postgres"} {
		t.Run(driver, func(t *testing.T) {
			ctx := context.Background()
			conn, err := sql.Open(driver, PostgresURI(t))
			OK(t, err)
			defer conn.Close()
			q := std.New(conn)
			ann := std.Person{
				ID: 1, Mail: "ann@x", Work: Ptr(std.WorkEmail("ann@work")), Owes: 7, Part: Ptr(std.Share(0.5)), Loud: Ptr(std.Flag(false)),
				Words: []string{"a", "{,}"}, Other: []string{},
			}
			bob := std.Person{ID: 2, Mail: "bob@x", Owes: -1}
			for _, p := range []std.Person{ann, bob} {
				Want(t, p)(q.Add(ctx, std.AddParams(p)))
			}
			Want(t, []std.ByMailRow{{ID: 1, Mail: "ann@x", Work: ann.Work}, {ID: 2, Mail: "bob@x"}})(q.ByMail(ctx, std.ByMailParams{Mail: "bob@x", Work: ann.Work}))
			Want(t, "Anvil")(q.BySKU(ctx, std.Sku("a-1")))
			Want(t, []std.PeopleRow{{Mail: "ann@x", Others: []std.Person{bob}}})(q.People(ctx))
		})
	}
}

func TestRunWithATypeOfOnesOwn(t *testing.T) {
	ctx := context.Background()
	q := own.New(PGX(t))
	p := own.Person{ID: 1, Mail: mail.Address("ann@x"), Owes: 7}
	Want(t, p)(q.Add(ctx, own.AddParams(p)))
	Want(t, mail.Address("a@b"))(q.Cast(ctx))
	Want(t, []own.ByMailRow{{ID: 1, Mail: "ann@x"}})(q.ByMail(ctx, own.ByMailParams{Mail: "ann@x"}))
}
