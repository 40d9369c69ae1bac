// Package diff says what turns one schema into another. Both are introspected, so that they have their server's own texts. It hands
// the question to the engine's package and knows nothing of engines itself.
package diff

import (
	"fmt"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/diff/mysql"
	"github.com/covetsql/covetsql/migrate/diff/postgres"
	"github.com/covetsql/covetsql/migrate/diff/sqlite"
	"github.com/covetsql/covetsql/migrate/plan"
)

var engines = map[catalog.Engine]func(from, to *catalog.Snapshot, o plan.Options) (plan.Plan, error){
	catalog.PostgreSQL: postgres.Diff,
	catalog.MySQL:      mysql.Diff,
	catalog.SQLite:     sqlite.Diff,
}

// Diff plans what turns the schema from into the schema to, of the same engine. Renames are not looked for: a thing that only one of them
// has is dropped or made. The error says that a schema can't be understood; what can't be planned is in Plan.Unmanaged.
func Diff(from, to *catalog.Snapshot, o plan.Options) (plan.Plan, error) {
	f := engines[from.Engine]
	if f == nil || from.Engine != to.Engine {
		return plan.Plan{}, fmt.Errorf("schemas of %s and %s can't be compared", from.Engine, to.Engine)
	}
	return f(from, to, o)
}
