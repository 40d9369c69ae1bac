// Package injectabledynamicsql is the rule CV4802.
package injectabledynamicsql

import (
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/types"
)

//go:embed page.md
var page string

// Rule finds functions through which SQL can be injected.
var Rule = rule.NewPackage(page, check)

var (
	// checked names what a cast refuses that names no table.
	checked = regexp.MustCompile(`(?i)\b([a-z_][a-z_0-9]*)\s*::\s*reg(?:class|type|proc|procedure)\b|\bto_reg(?:class|type|proc|procedure)\s*\(\s*([a-z_][a-z_0-9]*)`)
	execute = regexp.MustCompile(`(?is)\bEXECUTE\s+(.+?);`)
	assign  = regexp.MustCompile(`(?is)([a-z_][a-z_0-9]*|@[a-z_0-9]+)\s*:?=\s*([^;]+);`)
	tail    = regexp.MustCompile(`(?is)\b(USING|INTO)\b.*$`)
	format  = regexp.MustCompile(`(?is)^\s*format\s*\((.*)\)\s*$`)
	concat  = regexp.MustCompile(`(?is)^\s*concat\s*\((.*)\)\s*$`)
	place   = regexp.MustCompile(`%(?:(\d+)\$)?[-0-9*]*([sIL%])`)
	comment = regexp.MustCompile(`--[^\n]*|(?s:/\*.*?\*/)`)
	prepare = regexp.MustCompile(`(?is)\bPREPARE\s+\w+\s+FROM\s+(@?\w+)`)
)

func check(p *rule.Package) {
	for _, s := range p.Catalog.Schemas {
		for _, f := range s.Functions {
			if f.Span.IsZero() || f.Extension != "" || f.Body == "" || f.Kind == catalog.Aggregate {
				continue
			}
			given := map[string]bool{} // what may be any text
			for i, a := range f.Args {
				if a.Mode != "OUT" && textual(a.Type) {
					given[strings.ToLower(a.Name)] = true
					given[fmt.Sprintf("$%d", i+1)] = true
				}
			}
			for _, m := range checked.FindAllStringSubmatch(f.Body, -1) {
				delete(given, strings.ToLower(m[1]+m[2]))
			}
			delete(given, "")
			if len(given) == 0 {
				continue
			}
			if !f.Definer && within(p, f) {
				continue
			}
			if what := injected(comment.ReplaceAllString(f.Body, " "), given); what != "" {
				p.Add(p.At(f.Span, "%s runs SQL into which it puts %s as it is: whoever gives that text can make the function run anything", f.Name, what).
					WithHelp("%s", help[p.Engine]))
			}
		}
	}
}

// within tells of a function that texts come to from the program's own SQL alone: queries call it with constants, or none does, and there are
// queries or other functions that do.
func within(p *rule.Package, f *catalog.Function) bool {
	called := false
	for _, q := range access.Queries(p) {
		outside := false
		q.Walk(func(n ir.Node, _ *sem.Block) bool {
			x, ok := n.(*ir.FuncCall)
			if !ok || !strings.EqualFold(x.Name.Last(), f.Name) {
				return true
			}
			called = true
			for i, arg := range x.Args {
				if i >= len(f.Args) || arg.Name != nil || textual(f.Args[i].Type) && !constant(arg.X) {
					outside = true
				}
			}
			return true
		})
		if outside {
			return false
		}
	}
	if _, none := access.Written(p); called || !none {
		return true
	}
	name := regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(f.Name) + `\s*\(`)
	for _, s := range p.Catalog.Schemas {
		for _, o := range s.Functions {
			if o != f && o.Name != f.Name && name.MatchString(comment.ReplaceAllString(o.Body, " ")) {
				return true
			}
		}
	}
	return false
}

// constant tells of an expression that the statement writes down.
func constant(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Literal:
		return true
	case *ir.Cast:
		return constant(x.X)
	}
	return false
}

var help = map[catalog.Engine]string{
	catalog.PostgreSQL: "pass values by EXECUTE … USING, put names in by format('%I', …)",
	catalog.MySQL:      "pass values by EXECUTE … USING; take names from a list that the function knows",
}

func textual(t types.Type) bool {
	return t.Is("text", "varchar", "bpchar", "char", "name", "json", "jsonb", "longtext", "mediumtext", "tinytext") || t.IsArray() && t.Elem().Is("text", "varchar", "name")
}

// injected is the first given text that is put into SQL and run; empty where none is.
func injected(body string, given map[string]bool) string {
	through := map[string]string{} // variables that hold SQL with a given text in it
	for _, m := range assign.FindAllStringSubmatch(body, -1) {
		if what := put(m[2], given, through); what != "" {
			through[strings.ToLower(m[1])] = what
		}
	}
	for _, m := range execute.FindAllStringSubmatch(body, -1) {
		text := cut(m[1])
		if what := through[strings.ToLower(strings.TrimSpace(text))]; what != "" {
			return what
		}
		if what := put(text, given, through); what != "" {
			return what
		}
	}
	for _, m := range prepare.FindAllStringSubmatch(body, -1) {
		if what := through[strings.ToLower(m[1])]; what != "" {
			return what
		}
	}
	return ""
}

// cut takes INTO and USING off, where they are outside of strings.
func cut(text string) string {
	plain := blank(text)
	if at := tail.FindStringIndex(plain); at != nil {
		return text[:at[0]]
	}
	return text
}

// blank is a text of the same length without what its strings hold.
func blank(text string) string {
	out := []byte(text)
	in := false
	for i := range out {
		switch {
		case out[i] == '\'':
			in = !in
		case in:
			out[i] = '.'
		}
	}
	return string(out)
}

// put is the given text that an expression puts into SQL as it is.
func put(text string, given map[string]bool, through map[string]string) string {
	if m := format.FindStringSubmatch(text); m != nil {
		return formatted(split(m[1], ","), given)
	}
	parts := split(text, "||")
	if m := concat.FindStringSubmatch(text); m != nil {
		parts = split(m[1], ",")
	}
	if len(parts) < 2 || !strings.Contains(text, "'") {
		return ""
	}
	for _, part := range parts {
		part = strings.TrimSpace(part)
		if m := format.FindStringSubmatch(part); m != nil {
			if what := formatted(split(m[1], ","), given); what != "" {
				return what
			}
			continue
		}
		if name := bare(part); given[name] {
			return name
		} else if what := through[name]; what != "" {
			return what
		}
	}
	return ""
}

// formatted is the given text that format puts in by %s.
func formatted(args []string, given map[string]bool) string {
	next := 1
	for _, m := range place.FindAllStringSubmatch(args[0], -1) {
		if m[2] == "%" {
			continue
		}
		at := next
		if m[1] != "" {
			at, _ = strconv.Atoi(m[1])
		}
		next = at + 1
		if m[2] == "s" && at < len(args) {
			if name := bare(args[at]); given[name] {
				return name
			}
		}
	}
	return ""
}

// bare is a name without its cast.
func bare(x string) string {
	x, _, _ = strings.Cut(strings.TrimSpace(x), "::")
	return strings.ToLower(strings.TrimSpace(x))
}

// split cuts a text at a separator that stands outside of strings and parentheses.
func split(text, sep string) (out []string) {
	plain, depth, from := blank(text), 0, 0
	for i := 0; i < len(plain); i++ {
		switch plain[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 && strings.HasPrefix(plain[i:], sep) {
			out = append(out, text[from:i])
			i += len(sep) - 1
			from = i + 1
		}
	}
	return append(out, text[from:])
}
