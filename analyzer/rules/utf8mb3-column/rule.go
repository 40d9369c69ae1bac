// Package utf8mb3column is the rule CV4707.
package utf8mb3column

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
)

//go:embed page.md
var page string

// Rule finds text of three bytes a character at the most.
var Rule = rule.NewPackage(page, check)

func short(charset string) bool {
	charset = strings.ToLower(charset)
	return charset == "utf8" || charset == "utf8mb3"
}

func check(p *rule.Package) {
	var first *catalog.Table
	var sample *catalog.Column
	tables := 0
	for _, t := range p.Tables() {
		if short(t.Options["charset"]) {
			for _, c := range t.Columns {
				if text(c) && (c.Charset == "" || short(c.Charset)) {
					tables++
					if first == nil {
						first, sample = t, c
					}
					break
				}
			}
			continue
		}
		for _, c := range t.Columns {
			if text(c) && short(c.Charset) {
				p.Add(p.At(c.Span, "%s is utf8mb3, which has no emoji: INSERT of one fails", c.Name).WithHelp("make its CHARACTER SET utf8mb4"))
			}
		}
	}
	if tables == 0 {
		return
	}
	what := first.Name
	if tables > 1 {
		what = fmt.Sprintf("%s, and of %d more tables,", first.Name, tables-1) // a schema has one character set, mostly
	}
	p.Add(p.At(first.Span, "the text of %s is utf8mb3, which has no emoji: INSERT of one fails", what).WithLabel(sample.Span, "for one").
		WithHelp("ALTER TABLE %s CONVERT TO CHARACTER SET utf8mb4", first.Name))
}

func text(c *catalog.Column) bool {
	return c.Type.Is("char", "varchar", "text", "tinytext", "mediumtext", "longtext")
}
