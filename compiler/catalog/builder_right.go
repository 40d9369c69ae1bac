package catalog

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
)

// Policies and rights have no bearing on types: they are kept for those who judge a schema, and one that does not fit is no mistake here.

func (b *Builder) createPolicy(n *ir.CreatePolicy) {
	b.noted["CREATE POLICY"]++
	if t := b.s.Table(n.Table.Schema(), n.Table.Last()); t != nil {
		t.Policies = append(t.Policies, &Policy{Name: n.Name.Name, Command: n.Command, Restrictive: n.Restrictive, To: strings.Join(n.Roles, ", "), Using: n.Using, Check: n.Check, Span: n.Name.Span()})
	}
}

func (b *Builder) dropPolicy(n *ir.Drop, name string) {
	if n.Table == nil {
		return
	}
	if t := b.s.Table(n.Table.Schema(), n.Table.Last()); t != nil {
		t.Policies = slices.DeleteFunc(t.Policies, func(p *Policy) bool { return p.Name == name })
	}
}

// right keeps a statement that gives rights or makes a role.
func (b *Builder) right(n *ir.Noted) {
	first, object, _ := strings.Cut(n.Verb, " ")
	if first == "GRANT" || (first == "CREATE" || first == "ALTER") && (object == "ROLE" || object == "USER" || object == "SUBSCRIPTION" || object == "SERVER" || object == "USER MAPPING") {
		b.s.Rights = append(b.s.Rights, &Right{Verb: n.Verb, Text: n.Span().Text(), Span: n.Span()})
	}
}
