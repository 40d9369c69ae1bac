package loops

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/my"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/pg"
)

type profile struct {
	User  *pg.User
	Team  *int64
	Links []int64
}

func (p *profile) key() int64 { return p.User.ID }

func pointers(ctx context.Context, q *pg.Queries, ps map[string]*profile) {
	for _, p := range ps {
		_, _ = q.GetUser(ctx, p.User.ID) // want CV4304 GetUser
		if p.Team != nil {
			_, _ = q.GetTeam(ctx, *p.Team) // want CV4304 GetTeam
		}
		_, _ = q.CountOrders(ctx, p.key()) // want CV4304 CountOrders
	}
}

func errGroup(ctx context.Context, q *pg.Queries, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, id := range ids {
		g.Go(func() error {
			_, err := q.GetUser(ctx, id) // want CV4304 GetUser
			return err
		})
	}
	return g.Wait()
}

func errGroupMethod(ctx context.Context, s *service, ids []int64) error {
	var g errgroup.Group
	for _, id := range ids {
		id := id
		g.Go(func() error { return s.refresh(ctx, id) }) // want CV4304 GetUser
	}
	return g.Wait()
}

func (s *service) refresh(ctx context.Context, id int64) error {
	_, err := s.q.GetUser(ctx, id)
	return err
}

func semaphore(ctx context.Context, q *pg.Queries, ids []int64) {
	sem := make(chan struct{}, 4)
	var wg sync.WaitGroup
	for i := range ids {
		sem <- struct{}{}
		wg.Add(1)
		go func(i int) {
			defer func() { <-sem; wg.Done() }()
			_, _ = q.GetUser(ctx, ids[i]) // want CV4304 GetUser
		}(i)
	}
	wg.Wait()
}

func workerFunction(ctx context.Context, q *pg.Queries, ids []int64) {
	jobs := make(chan int64, 10)
	var wg sync.WaitGroup
	for w := 0; w < 4; w++ {
		wg.Add(1)
		go worker(ctx, q, jobs, &wg)
	}
	for _, id := range ids {
		jobs <- id
	}
	close(jobs)
	wg.Wait()
}

func worker(ctx context.Context, q *pg.Queries, jobs <-chan int64, wg *sync.WaitGroup) {
	defer wg.Done()
	for id := range jobs {
		_, _ = q.GetUser(ctx, id) // want CV4304 GetUser
	}
}

func each2(us []pg.User) iter.Seq2[int, pg.User] {
	return func(yield func(int, pg.User) bool) {
		for i, u := range us {
			if !yield(i, u) {
				return
			}
		}
	}
}

func ownIterator(ctx context.Context, q *pg.Queries, us []pg.User) {
	for _, u := range each2(us) {
		_, _ = q.GetTeam(ctx, u.TeamID) // want CV4304 GetTeam
	}
}

func list(ctx context.Context, q *pg.Queries, head *linked) {
	for n := head; n != nil; n = n.next {
		_, _ = q.GetUser(ctx, n.id) // want CV4304 GetUser
	}
}

type linked struct {
	id   int64
	next *linked
}

func integers(ctx context.Context, q *pg.Queries, n int) {
	for i := range n {
		_, _ = q.GetUser(ctx, int64(i)) // want CV4304 GetUser
	}
}

func immediately(ctx context.Context, q *pg.Queries, ids []int64) {
	for _, id := range ids {
		func() {
			defer func() { _ = recover() }()
			_, _ = q.GetUser(ctx, id) // want CV4304 GetUser
		}()
	}
}

type lookup[T any] struct {
	q    *pg.Queries
	name func(pg.User) T
}

func (l *lookup[T]) get(ctx context.Context, id int64) (t T, err error) {
	u, err := l.q.GetUser(ctx, id)
	if err != nil {
		return t, err
	}
	return l.name(u), nil
}

func generic(ctx context.Context, l *lookup[string], ids []int64) (out []string) {
	for _, id := range ids {
		s, _ := l.get(ctx, id) // want CV4304 GetUser
		out = append(out, s)
	}
	return out
}

type storage interface {
	pg.Querier
	Ping(ctx context.Context) error
}

func embeddedInterface(ctx context.Context, s storage, ids []int64) {
	for _, id := range ids {
		_, _ = s.GetUser(ctx, id) // want CV4304 GetUser
	}
}

func batchResults(ctx context.Context, q *pg.Queries, us []pg.User) {
	slices.SortFunc(us, func(a, b pg.User) int {
		x, _ := q.CountOrders(ctx, a.ID) // want CV4304 CountOrders
		return int(x)
	})
	maps.DeleteFunc(map[int64]bool{}, func(id int64, _ bool) bool {
		_, err := q.GetUser(ctx, id) // want CV4304 GetUser
		return err != nil
	})
	var m sync.Map
	m.Range(func(k, v any) bool {
		_, _ = q.GetUser(ctx, k.(int64)) // want CV4304 GetUser
		return true
	})
}

