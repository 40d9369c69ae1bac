// Package convention says what OpenTelemetry calls the facts of a query (semantic conventions 1.40, "Database"). What it gives is put
// together once a query.
package convention

import (
	"slices"
	"strings"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.40.0"

	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/plan"
)

// Scope is the name of the instrumentation scope.
const Scope = "github.com/covetsql/covetsql/runtime/metrics/otel"

// Schema is the URL of the conventions.
const Schema = semconv.SchemaURL

// Query gives a query's attributes, sorted by key: those of the database, db.query.summary (the query's name), db.operation.name where
// the statement shows it, and db.collection.name where it is about one table.
func Query(q *plan.Query, database []attribute.KeyValue) []attribute.KeyValue {
	list := append(slices.Clone(database), semconv.DBQuerySummary(Name(q)))
	if op := operation(q); op != "" {
		list = append(list, semconv.DBOperationName(op))
	}
	tables := slices.Compact(slices.Sorted(slices.Values(slices.Concat(q.Reads, q.Writes))))
	if len(tables) == 1 {
		list = append(list, semconv.DBCollectionName(tables[0]))
	}
	slices.SortStableFunc(list, func(a, b attribute.KeyValue) int { return strings.Compare(string(a.Key), string(b.Key)) })
	return list
}

// Name is what a query is called: its package and name.
func Name(q *plan.Query) string {
	if q.Package == "" {
		return q.Name
	}
	return q.Package + "." + q.Name
}

// operation is the statement's keyword; that of a WITH is known for those alone that only read.
func operation(q *plan.Query) string {
	text := q.SQL
	for {
		text = strings.TrimLeft(text, " \t\r\n(")
		var end string
		switch {
		case strings.HasPrefix(text, "--"), strings.HasPrefix(text, "#"):
			end = "\n"
		case strings.HasPrefix(text, "/*"):
			end = "*/"
		default:
			word := strings.ToUpper(text[:len(text)-len(strings.TrimLeft(text, letters))])
			if word != "WITH" {
				return word
			}
			if q.Kind == plan.Read {
				return "SELECT"
			}
			return ""
		}
		_, rest, ok := strings.Cut(text, end)
		if !ok {
			return ""
		}
		text = rest
	}
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// Sets keeps what is made of each query, by what a snapshot knows it.
type Sets[T any] struct {
	mu   sync.Mutex
	made map[[2]string]T
	make func(*plan.Query) T
}

// NewSets makes it for all queries that the process knows, and for others as they come.
func NewSets[T any](build func(*plan.Query) T) *Sets[T] {
	s := &Sets[T]{made: map[[2]string]T{}, make: build}
	for _, q := range plan.All() {
		if key := [2]string{q.Package, q.Name}; !s.has(key) {
			s.made[key] = build(q)
		}
	}
	return s
}

func (s *Sets[T]) has(key [2]string) bool { _, ok := s.made[key]; return ok }

// Of gives that of a query in a snapshot of this process.
func (s *Sets[T]) Of(q metrics.Query) T {
	key := [2]string{q.Package, q.Name}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.made[key]
	if !ok {
		t = s.make(plan.All()[q.Number()])
		s.made[key] = t
	}
	return t
}
