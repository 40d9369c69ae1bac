package sqlite

import (
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// SQLite asks back while it works (sqlite.org/c3ref/progress_handler.html) and while it waits for another connection's lock
// (sqlite.org/c3ref/busy_handler.html). That is how a context ends a statement: no other goroutine is needed for it, and the waiting
// ends too.

// steps is after how many instructions of its machine SQLite asks whether to go on.
const steps = 1000

var (
	lastID    atomic.Uintptr
	listeners sync.Map // of *Conn by id
)

var (
	onProgress = pointer(func(_ *libc.TLS, id uintptr) int32 {
		if c, ok := listeners.Load(id); ok && c.(*Conn).ended() {
			return 1
		}
		return 0
	})
	onBusy = pointer2(func(_ *libc.TLS, id uintptr, times int32) int32 {
		if c, ok := listeners.Load(id); ok && c.(*Conn).wait(int(times)) {
			return 1
		}
		return 0
	})
)

// pointer and pointer2 give a function as SQLite's translated code calls it: the address of its descriptor, which stays as the function
// is the package's own.
func pointer(f func(*libc.TLS, uintptr) int32) uintptr {
	return *(*uintptr)(unsafe.Pointer(&struct {
		f func(*libc.TLS, uintptr) int32
	}{f}))
}

func pointer2(f func(*libc.TLS, uintptr, int32) int32) uintptr {
	return *(*uintptr)(unsafe.Pointer(&struct {
		f func(*libc.TLS, uintptr, int32) int32
	}{f}))
}

func (c *Conn) listen() {
	c.id = lastID.Add(1)
	listeners.Store(c.id, c)
	lib.Xsqlite3_progress_handler(c.h.tls, c.h.db, steps, onProgress, c.id)
	lib.Xsqlite3_busy_handler(c.h.tls, c.h.db, onBusy, c.id)
}

func (c *Conn) deafen() {
	lib.Xsqlite3_progress_handler(c.h.tls, c.h.db, 0, 0, 0)
	listeners.Delete(c.id)
}

// ended tells that the context of what runs has ended.
func (c *Conn) ended() bool {
	if c.done == nil {
		return false
	}
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// pauses are those between looks at a lock that another connection has.
var pauses = [...]time.Duration{time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 15 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond}

// wait waits for another connection's lock once more, or gives it up.
func (c *Conn) wait(times int) bool {
	now := time.Now()
	if times == 0 || c.since.IsZero() {
		c.since = now
	}
	left := c.patience - now.Sub(c.since)
	if left <= 0 {
		return false
	}
	timer := time.NewTimer(min(left, pauses[min(times, len(pauses)-1)]))
	defer timer.Stop()
	select {
	case <-c.done:
		return false
	case <-timer.C:
		return true
	}
}
