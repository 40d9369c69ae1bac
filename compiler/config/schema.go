package config

import (
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
)

// global are settings that every package gets.
type global struct {
	overrides []Override
	rename    map[string]string
	functions []string
}

func (d *decoder) fileV2(c *Config, root *yaml.Node) {
	var g global
	options := map[string][]byte{}
	given := d.mapping(root, "the configuration", fields{
		"version": func(*yaml.Node) {},
		"sql": d.each("sql", func(n *yaml.Node) {
			c.Packages = append(c.Packages, d.blockV2(n))
		}),
		"overrides": func(n *yaml.Node) {
			d.mapping(n, "overrides", fields{"go": func(n *yaml.Node) {
				d.mapping(n, "overrides.go", fields{
					"overrides": d.overrides(&g.overrides),
					"rename":    d.names("rename", &g.rename),
				})
			}})
		},
		"plugins": d.each("plugins", func(n *yaml.Node) { c.Plugins = append(c.Plugins, d.plugin(n)) }),
		"servers": d.each("servers", func(n *yaml.Node) { c.Servers = append(c.Servers, d.server(n)) }),
		"options": func(n *yaml.Node) {
			n = follow(n)
			if n.Kind != yaml.MappingNode {
				d.errorAt(d.span(n), "options must be a mapping of plugins to their options, not %s", describe(n))
				return
			}
			for _, e := range d.entries(n) {
				var b []byte
				d.raw(&b)(e.value)
				options[e.name] = b
			}
		},
	}.with(d.common(c, &g)))
	if given["sql"] == nil {
		d.diags.Add(diag.New(diag.ConfigInvalid, d.firstKey(root), "the configuration has no sql blocks").
			WithHelp("add `sql:` with a list of engine, schema, queries and gen.go"))
	}
	for i := range c.Plugins {
		c.Plugins[i].Options = options[c.Plugins[i].Name]
	}
	g.apply(c)
}

func (d *decoder) fileV1(c *Config, root *yaml.Node) {
	var g global
	given := d.mapping(root, "the configuration", fields{
		"version": func(*yaml.Node) {},
		"packages": d.each("packages", func(n *yaml.Node) {
			c.Packages = append(c.Packages, d.blockV1(n))
		}),
		"overrides": d.overrides(&g.overrides),
		"rename":    d.names("rename", &g.rename),
	}.with(d.common(c, &g)))
	if given["packages"] == nil {
		dg := diag.New(diag.ConfigInvalid, d.firstKey(root), "the configuration has no packages").
			WithHelp("add `packages:` with a list of path, engine, schema and queries")
		d.diags.Add(dg)
	}
	g.apply(c)
}

// common are the top-level keys of both versions.
func (d *decoder) common(c *Config, g *global) fields {
	ignored := func(*yaml.Node) {}
	fs := fields{
		"strict": d.boolean(&c.Strict),
		"rules":  d.each("rules", func(n *yaml.Node) { c.Rules = append(c.Rules, d.rule(n)) }),
		"vet":    d.vet(&c.Vet),
		// The hosted service has no part in compiling.
		"cloud": func(n *yaml.Node) {
			d.mapping(n, "cloud", fields{"organization": ignored, "project": ignored, "hostname": ignored, "auth_token": ignored})
		},
	}
	if d.own {
		fs["functions"] = d.strs("functions", &g.functions)
	}
	return fs
}

func (g *global) apply(c *Config) {
	for i := range c.Packages {
		p := &c.Packages[i]
		p.Functions = append(append([]string(nil), g.functions...), p.Functions...)
		if p.Go == nil {
			continue
		}
		p.Go.Overrides = append(append([]Override(nil), g.overrides...), p.Go.Overrides...)
		if len(g.rename) > 0 && p.Go.Rename == nil {
			p.Go.Rename = map[string]string{}
		}
		for k, v := range g.rename {
			p.Go.Rename[k] = v
		}
	}
}

// block are the keys that describe a package's SQL, in both versions.
func (d *decoder) block(p *Package) fields {
	fs := fields{
		"engine":                 d.engine(&p.Engine),
		"schema":                 d.paths("schema", &p.Schema),
		"queries":                d.paths("queries", &p.Queries),
		"strict":                 d.optional(&p.Strict),
		"strict_function_checks": d.optional(&p.StrictFunctionChecks),
		"strict_order_by":        d.optional(&p.StrictOrderBy),
		"rules": d.each("rules", func(n *yaml.Node) {
			u := RuleUse{Span: d.span(n)}
			d.str(&u.Name)(n)
			p.Rules = append(p.Rules, u)
		}),
		"vet":        d.blockVet(&p.Severity),
		"migrations": d.migrations(&p.Migrations),
		"database": func(n *yaml.Node) {
			p.Database = &Database{Span: d.span(n)}
			d.mapping(n, "database", fields{"uri": d.str(&p.Database.URI), "managed": d.boolean(&p.Database.Managed)})
		},
		"analyzer": func(n *yaml.Node) {
			d.mapping(n, "analyzer", fields{"database": func(n *yaml.Node) {
				// sqlc 1.31 also takes "only", which asks the database for what true asks too.
				if v := follow(n); v.Kind == yaml.ScalarNode && v.ShortTag() == "!!str" && v.Value == "only" {
					yes := true
					p.AnalyzerDatabase = &yes
					return
				}
				d.optional(&p.AnalyzerDatabase)(n)
			}})
		},
	}
	if d.own {
		fs["functions"] = d.strs("functions", &p.Functions)
	}
	return fs
}

