package migrate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/migrate/file"
)

// Loss is what a statement of the way back destroys, and no statement brings back.
type Loss struct {
	// Version, Path and Line say where the statement stands.
	Version string `json:"version"`
	Path    string `json:"path"`
	Line    int    `json:"line"`
	// What is lost, for people: "the rows of the table users".
	What string `json:"what"`
}

func (l Loss) String() string { return fmt.Sprintf("%s:%d: %s", l.Path, l.Line, l.What) }

// losses are what the statements of a side lose, by their words: what drops tables and columns, deletes and truncates, and what a
// comment "-- lost: …" says, which covetsql migrate diff writes. UPDATE, which puts one value for another, is none.
func (s *session) losses(ctx context.Context, version string, side file.Side) ([]Loss, error) {
	var out []Loss
	add := func(st file.Statement, whats ...string) {
		for _, what := range whats {
			l := Loss{version, side.File.Path, st.Line(), what}
			if !slices.ContainsFunc(out, func(o Loss) bool { return o.Path == l.Path && sameLoss(o.What, l.What) }) {
				out = append(out, l)
			}
		}
	}
	from := 0
	for i, st := range side.Statements {
		if int(st.Span.Start) >= from {
			add(st, said(side.File.Text[from:st.Span.Start])...)
			from = int(st.Span.End)
		}
		if st.Check {
			continue
		}
		for _, d := range destroyed(st.SQL, s.dialect()) {
			if d.table != "" {
				if source := copied(side.Statements[:i], d.table, s.dialect()); source != nil {
					left, err := s.left(ctx, d.table, source)
					if err != nil {
						return nil, err
					}
					add(st, left...)
					continue
				}
			}
			add(st, d.what)
		}
	}
	return out, nil
}

// sameLoss tells whether two texts speak of one loss: the one may name the schema, which a statement need not.
func sameLoss(a, b string) bool {
	kindA, restA, _ := strings.Cut(a, " ")
	kindB, restB, _ := strings.Cut(b, " ")
	return kindA == kindB && (restA == restB || strings.HasSuffix(restA, "."+restB))
}

// said are the losses that comments tell of.
func said(comments string) (out []string) {
	for line := range strings.Lines(comments) {
		if what, ok := strings.CutPrefix(strings.TrimSpace(line), "-- lost: "); ok {
			out = append(out, what)
		}
	}
	return out
}

// destruction is something that a statement destroys. table is set where it is a table with its rows, which may have been copied before.
type destruction struct{ what, table string }

// destroyed is what a statement destroys.
func destroyed(sql string, d token.Dialect) (out []destruction) {
	r := read(sql, d)
	note := func(format string, names ...string) {
		for _, n := range names {
			out = append(out, destruction{what: fmt.Sprintf(format, n)})
		}
	}
	rest := func() []string { return restOf(r) }
	switch first := r.word(); first {
	case "drop":
		r.next()
		cascades := slices.Contains(rest(), "cascade")
		kind := r.word()
		r.next()
		r.take("if", "exists")
		switch kind {
		case "table", "tables":
			for _, n := range r.names() {
				out = append(out, destruction{"table " + bare(n, d) + ": the rows of the table", n})
			}
		case "schema", "database":
			if cascades || kind == "database" || d == token.MySQL {
				note(kind+" %s: all that is in it", bareAll(r.names(), d)...)
			}
		case "sequence":
			note("sequence %s: the number at which the sequence stands", bareAll(r.names(), d)...)
		case "type", "domain", "extension":
			if cascades {
				note(kind+" %s: the columns that rest on it", bareAll(r.names(), d)...)
			}
		case "owned":
			note("%s", "all that the role owns")
		}
	case "truncate":
		r.next()
		r.take("table")
		r.take("only")
		for _, n := range r.names() {
			note("table %s: the rows of the table", bare(n, d))
		}
	case "delete":
		r.next()
		r.until("from")
		r.take("only")
		note("table %s: the rows that are deleted", bare(r.name(), d))
	case "with", "merge", "explain":
		if words := rest(); slices.Contains(words, "delete") && (first != "explain" || slices.Contains(words, "analyze")) {
			note("%s", "the rows that are deleted")
		}
	case "create":
		r.next()
		if r.take("or", "replace", "table") {
			r.take("if", "not", "exists")
			out = append(out, destruction{what: "table " + bare(r.name(), d) + ": the rows of the table"})
		}
	case "alter":
		r.next()
		altered(r, d, note)
	case "do", "begin":
		body := strings.Join(strings.Fields(strings.ToLower(sql)), " ")
		for _, words := range []string{"drop table", "drop column", "drop schema", "delete from", "truncate"} {
			if strings.Contains(body, words) {
				note("what the block does with its %s", strings.ToUpper(words))
				break
			}
		}
	case "call":
		r.next()
		note("what the procedure %s does is not known", bare(r.name(), d))
	}
	return out
}

