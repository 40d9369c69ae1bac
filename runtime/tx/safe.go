package tx

import "github.com/covetsql/covetsql/runtime/plan"

// Safe tells whether a query may be run twice: it only reads, or leaves the same the second time.
func Safe(q *plan.Query) bool { return q.Kind == plan.Read || q.Idempotent }
