package truth_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/internal/rulecase"
	"github.com/covetsql/covetsql/internal/truth"
)

// Keys, dependencies and bounds hold on servers over random rows that the schema lets in, and are as tight as each line of
// testdata/bounds.txt says: 1 behind a query is at most one row, * any number. Values are drawn anew for each round.
func TestKeysAndBoundsHoldOverRandomRows(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("testdata", "bounds.txt"))
	if err != nil {
		t.Fatal(err)
	}
	schema, list, _ := strings.Cut(string(b), "-- queries\n")
	for _, engine := range []string{"postgresql", "sqlite"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(7, 11))
			server := rulecase.Server(t, engine)
			for round := range 6 {
				text := schema
				if engine == "sqlite" {
					text = regexp.MustCompile(`(?m)^.*-- postgresql\n`).ReplaceAllString(text, "")
				}
				queries, most := draw(list, engine, r)
				p, diags := rulecase.Compile(t, engine, text, queries)
				if diags.HasErrors() {
					t.Fatal(diags)
				}
				name := server.NewDatabase(t)
				server.Exec(t, name, text)
				db := server.Open(t, name)
				fillAtRandom(db, r)
				for _, q := range p.Queries() {
					if got := map[bool]string{true: "1", false: "*"}[q.Rows.Max == 1 || q.Rows.Max == 0]; got != most[q.Name] {
						t.Errorf("%s rows, not %s, of %s", got, most[q.Name], q.SQL)
					}
					a, err := answer(db, q.SQL)
					if err != nil {
						t.Fatalf("%s: %v", q.SQL, err)
					}
					for _, f := range truth.CheckRows(q, a) {
						t.Errorf("round %d: %s: %s", round, q.SQL, f)
					}
				}
			}
		})
	}
}

var values = regexp.MustCompile(`\{[nw]\}`)

// draw makes queries of the lines of a list: "bound | query", or "bound engine | query".
func draw(list, engine string, r *rand.Rand) (queries string, most map[string]string) {
	most = map[string]string{}
	var out strings.Builder
	for i, line := range strings.Split(strings.TrimSpace(list), "\n") {
		bound, query, _ := strings.Cut(line, " | ")
		bound, only, limited := strings.Cut(bound, " ")
		if limited && only != engine {
			continue
		}
		query = values.ReplaceAllStringFunc(query, func(s string) string {
			if s == "{n}" {
				return fmt.Sprint(r.IntN(4))
			}
			return []string{"'a'", "'A'", "'b'"}[r.IntN(3)]
		})
		name := fmt.Sprintf("Q%d", i)
		most[name] = bound
		fmt.Fprintf(&out, "-- name: %s :many\n%s;\n", name, query)
	}
	return out.String(), most
}

// fillAtRandom stores rows of few values and many NULLs; those that a constraint keeps out are left out.
func fillAtRandom(db *sql.DB, r *rand.Rand) {
	number := func() string { return fmt.Sprint(r.IntN(4)) }
	maybe := func() string {
		if r.IntN(3) == 0 {
			return "NULL"
		}
		return number()
	}
	word := func() string { return []string{"'a'", "'A'", "'b'"}[r.IntN(3)] }
	truth := func() string { return []string{"true", "false"}[r.IntN(2)] }
	for i := range 60 {
		_, _ = db.Exec(fmt.Sprintf("INSERT INTO t VALUES (%d, %s, %s, %s, %s, %s)", i, maybe(), number(), word(), truth(), maybe()))
		_, _ = db.Exec(fmt.Sprintf("INSERT INTO u VALUES (%d, %s, %s)", i, maybe(), number()))
	}
	_, _ = db.Exec("INSERT INTO one VALUES (true, 1)")
	_, _ = db.Exec("INSERT INTO first VALUES (2, 1)")
	_, _ = db.Exec("INSERT INTO first VALUES (1, 1)")
}

func answer(db *sql.DB, text string) (*truth.Answer, error) {
	rows, err := db.Query(text)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	a := &truth.Answer{}
	for rows.Next() {
		got, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range got {
			into[i] = &got[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		row := make([]truth.Value, len(got))
		for i, v := range got {
			row[i] = truth.Value{Null: v == nil, Text: fmt.Sprintf("%v", v)}
		}
		a.Rows = append(a.Rows, row)
	}
	return a, rows.Err()
}
