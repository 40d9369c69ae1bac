package gowrite

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/source"
)

// domainName is the Go type of a domain.
type domainName struct {
	name, base, comment, sql string
	at                       source.Span
}

// basicTypes are Go types that drivers find under a type of another name, and of which a domain's Go type is made.
var basicTypes = words("string bool int16 int32 int64 float32 float64")

// planDomains names the Go types of domains. One whose values have no basic type in Go keeps the type that they have.
func (g *generator) planDomains() {
	if !g.strict || !g.opts.EmitDomainTypes || g.target == gotype.PGX4 {
		return
	}
	for _, d := range g.pkg.Domains {
		base := g.elementType(&d.Base).Text
		if d.Base.Dims > 0 || !basicTypes[base] {
			continue
		}
		sql := d.Name
		if !g.isDefault(d.Schema) {
			sql = d.Schema + "_" + d.Name
		}
		g.domains = append(g.domains, &domainName{name: g.names.Exported(sql), base: base, comment: d.Comment, sql: g.typeKey(d.Schema, d.Name), at: d.Span})
	}
}

// domainType is the Go type of a value by a domain that it is of, where a rule is about one, or one has a type of its own.
func (g *generator) domainType(c *surface.Column) (gotype.Type, bool) {
	for _, d := range c.Domains {
		notNull := c.NotNull
		if d.Dims > 0 {
			notNull = !c.ElemNull
		}
		for i := range g.overrides {
			o := &g.overrides[i]
			if o.Type.Text != "" && g.matchesType(o, d.Name, notNull, false) {
				t := o.Type
				t.Text = strings.Repeat("[]", d.Dims) + t.Text
				return t, true
			}
		}
		if d.Dims > 0 { // pgx knows no array of a type that it has not been told of
			continue
		}
		for _, n := range g.domains {
			if n.sql == d.Name && notNull {
				return gotype.Type{Text: n.name}, true
			} else if n.sql == d.Name {
				return gotype.Type{Text: "*" + n.name}, true
			}
		}
	}
	return gotype.Type{}, false
}

// matchesDomain tells whether a rule is about a domain that a value is of.
func (g *generator) matchesDomain(o *gotype.Override, c *surface.Column) bool {
	for _, d := range c.Domains {
		if d.Dims == 0 && g.matchesType(o, d.Name, c.NotNull, false) {
			return true
		}
	}
	return false
}

func (g *generator) writeDomain(f *goFile, d *domainName) {
	f.p()
	if d.comment == "" {
		f.p("// ", d.name, " is the domain ", d.sql, ".")
	} else {
		f.doc(comment(d.comment))
	}
	f.p("type ", d.name, " ", d.base)
}

// underDomain is the basic type that a domain's Go type is made of, "" where t is none.
func (g *generator) underDomain(t string) string {
	for _, d := range g.domains {
		if d.name == t {
			return d.base
		}
	}
	return ""
}
