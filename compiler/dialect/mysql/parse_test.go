package mysql

import (
	"reflect"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// statements cuts a text as the compiler does.
func statements(t testing.TB, name, text string, mode token.Mode) []*token.Statement {
	t.Helper()
	list, diags := token.Split(source.NewFile(name, text), token.MySQL, mode)
	for _, d := range diags {
		if d.Severity == diag.Error {
			t.Error(d.Error())
		}
	}
	return list
}

// one cuts a text that is one statement.
func one(t testing.TB, text string) *token.Statement {
	t.Helper()
	list := statements(t, "test.sql", "-- name: Q :exec\n"+text, token.Queries)
	if len(list) != 1 {
		t.Fatalf("%q is %d statements", text, len(list))
	}
	return list[0]
}

var nodeType = reflect.TypeFor[ir.Node]()

// checkSpans holds that every node has a place, that no place is empty, and that a node's
// children stand within it.
func checkSpans(t testing.TB, s *token.Statement, n ir.Node) {
	t.Helper()
	checkNode(t, s, reflect.ValueOf(n), s.Span, "")
}

func checkNode(t testing.TB, s *token.Statement, v reflect.Value, within source.Span, path string) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			checkNode(t, s, v.Elem(), within, path)
		}
		return
	case reflect.Slice:
		for i := range v.Len() {
			checkNode(t, s, v.Index(i), within, path)
		}
		return
	case reflect.Struct:
	default:
		return
	}
	if v.Type() == reflect.TypeFor[source.Span]() || v.Type() == reflect.TypeFor[ir.At]() {
		return
	}
	path += "/" + v.Type().Name()
	if v.Type().Implements(nodeType) && !v.IsZero() {
		at := v.Interface().(ir.Node).Span()
		switch {
		case at.IsZero():
			t.Errorf("%s has no place in\n%s", path, s.Text)
			return
		case at.Len() == 0:
			t.Errorf("%s has an empty place in\n%s", path, s.Text)
		case at.Start < within.Start || at.End > within.End:
			t.Errorf("%s %q is outside of %q in\n%s", path, at.Text(), within.Text(), s.Text)
		}
		within = at
	}
	for i := range v.NumField() {
		checkNode(t, s, v.Field(i), within, path)
	}
}

// lower parses a statement and holds what holds for every statement.
func lower(t testing.TB, s *token.Statement) ir.Statement {
	t.Helper()
	tree, diags := New().Parse(s)
	for _, d := range diags {
		t.Errorf("%s\n%s", d.Error(), s.Text)
	}
	if tree == nil {
		if len(diags) == 0 {
			t.Errorf("neither a tree nor an error:\n%s", s.Text)
		}
		return nil
	}
	checkSpans(t, s, tree)
	params := map[int]bool{}
	ir.Walk(tree, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Param:
			params[n.Ref] = true
			if at := s.At(int(s.Params[n.Ref].Start), int(s.Params[n.Ref].End)); at != n.Pos {
				t.Errorf("parameter %d is at %q, not at %q", n.Ref, n.Pos.Text(), at.Text())
			}
		case *ir.ColumnRef:
			if last := n.Parts[len(n.Parts)-1]; !strings.EqualFold(strings.Trim(last.Pos.Text(), "`"), last.Name) {
				t.Errorf("column %s is at %q in\n%s", last.Name, last.Pos.Text(), s.Text)
			}
		case *ir.TableRef:
			if last := n.Name.Parts[len(n.Name.Parts)-1]; !strings.EqualFold(strings.Trim(last.Pos.Text(), "`"), last.Name) {
				t.Errorf("table %s is at %q in\n%s", last.Name, last.Pos.Text(), s.Text)
			}
		}
		return true
	})
	if len(params) != len(s.Params) {
		t.Errorf("%d of %d parameters are in the tree of\n%s", len(params), len(s.Params), s.Text)
	}
	return tree
}
