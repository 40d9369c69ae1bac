package pool

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// Site is a place in the application's code: the callers of what opened something.
type Site struct {
	what string
	pcs  [12]uintptr
	n    int
}

// Here notes the place that asks, for what is opened there: "a transaction", "rows of Authors".
func Here(what string) *Site {
	s := &Site{what: what}
	s.n = runtime.Callers(2, s.pcs[:])
	return s
}

// String is what was opened and where: the first caller that is not of the runtime itself.
func (s *Site) String() string {
	frames := runtime.CallersFrames(s.pcs[:s.n])
	for {
		f, more := frames.Next()
		if !own(f) || !more {
			return fmt.Sprintf("%s opened by %s (%s:%d)", s.what, f.Function[strings.LastIndex(f.Function, "/")+1:], filepath.Base(f.File), f.Line)
		}
	}
}

// own tells of a frame of the runtime or of generated code, which is nobody's place.
func own(f runtime.Frame) bool {
	return strings.HasPrefix(f.Function, "github.com/covetsql/covetsql/runtime") && !strings.HasSuffix(f.File, "_test.go") || strings.HasSuffix(f.File, ".sql.go")
}
