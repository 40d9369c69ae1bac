package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
)

var engineNames = map[catalog.Engine]string{catalog.PostgreSQL: "PostgreSQL", catalog.MySQL: "MySQL", catalog.SQLite: "SQLite"}

// About says of a code what its severity is, and of a rule's whether it is on by default and for which engines.
func About(c *diag.Code) string {
	about := c.Severity.String()
	if c.OfCompiler() {
		return about
	}
	about += ", " + State(c) + " by default"
	if i := slices.IndexFunc(All, func(r *rule.Rule) bool { return r.Code == c }); i >= 0 {
		var engines []string
		for _, e := range All[i].Engines {
			engines = append(engines, engineNames[e])
		}
		about = fmt.Sprintf("%s; %s", about, strings.Join(engines, ", "))
	}
	return about
}

// State is "on" for a rule that judges by default, else "off".
func State(c *diag.Code) string {
	if c.Off {
		return "off"
	}
	return "on"
}
