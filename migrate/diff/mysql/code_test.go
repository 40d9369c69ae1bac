package mysql

import (
	"slices"
	"testing"
)

// TestNamesWithinTextsAreNoNames: a view comes after those whose names stand in backquotes, and a backquote in a text ends no name.
func TestNamesWithinTextsAreNoNames(t *testing.T) {
	got := namesIn("select `a``b`.`c`, 'x`y' AS `d`, 'it''s \\'` ' AS `e` from `f")
	if want := []string{"a`b", "c", "d", "e", "f"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
