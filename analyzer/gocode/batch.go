package gocode

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/jinzhu/inflection"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// Batch is how a query that runs for each of many runs once for all.
type Batch struct {
	// Name is the query that takes all at once. It is there already where Query is; else SQL is its text with its header,
	// which compiles.
	Name, SQL string
	Query     *Query
	// Keyed is the column by which the rows are told apart; empty of a write.
	Keyed string
	// One tells that there is one row for each key at most.
	One bool
	// Command is what the query's header says.
	Command string
}

// BatchOf finds or writes the query that does at once what r does in each round; nil where there is no plain way.
func (p *Program) BatchOf(r *Repeat) *Batch {
	key := fmt.Sprint(r.Query.Package.Path, " ", r.Query.Name, " ", r.Why, r.Varying)
	if b, ok := p.batches[key]; ok {
		return b
	}
	b := p.there(r)
	if b == nil {
		b = writeBatch(r)
	}
	p.batches[key] = b
	return b
}

// there finds a query that takes many keys, or rows, of what r's takes one of.
func (p *Program) there(r *Repeat) *Batch {
	q := r.Query
	names := make([]string, 0, len(q.Package.Queries))
	for name := range q.Package.Queries {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		o := q.Package.Queries[name]
		if o == q || q.table() == "" || o.table() != q.table() || o.Kind != q.Kind {
			continue
		}
		if r.Why == WritePerRow && o.Many && sameText(q.SQL, o.SQL) {
			return &Batch{Name: name, Query: o, Command: o.Command}
		}
		if q.Inserts() || len(r.Varying) != 1 {
			continue
		}
		key := q.Params[r.Varying[0]].Access
		if key.Column == nil || !covers(o, q) {
			continue
		}
		for i := range o.Params {
			a := o.Params[i].Access
			if a.Class == List && a.Column != nil && strings.EqualFold(last(a.Column), last(key.Column)) && len(o.Params) <= len(q.Params) && alikeSets(q, o) {
				return &Batch{Name: name, Query: o, Keyed: last(key.Column), One: q.Rows.Max == 1, Command: o.Command}
			}
		}
	}
	return nil
}

func last(c *ir.ColumnRef) string { return c.Parts[len(c.Parts)-1].Name }

// covers tells whether o gives all columns that q gives.
func covers(o, q *Query) bool {
	for i := range q.Columns {
		if !slices.ContainsFunc(o.Columns, func(c sem.Column) bool { return c.Name == q.Columns[i].Name }) {
			return false
		}
	}
	return true
}

// alikeSets tells whether two updates set the same columns.
func alikeSets(q, o *Query) bool {
	a, ok := q.Tree.(*ir.Update)
	b, ok2 := o.Tree.(*ir.Update)
	if !ok && !ok2 {
		return true
	}
	if !ok || !ok2 || len(a.Set) != len(b.Set) {
		return false
	}
	for i := range a.Set {
		if !sameText(a.Set[i].Span().Text(), b.Set[i].Span().Text()) {
			return false
		}
	}
	return true
}

var blanks = regexp.MustCompile(`\s+`)

func sameText(a, b string) bool {
	clean := func(s string) string { return strings.ToLower(strings.Trim(blanks.ReplaceAllString(s, " "), " ;")) }
	return clean(a) == clean(b)
}

// draft is a query's text on its way to another's.
type draft struct {
	*Query
	text  source.Span
	edits []edit
}

type edit struct {
	from, to int
	text     string
}

func (d *draft) replace(s source.Span, text string) bool {
	if s.File != d.text.File || s.Start < d.text.Start || s.End > d.text.End {
		return false
	}
	d.edits = append(d.edits, edit{int(s.Start - d.text.Start), int(s.End - d.text.Start), text})
	return true
}

func (d *draft) insert(at int32, text string) bool {
	return d.replace(source.Span{File: d.text.File, Start: at, End: at}, text)
}

