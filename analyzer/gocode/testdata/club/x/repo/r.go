package repo

import (
	"context"
	"fmt"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/db"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/x/domain"
)

type people struct{ q db.Querier }

func NewPeople(q db.Querier) domain.People { return &people{q} }

func (p *people) toDomain(ctx context.Context, m db.Member) (*domain.Person, error) {
	t, err := p.q.GetTeam(ctx, m.TeamID)
	if err != nil {
		return nil, fmt.Errorf("team: %w", err)
	}
	return &domain.Person{ID: m.ID, Email: m.Email, Team: t.Name}, nil
}

func (p *people) ByID(ctx context.Context, id int64) (*domain.Person, error) {
	m, err := p.q.GetMember(ctx, id)
	if err != nil {
		return nil, err
	}
	return p.toDomain(ctx, m)
}

func (p *people) ByIDs(ctx context.Context, ids []int64) ([]*domain.Person, error) {
	ms, err := p.q.MembersByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]*domain.Person, len(ms))
	for i, m := range ms {
		if out[i], err = p.toDomain(ctx, m); err != nil { // want CV4304 GetTeam
			return nil, err
		}
	}
	return out, nil
}

func (p *people) Save(ctx context.Context, x *domain.Person) error {
	return p.q.SetRole(ctx, db.SetRoleParams{ID: x.ID, Role: x.Team})
}

func (p *people) SaveAll(ctx context.Context, ps []*domain.Person) error {
	for _, x := range ps {
		if err := p.Save(ctx, x); err != nil { // want CV4306 SetRole
			return err
		}
	}
	return nil
}
