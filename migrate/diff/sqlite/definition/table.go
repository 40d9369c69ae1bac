package definition

import (
	"fmt"
	"slices"
	"strings"
)

// Table is what a CREATE TABLE says.
type Table struct {
	Name    string
	Columns []*Column // in order of declaration
	// Constraints are the table's and those written at columns, which mean the same.
	Constraints          []*Constraint
	Strict, WithoutRowID bool

	s              *scanner
	nameAt         int   // the token of the name
	qualified      []int // tokens of the table's own name before a column, each with a point behind it
	columns        map[string]*Column
	bodyAt, bodyTo int
}

// Column is a column's definition.
type Column struct {
	Name string
	// Text is the definition as it is written, from the name on.
	Text string
	Type string // canonical, "" where none is written
	// NotNull: the clause stands there.
	NotNull bool
	// Default is canonical; DefaultText as written.
	Default, DefaultText string
	Collate              string // folded, "" for BINARY
	Generated            string // the expression, canonical
	Stored               bool
	// Clauses is what the column's definition says but for name, type and constraints of the table, canonical and sorted.
	Clauses []string
	// Inline are the constraints of the table that are written at the column.
	Inline []*Constraint
	// Mentions are the words of the column's clauses.
	Mentions map[string]bool
}

// ConstraintKind tells constraints apart.
type ConstraintKind string

// The kinds of constraints.
const (
	PrimaryKey ConstraintKind = "primary key"
	Unique     ConstraintKind = "unique"
	Check      ConstraintKind = "check"
	ForeignKey ConstraintKind = "foreign key"
)

// Constraint is a constraint of the table.
type Constraint struct {
	Kind ConstraintKind
	Name string
	// Columns are folded, of keys and foreign keys.
	Columns []string
	// Collated: a key's column has a collation of its own.
	Collated bool
	// RefTable is as written, RefColumns are folded and empty where none are written.
	RefTable      string
	RefColumns    []string
	Autoincrement bool
	// Descending: PRIMARY KEY DESC at a column, which makes an INTEGER no alias of the rowid.
	Descending bool
	// Expr is a check's condition as written.
	Expr string
	// At is the column that it is written at, nil for the table's own.
	At *Column
	// Mentions are the words that it uses.
	Mentions map[string]bool
	// Canonical is what it says, its name included.
	Canonical string

	conflict, key, references string
}

// Column finds a column by its folded name, nil where there is none.
func (t *Table) Column(folded string) *Column { return t.columns[folded] }

// Has tells whether there is a column of that folded name.
func (t *Table) Has(folded string) bool { return t.columns[folded] != nil }

// ReadTable reads a CREATE TABLE that SQLite keeps.
func ReadTable(text string) (*Table, error) {
	s := scan(text)
	t := &Table{s: s, columns: map[string]*Column{}}
	if !s.take("CREATE", "TABLE") {
		return nil, fmt.Errorf("not a CREATE TABLE: %.60q", text)
	}
	t.nameAt = s.at
	t.Name = s.name()
	if !s.is("(") {
		return nil, fmt.Errorf("CREATE TABLE %s: there is no list of columns", t.Name)
	}
	body := *s
	t.bodyAt, t.bodyTo = body.group()
	s.at = t.bodyTo + 1
	for !s.done() {
		switch {
		case s.take("STRICT"):
			t.Strict = true
		case s.take("WITHOUT", "ROWID"):
			t.WithoutRowID = true
		default:
			s.at++
		}
	}
	for i := t.bodyAt; i < t.bodyTo; i++ {
		if s.raw(i) == "." && s.isName(i-1) && s.raw(i-2) != "." && Fold(Unquote(s.raw(i-1))) == Fold(t.Name) {
			t.qualified = append(t.qualified, i-1)
		}
	}
	items := s.list(t.bodyAt, t.bodyTo)
	constraintsFrom := len(items)
	for i, item := range items { // all names first: they tell names in quotes from strings
		s.at = item.from
		if s.atTableConstraint() {
			constraintsFrom = i
			break
		}
		c := &Column{Name: s.name(), Mentions: map[string]bool{}}
		t.Columns = append(t.Columns, c)
		t.columns[Fold(c.Name)] = c
	}
	for i, item := range items {
		if i < constraintsFrom {
			s.at = item.from + 1
			if err := t.readColumn(t.Columns[i], item); err != nil {
				return nil, fmt.Errorf("CREATE TABLE %s: column %s: %w", t.Name, t.Columns[i].Name, err)
			}
			continue
		}
		for s.at = item.from; s.at < item.to; { // the comma between constraints may be left out
			if err := t.readConstraint(nil, item.to); err != nil {
				return nil, fmt.Errorf("CREATE TABLE %s: %w", t.Name, err)
			}
		}
	}
	for _, k := range t.Constraints {
		k.Canonical = k.canonical()
	}
	return t, nil
}

