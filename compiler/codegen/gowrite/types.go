package gowrite

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/config"
)

// QueryTypes are the Go types of one query: of its columns, those of an embedded table one by
// one, and of its parameters by number.
type QueryTypes struct {
	Columns []string
	Params  map[int]string
}

// Types gives the Go types of every query by name, without writing anything.
func Types(pkg *surface.Package, engine catalog.Engine, o config.Go, strict bool) map[string]QueryTypes {
	g := newGenerator(pkg, string(engine), &o, strict, false)
	g.model()
	out := make(map[string]QueryTypes, len(pkg.Queries))
	for _, q := range pkg.Queries {
		t := QueryTypes{Params: map[int]string{}}
		for i := range q.Columns {
			c := &q.Columns[i]
			if c.Embed == nil {
				t.Columns = append(t.Columns, g.goType(c).Text)
				continue
			}
			if m := g.modelByTable[g.relation(c.Embed)]; m != nil {
				for _, f := range inOrder(m.fields, c.EmbedColumns) {
					t.Columns = append(t.Columns, f.typ.Text)
				}
			}
		}
		for i := range q.Params {
			p := &q.Params[i]
			text := g.goType(&p.Column).Text
			if old, ok := t.Params[p.Number]; !ok || old == "interface{}" {
				t.Params[p.Number] = text
			}
		}
		out[q.Name] = t
	}
	return out
}
