package implicitcast

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/types"
)

// width orders the character sets that are subsets of one another; others are not compared.
var width = map[string]int{"ascii": 1, "latin1": 2, "utf8mb3": 3, "utf8mb4": 4}

// charsetOf is a column's character set, "" where the schema does not say it.
func charsetOf(c *rel.Column) string {
	if access.KindOf(catalog.MySQL, c.Type) != "string" {
		return ""
	}
	name := c.Source.Charset
	if name == "" {
		name, _, _ = strings.Cut(c.Source.Collation, "_")
	}
	for _, option := range []string{"charset", "character set", "default charset", "default character set", "collate"} {
		if name == "" {
			name, _, _ = strings.Cut(c.Table.Options[option], "_")
		}
	}
	name = strings.ToLower(name)
	if name == "utf8" {
		name = "utf8mb3"
	}
	return name
}

// bits are the sizes of integers.
var bits = map[string]uint{"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64, "int2": 16, "int4": 32, "int8": 64}

// constants reports equations with a constant that the column can not hold.
func (j judge) constants() {
	j.Walk(func(n ir.Node, in *sem.Block) bool {
		switch x := n.(type) {
		case *ir.Binary:
			if x.Op == "=" {
				j.constant(x, x.L, x.R)
				j.constant(x, x.R, x.L)
			}
		case *ir.In:
			if !x.Not {
				for _, v := range x.List {
					j.constant(x, x.X, v)
				}
			}
		case *ir.Assign:
			return false // not a comparison
		}
		return true
	})
}

func (j judge) constant(x ir.Node, key, value ir.Expr) {
	c := j.Column(key)
	if c == nil || c.Source == nil || j.said[x.Span()] {
		return
	}
	l := j.Value(value).Constant
	if l == nil {
		return
	}
	text := strings.TrimSpace(j.Text(value))
	say := func(format string, args ...any) {
		j.said[x.Span()] = true
		j.Add(j.At(x, format, args...).WithLabel(c.Source.Span, "%s is %s", c.Name, declared(c.Source)))
	}
	mysql := j.Package.Engine == catalog.MySQL
	switch {
	case l.Kind == ir.Integer || l.Kind == ir.Decimal && !strings.Contains(l.Text, "."):
		if n, ok := new(big.Int).SetString(l.Text, 10); ok && outside(c.Type, n, strings.HasPrefix(text, "-") && !strings.HasPrefix(l.Text, "-")) {
			say("%s is %s and can not hold %s: the comparison is never true", c.Name, declared(c.Source), text)
		}
	case l.Kind != ir.String || !mysql:
	case c.Type.Name == "enum" && !holds(c.Source.EnumValues, l.Text):
		say("%s is none of the values of %s: the comparison is never true", text, c.Name)
	case c.Type.Name == "set" && l.Text != "" && slices.ContainsFunc(strings.Split(l.Text, ","), func(s string) bool { return !holds(c.Source.EnumValues, s) }):
		say("%s is none of the values of %s: the comparison is never true", text, c.Name)
	case c.Type.Name == "date" && midday(l.Text):
		say("%s has no time of day and %s has one: the comparison is never true", c.Name, text)
	case access.KindOf(j.Package.Engine, c.Type) == "number" && c.Type.Name != "bit" && c.Type.Name != "year":
		if _, err := strconv.ParseFloat(strings.TrimSpace(l.Text), 64); err != nil {
			say("%s is a number, and %s is read as one, by what it begins with: 0 where that is no digit", c.Name, text)
		}
	}
}

func holds(values []string, s string) bool {
	return slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, strings.TrimRight(s, " ")) }) || len(values) == 0
}

// midday tells of a date with a time of day that is not midnight.
func midday(s string) bool {
	day, clock, ok := strings.Cut(s, " ")
	return ok && strings.Count(day, "-") == 2 && strings.Contains(clock, ":") && strings.Trim(clock, "0:.") != ""
}

func outside(t types.Type, n *big.Int, minus bool) bool {
	size := bits[t.Name]
	if size == 0 || t.IsArray() || t.Kind != types.Base {
		return false
	}
	if t.Name == "tinyint" && t.Length == 1 {
		size = 8
	}
	if minus {
		n = new(big.Int).Neg(n)
	}
	low, high := new(big.Int), new(big.Int).Lsh(big.NewInt(1), size)
	if !t.Unsigned {
		high.Rsh(high, 1)
		low.Neg(high)
	}
	return n.Cmp(low) < 0 || n.Cmp(high) >= 0
}

func declared(c *catalog.Column) string {
	if c.Declared != "" {
		return strings.ToLower(c.Declared)
	}
	return c.Type.String()
}

func equal(a, b string) bool { return strings.EqualFold(a, b) }
