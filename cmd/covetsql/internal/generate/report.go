package generate

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/internal/factory"
)

// runReport lists where the strict answer differs from sqlc's, which the configuration asks for,
// and what strict refuses. It writes no file.
func runReport(ctx context.Context, o *Options) error {
	if o.Check {
		return factory.Usage("--report and --check exclude each other: both write nothing")
	}
	p, err := o.Compile(ctx)
	if err != nil {
		return err
	}
	strict, err := o.CompileStrict(ctx)
	if err != nil {
		return err
	}
	differences := codegen.Strictness(p, strict)
	refused := refusals(p.Diagnostics, strict.Diagnostics)
	if o.Format == "json" {
		err = reportJSON(o.IO.Out, differences, refused)
	} else if err = reportText(o.IO.Out, differences, p, len(refused)); err == nil {
		err = o.Report(p.Config, refused)
	}
	if err != nil {
		return err
	}
	if errs := errorsOf(p.Diagnostics); errs != nil {
		return o.Finish(p.Config, errs)
	}
	return nil
}

// refusals are the errors of the strict compilation that the other has not as errors.
func refusals(compat, strict diag.List) diag.List {
	type place struct {
		code, file string
		at         source.Position
	}
	known := map[place]bool{}
	key := func(d diag.Diagnostic) place { // files are read anew for each compilation
		if d.Span.IsZero() {
			return place{code: d.Code.ID}
		}
		return place{d.Code.ID, d.Span.File.Path, d.Span.Position()}
	}
	for _, d := range compat {
		if d.Severity == diag.Error {
			known[key(d)] = true
		}
	}
	var out diag.List
	for _, d := range strict {
		if d.Severity == diag.Error && !known[key(d)] {
			out = append(out, d)
		}
	}
	return out
}

func errorsOf(list diag.List) diag.List {
	var out diag.List
	for _, d := range list {
		if d.Severity == diag.Error {
			out = append(out, d)
		}
	}
	return out
}

func reportText(w io.Writer, differences []codegen.Difference, p *compiler.Program, refused int) error {
	b := bufio.NewWriter(w)
	queries := map[string]bool{}
	for _, d := range differences {
		queries[d.File+"\x00"+d.Query] = true
		fmt.Fprintf(b, "%s:%d %s: %s\n", d.File, d.Line, d.Query, d.Place)
		fmt.Fprintf(b, "    sqlc    %s\n    strict  %s  (%s)\n", d.Compat, d.Strict, d.Reason)
		if d.SQL != "" {
			fmt.Fprintf(b, "    SQL     %s\n", strings.Join(strings.Fields(d.SQL), " "))
		}
	}
	all := 0
	for _, pkg := range p.Packages {
		if !pkg.Strict {
			for range pkg.All() {
				all++
			}
		}
	}
	fmt.Fprintf(b, "%s in %s; strict refuses %s\n", count(len(differences), "other type"), count(len(queries), "query")+fmt.Sprintf(" of %d", all), count(refused, "statement"))
	return b.Flush()
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if stem, ok := strings.CutSuffix(what, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// refusal is an error of strict in the JSON.
type refusal struct {
	Code    string `json:"code"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Query   string `json:"query,omitempty"`
	Message string `json:"message"`
}

func reportJSON(w io.Writer, differences []codegen.Difference, refused diag.List) error {
	out := struct {
		Differences []codegen.Difference `json:"differences"`
		Refused     []refusal            `json:"refused"`
	}{differences, []refusal{}}
	if differences == nil {
		out.Differences = []codegen.Difference{}
	}
	for _, d := range refused {
		r := refusal{Code: d.Code.ID, Query: d.Query, Message: d.Message}
		if !d.Span.IsZero() {
			r.File, r.Line = d.Span.File.Path, d.Span.Position().Line
		}
		out.Refused = append(out.Refused, r)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}
