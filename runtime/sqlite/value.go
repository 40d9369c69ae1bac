package sqlite

import (
	"bytes"
	"database/sql/driver"
	"strings"
	"time"

	lib "modernc.org/sqlite/lib"
)

// cell is one value of the row.
func (s *statement) cell(i int) uintptr {
	return lib.Xsqlite3_column_value(s.h.tls, s.ptr, int32(i))
}

func (s *statement) class(cell uintptr) int32 { return lib.Xsqlite3_value_type(s.h.tls, cell) }

// text is a text's or a blob's bytes, which stay until the statement goes on.
func (s *statement) text(cell uintptr) []byte {
	p := lib.Xsqlite3_value_text(s.h.tls, cell)
	return view(p, int(lib.Xsqlite3_value_bytes(s.h.tls, cell)))
}

func (s *statement) blob(cell uintptr) []byte {
	p := lib.Xsqlite3_value_blob(s.h.tls, cell)
	return view(p, int(lib.Xsqlite3_value_bytes(s.h.tls, cell)))
}

// value is a column's value as the driver gives it.
func (s *statement) value(i int) driver.Value {
	cell := s.cell(i)
	col := &s.columns[i]
	switch s.class(cell) {
	case lib.SQLITE_INTEGER:
		v := lib.Xsqlite3_value_int64(s.h.tls, cell)
		if s.h.intToTime && col.time {
			return s.h.intTime(v)
		}
		return v
	case lib.SQLITE_FLOAT:
		return lib.Xsqlite3_value_double(s.h.tls, cell)
	case lib.SQLITE_TEXT:
		text := string(s.text(cell))
		if col.time || col.untyped && s.h.textToTime {
			if t, ok := s.h.parseTime(text, &col.format); ok {
				return t
			}
		}
		return text
	case lib.SQLITE_BLOB:
		return bytes.Clone(s.blob(cell)) // an empty one is nil, as the driver has it
	}
	return nil
}

// intTime is the time of an integer, as the driver's _inttotime has it.
func (o *options) intTime(v int64) time.Time {
	switch {
	case o.integerTimeFormat == "unix_micro":
		return o.in(time.UnixMicro(v).UTC())
	case o.integerTimeFormat == "unix_nano":
		return o.in(time.Unix(0, v).UTC())
	case v > 1e12 || v < -1e12:
		return o.in(time.UnixMilli(v).UTC())
	}
	return o.in(time.Unix(v, 0).UTC())
}

func (o *options) in(t time.Time) time.Time {
	if o.loc == nil {
		return t
	}
	return t.In(o.loc)
}

// goTime is the form of time.Time's String, which the driver writes by default.
const goTime = "2006-01-02 15:04:05.999999999 -0700 MST"

// timeFormats are the forms of times that the driver takes, in its order: SQLite's own (sqlite.org/lang_datefunc.html, 2).
var timeFormats = [...]string{
	"2006-01-02 15:04:05.999999999-07:00",
	"2006-01-02T15:04:05.999999999-07:00",
	"2006-01-02 15:04:05.999999999",
	"2006-01-02T15:04:05.999999999",
	"2006-01-02 15:04",
	"2006-01-02T15:04",
	"2006-01-02",
}

// parseTime reads a text as a time; hint is the format that fitted the column before, which is tried first.
func (o *options) parseTime(text string, hint *int8) (time.Time, bool) {
	if o.loc == nil {
		if t, ok := plainTime(text); ok {
			return t, true
		}
	}
	s := text
	if x := strings.Index(s, "m="); x > 0 {
		s = s[:x] // the monotonic clock's reading
	}
	if t, err := time.Parse(goTime, strings.TrimSpace(s)); err == nil {
		return o.in(t), true
	}
	s, utc := strings.CutSuffix(text, "Z")
	try := func(format string) (time.Time, error) {
		if o.loc != nil && !utc {
			return time.ParseInLocation(format, s, o.loc)
		}
		return time.Parse(format, s)
	}
	if *hint >= 0 {
		if t, err := try(timeFormats[*hint]); err == nil {
			return o.in(t), true
		}
	}
	for i, format := range timeFormats {
		if i == int(*hint) {
			continue
		}
		if t, err := try(format); err == nil {
			if *hint < 0 {
				*hint = int8(i)
			}
			return o.in(t), true
		}
	}
	return time.Time{}, false
}

// plainTime reads the commonest form, 2006-01-02 15:04:05, without the search for the format.
func plainTime[S string | []byte](s S) (t time.Time, ok bool) {
	if len(s) != 19 || s[4] != '-' || s[7] != '-' || s[10] != ' ' && s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return t, false
	}
	num := func(from, to int) int {
		n := 0
		for _, b := range []byte(s[from:to]) {
			if b < '0' || b > '9' {
				return -1
			}
			n = 10*n + int(b-'0')
		}
		return n
	}
	year, month, day, hour, minute, second := num(0, 4), num(5, 7), num(8, 10), num(11, 13), num(14, 16), num(17, 19)
	if year < 0 || month < 1 || month > 12 || day < 1 || day > 28 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 {
		return t, false // the other days of a month are looked at by time.Parse
	}
	return time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC), true
}

// formatTime is a time argument's text.
func (o *options) formatTime(t time.Time) string {
	t = o.in(t)
	if o.writeTimeFormat == "" {
		return t.String()
	}
	return t.Format(o.writeTimeFormat)
}
