// Package analyzer judges compiled queries by rules: those that the configuration declares, and those that ask a live
// database. It knows which query is judged by which rule and what a finding looks like; how an expression
// is run is in analyzer/cel, what a database says in analyzer/database.
package analyzer

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/covetsql/covetsql/analyzer/database"
	"github.com/covetsql/covetsql/analyzer/policy"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
)

// Options are what a run may choose.
type Options struct {
	// Rules are the built-in rules that judge. They need a program that was compiled with compiler.Options.KeepRel.
	Rules []*rule.Rule
	// Policy says which rules judge and how bad their findings are; nil leaves it to the rules.
	Policy *policy.Policy
	// Open opens a package's database, which its configuration has, or says why it can not. It is called once a package, and
	// only where a rule needs it.
	Open func(ctx context.Context, p *compiler.Package) (database.Database, diag.List)
	// Asked tells that the database was given for this run: that it can not be used is an error, whichever rules want it.
	Asked bool
	// Analyze allows to run queries that only read, for rules that judge what was measured.
	Analyze bool
	// Shapes are the plans that the queries had; nil compares none.
	Shapes *Shapes
	// Plan is told each plan that a rule asked for; nil wants none. It is called from several goroutines at once.
	Plan func(q *facts.Query, plan []byte)
}

// Vet judges the queries of a program that have no error. The findings are sorted; those of the program are not among them.
func Vet(ctx context.Context, p *compiler.Program, o Options) diag.List {
	rules, diags := declared(p.Config)
	for _, pkg := range p.Packages {
		if pkg.Catalog == nil {
			continue
		}
		found := builtin(pkg, o.on(pkg))
		v := &vetting{Options: o, program: p, pkg: pkg, chosen: map[string]bool{}}
		v.judged = sync.OnceValue(func() *rule.Package { return rule.Of(pkg) })
		v.schema = sync.OnceValues(v.knownSchema)
		found.Add(v.choose(rules)...)
		found.Add(v.vet(ctx)...)
		found.Add(v.tables()...)
		found.Add(v.planned(ctx)...)
		v.close()
		nameSubjects(pkg, found)
		if o.Policy != nil {
			found = o.Policy.Judge(&pkg.Config, found)
		}
		diags.Add(found...)
	}
	return compiler.Placed(diags).Sorted()
}

// on are the built-in rules that judge a package.
func (o Options) on(p *compiler.Package) (rules []*rule.Rule) {
	for _, r := range o.Rules {
		if o.Policy == nil && !r.Off || o.Policy != nil && o.Policy.On(&p.Config, r.Code) {
			rules = append(rules, r)
		}
	}
	return rules
}

// configured is a rule that a configuration chooses: one that it declares, or sqlc's own.
type configured struct {
	name string
	code *diag.Code
	// needs tells what the rule wants of a database.
	needs need
	check func(ctx context.Context, s *subject) diag.List
	// table judges a table instead of queries.
	table func(v *vetting, t *catalog.Table) diag.List
	// engines are those that it is for; empty for all.
	engines []catalog.Engine
}

type need uint8

const (
	nothing  need = iota
	answers       // any database
	anyPlans      // one that gives plans
)

// vetting is the rules of one package over its queries.
type vetting struct {
	Options
	program *compiler.Program
	pkg     *compiler.Package
	rules   []*configured
	chosen  map[string]bool // the names in the package's configuration

	judged func() *rule.Package
	schema func() (any, error)

	opened   bool
	db       database.Database
	problems diag.List
}

// database opens the package's database at the first call; nil where it can not be opened.
func (v *vetting) database(ctx context.Context) (database.Database, diag.List) {
	if !v.opened {
		v.opened = true
		v.db, v.problems = v.Open(ctx, v.pkg)
	}
	return v.db, v.problems
}

func (v *vetting) close() {
	if v.db != nil {
		v.db.Close()
	}
}

// vet judges all queries of the package, several at once.
func (v *vetting) vet(ctx context.Context) (diags diag.List) {
	queries := v.pkg.Queries()
	wanted := make([][]*configured, len(queries))
	connect := false
	for i, q := range queries {
		off, ds := v.disabled(q)
		diags.Add(ds...)
		for _, r := range v.rules {
			if r.check != nil && !off.has(r.name) {
				wanted[i] = append(wanted[i], r)
				connect = connect || r.needs != nothing
			}
		}
	}
	if connect {
		db, ds := v.database(ctx)
		diags.Add(ds...)
		if db == nil {
			v.withoutDatabase(wanted)
		}
	}
	if !slices.ContainsFunc(wanted, func(rules []*configured) bool { return len(rules) > 0 }) {
		return diags
	}
	shown := codegen.Queries(v.pkg)
	found := make([]diag.List, len(queries))
	parallel(len(queries), func(i int) {
		for _, s := range v.subjects(queries[i], shown[i]) {
			for _, r := range wanted[i] {
				found[i].Add(r.check(ctx, s)...)
			}
		}
	})
	for _, ds := range found {
		diags.Add(ds...)
	}
	return diags
}

// withoutDatabase takes out what would say once a query that the database could not be opened.
func (v *vetting) withoutDatabase(wanted [][]*configured) {
	for i, rules := range wanted {
		var kept []*configured
		for _, r := range rules {
			if r.needs == nothing {
				kept = append(kept, r)
			}
		}
		wanted[i] = kept
	}
}

// subject is one text of a query: a query with optional parts has several.
type subject struct {
	*vetting
	query *facts.Query
	shown *surface.Query
	sql   string
	// variant is the number of the text.
	variant int
	// args are the text's arguments as a driver is given them: of placeholders without numbers one for each.
	args  []*surface.Param
	known evidence
}

// subjects are the texts of a query.
func (v *vetting) subjects(q *facts.Query, shown *surface.Query) []*subject {
	places := shown.Placeholders
	if len(places) == 0 {
		for i := range shown.Params {
			if p := &shown.Params[i]; !p.Flag && p.Order == nil {
				places = append(places, i)
			}
		}
	}
	texts := []string{shown.SQL}
	if shown.Variants != nil {
		texts = shown.Variants.Texts
	}
	var out []*subject
	for variant, text := range texts {
		s := &subject{vetting: v, query: q, shown: shown, sql: text, variant: variant}
		for _, i := range places {
			p := &shown.Params[i]
			there := func(need uint) bool { return need&^uint(variant) == 0 }
			if len(p.Needs) == 0 || slices.ContainsFunc(p.Needs, there) {
				s.args = append(s.args, p)
			}
		}
		out = append(out, s)
	}
	return out
}

// finding is a finding about the subject's query.
func (s *subject) finding(c *diag.Code, format string, args ...any) diag.Diagnostic {
	d := diag.New(c, s.query.Source.Header.NameSpan, format, args...)
	d.Query = s.query.Name
	return d
}

// parallel calls f for 0 … n-1 from several goroutines. Most of the time is waiting for a database, so there are more
// of them than cores may be.
func parallel(n int, f func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, max(4, runtime.GOMAXPROCS(0))) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				f(i)
			}
		})
	}
	wg.Wait()
}
