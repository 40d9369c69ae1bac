package compiler

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/covetsql/covetsql/compiler/cache"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// Options are what a run may choose beyond its configuration.
type Options struct {
	// Schema gives a package's catalog from elsewhere than its schema files: a live database.
	// It returns nil where the files are to be read.
	Schema func(p config.Package) (*catalog.Snapshot, diag.List)
	// KeepRel keeps each query's bound tree, what became of its nodes, and its tokens, which are half of a program's memory and
	// which generation does not need.
	KeepRel bool
	// Cache keeps schemas from run to run; nil keeps nothing.
	Cache *cache.Store
	// Known tells whether the caller has from an earlier run what it makes of a query file, under the
	// file's key. It then gives the names of the file's queries, and what was said of them; they are not compiled.
	Known func(p *Package, f *QueryFile) (names []Named, diags diag.List, ok bool)
	// Take makes of each query all that is wanted of it, as soon as it is compiled and from several goroutines at once:
	// what is known of queries is most of a program's memory. They are then not listed.
	Take func(p *Package, file string, q *facts.Query) any
}

// Compile compiles every package of a configuration. It never fails: what is wrong is in the
// Program's diagnostics, and a query with an error is left out of its file.
func Compile(cfg *config.Config, o Options) *Program {
	c := &compilation{cfg: cfg, options: o, files: map[string]*loaded{}, schemas: map[string]*schema{}, sources: map[string]*source.File{}}
	p := &Program{Config: cfg}
	for _, pc := range cfg.Packages {
		p.Packages = append(p.Packages, c.compilePackage(pc))
	}
	p.Diagnostics = c.diags.Sorted()
	return p
}

// compilation is one run: each file is read once, each schema built once.
type compilation struct {
	cfg     *config.Config
	options Options
	diags   diag.List
	files   map[string]*loaded
	schemas map[string]*schema
	sources map[string]*source.File // by path, each as the compiler saw it first
}

type loaded struct {
	file *source.File
	err  error
}

type schema struct {
	snapshot *catalog.Snapshot
	key      cache.Key // zero where it is not from files
}

func (c *compilation) compilePackage(pc config.Package) *Package {
	p := &Package{Config: pc, Strict: c.cfg.Strict}
	if pc.Strict != nil {
		p.Strict = *pc.Strict
	}
	p.Dialect = dialectOf(pc.Engine)
	if p.Dialect == nil { // the configuration's loader has reported it
		return p
	}
	before := len(c.diags)
	s := c.schema(pc, p.Dialect, p.Strict)
	p.Catalog, p.Source = s.snapshot, c.source
	if slices.ContainsFunc(c.diags[before:], func(d diag.Diagnostic) bool { return d.Severity == diag.Error && strings.HasPrefix(d.Code.ID, "CV0") }) {
		return p // without the schema every query would be wrong
	}
	p.Files = c.queries(p, s.key)
	return p
}

