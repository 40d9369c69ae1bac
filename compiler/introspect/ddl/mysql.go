package ddl

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

func (w *writer) mysql() {
	var schemas []*catalog.Schema
	for _, sc := range w.s.Schemas {
		if sc.Load == nil {
			schemas = append(schemas, sc)
			if sc.Name != w.s.DefaultSchema {
				w.statement("CREATE DATABASE %s", w.quote(sc.Name))
			}
		}
	}
	for _, sc := range schemas {
		for _, q := range sc.Sequences {
			w.statement("CREATE SEQUENCE %s%s", w.name(sc.Name, q.Name), mySequence(q))
		}
	}
	for _, sc := range schemas {
		for _, t := range sc.Tables {
			if !isView(t) {
				w.myTable(t)
			}
		}
	}
	for _, sc := range schemas {
		for _, t := range sc.Tables {
			for _, k := range t.Constraints {
				if k.Kind == ir.ForeignKey {
					w.statement("ALTER TABLE %s ADD %s", w.name(sc.Name, t.Name), w.constraintName(k)+w.foreignKey(k))
				}
			}
		}
	}
	for _, sc := range schemas {
		for _, f := range sc.Functions {
			w.myRoutine(f)
		}
		for _, t := range sc.Tables {
			if isView(t) {
				w.myView(t)
			}
		}
		for _, g := range sc.Triggers {
			w.compound(strings.TrimSuffix(strings.TrimSpace(g.Text), ";"))
		}
	}
}

// compound writes a statement that may hold semicolons, as the mysql client wants it.
func (w *writer) compound(s string) {
	if !strings.Contains(s, ";") {
		w.statement("%s", s)
		return
	}
	fmt.Fprintf(&w.b, "\nDELIMITER ;;\n%s;;\nDELIMITER ;\n", s)
}

func mySequence(q *catalog.Sequence) string {
	s := ""
	words := map[string]string{"increment": "INCREMENT BY", "start": "START WITH"}
	for _, k := range slices.Sorted(maps.Keys(q.Options)) {
		word := words[k]
		if word == "" {
			word = strings.ToUpper(k)
		}
		if k == "engine" || k == "restart" {
			continue
		}
		s += strings.TrimRight(" "+word+" "+q.Options[k], " ")
	}
	return s
}

