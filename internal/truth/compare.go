package truth

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// same are type names that stand for one another in an engine's answers, ours first, each
// with its reason.
var same = map[catalog.Engine]map[[2]string]string{
	catalog.MySQL: {
		{"bool", "tinyint"}:    "bool is tinyint(1); the width does not cross the wire",
		{"bool", "bigint"}:     "a predicate is 0 or 1 in a bigint",
		{"bool", "int"}:        "a predicate is 0 or 1; MariaDB's in an int",
		{"enum", "char"}:       "members travel as characters",
		{"double", "int"}:      "MariaDB counts with the numbers of an ENUM's members as integers",
		{"json", "text"}:       "MariaDB's json is a longtext with a CHECK",
		{"json", "longtext"}:   "MariaDB's json is a longtext with a CHECK",
		{"json", "varbinary"}:  "MariaDB's JSON functions make bytes of bytes",
		{"json", "blob"}:       "MariaDB's JSON functions make bytes of bytes",
		{"json", "longblob"}:   "MariaDB's JSON functions make bytes of bytes",
		{"tinytext", "text"}:   "one wire type for all sizes",
		{"mediumtext", "text"}: "one wire type for all sizes",
		{"longtext", "text"}:   "one wire type for all sizes",
		{"tinyblob", "blob"}:   "one wire type for all sizes",
		{"mediumblob", "blob"}: "one wire type for all sizes",
		{"longblob", "blob"}:   "one wire type for all sizes",
	},
}

// families are MySQL's types that an expression may have on one server and another of them on
// the next: MySQL and MariaDB choose widths of computed values differently. That ours is wide
// enough is shown by the values.
var families = map[string]string{
	"char": "string", "varchar": "string", "tinytext": "string", "text": "string", "mediumtext": "string", "longtext": "string",
	"enum": "string", "set": "string", "json": "string", "null": "string",
	"binary": "bytes", "varbinary": "bytes", "tinyblob": "bytes", "blob": "bytes", "mediumblob": "bytes", "longblob": "bytes", "bit": "bytes",
	"bool": "integer", "tinyint": "integer", "smallint": "integer", "mediumint": "integer", "int": "integer", "bigint": "integer", "year": "integer",
	"tinyint unsigned": "integer", "smallint unsigned": "integer", "mediumint unsigned": "integer", "int unsigned": "integer", "bigint unsigned": "integer",
	"float": "float", "double": "float", "datetime": "moment", "timestamp": "moment",
}

func family(name string) string {
	if f := families[name]; f != "" {
		return f
	}
	return name
}

// ranges are what a client's integer of the type can hold.
var ranges = map[string][2]int64{
	"bool": {-128, 127}, "tinyint": {-128, 127}, "smallint": {-32768, 32767}, "mediumint": {-8388608, 8388607}, "int": {-2147483648, 2147483647},
	"tinyint unsigned": {0, 255}, "smallint unsigned": {0, 65535}, "mediumint unsigned": {0, 16777215}, "int unsigned": {0, 4294967295},
	"int2": {-32768, 32767}, "int4": {-2147483648, 2147483647},
}

// fits tells whether a whole number can be held in a column's type; an unsigned BIGINT must
// not have a sign, a signed one no more than 63 bits.
func fits(t types.Type, text string) bool {
	name := t.String()
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case name == "bigint":
		return err == nil
	case name == "bigint unsigned":
		_, err := strconv.ParseUint(text, 10, 64)
		return err == nil
	}
	r, known := ranges[name]
	return !known || err == nil && r[0] <= n && n <= r[1]
}

