// Package postgres says what a statement of PostgreSQL does to a live database. Locks and work are those of the manual (13.3.1, and
// the page of each statement) and of the server itself: the package's tests ask it of every statement that they know.
package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect/postgres"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
)

// statement is what is known while one statement is looked at.
type statement struct {
	effect.Scene
	effect.Effect
	d     *postgres.Dialect
	words []string // in capitals; what is no word as it stands
	// about is the table that the statement changes, for dangers.
	about effect.Table
}

// Of is what a statement does.
func Of(scene effect.Scene) effect.Effect {
	s := &statement{Scene: scene, d: postgres.New()}
	for i := range scene.Statement.Tokens {
		s.words = append(s.words, strings.ToUpper(scene.Statement.TokenText(i)))
	}
	s.of(scene.Tree)
	return s.Effect
}

func (s *statement) of(tree ir.Statement) {
	switch n := tree.(type) {
	case *ir.CreateTable:
		s.createTable(n)
	case *ir.AlterTable:
		s.alterTable(n)
	case *ir.CreateIndex:
		s.createIndex(n)
	case *ir.CreateView:
		s.createView(n)
	case *ir.AlterEnum:
		s.alterEnum(n)
	case *ir.AlterDomain:
		s.alterDomain(n)
	case *ir.CreateTrigger:
		s.lockName(n.Table, effect.ShareRowExclusive)
		if t := s.Schema.Table(n.Table.Schema(), n.Table.Last()); t != nil && t.Partition != "" && s.has("EACH", "ROW") {
			for _, c := range s.children(t) { // each partition gets one
				s.Lock(effect.Of(c), effect.ShareRowExclusive)
			}
		}
		if n.OrReplace {
			s.Final = ""
		}
	case *ir.CreatePolicy:
		s.lockName(n.Table, effect.AccessExclusive)
	case *ir.CreateSchema:
		for _, element := range n.Elements {
			s.of(element)
		}
	case *ir.Drop:
		s.drop(n)
	case *ir.Rename:
		s.rename(n)
	case *ir.SetSchema:
		s.setSchema(n)
	case *ir.CreateSequence:
		if i := s.index("OWNED", "BY"); i > 0 && s.word(i+2) != "NONE" {
			parts := []string{s.ident(i + 2)}
			for i += 2; s.word(i+1) == "."; i += 2 {
				parts = append(parts, s.ident(i+2))
			}
			if len(parts) > 1 {
				schema := ""
				if len(parts) > 2 {
					schema = parts[len(parts)-3]
				}
				if t := s.Schema.Table(schema, parts[len(parts)-2]); t != nil {
					s.Lock(effect.Of(t), effect.AccessShare)
				}
			}
		}
	case *ir.Comment:
		s.comment(n)
	case *ir.Noted:
		s.noted(n)
	case *ir.Utility:
		s.utility(n)
	case *ir.Call:
		s.Unknown = true
	case ir.Query:
		s.query(n)
	}
}

// has tells whether words stand in the statement, one behind the other.
func (s *statement) has(words ...string) bool { return s.index(words...) >= 0 }

func (s *statement) index(words ...string) int {
	for i := range s.words {
		if i+len(words) <= len(s.words) && slices.Equal(s.words[i:i+len(words)], words) {
			return i
		}
	}
	return -1
}

// named reads the name, qualified or not, whose first word is word i.
func (s *statement) named(i int) (schema, name string) {
	parts := []string{s.ident(i)}
	for s.word(i+1) == "." {
		i += 2
		parts = append(parts, s.ident(i))
	}
	if len(parts) > 1 {
		schema = parts[len(parts)-2]
	}
	return schema, parts[len(parts)-1]
}

func (s *statement) word(i int) string {
	if i < 0 || i >= len(s.words) {
		return ""
	}
	return s.words[i]
}

func (s *statement) ident(i int) string {
	text := s.Statement.TokenText(i)
	if strings.HasPrefix(text, `"`) {
		return strings.ReplaceAll(strings.Trim(text, `"`), `""`, `"`)
	}
	return strings.ToLower(text)
}

// lockName locks a relation by its name, and says that there is none where there is none.
func (s *statement) lockName(n ir.Name, m effect.Mode) *catalog.Table {
	t := s.Schema.Table(n.Schema(), n.Last())
	if t == nil {
		s.missing("relation", n.String())
		return nil
	}
	s.Lock(effect.Of(t), m)
	s.about = effect.Of(t)
	return t
}

