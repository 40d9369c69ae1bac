package mysql

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

// TiDB's grammar lacks some of what MySQL and MariaDB accept in queries. Each such
// construct is overwritten, in the copy of the text that TiDB is given, by blanks or by
// something of the same length that it does accept, so that every offset stays true; the
// lowering then reads the construct from the tokens, which are the user's own.

// patchKind says what was overwritten.
type patchKind uint8

const (
	castPatch        patchKind = iota + 1 // CAST(x AS type) to a type that TiDB lacks: it sees (x)
	jsonValuePatch                        // the clauses behind JSON_VALUE's path
	withinGroupPatch                      // WITHIN GROUP (ORDER BY …)
	systemTimePatch                       // FOR SYSTEM_TIME …
	returningPatch                        // RETURNING …
	rowAliasPatch                         // AS new (a, b) behind VALUES
)

// patch is one overwritten construct: the tokens [start, end).
type patch struct {
	kind       patchKind
	start, end int
	orderBy    []ir.OrderItem
}

// patcher is the text being overwritten.
type patcher struct {
	l    *lowering
	text []byte
	base int // offset in the statement of text[0]
	from int
	to   int
}

// patch copies the text of the tokens [from, to) and overwrites what TiDB does not know.
func (l *lowering) patch(from, to int) []byte {
	base := int(l.toks[from].Start)
	p := &patcher{l: l, base: base, from: from, to: to}
	p.text = []byte(l.s.Text[base:l.toks[to-1].End])
	p.comments()
	for i := from; i < to; i++ {
		if k := l.toks[i].Kind; k != token.Ident && k != token.Punct {
			continue
		}
		i = p.at(i)
	}
	return p.text
}

// comments blanks everything between the tokens: comments, and the marks of executable
// ones, whose end may lie outside of the statement.
func (p *patcher) comments() {
	text := string(p.text)
	if !strings.Contains(text, "/*") && !strings.Contains(text, "--") && !strings.Contains(text, "#") {
		return
	}
	at := 0
	for i := p.from; i < p.to; i++ {
		t := p.l.toks[i]
		p.space(at, int(t.Start)-p.base)
		at = int(t.End) - p.base
	}
}

// space blanks the bytes [from, to) of the text; line ends stay.
func (p *patcher) space(from, to int) {
	for i := from; i < to; i++ {
		if p.text[i] != '\n' && p.text[i] != '\r' {
			p.text[i] = ' '
		}
	}
}

// blank overwrites the tokens [from, to) and what stands between them.
func (p *patcher) blank(from, to int) {
	from, to = max(from, p.from), min(to, p.to)
	if from >= to {
		return
	}
	p.space(int(p.l.toks[from].Start)-p.base, int(p.l.toks[to-1].End)-p.base)
}

// write puts a word in the place of token i, which is as long or longer.
func (p *patcher) write(i int, word string) {
	if i >= p.to {
		return
	}
	p.blank(i, i+1)
	copy(p.text[int(p.l.toks[i].Start)-p.base:], word)
}

func (p *patcher) note(kind patchKind, key, start, end int) {
	if p.l.patched == nil {
		p.l.patched = map[int]patch{}
	}
	p.l.patched[key] = patch{kind: kind, start: start, end: end}
}

// at looks at token i and gives the index of the last token that it dealt with.
func (p *patcher) at(i int) int {
	l := p.l
	word := l.text(i)
	if len(word) == 1 {
		if word == ")" {
			p.derivedColumns(i)
		}
		return i
	}
	if len(word) < 3 || len(word) > 15 {
		return i
	}
	switch strings.ToUpper(word) {
	case "JSON_TABLE":
		if l.is(i+1, "(") && l.partner[i+1] >= 0 {
			end := l.closing(i + 1)
			p.blank(i+1, end+1)
			return end
		}
	case "CAST", "CONVERT":
		p.cast(i)
	case "JSON_VALUE":
		if l.is(i+1, "(") {
			end := l.closing(i + 1)
			if c := l.until(i+2, end, "RETURNING", "NULL", "ERROR", "DEFAULT"); c < end && !l.is(c-1, ",") {
				p.note(jsonValuePatch, i, c, end)
				p.blank(c, end)
			}
		}
	case "JSON_ARRAYAGG", "JSON_OBJECTAGG":
		if l.is(i+1, "(") && l.is(i+2, "DISTINCT") {
			p.blank(i+2, i+3)
		}
		if l.is(i+1, "(") {
			p.groupConcat(i)
		}
	case "GROUP_CONCAT":
		if l.is(i+1, "(") {
			p.groupConcat(i)
		}
	case "MEDIAN", "PERCENTILE_CONT", "PERCENTILE_DISC":
		p.ordered(i)
	case "SOUNDS":
		if l.is(i+1, "LIKE") {
			p.write(i, "=")
			p.blank(i+1, i+2)
			return i + 1
		}
	case "ROLLUP", "CUBE":
		if l.is(i+1, "(") && l.is(i-1, "BY") {
			p.blank(i, i+1)
		}
	case "INTERVAL":
		if end := l.closing(i + 1); l.is(i+1, "(") && timeUnit[strings.ToUpper(l.text(end+1))] && !l.is(i+2, "SELECT", "WITH") {
			p.blank(i+1, i+2) // TiDB takes INTERVAL (1) DAY for a call with an alias
			p.blank(end, end+1)
		}
	case "PREVIOUS":
		if l.are(i+1, "VALUE", "FOR") {
			p.write(i, "NEXT")
		}
	case "MATCH":
		p.match(i)
	case "INTO":
		return p.into(i)
	case "RETURNING":
		if l.is(0, "INSERT", "REPLACE", "DELETE", "UPDATE") && p.from == 0 && l.depth(i) == 0 && i > 2 {
			p.note(returningPatch, i, i, p.to)
			p.blank(i, p.to)
			return p.to
		}
	case "FOR", "LOCK":
		return p.locks(i)
	case "LIMIT":
		if l.are(i+2, "ROWS", "EXAMINED") {
			p.blank(i+2, i+5)
		}
	case "OFFSET":
		if l.is(i+2, "ROW", "ROWS") && l.is(i+3, "FETCH") && !l.is(i+5, "ROW", "ROWS") {
			p.write(i, "LIMIT")
			p.blank(i+2, i+3)
			p.write(i+3, ",")
			p.blank(i+4, i+5)
			p.blank(i+6, i+8)
			return i + 7
		}
	case "VALUES", "VALUE":
		p.rowAlias(i)
	}
	return i
}

