package diag

import (
	"slices"
	"testing"
)

func TestNearestNamesWhatWasMeant(t *testing.T) {
	known := []string{"id", "name", "names", "created_at", "query_parameter_limit", ""}
	for _, c := range []struct {
		name string
		want []string
	}{
		{"naem", []string{"name", "names"}},
		{"NAME", []string{"name", "names"}},
		{"createdat", []string{"created_at"}},
		{"query_param_limit", []string{"query_parameter_limit"}},
		{"di", []string{"id"}},
		{"x", nil},
		{"weight", nil},
		{"", nil},
	} {
		if got := Nearest(c.name, known, 2); !slices.Equal(got, c.want) {
			t.Errorf("Nearest(%q) = %q, want %q", c.name, got, c.want)
		}
	}
}
