// Package bench measures what covetsql generates beside sqlc's code, drivers by hand, gorm, bun and ent, on one server and in one
// process. It is a module of its own, so that nobody who requires covetsql is asked for those.
//
//	make bench-generated                         # from the repository's root: tables for docs/performance.md
//	go test -run '^$' -bench 'PostgreSQL/Many'   # here: one workload, for profiles
package bench
