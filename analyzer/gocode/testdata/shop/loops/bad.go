package loops

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"maps"
	"slices"
	"sort"
	"strconv"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/lite"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/my"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/pg"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/pq"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/repo"
)

func direct(ctx context.Context, q *pg.Queries, ids []int64) (out []pg.User, err error) {
	for _, id := range ids {
		u, err := q.GetUser(ctx, id) // want CV4304 GetUser
		if err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, nil
}

func field(ctx context.Context, q *pg.Queries) error {
	users, err := q.ListUsers(ctx)
	if err != nil {
		return err
	}
	for i := range users {
		if _, err := q.GetTeam(ctx, users[i].TeamID); err != nil { // want CV4304 GetTeam
			return err
		}
	}
	return nil
}

func indexed(ctx context.Context, q *pg.Queries, us []pg.User) (n int64) {
	for i := 0; i < len(us); i++ {
		u := us[i]
		c, _ := q.CountOrders(ctx, u.ID) // want CV4304 CountOrders
		n += c
	}
	return n
}

func structLiteral(ctx context.Context, q *pg.Queries, us []pg.User) {
	for _, u := range us {
		_, _ = q.ListOpenOrders(ctx, pg.ListOpenOrdersParams{ // want CV4304 ListOpenOrders
			UserID: u.ID,
			Status: "open",
		})
	}
}

func structOutside(ctx context.Context, q *pg.Queries, us []pg.User) {
	var p pg.ListOpenOrdersParams
	p.Status = "open"
	for _, u := range us {
		p.UserID = u.ID
		_, _ = q.ListOpenOrders(ctx, p) // want CV4304 ListOpenOrders
	}
}

func converted(ctx context.Context, q *pg.Queries, names []string) error {
	for _, s := range names {
		id, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return err
		}
		if _, err := q.GetUser(ctx, id); err != nil { // want CV4304 GetUser
			return err
		}
	}
	return nil
}

func throughResult(ctx context.Context, q *pg.Queries, ids []int64) {
	for _, id := range ids {
		u, err := q.GetUser(ctx, id) // want CV4304 GetUser
		if err != nil {
			continue
		}
		_, _ = q.GetTeam(ctx, u.TeamID) // want CV4304 GetTeam
	}
}

func overMap(ctx context.Context, q *pg.Queries, m map[string]int) {
	for email := range m {
		_, _ = q.GetUserByEmail(ctx, email) // want CV4304 GetUserByEmail
	}
}

func validate(ctx context.Context, q *pg.Queries, emails []string) (bool, error) {
	for _, e := range emails {
		ok, err := q.UserExists(ctx, e) // want CV4304 UserExists
		if err != nil {
			return false, err
		}
		if ok {
			return true, nil
		}
	}
	return false, nil
}

func numbers(ctx context.Context, q *pg.Queries, n int64) {
	for i := int64(0); i < n; i++ {
		_, _ = q.GetUser(ctx, i) // want CV4304 GetUser
	}
}

func aLabel(ctx context.Context, q *pg.Queries, ids []int64) {
	i := 0
again:
	if i < len(ids) {
		_, _ = q.GetUser(ctx, ids[i]) // want CV4304 GetUser
		i++
		goto again
	}
}

func nested(ctx context.Context, q *pg.Queries, groups [][]int64) {
	for _, g := range groups {
		for _, id := range g {
			_, _ = q.GetUser(ctx, id) // want CV4304 GetUser
		}
	}
}

func retried(ctx context.Context, q *pg.Queries, ids []int64) {
	for _, id := range ids {
		for attempt := 0; attempt < 5; attempt++ {
			if _, err := q.GetUser(ctx, id); err == nil { // want CV4304 GetUser
				break
			}
		}
	}
}

func perDayOfUser(ctx context.Context, q *pg.Queries, us []pg.User, days []int32) {
	for _, u := range us {
		for range days {
			_, _ = q.ListOrdersByUser(ctx, u.ID) // want CV4304 ListOrdersByUser
		}
	}
}

func oneDeep(ctx context.Context, q *pg.Queries, us []pg.User) {
	for _, u := range us {
		teamOf(ctx, q, u) // want CV4304 GetTeam
	}
}

func teamOf(ctx context.Context, q *pg.Queries, u pg.User) string {
	t, _ := q.GetTeam(ctx, u.TeamID)
	return t.Name
}

func threeDeep(ctx context.Context, q *pg.Queries, us []pg.User) {
	for _, u := range us {
		_, _ = repo.Load(ctx, q, u.TeamID) // want CV4304 GetTeam
	}
}

type service struct {
	q     *pg.Queries
	store pg.Querier
}

func (s *service) user(ctx context.Context, id int64) (pg.User, error) { return s.q.GetUser(ctx, id) }

func (s *service) all(ctx context.Context, ids []int64) {
	for _, id := range ids {
		_, _ = s.user(ctx, id) // want CV4304 GetUser
	}
}

