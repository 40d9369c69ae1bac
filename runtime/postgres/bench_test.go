package postgres

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/covetsql/covetsql/runtime/metrics"
)

// cpu is what the process used of the processor so far.
func cpu(b testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// side is one of the two that are measured: pgx as applications use it, its pool and Scan, and the runtime.
type side struct {
	pool *pgxpool.Pool
	db   *DB
}

// measured is what an application does, in both ways.
type measured struct {
	name    string
	pgx     func(ctx context.Context, s *side) error
	runtime func(ctx context.Context, s *side) error
	// n is how many operations make up a round.
	n int
	// at most: CPU as a part of pgx's, allocations an operation, bytes an operation; 0 is none.
	cpu, allocs, bytes float64
}

var operations = []measured{
	{"a point read", pgxOne, runtimeOne, 300, 0.8, 5, 0},
	{"1,000 rows", pgxMany, runtimeMany, 10, 0.56, 0, 200 << 10},
	{"a COPY of 10,000 rows", pgxCopy, runtimeCopy, 1, 0.28, 50, 0},
	{"begin, a statement, commit", pgxTransaction, runtimeTransaction, 150, 0.62, 0, 0},
}

func pgxOne(ctx context.Context, s *side) error {
	var v book
	return s.pool.QueryRow(ctx, oneBook.SQL, int64(77)).Scan(&v.ID, &v.Title, &v.Author, &v.Pages, &v.Price, &v.Note, &v.Lent, &v.Added)
}

func runtimeOne(ctx context.Context, s *side) error {
	var v book
	c := s.db.Call(ctx, oneBook, oneBook.SQL)
	c.ArgInt64(77)
	if c.One() {
		v.read(c)
	}
	return c.End()
}

func pgxMany(ctx context.Context, s *side) error {
	rows, err := s.pool.Query(ctx, manyBooks.SQL, int64(1000))
	if err != nil {
		return err
	}
	defer rows.Close()
	list := []book{}
	for rows.Next() {
		var v book
		if err := rows.Scan(&v.ID, &v.Title, &v.Author, &v.Pages, &v.Price, &v.Note, &v.Lent, &v.Added); err != nil {
			return err
		}
		list = append(list, v)
	}
	return rows.Err()
}

func runtimeMany(ctx context.Context, s *side) error {
	c := s.db.Call(ctx, manyBooks, manyBooks.SQL)
	c.ArgInt64(1000)
	list := make([]book, 0, 1000) // generated code knows the LIMIT
	for c.Next() {
		var v book
		v.read(c)
		list = append(list, v)
	}
	return c.End()
}

var copied = makeBooks(0, 10_000)

func pgxCopy(ctx context.Context, s *side) error {
	_, err := s.pool.CopyFrom(ctx, pgx.Identifier{"copied"}, bookColumns, pgx.CopyFromSlice(len(copied), func(i int) ([]any, error) {
		v := &copied[i]
		return []any{v.ID, v.Title, v.Author, v.Pages, v.Price, v.Note, v.Lent, v.Added}, nil
	}))
	return err
}

func runtimeCopy(ctx context.Context, s *side) error {
	c := s.db.Copy(ctx, copyBooks, pgx.Identifier{"copied"}, bookColumns)
	for i := range copied {
		copied[i].copy(c)
	}
	_, err := c.End()
	return err
}

func pgxTransaction(ctx context.Context, s *side) error {
	return pgx.BeginFunc(ctx, s.pool, func(q pgx.Tx) error {
		var v book
		return q.QueryRow(ctx, oneBook.SQL, int64(77)).Scan(&v.ID, &v.Title, &v.Author, &v.Pages, &v.Price, &v.Note, &v.Lent, &v.Added)
	})
}

func runtimeTransaction(ctx context.Context, s *side) error {
	return s.db.InTx(ctx, noOptions, func(q *Tx) error {
		var v book
		c := q.Call(ctx, oneBook, oneBook.SQL)
		c.ArgInt64(77)
		if c.One() {
			v.read(c)
		}
		return c.End()
	})
}

// bySocket is the address of the server's Unix socket: what the system does for TCP would be most of what is measured, and is the same for both.
func bySocket(b testing.TB, dsn string) string {
	c := raw(b, dsn)
	var dir, port, name string
	if err := c.QueryRow(b.Context(), "SELECT current_setting('unix_socket_directories'), current_setting('port'), current_database()").Scan(&dir, &port, &name); err != nil {
		b.Fatal(err)
	}
	return fmt.Sprintf("host=%s port=%s user=postgres database=%s sslmode=disable", dir, port, name)
}

func sides(b testing.TB) *side {
	dsn := bySocket(b, database(b))
	s := &side{db: begin(b, dsn, Options{Max: 8, Monitor: metrics.New(metrics.Options{})})}
	var err error
	if s.pool, err = pgxpool.New(context.Background(), dsn); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.pool.Close)
	if _, err := s.pool.Exec(context.Background(), "CREATE UNLOGGED TABLE copied (LIKE book)"); err != nil {
		b.Fatal(err)
	}
	return s
}

