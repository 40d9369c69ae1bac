package project

import (
	"os"
	"strings"

	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
)

// Debugging tells whether sqlc's variable SQLCDEBUG has a setting, such as dumpexplain=1.
func Debugging(setting string) bool {
	for s := range strings.SplitSeq(os.Getenv("SQLCDEBUG"), ",") {
		if strings.TrimSpace(s) == setting {
			return true
		}
	}
	return false
}

// forbidden reports what the environment forbids of a configuration: programs that it would run. Whoever builds what
// others wrote counts on it.
func forbidden(c *config.Config) (list diag.List) {
	const off = "processplugins=0"
	for _, p := range c.Plugins {
		if p.Cmd != "" && Debugging(off) {
			list.Add(diag.New(diag.PluginFailed, p.Span, "the plugin %q is a program, and SQLCDEBUG=%s forbids to run any", p.Name, off))
		}
	}
	return list
}

// onlyManaged tells whether the environment forbids to connect to databases that a configuration names.
func onlyManaged() bool { return Debugging("databases=managed") }
