package app

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/db"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/lite"
)

// slug that is free: exists-loop
func (s *Service) taken(ctx context.Context, slug string) (bool, error) {
	_, err := s.q.TeamBySlug(ctx, slug)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func (s *Service) FreeSlug(ctx context.Context, base string) (string, error) {
	for i := 0; i < 100; i++ {
		slug := base
		if i > 0 {
			slug = fmt.Sprintf("%s-%d", base, i)
		}
		taken, err := s.taken(ctx, slug)
		if err != nil {
			return "", err
		}
		if !taken {
			return slug, nil
		}
	}
	return "", errors.New("none")
}

func (s *Service) FreeSlug2(ctx context.Context, base string) (string, error) {
	slug, n := base, 1
	taken, err := s.taken(ctx, slug)
	for taken && err == nil {
		n++
		slug = fmt.Sprint(base, "-", n)
		taken, err = s.taken(ctx, slug)
	}
	return slug, err
}

func (s *Service) FreeSlug3(ctx context.Context, base string) string {
	slug := base
	for {
		if ok, _ := s.taken(ctx, slug); !ok {
			return slug
		}
		slug += fmt.Sprint(rand.Intn(10))
	}
}

// insert with retry on unique violation
func RetryInsert(ctx context.Context, q *db.Queries, m int64) (id int64, err error) {
	for i := 0; i < 5; i++ {
		id, err = q.AddJob(ctx, db.AddJobParams{MemberID: m, State: fmt.Sprint("s", i)})
		if err == nil {
			return id, nil
		}
	}
	return 0, err
}

// event consumer
type message struct{ id int64 }
type consumer interface {
	Next(ctx context.Context) (message, error)
}

func Consume(ctx context.Context, c consumer, q *db.Queries) error {
	for {
		m, err := c.Next(ctx)
		if err != nil {
			return err
		}
		if _, err := q.GetMember(ctx, m.id); err != nil {
			return err
		}
	}
}

func ConsumeCtx(ctx context.Context, c consumer, q *db.Queries) error {
	for ctx.Err() == nil {
		m, err := c.Next(ctx)
		if err != nil {
			continue
		}
		_, _ = q.GetMember(ctx, m.id)
	}
	return nil
}

// notifications of pgx
func Listen(ctx context.Context, conn *pgx.Conn, q *db.Queries) error {
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if _, err := q.TeamBySlug(ctx, n.Payload); err != nil {
			return err
		}
	}
}

// chunk with nested append
func Flush(ctx context.Context, q *db.Queries, ms []db.Member) error {
	var buf []int64
	flush := func() error {
		if len(buf) == 0 {
			return nil
		}
		got, err := q.MembersByIDs(ctx, buf)
		fmt.Println(len(got))
		buf = buf[:0]
		return err
	}
	for _, m := range ms {
		buf = append(buf, m.ID)
		if len(buf) == 100 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// parallel chunks
func ParChunks(ctx context.Context, q *db.Queries, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	for i := 0; i < len(ids); i += 500 {
		part := ids[i:min(i+500, len(ids))]
		g.Go(func() error {
			got, err := q.MembersByIDs(ctx, part)
			fmt.Println(len(got))
			return err
		})
	}
	return g.Wait()
}

// two fixed queries in an errgroup
func Both(ctx context.Context, q *db.Queries, a, b int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { _, err := q.GetMember(ctx, a); return err })
	g.Go(func() error { _, err := q.GetMember(ctx, b); return err })
	return g.Wait()
}

// pair of ids
func Pair(ctx context.Context, q *db.Queries, from, to int64) error {
	for _, id := range []int64{from, to} {
		if _, err := q.GetMember(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// lookup of the matching element
func Current(ctx context.Context, q *db.Queries, ms []db.Member, id int64) (t db.Team, err error) {
	for _, m := range ms {
		if m.ID != id {
			continue
		}
		if t, err = q.GetTeam(ctx, m.TeamID); err != nil {
			return t, err
		}
	}
	return t, nil
}

// last one after the loop
func After(ctx context.Context, q *db.Queries, ms []db.Member) (db.Team, error) {
	var last db.Member
	for _, m := range ms {
		if m.ID > last.ID {
			last = m
		}
	}
	return q.GetTeam(ctx, last.TeamID)
}

// backoff library by function
type Policy struct{ n int }

func (p Policy) Do(f func() error) error {
	for i := range p.n {
		if err := f(); err == nil {
			return nil
		}
		time.Sleep(time.Duration(i) * time.Second)
	}
	return errors.New("no")
}

func WithPolicy(ctx context.Context, p Policy, q *lite.Queries, id int64) (err error) {
	return p.Do(func() error { _, err := q.GetNote(ctx, id); return err })
}

// health check of replicas
type replica struct {
	name string
	pool *pgxpool.Pool
}

func Replicas(ctx context.Context, rs []replica) error {
	for _, r := range rs {
		q := db.New(r.pool)
		n, err := q.JobByState(ctx, r.name)
		if err != nil {
			return err
		}
		fmt.Println(n)
	}
	return nil
}

// tenants through a lookup of a pool
type Pools interface {
	For(ctx context.Context, tenant string) (*pgxpool.Pool, error)
}

func PerTenant(ctx context.Context, ps Pools, tenants []string) error {
	for _, t := range tenants {
		p, err := ps.For(ctx, t)
		if err != nil {
			return err
		}
		if _, err := db.New(p).TeamBySlug(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// menu of a program: waits for a person
func Menu(ctx context.Context, q *db.Queries) error {
	for {
		var cmd string
		fmt.Scanln(&cmd)
		switch cmd {
		case "quit":
			return nil
		default:
			t, err := q.TeamBySlug(ctx, cmd)
			if err != nil {
				return err
			}
			fmt.Println(t.Name)
		}
	}
}

// windows of time
func Windows(ctx context.Context, q *db.Queries, from, to time.Time) error {
	for lo := from; lo.Before(to); lo = lo.Add(time.Hour) {
		hi := lo.Add(time.Hour)
		js, err := q.JobsBetween(ctx, db.JobsBetweenParams{Lo: ts(lo), Hi: ts(hi)})
		if err != nil {
			return err
		}
		fmt.Println(len(js))
	}
	return nil
}

func ts(t time.Time) pgtype.Timestamptz { return pgtype.Timestamptz{Time: t, Valid: true} }

// cursor in a struct field, in a method
type pager struct {
	q     *db.Queries
	after int64
	team  pgtype.UUID
}

func (p *pager) next(ctx context.Context) ([]db.Member, error) {
	ms, err := p.q.MembersOfTeamAfter(ctx, db.MembersOfTeamAfterParams{TeamID: p.team, After: p.after, N: 50})
	if err == nil && len(ms) > 0 {
		p.after = ms[len(ms)-1].ID
	}
	return ms, err
}

func AllOf(ctx context.Context, q *db.Queries, team pgtype.UUID) (n int, err error) {
	p := &pager{q: q, team: team}
	for {
		ms, err := p.next(ctx)
		if err != nil || len(ms) == 0 {
			return n, err
		}
		n += len(ms)
	}
}
