// Package ent is what ent writes for the tables of the benchmarks; its folders hook and enttest are left out.
package ent

//go:generate go run -mod=mod entgo.io/ent/cmd/ent@v0.14.5 generate ./schema
