package gowrite

import (
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/token"
)

// bulk is an INSERT of one row, cut so that it can take many: head, row, row, …, tail.
type bulk struct {
	head, row, tail string
	// params gives for each ? of a row the index of its parameter.
	params []int
	// sizes are how many rows the method's statements have, from the most to one.
	sizes []int
}

// bulkParameters is how many parameters a statement of several rows may have. MySQL's protocol counts them in 16 bits.
// SQLite takes 32,766 (sqlite.org/limits.html), but modernc's driver looks for each among all: time grows with
// their square.
var bulkParameters = map[string]int{"sqlite": 256, "mysql": 65535}

var lexical = map[string]token.Dialect{"sqlite": token.SQLite, "mysql": token.MySQL}

// bulkSizes are the sizes of statements: texts of the binary, so that none is made at run time. Any
// number of rows takes few of them.
var bulkSizes = []int{512, 64, 8, 1}

// planBulk cuts a query's text; nil with the reason where that can not be done.
func planBulk(q *surface.Query, engine string) (b *bulk, why string) {
	limit, ok := bulkParameters[engine]
	switch {
	case !ok:
		return nil, "is for SQLite and MySQL; on PostgreSQL :copyfrom is faster, or INSERT … SELECT unnest(…)"
	case len(q.Columns) > 0:
		return nil, "returns no rows: leave RETURNING out"
	case len(q.Params) == 0:
		return nil, "needs parameters"
	}
	sql := q.SQL
	tokens, _ := token.Lex(sql, lexical[engine])
	tokens = slices.DeleteFunc(tokens, func(t token.Token) bool { return t.Kind == token.Comment || t.Kind == token.EOF })
	from, to := valuesRow(sql, tokens)
	if from < 0 {
		return nil, "needs an INSERT with VALUES and one row"
	}
	var row strings.Builder
	b = &bulk{head: sql[:from], tail: sql[to:]}
	at, seen := from, 0
	for _, t := range tokens {
		if t.Kind != token.Placeholder {
			continue
		}
		if int(t.Start) < from || int(t.End) > to {
			return nil, "takes arguments in the row alone: one outside of VALUES would be the same for all rows"
		}
		i := seen
		if n, err := strconv.Atoi(sql[t.Start+1 : t.End]); err == nil {
			i = slices.IndexFunc(q.Params, func(p surface.Param) bool { return p.Number == n })
		} else if len(q.Placeholders) > 0 {
			i = q.Placeholders[seen]
		}
		seen++
		if q.Params[i].Slice {
			return nil, "takes no sqlc.slice"
		}
		row.WriteString(sql[at:t.Start] + "?")
		at = int(t.End)
		b.params = append(b.params, i)
	}
	row.WriteString(sql[at:to])
	b.row = row.String()
	for _, n := range bulkSizes {
		if n == 1 || n*len(b.params) <= limit {
			b.sizes = append(b.sizes, n)
		}
	}
	return b, ""
}

// valuesRow is where the one row of an INSERT stands, parentheses included; -1 where there is none,
// or more than one.
func valuesRow(sql string, tokens []token.Token) (from, to int) {
	text := func(i int) string {
		if i >= len(tokens) {
			return ""
		}
		return sql[tokens[i].Start:tokens[i].End]
	}
	depth := 0
	for i := range tokens {
		switch t := text(i); {
		case t == "(":
			depth++
		case t == ")":
			depth--
		case depth == 0 && (strings.EqualFold(t, "values") || strings.EqualFold(t, "value")) && tokens[i].Kind != token.QuotedIdent && text(i+1) == "(":
			from = int(tokens[i+1].Start)
			for j := i + 1; j < len(tokens); j++ {
				switch text(j) {
				case "(":
					depth++
				case ")":
					if depth--; depth > 0 {
						continue
					}
					if text(j+1) == "," {
						return -1, -1
					}
					return from, int(tokens[j].End)
				}
			}
		}
	}
	return -1, -1
}

