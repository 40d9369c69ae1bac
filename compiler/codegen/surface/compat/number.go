package compat

import (
	"github.com/covetsql/covetsql/compiler/catalog"
)

// foreign gives sqlc's numbers of the parameters by occurrence, 0 where they are the statement's.
// Plain ones are numbered first, in order of the text, then the named in the order in which
// the tree is walked: on MySQL each for itself, on SQLite by name. In a list all have the number of
// its first. Our own generator does not need them.
func (w *search) foreign() []int {
	out := make([]int, len(w.stmt.Params))
	if w.q.engine == catalog.PostgreSQL || !w.q.foreign {
		return out
	}
	plain := 0
	for ref, p := range w.stmt.Params {
		if p.Name == "" && w.places[ref].kind != lost {
			plain++
			out[ref] = plain
		}
	}
	if w.q.engine == catalog.SQLite && (plain == 0 || w.stmt.Numbered()) {
		clear(out)
	} else {
		w.numberNamed(out, plain)
	}
	for ref := range out {
		at := w.places[ref]
		if at.kind != atIn || at.first == nil || at.first.Ref == ref || at.first.Ref < 0 || at.first.Ref >= len(out) {
			continue
		}
		if out[at.first.Ref] > 0 {
			out[ref] = out[at.first.Ref]
		} else {
			out[ref] = w.number(at.first.Ref)
		}
	}
	return out
}

func (w *search) numberNamed(out []int, last int) {
	again := &search{q: w.q, stmt: w.stmt, places: make([]place, len(out)), seen: make([]bool, len(out)), asItStands: true}
	again.statement(w.tree, context{})
	byName := map[string]int{}
	number := func(ref int) {
		name := w.stmt.Params[ref].Name
		switch n := byName[name]; {
		case out[ref] > 0:
		case n > 0 && w.q.engine != catalog.MySQL:
			out[ref] = n
		default:
			last++
			out[ref], byName[name] = last, last
		}
	}
	for _, ref := range again.order {
		if w.places[ref].kind != lost {
			number(ref)
		}
	}
	for ref := range out {
		number(ref)
	}
}
