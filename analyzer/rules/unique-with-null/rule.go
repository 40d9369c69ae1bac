// Package uniquewithnull is the rule CV4702.
package uniquewithnull

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds unique keys that NULL opens.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		for _, k := range p.Keys(t) {
			c := open(k)
			if c == nil || closed(p, t, k, c) || identifies(c) && (access.Changed(p, t, c) || !refers(t, c) && slices.ContainsFunc(k.Columns, func(o *catalog.Column) bool { return o.NotNull && refers(t, o) })) {
				continue
			}
			d := p.At(c.Span, "rows of %s whose %s is NULL are not kept apart by the unique key (%s): NULL is equal to nothing", t.Name, c.Name, rule.List(names(k.Columns)))
			if k.Constraint != nil {
				d = d.WithLabel(k.Constraint.Span, "the key")
			} else {
				d = d.WithLabel(k.Index.Span, "the key")
			}
			p.Add(d.WithHelp("%s", help[p.Engine]))
		}
	}
}

var help = map[catalog.Engine]string{
	catalog.PostgreSQL: "write UNIQUE NULLS NOT DISTINCT, or add a unique index over the other columns WHERE the column IS NULL, or make it NOT NULL",
	catalog.MySQL:      "make the column NOT NULL, or put an expression into the index: (coalesce(column, 0))",
	catalog.SQLite:     "add a unique index over the other columns WHERE the column IS NULL, or make it NOT NULL",
}

// open is the nullable column that lets the other columns of a key repeat against all sense: the frame of those behind it, or a time.
func open(k rule.Key) *catalog.Column {
	if k.Constraint != nil && (k.Constraint.Kind == ir.PrimaryKey || k.Constraint.NullsNotDistinct) || k.Index != nil && k.Index.NullsNotDistinct {
		return nil
	}
	rest := 0
	for _, c := range k.Columns {
		if c.NotNull {
			rest++
		}
	}
	if rest == 0 {
		return nil
	}
	for i, c := range k.Columns {
		if c.NotNull || c.Generated != "" {
			continue
		}
		if c.Type.Is("timestamptz", "timestamp", "date", "datetime") {
			return c
		}
		for _, behind := range k.Columns[i+1:] {
			if behind.NotNull && !identifies(behind) {
				return c
			}
		}
	}
	return nil
}

// refers tells of a column that it is part of a foreign key. Beside one that is, an id that refers to nothing is no frame, but comes from
// elsewhere, where there is one.
func refers(t *catalog.Table, c *catalog.Column) bool {
	return slices.ContainsFunc(t.Constraints, func(k *catalog.Constraint) bool {
		return k.Kind == ir.ForeignKey && slices.ContainsFunc(k.Columns, func(name string) bool { return strings.EqualFold(name, c.Name) })
	})
}

// identifies tells of a column that it refers to the row of another table: of such columns the order says nothing.
func identifies(c *catalog.Column) bool {
	words := rule.Words(c.Name)
	last := words[len(words)-1]
	return last == "id" || last == "uuid" || last == "key"
}

// closed tells that another unique index keeps the rows apart whose column is NULL, or all of them.
func closed(p *rule.Package, t *catalog.Table, k rule.Key, c *catalog.Column) bool {
	for _, x := range t.Indexes {
		if x.Unique && x.Where == "" && x != k.Index && coarser(x, k) {
			return true
		}
		if x.Unique && strings.Contains(strings.ToLower(x.Where), strings.ToLower(c.Name)) {
			return true
		}
		if x.Unique && x != k.Index && slices.ContainsFunc(x.Parts, func(part catalog.IndexPart) bool {
			return part.Column == "" && strings.Contains(strings.ToLower(part.Expr), strings.ToLower(c.Name))
		}) {
			return true
		}
	}
	for _, other := range p.Keys(t) {
		if instead(k, other) {
			return true
		}
		within := true
		for _, o := range other.Columns {
			within = within && o.NotNull && slices.Contains(k.Columns, o)
		}
		if within {
			return true
		}
	}
	return false
}

// coarser tells of an index over expressions that it keeps apart, without a NULL, what a key does: lower(name) in the place of name.
func coarser(x *catalog.Index, k rule.Key) bool {
	for _, part := range x.Parts {
		found := false
		for _, c := range k.Columns {
			name := strings.ToLower(c.Name)
			found = found || c.NotNull && (strings.EqualFold(part.Column, name) || part.Column == "" && slices.Contains(strings.FieldsFunc(strings.ToLower(part.Expr), apart), name))
		}
		if !found {
			return false
		}
	}
	return len(x.Parts) > 0
}

// apart tells of a character that it is no part of a name.
func apart(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// instead tells that another key has another nullable column in the place of a key's: each row has one of the two.
func instead(k, other rule.Key) bool {
	missing := 0
	for _, c := range k.Columns {
		if !slices.Contains(other.Columns, c) {
			if c.NotNull {
				return false
			}
			missing++
		}
	}
	return missing == 1 && len(other.Columns) == len(k.Columns) && slices.ContainsFunc(other.Columns, func(c *catalog.Column) bool {
		return !c.NotNull && !slices.Contains(k.Columns, c)
	})
}

func names(list []*catalog.Column) (out []string) {
	for _, c := range list {
		out = append(out, c.Name)
	}
	return out
}
