package more

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/db"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/lite"
)

type route struct {
	path string
	team pgtype.UUID
	slug string
}

// handlers that run per request
func GoodRoutes(mux *http.ServeMux, q *db.Queries, routes []route) {
	for _, r := range routes {
		mux.HandleFunc(r.path, func(w http.ResponseWriter, req *http.Request) {
			t, err := q.GetTeam(req.Context(), r.team)
			fmt.Fprintln(w, t, err)
		})
	}
}

type cron interface {
	AddFunc(spec string, f func()) error
}

func GoodCron(c cron, q *db.Queries, routes []route) {
	for _, r := range routes {
		c.AddFunc("@daily", func() { _, _ = q.GetTeam(context.Background(), r.team) })
	}
}

func GoodAfterFunc(q *db.Queries, routes []route) {
	for _, r := range routes {
		time.AfterFunc(time.Hour, func() { _, _ = q.GetTeam(context.Background(), r.team) })
	}
}

// a generic retry
func Retry[T any](ctx context.Context, n int, f func(context.Context) (T, error)) (T, error) {
	var zero T
	var err error
	for i := range n {
		var v T
		if v, err = f(ctx); err == nil {
			return v, nil
		}
		time.Sleep(time.Duration(i) * time.Second)
	}
	return zero, err
}

func GoodRetry(ctx context.Context, q *db.Queries, id int64) (db.Member, error) {
	return Retry(ctx, 5, func(ctx context.Context) (db.Member, error) { return q.GetMember(ctx, id) })
}

func RetryAll(ctx context.Context, q *db.Queries, ids []int64) error {
	for _, id := range ids {
		m, err := Retry(ctx, 5, func(ctx context.Context) (db.Member, error) { return q.GetMember(ctx, id) }) // want CV4304 GetMember
		if err != nil {
			return err
		}
		fmt.Println(m)
	}
	return nil
}

// retry with labelled loop and switch
func GoodSwitchRetry(ctx context.Context, q *db.Queries, id int64) (m db.Member, err error) {
loop:
	for i := 0; i < 10; i++ {
		m, err = q.GetMember(ctx, id)
		switch {
		case err == nil:
			break loop
		case errors.Is(err, pgx.ErrNoRows):
			break loop
		default:
			time.Sleep(time.Second)
		}
	}
	return
}

// chunk, and inner per key
func ChunkInner(ctx context.Context, q *db.Queries, ids []int64) error {
	for c := range slices.Chunk(ids, 10) {
		for _, id := range c {
			if err := q.DeleteMember(ctx, id); err != nil { // want CV4306 DeleteMember
				return err
			}
		}
	}
	return nil
}

// update counters until stable
func GoodDeleteUntil(ctx context.Context, q *db.Queries) error {
	for {
		ms, err := q.MembersAfter(ctx, db.MembersAfterParams{N: 1})
		if err != nil || len(ms) == 0 {
			return err
		}
		if err := q.DeleteMember(ctx, ms[0].ID); err != nil {
			return err
		}
	}
}

// two queues merged, keyed by loop of the struct's method
type set struct{ ids []int64 }

func (s *set) each(f func(int64) bool) {
	for _, id := range s.ids {
		if !f(id) {
			return
		}
	}
}

func OwnIter(ctx context.Context, q *db.Queries, s *set) {
	s.each(func(id int64) bool {
		_, err := q.GetMember(ctx, id) // want CV4304 GetMember
		return err == nil
	})
}

func OwnRange(ctx context.Context, q *db.Queries, s *set) {
	for id := range s.each {
		if _, err := q.GetMember(ctx, id); err != nil { // want CV4304 GetMember
			return
		}
	}
}

// pull iterators
type rows struct {
	n  int
	xs []int64
}

func (r *rows) Next() bool { r.n++; return r.n <= len(r.xs) }
func (r *rows) ID() int64  { return r.xs[r.n-1] }