// timeUnit are the units of INTERVAL.
var timeUnit = wordSet(`MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR SECOND_MICROSECOND MINUTE_MICROSECOND MINUTE_SECOND
HOUR_MICROSECOND HOUR_SECOND HOUR_MINUTE DAY_MICROSECOND DAY_SECOND DAY_MINUTE DAY_HOUR YEAR_MONTH`)

// depth counts the parentheses that are open at token i.
func (l *lowering) depth(i int) int {
	d := 0
	for j := 0; j < i; j++ {
		if l.partner[j] < 0 {
			continue
		}
		if int(l.partner[j]) > j {
			d++
		} else {
			d--
		}
	}
	return d
}

// derivedColumns blanks (a, b) in (SELECT …) AS d (a, b), which TiDB takes for LATERAL only.
func (p *patcher) derivedColumns(end int) {
	l := p.l
	open := int(l.partner[end])
	if open < p.from || !l.is(open+1, "SELECT", "WITH", "VALUES", "TABLE", "(") || !l.is(open-1, "FROM", "JOIN", ",", "(", "STRAIGHT_JOIN", "USING", "UPDATE") {
		return
	}
	i := end + 1
	if l.is(i, "AS") {
		i++
	} else if reserved[strings.ToUpper(l.text(i))] {
		return
	}
	if k := l.kind(i); k != token.Ident && k != token.QuotedIdent || !l.is(i+1, "(") {
		return
	}
	for j := i + 2; j < l.closing(i+1); j++ {
		if k := l.kind(j); k != token.Ident && k != token.QuotedIdent && !l.is(j, ",") {
			return
		}
	}
	p.blank(i+1, l.closing(i+1)+1)
}

// castTypes are the types to which TiDB's grammar casts.
var castTypes = map[string]bool{
	"BINARY": true, "CHAR": true, "DATE": true, "DATETIME": true, "DECIMAL": true, "DOUBLE": true, "FLOAT": true,
	"JSON": true, "REAL": true, "SIGNED": true, "TIME": true, "UNSIGNED": true, "YEAR": true,
}

// cast blanks CAST and AS type where TiDB lacks the type, leaving (x).
func (p *patcher) cast(i int) {
	l := p.l
	if !l.is(i+1, "(") {
		return
	}
	end := l.closing(i + 1)
	as := -1
	for j := i + 2; j < end; j++ {
		if l.is(j, "(") {
			j = l.closing(j)
		} else if l.is(j, "AS") || l.is(i, "CONVERT") && l.is(j, ",") {
			as = j
		}
	}
	if as < 0 || l.is(l.until(i+2, end, "USING"), "USING") {
		return
	}
	from := as
	if at := l.until(i+2, as, "AT"); at < as && l.is(at+1, "TIME", "LOCAL") {
		from = at
	} else if castTypes[strings.ToUpper(l.text(as+1))] && !l.is(as+2, "INTEGER", "INT", "SIGNED", "UNSIGNED") {
		return
	}
	if l.is(i, "CAST") && l.is(as+1, "SIGNED", "UNSIGNED", "DOUBLE") && l.is(as+2, "INTEGER", "PRECISION") {
		return // TiDB knows these pairs
	}
	p.blank(i, i+1)
	p.blank(from, end)
	p.note(castPatch, i, from, end)
}

