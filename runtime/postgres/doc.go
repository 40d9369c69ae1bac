// Package postgres is the runtime of generated packages over PostgreSQL, by pgx. A DB stands wherever a pgx handle stands; generated code
// calls it more directly: arguments are encoded into the message, and values decoded from it, without reflection.
//
// It knows the protocol, what codes mean, and which statements a connection has prepared. It must not know of a query more than plan.Query says.
package postgres
