package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// Nothing says that an engine had nothing to plan: it knows the answer from the statement alone.
type Nothing struct{ Said string }

func (n *Nothing) Error() string { return n.Said }

// readers are how each engine's text is read.
var readers = map[catalog.Engine]func(text []byte) (*Plan, error){
	catalog.PostgreSQL: readPostgres,
	catalog.MySQL:      readMySQL,
	catalog.SQLite:     readSQLite,
}

// Read reads what an engine writes: PostgreSQL EXPLAIN (FORMAT JSON), with or without the list around it; MySQL and MariaDB
// EXPLAIN FORMAT=JSON, in either of MySQL's forms; SQLite the rows of EXPLAIN QUERY PLAN as SQLiteRows.
func Read(e catalog.Engine, text []byte) (*Plan, error) {
	read := readers[e]
	if read == nil {
		return nil, fmt.Errorf("there is no engine %q", e)
	}
	p, err := read(text)
	if err != nil {
		return nil, err
	}
	if deeper(p.Root, deepest) {
		return nil, fmt.Errorf("the plan is nested more than %d deep", deepest)
	}
	p.Engine = e
	p.Cost = p.Root.Cost
	p.Walk(func(n *Node, _ []*Node) { p.Analyzed = p.Analyzed || n.Actual != nil })
	return p, nil
}

// deepest is how deep a plan may be nested; what people write stays far below it.
const deepest = 500

func deeper(n *Node, than int) bool {
	if than == 0 {
		return true
	}
	for _, in := range n.Inputs {
		if deeper(in, than-1) {
			return true
		}
	}
	return false
}

// object is a JSON object of a plan. What is not there, or of another type, reads as nothing: engines leave out what does
// not apply, and write numbers as texts.
type object map[string]any

// decode reads the object that a text is, or the first one of a list.
func decode(text []byte) (object, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("the plan is not JSON: %w", err)
	}
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	o, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("the plan is no JSON object")
	}
	return o, nil
}

func (o object) text(key string) string { s, _ := o[key].(string); return s }

func (o object) yes(key string) bool {
	switch v := o[key].(type) {
	case bool:
		return v
	case json.Number:
		return v != "0"
	}
	return false
}

// number reads a number, or a text that is one.
func (o object) number(key string) float64 {
	var s string
	switch v := o[key].(type) {
	case json.Number:
		s = v.String()
	case string:
		s = v
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || f != f {
		return 0
	}
	return f
}

func (o object) has(key string) bool { _, ok := o[key]; return ok }

func (o object) object(key string) object { m, _ := o[key].(map[string]any); return m }

func (o object) objects(key string) []object {
	list, _ := o[key].([]any)
	var out []object
	for _, v := range list {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func (o object) texts(key string) []string {
	list, _ := o[key].([]any)
	var out []string
	for _, v := range list {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
