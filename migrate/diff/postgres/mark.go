package postgres

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// mark is what a table says of one of its indexes: that it is the replica identity, or that CLUSTER goes by it. It goes with the index.
type mark struct {
	t          *catalog.Table
	kind       string
	index      string
	set, unset string // the clauses of ALTER TABLE; set takes the index's name
}

func marks(t *catalog.Table) []object {
	p := t.Postgres
	if p.Server != "" {
		return nil // what is kept elsewhere has neither
	}
	var out []object
	switch p.ReplicaIdentity {
	case "":
	case "index":
		out = append(out, &mark{t, "replica identity", p.ReplicaIndex, "REPLICA IDENTITY USING INDEX ", "REPLICA IDENTITY DEFAULT"})
	default:
		word := map[string]string{"nothing": "NOTHING", "full": "FULL"}[p.ReplicaIdentity]
		out = append(out, &mark{t, "replica identity", "", "REPLICA IDENTITY " + word, "REPLICA IDENTITY DEFAULT"})
	}
	if p.ClusterOn != "" {
		out = append(out, &mark{t, "cluster", p.ClusterOn, "CLUSTER ON ", "SET WITHOUT CLUSTER"})
	}
	return out
}

func (o *mark) id() id       { return id{Kind: o.kind, Schema: o.t.Schema, Table: o.t.Name} }
func (o *mark) owners() []id { return []id{tableID(o.t)} }

func (o *mark) needs(bool) []id {
	return []id{
		{Kind: "index", Schema: o.t.Schema, Table: o.t.Name, Name: o.index}, {Kind: "constraint", Schema: o.t.Schema, Table: o.t.Name, Name: o.index},
	}
}

func (o *mark) compare(d *differ, to object) change {
	if to := to.(*mark); to.index != o.index || to.set != o.set {
		return altering(to.create(d))
	}
	return change{}
}

func (o *mark) create(d *differ) []plan.Step {
	sql := d.alterTable(o.t) + o.set
	if o.index != "" {
		sql += d.quote(o.index)
	}
	return steps(o.id(), sql)
}

func (o *mark) drop(d *differ) []plan.Step { return steps(o.id(), d.alterTable(o.t)+o.unset) }