func Pull(ctx context.Context, q *db.Queries, r *rows) error {
	for r.Next() {
		if _, err := q.GetMember(ctx, r.ID()); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// queue of a type of its own
type queue[T any] struct{ xs []T }

func (q *queue[T]) push(x T)    { q.xs = append(q.xs, x) }
func (q *queue[T]) empty() bool { return len(q.xs) == 0 }
func (q *queue[T]) pop() T      { x := q.xs[0]; q.xs = q.xs[1:]; return x }

func OwnQueue(ctx context.Context, q *db.Queries, root pgtype.UUID) error {
	var todo queue[pgtype.UUID]
	todo.push(root)
	for !todo.empty() {
		kids, err := q.ChildTeams(ctx, todo.pop()) // want CV4304 ChildTeams
		if err != nil {
			return err
		}
		for _, k := range kids {
			todo.push(k.ID)
		}
	}
	return nil
}

// fan-in of results: second stage queries per result
func Stages(ctx context.Context, q *db.Queries, list []int64) {
	a, b := make(chan int64), make(chan db.Member)
	var wg sync.WaitGroup
	go func() {
		defer close(a)
		for _, id := range list {
			a <- id
		}
	}()
	go func() {
		defer close(b)
		for id := range a {
			m, err := q.GetMember(ctx, id) // want CV4304 GetMember
			if err == nil {
				b <- m
			}
		}
	}()
	for m := range b {
		t, _ := q.GetTeam(ctx, m.TeamID) // want CV4304 GetTeam
		fmt.Println(t)
	}
	wg.Wait()
}

// map of enum
var limits = map[string]int{"ready": 1, "running": 2, "done": 3, "failed": 4}

func GoodEnum(ctx context.Context, q *db.Queries) error {
	for state, n := range limits {
		c, err := q.JobByState(ctx, state)
		if err != nil {
			return err
		}
		fmt.Println(c, n)
	}
	return nil
}

// array keys
func GoodArray(ctx context.Context, q *db.Queries, pair [2]int64) error {
	for _, id := range pair {
		m, err := q.GetMember(ctx, id)
		if err != nil {
			return err
		}
		fmt.Println(m)
	}
	return nil
}

// key derived only from a constant inside
func GoodConst(ctx context.Context, q *lite.Queries, names []string) error {
	for _, n := range names {
		x, err := q.NoteByRef(ctx, "settings")
		if err != nil {
			return err
		}
		if x.Title == n {
			if err := q.AddNote(ctx, lite.AddNoteParams{Title: n}); err != nil { // want CV4306 AddNote
				return err
			}
		}
	}
	return nil
}

// find by walking up, bounded parents: key is what the query gave
func GoodNothing(ctx context.Context, q *db.Queries, m db.Member, n int) (db.Member, error) {
	for i := 0; i < n; i++ {
		m2, err := q.GetMember(ctx, m.ID)
		if err != nil {
			return m, err
		}
		m = m2
	}
	return m, nil
}

// conditional query in closure var reassigned
func Reassigned(ctx context.Context, q *db.Queries, ids []int64, dry bool) error {
	del := func(id int64) error { return q.DeleteMember(ctx, id) }
	if dry {
		del = func(id int64) error { fmt.Println(id); return nil }
	}
	for _, id := range ids {
		if err := del(id); err != nil { // want CV4306 DeleteMember
			return err
		}
	}
	return nil
}

// select with default over own work channel
func SelectWork(ctx context.Context, q *db.Queries, list []int64) {
	work := make(chan int64, len(list))
	for _, id := range list {
		work <- id
	}
	close(work)
	for {
		select {
		case id, ok := <-work:
			if !ok {
				return
			}
			_, _ = q.GetMember(ctx, id) // want CV4304 GetMember
		case <-ctx.Done():
			return
		}
	}
}

// error-join collecting
func Collect(ctx context.Context, q *db.Queries, ids []int64) (err error) {
	for _, id := range ids {
		err = errors.Join(err, q.DeleteMember(ctx, id)) // want CV4306 DeleteMember
	}
	return err
}
