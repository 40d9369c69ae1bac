package pool

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
)

// wait waits for a place of a class.
func (p *Pool[C]) wait(ctx context.Context, of *class) error {
	start := time.Now()
	p.waiting.Add(1)
	defer p.waiting.Add(-1)
	limited, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.open, cancel)()
	if p.cfg.Wait > 0 {
		limited, cancel = context.WithTimeout(limited, p.cfg.Wait)
		defer cancel()
	}
	err := of.sem.Acquire(limited, 1)
	took := time.Since(start)
	if p.cfg.OnWait != nil {
		p.cfg.OnWait(took)
	}
	switch {
	case err == nil:
		return nil
	case p.open.Err() != nil:
		return ErrClosed
	}
	if p.cfg.OnTimeout != nil {
		p.cfg.OnTimeout()
	}
	what, cause, kind := fmt.Sprintf("all %d connections were in use for %s", of.limit, took.Round(time.Millisecond)), error(ErrTimeout), fault.PoolTimeout
	if of.name != "" {
		what = fmt.Sprintf("queries of the class %q had all their %d connections for %s", of.name, of.limit, took.Round(time.Millisecond))
	}
	if ctx.Err() != nil {
		cause = ctx.Err()
		if errors.Is(cause, context.Canceled) {
			kind = fault.Canceled
		}
	}
	return &fault.Error{Fault: fault.Fault{Kind: kind, Outcome: fault.NotDone}, Err: fmt.Errorf("%w: %s%s", cause, what, p.held())}
}

// Holders are those who have connections, who has one longest first.
func (p *Pool[C]) Holders() []Holder {
	now := int64(time.Since(p.start))
	var out []Holder
	p.mu.Lock()
	for c := range p.conns {
		if h, ok := c.holder(now); ok {
			out = append(out, h)
		}
	}
	p.mu.Unlock()
	slices.SortFunc(out, func(a, b Holder) int { return int(b.For - a.For) })
	return out
}

func (c *Conn[C]) holder(now int64) (Holder, bool) {
	since := c.since.Load()
	return Holder{Query: c.query.Load(), Site: c.site.Load(), For: time.Duration(now - since)}, since != 0
}

// held tells of those who have connections longest, as the end of a message.
func (p *Pool[C]) held() string {
	list := p.Holders()
	if len(list) == 0 {
		return ""
	}
	var parts []string
	for _, h := range list[:min(3, len(list))] {
		parts = append(parts, h.String())
	}
	return "; held longest by " + strings.Join(parts, "; ")
}

// attend looks after the connections until the pool is closed: those that lie unused for too long or are too old are closed, and of those that
// are held for too long is told.
func (p *Pool[C]) attend() {
	every := time.Minute
	for _, d := range []time.Duration{p.cfg.Held / 2, p.cfg.Idle / 2, p.cfg.Lifetime / 2} {
		if d > 0 {
			every = min(every, max(d, 10*time.Millisecond))
		}
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-p.open.Done():
			return
		case <-tick.C:
			p.tellHeld()
			p.closeOld()
		}
	}
}

func (p *Pool[C]) tellHeld() {
	if p.cfg.Held <= 0 || p.cfg.OnHeld == nil {
		return
	}
	now := int64(time.Since(p.start))
	var list []Holder
	p.mu.Lock()
	for c := range p.conns {
		if h, ok := c.holder(now); ok && h.For >= p.cfg.Held && c.told.CompareAndSwap(false, true) {
			list = append(list, h)
		}
	}
	p.mu.Unlock()
	for _, h := range list {
		p.cfg.OnHeld(h)
	}
}

func (p *Pool[C]) closeOld() {
	if p.cfg.Idle <= 0 && p.cfg.Lifetime <= 0 {
		return
	}
	for _, res := range p.p.AcquireAllIdle() {
		c := res.Value()
		if p.cfg.Idle > 0 && res.IdleDuration() >= p.cfg.Idle || !c.dies.IsZero() && time.Now().After(c.dies) {
			res.Destroy()
		} else {
			res.ReleaseUnused()
		}
	}
}

// jitter gives a duration up to a tenth shorter or longer.
func jitter(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.9 + 0.2*rand.Float64()))
}
