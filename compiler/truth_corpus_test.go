package compiler_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/types"
)

// tally counts what could be held against a server.
type tally struct {
	queries, described, ran, answered int
	nullable, witnessed               int
	failed                            []failure
}

// failure is a query that did not run.
type failure struct {
	project, query string
	described      bool
	partial        bool // its schema was refused in part
	err            error
}

// add counts a package in.
func (n *tally) add(h *holding) {
	for _, q := range h.pkg.Queries() {
		n.queries++
		if h.described[q.Name] {
			n.described++
		}
		if h.answered[q.Name] {
			n.answered++
		}
		if !h.ran[q.Name] {
			n.failed = append(n.failed, failure{"", q.Name, h.described[q.Name], h.partial, h.fail[q.Name]})
			continue
		}
		n.ran++
		for i, c := range q.Columns {
			if c.Null.IsNever() || c.Null.Null == types.Always {
				continue
			}
			n.nullable++
			if seen := h.seen[q.Name]; i < len(seen.Null) && seen.Null[i] {
				n.witnessed++
			}
		}
	}
}

// causes are why a query of a project may not run on a server of ours. What fits none of them
// fails the test.
var causes = []struct {
	words *regexp.Regexp
	cause string
}{
	{regexp.MustCompile(`42883`), "the project's schema does not define a function that it calls"},
	{regexp.MustCompile(`invalid name syntax`), "a placeholder of the project's own templates stands in the text"},
	{regexp.MustCompile(`subquery in FROM must have an alias`), "PostgreSQL 16 takes it, 15 does not"},
	{regexp.MustCompile(`ON CONFLICT clause does not match`), "the project's schema lacks the unique index that it names"},
	{regexp.MustCompile(`no such column`), "the project makes the column elsewhere"},
	{regexp.MustCompile(`(?i)(partition|temp table|relation) \S+ does not exist`), "it works on tables that the program makes as it runs"},
	{regexp.MustCompile(`SQLSTATE (23|21000)|constraint failed`), "constraints that no argument and no stored row of ours met"},
}

func causeOf(err error) string {
	for _, c := range causes {
		if c.words.MatchString(err.Error()) {
			return c.cause
		}
	}
	return ""
}

// onlyOnSister is said of a query of MySQL's packages that ran on MariaDB alone, or on MySQL.
const onlyOnSister = "SQL of the sister server's, which ran it"

// enough is the share of the queries of each engine that must prepare and run.
const enough = 0.97

