package app

import (
	"container/list"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/db"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/lite"
)

// setter on own struct
type cursor struct {
	id int64
	n  int
}

func (c *cursor) set(id int64) { c.id = id; c.n++ }

func Setter(ctx context.Context, q *db.Queries, ids []int64) error {
	var c cursor
	for _, id := range ids {
		c.set(id)
		if _, err := q.GetMember(ctx, c.id); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// key built by strings.Builder
func Built(ctx context.Context, q *lite.Queries, parts []string) error {
	for _, x := range parts {
		var b strings.Builder
		b.WriteString("p-")
		b.WriteString(x)
		if _, err := q.NoteByRef(ctx, b.String()); err != nil { // want CV4304 NoteByRef
			return err
		}
	}
	return nil
}

// strconv
func Atoi(ctx context.Context, q *db.Queries, s string) error {
	for _, p := range strings.Split(s, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(p))
		if err != nil {
			continue
		}
		if _, err := q.GetMember(ctx, int64(n)); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// strings.SplitSeq
func SplitSeq(ctx context.Context, q *lite.Queries, s string) error {
	for p := range strings.SplitSeq(s, ",") {
		if _, err := q.NoteByRef(ctx, p); err != nil { // want CV4304 NoteByRef
			return err
		}
	}
	return nil
}

// csv reader
func CSV(ctx context.Context, q *lite.Queries, r io.Reader) error {
	in := csv.NewReader(r)
	for {
		rec, err := in.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := q.NoteByRef(ctx, rec[0]); err != nil { // want CV4304 NoteByRef
			return err
		}
	}
}

// json decoder
func JSON(ctx context.Context, q *lite.Queries, r io.Reader) error {
	dec := json.NewDecoder(r)
	for dec.More() {
		var x struct{ Ref string }
		if err := dec.Decode(&x); err != nil {
			return err
		}
		if _, err := q.NoteByRef(ctx, x.Ref); err != nil { // want CV4304 NoteByRef
			return err
		}
	}
	return nil
}

// container/list
func List(ctx context.Context, q *db.Queries, todo *list.List) error {
	for e := todo.Front(); e != nil; e = e.Next() {
		if _, err := q.GetMember(ctx, e.Value.(int64)); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// linked list of its own
type link struct {
	id   int64
	next *link
}

func Links(ctx context.Context, q *db.Queries, l *link) error {
	for ; l != nil; l = l.next {
		if _, err := q.GetMember(ctx, l.id); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// errgroup inside a helper
type pool struct{ g errgroup.Group }

func (p *pool) run(f func() error) { p.g.Go(f) }

func OwnPool(ctx context.Context, q *db.Queries, ids []int64) error {
	var p pool
	for _, id := range ids {
		p.run(func() error {
			_, err := q.GetMember(ctx, id) // want CV4304 GetMember
			return err
		})
	}
	return p.g.Wait()
}

// jobs as struct sent to workers with results channel
type task struct {
	id  int64
	res chan<- string
}

func Workers(ctx context.Context, q *db.Queries, ms []db.Member) {
	tasks := make(chan task, 10)
	res := make(chan string)
	var wg sync.WaitGroup
	for i := 0; i < 4; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for t := range tasks {
				m, err := q.GetMember(ctx, t.id) // want CV4304 GetMember
				if err == nil {
					t.res <- m.Email
				}
			}
		}()
	}
	go func() {
		defer close(tasks)
		for _, m := range ms {
			tasks <- task{m.ID, res}
		}
	}()
	wg.Wait()
}

// worker with for-select
func WorkersSelect(ctx context.Context, q *db.Queries, list []int64) error {
	ids := make(chan int64)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(ids)
		for _, id := range list {
			select {
			case ids <- id:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range 3 {
		g.Go(func() error {
			for id := range ids {
				if _, err := q.GetMember(ctx, id); err != nil { // want CV4304 GetMember
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// a tx per element
func TxEach(ctx context.Context, p *pgxpool.Pool, ids []int64) error {
	for _, id := range ids {
		err := pgx.BeginFunc(ctx, p, func(tx pgx.Tx) error {
			return db.New(tx).SetRole(ctx, db.SetRoleParams{ID: id, Role: "x"}) // want CV4306 SetRole
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// all in a tx
func OneTx(ctx context.Context, p *pgxpool.Pool, ids []int64) error {
	return pgx.BeginFunc(ctx, p, func(tx pgx.Tx) error {
		q := db.New(tx)
		for _, id := range ids {
			if err := q.DeleteMember(ctx, id); err != nil { // want CV4306 DeleteMember
				return err
			}
		}
		return nil
	})
}

func (s *Service) inTx(ctx context.Context, d *sql.DB, f func(q *lite.Queries) error) error {
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(lite.New(tx)); err != nil {
		return err
	}
	return tx.Commit()
}

func (s *Service) Import(ctx context.Context, d *sql.DB, notes []string) error {
	return s.inTx(ctx, d, func(q *lite.Queries) error {
		for i, n := range notes {
			err := q.AddNote(ctx, lite.AddNoteParams{Owner: sql.NullInt64{Int64: int64(i), Valid: true}, Title: n}) // want CV4306 AddNote
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// a handler type with embedded interface
type Store interface {
	db.Querier
	Ping() error
}

type handler struct{ Store }

func (h handler) all(ctx context.Context, ids []int64) error {
	for _, id := range ids {
		if _, err := h.GetMember(ctx, id); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// an embedded *Queries
type store struct {
	*db.Queries
	p *pgxpool.Pool
}

func (s *store) Members(ctx context.Context, ids []int64) (out []db.Member, err error) {
	for _, id := range ids {
		m, err := s.GetMember(ctx, id) // want CV4304 GetMember
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// a generic repository
type Getter[K comparable, V any] interface {
	Get(ctx context.Context, k K) (V, error)
}
type memberGetter struct{ q *db.Queries }

func (g memberGetter) Get(ctx context.Context, k int64) (db.Member, error) {
	return g.q.GetMember(ctx, k)
}

func GetAll[K comparable, V any](ctx context.Context, g Getter[K, V], ks []K) ([]V, error) {
	var out []V
	for _, k := range ks {
		v, err := g.Get(ctx, k) // want CV4304 GetMember
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func UseGetAll(ctx context.Context, q *db.Queries, ids []int64) ([]db.Member, error) {
	return GetAll[int64, db.Member](ctx, memberGetter{q}, ids)
}

// method expression
func MethodExpr(ctx context.Context, q *db.Queries, ids []int64) error {
	f := (*db.Queries).GetMember
	for _, id := range ids {
		if _, err := f(q, ctx, id); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// a dispatch map
func Dispatch(ctx context.Context, q *db.Queries, ids []int64) error {
	fs := map[string]func(context.Context, int64) error{
		"delete": q.DeleteMember,
	}
	for _, id := range ids {
		if err := fs["delete"](ctx, id); err != nil { // want CV4306 DeleteMember
			return err
		}
	}
	return nil
}

// a switch
func Switch(ctx context.Context, q *db.Queries, ms []db.Member) error {
	for _, m := range ms {
		switch {
		case m.Role == "a":
			if _, err := q.GetTeam(ctx, m.TeamID); err != nil { // want CV4304 GetTeam
				return err
			}
		case m.BossID.Valid:
			if _, err := q.GetMember(ctx, m.BossID.Int64); err != nil { // want CV4304 GetMember
				return err
			}
		}
	}
	return nil
}

// lazily in a method called in a template-like render loop over a pointer slice
type view struct {
	q *db.Queries
	m *db.Member
}

func (v *view) team(ctx context.Context) string {
	t, _ := v.q.GetTeam(ctx, v.m.TeamID)
	return t.Name
}

func Render(ctx context.Context, q *db.Queries, ms []*db.Member) string {
	vs := make([]*view, 0, len(ms))
	for _, m := range ms {
		vs = append(vs, &view{q, m})
	}
	var b strings.Builder
	for _, v := range vs {
		fmt.Fprintln(&b, v.team(ctx)) // want CV4304 GetTeam
	}
	return b.String()
}

// filter until N found
func FirstN(ctx context.Context, q *db.Queries, ids []int64, n int) (out []db.Member, err error) {
	for _, id := range ids {
		if len(out) == n {
			break
		}
		m, err := q.GetMember(ctx, id) // want CV4304 GetMember
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// skip missing
func Skip(ctx context.Context, q *db.Queries, ids []int64) (out []db.Member, err error) {
	for _, id := range ids {
		m, err := q.GetMember(ctx, id) // want CV4304 GetMember
		switch err {
		case nil:
			out = append(out, m)
		case pgx.ErrNoRows:
		default:
			return nil, err
		}
	}
	return out, nil
}

// pages with N+1 inside each
func PagesInner(ctx context.Context, q *db.Queries) error {
	var after int64
	for {
		ms, err := q.MembersAfter(ctx, db.MembersAfterParams{After: after, N: 100})
		if err != nil || len(ms) == 0 {
			return err
		}
		for _, m := range ms {
			if _, err := q.GetTeam(ctx, m.TeamID); err != nil { // want CV4304 GetTeam
				return err
			}
			after = m.ID
		}
	}
}

// upsert: read then write
func Upsert(ctx context.Context, q *lite.Queries, refs []string) error {
	for _, r := range refs {
		if _, err := q.NoteByRef(ctx, r); err == nil { // want CV4304 NoteByRef
			continue
		}
		if err := q.AddNote(ctx, lite.AddNoteParams{Title: r, Ref: sql.NullString{String: r, Valid: true}}); err != nil { // want CV4306 AddNote
			return err
		}
	}
	return nil
}

// dedup by set
func Dedup(ctx context.Context, q *db.Queries, ms []db.Member) error {
	seen := map[pgtype.UUID]struct{}{}
	for _, m := range ms {
		if _, ok := seen[m.TeamID]; ok {
			continue
		}
		seen[m.TeamID] = struct{}{}
		if _, err := q.GetTeam(ctx, m.TeamID); err != nil { // want CV4304 GetTeam
			return err
		}
	}
	return nil
}

// sync.Map Range, rows by pgx.ForEachRow
func SyncMap(ctx context.Context, q *db.Queries, m *sync.Map) {
	m.Range(func(k, v any) bool {
		_, _ = q.GetMember(ctx, k.(int64)) // want CV4304 GetMember
		return true
	})
}

func ForEachRow(ctx context.Context, p *pgxpool.Pool, q *db.Queries) error {
	rows, err := p.Query(ctx, "SELECT id FROM member")
	if err != nil {
		return err
	}
	var id int64
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		_, err := q.CountJobs(ctx, id) // want CV4304 CountJobs
		return err
	})
	return err
}

// reverse and do-while counters
func Reverse(ctx context.Context, q *db.Queries, ids []int64) error {
	for i := len(ids) - 1; i >= 0; i-- {
		if _, err := q.GetMember(ctx, ids[i]); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

func Numbers(ctx context.Context, q *db.Queries, max int64) error {
	for id := int64(1); id <= max; id++ {
		if _, err := q.GetMember(ctx, id); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

func DoWhile(ctx context.Context, q *db.Queries, ids []int64) error {
	for i := 0; ; i++ {
		if i >= len(ids) {
			break
		}
		if _, err := q.GetMember(ctx, ids[i]); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// per element two-level loops on struct fields: outer key
func Outer(ctx context.Context, q *db.Queries, teams []db.Team, roles []string) error {
	for _, t := range teams {
		for range roles {
			if _, err := q.MembersOfTeam(ctx, t.ID); err != nil { // want CV4304 MembersOfTeam
				return err
			}
		}
	}
	return nil
}

// closures for lazy values called in the loop
func Lazy(ctx context.Context, q *db.Queries, ms []db.Member) error {
	for _, m := range ms {
		team := sync.OnceValues(func() (db.Team, error) { return q.GetTeam(ctx, m.TeamID) }) // want CV4304 GetTeam
		if m.Role == "a" {
			if _, err := team(); err != nil {
				return err
			}
		}
	}
	return nil
}

// immediately called closure
func Immediate(ctx context.Context, q *db.Queries, ids []int64) error {
	for _, id := range ids {
		err := func() error {
			_, err := q.GetMember(ctx, id) // want CV4304 GetMember
			return err
		}()
		if err != nil {
			return err
		}
	}
	return nil
}

// BFS by list with visited
func BFS2(ctx context.Context, q *db.Queries, start int64) error {
	visited := map[int64]bool{}
	level := []int64{start}
	for len(level) > 0 {
		var next []int64
		for _, id := range level {
			if visited[id] {
				continue
			}
			visited[id] = true
			m, err := q.GetMember(ctx, id) // want CV4304 GetMember
			if err != nil {
				return err
			}
			if m.BossID.Valid {
				next = append(next, m.BossID.Int64)
			}
		}
		level = next
	}
	return nil
}
