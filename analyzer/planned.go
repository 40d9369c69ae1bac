package analyzer

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/covetsql/covetsql/analyzer/database"
	"github.com/covetsql/covetsql/analyzer/plan"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
)

// planned judges the package's queries by the built-in rules on plans. They judge where the configuration names a database that is
// filled by others, or where one was given for the run.
func (v *vetting) planned(ctx context.Context) (diags diag.List) {
	var rules []*rule.Rule
	for _, r := range v.on(v.pkg) {
		if r.Plan != nil && r.Judges(v.pkg.Config.Engine) && (v.Analyze || !r.Measured) {
			rules = append(rules, r)
		}
	}
	d := v.pkg.Config.Database
	if len(rules) == 0 && v.Shapes == nil || d == nil || d.Managed || d.URI == "" || d.URI == ":memory:" || v.Open == nil {
		return nil
	}
	reach := ctx
	if !v.Asked { // nobody waits for a database that was not asked for
		var cancel context.CancelFunc
		reach, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	db, problems := v.database(reach)
	if db == nil {
		if v.Asked {
			return problems
		}
		for _, p := range problems { // rules that need the database say that it is an error
			diags.Add(diag.New(diag.PlansSkipped, p.Span, "plans are not judged: %s", p.Message))
		}
		return diags
	}
	stock, err := newStock(ctx, db, v.pkg.Catalog.DefaultSchema)
	if err != nil {
		return diag.List{diag.New(diag.PlansSkipped, d.Span, "plans are not judged: the database does not say how large its tables are: %s", err)}
	}
	judged := v.judged()
	if largest := stock.largest(judged.List); largest.Rows < plan.Tiny {
		what := "its tables are empty"
		switch {
		case largest.Rows == 1:
			what = "its largest table, " + largest.Name + ", has one row"
		case largest.Rows > 0:
			what = "its largest table, " + largest.Name + ", has " + rule.Many(largest.Rows) + " rows"
		}
		return diag.List{diag.New(diag.PlansSkipped, d.Span, "plans are not judged: the database has nothing worth planning for, %s", what).
			WithHelp("name a database with as many rows as in production, or statistics that were copied from there")}
	}
	texts := make([][]*facts.Query, len(judged.List))
	for i, q := range judged.List {
		texts[i] = []*facts.Query{q}
		if q.Variants != nil {
			texts[i] = q.Variants.Ends
		}
	}
	found := make([]diag.List, len(texts))
	parallel(len(texts), func(i int) {
		for n, q := range texts[i] {
			found[i].Add(v.judgePlans(ctx, judged, q, n, db, stock, rules)...)
		}
	})
	for _, ds := range found {
		diags.Add(ds...)
	}
	return diags
}

// patience is how long a database may take to answer that the configuration names for other rules.
const patience = 5 * time.Second

// judgePlans judges one text of a query.
func (v *vetting) judgePlans(ctx context.Context, judged *rule.Package, q *facts.Query, variant int, db database.Database, stock *stock, rules []*rule.Rule) (diags diag.List) {
	if q.Kind != facts.Read && q.Kind != facts.Write {
		return nil
	}
	args := arguments(q)
	text, err := db.Plan(ctx, q.SQL, args)
	if err != nil {
		// A call, or an INSERT of values, has no plan on some servers: that is no fault of the query, and sqlc/db-prepare
		// tells what the server does not take.
		return nil
	}
	if v.Plan != nil {
		v.Plan(q, text)
	}
	how, err := plan.Read(v.pkg.Config.Engine, text)
	var nothing *plan.Nothing
	switch {
	case errors.As(err, &nothing):
		return nil
	case err != nil:
		d := diag.New(diag.ExplainFailed, q.Source.Header.NameSpan, "the plan of %s can not be read: %s", q.Name, err)
		d.Query = q.Name
		return diag.List{d}
	}
	var custom *plan.Plan
	if len(args) > 0 && slices.ContainsFunc(rules, func(r *rule.Rule) bool { return r.Custom }) {
		if text, err := db.Custom(ctx, q.SQL, args); err == nil {
			custom, _ = plan.Read(v.pkg.Config.Engine, text)
		}
	}
	diags = judged.JudgePlan(q, how, custom, stock, rules)
	if v.Shapes != nil {
		diags.Add(v.Shapes.compare(v.pkg, q, variant, how)...)
	}
	if !v.Analyze || q.Kind != facts.Read || q.Locks {
		return diags
	}
	if text, err = db.Measure(ctx, q.SQL, args); err != nil {
		return diags // too slow, or of an engine that measures nothing
	}
	if how, err = plan.Read(v.pkg.Config.Engine, text); err == nil {
		diags.Add(judged.JudgePlan(q, how, nil, stock, rules)...)
	}
	return diags
}

// arguments are a query's, one for each placeholder where these have no numbers.
func arguments(q *facts.Query) []database.Argument {
	places := q.Placeholders
	if len(places) == 0 || numbered(q.SQL) {
		places = nil
		for i := range q.Params {
			places = append(places, i)
		}
	}
	var out []database.Argument
	for _, i := range places {
		p := &q.Params[i]
		a := database.Argument{Type: p.Type.Name, Array: p.Type.Dims > 0}
		if p.Source != nil && p.Table != nil {
			a.Schema, a.Table, a.Column = p.Table.Schema, p.Table.Name, p.Source.Name
		}
		out = append(out, a)
	}
	return out
}

// numbered tells whether the placeholders of a text have numbers, so that each argument is given once.
func numbered(text string) bool { return strings.Contains(text, "$1") || strings.Contains(text, "?1") }

// stock is what a database knows of its tables, asked once.
type stock struct {
	ctx    context.Context
	db     database.Database
	schema string
	tables []plan.Table

	mutex     sync.Mutex
	fractions map[[3]string]*fraction
}

type fraction struct {
	once  sync.Once
	part  float64
	known bool
}

func newStock(ctx context.Context, db database.Database, schema string) (*stock, error) {
	tables, err := db.Tables(ctx)
	return &stock{ctx: ctx, db: db, schema: schema, tables: tables, fractions: map[[3]string]*fraction{}}, err
}

func (s *stock) Table(schema, name string) (plan.Table, bool) {
	if schema == "" {
		schema = s.schema
	}
	for _, t := range s.tables {
		if strings.EqualFold(t.Name, name) && (t.Schema == "" || strings.EqualFold(t.Schema, schema)) {
			return t, true
		}
	}
	return plan.Table{}, false
}

func (s *stock) Fraction(schema, table, column string) (float64, bool) {
	s.mutex.Lock()
	key := [3]string{schema, table, column}
	f := s.fractions[key]
	if f == nil {
		f = &fraction{}
		s.fractions[key] = f
	}
	s.mutex.Unlock()
	f.once.Do(func() { f.part, f.known = s.db.Fraction(s.ctx, schema, table, column) })
	return f.part, f.known
}

// largest is the largest of the tables that queries touch.
func (s *stock) largest(queries []*facts.Query) (most plan.Table) {
	for _, q := range queries {
		for _, name := range slices.Concat(q.Reads, q.Writes) {
			schema, table, qualified := strings.Cut(name, ".")
			if !qualified {
				schema, table = "", name
			}
			if t, ok := s.Table(schema, table); ok && t.Rows > most.Rows {
				most = t
			}
		}
	}
	return most
}
