package hazard_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/migrate/hazard/ask"
	hazardpostgres "github.com/covetsql/covetsql/migrate/hazard/postgres"
)

// TestServerAgrees asks PostgreSQL of each statement of testdata/statements.txt: the locks that it holds, the work that it
// tells of and whether it takes the statement are those that are announced.
func TestServerAgrees(t *testing.T) {
	server := testkit.PostgreSQL(t)
	db := server.NewDatabase(t)
	for _, f := range []string{"postgres.sql", "more.sql"} {
		text, err := os.ReadFile(filepath.Join("testdata", f))
		if err != nil {
			t.Fatal(err)
		}
		server.Exec(t, db, string(text))
	}
	ctx := context.Background()
	p, err := ask.ConnectPostgres(ctx, server.URI(db), 20*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close(ctx)
	s := snapshotOf(t, server.URI(db))
	text, err := os.ReadFile(filepath.Join("testdata", "statements.txt"))
	if err != nil {
		t.Fatal(err)
	}
	asked, agree := 0, 0
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		sc, before := scene(t, line, s)
		a, err := p.Ask(ctx, before, sc.Statement.Text)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		asked++
		e := hazardpostgres.Of(sc)
		d := ask.Differences(e, a)
		if len(d) == 0 {
			agree++
		}
		for _, d := range d {
			if e.Refused != "" {
				d += " (" + e.Refused + ")"
			}
			t.Errorf("%s: the server %s", line, d)
		}
	}
	t.Logf("%d of %d statements agree with %s", agree, asked, server.Version)
}
