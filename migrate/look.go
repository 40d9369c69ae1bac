package migrate

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/token"
)

// sight is what was seen of a statement's object before the statement ran. It is written down with the statement's beginning, so
// that after a kill the object can be looked at again and what became of the statement be told.
type sight struct {
	// Kind is what is looked at; "" says that nothing would tell.
	Kind string `json:"kind,omitempty"`
	// Verb is the statement's: create, drop, alter, rename, reindex, detach.
	Verb string `json:"verb,omitempty"`
	// Names are the objects', as the statement writes them.
	Names []string `json:"names,omitempty"`
	// Had are the fingerprints of them, "" for what was not there; of indexes being built, the indexes that were there.
	Had []string `json:"had,omitempty"`
	// Repeatable: the statement may run any number of times (IF NOT EXISTS, OR REPLACE, GRANT).
	Repeatable bool `json:"repeatable,omitempty"`
}

// verdict is what became of a statement.
type verdict uint8

const (
	unknown verdict = iota
	tookEffect
	runAgain // it did not, or may run again
)

func (v sight) String() string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts can be written
	}
	return string(b)
}

func parseSight(text string) (v sight) {
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return sight{}
	}
	return v
}

// reader walks a statement's tokens.
type reader struct {
	sql    string
	tokens []token.Token
	d      token.Dialect
}

func read(sql string, d token.Dialect) *reader {
	all, _ := token.Lex(sql, d)
	return &reader{sql, slices.DeleteFunc(all, func(t token.Token) bool { return t.Kind == token.Comment }), d}
}

func (r *reader) word() string {
	if len(r.tokens) == 0 {
		return ""
	}
	return strings.ToLower(r.sql[r.tokens[0].Start:r.tokens[0].End])
}

func (r *reader) next() { r.tokens = r.tokens[min(1, len(r.tokens)):] }

// take passes over words where they stand.
func (r *reader) take(words ...string) bool {
	saved := r.tokens
	for _, w := range words {
		if r.word() != w {
			r.tokens = saved
			return false
		}
		r.next()
	}
	return true
}

// until passes over all up to a word and the word; false where it is not there.
func (r *reader) until(words ...string) string {
	for len(r.tokens) > 0 {
		w := r.word()
		r.next()
		if slices.Contains(words, w) {
			return w
		}
	}
	return ""
}

// name reads a name with its qualifiers, as written.
func (r *reader) name() string {
	start, end := -1, -1
	for len(r.tokens) > 0 {
		t := r.tokens[0]
		if t.Kind != token.Ident && t.Kind != token.QuotedIdent {
			break
		}
		if start < 0 {
			start = int(t.Start)
		}
		end = int(t.End)
		r.next()
		if r.word() != "." {
			break
		}
		r.next()
	}
	if start < 0 {
		return ""
	}
	return r.sql[start:end]
}

// names reads a list of them.
func (r *reader) names() (out []string) {
	for {
		n := r.name()
		if n == "" {
			return out
		}
		out = append(out, n)
		if !r.take(",") {
			return out
		}
	}
}

// see says what to look at for a statement that runs outside of a transaction, and looks.
func (s *session) see(ctx context.Context, sql string) (sight, error) {
	var v sight
	switch s.Engine {
	case PostgreSQL:
		v = subjectPostgres(sql)
	case MySQL:
		v = s.subjectMySQL(sql)
	default:
		return sight{Repeatable: true}, nil // VACUUM, PRAGMA, ATTACH
	}
	if v.Kind == "" {
		return v, nil
	}
	var err error
	v.Had, err = s.look(ctx, v)
	return v, err
}

func subjectPostgres(sql string) sight {
	r := read(sql, token.PostgreSQL)
	switch {
	case r.take("create"):
		r.take("unique")
		if r.take("index") {
			r.take("concurrently")
			exists := r.take("if", "not", "exists")
			v := sight{Kind: "index build", Verb: "create"}
			name := ""
			if r.word() != "on" {
				name = r.name()
			}
			r.take("on")
			r.take("only")
			v.Names = []string{r.name(), name}
			if exists {
				v.Verb = "create if not exists"
			}
			return v
		}
	case r.take("drop", "index"):
		r.take("concurrently")
		ifExists := r.take("if", "exists")
		return sight{Kind: "relation", Verb: "drop", Names: r.names(), Repeatable: ifExists}
	case r.take("reindex"):
		return sight{Kind: "invalid indexes", Verb: "reindex"}
	case r.take("alter", "table"):
		r.take("if", "exists")
		r.take("only")
		parent := r.name()
		if r.take("detach", "partition") {
			return sight{Kind: "partition", Verb: "detach", Names: []string{parent, r.name()}}
		}
	case r.take("vacuum"), r.take("cluster"), r.take("alter", "system"):
		return sight{Repeatable: true}
	}
	return sight{}
}

