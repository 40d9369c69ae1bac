// Package diag says what a diagnostic is and keeps the registry of codes. It
// knows nothing of how one is rendered: see the report package below it.
package diag

import (
	"fmt"
	"sort"
	"strings"

	"github.com/covetsql/covetsql/compiler/source"
)

// Severity orders diagnostics by what they mean for the exit code.
type Severity uint8

// The severities, worst last.
const (
	Note Severity = iota
	Warning
	Error
)

func (s Severity) String() string { return [...]string{"note", "warning", "error"}[s] }

// Code is a kind of diagnostic. Codes are declared once, in the codes_*.go file of
// their stage, and their numbers never change meaning.
type Code struct {
	ID       string // "CV2101"
	Slug     string // "unknown-column"
	Severity Severity
	Summary  string // one sentence, for lists of codes
	// Off: a rule that judges only where the configuration turns it on.
	Off bool
}

// Is tells whether name is the code's ID or its slug; case does not count.
func (c *Code) Is(name string) bool {
	return strings.EqualFold(name, c.ID) || strings.EqualFold(name, c.Slug)
}

// OfCompiler tells whether compiling gives the code, not vet and not a look at migrations.
func (c *Code) OfCompiler() bool {
	return len(c.ID) == len("CV0000") && strings.HasPrefix(c.ID, "CV") && c.ID[2] != '4' && c.ID[2] != '5' && c.ID[2] != '6'
}

// Ignored is a finding that somebody decided to live with, and why.
type Ignored struct {
	Diagnostic
	// Reason is what the comment says; of a finding in a baseline "".
	Reason string
	// Baseline: it is in the baseline, not in a comment at the place.
	Baseline bool
}

// Label is a further place that helps to understand a diagnostic.
type Label struct {
	Span source.Span
	Text string
}

// Edit replaces the text under Span by New.
type Edit struct {
	Span source.Span
	New  string
}

// Fix is a way out, as byte edits.
type Fix struct {
	Title string
	Edits []Edit
	// Safe fixes keep the meaning of the statement; others need a reader.
	Safe bool
}

// Diagnostic is one finding. Span is never zero, except for findings about files
// that could not be read, where it is an empty span of an empty file of that path.
type Diagnostic struct {
	Code     *Code
	Severity Severity
	Span     source.Span
	Message  string // in the user's words, without a final stop
	Inline   string // what stands beside the carets; may be empty
	Labels   []Label
	Help     []string
	Fixes    []Fix
	Query    string // name of the query, where there is one
	// Subject names what a finding is about that is about no query: a table, a Go function. It may be empty.
	Subject string
}

// New makes a diagnostic with the severity of its code.
func New(c *Code, at source.Span, format string, args ...any) Diagnostic {
	return Diagnostic{Code: c, Severity: c.Severity, Span: at, Message: fmt.Sprintf(format, args...)}
}

// WithLabel returns d with one more labelled place; a zero span adds nothing.
func (d Diagnostic) WithLabel(at source.Span, format string, args ...any) Diagnostic {
	if at.IsZero() {
		return d
	}
	d.Labels = append(d.Labels[:len(d.Labels):len(d.Labels)], Label{at, fmt.Sprintf(format, args...)})
	return d
}

// WithInline returns d with text beside its carets.
func (d Diagnostic) WithInline(format string, args ...any) Diagnostic {
	d.Inline = fmt.Sprintf(format, args...)
	return d
}

// WithHelp returns d with one more line of help.
func (d Diagnostic) WithHelp(format string, args ...any) Diagnostic {
	d.Help = append(d.Help[:len(d.Help):len(d.Help)], fmt.Sprintf(format, args...))
	return d
}

// WithFix returns d with one more fix.
func (d Diagnostic) WithFix(f Fix) Diagnostic {
	d.Fixes = append(d.Fixes[:len(d.Fixes):len(d.Fixes)], f)
	return d
}

// Error makes a diagnostic usable as an error: place, code and message on one line.
func (d Diagnostic) Error() string {
	p := d.Span.Position()
	return fmt.Sprintf("%s:%d:%d: %s[%s]: %s", p.Path, p.Line, p.Column, d.Severity, d.Code.ID, d.Message)
}

// List is what a stage reports.
type List []Diagnostic

// Add appends diagnostics.
func (l *List) Add(d ...Diagnostic) { *l = append(*l, d...) }

// Worst is the highest severity in l, and false where l is empty.
func (l List) Worst() (Severity, bool) {
	var worst Severity
	for _, d := range l {
		worst = max(worst, d.Severity)
	}
	return worst, len(l) > 0
}

// HasErrors tells whether any diagnostic in l is an error.
func (l List) HasErrors() bool { w, ok := l.Worst(); return ok && w == Error }

// Sorted returns l ordered by place, then code, then message, without exact repeats,
// so that parallel work prints alike in every run.
func (l List) Sorted() List {
	out := append(List(nil), l...)
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.Span != b.Span {
			return a.Span.Before(b.Span)
		}
		if a.Code.ID != b.Code.ID {
			return a.Code.ID < b.Code.ID
		}
		return a.Message < b.Message
	})
	kept := out[:0]
	for i, d := range out {
		if i > 0 && d.Code == out[i-1].Code && d.Span == out[i-1].Span && d.Message == out[i-1].Message {
			continue
		}
		kept = append(kept, d)
	}
	return kept
}
