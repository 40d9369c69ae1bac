// Package moneyasfloat is the rule CV4705.
package moneyasfloat

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
)

//go:embed page.md
var page string

// Rule finds money in floating point.
var Rule = rule.NewPackage(page, check)

// money are words of names that say that a column is money.
var money = map[string]bool{"price": true, "prices": true, "salary": true, "balance": true, "fee": true, "fees": true, "wage": true, "revenue": true,
	"payment": true, "payout": true, "subtotal": true, "money": true, "usd": true, "eur": true, "gbp": true, "refund": true, "deposit": true}

// no are words beside them that say that it is none after all.
var no = map[string]bool{"ratio": true, "rate": true, "percent": true, "percentage": true, "pct": true, "factor": true, "weight": true, "score": true, "index": true, "change": true, "avg": true, "average": true, "mean": true, "days": true}

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		for _, c := range t.Columns {
			if !float(p, c) || !slices.ContainsFunc(rule.Words(c.Name), func(w string) bool { return money[w] }) ||
				slices.ContainsFunc(rule.Words(c.Name), func(w string) bool { return no[w] }) {
				continue
			}
			p.Add(p.At(c.Span, "%s looks like money, and %s can not hold a tenth exactly: sums drift, and = may find nothing", c.Name, strings.ToLower(c.Declared)).
				WithHelp("%s", help[p.Engine]))
		}
	}
}

var help = map[catalog.Engine]string{
	catalog.PostgreSQL: "use numeric, or the smallest unit in a bigint",
	catalog.MySQL:      "use DECIMAL(12, 2), or the smallest unit in a BIGINT",
	catalog.SQLite:     "use INTEGER for the smallest unit, cents",
}

func float(p *rule.Package, c *catalog.Column) bool {
	switch p.Engine {
	case catalog.PostgreSQL:
		return c.Type.Is("float4", "float8")
	case catalog.MySQL:
		return c.Type.Is("float", "double")
	}
	return c.Type.Is("REAL")
}
