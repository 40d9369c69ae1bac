package token

// mysql reads what starts with neither a letter, a digit nor a quote.
func (l *lexer) mysql() Kind {
	switch c := l.src[l.pos]; c {
	case '#':
		return l.lineComment()
	case '?':
		l.pos++
		return Placeholder
	case '$':
		return l.word()
	case '@':
		return l.mysqlVariable()
	}
	return l.symbol()
}

// mysqlVariable reads @name, @`name`, @'name', @@name and @@global.name; the @ of an
// account ('root'@'localhost') is read alike.
func (l *lexer) mysqlVariable() Kind {
	l.pos++
	if l.at(l.pos) == '@' {
		l.pos++
	}
	switch c := l.at(l.pos); c {
	case '`', '\'', '"':
		return l.quoted(c, c != '`', Variable, "a quoted variable is not closed by "+string(c))
	}
	for l.pos < len(l.src) && (class[l.src[l.pos]]&wordClass != 0 || l.src[l.pos] == '.') {
		l.pos++
	}
	return Variable
}
