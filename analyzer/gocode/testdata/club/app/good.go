package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/db"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/lite"
)

func retry(ctx context.Context, f func() error) error {
	for i := 0; i < 5; i++ {
		err := f()
		if err == nil {
			return nil
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		time.Sleep(time.Duration(1<<i) * time.Millisecond)
	}
	return errors.New("gave up")
}

func RetryClosure(ctx context.Context, q *db.Queries, id int64) (m db.Member, err error) {
	err = retry(ctx, func() error { m, err = q.GetMember(ctx, id); return err })
	return
}

func RetryInline(ctx context.Context, q *db.Queries, id int64) (m db.Member, err error) {
	wait := 10 * time.Millisecond
	for attempt := 1; ; attempt++ {
		m, err = q.GetMember(ctx, id)
		if err == nil || attempt == 5 {
			return m, err
		}
		select {
		case <-ctx.Done():
			return m, ctx.Err()
		case <-time.After(wait):
		}
		wait *= 2
	}
}

func RetryUniqueSlug(ctx context.Context, q *db.Queries, base string) (string, error) {
	slug := base
	for i := 1; ; i++ {
		_, err := q.TeamBySlug(ctx, slug)
		if errors.Is(err, pgx.ErrNoRows) {
			return slug, nil
		}
		if err != nil {
			return "", err
		}
		slug = fmt.Sprintf("%s-%d", base, i)
	}
}

func RandomSlug(ctx context.Context, q *db.Queries) (string, error) {
	for range 10 {
		slug := fmt.Sprint(rand.Int())
		if _, err := q.TeamBySlug(ctx, slug); errors.Is(err, pgx.ErrNoRows) {
			return slug, nil
		} else if err != nil {
			return "", err
		}
	}
	return "", errors.New("no free slug")
}

func PollTicker(ctx context.Context, q *db.Queries, id int64) error {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for range t.C {
		j, err := q.GetJob(ctx, id)
		if err != nil {
			return err
		}
		if j.State == "done" {
			return nil
		}
	}
	return nil
}

func PollSelect(ctx context.Context, q *db.Queries, wake <-chan int64) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case id := <-wake:
			if _, err := q.GetJob(ctx, id); err != nil {
				return err
			}
		}
	}
}

func QueueWorker(ctx context.Context, q *db.Queries) error {
	for {
		j, err := q.ClaimJob(ctx)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		m, err := q.GetMember(ctx, j.MemberID)
		if err != nil {
			return err
		}
		fmt.Println(m)
	}
}