func (s *service) querier(ctx context.Context, ids []int64) {
	for _, id := range ids {
		_, _ = s.store.GetUser(ctx, id) // want CV4304 GetUser
	}
}

type getter interface {
	GetUser(ctx context.Context, id int64) (pg.User, error)
}

func own(ctx context.Context, g getter, ids []int64) {
	for _, id := range ids {
		_, _ = g.GetUser(ctx, id) // want CV4304 GetUser
	}
}

func useOwn(ctx context.Context, q *pg.Queries) { own(ctx, q, nil) }

type embedding struct{ *pg.Queries }

func embedded(ctx context.Context, s *embedding, ids []int64) {
	for _, id := range ids {
		_, _ = s.GetUser(ctx, id) // want CV4304 GetUser
	}
}

func goroutines(ctx context.Context, q *pg.Queries, ids []int64) {
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, _ = q.GetUser(ctx, id) // want CV4304 GetUser
		}()
	}
	wg.Wait()
}

func goroutineArgument(ctx context.Context, q *pg.Queries, ids []int64) {
	for _, id := range ids {
		go func(id int64) {
			_, _ = q.GetUser(ctx, id) // want CV4304 GetUser
		}(id)
	}
}

func goMethod(ctx context.Context, s *service, ids []int64) {
	for _, id := range ids {
		go s.user(ctx, id) // want CV4304 GetUser
	}
}

func waitGroup(ctx context.Context, q *pg.Queries, ids []int64) {
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() {
			_, _ = q.GetUser(ctx, id) // want CV4304 GetUser
		})
	}
	wg.Wait()
}

func workers(ctx context.Context, q *pg.Queries, ids []int64) {
	ch := make(chan int64)
	for range 4 {
		go func() {
			for id := range ch {
				_, _ = q.GetUser(ctx, id) // want CV4304 GetUser
			}
		}()
	}
	for _, id := range ids {
		ch <- id
	}
	close(ch)
}

func tasks(ctx context.Context, q *pg.Queries, ids []int64) {
	var fs []func()
	for _, id := range ids {
		fs = append(fs, func() { _, _ = q.GetUser(ctx, id) }) // want CV4304 GetUser
	}
	for _, f := range fs {
		f()
	}
}

func rangeFunc(ctx context.Context, q *pg.Queries, ids iter.Seq[int64]) error {
	for id := range ids {
		if _, err := q.GetUser(ctx, id); err != nil { // want CV4304 GetUser
			return err
		}
	}
	return nil
}

func sortedKeys(ctx context.Context, q *pg.Queries, m map[int64]bool) {
	for _, id := range slices.Sorted(maps.Keys(m)) {
		_, _ = q.GetUser(ctx, id) // want CV4304 GetUser
	}
	for id := range maps.Keys(m) {
		_, _ = q.GetTeam(ctx, id) // want CV4304 GetTeam
	}
}

func callback(ctx context.Context, q *pg.Queries, ids []int64) bool {
	return slices.ContainsFunc(ids, func(id int64) bool {
		_, err := q.GetUser(ctx, id) // want CV4304 GetUser
		return err == nil
	})
}

func sorter(ctx context.Context, q *pg.Queries, us []pg.User) {
	sort.Slice(us, func(i, j int) bool {
		a, _ := q.CountOrders(ctx, us[i].ID) // want CV4304 CountOrders
		return a > int64(j)
	})
}

func forEach[T any](xs []T, f func(T) error) error {
	for _, x := range xs {
		if err := f(x); err != nil {
			return err
		}
	}
	return nil
}

