package factory

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/internal/iostreams"
)

// FuzzOrder: no command line makes the program panic, and one that is understood reaches the
// library with the verb first and its arguments behind --.
func FuzzOrder(f *testing.F) {
	for _, s := range []string{"", "generate -f x", "-f x generate --check", "-- generate", "generate -- -f", "--=", "-", "generate -f=", "help help", "generate --check=x a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		io, _, _ := iostreams.Test()
		a := newApp(io)
		l, err := a.order(append([]string{"prog"}, strings.Split(text, " ")...))
		if err != nil || l.verb == "" || len(l.args) == 3 && l.args[2] == "--help" {
			return
		}
		if l.args[1] != l.verb {
			t.Errorf("%q: %q", text, l.args)
		}
	})
}
