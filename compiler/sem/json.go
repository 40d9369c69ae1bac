package sem

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/compiler/types"
)

// JSON is what is known of a JSON value that a query builds.
type JSON struct {
	Kind JSONKind
	// Key is that of an object's field.
	Key string
	// Null is that of a field or an element: whether it may be JSON's null.
	Null types.Nullability
	// Parts are an object's fields; of a list or a map the one element, none where a list is empty.
	Parts []*JSON

	// Of a SQL value: its type, and the column that it is, if it is one.
	Type      types.Type
	ElemNever bool // the elements of an array are never NULL
	Table     *catalog.Table
	Source    *catalog.Column
	Expr      ir.Expr

	// Text tells that the value is a text to a function that builds JSON of it.
	Text bool
	// Why and At say what keeps the value from being known.
	Why string
	At  source.Span
}

// JSONKind is a kind of JSON.
type JSONKind uint8

// The kinds of JSON.
const (
	JSONOpen   JSONKind = iota // not known
	JSONValue                  // a SQL value as JSON has it
	JSONObject                 // an object of known keys
	JSONList
	JSONMap // an object of any keys with values of one kind
)

// Known tells whether anything is known of j.
func (j *JSON) Known() bool { return j != nil && j.Kind != JSONOpen }

// innermost is what lists and maps in j are of.
func (j *JSON) innermost() *JSON {
	for j != nil && (j.Kind == JSONList || j.Kind == JSONMap) {
		if len(j.Parts) == 0 {
			return &JSON{Why: "the list is empty"}
		}
		j = j.Parts[0]
	}
	return j
}

// as is j in another place.
func (j *JSON) as(key string, null types.Nullability) *JSON {
	out := *j
	out.Key, out.Null = key, null
	return &out
}

func openJSON(at ir.Node, why string) *JSON { return &JSON{Why: why, At: at.Span()} }

// builtJSON is what a call builds, nil where it builds no JSON that anything is known of. sets tells that an argument
// yields several rows.
func (b *binder) builtJSON(x *ir.FuncCall, name string, c *called, at []ir.Expr, sets bool) *JSON {
	how, ok := b.traits.JSON[name]
	if f := c.sig.Function; f != nil {
		ok = ok && !how.Form && (f.Schema == "" || f.Schema == "pg_catalog") && f.BodyQuery == nil && f.Body == ""
	} else if b.traits.WholeRowRefs { // PostgreSQL's forms are no functions
		ok = ok && how.Form
	}
	if !ok {
		if b.traits.JSONIsText && strings.HasPrefix(name, "json") {
			return openJSON(x, "it is JSON that no call here builds")
		}
		return nil
	}
	if sets {
		return openJSON(x, "a function of several rows is in it")
	}
	for i := range x.Args {
		if x.Args[i].Variadic || x.Args[i].Name != nil {
			return openJSON(x, "its arguments are not written one by one")
		}
		if how.Form && strings.Contains(strings.ToUpper(x.Args[i].X.Span().Text()), "FORMAT") {
			return openJSON(x, "FORMAT JSON takes a text for JSON")
		}
	}
	args := c.args
	if len(args) != len(x.Args) || len(at) < len(args) {
		return nil
	}
	element := func(i int) *JSON {
		null := args[i].null
		if how.Skips {
			null = types.NotNull
		}
		return b.jsonOf(&args[i], at[i]).as("", null)
	}
	switch {
	case how.Makes == dialect.JSONItself && b.traits.JSONIsText:
		if len(args) != 1 || args[0].json == nil {
			return openJSON(x, "it is JSON that no call here builds")
		}
		out := *args[0].json
		out.Text = false
		return &out
	case how.Makes == dialect.JSONItself && len(args) >= 1:
		return b.jsonOf(&args[0], at[0])
	case how.Makes == dialect.JSONEmpty && len(args) == 0:
		return &JSON{Kind: JSONList}
	case how.Makes == dialect.JSONList && len(args) == 1:
		return &JSON{Kind: JSONList, Parts: []*JSON{element(0)}}
	case how.Makes == dialect.JSONMap && len(args) == 2:
		return &JSON{Kind: JSONMap, Parts: []*JSON{element(1)}}
	case how.Makes == dialect.JSONObject && len(args)%2 == 0:
		out := &JSON{Kind: JSONObject}
		for i := 0; i < len(args); i += 2 {
			key, ok := b.jsonKey(at[i])
			if !ok {
				return openJSON(at[i], "this key is not written as a text")
			}
			out.Parts = append(out.Parts, b.jsonOf(&args[i+1], at[i+1]).as(key, args[i+1].null))
		}
		return out.distinct(x)
	}
	return openJSON(x, "what it builds has no one shape")
}

// distinct is an object, unless two of its keys are the same.
func (j *JSON) distinct(at ir.Node) *JSON {
	seen := map[string]bool{}
	for _, p := range j.Parts {
		if seen[p.Key] {
			return openJSON(at, "the key "+p.Key+" is there twice")
		}
		seen[p.Key] = true
	}
	return j
}