// The report of what ran stands in internal/truth/testdata/corpus.txt; -update-truth writes it.
func TestTruthOfRealProjects(t *testing.T) {
	total := map[string]*tally{}
	hold := func(t *testing.T, project, name string, engine catalog.Engine, mariadb bool, prog *compiler.Program, p *compiler.Package) {
		if total[name] == nil {
			total[name] = &tally{}
		}
		n := total[name]
		before := len(n.failed)
		holdPackage(t, server(t, engine, mariadb), prog, p, n)
		for i := range n.failed[before:] {
			n.failed[before+i].project = project
		}
	}
	eachProject(t, func(project string, i int, prog *compiler.Program, p *compiler.Package) {
		e := p.Config.Engine
		t.Run(fmt.Sprintf("%s/%s%d", project, e, i), func(t *testing.T) {
			hold(t, project, string(e), e, false, prog, p)
		})
		if e == catalog.MySQL {
			t.Run(fmt.Sprintf("%s/mariadb%d", project, i), func(t *testing.T) {
				hold(t, project, "mariadb", e, true, prog, p)
			})
		}
	})
	if t.Failed() || t.Skipped() || len(total) == 0 {
		return
	}
	report := corpusReport(t, total)
	t.Log("\n" + report)
	golden := filepath.Join("..", "internal", "truth", "testdata", "corpus.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(report), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// Rows differ with the day and the server's version, and with them the counts; a query that
	// ran when the report was written must run.
	kept, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, line := range strings.Split(string(kept), "\n") {
		known[line] = true
	}
	for _, line := range strings.Split(report, "\n") {
		if strings.HasPrefix(line, "  ") && !known[line] {
			t.Errorf("%s ran when corpus.txt was written and does not now", strings.TrimSpace(line))
		}
	}
}

// eachProject compiles the packages of the real projects.
func eachProject(t *testing.T, visit func(project string, i int, prog *compiler.Program, p *compiler.Package)) {
	projects, _ := filepath.Glob(filepath.Join(acceptanceFolder(t, "corpus"), "*", "tree"))
	for _, tree := range projects {
		filepath.WalkDir(tree, func(path string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			switch e.Name() {
			case "sqlc.yaml", "sqlc.yml", "sqlc.json":
			default:
				return nil
			}
			cfg, diags := config.Load(path)
			if diags.HasErrors() {
				t.Error(diags)
				return nil
			}
			prog := compiler.Compile(cfg, compiler.Options{})
			for i, p := range prog.Packages {
				visit(filepath.Base(filepath.Dir(tree)), i, prog, p)
			}
			return nil
		})
	}
}

// corpusReport writes the counts of each engine and a line for each query that did not run.
// A server's share is of the queries that are for it: of MySQL's packages some are written for
// MySQL alone, others for MariaDB alone.
func corpusReport(t *testing.T, total map[string]*tally) string {
	var b strings.Builder
	b.WriteString("Queries of real projects on real servers. TestTruthOfRealProjects writes this (-update-truth).\n")
	b.WriteString("witnessed: nullable columns of queries that ran in which a NULL was seen.\n\n")
	fmt.Fprintf(&b, "%-11s %8s %9s %5s %6s %9s %9s %10s\n", "server", "queries", "described", "run", "share", "with rows", "nullable", "witnessed")
	var names []string
	for name := range total {
		names = append(names, name)
	}
	sort.Strings(names)
	sister := map[string]string{"mysql": "mariadb", "mariadb": "mysql"}
	var lines strings.Builder
	for _, name := range names {
		n := total[name]
		elsewhere := 0
		byCause := map[string][]string{}
		for _, f := range n.failed {
			cause := causeOf(f.err)
			if s := total[sister[name]]; s != nil && (!f.described || f.partial) && !s.lacks(f) {
				cause = onlyOnSister
				elsewhere++
			}
			if cause == "" {
				t.Errorf("%s: %s: %s did not run for no cause that is known: %v", name, f.project, f.query, f.err)
				cause = f.err.Error()
			}
			byCause[cause] = append(byCause[cause], f.project+" "+f.query)
		}
		share := float64(n.ran) / float64(n.queries-elsewhere)
		if share < enough {
			t.Errorf("%s: %d of %d queries ran, which is less than %.0f %%", name, n.ran, n.queries-elsewhere, 100*enough)
		}
		fmt.Fprintf(&b, "%-11s %8d %9d %5d %5.1f%% %9d %9d %5d %3.0f%%\n", name, n.queries, n.described, n.ran, 100*share, n.answered,
			n.nullable, n.witnessed, 100*float64(n.witnessed)/float64(max(n.nullable, 1)))
		var order []string
		for cause := range byCause {
			order = append(order, cause)
		}
		sort.Strings(order)
		for _, cause := range order {
			fmt.Fprintf(&lines, "\n%s, %d: %s\n", name, len(byCause[cause]), cause)
			sort.Strings(byCause[cause])
			for _, query := range byCause[cause] {
				fmt.Fprintf(&lines, "  %s\n", query)
			}
		}
	}
	return b.String() + lines.String()
}

// lacks tells whether a query did not run here either.
func (n *tally) lacks(f failure) bool {
	for _, other := range n.failed {
		if other.project == f.project && other.query == f.query {
			return true
		}
	}
	return false
}
