package truth

import (
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

// emptySet is a query without rows, for IN: nothing is in it and everything is not, NULL too.
var emptySet = map[catalog.Engine]string{
	catalog.MySQL:  "SELECT NULL FROM DUAL WHERE FALSE",
	catalog.SQLite: "SELECT NULL WHERE FALSE",
}

var (
	commaBefore = regexp.MustCompile(`,\s*$`)
	commaAfter  = regexp.MustCompile(`^\s*,`)
)

// emptyLists says by the index of its placeholder how a sqlc.slice of an IN list is written where it
// has no values. sqlc writes NULL, with which x NOT IN (NULL) is NULL: no row instead of all. A list
// that is alone becomes a query without rows; one beside other values is left out with its comma.
func (d Describer) emptyLists(q *facts.Query) map[int]*surface.Empty {
	var out map[int]*surface.Empty
	params := q.Source.Params
	slice := func(x ir.Expr) (int, bool) {
		p, ok := x.(*ir.Param)
		if !ok || p.Ref < 0 || p.Ref >= len(params) || params[p.Ref].Kind != token.Slice {
			return 0, false
		}
		return p.Ref, true
	}
	ir.Walk(q.Tree, func(n ir.Node) bool {
		in, ok := n.(*ir.In)
		if !ok {
			return true
		}
		for _, x := range in.List {
			i, ok := slice(x)
			if !ok {
				continue
			}
			e := &surface.Empty{}
			if len(in.List) == 1 {
				e.Text = emptySet[d.Catalog.Engine]
			} else {
				before, after := d.beside(q, i)
				if e.Before = commaBefore.FindString(before); e.Before == "" {
					e.After = commaAfter.FindString(after)
				}
			}
			if out == nil {
				out = map[int]*surface.Empty{}
			}
			out[i] = e
		}
		return true
	})
	return out
}

// beside is the text before and behind the mark of the list that is placeholder i.
func (d Describer) beside(q *facts.Query, i int) (before, after string) {
	at, end := 0, 0
	for _, p := range q.Source.Params[:i+1] {
		if p.Kind != token.Slice {
			continue
		}
		mark := q.Source.Sent(p)
		n := strings.Index(q.SQL[end:], mark)
		if n < 0 {
			return "", ""
		}
		at = end + n
		end = at + len(mark)
	}
	return q.SQL[:at], q.SQL[end:]
}

// amongArrays are the numbers of parameters that ANY or ALL compares with. Drivers send a nil slice as
// NULL, with which x <> ALL (NULL) is NULL: no row instead of all.
func amongArrays(q *facts.Query) map[int]bool {
	var out map[int]bool
	ir.Walk(q.Tree, func(n ir.Node) bool {
		in, ok := n.(*ir.Quantified)
		if !ok {
			return true
		}
		if n, ok := numberOf(q, in.Array); ok {
			if out == nil {
				out = map[int]bool{}
			}
			out[n] = true
		}
		return true
	})
	return out
}
