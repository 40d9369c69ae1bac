package inspect

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/diag/report"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/types"
	"github.com/covetsql/covetsql/internal/factory"
)

// Listing is the JSON that docs/inspect.md describes. Fields are added, never changed.
type Listing struct {
	Packages    []Package       `json:"packages"`
	Diagnostics json.RawMessage `json:"diagnostics,omitempty"`
}

// Package is one block of the configuration.
type Package struct {
	Name    string  `json:"name"`
	Engine  string  `json:"engine"`
	Queries []Query `json:"queries"`
}

// Query is one query.
type Query struct {
	Name          string   `json:"name"`
	Command       string   `json:"command"`
	File          string   `json:"file"`
	Line          int      `json:"line"`
	SQL           string   `json:"sql"`
	Columns       []Column `json:"columns"`
	Params        []Param  `json:"params"`
	Kind          string   `json:"kind"`
	Reads         []string `json:"reads"`
	Writes        []string `json:"writes"`
	Rows          Rows     `json:"rows"`
	Locks         bool     `json:"locks"`
	Deterministic bool     `json:"deterministic"`
	Shard         Shard    `json:"shard"`
	// Variants are there where parts of the query are optional; SQL is the one with all of them.
	Variants []Variant `json:"variants,omitempty"`
}

// Variant is one of a query's texts: the parts that it has, and what it sorts by.
type Variant struct {
	With  []string          `json:"with"`
	Order map[string]string `json:"order,omitempty"`
	SQL   string            `json:"sql"`
}

// Column is a result column. Reason is there where it is nullable, Table where it is the
// plain value of a table's column.
type Column struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Nullable bool   `json:"nullable"`
	Reason   string `json:"reason,omitempty"`
	Table    string `json:"table,omitempty"`
	GoType   string `json:"go_type"`
	// Overruled is what the compiler itself found where the query says otherwise.
	Overruled *Found `json:"overruled,omitempty"`
}

// Found is what the compiler found of a column.
type Found struct {
	Type     string `json:"type"`
	Nullable bool   `json:"nullable"`
	Reason   string `json:"reason,omitempty"`
}

// Param is an argument.
type Param struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Nullable bool   `json:"nullable"`
	Slice    bool   `json:"slice"`
	GoType   string `json:"go_type"`
}

// Rows bounds the number of rows; Max is nil where there is no bound.
type Rows struct {
	Min int64  `json:"min"`
	Max *int64 `json:"max"`
}

// Shard is the sharding key that the query fixes.
type Shard struct {
	Key    *string `json:"key"`
	Params []int   `json:"params"`
}

// listing describes the queries with the given names, or all of them. A name that no query
// has is an error.
func listing(p *compiler.Program, names []string) (*Listing, error) {
	wanted := map[string]bool{}
	for _, n := range names {
		wanted[n] = false
	}
	l := &Listing{Packages: []Package{}}
	var known []string
	for _, cp := range p.Packages {
		out := Package{Name: packageName(cp), Engine: string(cp.Config.Engine), Queries: []Query{}}
		goTypes := codegen.GoTypes(cp)
		for _, f := range cp.Files {
			for _, q := range f.Queries {
				known = append(known, q.Name)
				if _, ok := wanted[q.Name]; ok {
					wanted[q.Name] = true
				} else if len(names) > 0 {
					continue
				}
				out.Queries = append(out.Queries, describe(f.Path, q, goTypes[q.Name]))
			}
		}
		if len(names) == 0 || len(out.Queries) > 0 {
			l.Packages = append(l.Packages, out)
		}
	}
	var missing []string
	for n, found := range wanted {
		if !found {
			missing = append(missing, n)
		}
	}
	sort.Strings(missing)
	for _, n := range missing {
		if near := diag.Nearest(n, known, 1); len(near) > 0 {
			return nil, factory.Usage("no query is called %s; did you mean %s?", n, near[0])
		}
		return nil, factory.Usage("no query is called %s", n)
	}
	return l, nil
}

// attach puts diagnostics beside the packages.
func (l *Listing) attach(list diag.List) {
	b, err := json.Marshal(report.Object(list))
	if err != nil {
		panic(err) // it holds texts and numbers only
	}
	var o struct {
		Diagnostics json.RawMessage `json:"diagnostics"`
	}
	if err := json.Unmarshal(b, &o); err != nil {
		panic(err)
	}
	l.Diagnostics = o.Diagnostics
}

func packageName(p *compiler.Package) string {
	if p.Config.Go != nil && p.Config.Go.Package != "" {
		return p.Config.Go.Package
	}
	return p.Config.Name
}

func describe(file string, q *facts.Query, gt codegen.QueryTypes) Query {
	out := Query{
		Name: q.Name, Command: q.Command, File: file, Line: q.Line, SQL: q.SQL,
		Columns: []Column{}, Params: []Param{},
		Kind: string(q.Kind), Reads: append([]string{}, q.Reads...), Writes: append([]string{}, q.Writes...),
		Rows: Rows{Min: q.Rows.Min}, Locks: q.Locks, Deterministic: q.Deterministic,
		Shard: Shard{Params: append([]int{}, q.Shard.Params...)},
	}
	if q.Rows.Max >= 0 {
		most := q.Rows.Max
		out.Rows.Max = &most
	}
	if q.Shard.Key != "" {
		key := q.Shard.Key
		out.Shard.Key = &key
	}
	for i, c := range q.Columns {
		col := Column{Name: c.Name, Type: c.Type.String(), Nullable: !c.Null.IsNever(), GoType: at(gt.Columns, i)}
		if col.Nullable {
			col.Reason = reason(c.Null)
		}
		if f := found(c); f.Type != col.Type || f.Nullable != col.Nullable {
			col.Overruled = f
		}
		if c.Table != nil {
			col.Table = tableName(c.Table, q.Catalog)
		}
		out.Columns = append(out.Columns, col)
	}
	for i, p := range q.Params {
		out.Params = append(out.Params, Param{Name: p.Name, Type: p.Type.String(), Nullable: p.Nullable, Slice: p.Slice, GoType: at(gt.Params, i)})
	}
	out.Variants = variants(q.Variants)
	return out
}

// variants lists the texts of a query with optional parts.
func variants(v *facts.Variants) []Variant {
	if v == nil {
		return nil
	}
	var out []Variant
	for i, text := range v.Texts {
		one := Variant{With: []string{}, SQL: text}
		for _, c := range v.Conditions {
			if i&1 == 1 {
				one.With = append(one.With, c.Name)
			}
			i >>= 1
		}
		for _, o := range v.Orders {
			if one.Order == nil {
				one.Order = map[string]string{}
			}
			one.Order[o.Name] = o.Choices[i%len(o.Choices)].Words
			i /= len(o.Choices)
		}
		out = append(out, one)
	}
	return out
}

func found(c sem.Column) *Found {
	t, null := c.Proved()
	f := &Found{Type: t.String(), Nullable: !null.IsNever()}
	if f.Nullable {
		f.Reason = reason(null)
	}
	return f
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// reason says why a value can be NULL, and where that stands.
func reason(n types.Nullability) string {
	text := n.Reason.Text
	if text == "" {
		text = "nothing proves that it is not"
	}
	if n.Reason.At.IsZero() {
		return text
	}
	p := n.Reason.At.Position()
	return fmt.Sprintf("%s at %s:%d:%d", text, p.Path, p.Line, p.Column)
}

func tableName(t *catalog.Table, in *catalog.Snapshot) string {
	if t.Schema == "" || in == nil || strings.EqualFold(t.Schema, in.DefaultSchema) {
		return t.Name
	}
	return t.Schema + "." + t.Name
}
