package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
)

// Run is what a run has to say.
type Run struct {
	Found diag.List
	// Ignored are findings that were kept away, for forms that tell of them.
	Ignored []diag.Ignored
	// Version is that of covetsql.
	Version string
	// Hindered: something kept the run from judging all that it should.
	Hindered bool
}

// formats are the forms in the order in which the help lists them.
var formats = []struct {
	name  string
	write func(io.Writer, Run, Options) error
}{
	{"text", func(w io.Writer, r Run, o Options) error { return Text(w, r.Found, o) }},
	{"concise", func(w io.Writer, r Run, _ Options) error { return Concise(w, r.Found) }},
	{"json", func(w io.Writer, r Run, _ Options) error { return JSON(w, r.Found) }},
	{"jsonl", func(w io.Writer, r Run, _ Options) error { return JSONLines(w, r.Found) }},
	{"sarif", func(w io.Writer, r Run, _ Options) error { return SARIF(w, r) }},
	{"github", func(w io.Writer, r Run, _ Options) error { return GitHub(w, r.Found) }},
	{"gitlab", func(w io.Writer, r Run, _ Options) error { return GitLab(w, r.Found) }},
}

// Formats are the names of the forms.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// FormatList is Formats for a sentence: "text, json or github".
func FormatList() string {
	names := Formats()
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// Write writes a run in one of Formats; "" is text.
func Write(w io.Writer, format string, r Run, o Options) error {
	if format == "" {
		format = "text"
	}
	i := slices.Index(Formats(), format)
	if i < 0 {
		return fmt.Errorf("there is no format %q", format)
	}
	return formats[i].write(w, r, o)
}
