// Package metrics counts what an application's queries do: calls, rows, errors by kind and latencies of each query, waits for
// connections, transactions, queries that repeat under one parent, and queries that are slow.
//
// The compiler gives each query a number (plan.Query.Number), so a query's counters stand in a slice at that number: counting a call
// looks nothing up by name, takes no lock and allocates nothing. As the names are those in the application's own source, there are
// never more of them than somebody wrote, and figures for each single query are safe to export.
//
// The package imports the standard library alone. Exporters are packages beside it: metrics/prometheus, metrics/otel,
// metrics/sqlcommenter; metrics/plans tells when the plan of a query changes.
package metrics
