package postgres

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// rebuild is the change of a table that no ALTER makes: it is dropped and made again, and its rows are carried over.
func (d *differ) rebuild(a, b *catalog.Table) change {
	return change{replace: true}
}

var _ = strings.Join
var _ plan.Step
