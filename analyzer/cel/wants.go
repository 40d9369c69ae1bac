package cel

import (
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
)

// wants is what an expression asks for beyond sqlc's query and config.
type wants struct {
	known, schema, plan, server bool
}

// ownFields are the fields by message that sqlc does not have.
var ownFields = func() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, m := range own {
		fields := map[string]bool{}
		for _, f := range m.Fields {
			fields[f.Name] = true
		}
		out["vet."+m.Name] = fields
	}
	return out
}()

func wanted(a *ast.AST) (w wants) {
	ast.PreOrderVisit(a.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch t := a.GetType(e.ID()); {
		case e.Kind() == ast.IdentKind && t.Kind() == types.StructKind:
			w.schema = w.schema || t.TypeName() == "vet.Schema"
			w.plan = w.plan || t.TypeName() == "vet.Plan"
			w.server = w.server || t.TypeName() == "vet.PostgreSQL" || t.TypeName() == "vet.MySQL"
		case e.Kind() == ast.SelectKind:
			s := e.AsSelect()
			w.known = w.known || ownFields[a.GetType(s.Operand().ID()).TypeName()][s.FieldName()]
		}
	}))
	return w
}
