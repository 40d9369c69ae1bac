// Package rel is the bound relational tree: every column has an id, every relation knows
// which columns can not be NULL, its keys and how many rows it may yield, computed bottom-up.
package rel

// Node is a relational operator.
type Node interface{ relation() }
