package truth

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/types"
)

// Arguments make one argument for each parameter of a query: try 0 takes them from the
// stored rows, later ones mix them with hostile values, NULL where the query takes it, and
// lists that are empty, have duplicates and what is not there. Lists of one parallel unnest
// must be equally long, so all lists of a try are.
func (d *Data) Arguments(q *facts.Query, try int, r *rand.Rand) []Arg {
	out := make([]Arg, len(q.Params))
	length := try % 3
	if try == 0 {
		length = 2
	}
	from := r.IntN(8) // one row for all columns of a table, so that conditions meet
	for i, p := range q.Params {
		t := p.Type
		asList := p.Slice && d.in.Engine != catalog.PostgreSQL
		if asList || d.in.Engine == catalog.PostgreSQL && (t.IsArray() || p.Slice) {
			a := Arg{Slice: true}
			for j := range length {
				v := d.value(p.Table, p.Source, t.Elem(), from+j, try, r)
				a.List = append(a.List, &v)
			}
			if p.Nullable && try > 2 && r.IntN(4) == 0 {
				a = Arg{}
			}
			out[i] = a
			continue
		}
		if p.Nullable && (try == 1 || try > 0 && r.IntN(3) == 0) {
			continue
		}
		v := d.value(p.Table, p.Source, t, from, try, r)
		if p.Name == "limit" || p.Name == "offset" {
			v = []string{"10", "1", "0", "3"}[min(try, 3)]
			if p.Name == "offset" {
				v = []string{"0", "0", "1", "1"}[min(try, 3)]
			}
		}
		out[i].Value = &v
	}
	return out
}

func (d *Data) value(t *catalog.Table, c *catalog.Column, typ types.Type, row, try int, r *rand.Rand) string {
	if t == nil && c != nil {
		t = c.Table
	}
	if t != nil && c != nil && c.Type.Dims == typ.Dims && len(d.rows[t]) > 0 && (try == 0 || r.IntN(2) == 0) {
		for k := range len(d.rows[t]) {
			if v := d.rows[t][(row+k)%len(d.rows[t])][c.Name]; v != nil {
				return *v
			}
		}
	}
	if t != nil && c != nil && c.Type.Dims == typ.Dims && try > 0 && r.IntN(3) == 0 {
		if pool := d.pool(t, c); len(pool) > 0 {
			return pool[r.IntN(len(pool))]
		}
	}
	pool := d.Values(typ)
	if try > 1 && r.IntN(4) == 0 {
		if v := fresh(typ, r); v != "" {
			return v
		}
	}
	if try == 0 {
		return pool[0]
	}
	return pool[r.IntN(len(pool))]
}

// fresh is a value that is stored nowhere yet, so that inserts succeed.
func fresh(t types.Type, r *rand.Rand) string {
	switch {
	case t.Dims > 0:
		return ""
	case t.Name == "uuid":
		return fmt.Sprintf("%08x-0000-4000-8000-%012x", r.Uint32(), r.Uint32())
	case isNumber(t):
		return strconv.Itoa(4 + r.IntN(100))
	case isText(t):
		return "t" + strconv.Itoa(r.IntN(1000))
	}
	return ""
}
