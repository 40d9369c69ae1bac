package postgres

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// thing is an object of which only the name and how gladly it is made apart matter.
type thing struct {
	name string
	glad int
}

func (o thing) id() id                         { return id{Kind: "table", Name: o.name} }
func (o thing) owners() []id                   { return nil }
func (o thing) compare(*differ, object) change { return change{} }
func (o thing) create(*differ) []plan.Step     { return nil }
func (o thing) drop(*differ) []plan.Step       { return nil }
func (o thing) inline(*differ) string          { return o.name }
func (o thing) apart() int                     { return o.glad }

// tangle is a graph of nodes that wait for each other in any way, circles among them. A part in another's statement waits for its owner, or its
// owner for it, as all parts do.
func tangle(r *rand.Rand) *graph {
	g := &graph{}
	for i := range 2 + r.IntN(30) {
		o := thing{fmt.Sprint(i), r.IntN(6)}
		n := &node{e: &entry{id: o.id()}, op: operation(r.IntN(4))}
		if n.op == dropping {
			n.e.from = o
		} else {
			n.e.to = o
		}
		g.nodes = append(g.nodes, n)
	}
	any := func() *node { return g.nodes[r.IntN(len(g.nodes))] }
	for range r.IntN(2 * len(g.nodes)) {
		n, owner := any(), any()
		if n.into != nil || owner.root() == n || n.op != owner.op || n.op != dropping && n.op != making {
			continue
		}
		n.into = owner
		if n.op == dropping {
			owner.after = append(owner.after, n)
		} else {
			n.after = append(n.after, owner)
		}
	}
	forward := r.IntN(2) == 0 // waits that close no circle
	for range r.IntN(3 * len(g.nodes)) {
		i, j := r.IntN(len(g.nodes)), r.IntN(len(g.nodes))
		if forward {
			i, j = max(i, j), min(i, j)
		}
		if n := g.nodes[i]; i != j && r.IntN(4) == 0 {
			n.soft = append(n.soft, g.nodes[j])
		} else if i != j {
			n.after = append(n.after, g.nodes[j])
		}
	}
	return g
}

// circular tells whether waits that are no wishes close a circle, each node being a statement.
func circular(g *graph) bool {
	state := map[*node]int{}
	var visit func(n *node) bool
	visit = func(n *node) bool {
		if state[n] != 0 {
			return state[n] == 1
		}
		state[n] = 1
		if slices.ContainsFunc(n.after, visit) {
			return true
		}
		state[n] = 2
		return false
	}
	return slices.ContainsFunc(g.nodes, visit)
}

// TestAllTanglesHaveAnOrder: each statement comes once; and where the waits close no circle, all of them hold.
func TestAllTanglesHaveAnOrder(t *testing.T) {
	straight := 0
	for seed := range uint64(20000) {
		g := tangle(rand.New(rand.NewPCG(seed, 1)))
		was := map[*node][]*node{}
		for _, n := range g.nodes {
			was[n] = slices.Clone(n.after)
		}
		bent := circular(g)
		g.separate()
		sorted, err := g.sort()
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		at := map[*node]int{}
		for i, n := range sorted {
			if _, twice := at[n]; twice || n.into != nil {
				t.Fatalf("seed %d: %v comes twice, or has no statement", seed, n.e.id)
			}
			at[n] = i
		}
		for _, n := range g.nodes {
			if _, ok := at[n.root()]; !ok {
				t.Fatalf("seed %d: %v does not come", seed, n.e.id)
			}
			after := n.after
			if !bent {
				after = was[n]
			}
			for _, a := range after {
				if at[a.root()] > at[n.root()] {
					t.Fatalf("seed %d: %v %v comes before %v %v, for which it waits", seed, n.op, n.e.id, a.op, a.e.id)
				}
			}
		}
		if !bent {
			straight++
		}
	}
	if straight < 1000 {
		t.Errorf("only %d tangles have no circle", straight)
	}
}

// TestAllDependenciesHaveAPlan makes schemas of objects that rest on each other in any way, circles among them, and plans from one to another.
func TestAllDependenciesHaveAPlan(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 2))
		kinds := []string{"operator class", "operator family", "operator", "cast", "rule", "statistics", "collation", "comment on table", "right on table"}
		random := func() *catalog.Snapshot {
			s := &catalog.Snapshot{Engine: catalog.PostgreSQL}
			s.Add("public", nil, nil, nil)
			for i := range 2 + r.IntN(20) {
				if r.IntN(5) > 0 {
					name := fmt.Sprint(kinds[i%len(kinds)], i)
					s.Others = append(s.Others, &catalog.Object{Kind: kinds[i%len(kinds)], Schema: "public", Name: name, Drop: "DROP " + name,
						Definition: fmt.Sprint("CREATE ", name, " AS ", r.IntN(2))})
				}
			}
			for range r.IntN(3*len(s.Others) + 1) {
				x, y := s.Others[r.IntN(len(s.Others))], s.Others[r.IntN(len(s.Others))]
				s.Depends = append(s.Depends, catalog.Dependency{Object: (&other{o: x}).id(), On: (&other{o: y}).id(), Automatic: r.IntN(2) == 0})
			}
			return s
		}
		from, to := random(), random()
		p, err := Diff(from, to, plan.Options{Quote: func(name string) string { return name }})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		made := map[string]int{}
		for _, s := range p.Steps {
			made[strings.Fields(s.SQL)[0]+" "+s.About.Name]++
		}
		for _, o := range to.Others {
			was := slices.ContainsFunc(from.Others, func(x *catalog.Object) bool { return x.Name == o.Name && x.Definition == o.Definition })
			if n := made["CREATE "+o.Name]; n > 1 || n == 0 && !was {
				t.Fatalf("seed %d: %s is made %d times", seed, o.Name, n)
			}
		}
		for _, o := range from.Others {
			if n := made["DROP "+o.Name]; n > 1 {
				t.Fatalf("seed %d: %s is dropped %d times", seed, o.Name, n)
			}
		}
	}
}
