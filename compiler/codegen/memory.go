package codegen

import (
	"bytes"
	"crypto/sha256"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/cache"
	"github.com/covetsql/covetsql/compiler/codegen/gowrite"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/source"
)

// Memory is what generation remembers of earlier runs: how the queries of a file look, and the sums of the files
// that were written. What is written from some query files alone is written again where one of them changed. All
// else (models, interface, batches …) has a part of every query, but none of most queries' text: it is written again
// where what it does have changed.
type Memory struct {
	dir    string
	store  *cache.Store
	files  map[cache.Key]*remembered
	failed bool
	chunk  []byte // a file's content is read through it

	mu       sync.Mutex
	describe map[*compiler.Package]described
}

// described is a package without its queries, and what describes these.
type described struct {
	surface *surface.Package
	query   func(file string, q *facts.Query) *surface.Query
}

// remembered is what is kept of a query file without errors, but for the queries themselves, which most
// runs do not need.
type remembered struct {
	Names       []compiler.Named
	Diagnostics diag.List
	// Common is a sum of what the files that all queries have a part in may have of these.
	Common []byte
}

var surfaces = cache.NewCodec()

// NewMemory remembers in a store, or nothing where it is nil; paths of files are relative to dir, as for Write.
func NewMemory(dir string, store *cache.Store) *Memory {
	return &Memory{dir: dir, store: store, files: map[cache.Key]*remembered{}, describe: map[*compiler.Package]described{}}
}

// Options are the compiler's options with what the memory has to do with it.
func (m *Memory) Options(o compiler.Options) compiler.Options {
	o.Take = m.take
	if m.store != nil {
		o.Cache, o.Known = m.store, m.known
	}
	return o
}

// take describes a query; the compiler need not keep it.
func (m *Memory) take(p *compiler.Package, file string, q *facts.Query) any {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.describer(p).query(file, q)
}

func (m *Memory) describer(p *compiler.Package) described {
	if m == nil {
		s, query := describer(p)
		return described{s, query}
	}
	d, ok := m.describe[p]
	if !ok {
		d.surface, d.query = describer(p)
		m.describe[p] = d
	}
	return d
}

// Failed tells that something that was kept could not be read after all: what was generated is of no use, and has to
// be generated without the memory.
func (m *Memory) Failed() bool { return m != nil && m.failed }

// Save keeps what this run made and used.
func (m *Memory) Save() {
	if m != nil {
		m.store.Save()
	}
}

func (m *Memory) known(p *compiler.Package, f *compiler.QueryFile) ([]compiler.Named, diag.List, bool) {
	b := m.store.Get(f.Key)
	if b == nil || m.store.Get(m.key("surface", f.Key[:])) == nil || m.store.Get(m.key("own", f.Key[:])) == nil {
		return nil, nil, false
	}
	r := &remembered{}
	if cache.Decode(surfaces, b, r, p.Source) != nil {
		return nil, nil, false
	}
	m.files[f.Key] = r
	return r.Names, r.Diagnostics, true
}

func (m *Memory) key(kind string, parts ...[]byte) cache.Key {
	return m.store.Key(append([][]byte{[]byte(kind)}, parts...)...)
}

