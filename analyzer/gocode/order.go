package gocode

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/covetsql/covetsql/compiler/ir"
)

// Wait is something that takes long while a transaction is open.
type Wait struct {
	Site ssa.Instruction
	Via  []ssa.Instruction // down to what waits, which is the last
	What string
	Tx   *Tx
}

// slow are functions that wait for others, and what they do.
var slow = map[string]string{
	"time.Sleep": "sleeps", "(*net/http.Client).Do": "calls a server over HTTP", "(*net/http.Client).Get": "calls a server over HTTP",
	"(*net/http.Client).Post": "calls a server over HTTP", "(*net/http.Client).PostForm": "calls a server over HTTP",
	"net/http.Get": "calls a server over HTTP", "net/http.Post": "calls a server over HTTP", "net/http.PostForm": "calls a server over HTTP",
	"net/http.Head": "calls a server over HTTP", "net/smtp.SendMail": "sends mail", "(*os/exec.Cmd).Run": "runs a program",
	"(*os/exec.Cmd).Output": "runs a program", "(*os/exec.Cmd).CombinedOutput": "runs a program", "(*os/exec.Cmd).Wait": "runs a program",
	"net.Dial": "opens a connection", "net.DialTimeout": "opens a connection", "(*net.Dialer).DialContext": "opens a connection",
	"(*google.golang.org/grpc.ClientConn).Invoke": "calls a server by gRPC",
}

// Waits are what takes long between the beginning of a transaction and its commit.
func (p *Program) Waits() (out []Wait) {
	for _, t := range p.Transactions() {
		for _, b := range t.Func.Blocks {
			for _, i := range b.Instrs {
				if !t.Within(i) {
					continue
				}
				if via, what := p.slow(i, 3); what != "" {
					out = append(out, Wait{Site: i, Via: via, What: what, Tx: t})
				}
			}
		}
	}
	return out
}

// slow tells what an instruction waits for, by itself or in a function that it calls.
func (p *Program) slow(i ssa.Instruction, depth int) (via []ssa.Instruction, what string) {
	c, ok := i.(*ssa.Call)
	if !ok || depth == 0 {
		return nil, ""
	}
	f := c.Call.StaticCallee()
	if f == nil {
		return nil, ""
	}
	if what := slow[f.String()]; what != "" {
		return []ssa.Instruction{i}, what
	}
	if f.Blocks == nil || p.isGenerated(f) {
		return nil, ""
	}
	for _, b := range f.Blocks {
		for _, in := range b.Instrs {
			if via, what := p.slow(in, depth-1); what != "" {
				return append([]ssa.Instruction{i}, via...), what
			}
		}
	}
	return nil, ""
}

// Inversion are two transactions that lock the rows of two tables in opposite orders.
type Inversion struct {
	First, Second [2]Use // of each the first and the second table
	Tables        [2]string
}

// Inversions are the pairs of transactions that may wait for each other.
func (p *Program) Inversions() (out []Inversion) {
	type step struct {
		table string
		use   Use
	}
	var all [][]step
	for _, t := range p.Transactions() {
		var steps []step
		for _, u := range p.Uses(t.Func) {
			if _, runs := u.Site.(*ssa.Call); runs && t.Within(u.Site) && u.InTx() && locksRows(u.Query) {
				steps = append(steps, step{u.Query.table(), u})
			}
		}
		if len(steps) > 1 {
			all = append(all, steps)
		}
	}
	pairs := func(steps []step, visit func(a, b step)) {
		for i, a := range steps {
			for _, b := range steps[i+1:] {
				if a.table != b.table && a.table != "" && b.table != "" && (a.use.Site == b.use.Site || follows(a.use.Site, b.use.Site)) {
					visit(a, b)
				}
			}
		}
	}
	seen := map[string]bool{}
	for i, x := range all {
		pairs(x, func(a, b step) {
			for _, y := range all[i+1:] {
				pairs(y, func(c, d step) {
					key := min(a.table, b.table) + " " + max(a.table, b.table)
					if a.table == d.table && b.table == c.table && a.use.Query.Package == c.use.Query.Package && !seen[key] {
						seen[key] = true
						out = append(out, Inversion{[2]Use{a.use, b.use}, [2]Use{c.use, d.use}, [2]string{a.table, b.table}})
					}
				})
			}
		})
	}
	return out
}

