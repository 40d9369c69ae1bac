package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// other is an object that is known by its statements: a policy, a rule, a comment, a right.
type other struct {
	o     *catalog.Object
	parts []id // what it goes with
}

// listCollations lists collations, which are compared before the columns that sort by them.
func listCollations(s *catalog.Snapshot, add func(object)) {
	for _, o := range s.Others {
		if o.Kind == "collation" {
			add(&other{o, nil})
		}
	}
}

func listOthers(s *catalog.Snapshot, add func(object)) {
	with := map[id][]id{}
	for _, dep := range s.Depends {
		if dep.Automatic {
			with[dep.Object] = append(with[dep.Object], dep.On)
		}
	}
	for _, o := range s.Others {
		x := id{Kind: o.Kind, Schema: o.Schema, Table: o.Table, Name: o.Name}
		add(&other{o, with[x]})
	}
}

func (o *other) id() id {
	return id{Kind: o.o.Kind, Schema: o.o.Schema, Table: o.o.Table, Name: o.o.Name}
}

func (o *other) owners() []id { return o.parts }

// needs: the rights on a column are given after those on its table, which take them along when they are revoked.
func (o *other) needs(bool) []id {
	i := strings.LastIndex(o.o.Name, " to ")
	if o.o.Kind != "right on column" || i < 0 {
		return nil
	}
	var out []id
	who := strings.TrimSuffix(o.o.Name[i:], " with grant option")
	for _, kind := range []string{"table", "view", "materialized view"} {
		for _, option := range []string{"", " with grant option"} {
			out = append(out, id{Kind: "right on " + kind, Schema: o.o.Schema, Name: o.o.Table + who + option})
		}
	}
	return out
}

func (o *other) compare(d *differ, to object) change {
	n, ok := to.(*other)
	switch {
	case !ok:
		return change{replace: true}
	case o.o.Definition == n.o.Definition && slices.Equal(o.o.Then, n.o.Then):
		return change{}
	case strings.HasPrefix(o.o.Kind, "right on ") && strings.HasPrefix(o.o.Definition, "GRANT ") && strings.HasPrefix(n.o.Definition, "GRANT "):
		// What is revoked of a table is revoked of its columns too, whose own rights are given again.
		return change{alter: func() []plan.Step { return o.regrant(n) }, disturbs: func(id) bool { return true }}
	case o.o.Kind == "collation":
		t := &catalog.TypeDef{Schema: o.o.Schema, Name: o.o.Name}
		return d.anew(o, n, t, "COLLATION", "a collation can't be changed: it is made anew, and what sorts by it with it")
	case o.o.Change != "" && n.o.Change != "":
		return altering(steps(n.id(), append([]string{n.o.Change}, n.o.Then...)...))
	}
	return change{replace: true}
}

// regrant takes the rights away that are not wanted and gives those that are missing. The rights stand between GRANT and ON, those over a column with
// its name in brackets behind each.
func (o *other) regrant(n *other) []plan.Step {
	old, _ := privileges(o.o.Definition)
	wanted, rest := privileges(n.o.Definition)
	var given, taken []string
	for _, p := range wanted {
		if !slices.Contains(old, p) {
			given = append(given, p)
		}
	}
	for _, p := range old {
		if !slices.Contains(wanted, p) {
			taken = append(taken, p)
		}
	}
	var out []plan.Step
	if len(taken) > 0 {
		_, rest, _ := cutRights(n.o.Drop)
		out = append(out, step(n.id(), "REVOKE "+strings.Join(taken, ", ")+rest))
	}
	if len(given) > 0 {
		out = append(out, step(n.id(), "GRANT "+strings.Join(given, ", ")+rest))
	}
	return out
}

func privileges(grant string) (list []string, rest string) {
	head, rest, _ := cutRights(grant)
	_, head, _ = strings.Cut(head, " ")
	return strings.Split(head, ", "), rest
}

// cutRights cuts a GRANT or REVOKE before its ON. A column's quoted name may hold one too, and stands before it.
func cutRights(sql string) (head, rest string, ok bool) {
	quoted := false
	for i := 0; i+4 <= len(sql); i++ {
		if sql[i] == '"' {
			quoted = !quoted
		}
		if !quoted && sql[i:i+4] == " ON " {
			return sql[:i], sql[i:], true
		}
	}
	return sql, "", false
}

func (o *other) create(*differ) []plan.Step {
	return steps(o.id(), append([]string{o.o.Definition}, o.o.Then...)...)
}

func (o *other) drop(*differ) []plan.Step { return steps(o.id(), o.o.Drop) }
