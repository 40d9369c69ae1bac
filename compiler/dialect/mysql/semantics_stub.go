package mysql

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
)

func (*Dialect) Semantics(in *catalog.Snapshot) dialect.Semantics { return nil }
func (*Dialect) NewSnapshot() *catalog.Snapshot                   { return &catalog.Snapshot{Engine: catalog.MySQL} }
