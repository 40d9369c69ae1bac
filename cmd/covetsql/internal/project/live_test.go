package project

import (
	"strings"
	"testing"
)

func TestVariablesOfAURIAreExpandedAndMissingOnesNamed(t *testing.T) {
	env := map[string]string{"HOST": "db.example.com", "EMPTY": ""}
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	for uri, want := range map[string]string{
		"postgres://${HOST}/shop":         "postgres://db.example.com/shop",
		"postgres://u:pa$HOST@h/shop":     "postgres://u:pa$HOST@h/shop",
		"${EMPTY}x":                       "x",
		"plain":                           "plain",
		"postgres://u:${PW}@${HOST}/${X}": "error: the URI needs PW, X, which the environment does not set",
	} {
		got, err := expand(uri, lookup)
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", uri, got, want)
		}
	}
	if _, err := expand("postgres://u:${PW}@secret", lookup); strings.Contains(err.Error(), "secret") {
		t.Errorf("the error tells the URI: %v", err)
	}
}