// Compare holds a query's columns and parameters against the server's description.
func Compare(q *facts.Query, d *Description, sem dialect.Semantics) []Finding {
	out := compareColumns(q, d.Columns, sem)
	if d.Params == nil {
		return out
	}
	ours := len(q.Params)
	if q.Catalog.Engine == catalog.MySQL {
		ours = len(q.Placeholders)
	}
	if ours != len(d.Params) {
		return append(out, Finding{WrongShape, "parameters", fmt.Sprint(ours), fmt.Sprint(len(d.Params))})
	}
	for i, theirs := range d.Params {
		if theirs == "" {
			continue
		}
		p := q.Params[i]
		t := p.Type
		if p.Slice && !t.IsArray() {
			t = t.Array()
		}
		if !sameType(t, theirs, sem, q.Catalog.Engine) {
			out = append(out, Finding{WrongParam, fmt.Sprintf("$%d (%s)", i+1, p.Name), t.String(), theirs})
		}
	}
	return out
}

// CompareColumns holds the columns that the server showed when it ran the query.
func CompareColumns(q *facts.Query, a *Answer, sem dialect.Semantics) []Finding {
	return compareColumns(q, a.Columns, sem)
}

func compareColumns(q *facts.Query, theirs []Column, sem dialect.Semantics) []Finding {
	if len(theirs) == 0 && len(q.Writes) > 0 { // MariaDB has no columns for a RETURNING of what it knows to be no row
		return nil
	}
	if len(q.Columns) != len(theirs) {
		return []Finding{{WrongShape, "columns", fmt.Sprint(len(q.Columns)), fmt.Sprint(len(theirs))}}
	}
	var out []Finding
	for i, s := range theirs {
		c := q.Columns[i]
		name := c.Sent()
		proved, _ := c.Proved()
		// A star shows SQLite's JSONB columns as text, by json(column), under the column's name.
		if name != s.Name && !twin(q, i, s.Name) && !(c.FromStar && s.Name == "json("+name+")") {
			out = append(out, Finding{WrongName, fmt.Sprintf("column %d", i+1), name, s.Name})
		}
		if s.Type == "" {
			continue
		}
		if q.Catalog.Engine == catalog.SQLite {
			// A declared type is shown for plain columns only; for those of a compound it is any arm's.
			if !compound.MatchString(q.SQL) && c.Source != nil && declared(c.Source) != "" && !strings.EqualFold(declared(c.Source), s.Type) {
				out = append(out, Finding{WrongType, c.Name, declared(c.Source), s.Type})
			}
			continue
		}
		if sameType(proved, s.Type, sem, q.Catalog.Engine) || (!stored(c.Source) || merges.MatchString(q.SQL)) && q.Catalog.Engine == catalog.MySQL && (family(proved.String()) == family(s.Type) || whole(proved.String(), s)) {
			continue
		}
		out = append(out, Finding{WrongType, c.Name, proved.String(), s.Type})
	}
	return out
}

// twin tells whether another column of the query is called name and shows the same column of a query
// in FROM: where MySQL or MariaDB merges that query, both show one expression, which may bear either
// name. Rows and clients' fields go by position.
func twin(q *facts.Query, i int, name string) bool {
	ref, ok := q.Columns[i].Expr.(*ir.ColumnRef)
	if !ok || q.Catalog.Engine != catalog.MySQL || q.Columns[i].Source != nil && stored(q.Columns[i].Source) {
		return false
	}
	for j, c := range q.Columns {
		if other, ok := c.Expr.(*ir.ColumnRef); ok && j != i && c.Name == name && strings.EqualFold(other.Parts[len(other.Parts)-1].Name, ref.Parts[len(ref.Parts)-1].Name) {
			return true
		}
	}
	return false
}

var compound = regexp.MustCompile(`\b(?:UNION|EXCEPT|INTERSECT)\b`)

// whole tells whether both types are of whole numbers, whatever their width: a DECIMAL without
// digits behind the point stands for what is wider than an integer.
func whole(ours string, theirs Column) bool {
	return theirs.Whole && family(ours) == "integer" || ours == "decimal" && family(theirs.Type) == "integer"
}

// merges is what makes a stored column's type wider: ROLLUP and set operations.
var merges = regexp.MustCompile(`(?i)\b(ROLLUP|UNION|INTERSECT|EXCEPT)\b`)

// stored tells whether a column is a table's; a view's may be computed.
func stored(c *catalog.Column) bool {
	return c != nil && (c.Table == nil || c.Table.Kind == catalog.BaseTable)
}

