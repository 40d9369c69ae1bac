package compiler

import (
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
)

func TestARepeatedNameIsReportedBesideOtherMistakes(t *testing.T) {
	diags := compileText(t, "sqlite", "CREATE TABLE a (id INTEGER PRIMARY KEY);",
		"-- name: Get :one\nSELECT missing FROM a;\n-- name: Get :many\nSELECT id FROM a;\n")
	seen := map[*diag.Code]int{}
	for _, d := range diags {
		seen[d.Code]++
	}
	if seen[diag.UnknownColumn] != 1 || seen[diag.DuplicateQuery] != 1 || len(diags) != 2 {
		t.Errorf("want an unknown column and a repeated name, got %v", diags)
	}
}
