package truth

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/types"
)

var jsonKinds = map[sem.JSONKind]surface.JSONKind{
	sem.JSONOpen: surface.JSONAny, sem.JSONValue: surface.JSONValue, sem.JSONObject: surface.JSONObject,
	sem.JSONList: surface.JSONList, sem.JSONMap: surface.JSONMap,
}

// json describes JSON that a query builds; name is the Go name that it gives it.
func (d Describer) json(j *sem.JSON, name string) *surface.JSON {
	out := &surface.JSON{Kind: jsonKinds[j.Kind], Name: name}
	out.Value = surface.Column{Name: j.Key, NotNull: j.Null.IsNever(), Length: -1}
	if j.Kind == sem.JSONValue {
		out.Value = d.jsonValue(j)
	}
	for _, p := range j.Parts {
		out.Parts = append(out.Parts, d.json(p, ""))
	}
	return out
}

func (d Describer) jsonValue(j *sem.JSON) surface.Column {
	c := d.column(j.Key, j.Type, j.Null.IsNever())
	if j.Source == nil && d.Catalog.Engine != catalog.PostgreSQL && predicate(j.Expr) {
		c.Type, c.Length, c.Unsigned = "tinyint", 1, false
		if d.Catalog.Engine == catalog.SQLite {
			c.Type = "boolean"
		}
	}
	d.source(&c, j.Source)
	if j.Type.Kind == types.Enum && d.Catalog.Engine == catalog.MySQL && j.Source == nil {
		c.Type = "text"
	}
	c.Table = d.relation(j.Table)
	c.ElemNull = !j.ElemNever
	return c
}
