package postgres

import (
	"container/heap"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/migrate/plan"
)

// operation is one of the moments in which an object has statements.
type operation uint8

const (
	dropping operation = iota
	changing
	making
	finishing
)

// node is an operation on an object, with the nodes that have to run before it.
type node struct {
	e  *entry
	op operation
	// into is the node whose statement does the work of this one; nil where it has statements of its own.
	into  *node
	after []*node
	soft  []*node // as after, but given up where they close a circle

	// of one search for circles
	index, low int
	onStack    bool
}

func (n *node) root() *node {
	for n.into != nil {
		n = n.into
	}
	return n
}

func (n *node) run(d *differ) []plan.Step {
	switch n.op {
	case dropping:
		return n.e.from.drop(d)
	case changing:
		return n.e.change.alter()
	case finishing:
		return n.e.change.finish()
	default:
		return n.e.to.create(d)
	}
}

// order gives the nodes that have statements, each after those that it needs; what nothing orders is ordered by kind and name.
func (d *differ) order() ([]*node, error) {
	g := d.graph()
	g.separate()
	sorted, err := g.sort()
	d.merged = map[id][]object{}
	for _, n := range g.nodes {
		if n.op == making && n.into != nil {
			d.merged[n.into.e.id] = append(d.merged[n.into.e.id], n.e.to)
		}
	}
	return sorted, err
}

type graph struct {
	nodes []*node
	of    map[id]*[4]*node
}

// graph makes the nodes and what orders them.
func (d *differ) graph() *graph {
	g := &graph{of: map[id]*[4]*node{}}
	add := func(e *entry, op operation) {
		n := &node{e: e, op: op}
		if g.of[e.id] == nil {
			g.of[e.id] = &[4]*node{}
		}
		g.of[e.id][op] = n
		g.nodes = append(g.nodes, n)
	}
	for _, x := range d.ids {
		e := d.entries[x]
		if e.dropped() {
			add(e, dropping)
		}
		if e.altered() {
			add(e, changing)
			if e.change.finish != nil {
				add(e, finishing)
			}
		}
		if e.created() {
			add(e, making)
		}
	}
	at := func(x id, op operation) *node {
		if of := g.of[x]; of != nil {
			return of[op]
		}
		return nil
	}
	before := func(a, b *node) {
		if a != nil && b != nil && a != b {
			b.after = append(b.after, a)
		}
	}
	for _, n := range g.nodes {
		x := n.e.id
		switch n.op {
		case making, changing:
			for _, y := range d.new.depends[x] {
				before(at(y, making), n)
				if n.op == making {
					before(at(y, changing), n)
				} else if c := at(y, changing); c != nil {
					n.soft = append(n.soft, c)
				}
				before(n, at(y, finishing))
			}
		}
		if w, ok := n.e.to.(wisher); ok && (n.op == making || n.op == changing) {
			for _, y := range w.wishes() {
				for _, op := range [2]operation{making, changing} {
					if m := at(y, op); m != nil && m != n {
						n.soft = append(n.soft, m)
					}
				}
			}
		}
		if n.op == making {
			before(at(x, dropping), n)
		}
		if n.op == finishing {
			before(at(x, changing), n)
		}
		if n.e.from == nil {
			continue
		}
		for _, y := range d.old.depends[x] {
			switch n.op {
			case dropping:
				before(n, at(y, dropping))
				before(n, at(y, changing))
				before(n, at(y, finishing))
			case finishing:
				before(n, at(y, finishing))
			case changing:
				before(n, at(y, dropping))
				before(n, at(y, finishing))
				if c := at(y, changing); c != nil && !slices.Contains(d.new.depends[x], y) {
					c.soft = append(c.soft, n)
				}
			}
		}
	}
	d.claims(g, before)
	d.merge(g)
	return g
}

