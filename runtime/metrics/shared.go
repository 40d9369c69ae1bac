package metrics

import "time"

// Outcome is how a transaction ended.
type Outcome uint8

// The outcomes of transactions.
const (
	Committed Outcome = iota
	RolledBack
	CommitUnknown // the connection was lost as it was committed
	outcomes
)

// String is the outcome's name in metrics and logs.
func (o Outcome) String() string { return [...]string{"committed", "rolled_back", "unknown"}[o] }

// Transaction counts a transaction that ended: how long it took with all its tries, and how many there were, from 1.
func (r *Registry) Transaction(o Outcome, took time.Duration, tries int) {
	if r == nil {
		return
	}
	s := r.shared.Load()
	s.transactions[o].Observe(took)
	if tries > 1 {
		s.tries.Add(uint64(tries - 1))
	}
}

// PoolWait counts somebody who had to wait for a connection, however that ended.
func (r *Registry) PoolWait(took time.Duration) {
	if r != nil {
		r.shared.Load().waits.Observe(took)
	}
}

// PoolTimeout counts somebody who waited for a connection in vain.
func (r *Registry) PoolTimeout() {
	if r != nil {
		r.shared.Load().timeouts.Add(1)
	}
}

// Connections is how a pool stands at a moment. Its fields are those of pool.Stats, so that one converts to the other.
type Connections struct {
	// Max is how many connections there may be, Total how many there are, Busy how many of them are given out.
	Max   int `json:"max"`
	Total int `json:"total"`
	Busy  int `json:"busy"`
	Idle  int `json:"idle"`
	// Waiting is how many callers wait for one.
	Waiting int `json:"waiting"`
}

type gauge struct {
	name string
	read func() Connections
}

// Pool makes a pool known by its name ("primary", "readers"); read is asked at each Snapshot and must not block. A pool of the same name
// takes the place of the former; a nil read takes it away.
func (r *Registry) Pool(name string, read func() Connections) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	pools := make([]gauge, 0, len(r.pools)+1)
	for _, g := range r.pools {
		if g.name != name {
			pools = append(pools, g)
		}
	}
	if read != nil {
		pools = append(pools, gauge{name, read})
	}
	r.pools = pools
}
