package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"golang.org/x/sync/errgroup"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/db"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/lite"
)

type Service struct {
	q    db.Querier
	repo Repo
}

type Repo interface {
	Load(ctx context.Context, id int64) (db.Member, error)
	Team(ctx context.Context, id uuid.UUID) (*db.Team, error)
}

type repo struct{ q *db.Queries }

func (r *repo) Load(ctx context.Context, id int64) (db.Member, error) { return r.q.GetMember(ctx, id) }
func (r *repo) Team(ctx context.Context, id uuid.UUID) (*db.Team, error) {
	t, err := r.q.GetTeam(ctx, pgtype.UUID{Bytes: id, Valid: true})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &t, err
}

func New(q *db.Queries) *Service { return &Service{q: q, repo: &repo{q: q}} }

// through own interface, uuid conversion in the helper
func (s *Service) Teams(ctx context.Context, ids []uuid.UUID) (out []*db.Team, err error) {
	for _, id := range ids {
		t, err := s.repo.Team(ctx, id) // want CV4304 GetTeam
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// generated Querier, uuid parsing in between
func (s *Service) Parse(ctx context.Context, ids []string) error {
	for _, raw := range ids {
		id, err := uuid.Parse(raw)
		if err != nil {
			return err
		}
		if _, err := s.q.GetTeam(ctx, pgtype.UUID{Bytes: id, Valid: true}); err != nil { // want CV4304 GetTeam
			return err
		}
	}
	return nil
}

// pgtype.UUID.Scan: an out-parameter
func (s *Service) ScanInto(ctx context.Context, ids []string) error {
	for _, raw := range ids {
		var id pgtype.UUID
		if err := id.Scan(raw); err != nil {
			return err
		}
		if _, err := s.q.GetTeam(ctx, id); err != nil { // want CV4304 GetTeam
			return err
		}
	}
	return nil
}

// keys from a map
func MapKeys(ctx context.Context, q *db.Queries, by map[int64]string) error {
	for id := range by {
		if _, err := q.GetMember(ctx, id); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// sorted keys of a map
func SortedKeys(ctx context.Context, q *db.Queries, by map[int64]string) error {
	for _, id := range slices.Sorted(maps.Keys(by)) {
		if _, err := q.GetMember(ctx, id); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// range over maps.Keys: range over func
func RangeFunc(ctx context.Context, q *db.Queries, by map[int64]string) error {
	for id := range maps.Keys(by) {
		if _, err := q.GetMember(ctx, id); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

func each[T any](xs []T, f func(T) error) error {
	for _, x := range xs {
		if err := f(x); err != nil {
			return err
		}
	}
	return nil
}

// own generic each
func Each(ctx context.Context, q *db.Queries, ms []db.Member) error {
	return each(ms, func(m db.Member) error {
		_, err := q.GetTeam(ctx, m.TeamID) // want CV4304 GetTeam
		return err
	})
}

func mapOf[K comparable, V any](keys []K, load func(K) (V, error)) (map[K]V, error) {
	out := make(map[K]V)
	for _, k := range keys {
		v, err := load(k)
		if err != nil {
			return nil, err
		}
		out[k] = v
	}
	return out, nil
}

// generic with a closure variable
func Generic(ctx context.Context, q *db.Queries, ids []int64) (map[int64]db.Member, error) {
	load := func(id int64) (db.Member, error) { return q.GetMember(ctx, id) } // want CV4304 GetMember
	return mapOf(ids, load)
}

// a wrapper with three levels, methods
type cache struct {
	mu   sync.Mutex
	q    *db.Queries
	seen map[int64]db.Member
}

func (c *cache) get(ctx context.Context, id int64) (db.Member, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m, ok := c.seen[id]; ok {
		return m, nil
	}
	m, err := c.q.GetMember(ctx, id)
	if err != nil {
		return m, err
	}
	c.seen[id] = m
	return m, nil
}

func (c *cache) bossName(ctx context.Context, m db.Member) (string, error) {
	if !m.BossID.Valid {
		return "", nil
	}
	b, err := c.get(ctx, m.BossID.Int64)
	return b.Email, err
}

func (c *cache) view(ctx context.Context, m *db.Member) (v struct{ Name, Boss string }, err error) {
	v.Name = m.Email
	v.Boss, err = c.bossName(ctx, *m)
	return v, err
}

func Views(ctx context.Context, q *db.Queries, ms []db.Member) error {
	c := &cache{q: q, seen: map[int64]db.Member{}}
	for i := range ms {
		v, err := c.view(ctx, &ms[i]) // want CV4304 GetMember
		if err != nil {
			return err
		}
		fmt.Println(v)
	}
	return nil
}

// cached inline
func CachedInline(ctx context.Context, q *db.Queries, ms []db.Member) error {
	teams := map[pgtype.UUID]db.Team{}
	for _, m := range ms {
		t, ok := teams[m.TeamID]
		if !ok {
			var err error
			t, err = q.GetTeam(ctx, m.TeamID) // want CV4304 GetTeam
			if err != nil {
				return err
			}
			teams[m.TeamID] = t
		}
		fmt.Println(t.Name, m.Email)
	}
	return nil
}

// goroutines
func Go(ctx context.Context, q *db.Queries, ids []int64) {
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, _ = q.GetMember(ctx, id) // want CV4304 GetMember
		}()
	}
	wg.Wait()
}

func GoArg(ctx context.Context, q *db.Queries, ids []int64) {
	var wg sync.WaitGroup
	for i := range ids {
		wg.Add(1)
		go func(id int64, n int) {
			defer wg.Done()
			_, _ = q.GetMember(ctx, id) // want CV4304 GetMember
		}(ids[i], i)
	}
	wg.Wait()
}

func WgGo(ctx context.Context, q *db.Queries, ids []int64, out []db.Member) {
	var wg sync.WaitGroup
	for i, id := range ids {
		wg.Go(func() {
			out[i], _ = q.GetMember(ctx, id) // want CV4304 GetMember
		})
	}
	wg.Wait()
}

func Group(ctx context.Context, q *db.Queries, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for _, id := range ids {
		g.Go(func() error {
			n, err := q.CountJobs(ctx, id) // want CV4304 CountJobs
			fmt.Println(n)
			return err
		})
	}
	return g.Wait()
}

func fetch(ctx context.Context, q *db.Queries, id int64, out chan<- db.Member, wg *sync.WaitGroup) {
	defer wg.Done()
	m, err := q.GetMember(ctx, id)
	if err == nil {
		out <- m
	}
}

func GoNamed(ctx context.Context, q *db.Queries, ids []int64) {
	var wg sync.WaitGroup
	out := make(chan db.Member, len(ids))
	for _, id := range ids {
		wg.Add(1)
		go fetch(ctx, q, id, out, &wg) // want CV4304 GetMember
	}
	wg.Wait()
}

// a worker pool
func worker(ctx context.Context, q *db.Queries, ids <-chan int64, wg *sync.WaitGroup) {
	defer wg.Done()
	for id := range ids {
		_, _ = q.GetMember(ctx, id) // want CV4304 GetMember
	}
}

func Pool(ctx context.Context, q *db.Queries, list []int64) {
	ids := make(chan int64)
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go worker(ctx, q, ids, &wg)
	}
	for _, id := range list {
		ids <- id
	}
	close(ids)
	wg.Wait()
}

// semaphore in goroutines with select on ctx
func Semaphore(ctx context.Context, q *db.Queries, ids []int64) error {
	sem := make(chan struct{}, 4)
	for _, id := range ids {
		select {
		case sem <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		go func() {
			defer func() { <-sem }()
			_, _ = q.GetMember(ctx, id) // want CV4304 GetMember
		}()
	}
	return nil
}

// recursion
type Node struct {
	Team     db.Team
	Children []*Node
}

func tree(ctx context.Context, q *db.Queries, t db.Team) (*Node, error) {
	n := &Node{Team: t}
	kids, err := q.ChildTeams(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	for _, k := range kids {
		c, err := tree(ctx, q, k) // want CV4304 ChildTeams
		if err != nil {
			return nil, err
		}
		n.Children = append(n.Children, c)
	}
	return n, nil
}

func Tree(ctx context.Context, q *db.Queries, root db.Team) (*Node, error) { return tree(ctx, q, root) }

// recursion by a closure variable
func TreeClosure(ctx context.Context, q *db.Queries, root pgtype.UUID) (out []db.Team, err error) {
	var walk func(id pgtype.UUID) error
	walk = func(id pgtype.UUID) error {
		kids, err := q.ChildTeams(ctx, id)
		if err != nil {
			return err
		}
		for _, k := range kids {
			out = append(out, k)
			if err := walk(k.ID); err != nil { // want CV4304 ChildTeams
				return err
			}
		}
		return nil
	}
	return out, walk(root)
}

// chain upwards by recursion
func bosses(ctx context.Context, q *db.Queries, id int64, acc []string) ([]string, error) {
	m, err := q.GetMember(ctx, id) // want CV4304 GetMember
	if err != nil || !m.BossID.Valid {
		return acc, err
	}
	return bosses(ctx, q, m.BossID.Int64, append(acc, m.Email))
}

func Bosses(ctx context.Context, q *db.Queries, id int64) ([]string, error) {
	return bosses(ctx, q, id, nil)
}

// mutual recursion through a method
type walker struct {
	ctx context.Context
	q   *db.Queries
}

func (w *walker) team(id pgtype.UUID) error {
	kids, err := w.q.ChildTeams(w.ctx, id)
	if err != nil {
		return err
	}
	return w.all(kids)
}

func (w *walker) all(ts []db.Team) error {
	for _, t := range ts {
		if err := w.team(t.ID); err != nil { // want CV4304 ChildTeams
			return err
		}
	}
	return nil
}

func Walk(ctx context.Context, q *db.Queries, root pgtype.UUID) error {
	return (&walker{ctx, q}).team(root)
}

// a work list: BFS
func BFS(ctx context.Context, q *db.Queries, root pgtype.UUID) error {
	queue := []pgtype.UUID{root}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		kids, err := q.ChildTeams(ctx, id) // want CV4304 ChildTeams
		if err != nil {
			return err
		}
		for _, k := range kids {
			queue = append(queue, k.ID)
		}
	}
	return nil
}

// keys through params struct, composite
func Params(ctx context.Context, q *db.Queries, team pgtype.UUID, emails []string) error {
	for _, e := range emails {
		arg := db.MemberInTeamParams{TeamID: team}
		arg.Email = e
		if _, err := q.MemberInTeam(ctx, arg); err != nil { // want CV4304 MemberInTeam
			return err
		}
	}
	return nil
}

func ParamsHelper(ctx context.Context, q *db.Queries, ms []db.Member) error {
	for _, m := range ms {
		if _, err := q.MemberInTeam(ctx, toParams(m)); err != nil { // want CV4304 MemberInTeam
			return err
		}
	}
	return nil
}

func toParams(m db.Member) db.MemberInTeamParams {
	return db.MemberInTeamParams{TeamID: m.TeamID, Email: m.Email}
}

// params slice of structs prepared
func ParamsList(ctx context.Context, q *db.Queries, args []db.MemberInTeamParams) error {
	for i := 0; i < len(args); i++ {
		if _, err := q.MemberInTeam(ctx, args[i]); err != nil { // want CV4304 MemberInTeam
			return err
		}
	}
	return nil
}

// nullable conversions
func Null(ctx context.Context, q *lite.Queries, notes []*int64) error {
	for _, n := range notes {
		if n == nil {
			continue
		}
		if _, err := q.NotesOfOwner(ctx, *n); err != nil { // want CV4304 NotesOfOwner
			return err
		}
	}
	return nil
}

func nullString(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }

func Inserts(ctx context.Context, q *lite.Queries, titles []string) error {
	for _, t := range titles {
		if err := q.AddNote(ctx, lite.AddNoteParams{Title: t, Ref: nullString(t)}); err != nil { // want CV4306 AddNote
			return err
		}
	}
	return nil
}

func Sprintf(ctx context.Context, q *lite.Queries, n int) error {
	for i := 0; i < n; i++ {
		if _, err := q.NoteByRef(ctx, fmt.Sprintf("ref-%d", i)); err != nil { // want CV4304 NoteByRef
			return err
		}
	}
	return nil
}

// labelled loops
func Labelled(ctx context.Context, q *db.Queries, groups [][]int64) error {
outer:
	for _, g := range groups {
		for _, id := range g {
			m, err := q.GetMember(ctx, id) // want CV4304 GetMember
			if err != nil {
				return err
			}
			if m.Role == "bot" {
				continue outer
			}
		}
	}
	return nil
}

// goto
func Goto(ctx context.Context, q *db.Queries, ids []int64) error {
	i := 0
again:
	if i < len(ids) {
		if _, err := q.GetMember(ctx, ids[i]); err != nil { // want CV4304 GetMember
			return err
		}
		i++
		goto again
	}
	return nil
}

// defer in a loop
func Defer(ctx context.Context, q *db.Queries, ids []int64) {
	for _, id := range ids {
		defer q.DeleteMember(ctx, id) // want CV4306 DeleteMember
	}
}

// while with slice pop
func Pop(ctx context.Context, q *db.Queries, ids []int64) error {
	for len(ids) > 0 {
		id := ids[len(ids)-1]
		ids = ids[:len(ids)-1]
		if _, err := q.GetMember(ctx, id); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// method value
func MethodValue(ctx context.Context, q *db.Queries, ids []int64) error {
	get := q.GetMember
	for _, id := range ids {
		if _, err := get(ctx, id); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// a struct's function field
type deps struct {
	load func(context.Context, int64) (db.Member, error)
}

func FuncField(ctx context.Context, q *db.Queries, ids []int64) error {
	d := deps{load: q.GetMember}
	for _, id := range ids {
		if _, err := d.load(ctx, id); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// iter.Seq of own
func members(ms []db.Member) iter.Seq[db.Member] {
	return func(yield func(db.Member) bool) {
		for _, m := range ms {
			if !yield(m) {
				return
			}
		}
	}
}

func Seq(ctx context.Context, q *db.Queries, ms []db.Member) (err error) {
	for m := range members(ms) {
		if _, err = q.GetTeam(ctx, m.TeamID); err != nil { // want CV4304 GetTeam
			return err
		}
	}
	return nil
}

// iter that queries itself
func loading(ctx context.Context, q *db.Queries, ids []int64) iter.Seq2[db.Member, error] {
	return func(yield func(db.Member, error) bool) {
		for _, id := range ids {
			m, err := q.GetMember(ctx, id) // want CV4304 GetMember
			if !yield(m, err) {
				return
			}
		}
	}
}

func UseLoading(ctx context.Context, q *db.Queries, ids []int64) {
	for m, err := range loading(ctx, q, ids) {
		fmt.Println(m, err)
	}
}

// sort.Slice with a query in less; slices.SortFunc
func Sort(ctx context.Context, q *db.Queries, ids []int64) {
	sort.Slice(ids, func(i, j int) bool {
		a, _ := q.CountJobs(ctx, ids[i]) // want CV4304 CountJobs
		b, _ := q.CountJobs(ctx, ids[j]) // want CV4304 CountJobs
		return a < b
	})
}

func IndexFunc(ctx context.Context, q *db.Queries, ids []int64) []int64 {
	return slices.DeleteFunc(ids, func(id int64) bool {
		n, err := q.CountJobs(ctx, id) // want CV4304 CountJobs
		return err == nil && n == 0
	})
}

// rows of database/sql scanned, query inside
func Rows(ctx context.Context, d *sql.DB, q *lite.Queries) error {
	rows, err := d.QueryContext(ctx, "SELECT owner FROM note")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if _, err := q.NotesOfOwner(ctx, id); err != nil { // want CV4304 NotesOfOwner
			return err
		}
	}
	return rows.Err()
}

// writes through a tx in a loop
func Writes(ctx context.Context, q *db.Queries, roles map[int64]string) error {
	for id, r := range roles {
		if err := q.SetRole(ctx, db.SetRoleParams{ID: id, Role: r}); err != nil { // want CV4306 SetRole
			return err
		}
	}
	return nil
}

func AddAll(ctx context.Context, q *db.Queries, ms []db.Member) error {
	now := pgtype.Timestamptz{Time: time.Now(), Valid: true}
	for _, m := range ms {
		if _, err := q.AddJob(ctx, db.AddJobParams{MemberID: m.ID, State: "ready", RunAt: now}); err != nil { // want CV4306 AddJob
			return err
		}
	}
	return nil
}

// nested data: teams, their members, their jobs
func Report(ctx context.Context, q *db.Queries) (n int64, err error) {
	teams, err := q.ListTeams(ctx)
	if err != nil {
		return 0, err
	}
	for _, t := range teams {
		ms, err := q.MembersOfTeam(ctx, t.ID) // want CV4304 MembersOfTeam
		if err != nil {
			return 0, err
		}
		for _, m := range ms {
			c, err := q.CountJobs(ctx, m.ID) // want CV4304 CountJobs
			if err != nil {
				return 0, err
			}
			n += c
		}
	}
	return n, nil
}

// skip errors, not a retry
func Lenient(ctx context.Context, q *db.Queries, ids []int64) (out []db.Member) {
	for _, id := range ids {
		m, err := q.GetMember(ctx, id) // want CV4304 GetMember
		if err != nil {
			continue
		}
		out = append(out, m)
	}
	return out
}

// retry inside a loop over keys
func RetryEach(ctx context.Context, q *db.Queries, ids []int64) error {
	for _, id := range ids {
		for attempt := 0; attempt < 5; attempt++ {
			_, err := q.GetMember(ctx, id) // want CV4304 GetMember
			if err == nil {
				break
			}
			time.Sleep(time.Second)
		}
	}
	return nil
}

// a throttled loop over keys still N+1
func Throttled(ctx context.Context, q *db.Queries, ids []int64) error {
	for i := 0; i < len(ids); i++ {
		if _, err := q.GetMember(ctx, ids[i]); err != nil { // want CV4304 GetMember
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil
}

// per team first page: key varies, range constant
func FirstPages(ctx context.Context, q *db.Queries, teams []db.Team) error {
	for _, t := range teams {
		if _, err := q.MembersOfTeamAfter(ctx, db.MembersOfTeamAfterParams{TeamID: t.ID, After: 0, N: 10}); err != nil { // want CV4304 MembersOfTeamAfter
			return err
		}
	}
	return nil
}

// keys gathered into a struct held in a slice of a struct
type order struct{ lines []line }
type line struct{ ref struct{ id int64 } }

func Deep(ctx context.Context, q *db.Queries, o *order) error {
	for _, l := range o.lines {
		r := l.ref
		if _, err := q.GetMember(ctx, r.id); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// switch on type, key by interface
type keyed interface{ Key() int64 }
type k1 struct{ id int64 }

func (k k1) Key() int64 { return k.id }

func Keyed(ctx context.Context, q *db.Queries, ks []keyed) error {
	for _, k := range ks {
		if _, err := q.GetMember(ctx, k.Key()); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// key set by method on receiver in loop
type loader struct {
	q  *db.Queries
	id int64
}

func (l *loader) load(ctx context.Context) (db.Member, error) { return l.q.GetMember(ctx, l.id) }

func Objects(ctx context.Context, q *db.Queries, ids []int64) error {
	for _, id := range ids {
		l := &loader{q: q, id: id}
		if _, err := l.load(ctx); err != nil { // want CV4304 GetMember
			return err
		}
	}
	return nil
}

// a list of tasks built first, run in a second loop
func Tasks(ctx context.Context, q *db.Queries, ids []int64) error {
	var tasks []func() error
	for _, id := range ids {
		tasks = append(tasks, func() error {
			_, err := q.GetMember(ctx, id) // want CV4304 GetMember
			return err
		})
	}
	for _, t := range tasks {
		if err := t(); err != nil {
			return err
		}
	}
	return nil
}

// strings to ints
func chain(ctx context.Context, q *db.Queries, id int64) (db.Team, error) {
	m, err := q.GetMember(ctx, id)
	if err != nil {
		return db.Team{}, err
	}
	return q.GetTeam(ctx, m.TeamID)
}

func Chain(ctx context.Context, q *db.Queries, ids []int64) error {
	for _, id := range ids {
		if _, err := chain(ctx, q, id); err != nil { // want CV4304 GetMember CV4304 GetTeam
			return err
		}
	}
	return nil
}

// only for some elements
func Some(ctx context.Context, q *db.Queries, ms []db.Member) error {
	for _, m := range ms {
		if m.Role != "admin" {
			continue
		}
		if _, err := q.GetTeam(ctx, m.TeamID); err != nil { // want CV4304 GetTeam
			return err
		}
	}
	return nil
}

// return at a hit in a search loop: still N+1 over the misses
func FirstFree(ctx context.Context, q *db.Queries, ids []int64) (int64, error) {
	for _, id := range ids {
		n, err := q.CountJobs(ctx, id) // want CV4304 CountJobs
		if err != nil {
			return 0, err
		}
		if n == 0 {
			return id, nil
		}
	}
	return 0, nil
}

// pgtype.Int8 keys
func Int8(ctx context.Context, q *db.Queries, ms []db.Member) error {
	for _, m := range ms {
		if id := m.BossID; id.Valid {
			if _, err := q.GetMember(ctx, id.Int64); err != nil { // want CV4304 GetMember
				return err
			}
		}
	}
	return nil
}
