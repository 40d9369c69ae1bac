package suppress

import (
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// Set are the comments of a run. It is not for concurrent use.
type Set struct {
	notes []*note
	files map[string][]*note
	seen  map[string]bool
}

// Add takes comments; those that are not ours, and one that was added before, are passed over.
func (s *Set) Add(comments ...Comment) {
	if s.files == nil {
		s.files, s.seen = map[string][]*note{}, map[string]bool{}
	}
	for _, c := range comments {
		key := fmt.Sprintf("%s:%d", c.Span.File.Path, c.Span.Start)
		if s.seen[key] {
			continue
		}
		if n, ok := read(c); ok {
			s.seen[key] = true
			s.notes = append(s.notes, n)
			s.files[c.Span.File.Path] = append(s.files[c.Span.File.Path], n)
		}
	}
}

// Apply parts findings into those that stay and those that a comment keeps away. What makes a build fail can not be kept away.
func (s *Set) Apply(found diag.List) (kept diag.List, ignored []diag.Ignored) {
	for _, d := range found {
		if n := s.find(d); n != nil {
			ignored = append(ignored, diag.Ignored{Diagnostic: d, Reason: n.reason})
			continue
		}
		kept = append(kept, d)
	}
	return kept, ignored
}

// find is the comment that keeps a finding away. All that do count as used.
func (s *Set) find(d diag.Diagnostic) (by *note) {
	if d.Code == nil || d.Severity == diag.Error && d.Code.OfCompiler() {
		return nil
	}
	try := func(at source.Span, label bool) {
		if at, _ = at.Origin(); at.File == nil {
			return
		}
		for _, n := range s.files[at.File.Path] {
			if label && !n.Labels && (n.Query == "" || n.Query != d.Query) || !n.covers(at) {
				continue
			}
			for i := range n.names {
				if name := &n.names[i]; d.Code.Is(name.text) {
					name.used = true
					if by == nil {
						by = n
					}
				}
			}
		}
	}
	try(d.Span, false)
	for _, l := range d.Labels {
		try(l.Span, true)
	}
	return by
}

// covers tells whether a place begins in the comment's scope, is all of its query, or has the comment inside.
func (n *note) covers(at source.Span) bool {
	in := func(scope source.Span) bool {
		return !scope.IsZero() && at.Start >= scope.Start && (at.Start < scope.End || at.Start == scope.End && at.Len() == 0)
	}
	return in(n.Scope) || in(n.Head) || at.Start <= n.Span.Start && n.Span.End <= at.End
}

// Rules are what Problems is told of the rules of a run.
type Rules struct {
	// Known finds a rule by code or slug.
	Known func(name string) (*diag.Code, bool)
	// Names are all names, for the nearest one.
	Names func() []string
	// Ran tells whether a rule judged what a comment at a place speaks of: a comment is needless only for a rule that did.
	Ran func(c *diag.Code, at source.Span) bool
}

// Problems tells which comments name no rule, give no reason, or kept nothing away in all calls of Apply.
func (s *Set) Problems(r Rules) (diags diag.List) {
	for _, n := range s.notes {
		if len(n.names) == 0 {
			diags.Add(diag.New(diag.IgnoreUnknown, n.Span, "the comment names no rule").
				WithHelp("write it as in: -- %s limit-without-order pages are drawn at random on purpose", Word))
			continue
		}
		if n.reason == "" {
			diags.Add(diag.New(diag.IgnoreNoReason, n.Span, "the comment does not say why %s is to be ignored", n.list()).
				WithHelp("write the reason behind it: who reads it later can not ask"))
		}
		unused := 0
		for i, name := range n.names {
			c, ok := r.Known(name.text)
			switch {
			case !ok:
				diags.Add(unknown(name, r.Names()))
			case c.OfCompiler() && c.Severity == diag.Error:
				diags.Add(diag.New(diag.IgnoreUnknown, name.at, "%s is an error of the compiler: no comment keeps it away", name.text))
			case !name.used && r.Ran(c, n.Span):
				unused++
				diags.Add(n.unused(i, unused == len(n.names)))
			}
		}
	}
	return diags
}

func unknown(n name, names []string) diag.Diagnostic {
	d := diag.New(diag.IgnoreUnknown, n.at, "there is no rule %q", n.text)
	if near := diag.Nearest(n.text, names, 1); len(near) > 0 {
		return d.WithHelp("did you mean %q?", near[0]).
			WithFix(diag.Fix{Title: "write " + near[0], Edits: []diag.Edit{{Span: n.at, New: near[0]}}})
	}
	return d.WithHelp("`covetsql explain --list` lists all")
}

func (n *note) list() string {
	var words []string
	for _, name := range n.names {
		words = append(words, name.text)
	}
	return strings.Join(words, ", ")
}

// unused is the finding about name i. Where it is the last of names that are all unused, the whole comment can go.
func (n *note) unused(i int, all bool) diag.Diagnostic {
	what := "here"
	if n.Query != "" {
		what = "in " + n.Query
	}
	d := diag.New(diag.IgnoreUnused, n.names[i].at, "nothing is ignored: %s finds nothing %s", n.names[i].text, what)
	if n.Scope.IsZero() {
		d = d.WithInline("the comment belongs to no statement")
	}
	d.Query = n.Query
	if !all {
		return d
	}
	return d.WithFix(diag.Fix{Title: "remove the comment", Safe: true, Edits: []diag.Edit{{Span: n.whole()}}})
}

// whole is the comment with the blanks before it, and its line's end where nothing else is on the line.
func (n *note) whole() source.Span {
	text := n.Span.File.Text
	from, to := int(n.Span.Start), int(n.Span.End)
	for from > 0 && (text[from-1] == ' ' || text[from-1] == '\t') {
		from--
	}
	if from > 0 && text[from-1] != '\n' {
		return n.Span.File.Span(from, to)
	}
	rest := text[to:]
	if at := len(rest) - len(strings.TrimLeft(rest, " \t\r")); at == len(rest) || rest[at] == '\n' {
		return n.Span.File.Span(from, min(to+at+1, len(text)))
	}
	return n.Span
}
