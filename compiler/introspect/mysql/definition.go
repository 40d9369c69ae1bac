package mysql

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/introspect/ddl"
	"github.com/covetsql/covetsql/compiler/source"
)

// piece is one object as the server shows it.
type piece struct {
	kind, name string // kind as SHOW CREATE has it
	// definition is the server's statement, in words that are the same for the same object in each database.
	definition string
	mode       string // sql_mode, "" for the server's own
	// dark: the dialect does not understand the statement; what the compiler needs of it comes from information_schema.
	dark bool
}

// statement is what the dialect reads.
func (p *piece) statement() string {
	text := definer.ReplaceAllString(p.definition, "")
	if p.kind != "TABLE" && strings.Contains(text, ";") { // a body of statements
		text = "DELIMITER ;;\n" + text + " ;;\nDELIMITER "
	}
	return text + ";\n"
}

// counter is the next value of AUTO_INCREMENT, which rows change.
var counter = regexp.MustCompile(`(?m)^(\)[^\n']*?) AUTO_INCREMENT=[0-9]+`)

// definition takes off a statement of SHOW CREATE what differs from database to database: its name, counters, and the
// DEFINER where that is who reads, who would be the DEFINER without a word too.
func (r *reader) definition(text string) string {
	text = unqualified(text, r.database)
	if strings.HasPrefix(text, "CREATE TABLE") {
		return counter.ReplaceAllString(text, "$1")
	}
	user, host := r.user, ""
	if at := strings.LastIndex(r.user, "@"); at >= 0 {
		user, host = r.user[:at], r.user[at+1:]
	}
	mine := "DEFINER=" + quote(user) + "@" + quote(host) + " "
	head, _, _ := strings.Cut(text, "\n")
	if at := strings.Index(head, mine); at >= 0 && at < len("CREATE ALGORITHM=UNDEFINED OR REPLACE ") {
		text = text[:at] + text[at+len(mine):]
	}
	return text
}

// understand reads the server's statements with the dialect. One that the dialect can't read is known by its name alone.
func (r *reader) understand() (*catalog.Snapshot, error) {
	for {
		var text strings.Builder
		starts := make([]int, len(r.pieces))
		for i, p := range r.pieces {
			starts[i] = text.Len()
			if !p.dark {
				text.WriteString(p.statement())
			}
		}
		s, diags := ddl.Read(source.NewFile(r.database, text.String()), r.d)
		again := false
		for _, problem := range diags {
			if problem.Severity != diag.Error {
				continue
			}
			for i := len(r.pieces) - 1; i >= 0; i-- {
				if starts[i] <= int(problem.Span.Start) && !r.pieces[i].dark {
					if r.pieces[i].kind == "SEQUENCE" {
						return nil, fmt.Errorf("a statement of the server was not understood: %v", problem)
					}
					r.pieces[i].dark, again = true, true
					break
				}
			}
		}
		if !again {
			return s, r.lighten(s)
		}
	}
}

// lighten adds the objects whose statements the dialect does not read.
func (r *reader) lighten(s *catalog.Snapshot) error {
	sc := s.Add("", nil, nil, nil)
	for _, p := range r.pieces {
		if !p.dark {
			continue
		}
		switch p.kind {
		case "TABLE":
			t := &catalog.Table{Name: p.name}
			columns, err := r.rows(`SELECT column_name, column_type, is_nullable, extra, column_comment FROM information_schema.columns
				WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position`, r.database, p.name)
			if err != nil {
				return err
			}
			for _, row := range columns {
				c := r.viewColumn(t, row[0], row[1])
				c.NotNull, c.Comment = row[2] == "NO", row[4]
				if strings.Contains(strings.ToLower(row[3]), "auto_increment") {
					c.Identity = "auto_increment"
				}
				t.Columns = append(t.Columns, c)
			}
			s.Add("", []*catalog.Table{t}, nil, nil)
		case "VIEW":
			s.Add("", []*catalog.Table{{Name: p.name, Kind: catalog.View}}, nil, nil)
		case "FUNCTION":
			s.Add("", nil, nil, []*catalog.Function{{Name: p.name, Kind: catalog.Scalar}})
		case "PROCEDURE":
			s.Add("", nil, nil, []*catalog.Function{{Name: p.name, Kind: catalog.Procedure}})
		case "TRIGGER":
			sc.Triggers = append(sc.Triggers, &catalog.Trigger{Name: p.name, Text: p.definition})
		}
	}
	return nil
}

// define gives the catalog's objects the server's own words.
func (r *reader) define(s *catalog.Snapshot) error {
	sc := s.Add("", nil, nil, nil)
	shown, err := r.rows("SHOW CREATE DATABASE " + quote(r.database))
	if err != nil {
		return err
	}
	sc.Definition = strings.TrimPrefix(shown[0][1], "CREATE DATABASE "+quote(r.database)+" ")
	of := map[string]*piece{}
	for _, p := range r.pieces {
		of[p.kind+" "+p.name] = p
	}
	for _, t := range sc.Tables {
		kind := "TABLE"
		if t.Kind == catalog.View {
			kind = "VIEW"
		}
		p := of[kind+" "+t.Name]
		if p == nil {
			return fmt.Errorf("the server shows %s %s under another name", strings.ToLower(kind), t.Name)
		}
		t.Definition = p.definition
		if kind == "TABLE" {
			defineColumns(t)
		}
	}
	for _, f := range sc.Functions {
		kind := "FUNCTION"
		if f.Kind == catalog.Procedure {
			kind = "PROCEDURE"
		}
		if p := of[kind+" "+f.Name]; p != nil {
			f.Definition, f.SQLMode = p.definition, p.mode
		}
	}
	for _, q := range sc.Sequences {
		if p := of["SEQUENCE "+q.Name]; p != nil {
			q.Definition = p.definition
		}
	}
	var triggers []*catalog.Trigger // in the order in which they run
	for _, p := range r.pieces {
		for _, g := range sc.Triggers {
			if p.kind == "TRIGGER" && p.name == g.Name {
				g.Definition, g.SQLMode = p.definition, p.mode
				triggers = append(triggers, g)
			}
		}
	}
	sc.Triggers = triggers
	s.Others = r.others
	return r.placeTriggers(sc)
}

// placeTriggers tells what the triggers hang on, which those need whose statement was not read.
func (r *reader) placeTriggers(sc *catalog.Schema) error {
	if len(sc.Triggers) == 0 {
		return nil
	}
	rows, err := r.rows("SELECT trigger_name, event_object_table, action_timing, event_manipulation FROM information_schema.triggers WHERE trigger_schema = ?", r.database)
	if err != nil {
		return err
	}
	for _, row := range rows {
		for _, g := range sc.Triggers {
			if g.Name == row[0] && g.Table == "" {
				g.Table, g.Timing, g.Events = row[1], row[2], []string{row[3]}
			}
		}
	}
	return nil
}

// defineColumns gives each column its line of SHOW CREATE TABLE. Line feeds within texts are escaped there.
func defineColumns(t *catalog.Table) {
	for line := range strings.Lines(t.Definition) {
		rest, ok := strings.CutPrefix(line, "  `")
		if !ok {
			continue
		}
		line = strings.TrimSuffix(strings.TrimSpace(line), ",")
		for end := 0; end < len(rest); end++ {
			if rest[end] != '`' {
				continue
			}
			if end+1 < len(rest) && rest[end+1] == '`' {
				end++
				continue
			}
			if c := t.Column(strings.ReplaceAll(rest[:end], "``", "`"), true); c != nil {
				c.Definition = line
			}
			break
		}
	}
}