// groupConcat blanks MariaDB's LIMIT, and ORDER BY where only GROUP_CONCAT may have it.
func (p *patcher) groupConcat(i int) {
	l := p.l
	end := l.closing(i + 1)
	if c := l.until(i+2, end, "LIMIT"); c < end {
		stop := l.until(c, end, "SEPARATOR")
		p.blank(c, stop)
	}
	if !l.is(i, "GROUP_CONCAT") {
		if c := l.until(i+2, end, "ORDER"); c < end {
			p.blank(c, end)
		}
	}
}

// ordered makes MariaDB's MEDIAN and PERCENTILE functions, which are windowed only, look
// like MAX over a window, and blanks WITHIN GROUP.
func (p *patcher) ordered(i int) {
	l := p.l
	if !l.is(i+1, "(") {
		return
	}
	end := l.closing(i + 1)
	next := end + 1
	if l.are(next, "WITHIN", "GROUP") && l.is(next+2, "(") {
		stop := l.closing(next+2) + 1
		p.note(withinGroupPatch, i, next, stop)
		pt := l.patched[i]
		if by := l.until(next+3, stop-1, "BY"); by < stop-1 {
			x := l.part(by+1, l.until(by+1, stop-1, ",", "ASC", "DESC"))
			pt.orderBy = []ir.OrderItem{{At: ir.At{Pos: x.Span()}, X: x, Desc: l.is(stop-2, "DESC")}}
		}
		l.patched[i] = pt
		p.blank(next, stop)
		next = stop
	}
	if l.is(next, "OVER") {
		p.blank(i, i+1)
		copy(p.text[int(l.toks[i].End)-p.base-len("MAX"):], "MAX") // no blank before the parenthesis
	}
}

// match gives MATCH a, b AGAINST (…) the parentheses that MySQL lets one leave out.
func (p *patcher) match(i int) {
	l := p.l
	if l.is(i+1, "(") {
		return
	}
	end := l.until(i+1, min(i+64, p.to), "AGAINST")
	if !l.is(end, "AGAINST") || end == i+1 {
		return
	}
	left, right := int(l.toks[i+1].Start)-p.base-1, int(l.toks[end].Start)-p.base-1
	if p.text[left] == ' ' && p.text[right] == ' ' {
		p.text[left], p.text[right] = '(', ')'
	}
}

// into blanks SELECT … INTO @a, @b and INTO OUTFILE, wherever in the query it stands.
func (p *patcher) into(i int) int {
	l := p.l
	if l.kind(i+1) != token.Variable && !l.is(i+1, "OUTFILE", "DUMPFILE") {
		return i
	}
	end := i + 1
	for end < p.to && !l.is(end, "FROM", "FOR", "LOCK", ")") {
		end++
	}
	p.blank(i, end)
	return end - 1
}

// locks blanks FOR SYSTEM_TIME and every locking clause but the first.
func (p *patcher) locks(i int) int {
	l := p.l
	if l.are(i, "FOR", "SYSTEM_TIME") {
		end := p.systemTime(i + 2)
		p.note(systemTimePatch, i, i, end)
		p.blank(i, end)
		return end - 1
	}
	if !l.is(i+1, "UPDATE", "SHARE") || !l.is(i, "FOR") {
		return i
	}
	end := i + 2
	for end < p.to && !l.is(end, "FOR", "LOCK", ")", "UNION", "INTO", "EXCEPT", "INTERSECT", ";", "ON") {
		end++
	}
	next := end
	for l.are(next, "FOR", "UPDATE") || l.are(next, "FOR", "SHARE") {
		for next += 2; next < p.to && !l.is(next, "FOR", ")", "UNION", "INTO"); {
			next++
		}
	}
	p.blank(end, next)
	return next - 1
}

// systemTime is the index behind the period that starts at token i.
func (p *patcher) systemTime(i int) int {
	l := p.l
	point := func() {
		if l.is(i, "TIMESTAMP", "TRANSACTION") {
			i++
		}
		i++
		if l.is(i, "(") {
			i = l.closing(i) + 1
		}
	}
	switch {
	case l.is(i, "ALL"):
		return i + 1
	case l.are(i, "AS", "OF"):
		i += 2
		point()
	case l.is(i, "BETWEEN", "FROM"):
		i++
		point()
		i++
		point()
	}
	return min(i, p.to)
}

// rowAlias blanks AS new (a, b) between the rows of an INSERT and ON DUPLICATE KEY UPDATE.
func (p *patcher) rowAlias(i int) {
	l := p.l
	if !l.is(0, "INSERT") || p.from != 0 || l.depth(i) > 0 || l.is(i-1, "=", ",") {
		return
	}
	j := i + 1
	for l.is(j, "(", ",", "ROW") {
		if l.is(j, "(") {
			j = l.closing(j)
		}
		j++
	}
	if !l.is(j, "AS") {
		return
	}
	end := j + 2
	if l.is(end, "(") {
		end = l.closing(end) + 1
	}
	p.note(rowAliasPatch, j, j, end)
	p.blank(j, end)
}
