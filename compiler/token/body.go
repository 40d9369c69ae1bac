package token

import "strings"

// body follows one statement's words to know where a semicolon is part of it: inside a
// trigger's or routine's BEGIN … END, and inside the parentheses of CREATE RULE.
type body struct {
	d     Dialect
	words int
	form  form
	depth int // open BEGIN and CASE
	paren int

	afterEnd, afterDot, afterBegin bool
}

type form uint8

const (
	plain   form = iota
	create       // CREATE or ALTER was read, what of is not known yet
	block        // the body may be BEGIN … END
	atomic       // the body may be BEGIN ATOMIC … END
	inParen      // CREATE RULE: semicolons inside parentheses
)

// forms are the words behind CREATE that decide; the words between (OR REPLACE, TEMP,
// DEFINER = …) do not.
var forms = [...]map[string]form{
	PostgreSQL: {"function": atomic, "procedure": atomic, "rule": inParen},
	MySQL:      {"function": block, "procedure": block, "trigger": block, "event": block},
	SQLite:     {"trigger": block},
}

// between are words that may stand between CREATE and what is created; behind any other
// word nothing decides any more.
var between = map[string]bool{
	"or": true, "replace": true, "temp": true, "temporary": true, "definer": true, "current_user": true,
	"aggregate": true, "constraint": true, "if": true, "not": true, "exists": true,
}

// holds tells whether a semicolon here belongs to the statement.
func (b *body) holds() bool {
	switch b.form {
	case block, atomic:
		return b.depth > 0
	case inParen:
		return b.paren > 0
	}
	return false
}

func (b *body) read(t Token, src string) {
	if b.form == plain && b.words > 0 {
		return
	}
	text := src[t.Start:t.End]
	if t.Kind != Ident {
		b.afterDot = text == "."
		if b.form == inParen && t.Kind == Punct {
			switch text {
			case "(":
				b.paren++
			case ")":
				b.paren--
			}
		}
		b.afterEnd, b.afterBegin = false, false
		return
	}
	b.words++
	if b.words == 1 {
		if strings.EqualFold(text, "create") || (b.d == MySQL && strings.EqualFold(text, "alter")) {
			b.form = create
		}
		return
	}
	switch b.form {
	case create:
		word := strings.ToLower(text)
		if f, ok := forms[b.d][word]; ok {
			b.form = f
		} else if !between[word] && b.d != MySQL {
			b.form = plain
		} else if b.d == MySQL && mysqlObjects[word] {
			b.form = plain
		}
	case block, atomic:
		if len(text) <= len("repeat") && !b.afterDot {
			b.nest(text)
		}
	}
	b.afterDot = false
}

// mysqlObjects end the search for what MySQL's CREATE creates: before it stands a DEFINER
// with names of its own.
var mysqlObjects = map[string]bool{
	"table": true, "view": true, "index": true, "database": true, "schema": true, "user": true, "role": true, "server": true,
}

func (b *body) nest(text string) {
	afterEnd, afterBegin := b.afterEnd, b.afterBegin
	b.afterEnd, b.afterBegin = false, false
	switch {
	case strings.EqualFold(text, "begin"):
		if b.form == block || b.depth > 0 {
			b.depth++
		} else {
			b.afterBegin = true
		}
	case afterBegin && strings.EqualFold(text, "atomic"):
		b.depth++
	case strings.EqualFold(text, "case"):
		if !afterEnd && b.depth > 0 {
			b.depth++
		}
	case strings.EqualFold(text, "end"):
		if b.depth > 0 {
			b.depth--
			b.afterEnd = true
		}
	case afterEnd && b.d == MySQL:
		// END IF and the like close what was not counted, because IF is a function too.
		for _, w := range [...]string{"if", "loop", "repeat", "while"} {
			if strings.EqualFold(text, w) {
				b.depth++
			}
		}
	}
}
