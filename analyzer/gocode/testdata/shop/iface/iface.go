// Package iface knows users by an interface alone, and imports no generated package.
package iface

import "context"

type Users interface {
	ByID(ctx context.Context, id int64) (string, error)
	Orders(ctx context.Context, id int64) (int, error)
}

type Service struct{ Users Users }

func (s *Service) Names(ctx context.Context, ids []int64) ([]string, error) {
	var out []string
	for _, id := range ids {
		name, err := s.Users.ByID(ctx, id) // want CV4304 GetUser
		if err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, nil
}

func (s *Service) Sum(ctx context.Context, ids map[int64]bool) (n int, err error) {
	for id := range ids {
		k, err := s.Users.Orders(ctx, id) // want CV4304 ListOrdersByUser
		if err != nil {
			return 0, err
		}
		n += k
	}
	return n, nil
}

// One asks for the same again.
func (s *Service) One(ctx context.Context, id int64) (string, error) {
	for range 3 {
		if n, err := s.Users.ByID(ctx, id); err == nil {
			return n, nil
		}
	}
	return "", nil
}
