// Package nullableprimarykey is the rule CV4709.
package nullableprimarykey

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds primary keys that may be NULL.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		key := t.PrimaryKey()
		if key == nil {
			continue
		}
		for _, name := range key.Columns {
			c := p.Column(t, name)
			if c == nil || c.NotNull {
				continue
			}
			if len(key.Columns) == 1 && strings.Contains(strings.ToUpper(c.Declared), "INT") {
				p.Add(p.At(c.Span, "%s is a primary key that takes NULL: only the word INTEGER makes it the number of the row, %s does not", c.Name, c.Declared).
					WithHelp("write %s INTEGER PRIMARY KEY", c.Name))
				continue
			}
			p.Add(p.At(c.Span, "%s is in the primary key of %s and takes NULL, in any number of rows: SQLite asks for NOT NULL to be written", c.Name, t.Name).
				WithHelp("write NOT NULL"))
		}
	}
}