func (d *decoder) blockV2(n *yaml.Node) Package {
	p := Package{Span: d.span(n)}
	given := d.mapping(n, "an sql block", fields{
		"name": d.str(&p.Name),
		"gen": func(n *yaml.Node) {
			d.mapping(n, "gen", fields{
				"go": func(n *yaml.Node) { p.Go = d.golang(n) },
				"json": func(n *yaml.Node) {
					p.JSON = &JSONGen{}
					keys := d.mapping(n, "gen.json", fields{
						"out": d.str(&p.JSON.Out), "filename": d.str(&p.JSON.Filename), "indent": d.str(&p.JSON.Indent),
					})
					d.required(n, keys, "gen.json", "out")
				},
			})
		},
		"codegen": d.each("codegen", func(n *yaml.Node) {
			g := Codegen{Span: d.span(n)}
			keys := d.mapping(n, "codegen", fields{
				"plugin": d.str(&g.Plugin), "out": d.str(&g.Out), "options": d.raw(&g.Options),
			})
			d.required(n, keys, "codegen", "plugin", "out")
			p.Codegen = append(p.Codegen, g)
		}),
	}.with(d.block(&p)))
	d.required(n, given, "the sql block", "engine", "queries")
	return p
}

func (d *decoder) blockV1(n *yaml.Node) Package {
	p := Package{Span: d.span(n), Engine: catalog.PostgreSQL}
	g := &Go{Span: d.span(n)}
	p.Go = g
	given := d.mapping(n, "a package", fields{
		"name": d.str(&g.Package),
		"path": d.str(&g.Out),
	}.with(d.block(&p), d.goOptions(g)))
	d.required(n, given, "the package", "path", "queries")
	d.folder(given["path"], g.Out)
	p.Name = g.Package
	d.finish(g)
	return p
}

func (d *decoder) golang(n *yaml.Node) *Go {
	g := &Go{Span: d.span(n)}
	given := d.mapping(n, "gen.go", fields{
		"package": d.str(&g.Package),
		"out":     d.str(&g.Out),
	}.with(d.goOptions(g)))
	d.required(n, given, "gen.go", "out")
	d.folder(given["out"], g.Out)
	d.finish(g)
	return g
}

// folder reports a folder for generated files that is given without a name: the configuration's own is ".".
func (d *decoder) folder(key *yaml.Node, name string) {
	if key != nil && name == "" {
		d.diags.Add(diag.New(diag.ConfigInvalid, d.span(key), "%s is empty", key.Value).WithHelp(`"." is the configuration's own folder`))
	}
}

// finish gives a package without a name that of its folder.
func (d *decoder) finish(g *Go) {
	if g.Package == "" && g.Out != "" {
		g.Package = filepath.Base(filepath.FromSlash(g.Out))
	}
}

