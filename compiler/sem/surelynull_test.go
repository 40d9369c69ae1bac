package sem_test

import (
	"fmt"
	"math/rand"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/internal/testkit"
)

var surely = regexp.MustCompile(`column "(\w+)" is said never to be NULL, and whatever`)

// TestEveryResultWithRowsHasTheNullThatIsSaidToBeSure runs the queries whose marks are refused because
// some row has a NULL, without the marks, over random rows on real servers: there is one.
func TestEveryResultWithRowsHasTheNullThatIsSaidToBeSure(t *testing.T) {
	if testing.Short() {
		t.Skip("needs servers")
	}
	files, _ := filepath.Glob("testdata/*_overruling.txt")
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			servers := []*testkit.Server{}
			switch engineOf(file) {
			case catalog.PostgreSQL:
				servers = append(servers, testkit.PostgreSQL(t))
			case catalog.MySQL:
				servers = append(servers, testkit.MySQL(t), testkit.MariaDB(t))
			default:
				servers = append(servers, testkit.SQLite(t))
			}
			for _, server := range servers {
				w := &witness{engine: engineOf(file)}
				for _, s := range readSections(t, file) {
					if s.word == "schema" {
						w.open(t, server, s.body)
					} else if found := surely.FindAllStringSubmatch(s.want, -1); found != nil {
						for _, m := range found {
							w.alwaysShows(t, s, m[1])
						}
					}
				}
			}
		})
	}
}

// alwaysShows runs a section's query and fails where rows come and none has NULL in the column.
func (w *witness) alwaysShows(t *testing.T, s section, column string) {
	var body []string
	for line := range strings.Lines(s.body) {
		if !strings.HasPrefix(line, "-- column:") {
			body = append(body, strings.NewReplacer("!\"", "\"", "!`", "`").Replace(line))
		}
	}
	name := strings.Fields(s.rest)[0]
	q, diags := compile(t, w.engine, w.schema, fmt.Sprintf("-- name: %s :many\n%s;\n", name, strings.TrimSpace(strings.Join(body, ""))))
	if q == nil {
		t.Errorf("%s: %v", name, diags)
		return
	}
	at := -1
	for i := range q.Columns {
		if q.Columns[i].Name == column {
			at = i
		}
	}
	came := 0
	for seed := range 12 {
		r := rand.New(rand.NewSource(int64(seed)))
		if err := w.exec("BEGIN"); err != nil {
			t.Fatal(err)
		}
		w.fill(r, q.Catalog)
		nulls, n, err := w.run(r, q)
		if e := w.exec("ROLLBACK"); e != nil {
			t.Fatal(e)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if n > 0 && !nulls[at] {
			t.Errorf("%s: %d rows and no NULL in %s\n%s", name, n, column, q.SQL)
		}
		came += n
	}
	if came == 0 {
		t.Errorf("%s: no rows ever came", name)
	}
}
