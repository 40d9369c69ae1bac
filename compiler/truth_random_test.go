package compiler_test

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/internal/truth/random"
)

// Random statements over random schemas and hostile rows: what the compiler says of each is
// held against the server. COVETSQL_TRUTH_QUERIES sets how many an engine gets,
// COVETSQL_TRUTH_SEED makes it others; `make truth` is the long run, docs/correctness.md what it saw.
func TestTruthOfRandomQueries(t *testing.T) {
	for _, c := range []struct {
		language string
		queries  int
		server   func(testing.TB) *testkit.Server
	}{
		{"postgresql", 1600, testkit.PostgreSQL},
		{"sqlite", 1600, testkit.SQLite},
		{"mysql", 400, testkit.MySQL},
		{"mariadb", 400, testkit.MariaDB},
	} {
		t.Run(c.language, func(t *testing.T) {
			c.server(t) // skips where there is none
			o := random.Options{Queries: number(t, "COVETSQL_TRUTH_QUERIES", c.queries), Seed: uint64(number(t, "COVETSQL_TRUTH_SEED", 1)),
				PerSchema: 200, Judge: 10, Shrink: 2, ShrinkTime: 10 * time.Second}
			lab, err := random.Open(context.Background(), c.language, random.Databases)
			if err != nil {
				t.Fatal(err)
			}
			defer lab.Close()
			report, err := random.Run(context.Background(), lab, o)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(report)
			for _, found := range report.Cases {
				t.Errorf("seed %d:\n%s", found.Seed, found)
			}
			if report.Ran*10 < report.Queries*8 {
				t.Errorf("only %d of %d queries ran", report.Ran, report.Queries)
			}
		})
	}
}

func number(t *testing.T, variable string, otherwise int) int {
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}