// altered reads ALTER TABLE, and ALTER TYPE of a composite type.
func altered(r *reader, d token.Dialect, note func(format string, names ...string)) {
	r.take("online")
	r.take("ignore")
	word := "column"
	switch {
	case r.take("table"):
	case d == token.PostgreSQL && r.take("type"):
		word = "attribute"
	default:
		return
	}
	r.take("if", "exists")
	r.take("only")
	table := bare(r.name(), d)
	r.take("*")
	depth, begins := 0, true
	for len(r.tokens) > 0 {
		w := r.word()
		if begins && depth == 0 {
			begins = false
			switch {
			case r.take("drop"):
				dropAction(r, d, table, word, note)
				continue
			case d == token.MySQL && r.take("truncate", "partition"), d == token.MySQL && r.take("discard"):
				note("table %s: the rows of the partitions", table)
				continue
			}
		}
		switch w {
		case "(":
			depth++
		case ")":
			depth--
		case ",":
			begins = depth == 0
		}
		r.next()
	}
}

func dropAction(r *reader, d token.Dialect, table, word string, note func(format string, names ...string)) {
	if !r.take(word) {
		if word == "attribute" {
			return
		}
		switch w := r.word(); {
		case w == "constraint":
			return
		case d != token.MySQL:
		case w == "partition":
			note("table %s: the rows of the partitions", table)
			return
		case w == "system":
			note("table %s: the old versions of the rows", table)
			return
		case slices.Contains([]string{"primary", "foreign", "index", "key", "check", "period"}, w):
			return
		}
	}
	r.take("if", "exists")
	if n := r.name(); n != "" {
		note(word+" "+strings.ReplaceAll(table, "%", "%%")+".%s: the values of the "+word, bare(n, d))
	}
}

// restOf are the words that are left.
func restOf(r *reader) (out []string) {
	for _, t := range r.tokens {
		if t.Kind == token.Ident {
			out = append(out, strings.ToLower(r.sql[t.Start:t.End]))
		}
	}
	return out
}

// bare is a name without its quotes, for people; where it needs none PostgreSQL's is in small letters.
func bare(name string, d token.Dialect) string {
	if d == token.PostgreSQL && !strings.Contains(name, `"`) {
		name = strings.ToLower(name)
	}
	return strings.NewReplacer(`"`, "", "`", "", "[", "", "]", "").Replace(name)
}

func bareAll(names []string, d token.Dialect) (out []string) {
	for _, n := range names {
		out = append(out, bare(n, d))
	}
	return out
}

// copied is the list of columns, as written, by which an earlier statement of the side copied all rows of a table to another, as one does to make
// a table anew. Nil: none did, or not all rows.
func copied(before []file.Statement, table string, d token.Dialect) []string {
	for _, st := range before {
		r := read(st.SQL, d)
		w := r.word()
		if w != "insert" && w != "create" || r.until("select") == "" {
			continue
		}
		var columns []string
		for len(r.tokens) > 0 && r.word() != "from" {
			columns = append(columns, strings.ToLower(bare(r.word(), d)))
			r.next()
		}
		if !r.take("from") || !strings.EqualFold(bare(r.name(), d), bare(table, d)) {
			continue
		}
		if words := restOf(r); slices.ContainsFunc(words, func(w string) bool {
			return slices.Contains([]string{"where", "join", "limit", "group", "having", "distinct"}, w)
		}) || slices.Contains(columns, "distinct") {
			continue
		}
		return columns
	}
	return nil
}

// left are the columns of a table that were not copied. Where the database does not tell of the columns, all are taken for lost.
func (s *session) left(ctx context.Context, table string, columns []string) (out []string, err error) {
	name := bare(table, s.dialect())
	if slices.Contains(columns, "*") {
		return nil, nil
	}
	if s.Engine != SQLite {
		return []string{"table " + name + ": what of the rows was not copied before"}, nil
	}
	rows, err := s.conn.QueryContext(ctx, "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c string
		if err := rows.Scan(&c); err != nil {
			return nil, err
		}
		if !slices.Contains(columns, strings.ToLower(c)) {
			out = append(out, "column "+name+"."+c+": the values of the column")
		}
	}
	return out, rows.Err()
}

// Refuse is an Options.Approve that lets nothing be lost.
func Refuse(lost []Loss) error {
	var b strings.Builder
	for _, l := range lost {
		b.WriteString("\n  lost: " + l.String())
	}
	return &Error{Kind: ErrLoses, Text: "taking it back loses what no migration brings back" + b.String(), State: "nothing was undone",
		Do: "covetsql migrate down --allow-drop, if it may be lost"}
}
