// Package repo stands between the queries and those who know them by an interface alone.
package repo

import (
	"context"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/pg"
)

type Users struct{ q *pg.Queries }

func New(q *pg.Queries) *Users { return &Users{q: q} }

func (u *Users) ByID(ctx context.Context, id int64) (string, error) {
	row, err := u.q.GetUser(ctx, id)
	return row.Name, err
}

func (u *Users) Orders(ctx context.Context, id int64) (int, error) {
	rows, err := u.q.ListOrdersByUser(ctx, id)
	return len(rows), err
}

// Load goes three functions deep.
func Load(ctx context.Context, q *pg.Queries, id int64) (pg.Team, error) {
	return load2(ctx, q, Key{Team: id})
}

// Key is what a team is found by.
type Key struct{ Team, Other int64 }

func load2(ctx context.Context, q *pg.Queries, k Key) (pg.Team, error) { return load3(ctx, q, &k) }

func load3(ctx context.Context, q *pg.Queries, k *Key) (pg.Team, error) {
	return q.GetTeam(ctx, k.Team)
}

// Setting takes what it wants from nowhere that the caller knows.
func Setting(ctx context.Context, q *pg.Queries) (string, error) { return q.GetSetting(ctx, "limit") }

// LoadKey takes the key whole.
func LoadKey(ctx context.Context, q *pg.Queries, k Key) (pg.Team, error) { return load2(ctx, q, k) }
