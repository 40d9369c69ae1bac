// Package request tells a code generator outside of covetsql what a surface is, in the messages of
// sqlc's plugins. It knows the protocol's habits (which names are left empty, in which order
// schemas stand) and nothing of how a generator is run.
package request

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/plugin/protocol"
)

// Of is the request for a package, without the settings and options of a generator.
func Of(s *surface.Package, p *config.Package, version string) *protocol.GenerateRequest {
	r := &protocol.GenerateRequest{
		Settings: &protocol.Settings{
			Version: version, Engine: string(p.Engine), Schema: p.Schema, Queries: p.Queries,
			Codegen: &protocol.Codegen{},
		},
		Catalog:     describe(s, p.Engine),
		SqlcVersion: protocol.Version,
	}
	for _, q := range s.Queries {
		r.Queries = append(r.Queries, query(q, defaultSchema(s)))
	}
	return r
}

// For is the request with what one generator is told beside it. It shares all else with r.
func For(r *protocol.GenerateRequest, use config.Codegen, by config.Plugin) *protocol.GenerateRequest {
	told := &protocol.Codegen{Out: use.Out, Plugin: use.Plugin, Options: use.Options, Env: by.Env}
	if by.Cmd != "" {
		told.Process = &protocol.Codegen_Process{Cmd: by.Cmd}
	} else {
		told.Wasm = &protocol.Codegen_WASM{Url: by.WASMURL, Sha256: by.SHA256}
	}
	return &protocol.GenerateRequest{
		Settings: &protocol.Settings{
			Version: r.Settings.Version, Engine: r.Settings.Engine, Schema: r.Settings.Schema, Queries: r.Settings.Queries,
			Codegen: told,
		},
		Catalog: r.Catalog, Queries: r.Queries, SqlcVersion: r.SqlcVersion,
		PluginOptions: use.Options, GlobalOptions: by.Options,
	}
}

// ForJSON is the request that gen.json writes.
func ForJSON(r *protocol.GenerateRequest, g *config.JSONGen) (*protocol.GenerateRequest, error) {
	options, err := json.Marshal(struct {
		Out      string `json:"out"`
		Indent   string `json:"indent,omitempty"`
		Filename string `json:"filename,omitempty"`
	}{g.Out, g.Indent, g.Filename})
	if err != nil {
		return nil, err
	}
	return &protocol.GenerateRequest{
		Settings: r.Settings, Catalog: r.Catalog, Queries: r.Queries, SqlcVersion: r.SqlcVersion, PluginOptions: options,
	}, nil
}

// system are the schemas that a server has of itself, as far as generators are told of them. They
// stand behind the default one; where there are none, schemas without tables and types are not
// told either.
var system = map[catalog.Engine][]string{
	catalog.PostgreSQL: {"pg_temp", "pg_catalog", "information_schema"},
}

// defaultSchema is the default schema's name. MySQL's has none; the protocol calls it public.
func defaultSchema(s *surface.Package) string {
	if s.DefaultSchema == "" {
		return "public"
	}
	return s.DefaultSchema
}

func describe(s *surface.Package, engine catalog.Engine) *protocol.Catalog {
	out := &protocol.Catalog{DefaultSchema: defaultSchema(s)}
	schemas := map[string]*protocol.Schema{}
	schema := func(name string) *protocol.Schema {
		if name == "" {
			name = out.DefaultSchema
		}
		sc := schemas[name]
		if sc == nil {
			sc = &protocol.Schema{Name: name}
			schemas[name] = sc
			out.Schemas = append(out.Schemas, sc)
		}
		return sc
	}
	schema(out.DefaultSchema)
	for _, name := range system[engine] {
		schema(name)
	}
	if s.System != nil {
		addTables(s.System(), schema)
	}
	for _, sc := range s.Schemas {
		if system[engine] != nil || sc.Comment != "" {
			schema(sc.Name).Comment = sc.Comment
		}
	}
	addTables(s.Tables, schema)
	for _, e := range s.Enums {
		sc := schema(e.Schema)
		sc.Enums = append(sc.Enums, &protocol.Enum{Name: e.Name, Vals: e.Values, Comment: e.Comment})
	}
	for _, c := range s.Composites {
		if c.Row {
			continue
		}
		sc := schema(c.Schema)
		sc.CompositeTypes = append(sc.CompositeTypes, &protocol.CompositeType{Name: c.Name, Comment: c.Comment})
	}
	return out
}

func addTables(list []*surface.Table, schema func(name string) *protocol.Schema) {
	for _, t := range list {
		sc := schema(t.Schema)
		rel := identifier(t.Written)
		own := slices.Contains(system[catalog.PostgreSQL], t.Schema)
		if own {
			rel.Catalog = "pg_catalog"
		}
		pt := &protocol.Table{Rel: rel, Comment: t.Comment}
		for i := range t.Columns {
			c := column(&t.Columns[i])
			c.Table = rel
			c.OriginalName = ""
			c.Comment = t.Columns[i].Comment
			c.IsArray = c.IsArray || own && (strings.HasPrefix(c.Type.Name, "_") || strings.HasSuffix(c.Type.Name, "vector"))
			pt.Columns = append(pt.Columns, c)
		}
		sc.Tables = append(sc.Tables, pt)
	}
}

func query(q *surface.Query, defaultSchema string) *protocol.Query {
	out := &protocol.Query{
		Text: q.SQL, Name: q.Name, Cmd: command(q.Command), Comments: q.Comments, Filename: q.File,
		InsertIntoTable: identifier(q.InsertInto),
	}
	for i := range q.Columns {
		out.Columns = append(out.Columns, column(&q.Columns[i]))
	}
	for i := range q.Params {
		p := &q.Params[i]
		pp := &protocol.Parameter{Number: int32(p.Number), Column: column(&p.Column)}
		if p.Foreign > 0 {
			pp.Number = int32(p.Foreign)
		}
		if p.Written && p.Table != nil && p.Table.Schema == "" {
			pp.Column.Table.Schema = defaultSchema
		}
		out.Params = append(out.Params, pp)
	}
	return out
}

// known are the commands that the protocol has not, as what they are to those who know only it.
var known = map[string]string{"maybe": "one", "iter": "many"}

func command(name string) string {
	if k := known[name]; k != "" {
		name = k
	}
	return ":" + name
}

func column(c *surface.Column) *protocol.Column {
	return &protocol.Column{
		Name: c.Name, OriginalName: c.Original, Type: typeName(c),
		NotNull: c.NotNull, Unsigned: c.Unsigned, IsArray: c.Dims > 0, ArrayDims: int32(c.Dims), Length: int32(c.Length),
		IsNamedParam: c.Given, IsSqlcSlice: c.Slice, IsFuncCall: c.Call,
		Table: identifier(c.Table), EmbedTable: identifier(c.Embed),
	}
}

func typeName(c *surface.Column) *protocol.Identifier {
	parts := []string{c.Type}
	if c.Typed {
		parts = strings.SplitN(c.Type, ".", 3)
	}
	slices.Reverse(parts)
	id := &protocol.Identifier{Name: parts[0]}
	if len(parts) > 1 {
		id.Schema = parts[1]
	}
	if len(parts) > 2 {
		id.Catalog = parts[2]
	}
	return id
}

func identifier(r *surface.Relation) *protocol.Identifier {
	if r == nil {
		return nil
	}
	return &protocol.Identifier{Schema: r.Schema, Name: r.Name}
}
