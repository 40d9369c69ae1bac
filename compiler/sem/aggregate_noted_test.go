package sem_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/ir"
)

// A call is noted as an aggregate's where it sums up a group, not where it slides over a window or only shares the name.
func TestAggregatesAreNoted(t *testing.T) {
	for engine, queries := range map[catalog.Engine]map[string]string{
		catalog.PostgreSQL: {
			"SELECT max(id), upper(name) FROM t GROUP BY name":              "max",
			"SELECT max(id) OVER (), count(*) OVER () FROM t":               "",
			"SELECT string_agg(lower(name), ',') FROM t HAVING min(id) > 1": "min string_agg",
			"SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY id) FROM t": "percentile_cont",
		},
		catalog.SQLite: {"SELECT max(id, 2), max(id), count(*) FROM t": "count max"},
		catalog.MySQL:  {"SELECT group_concat(name), any_value(id) FROM t": "group_concat"},
	} {
		for query, want := range queries {
			dir := t.TempDir()
			for name, text := range map[string]string{"schema.sql": "CREATE TABLE t (id int NOT NULL, name varchar(9) NOT NULL);", "query.sql": "-- name: Q :many\n" + query + ";\n"} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			p := compiler.Compile(&config.Config{Dir: dir, Packages: []config.Package{{Engine: engine, Schema: []string{"schema.sql"}, Queries: []string{"query.sql"}}}},
				compiler.Options{KeepRel: true})
			if p.Diagnostics.HasErrors() {
				t.Fatal(p.Diagnostics)
			}
			q := p.Packages[0].Queries()[0]
			noted := map[string]bool{}
			ir.Walk(q.Tree, func(n ir.Node) bool {
				if call, ok := n.(*ir.FuncCall); ok && q.Bound.Value(call) != nil && q.Bound.Value(call).Aggregate {
					noted[strings.ToLower(call.Name.Last())] = true
				}
				return true
			})
			for _, name := range strings.Fields(want) {
				if !noted[name] {
					t.Errorf("%s: %s is not noted", query, name)
				}
				delete(noted, name)
			}
			for name := range noted {
				t.Errorf("%s: %s is noted", query, name)
			}
		}
	}
}
