package mysql

import (
	"log/slog"
	stdruntime "runtime"
	"time"

	"github.com/covetsql/covetsql/runtime"
	kept "github.com/covetsql/covetsql/runtime/cache"
)

// Options are a database's settings beside its DSN. The zero value is right for a service.
type Options struct {
	// Max is how many connections there are at most; 0: the larger of 4 and the number of processors.
	Max int
	// Wait is how long a connection is waited for; 0: as long as the context lets it.
	Wait time.Duration
	// Lifetime is how old a connection gets at most, Idle how long it may lie unused; 0: an hour, and half an hour. Less than 0: for
	// ever. The server closes what lies unused for its wait_timeout, eight hours by default.
	Lifetime, Idle time.Duration
	// Classes bounds how many connections the queries of a class have at a time.
	Classes map[string]int
	// Held is from when on whoever has a connection is told of in the log; 0: a minute, less than 0: never.
	Held time.Duration
	// Cache keeps rows of the queries that ask for it; nil: none.
	Cache *kept.Cache
	// Monitor is told of queries and transactions; nil: nobody. Logger takes what goes wrong outside of a query; nil: slog's own.
	Monitor runtime.Monitor
	Logger  *slog.Logger
	// Statements is how many statements a connection keeps prepared whose text is put together at run time; 0: 128. Those whose text is
	// static are all kept, so that max_prepared_stmt_count bounds connections times queries.
	Statements int
}

func (o *Options) defaults() {
	for _, d := range []struct {
		value   *int
		usually int
	}{{&o.Max, max(4, stdruntime.GOMAXPROCS(0))}, {&o.Statements, 128}} {
		if *d.value == 0 {
			*d.value = d.usually
		}
	}
	for _, d := range []struct {
		value   *time.Duration
		usually time.Duration
	}{{&o.Lifetime, time.Hour}, {&o.Idle, time.Hour / 2}} {
		if *d.value == 0 {
			*d.value = d.usually
		}
		*d.value = max(*d.value, 0)
	}
}