// expand lists the files that patterns of the configuration name; problems are reported at
// the package's place in it.
func (c *compilation) expand(pc config.Package, patterns []string, schema bool) []string {
	var out []string
	paths, errs := source.Expand(c.cfg.Dir, patterns, schema)
	strict := c.cfg.Strict
	if pc.Strict != nil {
		strict = *pc.Strict
	}
	for _, err := range errs {
		d := diag.New(diag.FileUnreadable, pc.Span, "%s", err)
		var unmatched *source.NoMatchError
		if errors.As(err, &unmatched) && !strict && len(paths) > 0 { // sqlc passes over a pattern beside others
			d.Severity = diag.Warning
		}
		c.diags.Add(d)
	}
	for _, p := range paths {
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// read reads a file once a run; path is relative to the configuration. It returns nil where
// the file can not be used, which has been reported.
func (c *compilation) read(pc config.Package, path string) *source.File {
	l := c.files[path]
	if l == nil {
		full := path
		if !filepath.IsAbs(full) {
			full = filepath.Join(c.cfg.Dir, path)
		}
		f, err := source.Read(full, path)
		l = &loaded{f, err}
		c.files[path] = l
		var notText *source.NotTextError
		switch {
		case errors.As(err, &notText):
			c.diags.Add(diag.New(diag.FileNotText, notText.Span, "%s", err))
		case err != nil:
			c.diags.Add(diag.New(diag.FileUnreadable, pc.Span, "%s", err).
				WithHelp("check schema and queries in the configuration, and the file's permissions"))
		}
	}
	if l.err != nil {
		return nil
	}
	return l.file
}

// schema builds the catalog of a package, once for all packages with the same files. Where it
// is not strict, SET search_path and USE do nothing, as with sqlc: queries and Go names count
// on an unqualified table being in the default schema, whichever path was set last.
func (c *compilation) schema(pc config.Package, d dialect.Dialect, strict bool) *schema {
	if c.options.Schema != nil {
		s, ds := c.options.Schema(pc)
		c.diags.Add(ds...)
		if s != nil {
			c.diags.Add(declare(s, pc, d)...)
			return &schema{snapshot: s}
		}
	}
	paths := c.expand(pc, pc.Schema, true)
	key := fmt.Sprint(pc.Engine, strict) + "\x00" + strings.Join(paths, "\x00") + "\x00" + strings.Join(pc.Functions, "\x00")
	if s := c.schemas[key]; s != nil {
		return s
	}
	var files []*source.File
	for _, path := range paths {
		if f := c.read(pc, path); f != nil {
			f = source.UpSide(f)
			files = append(files, f)
			c.sources[path] = f
		}
	}
	content := c.schemaKey(pc, strict, files)
	snapshot, diags, ok := c.knownSchema(content, d)
	if !ok {
		snapshot, diags = build(files, pc, d, strict)
		c.keepSchema(content, snapshot, diags)
	}
	c.diags.Add(diags...)
	c.schemas[key] = &schema{snapshot, content}
	return c.schemas[key]
}

// build builds the catalog of schema files, with the functions that a package declares.
func build(files []*source.File, pc config.Package, d dialect.Dialect, strict bool) (*catalog.Snapshot, diag.List) {
	var diags diag.List
	var units []*token.Statement
	for _, f := range files {
		stmts, ds := token.Split(f, d.Lex(), token.Schema)
		diags.Add(ds...)
		units = append(units, stmts...)
	}
	snapshot, ds := buildCatalog(units, d, strict)
	diags.Add(ds...)
	diags.Add(declare(snapshot, pc, d)...)
	return snapshot, diags
}

// buildCatalog parses statements in parallel and applies them in order; paths tells whether a
// search path that is set counts.
func buildCatalog(units []*token.Statement, d dialect.Dialect, paths bool) (*catalog.Snapshot, diag.List) {
	trees := make([]ir.Statement, len(units))
	problems := make([]diag.List, len(units))
	parallel(len(units), func(_, i int) {
		if !movesData(units[i]) {
			trees[i], problems[i] = d.Parse(units[i])
		}
	})
	var diags diag.List
	b := catalog.NewBuilder(d.NewSnapshot(), rules(d))
	for i, tree := range trees {
		diags.Add(problems[i]...)
		if _, path := tree.(*ir.SetSearchPath); path && !paths {
			continue
		}
		if tree != nil {
			b.Apply(tree)
		}
	}
	snapshot, ds := b.Snapshot()
	diags.Add(ds...)
	return snapshot, diags
}

// dataVerbs begin statements that change no schema. Dumps have megabytes of them, and a file
// that is schema and queries at once has them with macros inside.
var dataVerbs = map[string]bool{
	"insert": true, "update": true, "delete": true, "replace": true, "merge": true, "with": true,
	"values": true, "select": true,
}

// movesData tells whether a statement of a schema file is about rows only. A SELECT may still
// make a table (INTO) or set the search path (set_config, in pg_dump's output).
func movesData(s *token.Statement) bool {
	verb := strings.ToLower(s.TokenText(0))
	if !dataVerbs[verb] {
		return false
	}
	if verb != "select" {
		return true
	}
	for i := range s.Tokens {
		if t := s.TokenText(i); strings.EqualFold(t, "into") || strings.EqualFold(t, "set_config") {
			return false
		}
	}
	return true
}

// rules completes a dialect's schema rules with what needs the compiler.
func rules(d dialect.Dialect) catalog.Rules {
	r := d.SchemaRules()
	r.Type = d.Type
	r.Extension = d.Extension
	r.Columns = func(q ir.Query, columns []ir.Ident, in *catalog.Snapshot) ([]*catalog.Column, diag.List) {
		return sem.QueryColumns(q, columns, in, d)
	}
	return r
}

// queries compiles a package's query files.
func (c *compilation) queries(p *Package, schema cache.Key) []QueryFile {
	var files []QueryFile
	r := c.queryRun(p)
	key, caching := c.packageKey(p, schema)
	p.Key = key
	known := map[int][]Named{}
	var texts []*source.File
	for _, path := range c.expand(p.Config, p.Config.Queries, false) {
		f := c.read(p.Config, path)
		if f == nil {
			continue
		}
		texts = append(texts, f)
		files = append(files, QueryFile{Path: path, Name: filepath.Base(path)})
		if caching && c.sources[path] == nil {
			c.sources[path] = f
		}
	}
	var fragments *token.Fragments
	if p.Strict {
		var ds diag.List
		fragments, ds = token.ReadFragments(texts, p.Dialect.Lex())
		c.diags.Add(ds...)
	}
	for n, f := range texts {
		file := &files[n]
		if caching {
			file.Key = c.options.Cache.Key([]byte("queries"), key, []byte(file.Path), []byte(f.Text), fragments.Key(f))
			if c.options.Known != nil {
				if names, ds, ok := c.options.Known(p, file); ok {
					file.Known, file.Diagnostics, known[n] = true, ds, names
					fragments.Uses(f)
					continue
				}
			}
		}
		expanded, ds := fragments.Expand(f)
		stmts, more := token.Split(expanded, p.Dialect.Lex(), token.Queries)
		file.Diagnostics = append(ds, Placed(more)...)
		for _, s := range stmts {
			if s.Header != nil {
				r.add(s, n, file.Name)
			}
		}
	}
	c.diags.Add(fragments.Unused()...)
	r.compile()
	names := map[string]source.Span{}
	name := func(n Named) (again bool) {
		first, again := names[n.Name]
		if again {
			c.diags.Add(diag.New(diag.DuplicateQuery, n.Span, "there are two queries called %q", n.Name).
				WithLabel(first, "the first is here").
				WithHelp("query names become Go methods, so they must differ within a package"))
			return true
		}
		names[n.Name] = n.Span
		return false
	}
	next := 0
	for n := range files {
		f := &files[n]
		for _, k := range known[n] {
			name(k)
		}
		for ; next < len(r.done) && r.done[next].file == n; next++ {
			q := &r.done[next]
			for _, d := range Placed(q.problems) {
				d.Query = q.header.Name
				f.Diagnostics.Add(d)
			}
			if q.compiled == nil && q.taken == nil {
				f.Key = cache.Key{} // what is left out is not kept
			}
			switch again := name(Named{q.header.Name, q.header.NameSpan}); {
			case again:
			case q.taken != nil:
				f.Taken = append(f.Taken, q.taken)
			case q.compiled != nil:
				f.Queries = append(f.Queries, q.compiled)
			}
		}
		if f.Diagnostics.HasErrors() {
			f.Key = cache.Key{}
		}
		c.diags.Add(f.Diagnostics...)
	}
	return files
}

// off tells whether a switch that is on by default was turned off.
func off(v *bool) bool { return v != nil && !*v }

// lax tells whether an unknown function is let through: where sqlc would, unless the
// configuration says strict_function_checks.
func (c *compilation) lax(p *Package) bool {
	if v := p.Config.StrictFunctionChecks; v != nil {
		return !*v
	}
	return !p.Strict
}

// compileQuery compiles one query. A bug of ours costs that query, not the run: the panic
// becomes a diagnostic at the statement.
func compileQuery(s *token.Statement, p *Package, o sem.Options) (q *facts.Query, diags diag.List) {
	defer func() {
		if r := recover(); r != nil {
			q = nil
			diags.Add(broken(s, r))
		}
	}()
	strict := p.Strict
	if v, ok := s.Header.Flags["strict"]; ok && v != "false" {
		strict, o.Tolerant, o.PlainAliases = true, false, false
	}
	if strict {
		s.Header.Comments = slices.DeleteFunc(s.Header.Comments, func(c string) bool { return token.IsMark(c) || token.IsNest(c) || token.IsIgnore(c) })
		pages := paginated(s.Header)
		if pages || s.HasMarks() {
			if pages {
				q, diags = compilePages(s, p, o)
			} else {
				q, diags = compileVariants(s, p, o)
			}
			if o.Scratch != nil {
				s.Tokens = nil
			}
			return q, diags
		}
	}
	var tree ir.Statement
	tree, diags = p.Dialect.Parse(s)
	if tree == nil || diags.HasErrors() {
		return nil, diags
	}
	renumber(s, tree)
	bound, ds := sem.Analyze(s, tree, p.Catalog, p.Dialect, o)
	diags.Add(ds...)
	if bound == nil || diags.HasErrors() {
		return nil, diags
	}
	q = facts.Of(bound)
	if strict {
		q.Nested, ds = facts.NestedOf(bound, p.Dialect.Traits().SortedByPrefix)
		if diags.Add(ds...); diags.HasErrors() {
			return nil, diags
		}
	}
	if o.Scratch != nil { // the bound tree's columns are about to be used again
		q.Rel = nil
		s.Tokens = nil
	}
	return q, diags
}

// take is Options.Take, with the same care as compileQuery.
func (c *compilation) take(p *Package, file string, q *facts.Query, s *token.Statement) (taken any, diags diag.List) {
	defer func() {
		if r := recover(); r != nil {
			taken = nil
			diags.Add(broken(s, r))
		}
	}()
	return c.options.Take(p, file, q), nil
}

// broken is the diagnostic of a panic with a statement.
func broken(s *token.Statement, r any) diag.Diagnostic {
	return diag.New(diag.InternalError, s.Span, "this statement broke the compiler: %v", r).
		WithHelp("please report it with the statement and its tables").
		WithHelp("%s", Origin(debug.Stack()))
}

// Origin finds in a stack where of ours a panic arose, for the report of a bug: the first line of the compiler or the analyzer below it.
func Origin(stack []byte) string {
	_, below, _ := strings.Cut(string(stack), "panic.go")
	for line := range strings.Lines(below) {
		place, ok := strings.CutPrefix(strings.TrimSpace(line), "/")
		if !ok {
			continue
		}
		for _, root := range [...]string{"analyzer/", "compiler/"} {
			if i := strings.Index(place, root); i >= 0 {
				place, _, _ = strings.Cut(place[i:], " ")
				return "it happened at " + place
			}
		}
	}
	return "where it happened is not known"
}

// workers is how many goroutines parallel uses for n pieces of work.
func workers(n int) int { return max(1, min(runtime.GOMAXPROCS(0), n)) }

// parallel runs f for 0 … n-1 on all cores; worker, below workers(n), tells goroutines apart.
// f must not panic.
func parallel(n int, f func(worker, i int)) {
	if workers(n) == 1 {
		for i := range n {
			f(0, i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for worker := range workers(n) {
		wg.Go(func() {
			// Batches keep the counter cold and neighbours in one cache.
			const batch = 16
			for {
				end := int(next.Add(batch))
				start := end - batch
				if start >= n {
					return
				}
				for i := start; i < min(end, n); i++ {
					f(worker, i)
				}
			}
		})
	}
	wg.Wait()
}
