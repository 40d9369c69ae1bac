package migrate

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/migrate/file"
)

// alone tells whether the engine refuses the statement in a transaction.
func (s *session) alone(sql string) bool {
	w := words(sql, s.dialect(), 24)
	if len(w) == 0 {
		return false
	}
	has := func(word string) bool { return slices.Contains(w, word) }
	two := func(a, b string) bool { return len(w) > 1 && w[0] == a && w[1] == b }
	switch s.Engine {
	case PostgreSQL:
		switch w[0] {
		case "vacuum":
			return true
		case "create", "drop":
			if len(w) > 1 && (w[1] == "database" || w[1] == "tablespace" || w[1] == "subscription") {
				return true
			}
			i := slices.Index(w, "index")
			return i > 0 && i < 3 && len(w) > i+1 && w[i+1] == "concurrently"
		case "reindex":
			return has("concurrently") || has("database") || has("system") || has("schema")
		case "alter":
			return two("alter", "system") || (has("detach") && has("concurrently")) || (two("alter", "database") && has("tablespace"))
		case "cluster":
			return len(w) == 1
		}
	case SQLite:
		return w[0] == "vacuum" || w[0] == "attach" || w[0] == "detach" || (w[0] == "pragma" && (has("journal_mode") || has("auto_vacuum") || has("page_size")))
	}
	return false
}

// transactional tells whether the statement is all there or not at all with the history's row beside it in one transaction.
func (s *session) transactional(sql string) bool {
	w := words(sql, s.dialect(), 6)
	if len(w) == 0 {
		return false
	}
	switch s.Engine {
	case MySQL:
		switch w[0] {
		case "insert", "update", "delete", "replace", "select", "with", "values", "do", "table":
			return true
		case "set":
			return !slices.Contains(w, "password") && !slices.Contains(w, "autocommit") && !strings.Contains(strings.ToLower(sql), "autocommit")
		case "load":
			return len(w) > 1 && w[1] == "data"
		case "create", "drop":
			return len(w) > 2 && w[1] == "temporary" && w[2] == "table"
		}
		return false
	case PostgreSQL:
		return !s.alone(sql) && !s.procedural(sql)
	}
	return !s.alone(sql)
}

// procedural tells whether the statement may commit by itself, so that an error says nothing of what is there. PostgreSQL
// takes such ones outside of a transaction alone.
func (s *session) procedural(sql string) bool {
	w := words(sql, s.dialect(), 1)
	if len(w) == 0 {
		return false
	}
	text := strings.ToLower(sql)
	return w[0] == "call" || (s.Engine == PostgreSQL && w[0] == "do" && (strings.Contains(text, "commit") || strings.Contains(text, "rollback")))
}

// ofSession tells whether the statement is about the session alone, so that a run that goes on later needs it too.
func ofSession(w []string) bool {
	return len(w) > 0 && (w[0] == "set" || w[0] == "use")
}

// words are the statement's unquoted words in small letters, at most n; brackets and their like between them do not count.
func words(sql string, d token.Dialect, n int) (out []string) {
	tokens, _ := token.Lex(sql[:min(len(sql), 8192)], d)
	for _, t := range tokens {
		if t.Kind == token.Ident {
			if out = append(out, strings.ToLower(sql[t.Start:t.End])); len(out) == n {
				break
			}
		}
	}
	return out
}

// mode is how a side runs.
type mode uint8

const (
	whole mode = iota // in one transaction
	steps             // statement by statement
)

// modeOf decides how a side runs, or refuses it.
func (s *session) modeOf(m *file.Migration, side file.Side) (mode, error) {
	batch := slices.IndexFunc(side.Statements, func(st file.Statement) bool { return st.Batch })
	if s.Engine == MySQL {
		if side.Transaction == file.Unsaid && batch < 0 && !slices.ContainsFunc(side.Statements, func(st file.Statement) bool { return !s.transactional(st.SQL) }) {
			return whole, nil
		}
		return steps, nil
	}
	if side.Transaction != file.Unsaid {
		return steps, nil
	}
	first := slices.IndexFunc(side.Statements, func(st file.Statement) bool { return s.alone(st.SQL) })
	if first < 0 && batch < 0 {
		return whole, nil
	}
	at, what := first, "the engine refuses this statement in a transaction, and the file has others beside it"
	if first < 0 {
		at, what = batch, "a batch commits each round, and the file runs in one transaction"
	} else if !slices.ContainsFunc(side.Statements, func(st file.Statement) bool { return !s.alone(st.SQL) }) {
		return steps, nil
	}
	st := side.Statements[at]
	return whole, &Error{Text: what, Version: m.Version, Path: side.File.Path, Line: st.Line(), Statement: brief(st.SQL, s.dialect()), State: "nothing of the file was run",
		Do: "put the statement into a migration of its own, or have the whole file run outside of a transaction: " + noTransaction(s.formOf())}
}

func noTransaction(f file.Form) string {
	switch f {
	case file.Goose:
		return "-- +goose NO TRANSACTION"
	case file.Dbmate:
		return "-- migrate:up transaction:false"
	case file.SQLMigrate:
		return "-- +migrate Up notransaction"
	case file.Tern:
		return "---- tern: disable-tx ----"
	case file.Atlas:
		return "-- atlas:txmode none"
	}
	return "-- covet:transaction none above its first statement"
}

func (s *session) formOf() file.Form {
	if s.foreign != nil {
		return s.foreign.Form
	}
	return file.Own
}
