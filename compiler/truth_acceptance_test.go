package compiler_test

import (
	"context"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/truth"
)

// What a statement's compiler and a server may say differently, each with its reason. A
// difference is "the server refuses: " and its words, or "we refuse: " and our code and words.
var explained = []struct {
	server, difference, reason string
}{
	{"postgresql", `^the server refuses: .*(collation|operator class|text search)`, "which collations and operator classes there are is the server's system's matter"},
	{"postgresql", `^the server refuses: .*invalid input syntax for type (oid|inet|cidr|macaddr|money|jsonpath|xml|interval|timestamp|time|date|bytea|tsquery|regclass|bit|path|point|box|real|pg_lsn|tid|xid)`, "the text of a constant of this type is read by the server alone"},
	{"postgresql", `^the server refuses: .*(malformed (record|range|multirange|array) literal|date/time field value|input of anonymous composite|22P02\).*element)`, "the text of a constant of this type is read by the server alone"},
	{"postgresql", `^the server refuses: .*(relation|schema|type|function|role|database) "[^"]*" does not exist.*(42P01|3F000|42704|42883)`, "the name stands in a constant of a reg type"},
	{"postgresql", `^the server refuses: .*(?i)tablesample`, "the arguments of a sampling method are its own"},
	{"postgresql", `^the server refuses: .*(function \w+\((record|\w+)\) does not exist|could not (find array type|identify an? (equality|ordering|hash))|cannot determine type of empty array)`, "an aggregate over rows and arrays of arrays: the polymorphic type has no such element"},
	{"postgresql", `^the server refuses: .*(subquery uses ungrouped column|must appear in the GROUP BY clause|aggregate function calls cannot be nested)`, "an aggregate in a subquery belongs to the query around it, whose other columns are then not grouped"},
	{"postgresql", `^we refuse: CV2004 no unique key`, "PostgreSQL looks for the key behind ON CONFLICT only when it runs, and fails then"},
	{"postgresql", `^we refuse: CV3006 `, "the same: a subquery's aggregate that is the query's around; or a cast that changes nothing makes another expression"},
	{"postgresql", `^the server refuses: .*(subquery must return only one column|operator does not exist: \w+ <=>|FOR UPDATE cannot be applied to VALUES)`, "a row that IS DISTINCT FROM a subquery, operators of extensions under ANY, locks on VALUES"},
	{"postgresql", `^the server refuses: .*in an aggregate with DISTINCT, ORDER BY`, "the order of a DISTINCT aggregate by what it does not take"},
	{"postgresql", `^the server refuses: .*cross-database references`, "the first of three names is the database's, which is not known"},
	{"postgresql", `^the server refuses: .*RANGE with offset`, "which types a frame of RANGE can be measured in is read from the server's operator classes"},
	{"postgresql", `^we refuse: CV3001 .*(condition of FROM|is no bool)`, "PostgreSQL 15 takes any type for the condition of MERGE, and fails when it runs"},
	{"postgresql", `^the server refuses: .*(recursive query|UNION types \w+ and record|cycle column|search column|recursive reference|WITH query .* does not have a RETURNING)`, "restrictions of recursion and of WITH"},
	{"postgresql", `^the server refuses: .*(FOR UPDATE is not allowed with aggregate)`, "an aggregate in a subquery belongs to the query around it, whose other columns are then not grouped"},
	{"postgresql", `^the server refuses: .*function generate_series\(timestamp with time zone, `, "PostgreSQL 16 has it, 15 has not"},
	{"postgresql", `^the server refuses: .*(window "\w+" does not exist|row comparison operator must not return a set|not allowed in JOIN conditions|not allowed in functions in FROM)`, "windows that refer to later ones, functions of several rows and aggregates under FROM"},
	{"postgresql", `^the server refuses: .*subquery in FROM must have an alias`, "PostgreSQL 16 takes it, 15 does not"},
	{"postgresql", `^the server refuses: .*(specified more than once|type modifier|column definition list|missing FROM-clause entry|cannot cast type record|cannot assign to|subfield)`, "parts of composite columns, record types and their modifiers are not followed so far"},
	{"postgresql", `^the server refuses: .*but expression is of type text`, "a constant in a subquery, or in VALUES with ORDER BY, is text before it is assigned"},
	{"postgresql", `^the server refuses: .*(operator does not exist: .*text|text.*operator does not exist|inconsistent types deduced|could not determine data type of parameter)`, "a parameter that is used in several places has its type from another one first"},
	{"postgresql", `^we refuse: (CV3008|CV3005) `, "the same the other way round"},
	{"postgresql", `^we refuse: CV2101 `, "a field of a row without a type, or of a row that only the server names"},
	{"postgresql", `^we refuse: CV3001 .*which has no columns`, "a field of a row without a type, or of a row that only the server names"},

	{"sqlite", `^the server refuses: .*(ambiguous column name: \w+\.|no such column: \w+\.)`, "of two relations of one name the first is taken; LIMIT of a subquery reads no column from around it"},
	{"sqlite", `^we refuse: CV2103 `, "SQLite takes a column that an INSERT names twice, and the first of the values"},
	{"sqlite", `^the server refuses: .*misuse of (aggregate|window)`, "an aggregate of the query around in a condition, and windows in windows"},
	{"sqlite", `^the server refuses: .*no such collation`, "which collations there are is the program's matter"},
	{"sqlite", `^the server refuses: .*near "(ORDER|LIMIT)": syntax error`, "ORDER BY and LIMIT of UPDATE and DELETE are an option of SQLite's build"},
	{"sqlite", `^we refuse: CV3004 `, "SQLite does not look into a common table expression that nobody reads"},
	{"sqlite", `^we refuse: CV(3001|3007|2101|2201) `, "SQLite looks into a frame's bounds, an ORDER BY of one row and the left side of IN () only when it runs, if at all"},
	{"sqlite", `^we refuse: CV2001 `, "an argument of a table function may name the function itself, to no avail"},
	{"sqlite", `^we refuse: CV2102 `, "NATURAL JOIN over a column that the left side has twice takes the first"},
	{"sqlite", `^the server refuses: .*ON CONFLICT clause does not match`, "a conflict's target of expressions is left to the server"},
	{"sqlite", `^the server refuses: .*term out of range`, "-1 is a position to SQLite"},
	{"sqlite", `^the server refuses: .*(recursive aggregate|window functions in recursive|recursive reference)`, "restrictions of recursion"},
	{"sqlite", `^the server refuses: .*(HAVING clause on a non-aggregate|does not match any column in the result set)`, "an aggregate inside a window, and an ORDER BY of a set operation by an expression"},

	{"mysql", `^we refuse: CV3004 `, "MySQL does not look into a common table expression that nobody reads"},
	{"mysql", `^we refuse: CV3006 `, "MySQL follows dependencies through outer joins and views that we do not"},
	{"mysql", `^the server refuses: .*(Truncated incorrect|Incorrect (?i:date|time|datetime)|Illegal mix of collations|Invalid JSON|Invalid default|Data truncation)`, "a constant is evaluated while the statement is prepared"},
	{"mysql", `^the server refuses: .*(native function 'json_object'|in 'on clause'|In aggregated query without GROUP BY)`, "pairs of JSON_OBJECT, VALUES() outside ON DUPLICATE KEY, a key that equals a parameter"},
	{"mysql", `^the server refuses: .*(in 'order clause'|Not unique table/alias)`, "a number that orders an UPDATE, a table that DELETE names twice"},
	{"mysql", `^the server refuses: .*uses legacy position indication`, "a number in a window's ORDER BY is a position to MySQL"},
	{"mysql", `^the server refuses: .*ORDER BY contains aggregate function`, "an aggregate that orders one row or a set operation"},
	{"mysql", `^the server refuses: .*(Recursive Common Table|recursive|Recursive table reference)`, "restrictions of recursion"},
	{"mysql", `^the server refuses: .*syntax to use near`, "the parser that we use takes what MariaDB takes and MySQL does not"},
}