func (s *scanner) atTableConstraint() bool {
	for _, w := range []string{"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"} {
		if s.is(w) {
			return true
		}
	}
	return false
}

// clauseWords start a clause of a column, so they end its type.
var clauseWords = []string{"CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "AS", "DEFERRABLE"}

func (s *scanner) atClause() bool {
	if s.is("GENERATED", "ALWAYS") {
		return true
	}
	for _, w := range clauseWords {
		if s.is(w) {
			return true
		}
	}
	return false
}

func (t *Table) readColumn(c *Column, item span) error {
	s := t.s
	c.Text = s.text[s.tokens[item.from].Start:s.tokens[item.to-1].End]
	s.words(item.from+1, item.to, c.Mentions)
	from := s.at
	for s.at < item.to && !s.atClause() {
		s.at++
	}
	c.Type = tight.Replace(s.canonical(from, s.at, everything, ""))
	for s.at < item.to {
		if err := t.readConstraint(c, item.to); err != nil {
			return err
		}
	}
	slices.Sort(c.Clauses)
	return nil
}

var tight = strings.NewReplacer(" (", "(", "( ", "(", " )", ")", " ,", ",", ", ", ",")

func everything(string) bool { return true }

// readConstraint reads one clause of column c, or one constraint of the table where c is nil.
func (t *Table) readConstraint(c *Column, end int) error {
	s, from := t.s, t.s.at
	name := ""
	for s.take("CONSTRAINT") { // SQLite takes a name with nothing behind it, and the last one counts
		name = s.name()
	}
	clause := func(format string, args ...any) {
		text := fmt.Sprintf(format, args...)
		if name != "" {
			text = "constraint " + Fold(name) + " " + text
		}
		c.Clauses = append(c.Clauses, text)
	}
	k := &Constraint{Name: name, At: c, Mentions: map[string]bool{}}
	switch {
	case s.take("PRIMARY", "KEY"):
		k.Kind = PrimaryKey
		t.key(k, c)
		if c != nil {
			if s.take("DESC") {
				k.Descending = true
			} else {
				s.take("ASC")
			}
		}
		k.conflict = s.conflict()
		if s.take("AUTOINCREMENT") {
			k.Autoincrement = true
		}
	case s.take("UNIQUE"):
		k.Kind = Unique
		t.key(k, c)
		k.conflict = s.conflict()
	case s.take("CHECK"):
		k.Kind = Check
		a, b := s.group()
		if b > a {
			k.Expr = s.text[s.tokens[a].Start:s.tokens[b-1].End]
		}
		k.key = s.canonical(a, b, t.Has, Fold(t.Name))
		s.conflict() // SQLite reads it and does nothing with it
	case c == nil && s.take("FOREIGN", "KEY"):
		k.Kind = ForeignKey
		a, b := s.group()
		for _, x := range s.list(a, b) {
			k.Columns = append(k.Columns, Fold(Unquote(s.raw(x.from))))
		}
		if !s.take("REFERENCES") {
			return fmt.Errorf("a foreign key refers to nothing")
		}
		t.references(k)
	case c == nil:
		return fmt.Errorf("unexpected %q", s.raw(s.at))
	case s.take("REFERENCES"):
		k.Kind, k.Columns = ForeignKey, []string{Fold(c.Name)}
		t.references(k)
	case s.is("DEFERRABLE") || s.is("NOT", "DEFERRABLE"):
		if n := len(c.Inline); n > 0 && c.Inline[n-1].Kind == ForeignKey {
			t.refArguments(c.Inline[n-1])
		} else {
			t.refArguments(&Constraint{})
		}
		return nil
	case s.take("NOT", "NULL"):
		c.NotNull = true
		clause("not null%s", s.conflict())
		return nil
	case s.take("NULL"):
		s.conflict() // NULL says nothing
		return nil
	case s.take("DEFAULT"):
		t.defaultValue(c)
		clause("default %s", c.Default)
		return nil
	case s.take("COLLATE"):
		if c.Collate = Fold(s.name()); c.Collate == "binary" {
			c.Collate = ""
		} else {
			clause("collate %s", c.Collate)
		}
		return nil
	case s.take("GENERATED", "ALWAYS", "AS") || s.take("AS"):
		a, b := s.group()
		c.Generated = s.canonical(a, b, t.Has, Fold(t.Name))
		c.Stored = s.take("STORED")
		_ = c.Stored || s.take("VIRTUAL")
		clause("generated as (%s) stored=%t", c.Generated, c.Stored)
		return nil
	case name != "" && s.at >= end:
		return nil
	default:
		return fmt.Errorf("unexpected %q", s.raw(s.at))
	}
	s.words(from, s.at, k.Mentions)
	t.Constraints = append(t.Constraints, k)
	if c != nil {
		c.Inline = append(c.Inline, k)
	}
	return nil
}

// defaultValue reads what stands behind DEFAULT: a word there is a value, never a column.
func (t *Table) defaultValue(c *Column) {
	s, from := t.s, t.s.at
	if s.is("(") {
		s.group()
	} else {
		_ = s.take("+") || s.take("-")
		s.at++
	}
	c.Default = s.canonical(from, s.at, t.Has, "")
	if raw := s.raw(from); s.at-from == 1 && strings.HasPrefix(raw, `"`) {
		c.Default = "'" + strings.ReplaceAll(Unquote(raw), "'", "''") + "'"
	}
	c.DefaultText = s.text[s.tokens[from].Start:s.tokens[s.at-1].End]
}

// key reads the columns of a key of the table; at a column it is that one.
func (t *Table) key(k *Constraint, c *Column) {
	if c != nil {
		k.Columns = []string{Fold(c.Name)}
		writer := &strings.Builder{}
		writeName(writer, k.Columns[0])
		k.key = writer.String()
		return
	}
	s := t.s
	a, b := s.group()
	if strings.EqualFold(s.raw(b-1), "AUTOINCREMENT") {
		k.Autoincrement = true
		b--
	}
	var keys []string
	for _, x := range s.list(a, b) {
		k.Columns = append(k.Columns, Fold(Unquote(s.raw(x.from))))
		k.Collated = k.Collated || strings.EqualFold(s.raw(x.from+1), "COLLATE")
		keys = append(keys, strings.TrimSuffix(s.canonical(x.from, x.to, everything, ""), " asc"))
	}
	k.key = strings.Join(keys, ", ")
}

// conflict reads ON CONFLICT; ABORT is what SQLite does anyway.
func (s *scanner) conflict() string {
	if !s.take("ON", "CONFLICT") {
		return ""
	}
	if how := Fold(s.name()); how != "abort" {
		return " on conflict " + how
	}
	return ""
}

func (t *Table) references(k *Constraint) {
	s := t.s
	k.RefTable = s.name()
	if s.is("(") {
		a, b := s.group()
		for _, x := range s.list(a, b) {
			k.RefColumns = append(k.RefColumns, Fold(Unquote(s.raw(x.from))))
		}
	}
	t.refArguments(k)
}

func (t *Table) refArguments(k *Constraint) {
	s := t.s
	for !s.done() {
		switch {
		case s.is("ON", "DELETE") || s.is("ON", "UPDATE") || s.is("ON", "INSERT"):
			event := Fold(s.raw(s.at + 1))
			s.at += 2
			action := Fold(s.raw(s.at))
			s.at++
			if action == "set" || action == "no" {
				action += " " + Fold(s.raw(s.at))
				s.at++
			}
			if action != "no action" {
				k.references += " on " + event + " " + action
			}
		case s.take("MATCH"):
			k.references += " match " + Fold(s.name())
		case s.take("NOT", "DEFERRABLE"):
			s.initially()
		case s.take("DEFERRABLE"):
			k.references += " deferrable" + s.initially()
		default:
			return
		}
	}
}

func (s *scanner) initially() string {
	if s.take("INITIALLY", "DEFERRED") {
		return " initially deferred"
	}
	s.take("INITIALLY", "IMMEDIATE")
	return ""
}

func (k *Constraint) canonical() string {
	var b strings.Builder
	if k.Name != "" {
		b.WriteString("constraint " + Fold(k.Name) + " ")
	}
	b.WriteString(string(k.Kind))
	if k.Descending {
		b.WriteString(" desc")
	}
	if k.Kind == ForeignKey {
		fmt.Fprintf(&b, " (%s) references %s (%s)", strings.Join(k.Columns, ", "), Fold(k.RefTable), strings.Join(k.RefColumns, ", "))
		b.WriteString(sortedActions(k.references))
		return b.String()
	}
	fmt.Fprintf(&b, " (%s)%s", k.key, k.conflict)
	if k.Autoincrement {
		b.WriteString(" autoincrement")
	}
	return b.String()
}

// sortedActions gives one order to what may be written in any.
func sortedActions(text string) string {
	parts := strings.Split(text, " on ")
	slices.Sort(parts)
	return strings.Join(parts, " on ")
}

// Canonical is what the column is, without the constraints of the table that are written at it.
func (c *Column) Canonical() string {
	return Fold(c.Name) + " " + c.Type + " " + strings.Join(c.Clauses, " ")
}

// Canonical is what the table is: the same for two texts that make the same table, in whatever order its columns stand.
func (t *Table) Canonical() string {
	lines := make([]string, 0, len(t.Columns)+len(t.Constraints)+1)
	for _, c := range t.Columns {
		lines = append(lines, "column "+c.Canonical())
	}
	for _, k := range t.Constraints {
		lines = append(lines, k.Canonical)
	}
	slices.Sort(lines)
	return strings.Join(append(lines, fmt.Sprintf("strict=%t without rowid=%t", t.Strict, t.WithoutRowID)), "\n")
}

// Key is the primary key, nil where there is none.
func (t *Table) Key() *Constraint {
	for _, k := range t.Constraints {
		if k.Kind == PrimaryKey {
			return k
		}
	}
	return nil
}

// RowID is the column that is another name of the rowid, nil where none is.
func (t *Table) RowID() *Column {
	k := t.Key()
	if t.WithoutRowID || k == nil || len(k.Columns) != 1 || k.Descending {
		return nil
	}
	if c := t.Column(k.Columns[0]); c != nil && c.Type == "integer" {
		return c
	}
	return nil
}

// Called is the statement that makes the table under another name, which is given with its quotes: word for word, but that the table's
// own name before a column is left out, as it would not be the table's.
func (t *Table) Called(quoted string) string {
	var b strings.Builder
	s, at := t.s, 0
	cut := func(from, to int, put string) {
		b.WriteString(s.text[at:from])
		b.WriteString(put)
		at = to
	}
	cut(int(s.tokens[t.nameAt].Start), int(s.tokens[t.nameAt].End), quoted)
	for _, i := range t.qualified {
		cut(int(s.tokens[i].Start), int(s.tokens[i+1].End), "")
	}
	b.WriteString(s.text[at:])
	return b.String()
}

// Affinity is what a column makes of values that it is given: "integer", "real", "numeric", "text" or "blob", which is nothing.
func (t *Table) Affinity(c *Column) string {
	has := func(s string) bool { return strings.Contains(c.Type, s) }
	switch {
	case t.Strict && c.Type == "any":
		return "blob"
	case has("int"):
		return "integer"
	case has("char") || has("clob") || has("text"):
		return "text"
	case has("blob") || c.Type == "":
		return "blob"
	case has("real") || has("floa") || has("doub"):
		return "real"
	}
	return "numeric"
}