func split(ctx context.Context, q *pg.Queries, s string) {
	for _, e := range strings.Split(s, ",") {
		_, _ = q.GetUserByEmail(ctx, strings.TrimSpace(e)) // want CV4304 GetUserByEmail
	}
}

func continues(ctx context.Context, q *my.Queries, us []my.User) {
	for _, u := range us {
		if u.Role != "admin" {
			continue
		}
		switch u.Name {
		case "a", "b":
			_, _ = q.GetTeam(ctx, u.TeamID) // want CV4304 GetTeam
		}
	}
}

func cached(ctx context.Context, q *pg.Queries, us []pg.User) {
	seen := map[int64]pg.Team{}
	for _, u := range us {
		if _, ok := seen[u.TeamID]; !ok {
			t, err := q.GetTeam(ctx, u.TeamID) // want CV4304 GetTeam
			if err != nil {
				continue
			}
			seen[u.TeamID] = t
		}
	}
}

func twoLoops(ctx context.Context, q *pg.Queries, us []pg.User) {
	ids := make([]int64, 0, len(us))
	for _, u := range us {
		ids = append(ids, u.TeamID)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		_, _ = q.GetTeam(ctx, id) // want CV4304 GetTeam
	}
}

func savesTree(ctx context.Context, q *pg.Queries, n *node) error {
	if err := q.DeleteOrder(ctx, n.id); err != nil { // want CV4306 DeleteOrder
		return err
	}
	if len(n.kids) > 0 {
		return savesTree(ctx, q, n.kids[0])
	}
	return nil
}

type walker struct{ q *pg.Queries }

func (w *walker) walk(ctx context.Context, id int64) error {
	kids, err := w.q.ListChildren(ctx, id)
	if err != nil {
		return err
	}
	return forEach(kids, func(c pg.Category) error { return w.walk(ctx, c.ID) }) // want CV4304 ListChildren
}

type deps struct {
	user func(ctx context.Context, id int64) (pg.User, error)
}

func wire(q *pg.Queries) deps { return deps{user: q.GetUser} }

func (d deps) all(ctx context.Context, ids []int64) {
	for _, id := range ids {
		_, _ = d.user(ctx, id) // want CV4304 GetUser
	}
}

// repository has two implementations, and nobody here makes one.
type repository interface {
	Team(ctx context.Context, id int64) (string, error)
}

type sqlRepository struct{ q *pg.Queries }

func (r *sqlRepository) Team(ctx context.Context, id int64) (string, error) {
	t, err := r.q.GetTeam(ctx, id)
	return t.Name, err
}

type memory map[int64]string

func (m memory) Team(_ context.Context, id int64) (string, error) { return m[id], nil }

type report struct{ teams repository }

func (r *report) names(ctx context.Context, us []pg.User) (out []string) {
	for _, u := range us {
		name, _ := r.teams.Team(ctx, u.TeamID) // want CV4304 GetTeam
		out = append(out, name)
	}
	return out
}

func results(ctx context.Context, q *pg.Queries, ids []int64) []pg.User {
	ch := make(chan pg.User, len(ids))
	for _, id := range ids {
		go func(id int64) {
			u, err := q.GetUser(ctx, id) // want CV4304 GetUser
			if err == nil {
				ch <- u
			}
		}(id)
	}
	var out []pg.User
	for range ids {
		out = append(out, <-ch)
	}
	return out
}

func afterBatch(ctx context.Context, q *pg.Queries, users []pg.SetOrderStatusesParams) {
	q.SetOrderStatuses(ctx, users).Exec(func(i int, err error) {
		_ = q.AddLogin(ctx, users[i].ID) // want CV4306 AddLogin
	})
}

func labelled(ctx context.Context, q *pg.Queries, groups map[string][]string) {
outer:
	for _, emails := range groups {
		for _, e := range emails {
			u, err := q.GetUserByEmail(ctx, e) // want CV4304 GetUserByEmail
			if err != nil {
				continue outer
			}
			if u.Role == "admin" {
				break outer
			}
		}
	}
}

func filled(ctx context.Context, q *pg.Queries, us []pg.User) []pg.ListOpenOrdersParams {
	params := make([]pg.ListOpenOrdersParams, len(us))
	for i := range us {
		params[i].UserID = us[i].ID
	}
	for _, p := range params {
		_, _ = q.ListOpenOrders(ctx, p) // want CV4304 ListOpenOrders
	}
	return params
}

// What follows is to stay silent.

func heartbeat(ctx context.Context, q *pg.Queries, user int64) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for range t.C {
		_, _ = q.InsertOrder(ctx, pg.InsertOrderParams{UserID: user, Status: "beat"})
	}
}

