package sem_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
)

// wantItem is one column or parameter of an expectation: its type, those that are also
// right, and whether NULL can be (nil: not judged).
type wantItem struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Nullable *bool    `json:"nullable"`
	Accept   []string `json:"accept"`
}

type wantQuery struct {
	Name    string     `json:"name"`
	Columns []wantItem `json:"columns"`
	Params  []wantItem `json:"params"`
}

func acceptance(t testing.TB, folder string) string {
	dir := os.Getenv("COVETSQL_ACCEPTANCE")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "acceptance")
	}
	dir = filepath.Join(dir, folder)
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the acceptance data is not beside the repository; set COVETSQL_ACCEPTANCE to its folder")
	}
	return dir
}

// TestTypesAndNullsAreThoseOfTheServer holds the accuracy cases, each of which was verified
// on a real server.
func TestTypesAndNullsAreThoseOfTheServer(t *testing.T) {
	dir := acceptance(t, "accuracy")
	cases, _ := filepath.Glob(filepath.Join(dir, "*", "expect.json"))
	right := 0
	for _, file := range cases {
		dir := filepath.Dir(file)
		ok := t.Run(filepath.Base(dir), func(t *testing.T) {
			var want struct {
				Engine  catalog.Engine `json:"engine"`
				Queries []wantQuery    `json:"queries"`
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(b, &want); err != nil {
				t.Fatal(err)
			}
			p := compiler.Compile(&config.Config{Dir: dir, Packages: []config.Package{{
				Engine: want.Engine, Schema: []string{"schema.sql"}, Queries: []string{"query.sql"},
			}}}, compiler.Options{})
			for _, d := range p.Diagnostics {
				t.Error(d)
			}
			for _, w := range want.Queries {
				found := false
				for _, q := range p.Packages[0].Queries() {
					if q.Name != w.Name {
						continue
					}
					found = true
					var cols, params []gotItem
					for _, c := range q.Columns {
						cols = append(cols, gotItem{c.Name, c.Type.String(), !c.Null.IsNever(), c.Null.Reason.Text})
					}
					for _, p := range q.Params {
						typ := p.Type.String()
						if p.Slice && !strings.HasSuffix(typ, "[]") {
							typ += "[]"
						}
						params = append(params, gotItem{p.Name, typ, p.Nullable, ""})
					}
					compareItems(t, "column", w.Columns, cols)
					compareItems(t, "param", w.Params, params)
				}
				if !found {
					t.Errorf("query %s is missing", w.Name)
				}
			}
		})
		if ok {
			right++
		}
	}
	t.Logf("%d of %d right", right, len(cases))
}

type gotItem struct {
	name, typ string
	nullable  bool
	reason    string
}

func compareItems(t *testing.T, what string, want []wantItem, got []gotItem) {
	if len(want) != len(got) {
		t.Errorf("%d %ss, want %d", len(got), what, len(want))
		return
	}
	for i, w := range want {
		g := got[i]
		if what == "column" && !strings.EqualFold(w.Name, g.name) {
			t.Errorf("%s %d is called %q, want %q", what, i, g.name, w.Name)
		}
		fits := strings.EqualFold(g.typ, w.Type)
		for _, a := range w.Accept {
			fits = fits || strings.EqualFold(g.typ, a)
		}
		if !fits {
			t.Errorf("%s %s is %s, want %s", what, w.Name, g.typ, w.Type)
		}
		if w.Nullable != nil && *w.Nullable != g.nullable {
			t.Errorf("%s %s: nullable is %s, want %t", what, w.Name, fmt.Sprint(g.nullable, " (", g.reason, ")"), *w.Nullable)
		}
	}
}
