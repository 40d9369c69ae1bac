package config

import (
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// Vet is what a configuration says of vet, for all blocks. Names of rules may be wrong: who vets says so, a build does not
// care.
type Vet struct {
	Severity []RuleSeverity
	// Baseline is a file of known findings, relative to the configuration's folder; "" for none.
	Baseline string
	// FailOn is one of FailOns: the least severity that makes a run fail; "" where it is not given.
	FailOn string
}

// RuleSeverity says what a rule's findings are: Rule is a code, a slug, the name of a rule of the configuration, or "all";
// Level one of Levels.
type RuleSeverity struct {
	Rule, Level string
	Span        source.Span // of the rule's name
}

// Levels are what a rule may be set to. On turns a rule on that is off by default, with its own severity.
var Levels = []string{"error", "warning", "note", "on", "off"}

// FailOns are the values of fail_on.
var FailOns = []string{"error", "warning", "note", "never"}

// All is the name that means every rule.
const All = "all"

// vet reads the settings of the whole file.
func (d *decoder) vet(to *Vet) setter {
	return func(n *yaml.Node) {
		d.mapping(n, "vet", fields{
			"severity": d.severities(&to.Severity),
			"baseline": d.baseline(&to.Baseline),
			"fail_on":  d.oneOf(&to.FailOn, FailOns...),
		})
	}
}

// blockVet reads those of a block.
func (d *decoder) blockVet(to *[]RuleSeverity) setter {
	return func(n *yaml.Node) {
		d.mapping(n, "vet of a block", fields{"severity": d.severities(to)})
	}
}

func (d *decoder) severities(to *[]RuleSeverity) setter {
	return func(n *yaml.Node) {
		n = follow(n)
		if n.Kind != yaml.MappingNode {
			d.diags.Add(diag.New(diag.ConfigInvalid, d.span(n), "severity must be a mapping of rules to severities, not %s", describe(n)).
				WithHelp("as in: severity: {not-in-nullable: error, all: warning}"))
			return
		}
		for _, e := range d.entries(n) {
			s := RuleSeverity{Rule: e.name, Span: d.span(e.key)}
			v, ok := d.scalar(e.value, "one of "+strings.Join(Levels, ", "))
			if !ok {
				continue
			}
			// off, on and no are booleans to readers of YAML 1.1.
			var on bool
			if v.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 && v.Decode(&on) == nil {
				s.Level = map[bool]string{true: "on", false: "off"}[on]
			} else {
				d.oneOf(&s.Level, Levels...)(e.value)
			}
			if s.Level != "" {
				*to = append(*to, s)
			}
		}
	}
}

// baseline reads the name of a file that is written too.
func (d *decoder) baseline(to *string) setter {
	return func(n *yaml.Node) {
		d.str(to)(n)
		if *to == "" || strings.HasSuffix(*to, "/") {
			d.errorAt(d.span(n), "baseline must name a file")
		}
		*to = filepath.ToSlash(*to)
	}
}