// generate writes the Go of a package, where it has any, and takes its queries out of it: what is known of them is
// most of a program's memory. Where all of the package is wanted, the surface is whole.
func (m *Memory) generate(p *compiler.Package, all bool) (*surface.Package, []File, diag.List) {
	d := m.describer(p)
	s := d.surface
	found := make([][]*surface.Query, len(p.Files))
	kept := m != nil
	for i := range p.Files {
		f := &p.Files[i]
		for _, q := range f.Taken {
			found[i] = append(found[i], q.(*surface.Query))
		}
		for j, q := range f.Queries {
			f.Queries[j] = nil
			found[i] = append(found[i], d.query(f.Name, q))
		}
		f.Queries, f.Taken = nil, nil
		if m != nil && !f.Known && !m.keep(p, f, found[i]) {
			kept = false
		}
	}
	common := cache.Key{}
	parts := gowrite.Parts{}
	var standing, whole []File
	if all {
		kept = false // who is told of all queries has no part that stands
	}
	if kept {
		common = m.commonKey(p)
		whole = m.standing(p, common, "")
		parts.NotCommon = whole != nil
		parts.Standing = map[string]bool{}
		for name, key := range m.texts(p) {
			files := m.standing(p, key, name)
			parts.Standing[name] = files != nil
			standing = append(standing, files...)
		}
	}
	for i := range p.Files {
		f := &p.Files[i]
		if f.Known && !(parts.NotCommon && parts.Standing[f.Name]) {
			found[i] = m.recall(p, f)
		}
		s.Queries = append(s.Queries, found[i]...)
	}
	if parts.NotCommon {
		s.Tables = namedBy(s)
	}
	if p.Config.Go == nil {
		return s, nil, nil
	}
	files, diags := write(p, s, parts)
	if kept && len(diags) == 0 {
		m.sums(p, files, common)
	}
	return s, slices.Concat(whole, files, standing), diags
}

// namedBy are the tables of a package that its queries name: the models of the others have no part in
// how these are written.
func namedBy(s *surface.Package) []*surface.Table {
	named := map[surface.Relation]bool{}
	name := func(r *surface.Relation) {
		if r != nil {
			named[inFull(s, *r)] = true
		}
	}
	for _, q := range s.Queries {
		if q.Returns != "" { // any model may be meant
			return s.Tables
		}
		name(q.InsertInto)
		for i := range q.Columns {
			name(q.Columns[i].Table)
			name(q.Columns[i].Embed)
		}
		for i := range q.Params {
			name(q.Params[i].Table)
			name(q.Params[i].Embed)
		}
	}
	return slices.DeleteFunc(s.Tables, func(t *surface.Table) bool { return !named[inFull(s, t.Relation)] })
}

// inFull names the default schema too.
func inFull(s *surface.Package, r surface.Relation) surface.Relation {
	if r.Schema == "" {
		r.Schema = s.DefaultSchema
	}
	return r
}

// keep keeps what was found of a query file, and tells whether it could.
func (m *Memory) keep(p *compiler.Package, f *compiler.QueryFile, queries []*surface.Query) bool {
	if f.Key == (cache.Key{}) {
		return false
	}
	r := remembered{Diagnostics: f.Diagnostics}
	for _, q := range queries {
		r.Names = append(r.Names, compiler.Named{Name: q.Name, Span: q.Span})
	}
	list, rest := apart(p, queries)
	common, err := cache.Encode(surfaces, &list, p.Source)
	if err != nil {
		return false
	}
	sum := sha256.Sum256(common)
	r.Common = sum[:]
	own, err := cache.Encode(surfaces, &rest, p.Source)
	if err != nil {
		return false
	}
	head, err := cache.Encode(surfaces, &r, p.Source)
	if err != nil {
		return false
	}
	m.files[f.Key] = &r
	m.store.Put(f.Key, head)
	m.store.Put(m.key("surface", f.Key[:]), common)
	m.store.Put(m.key("own", f.Key[:]), own)
	return true
}

// recall gives the queries that are kept of a file.
func (m *Memory) recall(p *compiler.Package, f *compiler.QueryFile) (queries []*surface.Query) {
	var list []surface.Query
	var rest []own
	if cache.Decode(surfaces, m.store.Get(m.key("surface", f.Key[:])), &list, p.Source) != nil ||
		cache.Decode(surfaces, m.store.Get(m.key("own", f.Key[:])), &rest, p.Source) != nil || len(list) != len(rest) {
		m.failed = true
		return nil
	}
	for i := range list {
		q := &list[i]
		if q.Span = rest[i].Span; rest[i].SQL != "" {
			q.SQL = rest[i].SQL
		}
		q.Most, q.Limit = max(q.Most, rest[i].Most), max(q.Limit, rest[i].Limit)
		queries = append(queries, q)
	}
	return queries
}