func (s *statement) missing(what, name string) {
	if s.Refused == "" {
		s.Refused = what + " " + name + " does not exist"
	}
}

func (s *statement) refuse(text string) {
	if s.Refused == "" {
		s.Refused = text
	}
}

// warn adds a danger about the table that the statement is about.
func (s *statement) warn(code *diag.Code, text string, safe ...string) {
	s.Warn(effect.Danger{Code: code, Table: s.about, Text: text, Safe: safe})
}

// noted are statements that define nothing for queries.
func (s *statement) noted(n *ir.Noted) {
	for _, d := range n.Definitions { // of a DO block, of which nobody knows whether they run
		s.of(d)
		s.Refused, s.Unknown = "", true
	}
	switch n.Verb {
	case "DO":
		s.Unknown = true
	case "CREATE RULE":
		if i := s.index("TO"); i > 0 {
			s.lockAt(i+1, effect.AccessExclusive)
		}
	case "CREATE STATISTICS":
		if i := s.index("FROM"); i > 0 {
			s.lockAt(i+1, effect.ShareUpdateExclusive)
		}
	case "ALTER POLICY":
		if i := s.index("ON"); i > 0 {
			s.lockAt(i+1, effect.AccessExclusive)
		}
	case "CREATE PUBLICATION", "ALTER PUBLICATION":
		s.publication()
	}
}

// lockAt locks the relation whose name begins with word i.
func (s *statement) lockAt(i int, m effect.Mode) *catalog.Table {
	schema, name := s.named(i)
	return s.lockName(ir.Name{Parts: idents(schema, name)}, m)
}

func idents(schema, name string) []ir.Ident {
	if schema == "" {
		return []ir.Ident{{Name: name}}
	}
	return []ir.Ident{{Name: schema}, {Name: name}}
}

// publication locks the tables that it names.
func (s *statement) publication() {
	i := s.index("TABLE")
	if i < 0 {
		return
	}
	for i++; i < len(s.words); i++ {
		if s.word(i) == "ONLY" {
			i++
		}
		schema, name := s.named(i)
		t := s.Schema.Table(schema, name)
		if t == nil {
			return
		}
		s.Lock(effect.Of(t), effect.ShareUpdateExclusive)
		for depth := 0; i < len(s.words) && (depth > 0 || s.word(i) != ","); i++ {
			switch s.word(i) {
			case "(":
				depth++
			case ")":
				depth--
			}
		}
	}
}

// comment takes a lock on what it speaks of; of parts of a table on the table.
func (s *statement) comment(n *ir.Comment) {
	switch n.Kind {
	case ir.ObjTable, ir.ObjView, ir.ObjMatView, ir.ObjColumn:
		s.lockName(n.Object, effect.ShareUpdateExclusive)
	case ir.ObjConstraint, ir.ObjTrigger, ir.ObjOther:
		if n.Column == nil { // of a domain's constraint, an operator …
			return
		}
		if t := s.Schema.Table(n.Object.Schema(), n.Object.Last()); t != nil {
			s.Lock(effect.Of(t), effect.AccessShare)
		}
	}
}

