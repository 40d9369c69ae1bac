package sqlite_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/sqlite"
	"github.com/covetsql/covetsql/runtime/tx"
)

// The benchmarks stand side by side with database/sql over prepared statements of the same driver, on disk, in WAL mode with synchronous=NORMAL.
// cpu-ns/op is the process's, which other work on the machine does not blur.

const benchTable = `create table author(id integer primary key, name text not null, email text not null, age integer, score real, bio text, active integer, created text)`

var (
	benchOne    = plan.New(plan.Query{Name: "Author", SQL: `select id, name, email, age, score, bio, active, created from author where id = ?1`, MaxRows: 1})
	benchMany   = plan.New(plan.Query{Name: "Authors", SQL: `select id, name, email, age, score, bio, active, created from author where id <= ?1`, MaxRows: plan.Unbounded})
	benchInsert = plan.New(plan.Query{Name: "AddAuthor", SQL: `insert into author (name, email, age, score, bio, active, created) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)`, Kind: plan.Write})
	benchClear  = plan.New(plan.Query{Name: "Clear", SQL: `delete from author where id > 10000`, Kind: plan.Write})
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

func benchDB(b *testing.B) (*sqlite.DB, *sql.DB) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bench.db")
	db, err := sqlite.Open(b.Context(), path, sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close(context.Background()) })
	if _, err := db.ExecContext(b.Context(), benchTable); err != nil {
		b.Fatal(err)
	}
	if err := insert(b.Context(), db, 10_000); err != nil {
		b.Fatal(err)
	}
	std, err := sql.Open("sqlite", path+"?_pragma=synchronous(1)&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { std.Close() })
	return db, std
}

func insert(ctx context.Context, db *sqlite.DB, n int) error {
	return db.InTx(ctx, tx.Options{}, func(t *sqlite.Tx) error {
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

func read(c *sqlite.Call) author {
	return author{c.Int64(), c.String(), c.String(), c.Int64(), c.Float64(), c.NullString(), c.Bool(), c.String()}
}

func BenchmarkOne(b *testing.B) {
	db, std := benchDB(b)
	ctx := b.Context()
	b.Run("direct", func(b *testing.B) {
		defer measured(b)()
		for i := 0; b.Loop(); i++ {
			c := db.Call(ctx, benchOne, benchOne.SQL)
			c.ArgInt64(int64(1 + i%10_000))
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
			if err := st.QueryRowContext(context.Background(), 1+i%10_000).Scan(&a.ID, &a.Name, &a.Email, &a.Age, &a.Score, &a.Bio, &a.Active, &a.Created); err != nil {
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
			rows, err := st.QueryContext(context.Background(), 1000)
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

func BenchmarkInsert10000(b *testing.B) {
	db, std := benchDB(b)
	ctx := b.Context()
	b.Run("direct", func(b *testing.B) {
		defer measured(b)()
		for b.Loop() {
			if err := insert(ctx, db, 10_000); err != nil {
				b.Fatal(err)
			}
		}
	})
	if _, err := db.ExecContext(ctx, benchClear.SQL); err != nil {
		b.Fatal(err)
	}
	b.Run("database-sql", func(b *testing.B) {
		defer measured(b)()
		for b.Loop() {
			t, err := std.Begin()
			if err != nil {
				b.Fatal(err)
			}
			st, err := t.Prepare(benchInsert.SQL)
			if err != nil {
				b.Fatal(err)
			}
			for i := range 10_000 {
				if _, err := st.Exec("a name", "somebody@example.org", int64(20+i%60), float64(i)/3, sql.NullString{String: "wrote something", Valid: i%2 == 0}, i%3 == 0, "2024-01-02 03:04:05"); err != nil {
					b.Fatal(err)
				}
			}
			if err := t.Commit(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
