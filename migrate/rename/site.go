package rename

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

// SitesName is the file beside the migrations that holds where the queries use columns when a migration is written. When the next
// one is asked for, the queries have the new names already; the file tells where they had the old ones.
const SitesName = "covetsql.sites.json"

// Sites are the places where compiled queries name the columns of tables, by SiteKey: "GetUser where 1" is the query, the clause and how
// often. A star names none. The queries need their bound trees (compiler.Options.KeepRel); those of several packages over one schema go together.
func Sites(queries []*facts.Query) map[string][]string {
	count := map[[2]string]map[string]int{} // query and clause, columns
	for _, q := range queries {
		if q.Tree == nil || q.Bound == nil {
			continue
		}
		s := sites{q: q, add: func(t *catalog.Table, column, clause string) {
			at := [2]string{q.Name, clause}
			if count[at] == nil {
				count[at] = map[string]int{}
			}
			count[at][SiteKey(q.Catalog, t.Schema, t.Name, column)]++
		}}
		s.walk(q.Tree, "", nil)
	}
	out := map[string][]string{}
	for at, columns := range count {
		for column, n := range columns {
			out[column] = append(out[column], fmt.Sprintf("%s %s %d", at[0], at[1], n))
		}
	}
	for _, list := range out {
		slices.Sort(list)
	}
	return out
}

type sites struct {
	q   *facts.Query
	add func(t *catalog.Table, column, clause string)
}

// walk goes below a node that stands in a clause of a statement that writes to a table; nil for none.
func (s sites) walk(n ir.Node, clause string, target *catalog.Table) {
	clauses := map[ir.Node]string{}
	put := func(name string, nodes ...ir.Node) {
		for _, n := range nodes {
			if n != nil {
				clauses[n] = name
			}
		}
	}
	written := func(t ir.TableExpr) {
		if ref, ok := t.(*ir.TableRef); ok && ref != nil {
			if r := s.q.Bound.Relation(ref); r != nil {
				target = r.Table
			}
		}
	}
	switch n := n.(type) {
	case *ir.ColumnRef:
		if v := s.q.Bound.Value(n); v != nil && v.Column != 0 {
			s.column(v, clause)
		}
		return
	case *ir.Target:
		if target != nil {
			s.add(target, n.Name.Name, "set")
		}
	case *ir.Select:
		clause = "select"
		put("where", n.Where)
		put("having", n.Having)
		put("limit", n.Limit, n.Offset)
	case *ir.SetOp, *ir.Values:
		clause = "select"
	case *ir.GroupBy:
		clause = "group"
	case *ir.OrderItem:
		clause = "order"
	case *ir.Join:
		put("on", n.On)
		for i := range n.Using {
			s.using(n, n.Using[i].Name)
		}
	case *ir.Insert:
		clause = "insert"
		written(n.Table)
		target = s.fallback(target, n)
	case *ir.Update:
		clause = "update"
		put("where", n.Where)
		if len(n.Tables) == 1 {
			written(n.Tables[0])
		}
	case *ir.Delete:
		clause = "delete"
		put("where", n.Where)
	case *ir.Merge:
		clause = "merge"
		put("on", n.On)
		written(n.Table)
	case *ir.OnConflict:
		clause = "conflict"
		put("where", n.UpdateIf)
	}
	for _, child := range ir.Children(n) {
		in := clause
		if c, ok := clauses[child]; ok {
			in = c
		}
		s.walk(child, in, target)
	}
}

// fallback is the target of an INSERT whose table was bound as the statement's.
func (s sites) fallback(t *catalog.Table, n *ir.Insert) *catalog.Table {
	if t == nil && s.q.InsertInto != nil && n.Table != nil && n.Table.Name.Last() == s.q.InsertInto.Name {
		return s.q.InsertInto
	}
	return t
}

func (s sites) column(v *sem.Value, clause string) {
	if c := s.meta(v.Column); c != nil && c.Table != nil && c.Source != nil {
		s.add(c.Table, c.Source.Name, clause)
	}
}

func (s sites) meta(id rel.ColID) *rel.Column {
	if s.q.Rel == nil {
		return nil
	}
	return s.q.Rel.Props().Meta.Column(id)
}

// using adds the columns that JOIN … USING names, of the tables on both sides.
func (s sites) using(j *ir.Join, name string) {
	for _, side := range []ir.TableExpr{j.L, j.R} {
		if r := s.q.Bound.Relation(side); r != nil && r.Table != nil {
			if c := r.Table.Column(name, s.q.Catalog.Caseless()); c != nil {
				s.add(r.Table, c.Name, "on")
			}
		}
	}
}

// siteFile is the form of the file.
type siteFile struct {
	Version int                 `json:"version"`
	Sites   map[string][]string `json:"sites"`
}

// WriteSites is the text of the file: the same sites give the same text.
func WriteSites(sites map[string][]string) []byte {
	text, err := json.MarshalIndent(siteFile{1, sites}, "", " ")
	if err != nil {
		panic(err) // maps of strings are always written
	}
	return append(text, '\n')
}

// ReadSites reads the text of the file. A file of a later version is an error: nothing is guessed from what isn't understood.
func ReadSites(text []byte) (map[string][]string, error) {
	var f siteFile
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, fmt.Errorf("%s is not what covetsql writes: %w; delete it, the next migration writes it anew", SitesName, err)
	}
	if f.Version != 1 {
		return nil, fmt.Errorf("%s is of version %d, which this covetsql does not know; take a newer one, or delete the file", SitesName, f.Version)
	}
	if f.Sites == nil {
		f.Sites = map[string][]string{}
	}
	return f.Sites, nil
}