func mapTo[T, U any](xs []T, f func(T) U) (out []U) {
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

func ownHelper(ctx context.Context, q *pg.Queries, ids []int64) error {
	return forEach(ids, func(id int64) error {
		_, err := q.GetUser(ctx, id) // want CV4304 GetUser
		return err
	})
}

func ownMap(ctx context.Context, q *pg.Queries, us []pg.User) []string {
	return mapTo(us, func(u pg.User) string {
		t, _ := q.GetTeam(ctx, u.TeamID) // want CV4304 GetTeam
		return t.Name
	})
}

func methodValue(ctx context.Context, s *service, ids []int64) {
	_ = forEach(ids, s.check) // want CV4304 GetUser
}

func (s *service) check(id int64) error {
	_, err := s.q.GetUser(context.TODO(), id)
	return err
}

func inTx(ctx context.Context, conn *pgx.Conn, q *pg.Queries, f func(*pg.Queries) error) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := f(q.WithTx(tx)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func transactions(ctx context.Context, conn *pgx.Conn, q *pg.Queries, ids []int64) error {
	for _, id := range ids {
		err := inTx(ctx, conn, q, func(q *pg.Queries) error {
			_, err := q.GetUser(ctx, id) // want CV4304 GetUser
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func tree(ctx context.Context, q *pg.Queries, id int64) (n int, err error) {
	kids, err := q.ListChildren(ctx, id)
	if err != nil {
		return 0, err
	}
	for _, k := range kids {
		m, err := tree(ctx, q, k.ID) // want CV4304 ListChildren
		if err != nil {
			return 0, err
		}
		n += m + 1
	}
	return n, nil
}

func ancestors(ctx context.Context, q *pg.Queries, id int64) ([]string, error) {
	c, err := q.GetCategory(ctx, id) // want CV4304 GetCategory
	if err != nil || !c.ParentID.Valid {
		return []string{c.Name}, err
	}
	rest, err := ancestors(ctx, q, c.ParentID.Int64)
	return append(rest, c.Name), err
}

func closureTree(ctx context.Context, q *pg.Queries, root int64) {
	var walk func(id int64)
	walk = func(id int64) {
		kids, _ := q.ListChildren(ctx, id)
		for _, k := range kids {
			walk(k.ID) // want CV4304 ListChildren
		}
	}
	walk(root)
}

func breadthFirst(ctx context.Context, q *pg.Queries, root int64) {
	queue := []int64{root}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		kids, _ := q.ListChildren(ctx, id) // want CV4304 ListChildren
		for _, k := range kids {
			queue = append(queue, k.ID)
		}
	}
}

type node struct {
	id   int64
	kids []*node
}

func mutual(ctx context.Context, q *pg.Queries, n *node) {
	_, _ = q.GetCategory(ctx, n.id)
	mutualKids(ctx, q, n.kids)
}

func mutualKids(ctx context.Context, q *pg.Queries, ns []*node) {
	for _, n := range ns {
		mutual(ctx, q, n) // want CV4304 GetCategory
	}
}

func scanned(ctx context.Context, db *sql.DB, q *my.Queries) error {
	rows, err := db.QueryContext(ctx, "SELECT id FROM users")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if _, err := q.GetUser(ctx, id); err != nil { // want CV4304 GetUser
			return err
		}
	}
	return rows.Err()
}

func lines(ctx context.Context, q *lite.Queries, r io.Reader) error {
	s := bufio.NewScanner(r)
	for s.Scan() {
		if _, err := q.GetUserByEmail(ctx, s.Text()); err != nil { // want CV4304 GetUserByEmail
			return err
		}
	}
	return s.Err()
}

func imported(ctx context.Context, q *lite.Queries, r io.Reader) error {
	in := csv.NewReader(r)
	for {
		rec, err := in.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := q.UpsertSetting(ctx, sql.NullString{String: rec[0], Valid: true}, rec[1]); err != nil { // want CV4306 UpsertSetting
			return err
		}
	}
}

func inserts(ctx context.Context, q *pg.Queries, order int64, products []string) error {
	for _, p := range products {
		err := q.InsertItem(ctx, pg.InsertItemParams{ID: pgtype.UUID{Bytes: uuid.New(), Valid: true}, OrderID: order, Product: p, Quantity: 1}) // want CV4306 InsertItem
		if err != nil {
			return err
		}
	}
	return nil
}

func insertsOfNothing(ctx context.Context, q *pg.Queries, user int64, n int) error {
	for i := 0; i < n; i++ {
		if _, err := q.InsertOrder(ctx, pg.InsertOrderParams{UserID: user, Total: 0, Status: "new"}); err != nil { // want CV4306 InsertOrder
			return err
		}
	}
	return nil
}

func updates(ctx context.Context, q *pg.Queries, orders []pg.Order) {
	for _, o := range orders {
		_ = q.SetOrderStatus(ctx, pg.SetOrderStatusParams{ID: o.ID, Status: "paid"}) // want CV4306 SetOrderStatus
	}
}

func deletes(ctx context.Context, q *my.Queries, ids []int64) error {
	var errs []error
	for _, id := range ids {
		errs = append(errs, q.DeleteOrder(ctx, id)) // want CV4306 DeleteOrder
	}
	return errors.Join(errs...)
}

func withDB(ctx context.Context, db *sql.DB, q *pq.Queries, ids []int64) {
	for _, id := range ids {
		_, _ = q.GetUser(ctx, db, id)                                               // want CV4304 GetUser
		_ = q.SetOrderStatus(ctx, db, pq.SetOrderStatusParams{ID: id, Status: "x"}) // want CV4306 SetOrderStatus
	}
}

func mysqlStruct(ctx context.Context, q *my.Queries, us []my.User) {
	for _, u := range us {
		_, _ = q.ListOpenOrders(ctx, my.ListOpenOrdersParams{UserID: u.ID, Status: "open"}) // want CV4304 ListOpenOrders
	}
}

func sqliteFlat(ctx context.Context, q *lite.Queries, us []lite.User) {
	for _, u := range us {
		_, _ = q.ListOpenOrders(ctx, u.ID, "open") // want CV4304 ListOpenOrders
	}
}
