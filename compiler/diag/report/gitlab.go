package report

import (
	"encoding/json"
	"io"
	"path"

	"github.com/covetsql/covetsql/compiler/diag"
)

// gitlabIssue is an issue of GitLab's code quality report, the part of Code Climate's form that GitLab reads.
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string `json:"path"`
	Lines struct {
		Begin int `json:"begin"`
		End   int `json:"end,omitempty"`
	} `json:"lines"`
}

// gitlabSeverities are GitLab's words; it has blocker and critical above them.
var gitlabSeverities = [...]string{diag.Note: "info", diag.Warning: "minor", diag.Error: "major"}

// GitLab writes ds as a code quality report, which merge requests show. Paths are from where the command runs, which
// should be the root of the project.
func GitLab(w io.Writer, ds diag.List) error {
	out := make([]gitlabIssue, 0, len(ds))
	prints := diag.Fingerprints(ds)
	for i, d := range ds {
		issue := gitlabIssue{Description: clean(d.Message), CheckName: d.Code.Slug, Fingerprint: prints[i], Severity: gitlabSeverities[d.Severity]}
		if d.Code.Slug != d.Code.ID {
			issue.Description = d.Code.ID + ": " + issue.Description
		}
		p := place(d.Span)
		issue.Location.Path = path.Clean(p.File)
		issue.Location.Lines.Begin, issue.Location.Lines.End = max(p.Line, 1), p.EndLine
		out = append(out, issue)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}
