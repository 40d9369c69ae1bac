package rule

import (
	"cmp"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/source"
)

// Package is a block of the configuration that is judged: its schema and its queries. The program must have been
// compiled with compiler.Options.KeepRel.
type Package struct {
	*compiler.Package
	Engine catalog.Engine
	Traits dialect.Traits
	// Semantics are the engine's typing rules over the schema; they may be asked from one goroutine at a time.
	Semantics dialect.Semantics
	// List are all queries that have no error, in order.
	List []*facts.Query
	// Views are the queries of the schema's views. They are judged one by one, and are not among List.
	Views []*facts.Query

	rule  *Rule
	found *diag.List
	kept  *kept
}

// kept are what rules found out of a package and share.
type kept struct {
	mutex  sync.Mutex
	values map[any]func() any
}

// Of readies a compiled package for rules. Queries are in the order of their files' names, so that what is said does not depend on the
// order in which the configuration names them.
func Of(p *compiler.Package) *Package {
	list := p.Queries()
	slices.SortStableFunc(list, func(a, b *facts.Query) int {
		if a.Source.File == b.Source.File {
			return cmp.Compare(a.Source.Span.Start, b.Source.Span.Start)
		}
		return cmp.Compare(a.Source.File.Path, b.Source.File.Path)
	})
	return &Package{Package: p, Engine: p.Config.Engine, Traits: p.Dialect.Traits(), Semantics: p.Dialect.Semantics(p.Catalog),
		List: list, Views: views(p), kept: &kept{values: map[any]func() any{}}}
}

// Shared is what make gives, made once a package: rules share what is costly to find out. key is a value of a type of the caller's own.
// make may share further things.
func Shared[T any](p *Package, key any, make func() T) T {
	p.kept.mutex.Lock()
	once, ok := p.kept.values[key]
	if !ok {
		once = sync.OnceValue(func() any { return make() })
		p.kept.values[key] = once
	}
	p.kept.mutex.Unlock()
	return once().(T)
}

// At is a finding of the rule at a place, to be completed and added.
func (p *Package) At(at source.Span, format string, args ...any) diag.Diagnostic {
	return diag.New(p.rule.Code, at, format, args...)
}

// Add reports a finding.
func (p *Package) Add(d diag.Diagnostic) { p.found.Add(d) }

// JudgeQuery gives what the rules find of one query.
func (p *Package) JudgeQuery(q *facts.Query, rules []*Rule) (found diag.List) {
	list := []*facts.Query{q}
	if q.Variants != nil {
		list = q.Variants.Ends
	}
	for _, f := range list {
		if f.Bound == nil {
			continue
		}
		for _, r := range rules {
			if r.Query != nil && r.Judges(p.Engine) {
				v := &Query{Query: f, Whole: q, Package: p, variants: list, rule: r, found: &found}
				guard(r, q.Source.Span, &found, func() { r.Query(v) })
			}
		}
	}
	return found
}

// JudgePackage gives what the rules find of the schema and of all queries together.
func (p *Package) JudgePackage(rules []*Rule) (found diag.List) {
	for _, r := range rules {
		if r.Package != nil && r.Judges(p.Engine) {
			v := *p
			v.rule, v.found = r, &found
			guard(r, p.Config.Span, &found, func() { r.Package(&v) })
		}
	}
	return found
}

// Each visits all queries, one with optional parts with all of them and with none, for rules that judge them together.
func (p *Package) Each(visit func(*Query)) { p.each(p.List, visit) }

// EachOrView is Each, and visits the queries of views too.
func (p *Package) EachOrView(visit func(*Query)) { p.each(slices.Concat(p.List, p.Views), visit) }

func (p *Package) each(queries []*facts.Query, visit func(*Query)) {
	for _, q := range queries {
		list := []*facts.Query{q}
		if q.Variants != nil {
			list = q.Variants.Ends
		}
		for _, f := range list {
			if f.Bound != nil {
				visit(&Query{Query: f, Whole: q, Package: p, variants: list, rule: p.rule, found: p.found})
			}
		}
	}
}

// Judge gives what the rules find of a whole package, sorted.
func (p *Package) Judge(rules []*Rule) diag.List {
	var found diag.List
	for _, q := range slices.Concat(p.List, p.Views) {
		found.Add(p.JudgeQuery(q, rules)...)
	}
	found.Add(p.JudgePackage(rules)...)
	return found.Sorted()
}

// guard runs a check. A bug of a rule costs that rule on that query, not the run.
func guard(r *Rule, at source.Span, found *diag.List, check func()) {
	before := len(*found)
	defer func() {
		if problem := recover(); problem != nil {
			*found = append((*found)[:before], diag.New(diag.InternalError, at, "the rule %s broke: %v", r.Slug, problem).
				WithHelp("please report it with the statement and its tables").WithHelp("%s", compiler.Origin(debug.Stack())))
		}
	}()
	check()
}
