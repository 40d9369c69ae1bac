package loops

import (
	"context"
	"database/sql"
	"errors"
	"math/rand"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/my"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/pg"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/repo"
)

func constantKey(ctx context.Context, q *pg.Queries, ids []int64) {
	for range ids {
		_, _ = q.GetSetting(ctx, "limit")
	}
}

func sameKey(ctx context.Context, q *pg.Queries, me int64, ids []int64) (n int64) {
	for _, id := range ids {
		u, _ := q.GetUser(ctx, me)
		n += u.TeamID * id
	}
	return n
}

func sameThroughHelper(ctx context.Context, q *pg.Queries, ids []int64) {
	for _, id := range ids {
		s, _ := repo.Setting(ctx, q)
		_, _ = s, id
	}
}

func otherFieldVaries(ctx context.Context, q *pg.Queries, team int64, ids []int64) {
	for _, id := range ids {
		_, _ = repo.Load(ctx, q, keyed(repo.Key{Team: team, Other: id}).Team)
		_, _ = repo.LoadKey(ctx, q, repo.Key{Team: team, Other: id})
	}
}

func keyed(k repo.Key) repo.Key { return repo.Key{Team: k.Team} }

func retry(ctx context.Context, q *pg.Queries, id int64) (u pg.User, err error) {
	for attempt := 0; attempt < 10; attempt++ {
		u, err = q.GetUser(ctx, id)
		if err == nil {
			return u, nil
		}
		time.Sleep(time.Duration(attempt) * time.Second)
	}
	return u, err
}

func retryInsert(ctx context.Context, q *pg.Queries, email string) (int64, error) {
	for attempt := range 20 {
		id, err := q.InsertUser(ctx, pg.InsertUserParams{TeamID: 1, Email: email + strconv.Itoa(attempt), Name: "x"})
		if err == nil {
			return id, nil
		}
	}
	return 0, errors.New("no")
}

func freeCode(ctx context.Context, q *pg.Queries) (string, error) {
	for {
		code := strconv.Itoa(rand.Int())
		_, err := q.GetUserByEmail(ctx, code)
		if errors.Is(err, pgx.ErrNoRows) {
			return code, nil
		}
		if err != nil {
			return "", err
		}
	}
}

func firstThatIsThere(ctx context.Context, q *pg.Queries, emails []string) (pg.User, error) {
	for _, e := range emails {
		u, err := q.GetUserByEmail(ctx, e)
		if err == nil {
			return u, nil
		}
	}
	return pg.User{}, pgx.ErrNoRows
}

func poll(ctx context.Context, q *pg.Queries, jobs <-chan int64) error {
	tick := time.NewTicker(time.Second)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			if _, err := q.ListUsers(ctx); err != nil {
				return err
			}
		case id := <-jobs:
			if err := q.AddLogin(ctx, id); err != nil {
				return err
			}
		}
	}
}

func drain(ctx context.Context, q *pg.Queries) error {
	for {
		o, err := q.ClaimOrder(ctx)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := q.SetOrderStatus(ctx, pg.SetOrderStatusParams{ID: o.ID, Status: "done"}); err != nil {
			return err
		}
	}
}

func consumer(ctx context.Context, q *pg.Queries, queue <-chan int64) {
	for id := range queue {
		_ = q.AddLogin(ctx, id)
	}
}

func untilDone(ctx context.Context, q *pg.Queries, id int64) error {
	for {
		o, err := q.LastOrder(ctx, id)
		if err != nil {
			return err
		}
		if o.Status == "paid" {
			return nil
		}
		time.Sleep(time.Second)
	}
}

func chunks(ctx context.Context, q *pg.Queries, ids []int64) {
	for start := 0; start < len(ids); start += 500 {
		_, _ = q.ListUsersByIDs(ctx, ids[start:min(start+500, len(ids))])
	}
}

func chunksOfSlices(ctx context.Context, q *my.Queries, ids []int64) {
	for c := range slices.Chunk(ids, 100) {
		_, _ = q.ListUsersByIDs(ctx, c)
	}
}

func arrayOfGroup(ctx context.Context, q *pg.Queries, byStatus map[string][]int64) {
	for status, ids := range byStatus {
		_ = q.SetStatusOfOrders(ctx, pg.SetStatusOfOrdersParams{Status: status, Ids: ids})
	}
}

func batches(ctx context.Context, q *pg.Queries, groups [][]pg.CopyItemsParams, more [][]pg.SetOrderStatusesParams) {
	for _, g := range groups {
		_, _ = q.CopyItems(ctx, g)
	}
	for _, g := range more {
		q.SetOrderStatuses(ctx, g).Exec(nil)
	}
}

func pages(ctx context.Context, q *pg.Queries) error {
	var after int64
	for {
		us, err := q.ListUsersAfter(ctx, pg.ListUsersAfterParams{ID: after, Limit: 100})
		if err != nil {
			return err
		}
		if len(us) == 0 {
			return nil
		}
		after = us[len(us)-1].ID
	}
}

func pagesOfStruct(ctx context.Context, q *my.Queries) error {
	p := my.ListUsersAfterParams{Limit: 100}
	for {
		us, err := q.ListUsersAfter(ctx, p)
		if err != nil || len(us) == 0 {
			return err
		}
		p.ID = us[len(us)-1].ID
	}
}

func offsets(ctx context.Context, q *pg.Queries) {
	for page := int64(0); ; page++ {
		us, err := q.ListUsersOffset(ctx, pg.ListUsersOffsetParams{Limit: 100, Offset: page * 100})
		if err != nil || len(us) == 0 {
			return
		}
	}
}

