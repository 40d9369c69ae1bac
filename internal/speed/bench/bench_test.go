package bench

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/covetsql/covetsql/internal/testkit"
)

// The workloads: one row by its key, by itself and in a transaction of its own, so many rows, so many rows inserted.
const (
	manyRows   = 1000
	insertRows = 10_000
)

// contender is a way to the database. What it has no way for is nil.
type contender struct {
	name string
	// one gives the name of a person, within does so in a transaction of its own, many gives the number of those up to an id, arrive
	// inserts insertRows rows.
	one    func(ctx context.Context, id int64) (string, error)
	within func(ctx context.Context, id int64) (string, error)
	many   func(ctx context.Context, upTo int64) (int, error)
	arrive func(ctx context.Context) error
}

// engine is a server with everybody who competes on it. The first contender is what others are compared with.
type engine struct {
	name       string
	contenders []contender
	empty      func() error // of what arrived
	arrived    func() (int, error)
}

var engines = []struct {
	name  string
	start func(t testing.TB) *engine
}{
	{"PostgreSQL", postgreSQL}, {"MySQL", mySQL}, {"SQLite", sqlite},
}

// workload is what is measured; it is nil for who has no way for it.
type workload struct {
	name, title string
	run         func(e *engine, c *contender) func(b *testing.B)
}

var workloads = []workload{
	{"One", "One row by its key", func(_ *engine, c *contender) func(b *testing.B) { return eachByKey(c.one) }},
	{"Transaction", "Begin, one row by its key, commit", func(_ *engine, c *contender) func(b *testing.B) { return eachByKey(c.within) }},
	{"Many", "1,000 rows", func(_ *engine, c *contender) func(b *testing.B) {
		if c.many == nil {
			return nil
		}
		return func(b *testing.B) {
			ctx := context.Background()
			b.ReportAllocs()
			defer processor(b)()
			for b.Loop() {
				if _, err := c.many(ctx, manyRows); err != nil {
					b.Fatal(err)
				}
			}
		}
	}},
	{"Insert", "10,000 rows inserted", func(e *engine, c *contender) func(b *testing.B) {
		if c.arrive == nil {
			return nil
		}
		return func(b *testing.B) {
			ctx := context.Background()
			b.ReportAllocs()
			defer processor(b)()
			for b.Loop() {
				b.StopTimer()
				if err := e.empty(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				if err := c.arrive(ctx); err != nil {
					b.Fatal(err)
				}
			}
		}
	}},
}

// eachByKey reads one person after the other.
func eachByKey(read func(ctx context.Context, id int64) (string, error)) func(b *testing.B) {
	if read == nil {
		return nil
	}
	return func(b *testing.B) {
		ctx := context.Background()
		b.ReportAllocs()
		defer processor(b)()
		for i := 0; b.Loop(); i++ {
			if _, err := read(ctx, int64(i%manyRows+1)); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkPostgreSQL(b *testing.B) { run(b, postgreSQL) }
func BenchmarkMySQL(b *testing.B)      { run(b, mySQL) }
func BenchmarkSQLite(b *testing.B)     { run(b, sqlite) }

func run(b *testing.B, start func(testing.TB) *engine) {
	e := start(b)
	for _, w := range workloads {
		for i := range e.contenders {
			if f := w.run(e, &e.contenders[i]); f != nil {
				b.Run(w.name+"/"+e.contenders[i].name, f)
			}
		}
	}
}

// Whoever is fast has to give the same, and to insert everything.
func TestAllGiveTheSame(t *testing.T) {
	ctx := context.Background()
	for _, s := range engines {
		e := s.start(t)
		for _, c := range e.contenders {
			t.Run(e.name+"/"+c.name, func(t *testing.T) {
				if c.one != nil {
					if name, err := c.one(ctx, 77); err != nil || name != "Name 77" {
						t.Errorf("one: %q, %v", name, err)
					}
				}
				if c.within != nil {
					for range 3 { // it leaves nothing behind
						if name, err := c.within(ctx, 77); err != nil || name != "Name 77" {
							t.Errorf("within: %q, %v", name, err)
						}
					}
				}
				if c.many != nil {
					if n, err := c.many(ctx, manyRows); err != nil || n != manyRows {
						t.Errorf("many: %d, %v", n, err)
					}
				}
				if c.arrive != nil {
					ok(t, e.empty())
					ok(t, c.arrive(ctx))
					if n, err := e.arrived(); err != nil || n != insertRows {
						t.Errorf("arrive: %d, %v", n, err)
					}
				}
			})
		}
	}
}

// processor reports the time that this process has the processors for: less of what else the machine does is in it.
func processor(b *testing.B) func() {
	now := func() time.Duration {
		var u syscall.Rusage
		ok(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	start := now()
	return func() { b.ReportMetric(float64(now()-start)/float64(b.N), "cpu-ns/op") }
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// database makes a database with the schema of a golden topic.
func database(t testing.TB, s *testkit.Server, topic string) string {
	t.Helper()
	schema, err := os.ReadFile(filepath.Join("../../../testdata/golden", topic, "speed/schema.sql"))
	ok(t, err)
	db := s.NewDatabase(t)
	s.Exec(t, db, string(schema))
	return db
}

// arrivals tells how to empty the table and to count its rows.
func (e *engine) arrivals(db *sql.DB, empty string) {
	e.empty = func() error {
		_, err := db.Exec(empty)
		return err
	}
	e.arrived = func() (n int, err error) {
		err = db.QueryRow("SELECT count(*) FROM arrivals").Scan(&n)
		return n, err
	}
}
