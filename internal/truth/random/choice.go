package random

import "pgregory.net/rapid"

// choice makes the generator's decisions. They are drawn from rapid, so that a failing input
// shrinks: choice 0 is always the simplest.
type choice struct{ t *rapid.T }

var number = rapid.Uint64()

// of chooses one of n, the first somewhat more often.
func (c choice) of(n int) int {
	if n <= 1 {
		return 0
	}
	return int(number.Draw(c.t, "") % uint64(n))
}

// in tells, about once in n times, yes.
func (c choice) in(n int) bool { return c.of(n) == n-1 }

func pick[T any](c choice, list []T) T { return list[c.of(len(list))] }
