package report

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// The JSON form. Fields are added, never changed; lists are never null.
type (
	jsonReport struct {
		Diagnostics []jsonDiagnostic `json:"diagnostics"`
		Errors      int              `json:"errors"`
		Warnings    int              `json:"warnings"`
	}

	jsonDiagnostic struct {
		Code     string `json:"code"`
		Slug     string `json:"slug"`
		Severity string `json:"severity"`
		Message  string `json:"message"`
		Inline   string `json:"inline,omitempty"`
		Query    string `json:"query,omitempty"`
		jsonPlace
		Labels []jsonLabel `json:"labels"`
		Help   []string    `json:"help"`
		Fixes  []jsonFix   `json:"fixes"`
	}

	// jsonPlace counts lines and columns from 1, columns in code points, and bytes from 0. The
	// end is the place behind the last character. A file that could not be read has a path
	// alone.
	jsonPlace struct {
		File      string `json:"file"`
		Line      int    `json:"line,omitempty"`
		Column    int    `json:"column,omitempty"`
		EndLine   int    `json:"end_line,omitempty"`
		EndColumn int    `json:"end_column,omitempty"`
		Start     int    `json:"start"`
		End       int    `json:"end"`
	}

	jsonLabel struct {
		jsonPlace
		Text string `json:"text"`
	}

	jsonFix struct {
		Title string     `json:"title"`
		Safe  bool       `json:"safe"`
		Edits []jsonEdit `json:"edits"`
	}

	jsonEdit struct {
		jsonPlace
		New string `json:"new"`
	}
)

// JSON writes ds as one object with the list "diagnostics". An empty list is written too.
func JSON(w io.Writer, ds diag.List) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(Object(ds))
}

// Object is what JSON writes, for programs that put it into a larger object: its field
// "diagnostics" holds the list.
func Object(ds diag.List) any { return object(ds) }

func object(ds diag.List) jsonReport {
	out := jsonReport{Diagnostics: make([]jsonDiagnostic, 0, len(ds))}
	for _, d := range ds {
		switch d.Severity {
		case diag.Error:
			out.Errors++
		case diag.Warning:
			out.Warnings++
		}
		j := jsonDiagnostic{
			Code: d.Code.ID, Slug: d.Code.Slug, Severity: d.Severity.String(), Message: valid(d.Message), Inline: valid(d.Inline), Query: d.Query,
			jsonPlace: place(d.Span), Labels: []jsonLabel{}, Help: append([]string{}, d.Help...), Fixes: []jsonFix{},
		}
		for _, l := range d.Labels {
			j.Labels = append(j.Labels, jsonLabel{place(l.Span), valid(l.Text)})
		}
		for _, f := range d.Fixes {
			jf := jsonFix{Title: f.Title, Safe: f.Safe, Edits: []jsonEdit{}}
			for _, e := range f.Edits {
				jf.Edits = append(jf.Edits, jsonEdit{place(e.Span), e.New})
			}
			j.Fixes = append(j.Fixes, jf)
		}
		out.Diagnostics = append(out.Diagnostics, j)
	}
	return out
}

func valid(s string) string { return strings.ToValidUTF8(masked(s), "\ufffd") }

func place(s source.Span) jsonPlace {
	if s.File == nil {
		return jsonPlace{}
	}
	p := jsonPlace{File: s.File.Path, Start: int(s.Start), End: int(s.End)}
	if hasPlace(s) {
		p.Line, p.Column = s.File.LineColumn(int(s.Start))
		p.EndLine, p.EndColumn = s.File.LineColumn(int(s.End))
	}
	return p
}
