// Package timestampends2038 is the rule CV4713.
package timestampends2038

import (
	_ "embed"
	"slices"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds times to come in 32 bits.
var Rule = rule.NewPackage(page, check)

var future = map[string]bool{"until": true, "due": true, "renewal": true, "renews": true, "maturity": true, "retention": true, "expiration": true, "expiry": true, "expires": true}

// soon are things that end within days.
var soon = map[string]bool{"session": true, "sessions": true, "token": true, "tokens": true, "lock": true, "locks": true, "lease": true, "leases": true, "cache": true, "otp": true,
	"code": true, "codes": true, "verification": true, "nonce": true, "retry": true, "locked": true, "reset": true, "oauth": true, "captcha": true, "login": true, "csrf": true, "idempotency": true, "leased": true, "blocked": true, "ban": true, "banned": true}

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		has := func(words map[string]bool, name string) bool {
			return slices.ContainsFunc(rule.Words(name), func(w string) bool { return words[w] })
		}
		for _, c := range t.Columns {
			if c.Type.Is("timestamp") && has(future, c.Name) && !has(soon, c.Name) && !has(soon, t.Name) {
				p.Add(p.At(c.Span, "%s holds times to come, and TIMESTAMP ends in January 2038", c.Name).WithHelp("use DATETIME"))
			}
		}
	}
}