// claims puts what gives a name free before what takes it.
func (d *differ) claims(g *graph, before func(a, b *node)) {
	taken := func(o object) []string {
		if c, ok := o.(claimer); ok {
			return c.claims()
		}
		return nil
	}
	freed := map[string]*node{}
	each := func(f func(n *node, names []string), free bool) {
		for _, n := range g.nodes {
			var old, new []string
			if n.e.from != nil {
				old = taken(n.e.from)
			}
			if n.e.to != nil {
				new = taken(n.e.to)
			}
			switch {
			case n.op == changing && free:
				old = slices.DeleteFunc(slices.Clone(old), func(s string) bool { return slices.Contains(new, s) })
			case n.op == changing:
				new = slices.DeleteFunc(slices.Clone(new), func(s string) bool { return slices.Contains(old, s) })
			}
			if free && (n.op == dropping || n.op == changing) {
				f(n, old)
			}
			if !free && (n.op == making || n.op == changing) {
				f(n, new)
			}
		}
	}
	each(func(n *node, names []string) {
		for _, name := range names {
			freed[name] = n
		}
	}, true)
	each(func(n *node, names []string) {
		for _, name := range names {
			before(freed[name], n)
		}
	}, false)
}

// merge puts drops into those of their owners, and parts into the statements that make their owners. Each node goes into another at most once, and into
// none that ended in it before: roots are found.
func (d *differ) merge(g *graph) {
	for _, n := range g.nodes {
		switch n.op {
		case dropping:
			owners := n.e.from.owners()
			if f, ok := n.e.from.(follower); ok {
				for _, y := range f.goesAlong() {
					if f.goesWith(d, y) {
						owners = append(owners, y)
					}
				}
			}
			if h, ok := n.e.from.(*inheritance); ok && h.leavesFirst(d) {
				owners = nil
			}
			for _, y := range owners {
				// A class and its family rest on each other by their members; it is the family that takes the class along.
				if n.e.id.Kind == "operator family" && y.Kind == "operator class" {
					continue
				}
				if of := g.of[y]; of != nil && of[dropping] != nil && of[dropping].root() != n {
					n.into = of[dropping]
					break
				}
			}
		case making:
			p, ok := n.e.to.(part)
			if !ok {
				continue
			}
			owners := n.e.to.owners()
			if len(owners) == 0 {
				continue
			}
			if of := g.of[owners[0]]; of != nil && of[making] != nil && of[making].root() != n && p.inline(d) != "" {
				n.into = of[making]
			}
		}
	}
}

// separate takes parts out of the statements of their owners until no two statements need each other. Each round unties at least one tie of each
// circle and ties none, so there are no more rounds than ties.
func (g *graph) separate() {
	for range g.ties() {
		circles := g.circles()
		if len(circles) == 0 {
			return
		}
		for _, circle := range circles {
			g.untie(circle)
		}
	}
}

// ties are the parts that stand in the statements of others, and the waits.
func (g *graph) ties() int {
	count := 0
	for _, n := range g.nodes {
		count += len(n.after) + len(n.soft)
		if n.into != nil {
			count++
		}
	}
	return count
}

// untie takes a circle apart at one place at least: parts are taken out of their owners' statements; where that does not help, wishes are given up;
// and where the waits themselves close it, the first goes first. Waits are never given up while parts could be taken out: a part waits for its
// owner, or its owner for it, so a circle in which no part can be taken out is one of waits alone.
func (g *graph) untie(circle []*node) {
	in := map[*node]bool{}
	for _, n := range circle {
		in[n] = true
	}
	if out := g.parts(in); len(out) > 0 {
		for _, n := range out {
			n.into = nil
		}
		return
	}
	wished := false
	for _, n := range g.nodes {
		if in[n.root()] && slices.ContainsFunc(n.soft, func(a *node) bool { return a.root() != n.root() && in[a.root()] }) {
			n.soft, wished = nil, true
		}
	}
	if wished {
		return
	}
	first := slices.MinFunc(circle, compareNodes)
	for _, n := range g.nodes {
		if n.root() == first {
			n.after = slices.DeleteFunc(n.after, func(a *node) bool { return a.root() != first && in[a.root()] })
		}
	}
}