func chain(ctx context.Context, q *pg.Queries, id int64) error {
	for id != 0 {
		c, err := q.GetCategory(ctx, id)
		if err != nil {
			return err
		}
		id = c.ParentID.Int64
	}
	return nil
}

func days(ctx context.Context, q *pg.Queries, first pg.CountOrdersBetweenParams, n int) (total int64) {
	for i := 0; i < n; i++ {
		c, _ := q.CountOrdersBetween(ctx, first)
		total += c
		first.CreatedAt, first.CreatedAt_2.Time = first.CreatedAt_2, first.CreatedAt_2.Time.AddDate(0, 0, 1)
	}
	return total
}

func patterns(ctx context.Context, q *pg.Queries, words []string) {
	for _, w := range words {
		_, _ = q.SearchUsers(ctx, w+"%")
	}
}

func earlyReturn(ctx context.Context, q *pg.Queries, us []pg.User, email string) (pg.Team, error) {
	for _, u := range us {
		if u.Email == email {
			return q.GetTeam(ctx, u.TeamID)
		}
	}
	return pg.Team{}, pgx.ErrNoRows
}

func earlyBreak(ctx context.Context, q *pg.Queries, ids []int64) {
	for _, id := range ids {
		if id > 10 {
			_, _ = q.GetUser(ctx, id)
			break
		}
	}
}

func guarded(ctx context.Context, q *pg.Queries, us []pg.User, me int64) {
	for _, u := range us {
		if u.ID == me {
			_, _ = q.GetTeam(ctx, u.TeamID)
		}
	}
}

func guardedByKey(ctx context.Context, q *pg.Queries, us []pg.User, email string) {
	for _, u := range us {
		if u.Email == email {
			_, _ = q.ListOrdersByUser(ctx, u.ID)
		}
	}
}

func onceOnly(ctx context.Context, q *pg.Queries, us []pg.User) {
	done := false
	for _, u := range us {
		if !done && u.Role == "admin" {
			_, _ = q.GetTeam(ctx, u.TeamID)
			done = true
		}
	}
}

func lazily(ctx context.Context, q *pg.Queries, us []pg.User) (err error) {
	var team *pg.Team
	for _, u := range us {
		if team == nil {
			t, err := q.GetTeam(ctx, u.TeamID)
			if err != nil {
				return err
			}
			team = &t
		}
		_ = team.Name
	}
	return nil
}

func firstOnly(ctx context.Context, q *pg.Queries, us []pg.User) {
	for i, u := range us {
		if i == 0 {
			_, _ = q.GetTeam(ctx, u.TeamID)
		}
	}
}

func few(ctx context.Context, q *pg.Queries) {
	for i := int64(1); i <= 3; i++ {
		_, _ = q.GetUser(ctx, i)
	}
	for i := range 2 {
		_, _ = q.GetUser(ctx, int64(i))
	}
}

func statuses(ctx context.Context, q *pg.Queries, user int64) {
	for _, s := range []string{"open", "paid", "shipped", "done"} {
		_, _ = q.ListOpenOrders(ctx, pg.ListOpenOrdersParams{UserID: user, Status: s})
	}
}

var defaults = map[string]string{"limit": "10", "theme": "dark"}

func seed(ctx context.Context, q *pg.Queries) {
	for k, v := range defaults {
		_ = q.UpsertSetting(ctx, pg.UpsertSettingParams{Name: k, Value: v})
	}
	for k, v := range map[string]string{"a": "b", "c": "d"} {
		_ = q.UpsertSetting(ctx, pg.UpsertSettingParams{Name: k, Value: v})
	}
}

func collectThenAsk(ctx context.Context, q *pg.Queries, us []pg.User) {
	var ids []int64
	for _, u := range us {
		ids = append(ids, u.TeamID)
	}
	_, _ = q.ListUsersByIDs(ctx, ids)
	if len(ids) > 0 {
		_, _ = q.GetUser(ctx, ids[0])
	}
}

func routes(q *pg.Queries, names []string) {
	for _, n := range names {
		http.HandleFunc("/"+n, func(w http.ResponseWriter, r *http.Request) {
			_, _ = q.GetSetting(r.Context(), n)
		})
	}
}

func outsideOfLoop(ctx context.Context, q *pg.Queries, us []pg.User) {
	var last pg.User
	for _, u := range us {
		last = u
	}
	_, _ = q.GetTeam(ctx, last.TeamID)
}

func pagesByRecursion(ctx context.Context, q *pg.Queries, after int64) error {
	us, err := q.ListUsersAfter(ctx, pg.ListUsersAfterParams{ID: after, Limit: 100})
	if err != nil || len(us) == 0 {
		return err
	}
	return pagesByRecursion(ctx, q, us[len(us)-1].ID)
}

func retryByRecursion(ctx context.Context, q *pg.Queries, id int64, attempt int) (pg.User, error) {
	u, err := q.GetUser(ctx, id)
	if err != nil && attempt < 3 {
		return retryByRecursion(ctx, q, id, attempt+1)
	}
	return u, err
}

func once(ctx context.Context, conn *pgx.Conn, q *pg.Queries, id int64) error {
	return inTx(ctx, conn, q, func(q *pg.Queries) error {
		_, err := q.GetUser(ctx, id)
		return err
	})
}

func waitForRow(ctx context.Context, q *my.Queries, id int64) (u my.User, err error) {
	for {
		u, err = q.GetUser(ctx, id)
		if !errors.Is(err, sql.ErrNoRows) {
			return u, err
		}
		select {
		case <-ctx.Done():
			return u, ctx.Err()
		case <-time.After(time.Second):
		}
	}
}
