package postgres

import (
	"math/big"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// sequence is a sequence that is no identity's. Whose it is is an object by itself.
type sequence struct {
	q     *catalog.Sequence
	owner id // the column that it is owned by; the zero id where there is none
}

// owningColumns finds the columns that sequences are owned by: a name may have dots.
func owningColumns(s *catalog.Snapshot, f func(q *catalog.Sequence, t *catalog.Table, c *catalog.Column)) {
	for _, sc := range s.Schemas {
		var byName map[string]func() (*catalog.Table, *catalog.Column)
		for _, q := range sc.Sequences {
			if q.OwnedBy == "" {
				f(q, nil, nil)
				continue
			}
			if byName == nil {
				byName = map[string]func() (*catalog.Table, *catalog.Column){}
				for _, t := range sc.Tables {
					for _, c := range t.Columns {
						byName[t.Name+"."+c.Name] = func() (*catalog.Table, *catalog.Column) { return t, c }
					}
				}
			}
			if get := byName[q.OwnedBy]; get != nil {
				t, c := get()
				f(q, t, c)
			} else {
				f(q, nil, nil)
			}
		}
	}
}

// identitySequences are the sequences of identities, by column.
func identitySequences(s *catalog.Snapshot) map[id]*catalog.Sequence {
	out := map[id]*catalog.Sequence{}
	owningColumns(s, func(q *catalog.Sequence, t *catalog.Table, c *catalog.Column) {
		if t != nil && c.Identity != "" {
			out[columnID(t, c.Name)] = q
		}
	})
	return out
}

func listSequences(s *catalog.Snapshot, add func(object)) {
	owningColumns(s, func(q *catalog.Sequence, t *catalog.Table, c *catalog.Column) {
		o := &sequence{q: q}
		if t != nil {
			if c.Identity != "" {
				addComment(add, id{Kind: "sequence", Schema: q.Schema, Name: q.Name}, q.Comment, func(d *differ) string { return "SEQUENCE " + d.name(q.Schema, q.Name) })
				return
			}
			o.owner = columnID(t, c.Name)
		}
		add(o)
		addComment(add, o.id(), q.Comment, func(d *differ) string { return "SEQUENCE " + d.name(q.Schema, q.Name) })
		if t != nil {
			add(&sequenceOwner{q, o.owner})
		}
	})
}

func (o *sequence) id() id { return id{Kind: "sequence", Schema: o.q.Schema, Name: o.q.Name} }

func (o *sequence) owners() []id { return nil }

// goesAlong: the drop of the column that it is owned by drops the sequence.
func (o *sequence) goesAlong() []id { return []id{o.owner} }

func (o *sequence) goesWith(*differ, id) bool { return true }

// survives: a sequence that is wanted is freed before its column goes, so that it goes on counting where it was.
func (o *sequence) survives(d *differ, y id) bool { return y == o.owner }

func (o *sequence) claims() []string { return []string{"relation " + o.q.Schema + "." + o.q.Name} }

// sequenceOptions are the options of a sequence that are not the usual ones.
func sequenceOptions(q *catalog.Sequence) []string {
	var out []string
	for _, w := range [][2]string{{"increment", "INCREMENT BY"}, {"minvalue", "MINVALUE"}, {"maxvalue", "MAXVALUE"}, {"start", "START WITH"}, {"cache", "CACHE"}} {
		if v := q.Options[w[0]]; v != "" {
			out = append(out, w[1]+" "+v)
		}
	}
	if q.Options["cycle"] == "true" {
		out = append(out, "CYCLE")
	}
	return out
}

var integerNames = map[string]string{"int2": "smallint", "int4": "integer", "int8": "bigint"}

func (o *sequence) create(d *differ) []plan.Step {
	sql := "CREATE "
	if o.q.Unlogged {
		sql += "UNLOGGED "
	}
	sql += "SEQUENCE " + d.name(o.q.Schema, o.q.Name)
	if o.q.Type.Name != "int8" {
		sql += " AS " + integerNames[o.q.Type.Name]
	}
	if list := sequenceOptions(o.q); len(list) > 0 {
		sql += " " + strings.Join(list, " ")
	}
	return steps(o.id(), sql)
}

func (o *sequence) drop(d *differ) []plan.Step {
	return steps(o.id(), "DROP SEQUENCE "+d.name(o.q.Schema, o.q.Name))
}

func (o *sequence) compare(d *differ, to object) change {
	n := to.(*sequence)
	if o.q.Definition == n.q.Definition && o.q.Unlogged == n.q.Unlogged {
		return change{}
	}
	return change{alter: func() []plan.Step {
		var out []plan.Step
		if o.q.Definition != n.q.Definition {
			out = d.alterSequence(o.id(), o.q, n.q)
		}
		if o.q.Unlogged != n.q.Unlogged {
			out = append(out, step(o.id(), "ALTER SEQUENCE "+d.name(n.q.Schema, n.q.Name)+" SET "+map[bool]string{true: "UNLOGGED", false: "LOGGED"}[n.q.Unlogged]))
		}
		return out
	}}
}

// alterSequence changes the options of a sequence, which goes on where it was unless that can't be.
func (d *differ) alterSequence(x id, a, b *catalog.Sequence) []plan.Step {
	s := step(x, "ALTER SEQUENCE "+d.name(b.Schema, b.Name)+" "+b.Definition)
	was, is := numbers(a), numbers(b)
	if start := was["start"]; start.Cmp(is["minvalue"]) < 0 || start.Cmp(is["maxvalue"]) > 0 || was["increment"].Sign() != is["increment"].Sign() {
		s.SQL += " RESTART"
		s.Why = "the numbers that it gave are not among those that it is to give"
		s.Losses = []plan.Loss{{Object: plan.Object(x), What: "the number at which the sequence stands"}}
	}
	return []plan.Step{s}
}

// numbers are the options of a sequence with the usual ones where it has none of its own.
func numbers(q *catalog.Sequence) map[string]*big.Int {
	bits := map[string]uint{"int2": 15, "int4": 31}[q.Type.Name]
	if bits == 0 {
		bits = 63
	}
	limit := new(big.Int).Lsh(big.NewInt(1), bits)
	out := map[string]*big.Int{}
	get := func(key string, usual *big.Int) {
		n, ok := new(big.Int).SetString(q.Options[key], 10)
		if !ok {
			n = usual
		}
		out[key] = n
	}
	get("increment", big.NewInt(1))
	if out["increment"].Sign() < 0 {
		get("minvalue", new(big.Int).Neg(limit))
		get("maxvalue", big.NewInt(-1))
		get("start", out["maxvalue"])
	} else {
		get("minvalue", big.NewInt(1))
		get("maxvalue", new(big.Int).Sub(limit, big.NewInt(1)))
		get("start", out["minvalue"])
	}
	return out
}

// sequenceOwner is that a sequence goes with a column.
type sequenceOwner struct {
	q     *catalog.Sequence
	owner id
}

func (o *sequenceOwner) id() id {
	return id{Kind: "sequence owner", Schema: o.q.Schema, Name: o.q.Name}
}

func (o *sequenceOwner) owners() []id {
	return []id{{Kind: "sequence", Schema: o.q.Schema, Name: o.q.Name}}
}

func (o *sequenceOwner) needs(bool) []id { return []id{o.owner} }

func (o *sequenceOwner) sql(d *differ, owner string) []plan.Step {
	return steps(o.id(), "ALTER SEQUENCE "+d.name(o.q.Schema, o.q.Name)+" OWNED BY "+owner)
}

func (o *sequenceOwner) create(d *differ) []plan.Step {
	return o.sql(d, d.name(o.owner.Schema, o.owner.Table)+"."+d.quote(o.owner.Name))
}

func (o *sequenceOwner) drop(d *differ) []plan.Step { return o.sql(d, "NONE") }

func (o *sequenceOwner) compare(d *differ, to object) change {
	// A replacement frees the sequence before its column goes.
	return change{replace: o.owner != to.(*sequenceOwner).owner}
}
