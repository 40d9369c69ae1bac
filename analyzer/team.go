package analyzer

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/cel"
	"github.com/covetsql/covetsql/analyzer/plan"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// team is a rule of a configuration, compiled.
type team struct {
	config.Rule
	code          *diag.Code
	rule, message *cel.Rule
}

var severities = map[string]diag.Severity{"": diag.Error, "error": diag.Error, "warning": diag.Warning, "note": diag.Note}

// declare compiles a rule of a configuration; nil where it can not be used. used tells that a block names it.
func declare(r config.Rule, used bool) (*configured, diag.List) {
	var diags diag.List
	wrong := func(format string, args ...any) {
		diags.Add(diag.New(diag.RuleInvalid, r.NameSpan, "the rule "+r.Name+" "+format, args...))
	}
	severity, ok := severities[r.Severity]
	if !ok {
		wrong("has the severity %q; there are error, warning and note", r.Severity)
	}
	each := cel.Each(r.Each)
	switch each {
	case "":
		each = cel.EachQuery
	case cel.EachQuery, cel.EachTable:
	default:
		wrong("judges each %q; a rule judges each query or each table", r.Each)
		return nil, diags
	}
	var engines []catalog.Engine
	for _, e := range r.Engines {
		if engines = append(engines, catalog.Engine(e)); !slices.Contains(rule.AllEngines, catalog.Engine(e)) {
			wrong("is for the engine %q; there are postgresql, mysql and sqlite", e)
		}
	}
	if r.Message != "" && r.MessageExpression != "" {
		wrong("has a message and an expression for it: one of the two is enough")
	}
	understood := func(problems []cel.Problem, at func(line, column int) source.Span) {
		for _, p := range problems {
			d := diag.New(diag.RuleInvalid, at(p.Line, p.Column), "the rule %s can not be understood: %s", r.Name, p.Message)
			if p.Near != "" {
				d = d.WithHelp("did you mean %s?", p.Near)
			}
			if p.Late && !used {
				d.Severity = diag.Warning
			}
			diags.Add(d)
		}
	}
	summary := r.Message
	if summary == "" {
		summary = "A rule of the configuration forbids it."
	}
	t := &team{Rule: r, code: diag.RuleCode(r.Name, summary)}
	t.code.Severity = severity
	var problems []cel.Problem
	t.rule, problems = cel.Compile(r.Rule, each)
	understood(problems, r.At)
	if r.MessageExpression != "" {
		t.message, problems = cel.CompileMessage(r.MessageExpression, each)
		understood(problems, r.MessageAt)
	}
	if t.rule == nil || diags.HasErrors() {
		return nil, diags
	}
	out := &configured{name: r.Name, code: t.code, engines: engines}
	if each == cel.EachTable {
		out.table = t.judgeTable
		return out, diags
	}
	out.check = t.judge
	switch {
	case t.asks((*cel.Rule).NeedsServerPlan):
		out.needs = anyPlans
	case t.asks((*cel.Rule).NeedsPlan):
		out.needs = answers
	}
	return out, diags
}

// asks tells whether one of the rule's expressions wants something.
func (t *team) asks(what func(*cel.Rule) bool) bool {
	return what(t.rule) || t.message != nil && what(t.message)
}

// judge judges one text of a query.
func (t *team) judge(ctx context.Context, s *subject) diag.List {
	noPlan := func(err error) diag.List {
		return diag.List{s.finding(diag.ExplainFailed, "the database gives no plan of %s, which rules want to see: %s", s.query.Name, err)}
	}
	if t.asks((*cel.Rule).NeedsServerPlan) {
		if err := s.plan(ctx); err != nil {
			return noPlan(err)
		}
	}
	f := s.facts()
	if t.asks((*cel.Rule).NeedsKnown) && !f.Knows() {
		q := ofVariant(s.query, s.variant)
		if q == nil {
			return nil // the variants with all parts and with none are judged
		}
		if err := f.SetKnown(known(&rule.Query{Query: q, Package: s.judged()}, s.sql)); err != nil {
			return t.broken(err, s.query.Source.Header.NameSpan, s.query.Name)
		}
	}
	if t.asks((*cel.Rule).NeedsSchema) {
		schema, err := s.schema()
		if err != nil {
			return t.broken(err, s.query.Source.Header.NameSpan, s.query.Name)
		}
		f.SetSchema(schema)
	}
	if t.asks((*cel.Rule).NeedsPlan) {
		if err := s.ownPlan(ctx); err != nil {
			return noPlan(err)
		}
	}
	found := t.find(f, s.query.Source.Header.NameSpan, s.query.Name)
	for i := range found {
		found[i].Query = s.query.Name
	}
	return found
}

// judgeTable judges a table.
func (t *team) judgeTable(v *vetting, of *catalog.Table) diag.List {
	kt := knownTable(of)
	f, err := cel.TableFacts(v.configuration(), &kt)
	if err == nil && t.asks((*cel.Rule).NeedsSchema) {
		var schema any
		if schema, err = v.schema(); err == nil {
			f.SetSchema(schema)
		}
	}
	if err != nil {
		return t.broken(err, of.Span, of.Name)
	}
	return t.find(f, of.Span, of.Name)
}

// find is a finding at a place where the rule holds for what is called name.
func (t *team) find(f *cel.Facts, at source.Span, name string) diag.List {
	holds, err := t.rule.Holds(f)
	if err != nil {
		return t.broken(err, at, name)
	}
	if !holds {
		return nil
	}
	message := strings.TrimSpace(t.Message)
	if t.message != nil {
		if message, err = t.message.Message(f); err != nil {
			return t.broken(err, at, name)
		}
	}
	if message == "" {
		return diag.List{diag.New(t.code, at, "%s breaks the rule %s", name, t.Name)}
	}
	return diag.List{diag.New(t.code, at, "%s: %s", name, message)}
}

// broken says that an expression could not be run.
func (t *team) broken(err error, at source.Span, name string) diag.List {
	return diag.List{diag.New(diag.RuleInvalid, t.At(1, 0), "the rule %s could not be run: %s", t.Name, err).WithLabel(at, "when it judged %s", name)}
}

// tables judges the tables of the schema by the rules that the block chose.
func (v *vetting) tables() (diags diag.List) {
	for _, r := range v.rules {
		if r.table == nil {
			continue
		}
		for _, t := range tables(v.pkg.Catalog) {
			diags.Add(r.table(v, t)...)
		}
	}
	return diags
}

// ownPlan adds the plan in the form of all engines to the facts, once a subject.
func (s *subject) ownPlan(ctx context.Context) error {
	if s.known.planned {
		return s.known.planProblem
	}
	s.known.planned = true
	s.known.planProblem = s.askPlan(ctx)
	return s.known.planProblem
}

func (s *subject) askPlan(ctx context.Context) error {
	q := ofVariant(s.query, s.variant)
	if q == nil {
		q = s.query
	}
	text, err := s.db.Plan(ctx, s.sql, arguments(q))
	if err != nil {
		return err
	}
	if s.Plan != nil {
		s.Plan(s.query, text)
	}
	how, err := plan.Read(s.pkg.Config.Engine, text)
	var nothing *plan.Nothing
	switch {
	case errors.As(err, &nothing):
		how = &plan.Plan{}
	case err != nil:
		return err
	}
	if q.Bound != nil {
		s.judged().NameTables(q, how)
	}
	return s.facts().SetPlan(knownPlan(how))
}
