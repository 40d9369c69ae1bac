package token

// sqlite reads what starts with neither a letter, a digit nor a quote.
func (l *lexer) sqlite() Kind {
	switch c := l.src[l.pos]; c {
	case '?':
		l.pos++
		for l.pos < len(l.src) && class[l.src[l.pos]]&digit != 0 {
			l.pos++
		}
		return Placeholder
	case ':', '@', '$', '#':
		i := l.pos + 1
		for i < len(l.src) && class[l.src[i]]&wordClass != 0 {
			i++
		}
		if i == l.pos+1 || c == '#' {
			break
		}
		l.pos = i
		return Placeholder
	}
	return l.symbol()
}
