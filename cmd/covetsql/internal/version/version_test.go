package version

import (
	"regexp"
	"testing"

	"github.com/covetsql/covetsql/internal/iostreams"
)

func TestVersionIsOneLine(t *testing.T) {
	io, out, _ := iostreams.Test()
	if err := Run(&Options{Out: io.Out}); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^covetsql \S+ \(go\S+, \w+/\w+\)\n$`).MatchString(out.String()) {
		t.Errorf("%q", out)
	}
}
