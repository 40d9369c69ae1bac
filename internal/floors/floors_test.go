// Package floors holds the arrows of ARCHITECTURE.md: a package imports only what stands
// under it, and each third-party parser has one importer.
package floors

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/covetsql/covetsql/"

// floor is the height of each package, as ARCHITECTURE.md lists them. A package imports
// packages of lower floors, its own sub-packages, and nothing beside it.
var floor = map[string]int{
	"runtime/plan":        1,
	"runtime/fault":       1,
	"runtime/metrics":     3,
	"runtime/pool":        3,
	"runtime/cache":       3,
	"runtime/tx":          3,
	"runtime/dbsql":       3,
	"runtime":             4,
	"runtime/conformance": 5,
	"runtime/postgres":    5,
	"runtime/mysql":       5,
	"runtime/sqlite":      5,
	"compiler/source":     1,

	"compiler/diag":        2,
	"compiler/diag/report": 3,
	"compiler/token":       3,
	"compiler/types":       3,
	"compiler/cache":       3,
	"compiler/ir":          4,
	"compiler/catalog":     5,

	"compiler/config":                   6,
	"compiler/dialect":                  6,
	"compiler/dialect/postgres":         7,
	"compiler/dialect/postgres/rawtree": 7,
	"compiler/dialect/mysql":            7,
	"compiler/dialect/sqlite":           7,

	"compiler/introspect/ddl":      7,
	"compiler/introspect/postgres": 8,
	"compiler/introspect/mysql":    8,
	"compiler/introspect/sqlite":   8,

	"compiler/rel":   7,
	"compiler/sem":   8,
	"compiler/facts": 9,
	"compiler":       10,

	"compiler/codegen/naming":         11,
	"compiler/codegen/gotype":         11,
	"compiler/codegen/surface":        11,
	"compiler/plugin/protocol":        11,
	"compiler/codegen/surface/truth":  12,
	"compiler/codegen/surface/compat": 13,
	"compiler/codegen/gowrite":        13,
	"compiler/codegen/request":        13,
	"compiler/codegen":                14,
	"compiler/plugin":                 15,

	"migrate/plan":              6,
	"migrate/diff/postgres":     8,
	"migrate/diff/mysql":        8,
	"migrate/diff/sqlite":       8,
	"migrate/diff":              9,
	"migrate/proof/fingerprint": 9,
	"migrate/rename":            10,
	"migrate/proof":             11,
	"migrate/draft":             12,
	"migrate/hazard/effect":     8,
	"migrate/hazard/ask":        9,
	"migrate/hazard/postgres":   9,
	"migrate/hazard/mysql":      9,
	"migrate/hazard/sqlite":     9,
	"migrate/hazard":            11,
	"migrate/breaks":            12,
	"migrate/file":              6,
	"migrate/history":           7,
	"migrate":                   8,

	"migrate/diff/sqlite/definition": 7,

	"analyzer/plan":     13,
	"analyzer/cel":      15,
	"analyzer/database": 15,
	"analyzer/policy":   15,
	"analyzer/suppress": 15,
	"analyzer/baseline": 15,
	"analyzer/rule":     14,
	"analyzer/access":   15,
	"analyzer/gocode":   15,
	"analyzer/rules":    17,
	"analyzer":          18,
}

// ruleFloor is that of the rules of vet, a folder each; they do not import one another.
const ruleFloor = 16

// forbidden are arrows that the floors alone would allow, each with its reason.
var forbidden = []struct{ from, to, why string }{
	{"compiler/sem", "compiler/dialect/", "binding knows engines by Traits and Semantics only"},
	{"compiler/rel", "compiler/dialect", "properties are relational algebra, the same for every engine"},
	{"compiler/facts", "compiler/dialect", "facts are read from the bound tree"},
	{"compiler/catalog", "compiler/dialect", "the catalog is one model; engines come in as Rules"},
	{"compiler/codegen/gowrite", "compiler/codegen/surface/", "how Go is written does not depend on how the surface was found"},
	{"compiler/codegen/request", "compiler/codegen/surface/", "what a generator is told does not depend on how the surface was found"},
	{"runtime", "compiler", "an application that runs generated code must not link a parser"},
	{"migrate/file", "compiler/dialect", "an application that runs migrations must not link a parser"},
	{"migrate/history", "compiler/dialect", "an application that runs migrations must not link a parser"},
	{"compiler", "cmd", "the compiler is a library"},
	{"compiler", "analyzer", "rules judge what was compiled"},
	{"analyzer/cel", "analyzer/database", "an expression is run over facts, wherever they come from"},
	{"compiler", "internal/testkit", "testkit is for tests"},
	{"analyzer/rules/", "analyzer/rules/", "a rule knows of no other; what rules share is in analyzer/rule and beside it"},
}

