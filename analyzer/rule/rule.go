// Package rule says what a built-in rule of vet is, what it sees of a query and of the schema, and how it reports what it
// finds. The rules themselves are in analyzer/rules, a folder each.
package rule

import (
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
)

// Rule is one rule: its code, what its page's head says, and its check. One of the checks is set at most: some
// rules are checked where more is known, the Go of an application or a plan.
type Rule struct {
	*diag.Code
	// Engines are those that it judges.
	Engines []catalog.Engine
	// Page explains it, in Markdown.
	Page string

	// Query judges one query, a query with optional parts twice: with all of them and with none.
	Query func(*Query)
	// Package judges the schema of a block, and all of its queries together.
	Package func(*Package)
	// Plan judges how a database would run a query; where Measured is set, how it did run it.
	Plan     func(*Planned)
	Measured bool
	// Custom wants the plan for values too.
	Custom bool
}

// New makes a rule that judges queries one by one. page begins with the rule's head:
//
//	# CV4101 not-in-nullable
//
//	severity: error
//	engines: postgresql, mysql, sqlite
//	default: on
//	engine: postgresql
//
//	One sentence that says what is wrong.
//
// engines may be left out for all, default for on; engine is that of the page's examples. It panics where the head is
// not whole: that is a programming error.
func New(page string, check func(*Query)) *Rule {
	r := head(page)
	r.Query = check
	return r
}

// NewPackage makes a rule that judges a block's schema, or all of its queries together.
func NewPackage(page string, check func(*Package)) *Rule {
	r := head(page)
	r.Package = check
	return r
}

// NewPlan makes a rule that judges the plans of queries, which needs a database. With "measured: yes" in the page's head it wants
// plans of queries that were run.
func NewPlan(page string, check func(*Planned)) *Rule {
	r := head(page)
	r.Plan = check
	return r
}

// NewElsewhere makes a rule whose check is not here: it judges something else than queries and schemas.
func NewElsewhere(page string) *Rule { return head(page) }

// Judges tells whether the rule is for an engine.
func (r *Rule) Judges(e catalog.Engine) bool {
	for _, have := range r.Engines {
		if have == e {
			return true
		}
	}
	return false
}

var severities = map[string]diag.Severity{"error": diag.Error, "warning": diag.Warning, "note": diag.Note}

// AllEngines are the engines that there are.
var AllEngines = []catalog.Engine{catalog.PostgreSQL, catalog.MySQL, catalog.SQLite}

// head reads the head of a page.
func head(page string) *Rule {
	title, rest, _ := strings.Cut(page, "\n")
	id, slug, ok := strings.Cut(strings.TrimPrefix(title, "# "), " ")
	if !ok || !strings.HasPrefix(title, "# CV") {
		panic(fmt.Sprintf("rule: a page begins with %q, not with a code and a slug", title))
	}
	r := &Rule{Page: page, Engines: AllEngines}
	severity, known, off := diag.Warning, false, false
	summary := ""
	for line := range strings.Lines(rest) {
		line = strings.TrimSpace(line)
		key, value, _ := strings.Cut(line, ": ")
		switch {
		case strings.HasPrefix(line, "## "):
			panic("rule: the page of " + id + " has no summary above its sections")
		case key == "severity":
			severity, known = severities[value]
		case key == "engines":
			r.Engines = nil
			for name := range strings.SplitSeq(value, ", ") {
				r.Engines = append(r.Engines, catalog.Engine(name))
			}
		case key == "default":
			off = value == "off"
		case key == "custom":
			r.Custom = value == "yes"
		case key == "measured":
			r.Measured = value == "yes"
		case key == "engine" || line == "":
		default:
			summary = line
		}
		if summary != "" {
			break
		}
	}
	if !known {
		panic("rule: the page of " + id + " has no severity")
	}
	r.Code = diag.Declare(id, slug, severity, summary, page)
	r.Off = off
	return r
}
