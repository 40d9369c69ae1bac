// Package granttoeveryone is the rule CV4803.
package granttoeveryone

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
)

//go:embed page.md
var page string

// Rule finds rights that everyone gets.
var Rule = rule.NewPackage(page, check)

var (
	public = regexp.MustCompile(`(?is)^GRANT\s+(.+?)\s+ON\s+(TABLE\s+|SCHEMA\s+|SEQUENCE\s+|ALL\s+TABLES\s+IN\s+SCHEMA\s+)?(.+?)\s+TO\s+(?:GROUP\s+)?(.+?)(?:\s+WITH\s+GRANT\s+OPTION)?\s*;?\s*$`)
	whole  = regexp.MustCompile(`(?is)^GRANT\s+ALL(?:\s+PRIVILEGES)?\s+ON\s+\*\.\*\s+TO\s+`)
	other  = regexp.MustCompile(`(?i)^(FUNCTION|PROCEDURE|ROUTINE|ALL|DATABASE|TYPE|DOMAIN|LANGUAGE|FOREIGN|LARGE|TABLESPACE|PARAMETER)\s`)
)

func check(p *rule.Package) {
	for _, r := range p.Catalog.Rights {
		if r.Verb != "GRANT" {
			continue
		}
		if p.Engine == catalog.MySQL {
			if whole.MatchString(r.Text) {
				p.Add(p.At(r.Span, "all rights on all databases of the server are given away").WithHelp("name the database, and the rights that the application needs"))
			}
			continue
		}
		m := public.FindStringSubmatch(r.Text)
		if m == nil || !slices.ContainsFunc(strings.Split(m[4], ","), func(to string) bool { return strings.EqualFold(strings.TrimSpace(to), "PUBLIC") }) || other.MatchString(m[3]) {
			continue
		}
		rights := strings.ToUpper(m[1])
		schema := strings.HasPrefix(strings.ToUpper(m[2]), "SCHEMA")
		switch {
		case schema && (strings.Contains(rights, "CREATE") || strings.HasPrefix(rights, "ALL")):
			p.Add(p.At(r.Span, "every role, also those to come, may create objects in the schema %s, which others then find there", m[3]).
				WithHelp("GRANT USAGE is enough to use what is there"))
		case !schema && !strings.HasPrefix(rights, "USAGE"):
			p.Add(p.At(r.Span, "every role, also those to come, gets %s on %s", strings.Join(strings.Fields(rights), " "), m[3]).
				WithHelp("name the roles that need it"))
		}
	}
}