// result is the text with its edits, on one line.
func (d *draft) result() string {
	sort.SliceStable(d.edits, func(i, j int) bool { return d.edits[i].from < d.edits[j].from })
	var b strings.Builder
	text, at := d.text.Text(), 0
	for _, e := range d.edits {
		if e.from < at {
			return ""
		}
		b.WriteString(text[at:e.from] + e.text)
		at = e.to
	}
	b.WriteString(text[at:])
	out := b.String()
	if strings.Contains(out, "--") || strings.Contains(out, "/*") || strings.Contains(out, "\n#") {
		return "" // comments would take in what stands behind them on one line
	}
	return strings.TrimRight(strings.TrimSpace(blanks.ReplaceAllString(out, " ")), "; ")
}

// writeBatch writes the query that r lacks.
func writeBatch(r *Repeat) *Batch {
	q := r.Query
	if q.Source == nil || q.Source.Span.File == nil || q.Source.Span.File.Assembled() || q.Variants != nil || q.Page != nil || q.Nested != nil {
		return nil
	}
	d := &draft{Query: q, text: q.Source.Span}
	var b *Batch
	switch {
	case q.Inserts():
		b = d.rows()
	case len(r.Varying) == 1 && q.Params[r.Varying[0]].Access.Class == Key:
		b = d.keys(&q.Params[r.Varying[0]])
	case r.Why == WritePerRow && d.pgx():
		b = &Batch{Command: "batchexec", SQL: d.result(), Name: plural(q.Name)}
		if q.Command == "one" {
			b.Command = "batchone"
		}
	}
	if b == nil || b.SQL == "" {
		return nil
	}
	for q.Package.Queries[b.Name] != nil {
		b.Name += "AtOnce"
	}
	b.SQL = "-- name: " + b.Name + " :" + b.Command + "\n" + b.SQL + ";"
	found, diags := compiler.NewSession(q.Package.Compiled).Compile(source.NewFile("batch.sql", b.SQL+"\n"))
	if diags.HasErrors() || len(found) != 1 {
		return nil
	}
	return b
}

func (d *draft) engine() catalog.Engine { return d.Package.Compiled.Config.Engine }

func (d *draft) pgx() bool { return strings.HasPrefix(d.Package.Compiled.Config.Go.SQLPackage, "pgx/") }

// list is how a list of values of a parameter is written.
func (d *draft) list(p *Param, name string) (list string, ok bool) {
	if d.engine() != catalog.PostgreSQL {
		return "sqlc.slice('" + name + "')", true
	}
	s := d.param(p)
	if s == nil || s.Type.Name == "" || s.Type.Dims > 0 {
		return "", false
	}
	text := p.Access.Param.Text()
	if cast, _, found := strings.Cut(text, "::"); found {
		text = cast
	}
	if s.Kind == token.Named || len(d.Query.Params) == 1 {
		text = "@" + name
	}
	return text + "::" + typeName(s.Type.String()) + "[]", true
}

// typeName is a type's name as PostgreSQL reads it.
func typeName(s string) string {
	s = strings.TrimPrefix(s, "pg_catalog.")
	switch s {
	case "int8":
		return "bigint"
	case "int4":
		return "int"
	}
	return s
}

func (d *draft) param(p *Param) *sem.Param {
	for i := range d.Query.Query.Params {
		if d.Query.Query.Params[i].Number == p.Number {
			return &d.Query.Query.Params[i]
		}
	}
	return nil
}

// keys makes of "column = $1" a comparison with a list.
func (d *draft) keys(p *Param) *Batch {
	a := p.Access
	if a.Against.File == nil || a.Column == nil {
		return nil
	}
	column := last(a.Column)
	names := inflection.Plural(strings.ToLower(column))
	list, ok := d.list(p, names)
	if !ok {
		return nil
	}
	text := a.Against.Text() + " IN (" + list + ")"
	if d.engine() == catalog.PostgreSQL {
		text = a.Against.Text() + " = ANY(" + list + ")"
	}
	b := &Batch{Name: d.named(column), Command: d.Command}
	switch t := d.Tree.(type) {
	case *ir.Update:
		if !conjunct(t.Where, a.At) || len(t.Returning) > 0 || t.Limit != nil {
			return nil
		}
	case *ir.Delete:
		if !conjunct(t.Where, a.At) || len(t.Returning) > 0 || t.Limit != nil {
			return nil
		}
	case *ir.Select:
		if !d.selection(t, a, column, text, b) {
			return nil
		}
		if b.SQL != "" {
			return b
		}
	default:
		return nil
	}
	if !d.replace(a.At, text) {
		return nil
	}
	b.SQL = d.result()
	return b
}

