package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"reflect"
	"time"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// handle is SQLite's own interface to a connection of the driver, and what the driver's DSN says of values. Only one goroutine may be
// in it at a time, which the Conn around it sees to.
type handle struct {
	driver driver.Conn
	tls    *libc.TLS
	db     uintptr
	out    uintptr // room for two pointers that SQLite gives back
	mutex  uintptr // SQLite's own for this connection, while it is not used
	options
}

// options are those of the driver's DSN that bear on values and errors.
type options struct {
	writeTimeFormat   string
	loc               *time.Location
	intToTime         bool
	textToTime        bool
	integerTimeFormat string
	errorRcMode       bool
}

// connFields are the fields of the driver's connection that are read. The driver tells of none of them.
var connFields = map[string]reflect.Type{
	"db":                reflect.TypeFor[uintptr](),
	"tls":               reflect.TypeFor[*libc.TLS](),
	"writeTimeFormat":   reflect.TypeFor[string](),
	"loc":               reflect.TypeFor[*time.Location](),
	"intToTime":         reflect.TypeFor[bool](),
	"textToTime":        reflect.TypeFor[bool](),
	"integerTimeFormat": reflect.TypeFor[string](),
	"errorRcMode":       reflect.TypeFor[bool](),
}

// open opens a connection by the driver and takes hold of it.
func open(ctx context.Context, c driver.Connector) (*handle, error) {
	dc, err := c.Connect(ctx)
	if err != nil {
		return nil, err
	}
	h := &handle{driver: dc}
	if err := h.take(); err != nil {
		dc.Close()
		return nil, err
	}
	return h, nil
}

func (h *handle) take() error {
	if !errorFits {
		return fmt.Errorf("covetsql: modernc.org/sqlite keeps its errors otherwise than this runtime knows: use the version of the driver that covetsql's go.mod names")
	}
	v := reflect.ValueOf(h.driver)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("covetsql: a connection of modernc.org/sqlite is a %T, which this runtime does not know", h.driver)
	}
	v = v.Elem()
	for name, want := range connFields {
		if f := v.FieldByName(name); !f.IsValid() || f.Type() != want {
			return fmt.Errorf("covetsql: a connection of modernc.org/sqlite has no field %s of type %s, as this runtime knows it: use the version of the driver that covetsql's go.mod names", name, want)
		}
	}
	h.db = uintptr(v.FieldByName("db").Uint())
	h.tls = (*libc.TLS)(v.FieldByName("tls").UnsafePointer())
	h.options = options{
		writeTimeFormat: v.FieldByName("writeTimeFormat").String(), loc: (*time.Location)(v.FieldByName("loc").UnsafePointer()),
		intToTime: v.FieldByName("intToTime").Bool(), textToTime: v.FieldByName("textToTime").Bool(),
		integerTimeFormat: v.FieldByName("integerTimeFormat").String(), errorRcMode: v.FieldByName("errorRcMode").Bool(),
	}
	if h.out = libc.Xmalloc(h.tls, types.Size_t(2*unsafe.Sizeof(uintptr(0)))); h.out == 0 {
		return noMemory(2 * int(unsafe.Sizeof(uintptr(0))))
	}
	return nil
}

// exclusive has SQLite use the connection without its mutex, which it would take for each column of each row: the Conn has its own.
// (SQLite calls this the multi-thread mode: sqlite.org/threadsafe.html.)
func (h *handle) exclusive() {
	db := (*lib.Tsqlite3)(at(h.db))
	h.mutex, db.Fmutex = db.Fmutex, 0
}

// close closes the connection.
func (h *handle) close() error {
	if h.mutex != 0 {
		(*lib.Tsqlite3)(at(h.db)).Fmutex = h.mutex
		h.mutex = 0
	}
	if h.out != 0 {
		libc.Xfree(h.tls, h.out)
		h.out = 0
	}
	return h.driver.Close()
}

// at is where SQLite's memory is at an address. It is no memory of Go's collector.
func at(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

// view gives n bytes of SQLite's memory, which stay until its next call.
func view(p uintptr, n int) []byte {
	if p == 0 || n <= 0 {
		return nil
	}
	return unsafe.Slice((*byte)(at(p)), n)
}

func noMemory(n int) error { return fmt.Errorf("sqlite: cannot allocate %d bytes of memory", n) }

// autocommit tells that no transaction is open.
func (h *handle) autocommit() bool { return lib.Xsqlite3_get_autocommit(h.tls, h.db) != 0 }

// file is the path of the database; "" where it has none, as it is in memory.
func (h *handle) file() (string, error) {
	name, err := libc.CString("main")
	if err != nil {
		return "", err
	}
	defer libc.Xfree(h.tls, name)
	return libc.GoString(lib.Xsqlite3_db_filename(h.tls, h.db, name)), nil
}

// readOnly tells that the database itself can't be written.
func (h *handle) readOnly() (bool, error) {
	name, err := libc.CString("main")
	if err != nil {
		return false, err
	}
	defer libc.Xfree(h.tls, name)
	return lib.Xsqlite3_db_readonly(h.tls, h.db, name) == 1, nil
}

// error gives SQLite's error as the driver gives it.
func (h *handle) error(rc int32) error {
	str, busy := libc.GoString(lib.Xsqlite3_errstr(h.tls, rc)), ""
	if rc == lib.SQLITE_BUSY {
		busy = " (SQLITE_BUSY)"
	}
	msg := str
	if known := lib.Xsqlite3_extended_errcode(h.tls, h.db); !h.errorRcMode || known == rc || known&0xff == rc&0xff {
		msg = libc.GoString(lib.Xsqlite3_errmsg(h.tls, h.db))
	}
	if msg == str {
		return newError(fmt.Sprintf("%s (%v)%s", str, rc, busy), int(rc))
	}
	return newError(fmt.Sprintf("%s: %s (%v)%s", str, msg, rc, busy), int(rc))
}

// errorLayout is how the driver keeps its errors, which nobody but it can make.
type errorLayout struct {
	msg  string
	code int
}

var errorFits = func() bool {
	t := reflect.TypeFor[sqlite.Error]()
	if t.Kind() != reflect.Struct || t.NumField() != 2 {
		return false
	}
	msg, code := t.Field(0), t.Field(1)
	return msg.Name == "msg" && msg.Type == reflect.TypeFor[string]() && code.Name == "code" && code.Type == reflect.TypeFor[int]()
}()

// newError makes an error of the driver, so that errors.As finds what it finds on the ordinary path.
func newError(msg string, code int) error {
	e := new(sqlite.Error)
	*(*errorLayout)(unsafe.Pointer(e)) = errorLayout{msg, code}
	return e
}
