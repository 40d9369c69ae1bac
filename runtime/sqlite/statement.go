package sqlite

import (
	"strconv"
	"strings"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// statement is a prepared statement of one connection.
type statement struct {
	h      *handle
	ptr    uintptr // 0: the text holds nothing but blanks and comments
	before []*statement
	params []param
	// inOrder tells that the parameters are the arguments one by one.
	inOrder bool
	columns []column
	names   []string
	// prepared is how often SQLite itself had prepared it anew when the columns were looked at.
	prepared int32
	kept     bool // in the connection's cache
	busy     bool // in somebody's hands
	stepped  bool // and on its way
	bound    bool
}

// param is a parameter: the argument of an ordinal, or that of a name.
type param struct {
	ordinal int
	name    string
}

// column is what bears on the values of a column.
type column struct {
	time    bool // declared as DATE, DATETIME or TIMESTAMP: the driver makes times of its texts
	untyped bool // not declared, as an expression is
	format  int8 // the time format that fitted last, -1 before
}

const reprepare = 5 // SQLITE_STMTSTATUS_REPREPARE

// prepare prepares a text. Of several statements all but the last are run before it (before).
func (h *handle) prepare(query string, persistent bool) (*statement, error) {
	text, err := libc.CString(query)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(h.tls, text)
	var flags uint32
	if persistent {
		flags = lib.SQLITE_PREPARE_PERSISTENT
	}
	var all []*statement
	for next, end := text, text+uintptr(len(query)); next < end; {
		ptr, tail, err := h.prepareOne(next, flags)
		if err != nil {
			closeAll(all)
			return nil, err
		}
		if next = tail; ptr != 0 {
			all = append(all, h.statement(ptr))
		}
		if tail == 0 || *(*byte)(at(tail)) == 0 {
			break
		}
	}
	if len(all) == 0 {
		return &statement{h: h}, nil
	}
	s := all[len(all)-1]
	s.before = all[:len(all)-1]
	return s, nil
}

func closeAll(list []*statement) {
	for _, s := range list {
		s.close()
	}
}

func (h *handle) prepareOne(text uintptr, flags uint32) (ptr, tail uintptr, err error) {
	second := h.out + unsafe.Sizeof(uintptr(0))
	for {
		switch rc := lib.Xsqlite3_prepare_v3(h.tls, h.db, text, -1, flags, h.out, second); rc {
		case lib.SQLITE_OK:
			return *(*uintptr)(at(h.out)), *(*uintptr)(at(second)), nil
		default:
			return 0, 0, h.error(rc)
		}
	}
}

func (h *handle) statement(ptr uintptr) *statement {
	s := &statement{h: h, ptr: ptr, inOrder: true, prepared: -1}
	s.params = make([]param, lib.Xsqlite3_bind_parameter_count(h.tls, ptr))
	for i := range s.params {
		p := &s.params[i]
		switch name := libc.GoString(lib.Xsqlite3_bind_parameter_name(h.tls, ptr, int32(i+1))); {
		case name == "":
			p.ordinal = i + 1
		default:
			p.name = name[1:]
			if n, err := strconv.Atoi(p.name); err == nil && (name[0] == '?' || name[0] == '$') && strconv.Itoa(n) == p.name {
				p.ordinal = n
			}
		}
		s.inOrder = s.inOrder && p.ordinal == i+1
	}
	return s
}

// describe looks at the columns, where SQLite prepared the statement anew since it did.
func (s *statement) describe() {
	if s.ptr == 0 {
		return
	}
	n := lib.Xsqlite3_stmt_status(s.h.tls, s.ptr, reprepare, 0)
	if n == s.prepared {
		return
	}
	s.prepared, s.names = n, nil
	s.columns = make([]column, lib.Xsqlite3_column_count(s.h.tls, s.ptr))
	for i := range s.columns {
		declared := strings.ToUpper(libc.GoString(lib.Xsqlite3_column_decltype(s.h.tls, s.ptr, int32(i))))
		s.columns[i] = column{time: declared == "DATE" || declared == "DATETIME" || declared == "TIMESTAMP", untyped: declared == "", format: -1}
	}
}

// name is a column's name.
func (s *statement) name(i int) string {
	if s.names == nil {
		s.names = make([]string, len(s.columns))
		for i := range s.names {
			s.names[i] = libc.GoString(lib.Xsqlite3_column_name(s.h.tls, s.ptr, int32(i)))
		}
	}
	return s.names[i]
}

// step gives the next row, if there is one.
func (s *statement) step() (row bool, err error) {
	if s.ptr == 0 {
		return false, nil
	}
	s.stepped = true
	switch rc := lib.Xsqlite3_step(s.h.tls, s.ptr); rc {
	case lib.SQLITE_ROW:
		return true, nil
	case lib.SQLITE_DONE:
		return false, nil
	default:
		return false, s.h.error(rc)
	}
}

// reset ends a run of the statement: its locks and its snapshot are let go. Its error is that of the last step, or of what the end itself
// did: a statement that was not read to its end is committed by it.
func (s *statement) reset() (err error) {
	if s.stepped {
		if rc := lib.Xsqlite3_reset(s.h.tls, s.ptr); rc != lib.SQLITE_OK {
			err = s.h.error(rc)
		}
	}
	if s.bound {
		lib.Xsqlite3_clear_bindings(s.h.tls, s.ptr)
	}
	s.stepped, s.bound = false, false
	return err
}

// readOnly tells that the statement changes no database (sqlite.org/c3ref/stmt_readonly.html).
func (s *statement) readOnly() bool {
	for _, b := range s.before {
		if !b.readOnly() {
			return false
		}
	}
	return s.ptr == 0 || lib.Xsqlite3_stmt_readonly(s.h.tls, s.ptr) != 0
}

func (s *statement) close() {
	closeAll(s.before)
	if s.ptr != 0 {
		lib.Xsqlite3_finalize(s.h.tls, s.ptr)
		s.ptr = 0
	}
}
