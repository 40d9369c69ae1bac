package explain

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/internal/iostreams"
)

func TestEveryCodeIsExplainedByNumberAndBySlug(t *testing.T) {
	for _, c := range diag.Codes() {
		for _, word := range []string{c.ID, strings.ToLower(c.ID), c.ID[2:], c.Slug, "[" + c.ID + "]"} {
			io, out, _ := iostreams.Test()
			if err := Run(&Options{Out: io.Out}, []string{word}); err != nil || !strings.HasPrefix(out.String(), "# "+c.ID) {
				t.Errorf("%s: %v %.40q", word, err, out)
			}
		}
	}
}

func TestUnknownCodesNameNearOnes(t *testing.T) {
	for word, want := range map[string]string{
		"unknown-colum": "near it are unknown-column",
		"CV2111":        "CV2101",
		"elephant":      "`covetsql explain` lists all",
	} {
		io, _, _ := iostreams.Test()
		if err := Run(&Options{Out: io.Out}, []string{word}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", word, err)
		}
	}
}

func TestWithoutACodeAllAreListed(t *testing.T) {
	io, out, _ := iostreams.Test()
	if err := Run(&Options{Out: io.Out}, nil); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "\n"); n != len(diag.Codes()) {
		t.Errorf("%d lines, %d codes", n, len(diag.Codes()))
	}
}