// jsonKey is a key that is written as a text. A cast to a type of some length would cut it.
func (b *binder) jsonKey(x ir.Expr) (string, bool) {
	if c, ok := x.(*ir.Cast); ok && strings.EqualFold(c.Type.Name.Last(), "text") && len(c.Type.Mods) == 0 && c.Type.Dims == 0 {
		x = c.X
	}
	l, ok := x.(*ir.Literal)
	return text(l), ok && l.Kind == ir.String
}

func text(l *ir.Literal) string {
	if l == nil {
		return ""
	}
	return l.Text
}

// jsonOf is a value as the engine makes JSON of it.
func (b *binder) jsonOf(v *value, x ir.Expr) *JSON {
	base := b.sem.Base(v.typ)
	switch {
	case v.json != nil && v.json.Text:
		return openJSON(x, "outside of the call that built it the engine takes JSON for a text")
	case v.json != nil:
		return v.json.as("", v.null)
	case v.set || v.bad || len(v.row) > 0:
		return openJSON(x, "it is a row without names")
	case base.Is("json", "jsonb"):
		return openJSON(x, "it is JSON that no call here builds")
	}
	if v.whole != nil && v.whole.table != nil {
		return b.jsonRow(v.whole, x)
	}
	if !base.IsArray() {
		if fields := b.fields(v); fields != nil {
			return b.jsonFields(fields, v.fields != nil, x).as("", v.null)
		}
	}
	if v.typ.Kind == types.Unknown && v.lit != nil && v.lit.Kind != ir.Null {
		v = &value{typ: b.sem.Result(v.typ), null: v.null}
	}
	if v.untyped() || base.Kind == types.Pseudo {
		return openJSON(x, "its type is not known")
	}
	if base.IsArray() {
		if fields := b.sem.Fields(b.sem.Base(base.Elem())); fields != nil {
			elem := b.jsonFields(fields, false, x)
			if elem.Null = types.Nullable(x.Span(), "element of an array"); v.elemNever {
				elem.Null = types.NotNull
			}
			return &JSON{Kind: JSONList, Null: v.null, Parts: []*JSON{elem}}
		}
	}
	if b.traits.JSONIsText && b.mayBeJSON(v, x) {
		return openJSON(x, "it may be JSON or a text")
	}
	out := &JSON{Kind: JSONValue, Null: v.null, Type: v.typ, ElemNever: v.elemNever, Expr: x}
	if v.col != nil {
		out.Table, out.Source = v.col.table, v.col.source
	}
	return out
}

// mayBeJSON tells whether a text may be JSON to a function that builds JSON of it: such a mark is no part of its type.
func (b *binder) mayBeJSON(v *value, x ir.Expr) bool {
	if v.col != nil { // that of a subquery is marked where it is made
		return false
	}
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.FuncCall:
			found = found || strings.HasPrefix(strings.ToLower(n.Name.Last()), "json")
		case *ir.Binary:
			found = found || n.Op == "->"
		}
		return !found
	})
	return found
}

// jsonRow is a table's row that is there: an outer join makes NULL of it as a whole.
func (b *binder) jsonRow(r *relation, x ir.Expr) *JSON {
	out := &JSON{Kind: JSONObject}
	for _, c := range r.cols {
		null := c.null
		for _, p := range c.pads {
			if !hasPad(r.pads, p) {
				null = p.null
			}
		}
		v := value{typ: c.typ, null: null, col: c, elemNever: c.elemNever, fields: c.fields}
		out.Parts = append(out.Parts, b.jsonOf(&v, x).as(c.name, null))
	}
	return out.distinct(x)
}

func hasPad(list []*pad, p *pad) bool {
	for _, q := range list {
		if q == p {
			return true
		}
	}
	return false
}

// maxJSONDepth is how deep composite types may stand in each other.
const maxJSONDepth = 16

// jsonFields is a composite value or a record. own tells that it is a row whose constraints hold of its fields.
func (b *binder) jsonFields(fields []*catalog.Column, own bool, x ir.Expr) *JSON {
	out := &JSON{Kind: JSONObject}
	if b.jsonDepth > maxJSONDepth {
		return openJSON(x, "it is nested too deep")
	}
	b.jsonDepth++
	for _, f := range fields {
		null := types.Nullable(x.Span(), "field "+f.Name)
		if own && f.NotNull {
			null = types.NotNull
		}
		v := value{typ: f.Type, null: null}
		out.Parts = append(out.Parts, b.jsonOf(&v, x).as(f.Name, null))
	}
	b.jsonDepth--
	return out.distinct(x)
}