// myText is a string literal; a backslash is written twice, as the default mode has it.
func myText(s string) string { return text(strings.ReplaceAll(s, `\`, `\\`)) }

func (w *writer) myTable(t *catalog.Table) {
	var lines []string
	for _, c := range t.Columns {
		lines = append(lines, w.myColumn(c))
	}
	for _, k := range t.Constraints {
		switch k.Kind {
		case ir.PrimaryKey:
			lines = append(lines, "PRIMARY KEY ("+w.names(k.Columns)+")"+using(k.Using))
		case ir.Unique:
			lines = append(lines, strings.TrimRight("UNIQUE KEY "+w.optional(k.Name), " ")+" ("+w.names(k.Columns)+")"+using(k.Using))
		case ir.Check:
			s := w.constraintName(k) + "CHECK " + bracketed(k.Expr)
			if k.NotValid {
				s += " NOT ENFORCED"
			}
			lines = append(lines, s)
		}
	}
	for _, x := range t.Indexes {
		lines = append(lines, w.myIndex(x))
	}
	s := fmt.Sprintf("CREATE TABLE %s %s", w.name(t.Schema, t.Name), body(lines))
	for _, k := range slices.Sorted(maps.Keys(t.Options)) {
		s += myOption(k, t.Options[k])
	}
	if t.Comment != "" {
		s += " COMMENT=" + myText(t.Comment)
	}
	if t.Partition != "" {
		s += "\n" + t.Partition
	}
	w.statement("%s", s)
}

func (w *writer) optional(name string) string {
	if name == "" {
		return ""
	}
	return w.quote(name)
}

// myOptionWords are the table options that are not their key in capitals.
var myOptionWords = map[string]string{"charset": "DEFAULT CHARSET", "data directory": "DATA DIRECTORY", "index directory": "INDEX DIRECTORY"}

var plainValue = regexp.MustCompile(`^([A-Za-z0-9_]+|\(.*\))$`)

func myOption(key, value string) string {
	switch key {
	case "auto_increment":
		return ""
	case "system versioning":
		return " WITH SYSTEM VERSIONING"
	}
	word := myOptionWords[key]
	if word == "" {
		word = strings.ToUpper(key)
	}
	if !plainValue.MatchString(value) {
		value = myText(value)
	}
	return " " + word + "=" + value
}

func using(method string) string {
	if method == "" || method == "btree" {
		return ""
	}
	return " USING " + strings.ToUpper(method)
}

// timeDefault is the one function that DEFAULT takes without brackets in MySQL.
var timeDefault = regexp.MustCompile(`(?i)^(current_timestamp|now|localtime|localtimestamp)(\s*\(\s*[0-9]*\s*\))?$`)

var myLiteral = regexp.MustCompile(`(?is)^([+-]?[0-9.][0-9.e+-]*|[bxn]?'(''|\\.|[^'\\])*'|"[^"]*"|null|true|false)$`)

func myValue(expr string) string {
	if timeDefault.MatchString(expr) || myLiteral.MatchString(expr) {
		return expr
	}
	return bracketed(expr)
}

func (w *writer) myColumn(c *catalog.Column) string {
	s := w.quote(c.Name) + " " + myDeclared(c)
	if c.Charset != "" {
		s += " CHARACTER SET " + c.Charset
	}
	if c.Collation != "" {
		s += " COLLATE " + c.Collation
	}
	if c.Generated != "" {
		s += " GENERATED ALWAYS AS " + bracketed(c.Generated) + map[bool]string{true: " STORED", false: " VIRTUAL"}[c.Stored]
	}
	if c.NotNull {
		if c.Generated == "" || w.s.Flavor != "mariadb" {
			s += " NOT NULL"
		}
	} else if c.Type.Name == "timestamp" {
		s += " NULL"
	}
	if c.Default != "" {
		s += " DEFAULT " + myValue(c.Default)
	}
	if c.OnUpdate != "" {
		s += " ON UPDATE " + c.OnUpdate
	}
	if c.Identity != "" {
		s += " AUTO_INCREMENT"
	}
	if c.Invisible {
		s += " INVISIBLE"
	}
	if c.Comment != "" {
		s += " COMMENT " + myText(c.Comment)
	}
	return s
}

// myDeclared is the type as it was declared, or as the catalog has it.
func myDeclared(c *catalog.Column) string {
	if c.Declared != "" && !strings.EqualFold(c.Declared, "serial") {
		return c.Declared
	}
	if len(c.EnumValues) > 0 {
		values := make([]string, len(c.EnumValues))
		for i, v := range c.EnumValues {
			values[i] = myText(v)
		}
		return c.Type.Name + "(" + strings.Join(values, ",") + ")"
	}
	return myType(c.Type)
}

func myType(t types.Type) string {
	s := t.Name
	switch {
	case t.Name == "bool":
		s = "tinyint(1)"
	case t.Name == "varchar" && t.Length == 0, t.Name == "varbinary" && t.Length == 0:
		s += "(255)"
	case t.Scale != 0:
		s += fmt.Sprintf("(%d,%d)", t.Length, t.Scale)
	case t.Length != 0:
		s += fmt.Sprintf("(%d)", t.Length)
	}
	if t.Unsigned {
		s += " unsigned"
	}
	return s
}

func (w *writer) myIndex(x *catalog.Index) string {
	kind, method := "KEY", x.Method
	switch x.Method {
	case "fulltext", "spatial", "vector":
		kind, method = strings.ToUpper(x.Method)+" KEY", ""
	}
	if x.Unique {
		kind = "UNIQUE KEY"
	}
	parts := make([]string, len(x.Parts))
	for i, p := range x.Parts {
		part := w.quote(p.Column)
		if p.Column == "" {
			part = bracketed(p.Expr)
		}
		if p.Length != 0 {
			part += fmt.Sprintf("(%d)", p.Length)
		}
		if p.Desc {
			part += " DESC"
		}
		parts[i] = part
	}
	s := strings.TrimRight(kind+" "+w.optional(x.Name), " ") + " (" + strings.Join(parts, ", ") + ")" + using(method)
	if p := x.Options["parser"]; p != "" {
		s += " WITH PARSER " + p
	}
	if x.Invisible {
		s += map[bool]string{true: " IGNORED", false: " INVISIBLE"}[w.s.Flavor == "mariadb"]
	}
	if c := x.Options["comment"]; c != "" {
		s += " COMMENT " + myText(c)
	}
	return s
}

func (w *writer) myView(t *catalog.Table) {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = c.Name
	}
	head := w.name(t.Schema, t.Name)
	if len(columns) > 0 {
		head += " (" + w.names(columns) + ")"
	}
	s := "CREATE VIEW " + head + " AS\n" + strings.TrimRight(t.Text, " \n;")
	if check := t.Options["check_option"]; check != "" {
		s += "\nWITH " + strings.ToUpper(check) + " CHECK OPTION"
	}
	w.statement("%s", s)
}

func (w *writer) myRoutine(f *catalog.Function) {
	kind := "FUNCTION"
	if f.Kind == catalog.Procedure {
		kind = "PROCEDURE"
	}
	args := make([]string, len(f.Args))
	for i, a := range f.Args {
		args[i] = w.quote(a.Name) + " " + myType(a.Type)
		if kind == "PROCEDURE" && a.Mode != "" {
			args[i] = a.Mode + " " + args[i]
		}
	}
	s := fmt.Sprintf("CREATE %s %s (%s)", kind, w.name(f.Schema, f.Name), strings.Join(args, ", "))
	if kind == "FUNCTION" {
		s += " RETURNS " + myType(f.Returns)
	}
	switch f.Volatility {
	case "immutable":
		s += " DETERMINISTIC"
	case "stable":
		s += " READS SQL DATA"
	}
	w.compound(s + "\n" + strings.TrimSuffix(strings.TrimSpace(f.Body), ";"))
}