// owners are the only packages that may import a third-party module.
var owners = map[string][]string{
	"github.com/pganalyze/pg_query_go":   {"compiler/dialect/postgres", "internal/gen/pgtree"},
	"github.com/pingcap/tidb/pkg/parser": {"compiler/dialect/mysql"},
	"github.com/sqlc-dev/meyer":          {"compiler/dialect/sqlite"},
	"github.com/urfave/cli":              {"cmd/covetsql", "internal/factory"},
	"github.com/mattn/go-isatty":         {"cmd/covetsql"},
	"github.com/creack/pty":              {"cmd/covetsql"},
	"github.com/fsnotify/fsnotify":       {"cmd/covetsql/internal/generate"},
	"github.com/tetratelabs/wazero":      {"compiler/plugin"},
	"google.golang.org/protobuf":         {"compiler/plugin", "compiler/dialect/postgres", "internal/gen/pgtree", "analyzer/cel", "runtime/metrics/prometheus"},
	"github.com/google/cel-go":           {"analyzer/cel"},
	"golang.org/x/tools":                 {"analyzer/gocode"},
	"github.com/owenrumney/go-sarif":     {"compiler/diag/report"},
	"gopkg.in/yaml.v3":                   {"compiler/config", "cmd/covetsql"},
	"github.com/cenkalti/backoff":        {"migrate", "runtime"},
	"github.com/jackc/puddle":            {"runtime/pool"},
	"github.com/maypok86/otter":          {"runtime/cache"},
	"github.com/jackc/pgx":               {"compiler/introspect", "migrate/proof", "migrate/hazard", "analyzer/database", "internal", "runtime", "examples", "testdata"},
	"github.com/go-sql-driver/mysql":     {"compiler/introspect", "migrate/proof", "migrate/hazard", "analyzer/database", "internal", "runtime", "examples", "testdata"},
	"github.com/prometheus":              {"runtime/metrics/prometheus"},
	"go.opentelemetry.io":                {"runtime/metrics/otel"},
	"modernc.org/libc":                   {"runtime/sqlite"},
	"modernc.org/sqlite":                 {"compiler/introspect", "analyzer/database", "internal", "runtime", "examples", "testdata"},
}

func imports(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	m := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		m[strings.TrimSuffix(f[0], "/")] = f[1:]
	}
	return m
}

func TestPackagesImportOnlyWhatStandsUnderThem(t *testing.T) {
	for pkg, deps := range imports(t) {
		from := strings.TrimPrefix(pkg, module)
		own, known := floor[from]
		if strings.HasPrefix(from, "analyzer/rules/") {
			own, known = ruleFloor, true
		}
		if (strings.HasPrefix(from, "compiler") || strings.HasPrefix(from, "analyzer") || strings.HasPrefix(from, "migrate")) && !known && !strings.Contains(from, "testdata") {
			t.Errorf("%s stands on no floor: add it to ARCHITECTURE.md and to this test", from)
		}
		for _, dep := range deps {
			to, ok := strings.CutPrefix(dep, module)
			if !ok {
				continue
			}
			if height, known2 := floor[to]; known && known2 && height >= own && !strings.HasPrefix(to, from+"/") {
				t.Errorf("%s (floor %d) imports %s (floor %d): it may import lower floors only", from, own, to, height)
			}
			for _, f := range forbidden {
				if strings.HasPrefix(from, f.from) && strings.HasPrefix(to, f.to) && !strings.HasPrefix(f.to, from) {
					t.Errorf("%s imports %s: %s", from, to, f.why)
				}
			}
		}
	}
}

func TestEachParserHasOneImporter(t *testing.T) {
	for pkg, deps := range imports(t) {
		from := strings.TrimPrefix(pkg, module)
		for _, dep := range deps {
			for lib, allowed := range owners {
				if !strings.HasPrefix(dep, lib) {
					continue
				}
				ok := false
				for _, a := range allowed {
					ok = ok || from == a || strings.HasPrefix(from, a+"/")
				}
				if !ok {
					t.Errorf("%s imports %s; only %s may", from, dep, strings.Join(allowed, ", "))
				}
			}
		}
	}
}
