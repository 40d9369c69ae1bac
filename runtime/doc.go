// Package runtime is what the engines' adapters share: a database handle with its pools, and transactions. It is generic over the
// connection, and knows neither an engine nor a driver; applications use runtime/postgres, runtime/mysql or runtime/sqlite.
package runtime
