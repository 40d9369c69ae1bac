package mysql_test

import (
	"context"
	"database/sql"
	"syscall"
	"testing"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/mysql"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/tx"
)

// The benchmarks stand side by side with database/sql over prepared statements of the same driver. cpu-ns/op is the client process's, which the
// server's work does not blur.

const benchTable = `create table author(id bigint primary key auto_increment, name varchar(100) not null, email varchar(100) not null, age bigint, score double, bio text, active boolean, created varchar(30))`

var (
	benchOne    = plan.New(plan.Query{Name: "Author", SQL: `select id, name, email, age, score, bio, active, created from author where id = ?`, MaxRows: 1})
	benchMany   = plan.New(plan.Query{Name: "Authors", SQL: `select id, name, email, age, score, bio, active, created from author where id <= ?`, MaxRows: plan.Unbounded})
	benchInsert = plan.New(plan.Query{Name: "AddAuthor", SQL: `insert into author (name, email, age, score, bio, active, created) values (?, ?, ?, ?, ?, ?, ?)`, Kind: plan.Write})
)

type author struct {
	ID      int64
	Name    string
	Email   string
	Age     int64
	Score   float64
	Bio     sql.NullString
	Active  bool
	Created string
}

func cpu() int64 {
	var ru syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &ru)
	return ru.Utime.Nano() + ru.Stime.Nano()
}

// measured reports the process's CPU time an operation.
func measured(b *testing.B) func() {
	b.ReportAllocs()
	start := cpu()
	return func() { b.ReportMetric(float64(cpu()-start)/float64(b.N), "cpu-ns/op") }
}

func benchDB(b *testing.B) (*mysql.DB, *sql.DB) {
	b.Helper()
	s := testkit.MySQL(b)
	dsn := s.DSN(s.NewDatabase(b))
	db, err := mysql.Open(b.Context(), dsn, mysql.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close(context.Background()) })
	if _, err := db.ExecContext(b.Context(), benchTable); err != nil {
		b.Fatal(err)
	}
	if err := insert(b.Context(), db, 2_000); err != nil {
		b.Fatal(err)
	}
	std, err := sql.Open("mysql", dsn)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { std.Close() })
	return db, std
}

func insert(ctx context.Context, db *mysql.DB, n int) error {
	return db.InTx(ctx, tx.Options{}, func(t *mysql.Tx) error {
		for i := range n {
			c := t.Call(ctx, benchInsert, benchInsert.SQL)
			c.ArgString("a name")
			c.ArgString("somebody@example.org")
			c.ArgInt64(int64(20 + i%60))
			c.ArgFloat64(float64(i) / 3)
			c.ArgNullString(sql.NullString{String: "wrote something", Valid: i%2 == 0})
			c.ArgBool(i%3 == 0)
			c.ArgString("2024-01-02 03:04:05")
			c.Exec()
			if err := c.End(); err != nil {
				return err
			}
		}
		return nil
	})
}

func read(c *mysql.Call) author {
	return author{c.Int64(), c.String(), c.String(), c.Int64(), c.Float64(), c.NullString(), c.Bool(), c.String()}
}

func BenchmarkOne(b *testing.B) {
	db, std := benchDB(b)
	ctx := b.Context()
	b.Run("direct", func(b *testing.B) {
		defer measured(b)()
		for i := 0; b.Loop(); i++ {
			c := db.Call(ctx, benchOne, benchOne.SQL)
			c.ArgInt64(int64(1 + i%2_000))
			if c.One() {
				_ = read(c)
			}
			if err := c.End(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("database-sql", func(b *testing.B) {
		st, err := std.Prepare(benchOne.SQL)
		if err != nil {
			b.Fatal(err)
		}
		defer measured(b)()
		for i := 0; b.Loop(); i++ {
			var a author
			if err := st.QueryRowContext(ctx, 1+i%2_000).Scan(&a.ID, &a.Name, &a.Email, &a.Age, &a.Score, &a.Bio, &a.Active, &a.Created); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkThousand(b *testing.B) {
	db, std := benchDB(b)
	ctx := b.Context()
	b.Run("direct", func(b *testing.B) {
		defer measured(b)()
		for b.Loop() {
			var out []author
			c := db.Call(ctx, benchMany, benchMany.SQL)
			c.ArgInt64(1000)
			for c.Next() {
				out = append(out, read(c))
			}
			if err := c.End(); err != nil || len(out) != 1000 {
				b.Fatal(len(out), err)
			}
		}
	})
	b.Run("database-sql", func(b *testing.B) {
		st, err := std.Prepare(benchMany.SQL)
		if err != nil {
			b.Fatal(err)
		}
		defer measured(b)()
		for b.Loop() {
			var out []author
			rows, err := st.QueryContext(ctx, 1000)
			if err != nil {
				b.Fatal(err)
			}
			for rows.Next() {
				var a author
				if err := rows.Scan(&a.ID, &a.Name, &a.Email, &a.Age, &a.Score, &a.Bio, &a.Active, &a.Created); err != nil {
					b.Fatal(err)
				}
				out = append(out, a)
			}
			if err := rows.Close(); err != nil || len(out) != 1000 {
				b.Fatal(len(out), err)
			}
		}
	})
}

func BenchmarkTransaction(b *testing.B) {
	db, std := benchDB(b)
	ctx := b.Context()
	b.Run("direct", func(b *testing.B) {
		defer measured(b)()
		for b.Loop() {
			if err := insert(ctx, db, 10); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("database-sql", func(b *testing.B) {
		st, err := std.Prepare(benchInsert.SQL)
		if err != nil {
			b.Fatal(err)
		}
		defer measured(b)()
		for b.Loop() {
			t, err := std.BeginTx(ctx, nil)
			if err != nil {
				b.Fatal(err)
			}
			in := t.Stmt(st)
			for i := range 10 {
				if _, err := in.ExecContext(ctx, "a name", "somebody@example.org", int64(20+i%60), float64(i)/3, sql.NullString{String: "wrote something", Valid: i%2 == 0}, i%3 == 0, "2024-01-02 03:04:05"); err != nil {
					b.Fatal(err)
				}
			}
			if err := t.Commit(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