// parts are those that are to be taken out of the statements in a circle: a drop that others wait for goes first by itself, a part that waits for
// others is made later by itself. Of all that could be they are those that are most gladly.
func (g *graph) parts(in map[*node]bool) []*node {
	var out []*node
	best := 1 << 30
	consider := func(n *node) {
		weight, o := 4, n.e.to
		if n.op == dropping {
			o = n.e.from
		}
		if p, ok := o.(part); ok {
			weight = p.apart()
		}
		if n.into == nil || weight > best {
			return
		}
		if weight < best {
			best, out = weight, nil
		}
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	for _, n := range g.nodes {
		if !in[n.root()] {
			continue
		}
		for _, a := range n.after {
			if a.root() == n.root() || !in[a.root()] {
				continue
			}
			if n.op == making {
				consider(n)
			}
			if a.op == dropping {
				consider(a)
			}
		}
	}
	return out
}

// circles are the groups of statements that need each other.
func (g *graph) circles() [][]*node {
	next := g.waits()
	var out [][]*node
	var stack []*node
	count := 0
	for _, n := range g.nodes {
		n.index, n.low, n.onStack = 0, 0, false
	}
	var visit func(n *node)
	visit = func(n *node) {
		count++
		n.index, n.low, n.onStack = count, count, true
		stack = append(stack, n)
		for _, a := range next[n] {
			if a.index == 0 {
				visit(a)
				n.low = min(n.low, a.low)
			} else if a.onStack {
				n.low = min(n.low, a.index)
			}
		}
		if n.low == n.index {
			i := len(stack) - 1
			for stack[i] != n {
				i--
			}
			if group := stack[i:]; len(group) > 1 {
				out = append(out, slices.Clone(group))
			}
			for _, m := range stack[i:] {
				m.onStack = false
			}
			stack = stack[:i]
		}
	}
	for _, n := range g.nodes {
		if n.into == nil && n.index == 0 {
			visit(n)
		}
	}
	return out
}

// waits are, of each node with statements, the others that have to run before.
func (g *graph) waits() map[*node][]*node {
	out := make(map[*node][]*node, len(g.nodes))
	for _, n := range g.nodes {
		r := n.root()
		for _, list := range [2][]*node{n.after, n.soft} {
			for _, a := range list {
				if a = a.root(); a != r {
					out[r] = append(out[r], a)
				}
			}
		}
	}
	return out
}

// sort gives the nodes that have statements of their own in an order that holds all waits. It is an error where there is none.
func (g *graph) sort() ([]*node, error) {
	waits := g.waits()
	open := map[*node]int{}
	followers := map[*node][]*node{}
	var ready nodeHeap
	for _, n := range g.nodes {
		if n.into != nil {
			continue
		}
		for _, a := range waits[n] {
			followers[a] = append(followers[a], n)
		}
		if open[n] = len(waits[n]); open[n] == 0 {
			ready = append(ready, n)
		}
	}
	heap.Init(&ready)
	var out []*node
	for len(ready) > 0 {
		n := heap.Pop(&ready).(*node)
		out = append(out, n)
		delete(open, n)
		for _, f := range followers[n] {
			if open[f]--; open[f] == 0 {
				heap.Push(&ready, f)
			}
		}
	}
	if len(open) > 0 {
		n := slices.MinFunc(slices.Collect(maps.Keys(open)), compareNodes)
		return nil, fmt.Errorf("no order of the statements is right: %v waits for what waits for it", plan.Object(n.e.id))
	}
	return out, nil
}

// compareNodes orders what nothing else orders: drops first, the last kinds before the first; then changes; then what is made.
func compareNodes(a, b *node) int {
	if a.op != b.op {
		return int(a.op) - int(b.op)
	}
	r := rank(a.e.id) - rank(b.e.id)
	if a.op == dropping {
		r = -r
	}
	if r != 0 {
		return r
	}
	return compareIDs(a.e.id, b.e.id)
}

func compareIDs(a, b id) int {
	for _, p := range [...][2]string{{a.Kind, b.Kind}, {a.Schema, b.Schema}, {a.Table, b.Table}, {a.Name, b.Name}} {
		if c := strings.Compare(p[0], p[1]); c != 0 {
			return c
		}
	}
	return 0
}

type nodeHeap []*node

func (h nodeHeap) Len() int           { return len(h) }
func (h nodeHeap) Less(i, j int) bool { return compareNodes(h[i], h[j]) < 0 }
func (h nodeHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *nodeHeap) Push(x any)        { *h = append(*h, x.(*node)) }
func (h *nodeHeap) Pop() any {
	old := *h
	n := old[len(old)-1]
	*h = old[:len(old)-1]
	return n
}
