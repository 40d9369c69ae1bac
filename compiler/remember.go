package compiler

import (
	"fmt"
	"path/filepath"

	"github.com/covetsql/covetsql/compiler/cache"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
)

// Between runs two things are kept: a schema, by its files' content, and what a caller makes of a query
// file, by the schema, the package's options and the file's content. What has an error is never kept,
// so that each run finds it again.

// Named is a query's name and where it is given.
type Named struct {
	Name string
	Span source.Span
}

// trees writes snapshots: an interface in one holds an expression or a query.
var trees = cache.NewCodec(
	(*ir.ColumnRef)(nil), (*ir.Star)(nil), (*ir.Literal)(nil), (*ir.Param)(nil), (*ir.Unary)(nil), (*ir.Binary)(nil),
	(*ir.Logical)(nil), (*ir.Not)(nil), (*ir.IsTest)(nil), (*ir.Between)(nil), (*ir.In)(nil), (*ir.Like)(nil),
	(*ir.Quantified)(nil), (*ir.Exists)(nil), (*ir.Subquery)(nil), (*ir.Case)(nil), (*ir.Cast)(nil), (*ir.FuncCall)(nil),
	(*ir.Row)(nil), (*ir.Array)(nil), (*ir.Index)(nil), (*ir.Field)(nil), (*ir.Collate)(nil), (*ir.Interval)(nil),
	(*ir.Variable)(nil), (*ir.Default)(nil), (*ir.Opaque)(nil),
	(*ir.Select)(nil), (*ir.SetOp)(nil), (*ir.Values)(nil),
	(*ir.TableRef)(nil), (*ir.Derived)(nil), (*ir.TableFunc)(nil), (*ir.Join)(nil),
	(*ir.Insert)(nil), (*ir.Update)(nil), (*ir.Delete)(nil), (*ir.Merge)(nil),
)

// keptSchema is a schema as it is kept.
type keptSchema struct {
	Snapshot *catalog.Snapshot
	// Loading are the schemas that find further tables when they are asked for them.
	Loading     []string
	Diagnostics diag.List
}

// schemaKey is the key of a package's schema from files.
func (c *compilation) schemaKey(pc config.Package, strict bool, files []*source.File) cache.Key {
	parts := [][]byte{[]byte("schema"), fmt.Append(nil, pc.Engine, strict)}
	for _, f := range pc.Functions {
		parts = append(parts, fmt.Append(nil, pc.Span.Start, pc.Span.End, f)) // reported at the package's place
	}
	parts = append(parts, nil)
	for _, f := range files {
		parts = append(parts, []byte(f.Path), []byte(f.Text))
	}
	return c.options.Cache.Key(parts...)
}

// knownSchema is the schema that is kept under a key, with what was said of it.
func (c *compilation) knownSchema(key cache.Key, d dialect.Dialect) (*catalog.Snapshot, diag.List, bool) {
	b := c.options.Cache.Get(key)
	if b == nil {
		return nil, nil, false
	}
	var kept keptSchema
	if cache.Decode(trees, b, &kept, c.source) != nil || kept.Snapshot == nil {
		return nil, nil, false
	}
	fresh := d.NewSnapshot()
	for _, name := range kept.Loading {
		of, with := kept.Snapshot.Schema(name), fresh.Schema(name)
		if of == nil || with == nil || with.Load == nil {
			return nil, nil, false
		}
		of.Load = with.Load
	}
	return kept.Snapshot, kept.Diagnostics, true
}

// keepSchema keeps a schema. What can not be written is computed in each run.
func (c *compilation) keepSchema(key cache.Key, s *catalog.Snapshot, diags diag.List) {
	if c.options.Cache == nil || diags.HasErrors() {
		return
	}
	kept := keptSchema{Snapshot: s, Diagnostics: diags}
	for _, sc := range s.Schemas {
		if sc.Load != nil {
			kept.Loading = append(kept.Loading, sc.Name)
		}
	}
	if b, err := cache.Encode(trees, &kept, c.source); err == nil {
		c.options.Cache.Put(key, b)
	}
}

// source finds a file of this run by its path: the configuration, a schema file as it was read for
// the schema, a query file.
func (c *compilation) source(path string) *source.File {
	if f := c.sources[path]; f != nil {
		return f
	}
	if f := c.cfg.File; f != nil && f.Path == path {
		return f
	}
	return nil
}

// packageKey stands for all of a package that its queries depend on; ok is false where there is no cache, or
// the schema is not from files.
func (c *compilation) packageKey(p *Package, schema cache.Key) (key []byte, ok bool) {
	if c.options.Cache == nil || schema == (cache.Key{}) {
		return nil, false
	}
	pc, err := cache.Encode(trees, &p.Config, c.source)
	if err != nil {
		return nil, false
	}
	name := ""
	if c.cfg.File != nil {
		name = filepath.Base(c.cfg.File.Path) // the head of generated files tells whose it is
	}
	k := c.options.Cache.Key([]byte("package"), schema[:], fmt.Append(nil, p.Strict), []byte(name), pc)
	return k[:], true
}
