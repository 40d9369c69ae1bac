package compiler

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/types"
)

// declaration is "name(type, …) returns type", with strict or not null behind it.
var declaration = regexp.MustCompile(`(?is)^\s*(?:(\w+)\.)?(\w+)\s*\((.*)\)\s*returns\s+(setof\s+)?(.+?)(?:\s+(strict|not\s+null))?\s*$`)

// declare adds the functions that a configuration declares to a schema. Each must be written
// in the form of declaration, with types of the engine or the schema.
func declare(s *catalog.Snapshot, pc config.Package, d dialect.Dialect) (diags diag.List) {
	for _, text := range pc.Functions {
		wrong := func(why string) {
			diags.Add(diag.New(diag.ConfigInvalid, pc.Span, "the function %q can not be declared: %s", text, why).
				WithHelp("write name(type, …) returns type; behind it, strict says that a NULL argument gives NULL and nothing else does, not null that it never is NULL"))
		}
		m := declaration.FindStringSubmatch(text)
		if m == nil {
			wrong("it has not the form of a declaration")
			continue
		}
		args := splitTypes(m[3])
		found, why := readTypes(append(args, m[5]), s, d)
		if why != "" {
			wrong(why)
			continue
		}
		f := &catalog.Function{
			Schema: m[1], Name: m[2], Returns: found[len(args)], ReturnsSet: m[4] != "", Span: pc.Span,
		}
		if f.Schema == "" {
			f.Schema = s.DefaultSchema
		}
		switch strings.Join(strings.Fields(strings.ToLower(m[6])), " ") {
		case "strict":
			f.Strict, f.Null = true, catalog.NullStrict
		case "not null":
			f.Null = catalog.NullNever
		}
		for _, t := range found[:len(args)] {
			f.Args = append(f.Args, catalog.FuncArg{Type: t, Mode: "IN"})
		}
		s.Add(f.Schema, nil, nil, []*catalog.Function{f})
	}
	return diags
}

// splitTypes cuts a list at the commas outside parentheses.
func splitTypes(list string) []string {
	if strings.TrimSpace(list) == "" {
		return nil
	}
	var out []string
	depth, from := 0, 0
	for i, r := range list {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, list[from:i])
				from = i + 1
			}
		}
	}
	return append(out, list[from:])
}

// readTypes reads types in the engine's words. why says what is wrong.
func readTypes(texts []string, s *catalog.Snapshot, d dialect.Dialect) (found []types.Type, why string) {
	for _, text := range texts {
		text = strings.TrimSpace(text)
		c, ok := dialect.ReadType(d, text, s)
		switch {
		case !ok:
			return nil, strconv.Quote(text) + " is not a type"
		case !c.Type.Known():
			return nil, "there is no type " + text
		}
		found = append(found, c.Type.Plain())
	}
	return found, ""
}