// writeBulk writes a method that inserts rows by statements of several sizes.
func (g *generator) writeBulk(f *goFile, m *method) {
	b := m.bulk
	most := b.sizes[0]
	rows := m.arg.name
	f.p()
	docs := g.docOf(m)
	f.doc(docs)
	if len(docs) > 0 {
		f.p("//")
	}
	if most > 1 {
		f.p("// ", m.name, " inserts rows by statements of up to ", strconv.Itoa(most), " rows each and gives the number of rows that")
		f.p("// the server counts. A statement that fails ends it, and those before it have been run: in a")
		f.p("// transaction all or none are.")
	} else {
		f.p("// ", m.name, " inserts one row after the other and gives the number of rows that the server counts.")
	}
	f.p("func (q *Queries) ", m.name, g.methodType(f, m), " {")
	tail := quoteSQL(b.tail + "\n")
	if b.tail == "" {
		tail = `"\n"`
	}
	lines := [][2]string{
		{"head", quoteSQL("-- name: " + m.query.Name + " :bulkinsert\n" + b.head)},
		{"row", quoteSQL(b.row)},
		{"tail", tail},
	}
	texts := map[int]string{1: "head+row+tail", 8: "head+row+more7+tail", 64: "head+row+more63+tail", 512: "head+row+more511+tail"}
	if most >= 8 {
		lines = append(lines, [2]string{"more1", `", " + row`}, [2]string{"more7", repeated("more1", 7)})
	}
	if most >= 64 {
		lines = append(lines, [2]string{"more63", repeated("more7", 9)})
	}
	if most >= 512 {
		lines = append(lines, [2]string{"more511", repeated("more63", 8) + " + more7"})
	}
	for _, l := range lines {
		f.p("\tconst ", l[0], " = ", l[1])
	}
	f.p("\tvar total int64")
	g.writeDirectBulk(f, m, texts)
	f.p("\targs := make([]interface{}, 0, min(len(", rows, "), ", strconv.Itoa(most), ")*", strconv.Itoa(len(b.params)), ")")
	db := "q.db"
	if g.opts.EmitMethodsWithDBArgument {
		db = "db"
	}
	if g.prepares {
		f.p("\tvar stmt *", f.id(pathSQL, "Stmt"))
		f.p("\tif len(", rows, ") >= ", strconv.Itoa(2*most), " {")
		f.p("\t\tvar err error")
		f.p("\t\tif stmt, err = ", db, ".PrepareContext(ctx, ", texts[most], "); err != nil {")
		f.p("\t\t\treturn 0, ", g.wrapped(f, m))
		f.p("\t\t}")
		f.p("\t\tdefer stmt.Close()")
		f.p("\t}")
	}
	g.writeBulkStatement(f, m, texts, "\t")
	f.p("\t\targs = args[:0]")
	f.p("\t\tfor _, a := range ", rows, "[:n] {")
	fields := make([]string, len(b.params))
	for k, i := range b.params {
		x, t, c := m.bulkValue(i)
		fields[k] = g.wrap(f, x, t, c)
	}
	f.p("\t\t\targs = append(args", list(", ", fields, "\t\t\t"), ")")
	f.p("\t\t}")
	if g.prepares {
		f.p("\t\tvar result ", f.id(pathSQL, "Result"))
		f.p("\t\tvar err error")
		f.p("\t\tif stmt != nil && n == ", strconv.Itoa(most), " {")
		f.p("\t\t\tresult, err = stmt.ExecContext(ctx, args...)")
		f.p("\t\t} else {")
		f.p("\t\t\tresult, err = ", db, ".ExecContext(ctx, text, args...)")
		f.p("\t\t}")
	} else {
		f.p("\t\tresult, err := ", db, ".ExecContext(ctx, text, args...)")
	}
	f.p("\t\tif err != nil {")
	f.p("\t\t\treturn total, ", g.wrapped(f, m))
	f.p("\t\t}")
	f.p("\t\tchanged, err := result.RowsAffected()")
	f.p("\t\tif err != nil {")
	f.p("\t\t\treturn total, ", g.wrapped(f, m))
	f.p("\t\t}")
	f.p("\t\ttotal += changed")
	f.p("\t\t", rows, " = ", rows, "[n:]")
	f.p("\t}")
	f.p("\treturn total, nil")
	f.p("}")
}

// writeBulkStatement writes the head of the loop over a method's statements: how many rows the next one takes, and its text.
func (g *generator) writeBulkStatement(f *goFile, m *method, texts map[int]string, indent string) {
	rows, sizes := m.arg.name, m.bulk.sizes
	f.p(indent, "for len(", rows, ") > 0 {")
	f.p(indent, "\tn, text := 1, ", texts[1])
	if len(sizes) > 1 {
		f.p(indent, "\tswitch {")
		for _, n := range sizes[:len(sizes)-1] {
			f.p(indent, "\tcase len(", rows, ") >= ", strconv.Itoa(n), ":")
			f.p(indent, "\t\tn, text = ", strconv.Itoa(n), ", ", texts[n])
		}
		f.p(indent, "\t}")
	}
}

// bulkValue is the value of a parameter in a row that is inserted, which is named a.
func (m *method) bulkValue(i int) (expr string, typ gotype.Type, column *surface.Column) {
	if m.arg.fields == nil {
		return "a", m.arg.typ, m.arg.column
	}
	fl := &m.arg.fields.fields[i]
	return "a." + fl.name, fl.typ, fl.column
}

// repeated is a constant n times.
func repeated(name string, n int) string { return strings.Repeat(name+" + ", n-1) + name }