// eitherJSON is what is one or the other. An empty list is any list.
func eitherJSON(a, c *JSON, at ir.Node) *JSON {
	differ := func() *JSON { return openJSON(at, "it is of one shape or another") }
	switch {
	case a == nil || c == nil:
		return nil
	case a.Kind == JSONOpen:
		return a
	case c.Kind == JSONOpen:
		return c
	case a.Kind != c.Kind:
		return differ()
	}
	out := *a
	out.Null, out.Text = a.Null.Either(c.Null), a.Text || c.Text
	switch a.Kind {
	case JSONValue:
		if !a.Type.Same(c.Type) || a.Type.Dims != c.Type.Dims {
			return differ()
		}
		out.ElemNever = a.ElemNever && c.ElemNever
		if a.Source != c.Source {
			if a.Type.Kind == types.Enum || a.Source != nil && c.Source != nil && a.Source.Declared != c.Source.Declared {
				return differ()
			}
			out.Table, out.Source = nil, nil
		}
		return &out
	case JSONList, JSONMap:
		if len(a.Parts) == 0 || len(c.Parts) == 0 {
			if len(a.Parts) == 0 {
				out.Parts = c.Parts
			}
			return &out
		}
	}
	if len(a.Parts) != len(c.Parts) {
		return differ()
	}
	out.Parts = make([]*JSON, len(a.Parts))
	for i, p := range a.Parts {
		if p.Key != c.Parts[i].Key {
			return differ()
		}
		both := eitherJSON(p, c.Parts[i], at)
		out.Parts[i] = both.as(p.Key, p.Null.Either(c.Parts[i].Null))
	}
	return &out
}

// chosenJSON is what CASE, COALESCE and the like of type t hand out. A list may be written out where it is empty.
func (b *binder) chosenJSON(t types.Type, vs []value, at []ir.Expr, x ir.Node) *JSON {
	var out *JSON
	for i := range vs {
		if vs[i].null.Null == types.Always {
			continue
		}
		j := vs[i].json
		if j == nil && i < len(at) {
			j = emptyJSON(at[i])
		}
		if j == nil {
			return nil
		}
		if out == nil {
			out = j
		} else {
			out = eitherJSON(out, j, x)
		}
	}
	if out == nil {
		return nil
	}
	out = out.as("", types.NotNull)
	out.Text = b.traits.JSONIsText || !b.sem.Base(t).Is("json", "jsonb") // MySQL makes a text of JSON and a text
	return out
}

// emptyJSON is '[]', as JSON or as a text; nil for all else.
func emptyJSON(x ir.Expr) *JSON {
	if c, ok := x.(*ir.Cast); ok {
		x = c.X
	}
	if c, ok := x.(*ir.FuncCall); ok && len(c.Args) == 1 && strings.EqualFold(c.Name.Last(), "json") {
		x = c.Args[0].X
	}
	if l, ok := x.(*ir.Literal); ok && l.Kind == ir.String && strings.Join(strings.Fields(l.Text), "") == "[]" {
		return &JSON{Kind: JSONList}
	}
	return nil
}

// outsideJSON is what a column or cast gives on of the JSON that it is.
func (b *binder) outsideJSON(j *JSON) *JSON {
	if j == nil || !b.traits.JSONIsText || j.Text {
		return j
	}
	out := *j
	out.Text = true
	return &out
}

// subqueryJSON is what a scalar subquery gives on. Rows that SQLite sorts, gathers or compares lose the mark of JSON.
func (b *binder) subqueryJSON(j *JSON, q ir.Query) *JSON {
	if s, ok := q.(*ir.Select); ok && len(s.OrderBy) == 0 && !s.Distinct && s.GroupBy == nil && len(s.Windows) == 0 {
		return j
	}
	return b.outsideJSON(j)
}

// castJSON is JSON cast to t.
func (b *binder) castJSON(v *value, t types.Type, x *ir.Cast) *JSON {
	if !b.sem.Base(t).Is("json", "jsonb") {
		return nil
	}
	if j := emptyJSON(x); j != nil {
		return j
	}
	if v.json == nil || !b.sem.Base(v.typ).Is("json", "jsonb") {
		return nil
	}
	return v.json
}

// settleJSON follows a line that asks for a Go type of the JSON in a column.
func (b *binder) settleJSON(c *Column, s *said) {
	if s.jsonAt.IsZero() {
		return
	}
	j := c.JSON.innermost()
	if !c.JSON.Known() || !j.Known() && s.json != token.JSONAuto {
		d := diag.New(diag.UnknownJSON, s.jsonAt, "what the JSON in column %q holds is not known", c.Name)
		switch {
		case j != nil && j.Why != "" && !j.At.IsZero():
			d = d.WithLabel(j.At, "%s", j.Why)
		case c.Expr != nil:
			d = d.WithLabel(c.Expr.Span(), "this builds no JSON of known parts")
		}
		b.report(d.WithHelp("build it in the query, of values and keys that are written out"))
		return
	}
	if j.Kind != JSONObject && s.json != token.JSONAuto {
		b.report(diag.New(diag.ColumnLineInvalid, s.jsonAt, "the JSON in column %q has no object to be called %s", c.Name, s.json).
			WithHelp("write json=auto"))
		return
	}
	c.overruled()
	c.JSONName, c.JSONAt = s.json, s.jsonAt
}

// EitherJSON is what two variants of a query give, of which each may come.
func EitherJSON(a, c *JSON) *JSON { return eitherJSON(a, c, &ir.Default{}) }
