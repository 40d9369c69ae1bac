package svc

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/db"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/x/domain"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/x/repo"
)

type Service struct {
	people domain.People
	q      *db.Queries
}

func New(q *db.Queries) *Service { return &Service{repo.NewPeople(q), q} }

func (s *Service) List(w http.ResponseWriter, r *http.Request) {
	var out []*domain.Person
	for _, raw := range r.URL.Query()["id"] {
		id, err := strconv.ParseInt(raw, 10, 64)
		if err != nil {
			http.Error(w, err.Error(), 400)
			return
		}
		p, err := s.people.ByID(r.Context(), id) // want CV4304 GetMember CV4304 GetTeam
		if err != nil {
			continue
		}
		out = append(out, p)
	}
	json.NewEncoder(w).Encode(out)
}

func (s *Service) Batched(ctx context.Context, ids []int64) error {
	ps, err := s.people.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	return s.people.SaveAll(ctx, ps)
}

// decoded body
func (s *Service) Body(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Items []struct {
			ID   int64  `json:"id"`
			Role string `json:"role"`
		} `json:"items"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return
	}
	for _, it := range in.Items {
		if err := s.q.SetRole(r.Context(), db.SetRoleParams{ID: it.ID, Role: it.Role}); err != nil { // want CV4306 SetRole
			return
		}
	}
}

// results kept in goroutine slots with mutex
func (s *Service) Par(ctx context.Context, ids []int64) map[int64]*domain.Person {
	var mu sync.Mutex
	var wg sync.WaitGroup
	out := map[int64]*domain.Person{}
	for _, id := range ids {
		wg.Add(1)
		go s.one(ctx, id, &mu, &wg, out) // want CV4304 GetMember CV4304 GetTeam
	}
	wg.Wait()
	return out
}

func (s *Service) one(ctx context.Context, id int64, mu *sync.Mutex, wg *sync.WaitGroup, out map[int64]*domain.Person) {
	defer wg.Done()
	p, err := s.people.ByID(ctx, id)
	if err != nil {
		return
	}
	mu.Lock()
	defer mu.Unlock()
	out[id] = p
}

// an action table over each member
type action func(ctx context.Context, m db.Member) error

func (s *Service) actions() []action {
	return []action{
		func(ctx context.Context, m db.Member) error { return s.q.DeleteMember(ctx, m.ID) },
		s.promote,
	}
}

func (s *Service) promote(ctx context.Context, m db.Member) error {
	return s.q.SetRole(ctx, db.SetRoleParams{ID: m.ID, Role: "x"})
}

// visitor interface
type visitor interface{ visit(db.Member) error }
type deleter struct {
	ctx context.Context
	q   *db.Queries
}

func (d deleter) visit(m db.Member) error { return d.q.DeleteMember(d.ctx, m.ID) }

func walk(ms []db.Member, v visitor) error {
	for _, m := range ms {
		if err := v.visit(m); err != nil { // want CV4306 DeleteMember
			return err
		}
	}
	return nil
}

func (s *Service) Clean(ctx context.Context, ms []db.Member) error {
	return walk(ms, deleter{ctx, s.q})
}

// functional option: Map generic with two results
func Map[A, B any](in []A, f func(A) (B, error)) ([]B, error) {
	out := make([]B, 0, len(in))
	for _, a := range in {
		b, err := f(a)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

func (s *Service) Mapped(ctx context.Context, ms []db.Member) ([]db.Team, error) {
	return Map(ms, func(m db.Member) (db.Team, error) { return s.q.GetTeam(ctx, m.TeamID) }) // want CV4304 GetTeam
}

func Pmap[A, B any](in []A, f func(A) B) []B {
	out := make([]B, len(in))
	var wg sync.WaitGroup
	for i, a := range in {
		wg.Add(1)
		go func() { defer wg.Done(); out[i] = f(a) }()
	}
	wg.Wait()
	return out
}

func (s *Service) Pmapped(ctx context.Context, ids []int64) []int64 {
	return Pmap(ids, func(id int64) int64 {
		n, _ := s.q.CountJobs(ctx, id) // want CV4304 CountJobs
		return n
	})
}

// group by a map of slices, key is the map's
func (s *Service) Groups(ctx context.Context, by map[pgtype.UUID][]db.Member) error {
	for id, ms := range by {
		t, err := s.q.GetTeam(ctx, id) // want CV4304 GetTeam
		if err != nil {
			return err
		}
		_ = t
		_ = ms
	}
	return nil
}

// nested pointer struct keys
type item struct{ Owner *struct{ ID *int64 } }

func (s *Service) Ptr(ctx context.Context, items []*item) error {
	for _, it := range items {
		if it.Owner == nil || it.Owner.ID == nil {
			continue
		}
		m, err := s.q.GetMember(ctx, *it.Owner.ID) // want CV4304 GetMember
		if err != nil {
			return err
		}
		_ = m
	}
	return nil
}

// the array built in loop of 2: small fixed
func (s *Service) GoodTwo(ctx context.Context, id int64) error {
	for i := 0; i < 2; i++ {
		if err := s.q.DeleteMember(ctx, id+int64(i)); err != nil {
			return err
		}
	}
	return nil
}

// exponential backoff with helper sleeping
func sleep(ctx context.Context, n int) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Duration(n) * time.Second):
		return nil
	}
}

func (s *Service) GoodBackoff(ctx context.Context, id int64) (m db.Member, err error) {
	for n := 1; n < 100; n *= 2 {
		if m, err = s.q.GetMember(ctx, id); err == nil {
			return m, nil
		}
		if err := sleep(ctx, n); err != nil {
			return m, err
		}
	}
	return m, err
}

func (s *Service) GoodInvariantKeyOfStruct(ctx context.Context, m db.Member, names []string) error {
	for _, n := range names {
		if err := s.q.SetRole(ctx, db.SetRoleParams{ID: m.ID, Role: n}); err != nil {
			return err
		}
	}
	return nil
}

// scheduler: for with timer & next id from the database
func (s *Service) GoodSchedule(ctx context.Context) error {
	timer := time.NewTimer(time.Minute)
	for {
		<-timer.C
		teams, err := s.q.ListTeams(ctx)
		if err != nil {
			return err
		}
		if len(teams) == 0 {
			return nil
		}
		if _, err := s.q.GetTeam(ctx, teams[0].ID); err != nil {
			return err
		}
		timer.Reset(time.Minute)
	}
}

// a worker that takes jobs in a loop until none is left
func (s *Service) GoodDrain(ctx context.Context) error {
	for {
		j, err := s.q.ClaimJob(ctx)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		} else if err != nil {
			return err
		}
		if err := s.handle(ctx, j); err != nil {
			return err
		}
	}
}

func (s *Service) handle(ctx context.Context, j db.Job) error {
	m, err := s.q.GetMember(ctx, j.MemberID)
	if err != nil {
		return err
	}
	return s.q.SetRole(ctx, db.SetRoleParams{ID: m.ID, Role: "done"})
}

// batches of an id range
func (s *Service) GoodRange(ctx context.Context, max int64) error {
	for lo := int64(0); lo < max; lo += 1000 {
		ms, err := s.q.MembersAfter(ctx, db.MembersAfterParams{After: lo, N: 1000})
		if err != nil {
			return err
		}
		_ = ms
	}
	return nil
}

// a pgx batch
func (s *Service) GoodBatch(ctx context.Context, p *pgxpool.Pool, ids []int64) error {
	b := &pgx.Batch{}
	for _, id := range ids {
		b.Queue("DELETE FROM member WHERE id = $1", id)
	}
	return p.SendBatch(ctx, b).Close()
}

// raw statements in a loop: also N+1, though not a generated query
func (s *Service) Raw(ctx context.Context, p *pgxpool.Pool, ids []int64) error {
	for _, id := range ids {
		if _, err := p.Exec(ctx, "DELETE FROM member WHERE id = $1", id); err != nil {
			return err
		}
	}
	return nil
}

// the first that exists of preferences: stops on success
func (s *Service) GoodFirstOf(ctx context.Context, slugs []string) (db.Team, error) {
	for _, x := range slugs {
		t, err := s.q.TeamBySlug(ctx, x)
		if err == nil {
			return t, nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return t, err
		}
	}
	return db.Team{}, pgx.ErrNoRows
}

// one webhook handler called per request, in a server loop of accept
type ln interface{ Accept() (int64, error) }

func (s *Service) GoodAccept(ctx context.Context, l ln) error {
	for {
		id, err := l.Accept()
		if err != nil {
			return err
		}
		go func() {
			_, _ = s.q.GetMember(ctx, id)
		}()
	}
}

// guarded by last seen key
func (s *Service) ChangeOfKey(ctx context.Context, ms []db.Member) error {
	var last pgtype.UUID
	for _, m := range ms {
		if m.TeamID == last {
			continue
		}
		last = m.TeamID
		t, err := s.q.GetTeam(ctx, m.TeamID) // want CV4304 GetTeam
		if err != nil {
			return err
		}
		_ = t
	}
	return nil
}
