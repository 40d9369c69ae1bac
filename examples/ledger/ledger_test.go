package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/config"
)

var update = flag.Bool("update", false, "write the expected files anew")

func TestTheLedgerSaysWhatIsExpected(t *testing.T) {
	var out bytes.Buffer
	if err := run(context.Background(), filepath.Join(t.TempDir(), "ledger.db"), &out); err != nil {
		t.Fatal(err)
	}
	const path = "testdata/said.txt"
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("said:\n%s\nwant:\n%s", out.String(), want)
	}
}

func TestTheCommittedGoIsWhatTheSQLGives(t *testing.T) {
	c, list := config.Load("covetsql.yaml")
	if len(list) > 0 {
		t.Fatal(list)
	}
	p := compiler.Compile(c, compiler.Options{})
	if len(p.Diagnostics) > 0 {
		t.Fatal(p.Diagnostics)
	}
	files, list := codegen.GenerateAll(p, nil)
	if len(list) > 0 {
		t.Fatal(list)
	}
	if *update {
		if _, list := codegen.Write(".", files); len(list) > 0 {
			t.Fatal(list)
		}
	}
	if stale := codegen.Stale(".", files); len(stale) > 0 {
		t.Errorf("run `covetsql generate`: stale are %q", stale)
	}
}