func declared(c *catalog.Column) string { return c.Declared }

// sameType compares a type of ours with one that the server spelt. A domain leaves a query as
// its base type, so both are right.
func sameType(ours types.Type, theirs string, sem dialect.Semantics, e catalog.Engine) bool {
	if strings.EqualFold(ours.String(), theirs) || strings.EqualFold(sem.Base(ours).String(), theirs) {
		return true
	}
	_, ok := same[e][[2]string{ours.String(), theirs}]
	return ok
}

// CheckRows holds an answer's rows against what the compiler proved.
func CheckRows(q *facts.Query, a *Answer) []Finding {
	var out []Finding
	n := int64(len(a.Rows))
	if q.Rows.Max >= 0 && n > q.Rows.Max || n < q.Rows.Min {
		out = append(out, Finding{UnsoundRows, "rows", fmt.Sprintf("%d to %d", q.Rows.Min, q.Rows.Max), fmt.Sprint(n)})
	}
	for i, c := range q.Columns {
		c.Type, c.Null = c.Proved() // what the query itself says is its user's affair
		for _, row := range a.Rows {
			if i >= len(row) {
				break
			}
			v := row[i]
			if v.Null && c.Null.Null == types.Never {
				out = append(out, Finding{UnsoundNull, c.Name, "never NULL", "NULL"})
				break
			}
			if !v.Null && c.Null.Null == types.Always {
				out = append(out, Finding{WrongAlways, c.Name, "always NULL", v.Text})
				break
			}
			if !v.Null && q.Catalog.Engine == catalog.MySQL && !fits(c.Type, v.Text) {
				out = append(out, Finding{WrongType, c.Name, c.Type.String(), v.Text})
				break
			}
			if !v.Null && q.Catalog.Engine == catalog.SQLite && (c.Source == nil || declared(c.Source) == "") && !holds(q, c.Type, v) {
				out = append(out, Finding{WrongType, c.Name, c.Type.String(), v.Class + " " + v.Text})
				break
			}
		}
	}
	return append(out, CheckKeys(q, a)...)
}

// heldByItsGroup: SELECT r FROM t GROUP BY r HAVING r IN (SELECT t.r) shows a REAL column as it is
// stored, as does all that is computed of it; without HAVING, or with r = (SELECT t.r), it is REAL.
var heldByItsGroup = regexp.MustCompile(`(?is)\bGROUP BY\b.*\bHAVING\b.*\bIN\s*\(\s*SELECT\b`)

// holds tells whether a computed value of SQLite may be what it is. Two things are not said of
// types: integers that overflow are REAL, and RETURNING shows a whole number in a REAL column as
// the INTEGER that is stored. A client reads the one with an error, the other as it should.
func holds(q *facts.Query, t types.Type, v Value) bool {
	class := strings.ToUpper(t.Name)
	switch {
	case v.Class == "" || class == v.Class:
		return true
	case class == "INTEGER" && v.Class == "REAL":
		f, err := strconv.ParseFloat(v.Text, 64)
		return err == nil && math.Abs(f) >= 1<<63 || overflows(q)
	case class == "REAL" && v.Class == "INTEGER":
		return q.Kind == facts.Write || generates(q, "REAL") || heldByItsGroup.MatchString(q.SQL)
	}
	return class != "INTEGER" && class != "REAL" && class != "TEXT" && class != "BLOB"
}

// generates tells whether a table has a generated column of a type: SQLite shows such a REAL as
// the INTEGER that it is computed from where an index holds it.
func generates(q *facts.Query, name string) bool {
	for _, s := range q.Catalog.Schemas {
		for _, t := range s.Tables {
			if slices.ContainsFunc(t.Columns, func(c *catalog.Column) bool { return c.Generated != "" && c.Type.Name == name }) {
				return true
			}
		}
	}
	return false
}