// selection readies a SELECT: its rows have to tell which key they are of.
func (d *draft) selection(t *ir.Select, a Access, column, condition string, b *Batch) bool {
	b.Command, b.Keyed, b.One = "many", column, d.Rows.Max == 1
	if t.With != nil || t.GroupBy != nil || len(t.DistinctOn) > 0 || t.Limit != nil || t.Offset != nil || t.Having != nil {
		return false
	}
	if len(t.Items) == 1 && len(t.From) == 0 { // SELECT EXISTS (SELECT … WHERE column = $1)
		x, ok := t.Items[0].X.(*ir.Exists)
		if !ok {
			return false
		}
		inner, ok := x.Query.(*ir.Select)
		if !ok || len(inner.From) != 1 || inner.Where == nil || inner.GroupBy != nil || !conjunct(inner.Where, a.At) || inner.Tail.Limit != nil {
			return false
		}
		from := inner.From[0].Span()
		where := inner.Where.Span()
		part := &draft{Query: d.Query, text: from.Cover(where)}
		if !part.replace(a.At, condition) {
			return false
		}
		b.SQL = "SELECT DISTINCT " + a.Against.Text() + " FROM " + part.result()
		return true
	}
	if !conjunct(t.Where, a.At) {
		return false
	}
	p := (*sem.Param)(nil)
	for i := range d.Query.Params {
		if d.Query.Params[i].Access.At == a.At {
			p = d.param(&d.Query.Params[i])
		}
	}
	given := false
	for i := range d.Columns {
		c := &d.Columns[i]
		given = given || p != nil && p.Source != nil && c.Source == p.Source && !aggregates(t)
	}
	if given {
		return true
	}
	if t.Distinct {
		return false
	}
	if aggregates(t) {
		if len(t.OrderBy) > 0 || !d.insert(t.Where.Span().End, " GROUP BY "+a.Against.Text()) {
			return false
		}
	}
	return d.insert(t.Items[0].Span().Start, a.Against.Text()+", ")
}

// aggregates tells whether all rows become one.
func aggregates(t *ir.Select) (found bool) {
	for i := range t.Items {
		ir.Walk(t.Items[i].X, func(n ir.Node) bool {
			switch n := n.(type) {
			case ir.Query:
				return false
			case *ir.FuncCall:
				switch strings.ToLower(n.Name.Last()) {
				case "count", "sum", "avg", "min", "max", "array_agg", "string_agg", "json_agg", "jsonb_agg", "group_concat", "total",
					"bool_or", "bool_and", "every", "bit_or", "bit_and", "json_group_array", "json_object_agg":
					found = found || n.Over == nil
				}
			}
			return !found
		})
	}
	return found
}

// conjunct tells whether the comparison at a place has to hold for every row.
func conjunct(where ir.Expr, at source.Span) bool {
	if where == nil {
		return false
	}
	if where.Span() == at {
		return true
	}
	l, ok := where.(*ir.Logical)
	return ok && l.Op == "AND" && slices.ContainsFunc(l.Args, func(x ir.Expr) bool { return conjunct(x, at) })
}