func (s *session) subjectMySQL(sql string) sight {
	r := read(sql, token.MySQL)
	verb := r.word()
	r.next()
	switch verb {
	case "analyze", "optimize", "repair", "check", "flush", "grant", "revoke", "set", "use", "lock", "unlock", "show":
		return sight{Repeatable: true}
	case "rename":
		if !r.take("table") {
			return sight{}
		}
		v := sight{Kind: "table", Verb: "rename"}
		for {
			v.Names = append(v.Names, r.name())
			r.take("to")
			r.name()
			if !r.take(",") {
				return v
			}
		}
	case "alter":
		r.take("online")
		r.take("ignore")
		if r.take("table") {
			r.take("if", "exists")
			return sight{Kind: "table", Verb: "alter", Names: []string{r.name()}}
		}
	case "create", "drop", "truncate":
	default:
		return sight{}
	}
	replace := r.take("or", "replace")
	kind := ""
	for kind == "" {
		switch w := r.word(); w {
		case "table", "view", "procedure", "function", "trigger", "event", "index", "database", "schema", "user", "role", "sequence":
			kind = w
			r.next()
		case "":
			return sight{}
		default:
			r.next()
		}
	}
	ifs := r.take("if", "not", "exists") || r.take("if", "exists")
	v := sight{Kind: kind, Verb: verb, Repeatable: (replace || ifs) && verb != "alter"}
	switch kind {
	case "index": // CREATE INDEX i ON t, DROP INDEX i ON t change their table
		r.until("on")
		return sight{Kind: "table", Verb: "alter", Names: []string{r.name()}, Repeatable: v.Repeatable}
	case "user", "role":
		return sight{Repeatable: v.Repeatable}
	case "schema":
		v.Kind = "database"
	}
	if verb == "truncate" {
		return sight{}
	}
	v.Names = r.names()
	if verb == "create" {
		v.Names = v.Names[:min(1, len(v.Names))]
		if kind == "table" && s.mariaDB && slices.Contains(words(sql, token.MySQL, 400), "select") {
			return sight{Repeatable: v.Repeatable} // rows may be there in part
		}
	}
	return v
}

var counter = regexp.MustCompile(` AUTO_INCREMENT=\d+`)

// look is the state of what a sight names.
func (s *session) look(ctx context.Context, v sight) (out []string, err error) {
	if s.Engine == MySQL {
		for _, n := range v.Names {
			f, err := s.showCreate(ctx, v.Kind, n)
			if err != nil {
				return nil, err
			}
			out = append(out, f)
		}
		return out, nil
	}
	texts := func(query string, args ...any) ([]string, error) {
		rows, err := s.conn.QueryContext(ctx, query, args...)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		var out []string
		for rows.Next() {
			var t string
			if err := rows.Scan(&t); err != nil {
				return nil, err
			}
			out = append(out, t)
		}
		return out, rows.Err()
	}
	switch v.Kind {
	case "index build":
		return texts(`SELECT indexrelid::text FROM pg_catalog.pg_index WHERE indrelid = pg_catalog.to_regclass($1) ORDER BY 1`, v.Names[0])
	case "invalid indexes":
		return texts(`SELECT indexrelid::text FROM pg_catalog.pg_index WHERE NOT indisvalid ORDER BY 1`)
	case "relation":
		for _, n := range v.Names {
			found, err := texts(`SELECT COALESCE(pg_catalog.to_regclass($1)::oid::text, '')`, n)
			if err != nil {
				return nil, err
			}
			out = append(out, found...)
		}
		return out, nil
	case "partition":
		found, err := texts(`SELECT CASE WHEN to_jsonb(i) ->> 'inhdetachpending' = 'true' THEN 'pending' ELSE 'attached' END FROM pg_catalog.pg_inherits i
			WHERE inhparent = pg_catalog.to_regclass($1) AND inhrelid = pg_catalog.to_regclass($2)`, v.Names[0], v.Names[1])
		if err == nil && len(found) == 0 {
			found = []string{""}
		}
		return found, err
	}
	return nil, nil
}

