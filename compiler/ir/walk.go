package ir

import (
	"reflect"
	"sync"
)

// Walk visits n and, where visit returns true for a node, the nodes below it in the order
// of their fields. Nodes held by value (identifiers, select items, constraints …) are
// visited as pointers into the tree. Nil nodes are passed over, and so are zero ones held
// by value: they stand for what is absent.
func Walk(n Node, visit func(Node) bool) {
	v := reflect.ValueOf(n)
	if n == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		return
	}
	if !visit(n) {
		return
	}
	if v.Kind() == reflect.Pointer {
		walkFields(v.Elem(), visit)
		return
	}
	// A node passed by value is copied, so that its parts can be addressed.
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	walkFields(c, visit)
}

// Children lists the nodes directly below n, in the order in which Walk visits them.
func Children(n Node) []Node {
	var out []Node
	top := true
	Walk(n, func(c Node) bool {
		if top {
			top = false
			return true
		}
		out = append(out, c)
		return false
	})
	return out
}

var (
	nodeType = reflect.TypeFor[Node]()
	atType   = reflect.TypeFor[At]()
	plans    sync.Map // reflect.Type of a struct -> []int: its fields that can hold nodes
)

// plan lists the fields of t that can hold nodes.
func plan(t reflect.Type) []int {
	if p, ok := plans.Load(t); ok {
		return p.([]int)
	}
	var p []int
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Type != atType && holdsNodes(f.Type) {
			p = append(p, i)
		}
	}
	plans.Store(t, p)
	return p
}

func holdsNodes(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Pointer:
		return holdsNodes(t.Elem())
	case reflect.Struct:
		if t.Implements(nodeType) {
			return true
		}
		for i := range t.NumField() {
			if t.Field(i).Type != t && holdsNodes(t.Field(i).Type) {
				return true
			}
		}
		return false
	case reflect.Interface:
		return t.Implements(nodeType)
	}
	return false
}

func walkFields(v reflect.Value, visit func(Node) bool) {
	for _, i := range plan(v.Type()) {
		walkValue(v.Field(i), visit)
	}
}

func walkValue(v reflect.Value, visit func(Node) bool) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			walkValue(v.Elem(), visit)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			walkValue(v.Elem(), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walkValue(v.Index(i), visit)
		}
	case reflect.Struct:
		if v.CanAddr() {
			if n, ok := v.Addr().Interface().(Node); ok {
				if n.Span().IsZero() && v.IsZero() {
					return
				}
				if visit(n) {
					walkFields(v, visit)
				}
				return
			}
		}
		walkFields(v, visit)
	}
}
