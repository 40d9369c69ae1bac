// Package plan holds what the compiler knows of a query, as a generated package hands it to the runtime: facts, nothing else. No
// part of it is found out at run time, and nothing in it is specific to an engine.
package plan

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Kind says what a query does to data.
type Kind uint8

// The kinds of queries. A SELECT that calls a function which may write is Write.
const (
	Read Kind = iota
	Write
	Schema  // changes the schema
	Utility // SET, VACUUM and their like
)

// Kind's names, as they stand in metrics and logs.
func (k Kind) String() string { return [...]string{"read", "write", "schema", "utility"}[k] }

// Unbounded is Query.MaxRows where nothing bounds the rows.
const Unbounded = -1

// Query is one query of a generated package. A Query is made once by New and never changed.
type Query struct {
	Name    string // of the method: GetAuthor
	Package string // of the generated Go package
	Command string // what stands behind its name: one, many, exec …
	SQL     string // what goes to the server; "" where the text is put together at run time
	Kind    Kind
	// Reads and Writes are the tables, sorted, with their schema outside the default one. Views stand beside their tables.
	Reads, Writes []string
	// MaxRows is how many rows it gives at most, or Unbounded.
	MaxRows int64
	// Locks tells of FOR UPDATE and its like.
	Locks bool
	// Touches are the tables that a write may change: Writes, and those that foreign keys change with them; "*" where triggers may change
	// any.
	Touches []string
	// Deterministic: over the same data the same arguments give the same rows.
	Deterministic bool
	// Idempotent: run twice in a row with the same arguments it leaves the same data and gives the same answer as run once. Such
	// a query may be run again where it is unknown whether it was done.
	Idempotent bool
	// Cache is how long its rows may be kept; zero where they are not.
	Cache Cache
	// Class is the class of queries that the pool's limits know; "" is that of all others.
	Class string

	number int
}

// Cache says how long rows may be answered from memory.
type Cache struct {
	// Fresh is how long rows are answered without a look at the database; Stale how long after that they are answered once more
	// while they are read anew.
	Fresh, Stale time.Duration
}

var (
	count atomic.Int64
	mu    sync.RWMutex
	all   []*Query
	bySQL = map[string]*Query{}
)

// New registers a query and gives it its number. Generated packages call it as they are initialized.
func New(q Query) *Query {
	mu.Lock()
	defer mu.Unlock()
	q.number = len(all)
	all = append(all, &q)
	if q.SQL != "" {
		if other, ok := bySQL[q.SQL]; !ok {
			bySQL[q.SQL] = &q
		} else if other != nil && !other.same(&q) {
			bySQL[q.SQL] = nil
		}
	}
	count.Store(int64(len(all)))
	return &q
}

// Number is the query's index among all queries of the process, from 0.
func (q *Query) Number() int { return q.number }

// Count is how many queries the process has.
func Count() int { return int(count.Load()) }

// same tells whether two queries of one text do the same; over two schemas they may not.
func (q *Query) same(o *Query) bool {
	return q.Kind == o.Kind && q.Locks == o.Locks && q.Idempotent == o.Idempotent && q.Class == o.Class &&
		slices.Equal(q.Reads, o.Reads) && slices.Equal(q.Writes, o.Writes) && slices.Equal(q.Touches, o.Touches)
}

// Find gives the query whose static text this is; nil where there is none, or several that do not do the same. What comes by a driver's interface is known by it.
func Find(sql string) *Query {
	mu.RLock()
	defer mu.RUnlock()
	return bySQL[sql]
}

// All gives the queries of the process in order of their numbers.
func All() []*Query {
	mu.RLock()
	defer mu.RUnlock()
	return append([]*Query(nil), all...)
}
