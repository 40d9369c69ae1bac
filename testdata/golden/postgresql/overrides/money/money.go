// Package money is a type of an application.
package money

// Cents is an amount of money.
type Cents int64