// showCreate is a fingerprint of how MySQL shows an object; "" for one that is not there.
func (s *session) showCreate(ctx context.Context, kind, name string) (string, error) {
	rows, err := s.conn.QueryContext(ctx, "SHOW CREATE "+strings.ToUpper(kind)+" "+name)
	if err != nil {
		switch numberOf(err) {
		case 1146, 1305, 1360, 1539, 1049, 1051, 4091: // no such table, routine, trigger, event, database, sequence
			return "", nil
		case 1347: // a table of that name is no view
			return "another", nil
		}
		return "", err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for rows.Next() {
		values := make([]sql.NullString, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return "", err
		}
		for _, c := range values {
			fmt.Fprintf(h, "%s\x00", counter.ReplaceAllString(c.String, ""))
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), rows.Err()
}

// judge tells what became of a statement of which only the beginning was written down. It removes what an interrupted one left
// where it can be told that it is of that one.
func (s *session) judge(ctx context.Context, v sight) (verdict, error) {
	if v.Kind == "" {
		if v.Repeatable {
			return runAgain, nil
		}
		return unknown, nil
	}
	now, err := s.look(ctx, v)
	if err != nil {
		return unknown, err
	}
	if s.Engine == PostgreSQL {
		return s.judgePostgres(ctx, v, now)
	}
	if len(now) != len(v.Had) || len(now) == 0 {
		return unknown, nil
	}
	same, gone := slices.Equal(now, v.Had), !slices.ContainsFunc(now, func(f string) bool { return f != "" })
	switch {
	case v.Repeatable:
		return runAgain, nil
	case v.Verb == "create":
		switch {
		case v.Had[0] == "" && now[0] != "":
			return tookEffect, nil
		case same:
			return runAgain, nil // it will fail as it would have then
		}
	case v.Verb == "drop":
		switch {
		case same:
			return runAgain, nil
		case gone:
			return tookEffect, nil
		}
	case v.Verb == "alter", v.Verb == "rename":
		// What changes nothing that SHOW CREATE shows may run again.
		if same {
			return runAgain, nil
		}
		if v.Verb == "alter" || !slices.ContainsFunc(now, func(f string) bool { return slices.Contains(v.Had, f) && f != "" }) {
			return tookEffect, nil
		}
	}
	return unknown, nil
}

func (s *session) judgePostgres(ctx context.Context, v sight, now []string) (verdict, error) {
	switch v.Kind {
	case "index build":
		verdict := runAgain
		for _, oid := range now {
			if slices.Contains(v.Had, oid) {
				continue
			}
			name, valid, err := s.index(ctx, oid)
			if err != nil {
				return unknown, err
			}
			if valid {
				verdict = tookEffect
				continue
			}
			if err := s.dropIndex(ctx, name); err != nil {
				return unknown, err
			}
		}
		return verdict, nil
	case "invalid indexes": // what REINDEX CONCURRENTLY leaves is called so
		for _, oid := range now {
			name, valid, err := s.index(ctx, oid)
			if err != nil {
				return unknown, err
			}
			if !valid && !slices.Contains(v.Had, oid) && (strings.Contains(name, "_ccnew") || strings.Contains(name, "_ccold")) {
				if err := s.dropIndex(ctx, name); err != nil {
					return unknown, err
				}
			}
		}
		return runAgain, nil
	case "relation":
		if !slices.ContainsFunc(now, func(oid string) bool { return oid != "" }) && slices.ContainsFunc(v.Had, func(oid string) bool { return oid != "" }) {
			return tookEffect, nil
		}
		return runAgain, nil
	case "partition":
		switch now[0] {
		case "":
			return tookEffect, nil
		case "pending":
			_, err := s.conn.ExecContext(ctx, "ALTER TABLE "+v.Names[0]+" DETACH PARTITION "+v.Names[1]+" FINALIZE")
			return tookEffect, err
		}
		return runAgain, nil
	}
	return unknown, nil
}

// index is the quoted name of an index and whether it can be used.
func (s *session) index(ctx context.Context, oid string) (name string, valid bool, err error) {
	var schema, rel string
	err = s.conn.QueryRowContext(ctx, `SELECT n.nspname, c.relname, i.indisvalid FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
		JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE i.indexrelid = $1::text::oid`, oid).Scan(&schema, &rel, &valid)
	return PostgreSQL.Quote(schema) + "." + PostgreSQL.Quote(rel), valid, err
}

func (s *session) dropIndex(ctx context.Context, name string) error {
	if _, err := s.conn.ExecContext(ctx, "DROP INDEX CONCURRENTLY IF EXISTS "+name); err != nil {
		return err
	}
	s.tell(Event{Kind: Cleaned, Text: "dropped the index " + name + ", which an interrupted build left invalid"})
	return nil
}

// clearInvalid drops an index of the name that a statement is about to build where a build that failed left it invalid: with IF
// NOT EXISTS the server would take it for there.
func (s *session) clearInvalid(ctx context.Context, v sight) error {
	if s.Engine != PostgreSQL || v.Kind != "index build" || v.Names[1] == "" {
		return nil
	}
	var oid string
	err := s.conn.QueryRowContext(ctx, `SELECT i.indexrelid::text FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
		WHERE NOT i.indisvalid AND t.oid = pg_catalog.to_regclass($1) AND c.relnamespace = t.relnamespace
		AND c.oid = pg_catalog.to_regclass(pg_catalog.quote_ident((SELECT nspname FROM pg_catalog.pg_namespace WHERE oid = t.relnamespace)) || '.' || $2)
		AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)`, v.Names[0], v.Names[1]).Scan(&oid)
	if err == sql.ErrNoRows {
		return nil
	}
	if err != nil {
		return err
	}
	name, _, err := s.index(ctx, oid)
	if err != nil {
		return err
	}
	return s.dropIndex(ctx, name)
}