// locksRows tells whether a query holds locks on rows that others may want.
func locksRows(q *Query) bool {
	switch t := q.Tree.(type) {
	case *ir.Update, *ir.Delete:
		return true
	case *ir.Select:
		for _, l := range t.Locking {
			if strings.Contains(l.Strength, "UPDATE") && l.Wait == "" {
				return true
			}
		}
	}
	return false
}

// Loose are writes that belong together and run each in a transaction of its own.
type Loose struct {
	First, Second Call
}

// LooseWrites are writes of which the second uses what the first gave, without a transaction around both.
func (p *Program) LooseWrites() (out []Loose) {
	seen := map[ssa.Instruction]bool{}
	calls := p.queryCalls()
	for _, b := range calls {
		if !b.Query.Changes() {
			continue
		}
		f := b.Site.Parent()
		for _, a := range calls {
			if a.Site.Parent() != f || !a.Query.Changes() || a.Site == b.Site || !follows(a.Site, b.Site) || seen[a.Site] {
				continue
			}
			if !p.onPool(a) || !p.onPool(b) || !p.feeds(a, b) {
				continue
			}
			seen[a.Site] = true
			out = append(out, Loose{a, b})
		}
	}
	return out
}

// feeds tells whether a call is given what another gave.
func (p *Program) feeds(a, b Call) bool {
	w := p.flower(b.Site.Parent())
	for i := range b.Query.Params {
		v, part := b.Query.argument(b.Site, i)
		if v == nil {
			continue
		}
		for pt := range w.of(v, part).points {
			if pt.at == a.Site {
				return true
			}
		}
	}
	return false
}

// onPool tells whether a query is proved to run outside of transactions: it runs on a field of the receiver which is never set to
// anything that has one.
func (p *Program) onPool(c Call) bool {
	v := p.Handle(c.Site, c.Query)
	if v == nil {
		return false
	}
	u, ok := unwrapped(v).(*ssa.UnOp)
	if !ok {
		return false
	}
	x, ok := u.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	prm, ok := x.X.(*ssa.Parameter)
	if !ok || prm.Parent().Signature.Recv() == nil || prm.Parent().Params[0] != prm {
		return false
	}
	return !p.setToTx(x)
}

// setToTx tells whether a field is ever set to what comes of a transaction, or is set nowhere.
func (p *Program) setToTx(x *ssa.FieldAddr) bool {
	set := false
	for _, f := range p.funcs {
		for _, b := range f.Blocks {
			for _, i := range b.Instrs {
				fa, ok := i.(*ssa.FieldAddr)
				if !ok || fa.Field != x.Field || fa.X.Type().String() != x.X.Type().String() {
					continue
				}
				for _, r := range *fa.Referrers() {
					st, ok := r.(*ssa.Store)
					if !ok || st.Addr != fa {
						continue
					}
					set = true
					use := Use{on: p.flower(f).of(st.Val, nil)}
					if use.InTx() || !use.FromInputs(f) || p.callersGiveTx(f, &use) {
						return true
					}
				}
			}
		}
	}
	return !set
}

// callersGiveTx tells whether a constructor is called with a transaction, or with queries that run in one.
func (p *Program) callersGiveTx(f *ssa.Function, u *Use) bool {
	callers := p.callers(f)
	if len(callers) == 0 {
		return true // who knows
	}
	for _, c := range callers {
		for in, path := range u.on.inputs {
			if args := c.Common().Args; in.index < len(args) {
				given := Use{on: p.flower(c.Parent()).of(args[in.index], path)}
				if carriesTx(unwrapped(args[in.index]).Type()) || given.InTx() {
					return true
				}
			}
		}
	}
	return false
}
