package analyzer

import (
	"sort"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
)

// disable is sqlc's line that turns rules off for a query: alone it turns all of them off.
const disable = "@sqlc-vet-disable"

// off are the rules that a query turns off.
type off struct {
	all   bool
	names map[string]bool
}

func (o off) has(rule string) bool { return o.all || o.names[rule] }

// disabled reads which rules a query turns off. Names that its package does not have are reported: they are spelt wrong, or of
// a rule that is gone.
func (v *vetting) disabled(q *facts.Query) (off, diag.List) {
	o := off{names: map[string]bool{}}
	said := false
	for _, line := range q.Comments {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] != disable {
			continue
		}
		said = true
		for _, name := range words[1:] {
			o.names[name] = true
		}
	}
	o.all = said && len(o.names) == 0
	var diags diag.List
	var unknown, known []string
	for name := range o.names {
		if !v.chosen[name] {
			unknown = append(unknown, name)
		}
	}
	for name := range v.chosen {
		known = append(known, name)
	}
	sort.Strings(unknown)
	for _, name := range unknown {
		d := diag.New(diag.RuleUnknown, q.Source.Header.NameSpan, "%s turns off the rule %q, which is not among the rules of its block", q.Name, name)
		d.Query = q.Name
		if near := diag.Nearest(name, known, 1); len(near) > 0 {
			d = d.WithHelp("did you mean %q?", near[0])
		}
		diags.Add(d)
	}
	return o, diags
}
