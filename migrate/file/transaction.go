package file

import (
	"slices"

	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// ownTransactions turns a file's BEGIN and COMMIT into groups: the runner opens and ends transactions, so that what it
// writes down of its progress is committed with what it is about.
func ownTransactions(f *source.File, d token.Dialect, s *Side) error {
	var (
		kept   []Statement
		group  int
		groups int
		open   int // where the transaction was opened
	)
	inside := false
	for _, st := range s.Statements {
		words := Words(st.SQL, d, 3)
		switch what := control(words, st.SQL, d); {
		case st.block || what == "":
			if inside {
				st.Group = group
			}
			kept = append(kept, st)
		case what == "begin":
			if inside {
				return at(f, int(st.Span.Start), "a transaction is begun within a transaction", "end the first one with COMMIT")
			}
			groups++
			inside, group, open = true, groups, int(st.Span.Start)
		case what == "commit":
			if !inside {
				return at(f, int(st.Span.Start), "COMMIT without BEGIN", "leave it out: the runner commits")
			}
			inside = false
		case what == "rollback":
			return at(f, int(st.Span.Start), "the file rolls back what it did", "leave ROLLBACK out, with what it undoes")
		}
	}
	if inside {
		return at(f, open, "the transaction that begins here is never ended", "write COMMIT behind its last statement, or leave BEGIN out: the runner opens a transaction")
	}
	if groups == 0 {
		return nil
	}
	s.Statements = kept
	// BEGIN … COMMIT around everything is what happens anyhow.
	if groups == 1 && s.Transaction == Unsaid && !slices.ContainsFunc(kept, func(st Statement) bool { return st.Group == 0 }) {
		for i := range kept {
			kept[i].Group = 0
		}
		return nil
	}
	s.Transaction = Grouped
	return nil
}

// control is "begin", "commit" or "rollback" where a statement is one.
func control(words []string, sql string, d token.Dialect) string {
	if len(words) == 0 {
		return ""
	}
	second := ""
	if len(words) > 1 {
		second = words[1]
	}
	switch words[0] {
	case "begin":
		return "begin"
	case "start":
		if second == "transaction" {
			return "begin"
		}
	case "commit":
		if second != "prepared" {
			return "commit"
		}
	case "end":
		return "commit"
	case "rollback", "abort":
		if second == "to" || slices.Contains(words, "to") { // a savepoint of the file's own
			return ""
		}
		return "rollback"
	}
	return ""
}

// foreignKeys takes SQLite's PRAGMA foreign_keys out of a side. Within a transaction the engine passes over it without a
// word, so that rows that refer to a table that is rebuilt would be deleted with it; here it means what its author meant, for
// the side as a whole.
func foreignKeys(s *Side, d token.Dialect) {
	if d != token.SQLite {
		return
	}
	var kept []Statement
	for _, st := range s.Statements {
		if set, off := foreignKeyPragma(st.SQL); set && !st.block {
			s.ForeignKeysOff = s.ForeignKeysOff || off
			continue
		}
		kept = append(kept, st)
	}
	if len(kept) != len(s.Statements) {
		s.Statements = kept
	}
}

func foreignKeyPragma(sql string) (set, off bool) {
	tokens, _ := token.Lex(sql, token.SQLite)
	var words []string
	for _, t := range tokens {
		if t.Kind != token.Comment {
			words = append(words, lower(sql[t.Start:t.End]))
		}
	}
	if len(words) < 4 || words[0] != "pragma" {
		return false, false
	}
	i := slices.Index(words, "foreign_keys")
	if i < 0 || i+2 >= len(words) {
		return false, false
	}
	switch words[i+2] {
	case "off", "0", "no", "false", "'off'":
		return true, true
	}
	return true, false
}

func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