// explanation is the reason of a difference, "" where there is none.
func explanation(server, difference string) string {
	for _, e := range explained {
		if e.server == server && regexp.MustCompile(e.difference).MatchString(difference) {
			return e.reason
		}
	}
	return ""
}

// mutantsEach is how many mutants of a query are tried; COVETSQL_TRUTH_MUTANTS sets another
// number, and then the queries of the real projects are mutated too.
func mutantsEach() (n int, projects bool) {
	if n, err := strconv.Atoi(os.Getenv("COVETSQL_TRUTH_MUTANTS")); err == nil {
		return n, true
	}
	return 12, false
}

// verdict is what the compiler says of a statement.
type verdict struct {
	single bool // it is one statement
	taken  bool
	why    diag.Diagnostic
	st     *token.Statement
	tree   ir.Statement
}

// judge compiles one statement as a covetsql.yaml asks for.
func judge(p *compiler.Package, text string) (v verdict) {
	f := source.NewFile("query.sql", fmt.Sprintf("-- name: Q :exec\n%s;\n", text))
	statements, diags := token.Split(f, p.Dialect.Lex(), token.Queries)
	if len(statements) != 1 || statements[0].Header == nil {
		return v
	}
	v.single, v.st = true, statements[0]
	failed := func(list diag.List) bool {
		for _, d := range list {
			if d.Severity == diag.Error {
				v.why = d
				return true
			}
		}
		return false
	}
	if failed(diags) {
		return v
	}
	v.tree, diags = p.Dialect.Parse(v.st)
	if failed(diags) || v.tree == nil {
		return v
	}
	_, diags = sem.Analyze(v.st, v.tree, p.Catalog, p.Dialect, sem.Options{})
	v.taken = !failed(diags)
	return v
}

