package definition

import "strings"

// Index is what a CREATE INDEX says.
type Index struct {
	Name, Table string
	Unique      bool
	// Columns are the folded names of keys that are plain columns by their own collation; "" stands for another key.
	Columns []string
	Partial bool
	// Mentions are the folded words of keys and condition.
	Mentions map[string]bool
	// Canonical is what it says, without its name.
	Canonical string
}

// ReadIndex reads a CREATE INDEX. column tells which names are columns of its table.
func ReadIndex(text string, column func(folded string) bool) Index {
	s := scan(text)
	s.take("CREATE")
	x := Index{Unique: s.take("UNIQUE"), Mentions: map[string]bool{}}
	s.take("INDEX")
	x.Name = s.name()
	s.take("ON")
	x.Table = s.name()
	from, to := s.group()
	s.words(from, len(s.tokens), x.Mentions)
	var keys []string
	for _, k := range s.list(from, to) {
		key := s.canonical(k.from, k.to, column, Fold(x.Table))
		key = strings.TrimSuffix(key, " asc")
		keys = append(keys, key)
		name := ""
		if k.to-k.from == 1 || k.to-k.from == 2 && (strings.EqualFold(s.raw(k.to-1), "ASC") || strings.EqualFold(s.raw(k.to-1), "DESC")) {
			if n := Fold(Unquote(s.raw(k.from))); column(n) {
				name = n
			}
		}
		x.Columns = append(x.Columns, name)
	}
	where := s.canonical(s.at, len(s.tokens), column, Fold(x.Table))
	x.Partial = where != ""
	x.Canonical = "index on " + Fold(x.Table) + " (" + strings.Join(keys, ", ") + ") " + where
	if x.Unique {
		x.Canonical = "unique " + x.Canonical
	}
	return x
}

type span struct{ from, to int }

// list cuts the tokens [from, to) at the commas that stand in no parentheses.
func (s *scanner) list(from, to int) (out []span) {
	depth, start := 0, from
	for i := from; i < to; i++ {
		switch s.raw(i) {
		case "(":
			depth++
		case ")":
			depth--
		case ",":
			if depth == 0 {
				out = append(out, span{start, i})
				start = i + 1
			}
		}
	}
	return append(out, span{start, to})
}
