package postgres_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/introspect/postgres"
	"github.com/covetsql/covetsql/internal/testkit"
)

// TestDependsNamesWhatObjectsRestOn holds the names under which parts are found: a view's rule is the view, a
// constraint's index the constraint, an array its element's type.
func TestDependsNamesWhatObjectsRestOn(t *testing.T) {
	s := testkit.PostgreSQL(t)
	db := s.NewDatabase(t)
	s.Exec(t, db, `
		CREATE TYPE mood AS ENUM ('sad', 'ok');
		CREATE TABLE parent (id bigserial PRIMARY KEY, moods mood[], day date NOT NULL DEFAULT now());
		CREATE TABLE child (id int GENERATED ALWAYS AS IDENTITY, parent bigint REFERENCES parent, sum int GENERATED ALWAYS AS (1 + 1) STORED);
		CREATE VIEW v AS SELECT id, moods FROM parent;
		CREATE FUNCTION f(m mood, t parent) RETURNS int LANGUAGE sql AS 'SELECT 1';
		CREATE TABLE p (a int) PARTITION BY LIST (a);
		CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
		CREATE INDEX ON p (a);`)
	snapshot, err := postgres.Read(t.Context(), s.URI(db))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	word := func(id catalog.ObjectID) string {
		return strings.TrimSpace(id.Kind + " " + strings.TrimPrefix(id.Table+"."+id.Name, "."))
	}
	for _, d := range snapshot.Depends {
		got = append(got, word(d.Object)+" -> "+word(d.On))
	}
	for _, want := range []string{
		"column parent.moods -> type mood", "view v -> column parent.moods", "default parent.id -> sequence parent_id_seq",
		"sequence parent_id_seq -> column parent.id", "constraint child.child_parent_fkey -> constraint parent.parent_pkey",
		"constraint child.child_parent_fkey -> column child.parent", "function f(mood, parent) -> type mood", "function f(mood, parent) -> table parent",
		"inheritance p1.public.p -> table p", "inheritance p1.public.p -> table p1", "index p1.p1_a_idx -> index p.p_a_idx",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("there is no %q", want)
		}
	}
	if t.Failed() {
		t.Log(strings.Join(got, "\n"))
	}
}