// own is what of a query is written into its own file alone.
type own struct {
	SQL  string
	Span source.Span
	// Most and Limit are zero where the query's stand with what is common.
	Most, Limit int
}

// apart takes some queries apart: what the files that all queries have a part in may have of them, which is all but their
// places, and their text, and the bounds of their rows, where it stands in their own file alone; and the rest.
func apart(p *compiler.Package, queries []*surface.Query) ([]surface.Query, []own) {
	list, rest := make([]surface.Query, len(queries)), make([]own, len(queries))
	for i, q := range queries {
		list[i], rest[i].Span = *q, q.Span
		list[i].Span = source.Span{}
		if n := q.Nested; n != nil {
			c := *n
			c.Nests = slices.Clone(n.Nests)
			for j := range c.Nests {
				c.Nests[j].Span = source.Span{}
			}
			list[i].Nested = &c
		}
		switch q.Command {
		case "one", "many", "maybe", "iter", "exec", "execrows", "execresult", "execlastid":
			list[i].Most, list[i].Limit = 0, 0
			rest[i].Most, rest[i].Limit = q.Most, q.Limit
			if g := p.Config.Go; g == nil || !g.EmitInterface || !g.EmitSQLAsComment {
				list[i].SQL, rest[i].SQL = "", q.SQL
			}
		}
	}
	return list, rest
}

// commonKey is the key of the files that all queries of a package have a part in.
func (m *Memory) commonKey(p *compiler.Package) cache.Key {
	parts := [][]byte{p.Key}
	for i := range p.Files {
		parts = append(parts, []byte(p.Files[i].Name), m.files[p.Files[i].Key].Common)
	}
	return m.key("common", parts...)
}

// texts gives for each base name of query files the key of the Go that is written from them alone.
func (m *Memory) texts(p *compiler.Package) map[string]cache.Key {
	keys := map[string][]byte{}
	for i := range p.Files {
		f := &p.Files[i]
		keys[f.Name] = append(keys[f.Name], f.Key[:]...)
	}
	out := map[string]cache.Key{}
	for name, k := range keys {
		out[name] = m.key("text", []byte(name), k)
	}
	return out
}

// written is a file that was written, and the sum of its content.
type written struct {
	Path string
	Sum  []byte
}

// sums keeps the sums of files.
func (m *Memory) sums(p *compiler.Package, files []File, common cache.Key) {
	texts := m.texts(p)
	by := map[cache.Key][]written{}
	for _, f := range files {
		key := common
		if f.Source != "" {
			key = texts[f.Source]
		}
		sum := sha256.Sum256(f.Content)
		by[key] = append(by[key], written{f.Path, sum[:]})
	}
	for key, list := range by {
		if b, err := cache.Encode(surfaces, &list, p.Source); err == nil {
			m.store.Put(key, b)
		}
	}
}

// standing gives the files that were written under a key where all of them still have that content; nil
// where they have not, or nothing is known of them.
func (m *Memory) standing(p *compiler.Package, key cache.Key, source string) []File {
	b := m.store.Get(key)
	if b == nil {
		return nil
	}
	var list []written
	if cache.Decode(surfaces, b, &list, p.Source) != nil {
		return nil
	}
	var out []File
	for _, f := range list {
		if !m.stands(f) {
			return nil
		}
		out = append(out, File{Path: f.Path, Source: source, Known: true})
	}
	return out
}

// stands tells whether a file has its content still.
func (m *Memory) stands(f written) bool {
	path := place(m.dir, f.Path)
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return false
	}
	in, err := os.Open(path)
	if err != nil {
		return false
	}
	defer in.Close()
	if m.chunk == nil {
		m.chunk = make([]byte, 64<<10)
	}
	h := sha256.New()
	for {
		n, err := in.Read(m.chunk)
		h.Write(m.chunk[:n])
		if err == io.EOF {
			return bytes.Equal(h.Sum(nil), f.Sum)
		}
		if err != nil {
			return false
		}
	}
}