// overflows tells whether the greatest integer is written in a query or in what it may read.
func overflows(q *facts.Query) bool {
	const greatest = "9223372036854775807"
	for _, s := range q.Catalog.Schemas {
		for _, t := range s.Tables {
			if strings.Contains(t.Text, greatest) {
				return true
			}
			for _, c := range t.Columns {
				if strings.Contains(c.Generated, greatest) {
					return true
				}
			}
		}
	}
	return strings.Contains(q.SQL, greatest)
}

// Seen marks the columns that showed a NULL and those that showed a value, for the search of
// clumsy answers.
type Seen struct{ Null, Value []bool }

// Add takes an answer's rows in.
func (s *Seen) Add(a *Answer) {
	for _, row := range a.Rows {
		for len(s.Null) < len(row) {
			s.Null, s.Value = append(s.Null, false), append(s.Value, false)
		}
		for i, v := range row {
			s.Null[i] = s.Null[i] || v.Null
			s.Value[i] = s.Value[i] || !v.Null
		}
	}
}

// CompareRelations holds our catalog against the server's.
func CompareRelations(in *catalog.Snapshot, theirs map[string][]Column, sem dialect.Semantics) []Finding {
	var out []Finding
	seen := map[string]bool{}
	for _, s := range in.Schemas {
		if contains(in.Implicit, s.Name) || s.Name == "information_schema" {
			continue
		}
		for _, t := range s.Tables {
			name := t.Name
			if in.Engine == catalog.PostgreSQL {
				name = s.Name + "." + t.Name
			}
			cols, ok := theirs[name]
			if !ok {
				out = append(out, Finding{WrongRelation, name, "there", "missing"})
				continue
			}
			seen[name] = true
			out = append(out, compareTable(t, name, cols, sem, in.Engine)...)
		}
	}
	for name := range theirs {
		if !seen[name] {
			out = append(out, Finding{WrongRelation, name, "missing", "there"})
		}
	}
	return out
}

func compareTable(t *catalog.Table, name string, theirs []Column, sem dialect.Semantics, e catalog.Engine) []Finding {
	var ours []*catalog.Column
	for _, c := range t.Columns {
		if !c.Hidden {
			ours = append(ours, c)
		}
	}
	if len(ours) != len(theirs) {
		return []Finding{{WrongShape, name, fmt.Sprint(len(ours)), fmt.Sprint(len(theirs))}}
	}
	var out []Finding
	for i, c := range ours {
		s := theirs[i]
		what := name + "." + s.Name
		if c.Name != s.Name {
			out = append(out, Finding{WrongName, what, c.Name, s.Name})
		}
		if t.Kind == catalog.BaseTable && c.NotNull != s.NotNull && !(c.NotNull && notNullDomain(t, c, sem)) {
			out = append(out, Finding{WrongNotNull, what, fmt.Sprint(c.NotNull), fmt.Sprint(s.NotNull)})
		}
		if !sameColumnType(c, s.Type, sem, e) {
			out = append(out, Finding{WrongType, what, c.Type.String() + " (" + c.Declared + ")", s.Type})
		}
	}
	return out
}

// notNullDomain tells whether a column is NOT NULL by its domain, which the server's catalog
// notes on the domain.
func notNullDomain(t *catalog.Table, c *catalog.Column, sem dialect.Semantics) bool {
	return c.Type.Kind == types.Domain
}

// sameColumnType compares a column's type with the server's catalog, which spells MySQL's types in
// full and SQLite's as declared.
func sameColumnType(c *catalog.Column, theirs string, sem dialect.Semantics, e catalog.Engine) bool {
	switch e {
	case catalog.SQLite:
		return strings.EqualFold(c.Declared, theirs) || theirs == ""
	case catalog.MySQL:
		word, rest, _ := strings.Cut(strings.ToLower(theirs), "(")
		word, _, _ = strings.Cut(word, " ")
		if strings.Contains(rest, "unsigned") || strings.Contains(theirs, "unsigned") {
			word += " unsigned"
		}
		return sameType(c.Type, word, sem, e)
	}
	return sameType(c.Type, theirs, sem, e)
}
