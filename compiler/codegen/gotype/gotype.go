// Package gotype says which Go type stands for a SQL type under each target, as data, and how
// overrides replace it. Where it answers for sqlc's surface the tables hold sqlc 1.31's own
// answers, the odd ones too. It knows nothing of queries.
package gotype

import "strings"

// Type is a Go type as it is written, with the imports that its text needs.
type Type struct {
	Text    string
	Imports []Import
	// JSON: a value of it is what a column's JSON says, which the type does not read and write by itself.
	JSON bool
}

// Import is one import. Group is 0 for the standard library's block, 1 for the other: sqlc
// puts the imports of overrides into the second whatever they are.
type Import struct {
	Path, Alias string
	Group       uint8
}

// Any is the type of what nothing is known of.
const Any = "interface{}"

// Target is what the generated code runs on.
type Target uint8

// The targets.
const (
	SQL  Target = iota // database/sql
	PGX4               // github.com/jackc/pgx/v4
	PGX5               // github.com/jackc/pgx/v5
)

// TargetOf reads sql_package; ok is false for a value that means nothing.
func TargetOf(sqlPackage string) (t Target, ok bool) {
	switch sqlPackage {
	case "", "database/sql":
		return SQL, true
	case "pgx/v4", "github.com/jackc/pgx/v4":
		return PGX4, true
	case "pgx/v5", "github.com/jackc/pgx/v5":
		return PGX5, true
	}
	return SQL, false
}

// IsPGX tells whether the target is pgx's own interface.
func (t Target) IsPGX() bool { return t != SQL }

// known are the packages that the tables' types are of, by the name in front of the dot.
var known = map[string]string{
	"sql": "database/sql", "json": "encoding/json", "time": "time", "net": "net", "netip": "net/netip",
	"driver": "database/sql/driver", "big": "math/big",
	"uuid": "github.com/google/uuid", "pqtype": "github.com/sqlc-dev/pqtype", "pgvector": "github.com/pgvector/pgvector-go",
}

// ImportsOf finds the imports of a type's text by the packages it names.
func ImportsOf(text string, t Target) []Import {
	var out []Import
	for i := 0; i < len(text); i++ {
		if text[i] != '.' {
			continue
		}
		j := i
		for j > 0 && isWord(text[j-1]) {
			j--
		}
		name := text[j:i]
		path := known[name]
		if name == "pgtype" {
			path = "github.com/jackc/pgtype"
			if t == PGX5 {
				path = "github.com/jackc/pgx/v5/pgtype"
			}
		}
		if path == "" {
			continue
		}
		imp := Import{Path: path}
		if strings.Contains(path, ".") {
			imp.Group = 1
		}
		if !contains(out, imp) {
			out = append(out, imp)
		}
	}
	return out
}

func contains(list []Import, i Import) bool {
	for _, x := range list {
		if x == i {
			return true
		}
	}
	return false
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
