package migrate

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/token"
)

// What an Error is at bottom; errors.Is finds them.
var (
	ErrChanged = errors.New("an applied migration was changed")
	ErrLate    = errors.New("a migration is older than the newest applied one")
	ErrMissing = errors.New("the file of an applied migration is gone")
	ErrPartial = errors.New("a migration ran in part")
	ErrUnknown = errors.New("whether a statement took effect is not known")
	ErrLocked  = errors.New("another runner is at work")
	ErrNoDown  = errors.New("a migration can't be undone")
	ErrCheck   = errors.New("a check failed")
	ErrConnect = errors.New("there is no connection to the database")
	ErrLost    = errors.New("the connection was lost")
	ErrLoses   = errors.New("what is stored would be lost")
	ErrForeign = errors.New("another tool left the database in between")
)

// Error says what happened, where, what state the database is in now, and what to do.
type Error struct {
	// Kind is one of the errors above, nil for others (an error of the server's, mostly).
	Kind error
	// Text is what happened. Version, Path and Line say where; Statement is the statement's beginning, without strings.
	Text      string
	Version   string
	Path      string
	Line      int
	Statement string
	// State is what the database has now of the migration, Do what to do.
	State, Do string
	// Err is the server's or the driver's.
	Err error
}

func (e *Error) Error() string {
	var b strings.Builder
	switch {
	case e.Path != "" && e.Line > 0:
		fmt.Fprintf(&b, "%s:%d: ", e.Path, e.Line)
	case e.Path != "":
		b.WriteString(e.Path + ": ")
	case e.Version != "":
		b.WriteString("version " + e.Version + ": ")
	}
	b.WriteString(e.Text)
	if e.Statement != "" {
		b.WriteString(" (" + e.Statement + ")")
	}
	if e.Err != nil {
		b.WriteString(": " + clean(e.Err.Error()))
	}
	if e.State != "" {
		b.WriteString("\n  now: " + e.State)
	}
	if e.Do != "" {
		b.WriteString("\n  do: " + e.Do)
	}
	return b.String()
}

// Unwrap gives the kind and the cause.
func (e *Error) Unwrap() []error {
	var out []error
	if e.Kind != nil {
		out = append(out, e.Kind)
	}
	if e.Err != nil {
		out = append(out, e.Err)
	}
	return out
}

var secrets = []struct {
	re *regexp.Regexp
	by string
}{
	{regexp.MustCompile(`(\w+://[^\s:/@]*):[^\s@]*@`), "$1:***@"},
	{regexp.MustCompile(`(?i)(password|pwd|passwd|secret)(\s*=\s*)('[^']*'|[^\s&;]+)`), "$1$2***"},
	{regexp.MustCompile(`(?i)(password|identified\s+by|secret)(\s+)('[^']*'|"[^"]*")`), "$1$2***"},
	{regexp.MustCompile(`\w+:[^\s@]+@(tcp|unix)\(`), "***@$1("},
}

// clean takes secrets out of a text that drivers and servers wrote.
func clean(text string) string {
	for _, s := range secrets {
		text = s.re.ReplaceAllString(text, s.by)
	}
	return text
}

// brief is a statement's beginning on one line, its strings taken out: they may be secrets.
func brief(sql string, d token.Dialect) string {
	tokens, _ := token.Lex(sql[:min(len(sql), 2048)], d)
	var b strings.Builder
	for i, t := range tokens {
		if t.Kind == token.Comment {
			continue
		}
		if b.Len() > 70 {
			b.WriteString(" …")
			break
		}
		if i > 0 && tokens[i-1].End < t.Start && b.Len() > 0 {
			b.WriteByte(' ')
		}
		if t.Kind == token.String || t.Kind == token.Blob || t.Kind == token.Invalid {
			b.WriteString("'…'")
			continue
		}
		b.WriteString(sql[t.Start:t.End])
	}
	return b.String()
}

// plural counts things for people.
func plural(n int64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(n, 10) + " " + one + "s"
}

// stateOf is the SQLSTATE of an error, "" where it has none. Drivers of PostgreSQL have the method.
func stateOf(err error) string {
	var s interface{ SQLState() string }
	if errors.As(err, &s) {
		return s.SQLState()
	}
	return ""
}

var mysqlError = regexp.MustCompile(`Error (\d{4})(?: \(\w+\))?: `)

// numberOf is the number of an error of MySQL's, 0 where it has none.
func numberOf(err error) int {
	if m := mysqlError.FindStringSubmatch(err.Error()); m != nil {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	return 0
}

// lockTimedOut tells whether a lock was not to be had in time, or a deadlock was broken: the same again may well succeed.
func lockTimedOut(e Engine, err error) bool {
	if err == nil {
		return false
	}
	switch e {
	case PostgreSQL:
		s := stateOf(err)
		return s == "55P03" || s == "40P01" || s == "40001"
	case MySQL:
		n := numberOf(err)
		return n == 1205 || n == 1213
	}
	text := err.Error()
	return strings.Contains(text, "database is locked") || strings.Contains(text, "SQLITE_BUSY") || strings.Contains(text, "database table is locked")
}

// connectionLost tells whether nobody knows what the server did last.
func connectionLost(err error) bool {
	if err == nil {
		return false
	}
	switch s := stateOf(err); {
	case strings.HasPrefix(s, "08"), s == "57P01", s == "57P02", s == "57P03":
		return true
	case s != "":
		return false
	}
	switch numberOf(err) {
	case 0:
	case 1053, 1927, 2006, 2013, 2055, 3169:
		return true
	default:
		return false
	}
	var n net.Error
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &n) {
		return true
	}
	text := err.Error()
	return strings.Contains(text, "invalid connection") || strings.Contains(text, "conn closed") || strings.Contains(text, "connection reset") || strings.Contains(text, "broken pipe") || strings.Contains(text, "bad connection")
}
