package main

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/iface"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/pg"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/repo"
)

func main() {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, "")
	if err != nil {
		panic(err)
	}
	s := &iface.Service{Users: repo.New(pg.New(conn))}
	if _, err := s.Names(ctx, []int64{1, 2}); err != nil {
		panic(err)
	}
	_, _ = s.Sum(ctx, nil)
	_, _ = s.One(ctx, 1)
}