// acceptance counts what the compiler and a server take and refuse.
type acceptance struct {
	server          string
	mutants         int
	taken, refused  int // by both
	differ, unknown int
	reasons         map[string]int
}

// difference tells what the compiler and the server say differently of a statement, "" where
// they agree.
func difference(s truth.Server, p *compiler.Package, text string) (what string, taken, ok bool) {
	ours := judge(p, text)
	if !ours.single {
		return "", false, false
	}
	_, err := s.Describe(context.Background(), &facts.Query{SQL: text})
	switch {
	case err != nil && ours.taken:
		return "the server refuses: " + err.Error(), false, true
	case err == nil && !ours.taken && ours.why.Code != nil:
		return "we refuse: " + ours.why.Code.ID + " " + ours.why.Message, false, true
	}
	return "", ours.taken, true
}

// holdAcceptance mutates a package's queries and holds what the compiler takes and refuses
// against what the server prepares.
func (n *acceptance) hold(t *testing.T, s truth.Server, p *compiler.Package) {
	each, _ := mutantsEach()
	for _, q := range p.Queries() {
		v := judge(p, q.SQL)
		if v.tree == nil || strings.Contains(q.SQL, "/*SLICE:") {
			continue
		}
		if what, _, _ := difference(s, p, q.SQL); what != "" {
			continue // the project's own schema lacks something
		}
		// A seed of its own: another query more changes nothing for this one.
		m := truth.NewMutator(p.Catalog, uint64(crc32.ChecksumIEEE([]byte(q.SQL))))
		for range each {
			text := m.Mutate(v.st, v.tree)
			what, taken, ok := difference(s, p, text)
			if !ok {
				continue
			}
			n.mutants++
			switch reason := explanation(n.server, what); {
			case what == "" && taken:
				n.taken++
			case what == "":
				n.refused++
			case reason != "":
				n.differ++
				n.reasons[reason]++
			default:
				n.unknown++
				small := shrink(text, func(text string) bool {
					again, _, _ := difference(s, p, text)
					return kindOf(again) == kindOf(what)
				})
				t.Errorf("%s: %s\n%s", n.server, what, small)
			}
		}
	}
}

var particulars = regexp.MustCompile("\"[^\"]*\"|`[^`]*`|'[^']*'|[0-9]+")

// kindOf is a difference without its names and numbers.
func kindOf(difference string) string { return particulars.ReplaceAllString(difference, "_") }

// shrink leaves words out as long as the difference stays.
func shrink(text string, same func(string) bool) string {
	words := strings.Fields(text)
	for size := len(words) / 2; size > 0; size /= 2 {
		for i := 0; i+size <= len(words); {
			without := append(append([]string(nil), words[:i]...), words[i+size:]...)
			if same(strings.Join(without, " ")) {
				words = without
			} else {
				i += size
			}
		}
	}
	return strings.Join(words, " ")
}

// TestAcceptanceByTheEngine mutates the hard cases: what compiles prepares on the server, and
// what is refused the server refuses, but for what is explained.
func TestAcceptanceByTheEngine(t *testing.T) {
	counts := map[string]*acceptance{}
	hold := func(t *testing.T, e catalog.Engine, dir string, p *compiler.Package) {
		n := counts[string(e)]
		if n == nil {
			n = &acceptance{server: string(e), reasons: map[string]int{}}
			counts[string(e)] = n
		}
		s := server(t, e, false)
		truth.Apply(context.Background(), s, dir, p.Config, p.Dialect)
		n.hold(t, s, p)
	}
	for _, e := range []catalog.Engine{catalog.PostgreSQL, catalog.MySQL, catalog.SQLite} {
		t.Run(string(e), func(t *testing.T) {
			dir := filepath.Join("..", "internal", "truth", "testdata", string(e))
			prog := compiler.Compile(&config.Config{Dir: dir, Strict: true, Packages: []config.Package{{
				Engine: e, Schema: []string{"schema.sql"}, Queries: []string{"queries.sql"},
			}}}, compiler.Options{})
			hold(t, e, dir, prog.Packages[0])
		})
	}
	if _, projects := mutantsEach(); projects {
		eachProject(t, func(project string, i int, prog *compiler.Program, p *compiler.Package) {
			t.Run(fmt.Sprintf("%s/%s%d", project, p.Config.Engine, i), func(t *testing.T) {
				hold(t, p.Config.Engine, prog.Config.Dir, p)
			})
		})
	}
	for _, n := range counts {
		t.Logf("%s: %d mutants, %d taken and %d refused by both, %d differ as explained, %d as not explained", n.server, n.mutants, n.taken, n.refused, n.differ, n.unknown)
		var reasons []string
		for r := range n.reasons {
			reasons = append(reasons, r)
		}
		sort.Strings(reasons)
		for _, r := range reasons {
			t.Logf("  %4d %s", n.reasons[r], r)
		}
		if n.mutants > 0 && (n.taken == 0 || n.refused == 0) {
			t.Errorf("%s takes or refuses nothing", n.server)
		}
	}
}
