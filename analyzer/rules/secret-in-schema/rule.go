// Package secretinschema is the rule CV4808.
package secretinschema

import (
	_ "embed"
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds passwords in schema files.
var Rule = rule.NewPackage(page, check)

var password = regexp.MustCompile(`(?is)\b(?:PASSWORD|IDENTIFIED\s+(?:WITH\s+\S+\s+)?BY)\s*=?\s*'((?:[^']|'')*)'|\bpassword=([^\s']+)`)

func check(p *rule.Package) {
	for _, r := range p.Catalog.Rights {
		m := password.FindStringSubmatchIndex(r.Text)
		if m == nil || r.Verb == "GRANT" && p.Engine != catalog.MySQL {
			continue
		}
		at := m[2:4]
		if at[0] < 0 {
			at = m[4:6]
		}
		secret := r.Text[at[0]:at[1]]
		if secret == "" || strings.HasPrefix(secret, "SCRAM-SHA-256$") || strings.HasPrefix(secret, "md5") && len(secret) == 35 || strings.ContainsAny(secret[:1], "$:{<%") {
			continue // a hash, or what a tool replaces
		}
		span := source.Span{File: r.Span.File, Start: r.Span.Start + int32(at[0]), End: r.Span.Start + int32(at[1])}
		p.Add(p.At(span, "a password stands in the schema, for everyone to read who can read the files").
			WithHelp("set it where secrets are kept, and change the one that was written"))
	}
}
