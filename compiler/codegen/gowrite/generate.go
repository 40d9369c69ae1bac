// Package gowrite writes Go from a surface, a drop-in for what sqlc 1.31 writes: the same files,
// names, signatures and text. It does not know how the surface was found.
package gowrite

import (
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen/gotype"
	"github.com/covetsql/covetsql/compiler/codegen/naming"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// Version is what the head of a generated file says of this program, unless omit_sqlc_version.
var Version = "v0.1.0"

// sqlcVersion is the version whose output this package reproduces.
const sqlcVersion = "v1.31.1"

// File is one generated file. Path is relative to the configuration, like the option out.
type File struct {
	Path    string
	Content []byte
	// Source is the base name of the query files that the file is written from alone, with the options and the
	// schema; "" where all queries have a part in it.
	Source string
	// Known tells that the file on disk is known to be what would be written: there is no Content.
	Known bool
}

// Parts tells which files need not be written.
type Parts struct {
	// Standing are base names of query files whose own Go is not to be written.
	Standing map[string]bool
	// NotCommon: what all queries have a part in is not to be written. Then not all queries need to be there.
	NotCommon bool
}

// generator is the state of one package's generation.
type generator struct {
	pkg      *surface.Package
	opts     *config.Go
	engine   string
	target   gotype.Target
	strict   bool
	prepares bool
	own      bool // the configuration is covetsql's own file
	at       source.Span

	names           *naming.Namer
	overrides       []gotype.Override
	columnOverrides bool
	typeCache       map[columnKey]gotype.Type

	enums        []*enumType
	enumByType   map[string]string
	composites   map[string]bool
	structs      []*compositeType // of composite types
	domains      []*domainName
	models       []*structType
	shared       []*sharedRow
	jsonStructs  []*jsonStruct
	jsonNames    map[*surface.JSON]string
	jsonUsed     bool
	modelByTable map[surface.Relation]*structType
	methods      []*method
	used         map[string]bool

	diags diag.List
}

func newGenerator(pkg *surface.Package, engine string, o *config.Go, strict, own bool) *generator {
	g := &generator{
		pkg: pkg, opts: o, engine: engine, strict: strict, own: own, at: o.Span,
		names:     naming.New(o),
		typeCache: map[columnKey]gotype.Type{}, enumByType: map[string]string{}, composites: map[string]bool{},
		modelByTable: map[surface.Relation]*structType{},
	}
	var ok bool
	if g.target, ok = gotype.TargetOf(o.SQLPackage); !ok {
		g.conflict("sql_package %q is not known; it is database/sql, pgx/v4 or pgx/v5", o.SQLPackage)
	}
	if g.target.IsPGX() && engine != "postgresql" {
		g.conflict("sql_package %q is for PostgreSQL alone", o.SQLPackage)
		g.target = gotype.SQL
	}
	g.prepares = o.EmitPreparedQueries && !g.target.IsPGX()
	if o.EmitMethodsWithDBArgument && o.EmitPreparedQueries {
		g.conflict("emit_methods_with_db_argument and emit_prepared_queries exclude each other")
	}
	for _, c := range o.Overrides {
		if strict && c.Engine != "" && string(c.Engine) != engine {
			continue
		}
		ov, err := gotype.ParseOverride(c, g.target)
		if err != nil {
			at := c.Span
			if at.IsZero() {
				at = g.at
			}
			g.diags.Add(diag.New(diag.ConfigInvalid, at, "%s", err))
			continue
		}
		g.columnOverrides = g.columnOverrides || ov.IsColumn()
		g.overrides = append(g.overrides, ov)
	}
	return g
}

func (g *generator) conflict(format string, args ...any) {
	g.diags.Add(diag.New(diag.OptionConflict, g.at, format, args...))
}

// Generate writes the Go of one package in memory. strict asks for types that sqlc has no
// answer for. The list has what stands in the way; where it has an error, no file is given.
func Generate(pkg *surface.Package, engine catalog.Engine, o config.Go, strict bool, parts Parts) ([]File, diag.List) {
	own := o.Span.File != nil && strings.HasPrefix(filepath.Base(o.Span.File.Path), "covetsql.")
	return newGenerator(pkg, string(engine), &o, strict, own).generate(parts)
}

func (g *generator) generate(parts Parts) ([]File, diag.List) {
	g.model()
	g.planMethods()
	g.markUsed()
	g.checkRuntime()
	g.planCache()
	g.checkCommands()
	g.checkNames()
	if g.diags.HasErrors() {
		return nil, g.diags
	}
	o := g.opts
	path := func(name string) string { return filepath.ToSlash(filepath.Join(o.Out, name)) }
	var files []File
	add := func(name, source string, f *goFile) {
		files = append(files, File{Path: path(name), Content: f.bytes(g.head(source))})
	}
	byFile := map[string][]*method{}
	for _, m := range g.methods {
		if !parts.Standing[m.file] {
			byFile[m.file] = append(byFile[m.file], m)
		}
	}
	if !parts.NotCommon {
		g.writeCommon(add)
	}
	names := sortedKeys(byFile)
	written := make([]File, len(names))
	parallel(len(names), func(i int) {
		written[i] = File{
			Path: path(names[i] + o.OutputFilesSuffix + ".go"), Source: names[i],
			Content: g.writeQueries(byFile[names[i]]).bytes(g.head(names[i])),
		}
	})
	return append(files, written...), g.diags
}

// writeCommon writes what all queries have a part in.
func (g *generator) writeCommon(add func(name, source string, f *goFile)) {
	o := g.opts
	add(goName(o.OutputDBFileName, "db.go"), "", g.writeDB())
	add(goName(o.OutputModelsFileName, "models.go"), "", g.writeModels())
	if o.Runtime {
		add("plan.go", "", g.writePlans())
	}
	if o.EmitInterface {
		add(goName(o.OutputQuerierFileName, "querier.go"), "", g.writeQuerier())
	}
	var copies, batches []*method
	for _, m := range g.methods {
		switch {
		case m.query.Command == "copyfrom":
			copies = append(copies, m)
		case isBatch(m.query.Command):
			batches = append(batches, m)
		}
	}
	if len(copies) > 0 {
		name := goName(o.OutputCopyFromFileName, "copyfrom.go")
		add(name, name, g.writeCopyFrom(copies))
	}
	if len(batches) > 0 {
		name := goName(o.OutputBatchFileName, "batch.go")
		add(name, name, g.writeBatch(batches))
	}
}

// parallel runs f for 0 … n-1 on all cores. Writing only reads what was planned.
func parallel(n int, f func(int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wg.Wait()
}

func goName(option, fallback string) string {
	if option == "" {
		return fallback
	}
	if !strings.HasSuffix(option, ".go") {
		return option + ".go"
	}
	return option
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// head is everything above the imports. Tools that process generated files further rely on its
// lines, so under sqlc's configuration they are sqlc's.
func (g *generator) head(source string) string {
	var b strings.Builder
	if g.opts.BuildTags != "" {
		b.WriteString("//go:build " + g.opts.BuildTags + "\n\n")
	}
	name, version := "sqlc", sqlcVersion
	if g.own {
		name, version = "covetsql", Version
	}
	b.WriteString("// Code generated by " + name + ". DO NOT EDIT.\n")
	if !g.opts.OmitSQLCVersion {
		b.WriteString("// versions:\n//   " + name + " " + version + "\n")
	}
	if source != "" {
		b.WriteString("// source: " + source + "\n")
	}
	b.WriteString("\npackage " + g.packageName() + "\n")
	return b.String()
}

// packageName is the option, or the base name of the output folder.
func (g *generator) packageName() string {
	if g.opts.Package != "" {
		return g.opts.Package
	}
	return filepath.Base(g.opts.Out)
}
