package rawtree

import (
	"os"
	"os/exec"
	"testing"
)

func TestNodesAreThoseOfTheLibrarysHeaders(t *testing.T) {
	want, err := exec.Command("go", "run", "github.com/covetsql/covetsql/internal/gen/pgtree").Output()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("nodes.h")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("nodes.h is of other headers: go run ./internal/gen/pgtree > compiler/dialect/postgres/rawtree/nodes.h")
	}
}
