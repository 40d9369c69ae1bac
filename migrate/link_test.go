package migrate

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// An application that runs migrations links no parser, no driver and no cgo of ours.
func TestAnApplicationLinksLittle(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/covetsql/covetsql/"
	want := []string{"github.com/cenkalti/backoff/v5", module + "compiler/diag", module + "compiler/source", module + "compiler/token", module + "migrate", module + "migrate/file", module + "migrate/history"}
	if got := strings.Fields(string(out)); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("it links %q", got)
	}
}