// goOptions are the options of the Go generator that both versions share.
func (d *decoder) goOptions(g *Go) fields {
	g.WrapErrors = d.strict // an error that does not say which query failed helps nobody; sqlc's default is kept for its files
	fs := fields{
		"sql_package":                       d.oneOf(&g.SQLPackage, "database/sql", "pgx/v4", "pgx/v5"),
		"sql_driver":                        d.oneOf(&g.SQLDriver, "github.com/lib/pq", "github.com/jackc/pgx/v4", "github.com/jackc/pgx/v5", "github.com/go-sql-driver/mysql"),
		"build_tags":                        d.str(&g.BuildTags),
		"emit_interface":                    d.boolean(&g.EmitInterface),
		"emit_json_tags":                    d.boolean(&g.EmitJSONTags),
		"emit_db_tags":                      d.boolean(&g.EmitDBTags),
		"emit_prepared_queries":             d.boolean(&g.EmitPreparedQueries),
		"emit_exact_table_names":            d.boolean(&g.EmitExactTableNames),
		"emit_empty_slices":                 d.boolean(&g.EmitEmptySlices),
		"emit_exported_queries":             d.boolean(&g.EmitExportedQueries),
		"emit_result_struct_pointers":       d.boolean(&g.EmitResultStructPointers),
		"emit_params_struct_pointers":       d.boolean(&g.EmitParamsStructPointers),
		"emit_methods_with_db_argument":     d.boolean(&g.EmitMethodsWithDBArgument),
		"emit_pointers_for_null_types":      d.boolean(&g.EmitPointersForNullTypes),
		"emit_pointers_for_null_enum_types": d.optional(&g.EmitPointersForNullEnums),
		"emit_enum_valid_method":            d.boolean(&g.EmitEnumValidMethod),
		"emit_all_enum_values":              d.boolean(&g.EmitAllEnumValues),
		"emit_sql_as_comment":               d.boolean(&g.EmitSQLAsComment),
		"wrap_errors":                       d.boolean(&g.WrapErrors),
		"omit_sqlc_version":                 d.boolean(&g.OmitSQLCVersion),
		"omit_unused_structs":               d.boolean(&g.OmitUnusedStructs),
		"json_tags_case_style":              d.str(&g.JSONTagsCaseStyle),
		"json_tags_id_uppercase":            d.boolean(&g.JSONTagsIDUppercase),
		"rename":                            d.names("rename", &g.Rename),
		"initialisms":                       d.strs("initialisms", &g.Initialisms),
		"inflection_exclude_table_names":    d.strs("inflection_exclude_table_names", &g.InflectionExcludeTableNames),
		"query_parameter_limit": func(n *yaml.Node) {
			d.number(&g.QueryParameterLimit)(n)
			if l := g.QueryParameterLimit; l != nil && *l < 0 {
				d.errorAt(d.span(n), "query_parameter_limit must not be negative")
				g.QueryParameterLimit = nil
			}
		},
		"output_db_file_name":       d.fileName(&g.OutputDBFileName),
		"output_models_file_name":   d.fileName(&g.OutputModelsFileName),
		"output_querier_file_name":  d.fileName(&g.OutputQuerierFileName),
		"output_copyfrom_file_name": d.fileName(&g.OutputCopyFromFileName),
		"output_batch_file_name":    d.fileName(&g.OutputBatchFileName),
		"output_files_suffix":       d.str(&g.OutputFilesSuffix),
		"overrides":                 d.overrides(&g.Overrides),
	}
	if d.own {
		fs["runtime"] = d.boolean(&g.Runtime)
		fs["emit_domain_types"] = d.boolean(&g.EmitDomainTypes)
		fs["nullable_array_elements"] = d.boolean(&g.NullableArrayElements)
	}
	return fs
}

// fileName reads the name of a generated file, which must stay inside the package's folder.
func (d *decoder) fileName(to *string) setter {
	return func(n *yaml.Node) {
		d.str(to)(n)
		if strings.ContainsAny(*to, `/\`) || *to == ".." {
			d.errorAt(d.span(n), "a generated file's name must not name a folder: %q", *to)
		}
	}
}

func (d *decoder) oneOf(to *string, allowed ...string) setter {
	return func(n *yaml.Node) {
		var s string
		if v, ok := d.scalar(n, "a text"); ok {
			s = v.Value
		} else {
			return
		}
		for _, a := range allowed {
			if s == a || s == "" {
				*to = s
				return
			}
		}
		dg := diag.New(diag.ConfigInvalid, d.span(n), "%q is not one of %s", s, strings.Join(allowed, ", "))
		if near := diag.Nearest(s, allowed, 1); len(near) > 0 {
			dg = dg.WithHelp("did you mean %q?", near[0])
		}
		d.diags.Add(dg)
	}
}

var engines = []string{string(catalog.PostgreSQL), string(catalog.MySQL), string(catalog.SQLite)}

func (d *decoder) engine(to *catalog.Engine) setter {
	return func(n *yaml.Node) {
		var s string
		d.oneOf(&s, engines...)(n)
		if s != "" {
			*to = catalog.Engine(s)
		}
	}
}

// required reports keys of a mapping that were not given.
func (d *decoder) required(n *yaml.Node, given map[string]*yaml.Node, what string, keys ...string) {
	if follow(n).Kind != yaml.MappingNode {
		return
	}
	for _, k := range keys {
		if given[k] == nil {
			d.errorAt(d.span(n), "%s has no %s", what, k)
		}
	}
}

func (d *decoder) plugin(n *yaml.Node) Plugin {
	p := Plugin{Span: d.span(n)}
	given := d.mapping(n, "a plugin", fields{
		"name": d.str(&p.Name),
		"env":  d.strs("env", &p.Env),
		"process": func(n *yaml.Node) {
			keys := d.mapping(n, "process", fields{"cmd": d.str(&p.Cmd), "format": d.oneOf(&p.Format, "protobuf", "json")})
			d.required(n, keys, "process", "cmd")
		},
		"wasm": func(n *yaml.Node) {
			keys := d.mapping(n, "wasm", fields{"url": d.str(&p.WASMURL), "sha256": d.str(&p.SHA256)})
			d.required(n, keys, "wasm", "url")
		},
	})
	d.required(n, given, "the plugin", "name")
	if (given["process"] == nil) == (given["wasm"] == nil) {
		d.errorAt(p.Span, "a plugin has either process or wasm")
	}
	return p
}

func (d *decoder) server(n *yaml.Node) Server {
	s := Server{Span: d.span(n)}
	d.mapping(n, "a server", fields{"name": d.str(&s.Name), "engine": d.str((*string)(&s.Engine)), "uri": d.str(&s.URI)})
	return s
}
