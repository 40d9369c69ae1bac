package config

import (
	"go/token"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/covetsql/covetsql/compiler/diag"
)

// check reports what no single key shows.
func (d *decoder) check(c *Config, root *yaml.Node) {
	if len(c.Packages) == 0 && !d.diags.HasErrors() {
		d.errorAt(d.firstKey(root), "the configuration has no packages: nothing would be generated")
	}
	plugins := map[string]bool{}
	var pluginNames []string
	for _, p := range c.Plugins {
		if p.Name != "" && plugins[p.Name] {
			d.errorAt(p.Span, "two plugins are called %q", p.Name)
		}
		if p.Name == "go" || p.Name == "json" {
			d.errorAt(p.Span, "a plugin can not be called %q: that is a generator of gen", p.Name)
		}
		d.checkModule(p, c.Strict)
		plugins[p.Name] = true
		pluginNames = append(pluginNames, p.Name)
	}
	for _, p := range c.Packages {
		if p.Database != nil && !p.Database.Managed && p.Database.URI == "" {
			d.errorAt(p.Database.Span, "a database needs a uri, or managed: true")
		}
		for _, g := range p.Codegen {
			if g.Plugin == "" || plugins[g.Plugin] {
				continue
			}
			dg := diag.New(diag.ConfigInvalid, g.Span, "no plugin is called %q", g.Plugin)
			if near := diag.Nearest(g.Plugin, pluginNames, 1); len(near) > 0 {
				dg = dg.WithHelp("did you mean %q?", near[0])
			}
			d.diags.Add(dg)
		}
		if p.Go != nil {
			d.checkGo(p.Go)
		}
	}
}

// checkModule wants the checksum of a module that comes over the network. sqlc does without it,
// with a warning, where the connection at least is a safe one.
func (d *decoder) checkModule(p Plugin, strict bool) {
	plain, safe := strings.HasPrefix(p.WASMURL, "http://"), strings.HasPrefix(p.WASMURL, "https://")
	if p.SHA256 != "" || !plain && !safe {
		return
	}
	dg := diag.New(diag.ConfigInvalid, p.Span, "the module of the plugin %q is fetched from the network and has no sha256: whoever holds the server decides what runs", p.Name).
		WithHelp("add wasm.sha256, the module's checksum as sha256sum prints it")
	if safe && !strict {
		dg.Severity = diag.Warning
	}
	d.diags.Add(dg)
}

func (d *decoder) checkGo(g *Go) {
	if g.Out != "" && !token.IsIdentifier(g.Package) {
		// Package names that are no identifiers: out is "." or ends with a dash or digit.
		d.diags.Add(diag.New(diag.ConfigInvalid, g.Span, "%q can not be the name of a Go package", g.Package).
			WithHelp("set package; without it the last part of out is taken"))
	}
	if g.EmitPreparedQueries && g.EmitMethodsWithDBArgument {
		d.diags.Add(diag.New(diag.OptionConflict, g.Span, "emit_methods_with_db_argument and emit_prepared_queries exclude each other"))
	}
	switch g.JSONTagsCaseStyle {
	case "", "none", "camel", "pascal", "snake":
	default:
		dg := diag.New(diag.ConfigInvalid, g.Span, "json_tags_case_style %q is not one of camel, pascal, snake, none; the tags stay as the columns are written", g.JSONTagsCaseStyle)
		dg.Severity = diag.Warning
		d.diags.Add(dg)
	}
}
