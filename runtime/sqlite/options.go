package sqlite

import (
	"fmt"
	"log/slog"
	"net/url"
	stdruntime "runtime"
	"slices"
	"strings"
	"time"

	"github.com/covetsql/covetsql/runtime"
	"github.com/covetsql/covetsql/runtime/cache"
)

// Options are a database's settings beside its DSN. The zero value is right for a service.
type Options struct {
	// Readers is how many connections read at most beside the one that writes; 0: twice as many as Go runs on processors, and four
	// at least. A database in memory has one connection for everything.
	Readers int
	// Wait is how long a connection of the pool is waited for; 0: as long as the context lets it.
	Wait time.Duration
	// Lifetime is how old a connection gets, Idle how long it lies unused; 0: for ever. They do not bear on databases in memory, which
	// end with their connection.
	Lifetime, Idle time.Duration
	// Classes bounds how many connections the queries of a class have at a time.
	Classes map[string]int
	// Held is from when on a connection is told of as held for too long; 0: a minute, less than 0: never.
	Held time.Duration
	// Cache keeps rows of the queries that ask for it; nil: none.
	Cache *cache.Cache
	// Monitor is told of queries and transactions; Logger takes what nobody else is told; nil: slog's default.
	Monitor runtime.Monitor
	Logger  *slog.Logger
	// Statements is how many prepared statements a connection keeps whose text is put together at run time; 0: 128.
	Statements int

	// Busy is how long another process's lock is waited for; 0: five seconds. The driver's _busy_timeout does not bear on it.
	Busy time.Duration
	// Journal is the journal mode; "": WAL, with which readers and the writer do not wait for one another.
	Journal string
	// Synchronous is when the disk is waited for; "": NORMAL, with which a database in WAL mode is never corrupt, and may lose the last
	// transactions where the machine loses its power (sqlite.org/pragma.html#pragma_synchronous). FULL loses none.
	Synchronous string
	// NoForeignKeys leaves foreign keys unchecked, as SQLite does by itself.
	NoForeignKeys bool
}

var (
	journals    = []string{"DELETE", "TRUNCATE", "PERSIST", "MEMORY", "WAL", "OFF"}
	synchronous = []string{"OFF", "NORMAL", "FULL", "EXTRA"}
)

// defaults fills in what was left out.
func (o *Options) defaults() error {
	if o.Readers < 0 {
		return fmt.Errorf("covetsql: %d connections can't read: set Options.Readers to 1 or more, or 0 for a number by processors", o.Readers)
	}
	if o.Readers == 0 {
		o.Readers = max(4, 2*stdruntime.GOMAXPROCS(0))
	}
	if o.Statements == 0 {
		o.Statements = 128
	}
	if o.Busy == 0 {
		o.Busy = 5 * time.Second
	}
	for _, s := range []struct {
		what    string
		value   *string
		usually string
		known   []string
	}{{"Journal", &o.Journal, "WAL", journals}, {"Synchronous", &o.Synchronous, "NORMAL", synchronous}} {
		if *s.value = strings.ToUpper(*s.value); *s.value == "" {
			*s.value = s.usually
		}
		if !slices.Contains(s.known, *s.value) {
			return fmt.Errorf("covetsql: SQLite has no %q for Options.%s: it is one of %s", *s.value, s.what, strings.Join(s.known, ", "))
		}
	}
	return nil
}

// stated are the pragmas that a DSN sets by itself, which are left to it. Sources: the driver's documentation of Driver.Open.
func stated(dsn string) map[string]bool {
	out := map[string]bool{}
	_, query, _ := strings.Cut(dsn, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return out // the driver tells
	}
	for _, p := range values["_pragma"] {
		name := strings.ToLower(p)
		if i := strings.IndexAny(name, "(= "); i >= 0 {
			name = name[:i]
		}
		out[name[strings.LastIndex(name, ".")+1:]] = true
	}
	for key, name := range map[string]string{"_journal_mode": "journal_mode", "_journal": "journal_mode", "_synchronous": "synchronous", "_sync": "synchronous",
		"_foreign_keys": "foreign_keys", "_fk": "foreign_keys"} {
		if values.Get(key) != "" {
			out[name] = true
		}
	}
	return out
}

// settings are the statements that set up a connection.
func (o *Options) settings(dsn string, reader, persistent bool) (list []string) {
	said := stated(dsn)
	if !reader && persistent && !said["journal_mode"] {
		list = append(list, "PRAGMA journal_mode="+o.Journal)
	}
	if !said["synchronous"] {
		list = append(list, "PRAGMA synchronous="+o.Synchronous)
	}
	if !said["foreign_keys"] && !o.NoForeignKeys {
		list = append(list, "PRAGMA foreign_keys=ON")
	}
	if reader {
		list = append(list, "PRAGMA query_only=ON")
	}
	return list
}
