// Package smallsequencekey is the rule CV4715.
package smallsequencekey

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds counters that end soon.
var Rule = rule.NewPackage(page, check)

var last = map[string]string{"int2": "32,767", "int4": "2,147,483,647", "smallint": "32,767", "mediumint": "8,388,607", "int": "2,147,483,647", "tinyint": "127"}

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		key := t.PrimaryKey()
		if key == nil || len(key.Columns) != 1 {
			continue
		}
		c := p.Column(t, key.Columns[0])
		if c == nil || c.Identity == "" && !strings.HasPrefix(strings.ToLower(c.Default), "nextval(") || last[c.Type.Name] == "" || c.Type.Unsigned {
			continue
		}
		p.Add(p.At(c.Span, "%s is counted up and ends at %s: then every INSERT into %s fails", c.Name, last[c.Type.Name], t.Name).WithHelp("make it bigint while the table is small"))
	}
}
