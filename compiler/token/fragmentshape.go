package token

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/source"
)

// A fragment is one piece: what stands beside its use must not take a part of it, as AND would of a OR b. An
// expression is put in parentheses where an operator stands beside it; any other text is refused there.

// shape is what of a fragment's text decides that.
type shape struct {
	expression bool // it can only be one expression
	atom       bool // a name, a constant, a call: nothing in it can be taken apart
	list       bool // it has a comma
	joins      bool // it has JOIN
	outer      bool // it has RIGHT or FULL
	set        bool // it has UNION or the like
	tail       bool // it has ORDER BY, LIMIT or the like
	clause     bool // it begins with a word that begins a clause
	marked     bool // it has marks of optional parts
}

func words(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

var (
	// infix are words between operands or behind one, prefix those before one. Some may be names: reserved are not.
	infix = words(`and or xor is not in like ilike rlike regexp glob match between similar div mod collate escape at isnull notnull
		overlaps sounds member over filter within operator`)
	prefix   = words(`binary prior interval zone to`)
	reserved = words(`and or xor is in like between collate union intersect except`)
	setWord  = words(`union intersect except minus`)
	joinWord = words(`join straight_join left right full inner outer cross natural lateral`)
	tailWord = words(`order limit offset fetch for lock`)
	// clauseWord are words that no expression has outside of parentheses.
	clauseWord = words(`select from where group having order limit offset fetch for lock union intersect except minus join straight_join
		inner outer cross natural on using as asc desc nulls set values with returning window into partition`)
	// beforeList and behindList may stand beside a list and take nothing of it.
	beforeList = words(`select distinct all by from returning set values with recursive using into update`)
	behindList = words(`from where group having order limit offset fetch for lock union intersect except minus on returning window into set
		values using when do select insert update delete merge`)
)

// shapeOf reads a fragment's text, and says what it can not be.
func shapeOf(text string, d Dialect) (s shape, problem string) {
	tokens, _ := Lex(text, d)
	word := func(i int) string {
		if i < 0 || i >= len(tokens) {
			return ""
		}
		return strings.ToLower(text[tokens[i].Start:tokens[i].End])
	}
	n := 0
	for _, t := range tokens {
		if t.Kind != Comment {
			tokens[n] = t
			n++
		}
	}
	tokens = tokens[:n]
	s.expression = true
	var open []string
	closes := -1 // the token that closes the first parenthesis
	for i, t := range tokens {
		w := word(i)
		switch {
		case w == "(" || w == "[" || w == "case" && t.Kind == Ident && word(i-1) != ".":
			open = append(open, w)
			continue
		case w == ")" || w == "]" || w == "end" && t.Kind == Ident && len(open) > 0 && open[len(open)-1] == "case":
			if len(open) == 0 || (w == ")") != (open[len(open)-1] == "(") || (w == "]") != (open[len(open)-1] == "[") {
				return s, "closes what it does not open"
			}
			open = open[:len(open)-1]
			if len(open) == 0 && closes < 0 {
				closes = i
			}
			continue
		}
		if len(open) > 0 {
			continue
		}
		switch {
		case w == ",":
			s.list = true
		case t.Kind != Ident || word(i-1) == ".":
		case w == "from" && word(i-1) == "distinct" && i > 1: // IS DISTINCT FROM
		case (w == "left" || w == "right" || w == "full") && (joinWord[word(i+1)]):
			s.outer = s.outer || w != "left"
			s.expression = false
		case clauseWord[w]:
			s.expression = false
			s.joins = s.joins || w == "join" || w == "straight_join"
			s.set = s.set || setWord[w]
			s.tail = s.tail || tailWord[w]
		}
	}
	if len(open) > 0 {
		return s, "does not close what it opens"
	}
	first, last := word(0), word(n-1)
	needs := func(w, where, what string) string {
		return where + " with " + strings.ToUpper(w) + ", which needs something " + what + ": write that where the fragment is used"
	}
	if tokens[0].Kind == Ident {
		if reserved[first] {
			return s, needs(first, "begins", "before it")
		}
		s.clause = clauseWord[first] && first != "values" || (first == "left" || first == "right" || first == "full") && joinWord[word(1)]
	}
	if end := tokens[n-1]; end.Kind == Ident && word(n-2) != "." && (reserved[last] || last == "not") || end.Kind == Operator && last != "*" {
		return s, needs(last, "ends", "behind it")
	}
	switch {
	case s.list:
		s.expression = false
		if first == "," || last == "," {
			return s, "has a comma too many: write it where the fragment is used"
		}
	case s.expression:
		s.atom = isAtom(tokens, word, closes)
	}
	return s, ""
}

// isAtom tells whether the tokens are a name, a constant, a parameter, a call or what stands in parentheses.
func isAtom(tokens []Token, word func(int) string, closes int) bool {
	last := len(tokens) - 1
	if closes == last && (word(0) == "(" || word(0) == "case") {
		return true
	}
	i := 0
	for ; i+2 <= last && (tokens[i].Kind == Ident || tokens[i].Kind == QuotedIdent) && word(i+1) == "."; i += 2 {
	}
	if i == last {
		return tokens[i].Kind != Operator || word(i) == "*"
	}
	return tokens[i].Kind == Ident && word(i+1) == "(" && closes == last
}

// neighbour is what stands beside a use: words in lower case, "" for nothing.
type neighbour struct {
	prev, prev2, next  string
	prevKind, nextKind Kind
	markedLine         bool // a mark at the end of the line is about it
}

// neighbours looks around a use.
func neighbours(f *source.File, tokens []Token, u *fragmentUse) (n neighbour) {
	text := func(t Token) string { return strings.ToLower(f.Text[t.Start:t.End]) }
	before := 0
	for i := u.first - 1; i >= 0 && before < 2; i-- {
		if t := tokens[i]; t.Kind != Comment {
			if before == 0 {
				n.prev, n.prevKind = text(t), t.Kind
			} else {
				n.prev2 = text(t)
			}
			before++
		}
	}
	for _, t := range tokens[u.last+1:] {
		if t.Kind != Comment {
			n.next, n.nextKind = text(t), t.Kind
			break
		}
	}
	for _, t := range tokens[u.last+1:] {
		if strings.Contains(f.Text[u.span.End:t.Start], "\n") {
			break
		}
		if m, ok := readMark(f, t); ok && t.Kind == Comment && m.line {
			n.markedLine = true
		}
	}
	return n
}

// beside tells whether a fragment needs parentheses between its neighbours, and why it can not stand there.
func (s *shape) beside(n neighbour) (wrap bool, problem string) {
	left := n.prevKind == Operator || n.prevKind == Ident && (infix[n.prev] || prefix[n.prev]) ||
		n.prev == "from" && n.prev2 == "distinct" || n.prev == ":"
	right := n.nextKind == Operator || n.nextKind == Ident && infix[n.next] || n.next == "[" || n.next == "." || n.next == ":"
	if n.prev == "*" && (s.clause || n.prev2 == "select" || n.prev2 == ".") {
		left = false // SELECT *
	}
	set := func(w, further string) bool { return setWord[w] || (w == "all" || w == "distinct") && setWord[further] }
	const own = "; put that in parentheses of its own in the fragment"
	switch {
	case s.atom:
		return false, ""
	case s.expression:
		return left || right || n.prev == ")", "" // OPERATOR(…) ends so
	case left && !s.clause:
		return false, "is more than an expression and can not stand behind " + strings.ToUpper(n.prev)
	case right:
		return false, "is more than an expression and can not stand before " + strings.ToUpper(n.next)
	case (set(n.prev, n.prev2) || setWord[n.next]) && (s.set || s.tail):
		return false, "has a set operation, an order or a limit, and can not stand beside another query" + own
	case s.joins && !s.clause && (joinWord[n.prev] || n.prev == "," && s.outer):
		return false, "has joins and can not stand behind " + strings.ToUpper(n.prev) + own
	case s.joins && (n.nextKind == QuotedIdent || n.nextKind == Ident && !behindList[n.next] && !joinWord[n.next]):
		return false, "has joins and can not have an alias" + own
	case !s.list || s.clause:
		return false, ""
	case n.prev != "" && n.prev != "," && n.prev != "(" && n.prev != ")" && n.prev != ";" && n.prev != "[" && !(n.prevKind == Ident && beforeList[n.prev]):
		return false, "is a list and can not stand behind " + strings.ToUpper(n.prev)
	case n.next != "" && n.next != "," && n.next != ")" && n.next != ";" && n.next != "]" && !(n.nextKind == Ident && behindList[n.next]):
		return false, "is a list and can not stand before " + strings.ToUpper(n.next)
	}
	return false, ""
}

// onOneLine is the text with blanks for line ends outside of strings and names.
func onOneLine(text string, d Dialect) string {
	tokens, _ := Lex(text, d)
	out := []byte(text)
	at := 0
	for _, t := range append(tokens, Token{EOF, int32(len(text)), int32(len(text))}) {
		for ; at < int(t.Start); at++ {
			if out[at] == '\n' || out[at] == '\r' {
				out[at] = ' '
			}
		}
		at = int(t.End)
	}
	return string(out)
}
