package analyzer

import (
	"context"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/cel"
	"github.com/covetsql/covetsql/analyzer/database"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
)

// prepare is the rule that sqlc has built in.
const prepare = "sqlc/db-prepare"

// declared are the rules by name: sqlc's own and those that a configuration declares. One that can not be used is nil.
func declared(c *config.Config) (map[string]*configured, diag.List) {
	var diags diag.List
	out := map[string]*configured{prepare: {name: prepare, code: diag.QueryRefused, needs: answers, check: prepared}}
	places := map[string]config.Rule{}
	used := map[string]bool{}
	for _, p := range c.Packages {
		for _, u := range p.Rules {
			used[u.Name] = true
		}
	}
	for _, r := range c.Rules {
		switch _, again := out[r.Name]; {
		case r.Name == "":
			diags.Add(diag.New(diag.RuleInvalid, r.Span, "a rule has no name"))
			continue
		case r.Name == prepare:
			diags.Add(diag.New(diag.RuleInvalid, r.NameSpan, "the rule %s is built in, so none can be declared by its name", prepare))
			continue
		case again:
			diags.Add(diag.New(diag.RuleInvalid, r.NameSpan, "two rules are called %q", r.Name).WithLabel(places[r.Name].NameSpan, "the first is here"))
			continue
		}
		places[r.Name] = r
		out[r.Name] = nil
		if r.Rule == "" {
			diags.Add(diag.New(diag.RuleInvalid, r.NameSpan, "the rule %s has no expression", r.Name).
				WithHelp("write it under rule; what it is true of is a finding"))
			continue
		}
		compiled, problems := cel.Compile(r.Rule)
		for _, p := range problems {
			d := diag.New(diag.RuleInvalid, r.At(p.Line, p.Column), "the rule %s can not be understood: %s", r.Name, p.Message)
			if p.Late && !used[r.Name] {
				d.Severity = diag.Warning
			}
			diags.Add(d)
		}
		if compiled != nil {
			out[r.Name] = expression(r, compiled)
		}
	}
	return out, diags
}

// choose takes the rules that the package's configuration names.
func (v *vetting) choose(rules map[string]*configured) (diags diag.List) {
	for _, use := range v.pkg.Config.Rules {
		r, ok := rules[use.Name]
		if !ok {
			d := diag.New(diag.RuleInvalid, use.Span, "there is no rule %q", use.Name)
			names := make([]string, 0, len(rules))
			for name := range rules {
				names = append(names, name)
			}
			if near := diag.Nearest(use.Name, names, 1); len(near) > 0 {
				d = d.WithHelp("did you mean %q?", near[0])
			}
			diags.Add(d)
			continue
		}
		if again := v.chosen[use.Name]; r == nil || again {
			v.chosen[use.Name] = true
			continue
		}
		v.chosen[use.Name] = true
		if v.Policy != nil && !v.Policy.On(&v.pkg.Config, r.code) {
			continue
		}
		switch {
		case r.needs != nothing && v.pkg.Config.Database == nil:
			diags.Add(diag.New(diag.RuleInvalid, use.Span, "the rule %s needs a database, which the block does not have", use.Name).
				WithHelp("add database: {uri: …} to the block, or database: {managed: true} and a server under servers"))
			continue
		case r.needs == anyPlans && !cel.HasPlans(v.pkg.Config.Engine):
			diags.Add(diag.New(diag.RuleInvalid, use.Span, "the rule %s asks for a plan, which %s gives in no form that rules can read", use.Name, v.pkg.Config.Engine))
			continue
		}
		v.rules = append(v.rules, r)
	}
	return diags
}

// expression is a rule of the configuration.
func expression(r config.Rule, compiled *cel.Rule) *configured {
	summary := r.Message
	if summary == "" {
		summary = "A rule of the configuration forbids it."
	}
	code := diag.RuleCode(r.Name, summary)
	out := &configured{name: r.Name, code: code}
	if compiled.NeedsPlan {
		out.needs = anyPlans
	}
	out.check = func(ctx context.Context, s *subject) diag.List {
		if compiled.NeedsPlan {
			if err := s.plan(ctx); err != nil {
				return diag.List{s.finding(diag.ExplainFailed, "the database gives no plan of %s, which rules want to see: %s", s.query.Name, err)}
			}
		}
		holds, err := compiled.Holds(s.facts())
		switch {
		case err != nil:
			d := diag.New(diag.RuleInvalid, r.At(1, 0), "the rule %s could not be run: %s", r.Name, err).
				WithLabel(s.query.Source.Header.NameSpan, "when it judged %s", s.query.Name)
			return diag.List{d}
		case !holds:
			return nil
		case r.Message == "":
			return diag.List{s.finding(code, "%s breaks the rule %s", s.query.Name, r.Name)}
		}
		return diag.List{s.finding(code, "%s: %s", s.query.Name, strings.TrimSpace(r.Message))}
	}
	return out
}

// prepared judges by whether the database takes a query.
func prepared(ctx context.Context, s *subject) diag.List {
	if err := s.db.Prepare(ctx, s.sql); err != nil {
		return diag.List{s.finding(diag.QueryRefused, "the database does not take %s: %s", s.query.Name, err)}
	}
	return nil
}

// evidence is what was found out of a subject so far.
type evidence struct {
	facts   *cel.Facts
	asked   bool
	problem error // of asking for the plan
}

// facts are what expressions see of the subject.
func (s *subject) facts() *cel.Facts {
	if s.known.facts == nil {
		c := &s.pkg.Config
		q := cel.Query{SQL: s.sql, Name: s.shown.Name, Command: s.shown.Command}
		for i, p := range s.args {
			n := p.Number
			if p.Foreign > 0 {
				n = p.Foreign
			}
			if !slices.Contains(s.args[:i], p) {
				q.Params = append(q.Params, n)
			}
		}
		s.known.facts = cel.NewFacts(cel.Config{Version: s.program.Config.Version, Engine: c.Engine, Schema: c.Schema, Queries: c.Queries}, q)
	}
	return s.known.facts
}

// plan adds the database's plan to the facts, once a subject.
func (s *subject) plan(ctx context.Context) error {
	if s.known.asked {
		return s.known.problem
	}
	s.known.asked = true
	s.known.problem = s.explain(ctx)
	return s.known.problem
}

func (s *subject) explain(ctx context.Context) error {
	var args []database.Argument
	for _, p := range s.args {
		args = append(args, database.Argument{Type: p.Type, Array: p.Dims > 0})
	}
	plan, err := s.db.Explain(ctx, s.sql, args)
	if err != nil {
		return err
	}
	if s.Plan != nil {
		s.Plan(s.query, plan)
	}
	return s.facts().SetPlan(s.pkg.Config.Engine, plan)
}