func BenchmarkBesidePgx(b *testing.B) {
	s := sides(b)
	ctx := context.Background()
	for _, m := range operations {
		for _, side := range []struct {
			name string
			run  func(context.Context, *side) error
		}{{"pgx", m.pgx}, {"runtime", m.runtime}} {
			b.Run(m.name+"/"+side.name, func(b *testing.B) {
				b.ReportAllocs()
				start := cpu(b)
				for b.Loop() {
					if err := side.run(ctx, s); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(cpu(b)-start)/float64(b.N), "cpu-ns/op")
			})
		}
		_, _ = s.pool.Exec(ctx, "TRUNCATE copied")
	}
}

var ratios = flag.Int("ratios", 0, "measure the runtime beside pgx in so many rounds, and fail where it is not as much faster as it is to be")

// TestBesidePgx measures both sides in turns, so that what else the machine does falls on both; the fastest rounds are compared.
func TestBesidePgx(t *testing.T) {
	if *ratios == 0 {
		t.Skip("run with -ratios 30")
	}
	s := sides(t)
	ctx := context.Background()
	for _, m := range operations {
		var used [2][]float64
		var took [2][]float64
		for range *ratios {
			for i, run := range []func(context.Context, *side) error{m.pgx, m.runtime} {
				start, from := cpu(t), time.Now()
				for range m.n {
					if err := run(ctx, s); err != nil {
						t.Fatal(err)
					}
				}
				took[i] = append(took[i], float64(time.Since(from))/float64(m.n))
				used[i] = append(used[i], float64(cpu(t)-start)/float64(m.n))
			}
			if _, err := s.pool.Exec(ctx, "TRUNCATE copied"); err != nil {
				t.Fatal(err)
			}
		}
		fast := func(l []float64) float64 { slices.Sort(l); return l[len(l)/10] }
		p, r := fast(used[0]), fast(used[1])
		res := testing.Benchmark(func(b *testing.B) {
			for b.Loop() {
				if err := m.runtime(ctx, s); err != nil {
					b.Fatal(err)
				}
			}
		})
		line := fmt.Sprintf("%-28s CPU %8.1f µs, pgx %8.1f: %.2f; time %8.1f µs, pgx %8.1f: %.2f; %d allocations, %d bytes", m.name, r/1000, p/1000, r/p,
			fast(took[1])/1000, fast(took[0])/1000, fast(took[1])/fast(took[0]), res.AllocsPerOp(), res.AllocedBytesPerOp())
		t.Log(line)
		if r/p > m.cpu || m.allocs > 0 && float64(res.AllocsPerOp()) > m.allocs || m.bytes > 0 && float64(res.AllocedBytesPerOp()) > m.bytes {
			t.Errorf("%s is not as it is to be: CPU at most %.2f of pgx's, at most %.0f allocations, at most %.0f bytes", m.name, m.cpu, m.allocs, m.bytes)
		}
	}
}