func Chunks(ctx context.Context, q *db.Queries, ids []int64) error {
	for c := range slices.Chunk(ids, 500) {
		if _, err := q.MembersByIDs(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func ManualChunks(ctx context.Context, q *db.Queries, ids []int64) error {
	for len(ids) > 0 {
		n := min(500, len(ids))
		if _, err := q.MembersByIDs(ctx, ids[:n]); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

func ManualChunks2(ctx context.Context, q *lite.Queries, ids []int64) error {
	for i := 0; i < len(ids); i += 100 {
		if _, err := q.NotesIn(ctx, ids[i:min(i+100, len(ids))]); err != nil {
			return err
		}
	}
	return nil
}

func Cursor(ctx context.Context, q *db.Queries, each func(db.Member)) error {
	var after int64
	for {
		ms, err := q.MembersAfter(ctx, db.MembersAfterParams{After: after, N: 100})
		if err != nil {
			return err
		}
		for _, m := range ms {
			each(m)
			after = m.ID
		}
		if len(ms) < 100 {
			return nil
		}
	}
}

func CursorOfTeam(ctx context.Context, q *db.Queries, team pgtype.UUID, each func(db.Member)) error {
	arg := db.MembersOfTeamAfterParams{TeamID: team, N: 100}
	for {
		ms, err := q.MembersOfTeamAfter(ctx, arg)
		if err != nil || len(ms) == 0 {
			return err
		}
		for _, m := range ms {
			each(m)
		}
		arg.After = ms[len(ms)-1].ID
	}
}

func Offset(ctx context.Context, q *db.Queries, each func(db.Member)) error {
	for page := int64(0); ; page++ {
		ms, err := q.MembersPage(ctx, db.MembersPageParams{N: 100, O: page * 100})
		if err != nil {
			return err
		}
		for _, m := range ms {
			each(m)
		}
		if len(ms) == 0 {
			return nil
		}
	}
}

func page(ctx context.Context, q *db.Queries, after int64) ([]db.Member, error) {
	return q.MembersAfter(ctx, db.MembersAfterParams{After: after, N: 100})
}

func CursorRecursive(ctx context.Context, q *db.Queries, after int64) error {
	ms, err := page(ctx, q, after)
	if err != nil || len(ms) == 0 {
		return err
	}
	return CursorRecursive(ctx, q, ms[len(ms)-1].ID)
}

func Days(ctx context.Context, q *db.Queries, from time.Time, n int) error {
	for i := 0; i < n; i++ {
		lo := from.AddDate(0, 0, i)
		_, err := q.JobsBetween(ctx, db.JobsBetweenParams{
			Lo: pgtype.Timestamptz{Time: lo, Valid: true},
			Hi: pgtype.Timestamptz{Time: lo.AddDate(0, 0, 1), Valid: true},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func FirstOnly(ctx context.Context, q *db.Queries, ms []db.Member) (db.Team, error) {
	for _, m := range ms {
		if m.Role == "owner" {
			return q.GetTeam(ctx, m.TeamID)
		}
	}
	return db.Team{}, pgx.ErrNoRows
}

func BreakAfter(ctx context.Context, q *db.Queries, ms []db.Member) (t db.Team, err error) {
	for _, m := range ms {
		if m.Role == "owner" {
			t, err = q.GetTeam(ctx, m.TeamID)
			break
		}
	}
	return
}

func States(ctx context.Context, q *db.Queries) error {
	for _, s := range []string{"ready", "running", "done"} {
		if _, err := q.JobByState(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

type state string

const (
	ready state = "ready"
	done  state = "done"
)

var states = []state{ready, done}

func StatesVar(ctx context.Context, q *db.Queries) (map[state]int64, error) {
	out := map[state]int64{}
	for _, s := range states {
		n, err := q.JobByState(ctx, string(s))
		if err != nil {
			return nil, err
		}
		out[s] = n
	}
	return out, nil
}

func Shards(ctx context.Context, pools []*pgxpool.Pool, id int64) error {
	for _, p := range pools {
		if _, err := db.New(p).GetMember(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func ShardsByKey(ctx context.Context, pools map[int64]*pgxpool.Pool) error {
	for id, p := range pools {
		if _, err := db.New(p).GetMember(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

type tenant struct {
	q  *db.Queries
	id int64
}

func Tenants(ctx context.Context, ts []*tenant) error {
	for _, t := range ts {
		if _, err := t.q.GetMember(ctx, t.id); err != nil {
			return err
		}
	}
	return nil
}

func Batch(ctx context.Context, q *db.Queries, ms []db.Member) error {
	ids := make([]int64, 0, len(ms))
	for _, m := range ms {
		ids = append(ids, m.ID)
	}
	_, err := q.MembersByIDs(ctx, ids)
	return err
}

func PerGroup(ctx context.Context, q *db.Queries, groups map[string][]int64) error {
	for _, ids := range groups {
		if _, err := q.MembersByIDs(ctx, ids); err != nil {
			return err
		}
	}
	return nil
}

func Args(ctx context.Context, q *lite.Queries) error {
	tests := []struct {
		name string
		ref  string
	}{{"a", "x"}, {"b", "y"}, {"c", "z"}, {"d", "w"}}
	for _, tt := range tests {
		if _, err := q.NoteByRef(ctx, tt.ref); err != nil {
			return fmt.Errorf("%s: %w", tt.name, err)
		}
	}
	return nil
}

func WaitDone(ctx context.Context, q *db.Queries, id int64) error {
	for {
		j, err := q.GetJob(ctx, id)
		if err != nil {
			return err
		}
		if j.State == "done" {
			return nil
		}
		time.Sleep(time.Second)
	}
}

func Serve(ctx context.Context, q *db.Queries, requests <-chan int64) {
	for id := range requests {
		_, _ = q.GetMember(ctx, id)
	}
}

func Lines(ctx context.Context, q *db.Queries) error {
	var id int64
	for {
		if _, err := fmt.Fscan(os.Stdin, &id); err != nil {
			return err
		}
		m, err := q.GetMember(ctx, id)
		if err != nil {
			return err
		}
		fmt.Println(m)
	}
}

// a transaction that is tried again
func InTx(ctx context.Context, pool *pgxpool.Pool, id int64) error {
	for i := 0; i < 3; i++ {
		err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			q := db.New(tx)
			m, err := q.GetMember(ctx, id)
			if err != nil {
				return err
			}
			return q.SetRole(ctx, db.SetRoleParams{ID: m.ID, Role: "r"})
		})
		if err == nil {
			return nil
		}
	}
	return errors.New("no")
}

// alternatives: by id, then by slug
func Either(ctx context.Context, q *db.Queries, slugs []string) (db.Team, error) {
	for _, s := range []string{slugs[0], "default"} {
		t, err := q.TeamBySlug(ctx, s)
		if err == nil {
			return t, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return t, err
		}
	}
	return db.Team{}, sql.ErrNoRows
}
