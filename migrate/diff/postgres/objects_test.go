package postgres_test

import (
	"os"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/internal/testkit"
)

// TestEveryKindOfObjectIsPlanned turns schemas into others that differ in types, views, routines, triggers, policies, rights and all that hangs on them,
// and back. What the server then says of every object is the same.
func TestEveryKindOfObjectIsPlanned(t *testing.T) {
	data, err := os.ReadFile("testdata/objects.txt")
	if err != nil {
		t.Fatal(err)
	}
	s := testkit.PostgreSQL(t)
	for _, part := range strings.Split("\n"+string(data), "\n== ")[1:] {
		title, rest, _ := strings.Cut(part, "\n")
		from, to, ok := strings.Cut(rest, "\n--\n")
		if !ok {
			t.Fatalf("%s: there is no line --", title)
		}
		if !strings.Contains(title, *section) {
			continue
		}
		t.Run(title, func(t *testing.T) {
			is, want := open(t, s, from), open(t, s, to)
			old := read(t, is)
			turn(t, is, old, read(t, want), false)
			turn(t, is, read(t, is), old, true)
		})
	}
}
