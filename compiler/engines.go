package compiler

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	"github.com/covetsql/covetsql/compiler/dialect/postgres"
	"github.com/covetsql/covetsql/compiler/dialect/sqlite"
)

var dialects = map[catalog.Engine]dialect.Dialect{
	catalog.PostgreSQL: postgres.New(),
	catalog.MySQL:      mysql.New(),
	catalog.SQLite:     sqlite.New(),
}

// dialectOf finds the dialect of an engine, nil where there is none.
func dialectOf(e catalog.Engine) dialect.Dialect { return dialects[e] }
