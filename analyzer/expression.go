package analyzer

import (
	"context"
	"slices"

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
		made, ds := declare(r, used[r.Name])
		diags.Add(ds...)
		out[r.Name] = made
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
		if len(r.engines) > 0 && !slices.Contains(r.engines, v.pkg.Config.Engine) {
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
	// planned and planProblem are of the plan in the form of all engines.
	planned     bool
	planProblem error
}

// facts are what expressions see of the subject.
func (s *subject) facts() *cel.Facts {
	if s.known.facts == nil {
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
		s.known.facts = cel.NewFacts(s.configuration(), q)
	}
	return s.known.facts
}

// configuration is what rules see of the block.
func (v *vetting) configuration() cel.Config {
	c := &v.pkg.Config
	return cel.Config{Version: v.program.Config.Version, Engine: c.Engine, Schema: c.Schema, Queries: c.Queries}
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
	return s.facts().SetServerPlan(s.pkg.Config.Engine, plan)
}
