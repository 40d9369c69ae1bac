package postgres

import (
	"github.com/covetsql/covetsql/compiler/ir"
	pg "github.com/pganalyze/pg_query_go/v5"
)

func (l *lowerer) definition(n *pg.Node, r rng) ir.Statement     { return nil }
func (l *lowerer) columnDef(d *pg.ColumnDef, r rng) ir.ColumnDef { return ir.ColumnDef{At: l.pos(r)} }
