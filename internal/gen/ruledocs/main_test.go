package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestDocsAreThoseOfTheRules(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "docs", "rules")
	want := files()
	found, err := filepath.Glob(filepath.Join(folder, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	stale := len(found) != len(want)
	for name, text := range want {
		have, err := os.ReadFile(filepath.Join(folder, name))
		stale = stale || err != nil || !bytes.Equal(have, text)
	}
	if stale {
		t.Error("docs/rules is out of date: make rules")
	}
}