// rows makes of an INSERT of one row one of many.
func (d *draft) rows() *Batch {
	t := d.Tree.(*ir.Insert)
	v, ok := t.Source.(*ir.Values)
	if !ok || len(v.Rows) != 1 {
		return nil
	}
	b := &Batch{Name: plural(d.Name), SQL: d.result()}
	plain := !slices.ContainsFunc(v.Rows[0], func(x ir.Expr) bool { return !bare(x) })
	conflict := len(t.OnConflict) > 0 || len(t.OnDuplicate) > 0 || t.Or != ""
	switch {
	case d.pgx() && plain && !conflict && len(t.Returning) == 0 && t.With == nil:
		b.Command = "copyfrom"
	case d.pgx() && len(t.Returning) == 0:
		b.Command = "batchexec"
	case d.pgx() && d.Command == "one":
		b.Command = "batchone"
	case d.engine() != catalog.PostgreSQL && len(t.Returning) == 0 && plain && !outside(t):
		b.Command = "bulkinsert"
	case d.engine() == catalog.PostgreSQL && plain && !outside(t):
		var items []string
		for i, x := range v.Rows[0] {
			p := d.stored(x)
			if p == nil {
				return nil
			}
			name := "value"
			if i < len(t.Columns) {
				name = t.Columns[i].Name.Name
			}
			s := d.param(p)
			if s == nil || s.Type.Dims > 0 || s.Type.Name == "" {
				return nil
			}
			items = append(items, fmt.Sprintf("unnest(@%s::%s[])", inflection.Plural(name), typeName(s.Type.String())))
		}
		if !d.replace(v.Span(), "SELECT "+strings.Join(items, ", ")) {
			return nil
		}
		b.Command, b.SQL = d.Command, d.result()
		if d.Command == "one" {
			b.Command = "many"
		}
	default:
		return nil
	}
	return b
}

// outside tells whether an INSERT takes arguments elsewhere than in its row.
func outside(t *ir.Insert) (found bool) {
	look := func(n ir.Node) {
		ir.Walk(n, func(n ir.Node) bool {
			if _, ok := n.(*ir.Param); ok {
				found = true
			}
			return true
		})
	}
	for i := range t.OnConflict {
		look(&t.OnConflict[i])
	}
	for i := range t.OnDuplicate {
		look(&t.OnDuplicate[i])
	}
	if t.With != nil {
		look(t.With)
	}
	return found
}

// stored is the parameter that an expression is.
func (d *draft) stored(x ir.Expr) *Param {
	if c, ok := x.(*ir.Cast); ok {
		x = c.X
	}
	prm, ok := x.(*ir.Param)
	if !ok || prm.Ref >= len(d.Source.Params) {
		return nil
	}
	for i := range d.Query.Params {
		if d.Query.Params[i].Number == d.Source.Params[prm.Ref].Number {
			return &d.Query.Params[i]
		}
	}
	return nil
}

var by = regexp.MustCompile(`^(.+?)(By|For|Of|With)[A-Z][A-Za-z0-9]*$`)

// named is the name of the query for many keys: GetUser becomes ListUsersByIDs.
func (d *draft) named(column string) string {
	name := d.Name
	if m := by.FindStringSubmatch(name); m != nil {
		name = m[1]
	}
	for _, verb := range []string{"Get", "Find", "Fetch", "Load", "Select", "Read"} {
		if rest, ok := strings.CutPrefix(name, verb); ok && rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' {
			name = "List" + rest
		}
	}
	if at := lastWord.FindStringIndex(name); at != nil {
		name = name[:at[0]] + many(name[at[0]:])
	}
	var key strings.Builder
	for part := range strings.SplitSeq(column, "_") {
		switch {
		case strings.EqualFold(part, "id"):
			key.WriteString("ID")
		case part != "":
			key.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	keys := inflection.Plural(key.String())
	if k, ok := strings.CutSuffix(key.String(), "ID"); ok {
		keys = k + "IDs"
	}
	return name + "By" + keys
}

var lastWord = regexp.MustCompile(`[A-Z][a-z0-9]*$`)

// plural is a name with its last word in the plural.
func plural(name string) string {
	at := lastWord.FindStringIndex(name)
	if at == nil {
		return name + "s"
	}
	word := many(name[at[0]:])
	if word == name[at[0]:] {
		return name + "AtOnce"
	}
	return name[:at[0]] + word
}

// many is a word in the plural, where it may be already.
func many(word string) string {
	if inflection.Singular(word) != word {
		return word
	}
	return inflection.Plural(word)
}
