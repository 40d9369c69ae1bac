package breaks

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/migrate/hazard"
)

// Order proposes in which order a migration and a deployment go, line by line: what the application that runs can live with comes
// first, then the application, then what only the new one can live with. broken and early tell whether queries of the deployed
// version break and whether those of the coming one wait for the migration.
func Order(statements []hazard.Statement, broken, early bool) []string {
	switch {
	case !broken && early:
		return []string{"run the migration, then deploy: no deployed query breaks"}
	case broken && !early:
		return []string{"deploy the version to come first, then run the migration: its queries need nothing of it"}
	case !broken:
		return nil
	}
	var expand, contract []string
	for _, s := range statements {
		line := s.At.Text()
		if first, last, ok := apart(s.Tree); ok {
			expand, contract = append(expand, first), append(contract, last)
		} else if Contracts(s.Tree) {
			contract = append(contract, line)
		} else {
			expand = append(expand, line)
		}
	}
	out := []string{"neither order works as it is: split the migration"}
	step := func(title string, lines []string) {
		out = append(out, title)
		for _, l := range lines {
			out = append(out, "    "+l)
		}
	}
	if len(expand) > 0 {
		step("1. expand, while the old version runs:", expand)
	} else {
		out = append(out, "1. expand, while the old version runs: add what the new queries need beside what the old ones use, and keep both the same")
	}
	out = append(out, "2. deploy the new version")
	step("3. contract, once nobody runs the old version:", contract)
	return out
}

// apart is a rename as the two steps that it has to be while both versions run. MySQL's is an action of ALTER TABLE.
func apart(tree ir.Statement) (expand, contract string, ok bool) {
	switch n := tree.(type) {
	case *ir.Rename:
		if n.Column != nil && n.Kind != ir.ObjTable && n.Kind != ir.ObjColumn || len(n.Also) > 0 {
			return "", "", false
		}
		if n.Column != nil {
			expand, contract = columnApart(n.Object.Last(), n.Column.Name, n.New.Last())
		} else {
			expand, contract = tableApart(n.Object.Last(), n.New.Last())
		}
		return expand, contract, true
	case *ir.AlterTable:
		if len(n.Actions) != 1 {
			return "", "", false
		}
		switch a := &n.Actions[0]; {
		case a.Kind == ir.RenameColumn:
			expand, contract = columnApart(n.Name.Last(), a.Column.Name, a.New.Name)
			return expand, contract, true
		case a.Kind == ir.ModifyColumn && a.Def != nil && !strings.EqualFold(a.Def.Name.Name, a.Column.Name):
			expand, contract = columnApart(n.Name.Last(), a.Column.Name, a.Def.Name.Name)
			return expand, contract, true
		case a.Kind == ir.RenameTable && a.NewTable != nil:
			expand, contract = tableApart(n.Name.Last(), a.NewTable.Last())
			return expand, contract, true
		}
	}
	return "", "", false
}

func columnApart(table, old, now string) (expand, contract string) {
	return "add " + table + "." + now + " beside " + table + "." + old + ", fill it, and keep both the same with a trigger", "drop the trigger and " + table + "." + old
}

func tableApart(old, now string) (expand, contract string) {
	return "CREATE VIEW " + now + " AS SELECT * FROM " + old, "in one transaction: drop the view " + now + ", and rename " + old
}

// Contracts tells whether a statement takes something away that a running version may use.
func Contracts(tree ir.Statement) bool {
	switch n := tree.(type) {
	case *ir.Drop, *ir.Rename, *ir.SetSchema:
		return true
	case *ir.AlterEnum:
		return n.Rename != ""
	case *ir.AlterTable:
		for i := range n.Actions {
			switch a := &n.Actions[i]; a.Kind {
			case ir.DropColumn, ir.AlterType, ir.SetNotNull, ir.DropNotNull, ir.ModifyColumn, ir.RenameColumn, ir.RenameTable, ir.DropDefault, ir.ConvertCharset:
				return true
			case ir.AddColumn:
				if needsValue(a.Def) {
					return true
				}
			case ir.AddConstraint:
				return true
			}
		}
	}
	return false
}

// needsValue tells whether an INSERT that does not name the column fails.
func needsValue(d *ir.ColumnDef) bool {
	notNull, filled := false, false
	for _, k := range d.Constraints {
		switch k.Kind {
		case ir.NotNull, ir.PrimaryKey:
			notNull = true
		case ir.DefaultValue, ir.Identity, ir.Generated:
			filled = true
		}
	}
	return notNull && !filled
}