func events(ctx context.Context, q *pg.Queries, in <-chan string) {
	for e := range in {
		_ = q.UpsertSetting(ctx, pg.UpsertSettingParams{Name: e, Value: "x"})
	}
}

func arrays(ctx context.Context, q *pg.Queries, user int64) {
	for _, s := range [...]string{"open", "paid", "shipped", "done"} {
		_, _ = q.ListOpenOrders(ctx, pg.ListOpenOrdersParams{UserID: user, Status: s})
	}
	for _, s := range [2]string{"open", "paid"} {
		_, _ = q.ListOpenOrders(ctx, pg.ListOpenOrdersParams{UserID: user, Status: s})
	}
}

func retryHelper(n int, f func() error) (err error) {
	for i := 0; i < n; i++ {
		if err = f(); err == nil {
			return nil
		}
	}
	return err
}

func throughRetry(ctx context.Context, q *pg.Queries, id int64) error {
	return retryHelper(5, func() error { return q.AddLogin(ctx, id) })
}

func insertUntil(ctx context.Context, q *pg.Queries, p pg.InsertUserParams) (err error) {
	for attempt := 0; attempt == 0 || err != nil && attempt < 5; attempt++ {
		_, err = q.InsertUser(ctx, p)
	}
	return err
}

func eachChunk(ids []int64, n int, f func([]int64) error) error {
	for len(ids) > 0 {
		k := min(n, len(ids))
		if err := f(ids[:k]); err != nil {
			return err
		}
		ids = ids[k:]
	}
	return nil
}

func throughChunks(ctx context.Context, q *pg.Queries, ids []int64) error {
	return eachChunk(ids, 100, func(part []int64) error {
		_, err := q.ListUsersByIDs(ctx, part)
		return err
	})
}

func purge(ctx context.Context, q *pg.Queries, p pg.DeleteOrdersBeforeParams) error {
	for {
		n, err := q.DeleteOrdersBefore(ctx, p)
		if err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
	}
}

func skipped(ctx context.Context, q *pg.Queries, us []pg.User, me int64) {
	for _, u := range us {
		if u.ID != me {
			continue
		}
		_, _ = q.GetTeam(ctx, u.TeamID)
	}
}

func pageOfOne(ctx context.Context, q *pg.Queries, user int64) (n int) {
	for page := int64(0); page < 10; page++ {
		us, _ := q.ListUsersOffset(ctx, pg.ListUsersOffsetParams{Limit: 10, Offset: page * 10})
		n += len(us)
	}
	return n
}

func leader(ctx context.Context, q *pg.Queries, name string) {
	for {
		if err := q.UpsertSetting(ctx, pg.UpsertSettingParams{Name: "leader", Value: name}); err != nil {
			return
		}
		time.Sleep(time.Second)
	}
}

func stores(ctx context.Context, qs []*pg.Queries) {
	for _, q := range qs {
		_, _ = q.ListUsers(ctx)
	}
}

func fixture(ctx context.Context, q *pg.Queries, a, b int64) {
	for _, o := range []pg.InsertOrderParams{{UserID: a, Total: 1}, {UserID: a, Total: 2}, {UserID: b, Total: 3}, {UserID: b, Total: 4}} {
		_, _ = q.InsertOrder(ctx, o)
	}
}

func isConflict(err error) bool { return err != nil && strings.Contains(err.Error(), "duplicate") }

func insertWithNewKey(ctx context.Context, q *pg.Queries, p pg.InsertUserParams) (int64, error) {
	for i := 0; i < 10; i++ {
		p.Email = strings.Repeat("x", i)
		id, err := q.InsertUser(ctx, p)
		if isConflict(err) {
			continue
		}
		return id, err
	}
	return 0, context.DeadlineExceeded
}

func shards(ctx context.Context, dbs map[int64]pg.DBTX) {
	for id, db := range dbs {
		_, _ = pg.New(db).GetUser(ctx, id)
	}
}

type tenant struct {
	id int64
	q  *pg.Queries
}

func tenants(ctx context.Context, ts []tenant) {
	for _, t := range ts {
		_, _ = t.q.GetUser(ctx, t.id)
	}
}

type cron struct{}

func (cron) AddFunc(spec string, f func()) {}

func cronJobs(ctx context.Context, c cron, q *pg.Queries, ids []int64) {
	for _, id := range ids {
		c.AddFunc("@daily", func() { _, _ = q.GetUser(ctx, id) })
	}
}

func namedResult(ctx context.Context, q *pg.Queries, p pg.InsertUserParams) (err error) {
	defer func() {
		if err != nil {
			err = context.Canceled
		}
	}()
	for range 5 {
		_, err = q.InsertUser(ctx, p)
		if err == nil {
			return nil
		}
	}
	return err
}

var _ = []any{pointers, errGroup, worker}
