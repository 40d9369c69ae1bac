package gocode

import (
	"errors"
	"go/ast"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// checks are the checks of the rules over Go.
var checks = map[*rule.Rule]func(*Judged){}

// NewRule makes a rule that judges the Go of an application; page is as for rule.New.
func NewRule(page string, check func(*Judged)) *rule.Rule {
	r := rule.NewElsewhere(page)
	checks[r] = check
	return r
}

// Judged is what a rule over Go sees, and where it reports.
type Judged struct {
	*Program
	rule  *rule.Rule
	found diag.List
}

// Finding is a finding of the rule at a place, to be completed and added. q may be nil.
func (j *Judged) Finding(at source.Span, q *Query, format string, args ...any) diag.Diagnostic {
	d := diag.New(j.rule.Code, at, format, args...)
	if q != nil {
		d.Query = q.Name
	}
	return d
}

// Add reports a finding. One without a place, or in a package that was not asked for, is none.
func (j *Judged) Add(d diag.Diagnostic) {
	if !d.Span.IsZero() && j.asked(d.Span.File) {
		j.found.Add(d)
	}
}

// Judges tells of a code whether it is that of a rule over Go.
func Judges(c *diag.Code) bool {
	for r := range checks {
		if r.Code == c {
			return true
		}
	}
	return false
}

// Files are the files of Go that were read, but generated ones.
func (p *Program) Files() (out []*source.File) {
	for _, r := range p.roots {
		for _, f := range r.Syntax {
			name := p.Fset.PositionFor(f.FileStart, false).Filename
			if file := p.file(name); file != nil && !slices.Contains(out, file) && !ast.IsGenerated(f) {
				out = append(out, file)
			}
		}
	}
	return out
}

// Unreadable are the findings about Go that Load could not read, each at its place.
func Unreadable(c *compiler.Program, err error) (found diag.List) {
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{[]packages.Error{{Msg: err.Error()}}}
	}
	const shown = 10
	for i, x := range e.Problems {
		if i == shown {
			break
		}
		at := c.Config.File.Span(0, 0)
		name, line, column := place(x.Pos)
		p := &Program{Compiled: c, dir: "."}
		if f := p.file(name); name != "" && f != nil {
			_, start := f.Line(line)
			at = f.Span(start+column-1, start+column)
		}
		d := diag.New(diag.GoUnreadable, at, "Go can not be read: %s", x.Msg)
		if i == 0 {
			d = d.WithHelp("what is wrong with queries and schema is shown all the same; rules over Go have judged nothing")
		}
		found.Add(d)
	}
	return found
}

// place takes file:line:column apart.
func place(pos string) (name string, line, column int) {
	rest, last, _ := cutLast(pos)
	name, middle, ok := cutLast(rest)
	if !ok {
		return "", 1, 1
	}
	line, _ = strconv.Atoi(middle)
	column, _ = strconv.Atoi(last)
	return name, max(line, 1), max(column, 1)
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// guarded runs a check. A bug of a rule costs that rule, not the run.
func (j *Judged) guarded(check func(*Judged)) {
	defer func() {
		if problem := recover(); problem != nil {
			j.found = diag.List{diag.New(diag.InternalError, j.Compiled.Config.File.Span(0, 0), "the rule %s broke: %v", j.rule.Slug, problem).
				WithHelp("please report it with the code that led to it")}
		}
	}()
	check(j)
}

// Judge gives what those of the rules that are over Go find, sorted.
func (p *Program) Judge(rules []*rule.Rule) diag.List {
	var found diag.List
	for _, r := range rules {
		if check := checks[r]; check != nil && len(p.funcs) > 0 {
			j := &Judged{Program: p, rule: r}
			j.guarded(check)
			found.Add(j.found...)
		}
	}
	return found.Sorted()
}