// rename holds its lock for a moment; what it breaks is who uses the old name.
func (s *statement) rename(n *ir.Rename) {
	switch n.Kind {
	case ir.ObjTable, ir.ObjView, ir.ObjMatView, ir.ObjColumn, ir.ObjConstraint, ir.ObjTrigger, ir.ObjOther:
	case ir.ObjSchema:
		s.warn(diag.RenameBreaks, "the schema "+n.Object.String()+" gets another name, under which running applications do not look for it",
			"make the new schema, move the objects one by one, and leave views under the old names")
		return
	case ir.ObjType:
		if n.Column != nil {
			s.warn(diag.RenameBreaks, "the attribute "+n.Column.Name+" of "+n.Object.String()+" gets another name", "add the new attribute beside it")
		}
		return
	default: // indexes (weak, on the index alone), sequences, functions …
		return
	}
	if n.IfExists && s.Schema.Table(n.Object.Schema(), n.Object.Last()) == nil {
		return
	}
	if n.Kind == ir.ObjOther && s.Schema.Table(n.Object.Schema(), n.Object.Last()) == nil {
		return // an operator, a collation …
	}
	t := s.lockName(n.Object, effect.AccessExclusive)
	if t == nil {
		if n.Kind == ir.ObjTable { // an index or a sequence by ALTER TABLE
			s.Refused = ""
		}
		return
	}
	switch {
	case n.Kind == ir.ObjTrigger, n.Kind == ir.ObjConstraint, n.Kind == ir.ObjOther:
	case n.Column != nil:
		for _, c := range s.children(t) {
			s.Lock(effect.Of(c), effect.AccessExclusive)
		}
		if t.Column(n.Column.Name, false) == nil {
			s.refuse("column " + n.Column.Name + " of " + t.Name + " does not exist")
		}
		s.warn(diag.RenameBreaks, "the column "+t.Name+"."+n.Column.Name+" is called "+n.New.Last()+" from now on, and queries that run now use the old name",
			"add the new column and keep both the same (a trigger, or the application writes both); move readers; then drop the old one",
			"or rename the table and leave a view under the old name that has both columns")
	default:
		s.warn(diag.RenameBreaks, "the table "+t.Name+" is called "+n.New.Last()+" from now on, and queries that run now use the old name",
			"in the same transaction: CREATE VIEW "+s.d.Quote(t.Name)+" AS SELECT * FROM "+s.d.Quote(n.New.Last())+"; drop the view once nobody uses it")
	}
}

func (s *statement) setSchema(n *ir.SetSchema) {
	switch n.Kind {
	case ir.ObjTable, ir.ObjView, ir.ObjMatView:
		t := s.lockName(n.Object, effect.AccessExclusive)
		if t == nil {
			return
		}
		switch name := n.Schema.Name; {
		case name == "pg_temp" || strings.HasPrefix(name, "pg_temp_"):
			s.refuse("objects are not moved into or out of temporary schemas")
		case name == "pg_toast" || s.Schema.Schema(name) == nil:
			s.missing("schema", name)
		}
		s.warn(diag.RenameBreaks, "the table "+t.Name+" is in the schema "+n.Schema.Name+" from now on, and queries that run now look for it where it was",
			"leave a view under the old name, or have both schemas in the search_path of the application first")
	}
}

// alterEnum locks no table.
func (s *statement) alterEnum(n *ir.AlterEnum) {
	d := s.Schema.Type(n.Name.Schema(), n.Name.Last())
	switch {
	case d == nil:
		s.missing("type", n.Name.String())
	case n.Rename != "":
		if !slices.Contains(d.Values, n.Rename) {
			s.refuse(`"` + n.Rename + `" is no value of ` + d.Name)
		}
		s.about = effect.Table{}
		s.warn(diag.RenameBreaks, "the value "+n.Rename+" of "+d.Name+" is called "+n.Value+" from now on, and queries that run now use the old one",
			"add the new value, let the application write it and read both, move the rows; the old value stays unused")
	default:
		if slices.Contains(d.Values, n.Value) && !n.IfNotExists {
			s.refuse("the value " + n.Value + " of " + d.Name + " exists already")
		}
		s.Final = "a value of an enum can't be removed again: that takes a new type and a rewrite of each column that has it"
	}
}

// alterDomain looks at every table that has a column of the domain.
func (s *statement) alterDomain(n *ir.AlterDomain) {
	d := s.Schema.Type(n.Name.Schema(), n.Name.Last())
	if d == nil {
		s.missing("domain", n.Name.String())
		return
	}
	if !(n.NotNull != nil && *n.NotNull) && (n.Add == nil || n.Add.NotValid) && !s.validatesDomain() {
		return
	}
	for _, t := range s.usingType(d) {
		if t.Kind != catalog.BaseTable && t.Kind != catalog.MaterializedView {
			continue
		}
		s.Lock(effect.Of(t), effect.Share)
		s.Do(effect.Scan, effect.Of(t), d.Name)
		s.FailsOnRows = "rows of which the value is none of the domain"
		s.about = effect.Of(t)
		s.warn(diag.TableScanned, "all rows of "+t.Name+" are read, and nobody writes to it, because it has a column of the domain "+d.Name,
			"ALTER DOMAIN "+s.d.Quote(d.Name)+" ADD CONSTRAINT … CHECK (…) NOT VALID; then ALTER DOMAIN … VALIDATE CONSTRAINT in a transaction of its own, at a quiet hour: it takes the same lock")
	}
}

func (s *statement) validatesDomain() bool { return s.has("VALIDATE", "CONSTRAINT") }
