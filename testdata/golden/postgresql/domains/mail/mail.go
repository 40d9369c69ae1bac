// Package mail has a type for a domain of the schema.
package mail

// Address is an address.
type Address string
