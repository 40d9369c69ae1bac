package mysql

import (
	"regexp"
	"strings"
)

// word is a piece of a server's statement: a word, a name, a text, or what stands in brackets.
type word struct {
	text       string // as it stands; of what stands in brackets with them
	start, end int
}

// is compares a word that is neither name nor text, in capitals.
func (w word) is(s string) bool { return strings.EqualFold(w.text, s) }

// name is what a name in backquotes names; a bare word is its own.
func (w word) name() string {
	if len(w.text) > 1 && w.text[0] == '`' {
		return strings.ReplaceAll(w.text[1:len(w.text)-1], "``", "`")
	}
	return w.text
}

// span is the length of the name, text or bracket that s begins with, 0 where it begins with neither.
func span(s string) int {
	if s == "" {
		return 0
	}
	switch q := s[0]; q {
	case '\'', '"', '`':
		for i := 1; i < len(s); i++ {
			switch {
			case s[i] == '\\' && q != '`':
				i++
			case s[i] == q && i+1 < len(s) && s[i+1] == q:
				i++
			case s[i] == q:
				return i + 1
			}
		}
		return len(s)
	case '(':
		depth := 0
		for i := 0; i < len(s); {
			switch s[i] {
			case '(':
				depth++
			case ')':
				if depth--; depth == 0 {
					return i + 1
				}
			case '\'', '"', '`':
				i += span(s[i:])
				continue
			}
			i++
		}
		return len(s)
	}
	return 0
}

// words splits a text as servers write it. Commas and equals signs are words of their own.
func words(s string) []word {
	var out []word
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			i++
		case c == ',' || c == '=':
			out = append(out, word{s[i : i+1], i, i + 1})
			i++
		default:
			start := i
			if n := span(s[i:]); n > 0 {
				i += n
			} else {
				for i < len(s) && !strings.ContainsRune(" \n\t\r,=('\"`", rune(s[i])) {
					i++
				}
				if i == start {
					i++
				}
			}
			out = append(out, word{s[start:i], start, i})
		}
	}
	return out
}

// list splits what stands in brackets at its commas.
func list(bracket string) []string {
	s := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(bracket), "("), ")")
	var out []string
	start := 0
	for i := 0; i < len(s); {
		if n := span(s[i:]); n > 0 {
			i += n
			continue
		}
		if s[i] == ',' {
			out = append(out, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
		i++
	}
	if rest := strings.TrimSpace(s[start:]); rest != "" {
		out = append(out, rest)
	}
	return out
}

var conditional = regexp.MustCompile(`^/\*M?!([0-9]{5,6})?\s*`)

// plainText takes the comments off which servers write around what older ones do not know: /*!80023 INVISIBLE */.
func plainText(s string) string {
	var b strings.Builder
	open := false
	for i := 0; i < len(s); {
		if n := span(s[i:]); n > 0 && s[i] != '(' {
			b.WriteString(s[i : i+n])
			i += n
			continue
		}
		if m := conditional.FindString(s[i:]); m != "" {
			open = true
			i += len(m)
			continue
		}
		if open && strings.HasPrefix(s[i:], "*/") {
			open = false
			i += 2
			if text := strings.TrimRight(b.String(), " "); len(text) != b.Len() {
				b.Reset()
				b.WriteString(text)
			}
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// quote is a name in backquotes, which no sql_mode turns into others.
func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

func quoted(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = quote(n)
	}
	return strings.Join(out, ", ")
}
