package token

import "strings"

// postgres reads what starts with neither a letter, a digit nor a quote.
func (l *lexer) postgres() Kind {
	switch c := l.src[l.pos]; c {
	case '$':
		return l.postgresDollar()
	case ':':
		switch l.at(l.pos + 1) {
		case ':', '=':
			l.pos += 2
			return Operator
		}
		l.pos++
		return Punct
	case '\\':
		if l.fresh {
			l.restOfLine()
			return Meta
		}
	}
	if class[l.src[l.pos]]&operator == 0 {
		return l.single()
	}
	return l.postgresOperator()
}

// postgresDollar reads $1, or $tag$ … $tag$.
func (l *lexer) postgresDollar() Kind {
	start := l.pos
	i := start + 1
	if class[l.at(i)]&digit != 0 {
		for i < len(l.src) && class[l.src[i]]&digit != 0 {
			i++
		}
		l.pos = i
		return Placeholder
	}
	for i < len(l.src) && class[l.src[i]]&(letter|digit) != 0 {
		i++
	}
	if l.at(i) != '$' {
		return l.single()
	}
	tag := l.src[start : i+1]
	n := strings.Index(l.src[i+1:], tag)
	if n < 0 {
		l.pos = len(l.src)
		return l.problem(start, "a dollar-quoted string is not closed by "+tag)
	}
	l.pos = i + 1 + n + len(tag)
	return String
}

// postgresOperator reads the longest run of operator characters, by the rules of the
// manual's section 4.1.3: no comment starts inside, and an operator of several characters
// ends in + or - only where it has one of ~ ! @ # % ^ & | ` ?.
func (l *lexer) postgresOperator() Kind {
	start := l.pos
	if l.src[start] == '@' && l.nameAt(start+1) {
		l.pos++
		for l.pos < len(l.src) && class[l.src[l.pos]]&wordClass != 0 {
			l.pos++
		}
		if l.src[start+1] == '"' {
			l.pos = start + 1
			if l.quoted('"', false, QuotedIdent, `a quoted name is not closed by "`) == Invalid {
				return Invalid
			}
		}
		return Placeholder
	}
	i, special := start, false
	for i < len(l.src) && class[l.src[i]]&operator != 0 {
		c := l.src[i]
		if i > start && ((c == '-' && l.at(i+1) == '-') || (c == '/' && l.at(i+1) == '*')) {
			break
		}
		if strings.IndexByte("~!@#%^&|`?", c) >= 0 {
			special = true
		}
		i++
	}
	for i > start+1 && !special && (l.src[i-1] == '+' || l.src[i-1] == '-') {
		i--
	}
	// a=@name: the server would read the operator =@, which no one has; the parameter is meant.
	if i > start+1 && l.src[i-1] == '@' && l.nameAt(i) && beforeParam[l.src[start:i-1]] {
		i--
	}
	l.pos = i
	return Operator
}

// beforeParam are operators that a @name may touch, because with @ they are no operator.
var beforeParam = map[string]bool{
	"=": true, "<>": true, "!=": true, ">=": true, "<=": true, ">": true, "+": true, "-": true,
	"*": true, "/": true, "%": true, "||": true, "->": true, "->>": true, "#>": true, "#>>": true,
	"@>": true, "<@": true, "&&": true,
}

func (l *lexer) nameAt(i int) bool {
	c := l.at(i)
	return class[c]&letter != 0 || c == '"'
}
