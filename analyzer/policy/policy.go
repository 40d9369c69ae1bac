// Package policy says which rules judge and how bad their findings are: by the rules themselves, by the configuration, by the
// flags of a run. It knows codes and no rule.
package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
)

// Choice is what a run chooses beside the configuration.
type Choice struct {
	// Select are the only rules that judge, one that it names also where it is off; empty for those of the configuration. Ignore are
	// rules that do not.
	Select, Ignore []string
	// FailOn is one of config.FailOns, or "" for the configuration's.
	FailOn string
}

// Policy is the whole of both.
type Policy struct {
	config *config.Config
	choice Choice
	global []setting
	every  bool
}

// Every is the policy that every rule judges with its own severity, whatever the configuration says.
func Every(c *config.Config) *Policy { return &Policy{config: c, every: true} }

// New reads the settings. Names that mean no rule are errors: in the configuration with their place, in the choice as err.
func New(c *config.Config, choice Choice) (*Policy, diag.List, error) {
	p := &Policy{config: c, choice: choice}
	var diags diag.List
	check := func(settings []config.RuleSeverity) {
		for _, s := range settings {
			if problem, help := p.problem(s.Rule); problem != "" {
				d := diag.New(diag.RuleInvalid, s.Span, "%s", problem)
				if help != "" {
					d = d.WithHelp("%s", help)
				}
				diags.Add(d)
			}
		}
	}
	check(c.Vet.Severity)
	for _, b := range c.Packages {
		check(b.Severity)
	}
	for _, f := range []struct {
		flag  string
		names []string
	}{{"select", choice.Select}, {"ignore", choice.Ignore}} {
		for _, name := range f.names {
			if problem, help := p.problem(name); problem != "" {
				if help != "" {
					problem += "; " + help
				}
				return nil, diags, fmt.Errorf("--%s: %s", f.flag, problem)
			}
		}
	}
	p.global = settings(c.Vet.Severity)
	return p, diags, nil
}

// problem says what is wrong with the name of a rule; "" where nothing is.
func (p *Policy) problem(name string) (problem, help string) {
	if strings.EqualFold(name, config.All) || kind(name) {
		return "", ""
	}
	c, ok := p.Known(name)
	if !ok {
		if near := diag.Nearest(name, p.Names(), 1); len(near) > 0 {
			help = fmt.Sprintf("did you mean %q?", near[0])
		}
		return fmt.Sprintf("there is no rule %q", name), help
	}
	if c.OfCompiler() {
		return fmt.Sprintf("%s is of the compiler: vet can not set it", name), ""
	}
	return "", ""
}

// kind tells whether a name is the beginning of the codes of a kind of rules, as CV42.
func kind(name string) bool {
	name = strings.ToUpper(name)
	if len(name) < len("CV4") || len(name) > len("CV400") || !strings.HasPrefix(name, "CV4") && !strings.HasPrefix(name, "CV5") {
		return false
	}
	return slices.ContainsFunc(diag.Codes(), func(c *diag.Code) bool { return strings.HasPrefix(c.ID, name) })
}

// Known finds a rule by code, slug, or the name that the configuration gave it.
func (p *Policy) Known(name string) (*diag.Code, bool) {
	for _, c := range diag.Codes() {
		if c.Is(name) {
			return c, true
		}
	}
	for _, r := range p.config.Rules {
		if r.Name == name && name != "" {
			return diag.RuleCode(r.Name, r.Message), true
		}
	}
	return nil, false
}

// Names are all names of rules, those of the configuration first.
func (p *Policy) Names() []string {
	var names []string
	for _, r := range p.config.Rules {
		names = append(names, r.Name)
	}
	for _, c := range diag.Codes() {
		if !c.OfCompiler() {
			names = append(names, c.Slug, c.ID)
		}
	}
	return names
}

// setting is one line of severities; rank orders them by how exactly they name a rule.
type setting struct {
	name, level string
	rank        int
}

func settings(in []config.RuleSeverity) []setting {
	out := make([]setting, len(in))
	for i, s := range in {
		out[i] = setting{s.Rule, s.Level, rank(s.Rule)}
	}
	return out
}

func rank(name string) int {
	switch {
	case strings.EqualFold(name, config.All):
		return 1
	case kind(name):
		return 2
	}
	return 3
}

// means tells whether the setting is about the code.
func means(name string, c *diag.Code) bool {
	switch rank(name) {
	case 1:
		return !c.OfCompiler()
	case 2:
		return strings.HasPrefix(c.ID, strings.ToUpper(name))
	}
	return c.Is(name)
}

// Level is what a rule is set to in a block.
type Level struct {
	On bool
	// Set: findings have Severity, whatever the rule says.
	Set      bool
	Severity diag.Severity
}

var severities = map[string]diag.Severity{"note": diag.Note, "warning": diag.Warning, "error": diag.Error}

// Of is the level of a rule in a block; nil is no block, as for Go. A block overrules the whole file; in one mapping the name that is
// more exact wins.
func (p *Policy) Of(block *config.Package, c *diag.Code) Level {
	l := Level{On: !c.Off || p.every, Severity: c.Severity}
	if p.every {
		return l
	}
	layers := [][]setting{p.global}
	if block != nil {
		layers = append(layers, settings(block.Severity))
	}
	for _, layer := range layers {
		var best setting
		for _, s := range layer {
			if s.rank >= best.rank && means(s.name, c) {
				best = s
			}
		}
		switch best.level {
		case "":
		case "on":
			l.On = true
		case "off":
			l.On = false
		default:
			l.Set, l.Severity = true, severities[best.level]
			l.On = l.On || best.rank == 3
		}
	}
	if len(p.choice.Select) > 0 {
		l.On = slices.ContainsFunc(p.choice.Select, func(name string) bool { return means(name, c) && (l.On || rank(name) == 3) })
	}
	if slices.ContainsFunc(p.choice.Ignore, func(name string) bool { return means(name, c) }) {
		l.On = false
	}
	return l
}

// On tells whether a rule judges in a block.
func (p *Policy) On(block *config.Package, c *diag.Code) bool { return p.Of(block, c).On }

// Judge gives findings their severity and leaves those out whose rule is off. What the compiler says stays.
func (p *Policy) Judge(block *config.Package, found diag.List) diag.List {
	var out diag.List
	for _, d := range found {
		if d.Code.OfCompiler() {
			out = append(out, d)
			continue
		}
		l := p.Of(block, d.Code)
		if !l.On {
			continue
		}
		if l.Set {
			d.Severity = l.Severity
		}
		out = append(out, d)
	}
	return out
}

// Fails tells whether findings make a run fail.
func (p *Policy) Fails(found diag.List) bool {
	on := p.choice.FailOn
	if on == "" {
		on = p.config.Vet.FailOn
	}
	if on == "never" {
		return false
	}
	least, ok := severities[on]
	if !ok {
		least = diag.Error
	}
	worst, any := found.Worst()
	return any && worst >= least
}
