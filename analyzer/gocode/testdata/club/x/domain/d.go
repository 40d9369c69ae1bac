package domain

import "context"

type Person struct {
	ID    int64
	Email string
	Team  string
}

type People interface {
	ByID(ctx context.Context, id int64) (*Person, error)
	ByIDs(ctx context.Context, ids []int64) ([]*Person, error)
	Save(ctx context.Context, p *Person) error
	SaveAll(ctx context.Context, ps []*Person) error
}
