package draft

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/migrate/proof"
)

// live tells whether a schema is that of a database that runs. What the other one leaves to its database, it has from this one.
func live(s Schema) bool {
	_, ok := s.(Live)
	return ok
}

// defaults are what tables of a database take from it, as its server shows them: MySQL's character set, collation and encryption.
func defaults(s *catalog.Snapshot) string {
	if s.Engine != catalog.MySQL {
		return ""
	}
	if sc := s.Schema(""); sc != nil {
		return sc.Definition
	}
	return ""
}

// inherits tells which tables take their character set from the database, whichever it is: statements make them, and none that names
// them speaks of a character set or a collation. What the scratch server's databases happen to have is not written for these.
func inherits(s Schema, on proof.Scratch) func(schema, table string) bool {
	if on.Dialect.Engine() != catalog.MySQL {
		return nil
	}
	var statements []*token.Statement
	switch s := s.(type) {
	case Files:
		statements = s.Statements
	case Folder:
		for _, m := range s.migrations() {
			for _, one := range m.Up.Statements {
				more, err := on.Split(m.Path, one.SQL)
				if err != nil {
					return nil
				}
				statements = append(statements, more...)
			}
		}
	}
	made, told := map[string]bool{}, map[string]bool{}
	for _, s := range statements {
		verb, name := tableOf(s)
		switch {
		case name == "":
		case speaksOfCharset(s):
			told[name] = true
		case verb == "create":
			made[name] = true
		}
	}
	return func(_, table string) bool {
		name := strings.ToLower(table)
		return made[name] && !told[name]
	}
}

// tableOf is the table that a CREATE TABLE or ALTER TABLE names, small. A copy of another table (LIKE, SELECT) has that one's character set,
// and is none that is known.
func tableOf(s *token.Statement) (verb, table string) {
	word := func(i int) string {
		if i >= len(s.Tokens) {
			return ""
		}
		return strings.ToLower(s.TokenText(i))
	}
	if verb = word(0); verb != "create" && verb != "alter" {
		return "", ""
	}
	i := 1
	for i < 4 && word(i) != "table" { // OR REPLACE, ONLINE, IGNORE
		i++
	}
	if word(i) != "table" {
		return "", ""
	}
	if i++; word(i) == "if" {
		for word(i) != "exists" && word(i) != "" {
			i++
		}
		i++
	}
	if word(i+1) == "." {
		i += 2
	}
	table = strings.ReplaceAll(strings.Trim(word(i), "`\""), "``", "`")
	if verb == "create" && (word(i+1) != "(" || word(i+2) == "like") {
		return "", ""
	}
	return verb, table
}

// speaksOfCharset tells whether a statement names a character set or a collation anywhere, be it of a column: then nothing is taken away.
func speaksOfCharset(s *token.Statement) bool {
	for i := range s.Tokens {
		switch strings.ToLower(s.TokenText(i)) {
		case "charset", "collate":
			return true
		case "character", "char":
			if i+1 < len(s.Tokens) && strings.EqualFold(s.TokenText(i+1), "set") {
				return true
			}
		case "select", "ascii", "unicode", "national", "nchar", "nvarchar": // rows of other tables bring their own; short forms
			return true
		}
	}
	return false
}
