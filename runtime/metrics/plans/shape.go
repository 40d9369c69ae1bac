// Package plans tells when a server begins to run a query by another plan: another index, another join, a sort that was none before. A plan
// is reduced to its shape, that is its operators, tables and indexes, without costs, counts and constants; two plans are the same if
// their shapes are.
//
// Where the plans come from is the engine's matter (Options.Explain): EXPLAIN (FORMAT JSON) of PostgreSQL, EXPLAIN FORMAT=JSON of MySQL
// (both of its versions) and MariaDB, the rows of SQLite's EXPLAIN QUERY PLAN as SQLite writes them.
package plans

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Shape is a plan's shape as text: an operator a line, its inputs indented under it.
type Shape string

// Of reduces what an engine ("postgresql", "mysql", "mariadb", "sqlite") writes of a plan.
func Of(engine, text string) (Shape, error) {
	var n *node
	var err error
	switch engine {
	case "postgresql":
		n, err = readPostgres(text)
	case "mysql", "mariadb":
		n, err = readMySQL(text)
	case "sqlite":
		n, err = readSQLite(text)
	default:
		return "", fmt.Errorf("covetsql: plans of %q can't be read: it is none of postgresql, mysql, mariadb, sqlite", engine)
	}
	if err != nil {
		return "", fmt.Errorf("covetsql: a plan of %s can't be read: %w", engine, err)
	}
	var b strings.Builder
	n.write(&b, 0)
	return Shape(b.String()), nil
}

// node is an operator.
type node struct {
	what   string
	inputs []*node
}

func (n *node) write(b *strings.Builder, depth int) {
	b.WriteString(strings.Repeat("  ", depth) + n.what + "\n")
	for _, in := range n.inputs {
		in.write(b, depth+1)
	}
}

func (n *node) text() string {
	var b strings.Builder
	n.write(&b, 0)
	return b.String()
}

// deepest is how deep a plan may be nested; what people write stays far below it.
const deepest = 500

var errDeep = fmt.Errorf("it is nested more than %d deep", deepest)

type object = map[string]any

// decode reads the object that a text is, or the first one of a list.
func decode(text string) (object, error) {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("it is not JSON: %w", err)
	}
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	o, ok := v.(object)
	if !ok {
		return nil, errors.New("it is no JSON object")
	}
	return o, nil
}

// words of a node of PostgreSQL that belong to its shape, with what stands before them. Source: ExplainNode in explain.c; manual, 14.1.
var words = []struct{ key, before string }{
	{"Strategy", ""}, {"Partial Mode", ""}, {"Operation", ""}, {"Command", ""}, {"Join Type", ""}, {"Scan Direction", ""},
	{"Subplan Name", "as "}, {"CTE Name", "of "}, {"Function Name", "of "}, {"Relation Name", "on "}, {"Index Name", "using "},
}

// plain are words that go without saying.
var plain = map[string]bool{"Inner": true, "Forward": true, "Simple": true, "Plain": true}

// conditions of a node are told by being there, as their text has constants.
var conditions = []struct{ key, name string }{
	{"Index Cond", "index condition"}, {"TID Cond", "TID condition"}, {"Join Filter", "join filter"}, {"Filter", "filter"}, {"One-Time Filter", "one-time filter"},
}

func readPostgres(text string) (*node, error) {
	o, err := decode(text)
	if err != nil {
		return nil, err
	}
	top, ok := o["Plan"].(object)
	if !ok {
		return nil, errors.New("it has no Plan: is it EXPLAIN (FORMAT JSON)?")
	}
	return postgresNode(top, false, "", 0)
}

// part is the alias of a partition: that of the table and a number.
var part = regexp.MustCompile(`^(.+)_\d+$`)

// postgresNode reads a node; appended tells that it is an input of an Append, of the table whose partition its index is read for.
func postgresNode(o object, appended bool, of string, depth int) (*node, error) {
	if depth > deepest {
		return nil, errDeep
	}
	kind, _ := o["Node Type"].(string)
	if kind == "" {
		return nil, errors.New("a node has no type")
	}
	appends := kind == "Append" || kind == "Merge Append"
	n := &node{what: kind}
	if o["Parallel Aware"] == true {
		n.what = "Parallel " + n.what
	}
	// A partition is told by its table's alias, as arguments decide which partitions there are.
	alias, _ := o["Alias"].(string)
	if m := part.FindStringSubmatch(alias); m != nil && appended && alias != o["Relation Name"] {
		of = m[1]
	}
	for _, w := range words {
		v, _ := o[w.key].(string)
		switch {
		case v == "" || plain[v]:
			continue
		case of != "" && w.key == "Relation Name":
			v = "partitions of " + of
		case of != "" && w.key == "Index Name":
			v = "their index"
		}
		n.what += " " + w.before + v
	}
	for _, c := range conditions {
		if o[c.key] != nil {
			n.what += ", " + c.name
		}
	}
	for _, key := range []string{"Sort Key", "Group Key", "Presorted Key"} {
		if list, ok := o[key].([]any); ok {
			n.what += fmt.Sprintf(", %s of %d", strings.ToLower(key), len(list))
		}
	}
	inner := ""
	if strings.HasPrefix(kind, "Bitmap") { // what reads the index is under what reads the table
		inner = of
	}
	list, _ := o["Plans"].([]any)
	for _, v := range list {
		in, ok := v.(object)
		if !ok {
			return nil, errors.New("an input is no JSON object")
		}
		child, err := postgresNode(in, appends, inner, depth+1)
		if err != nil {
			return nil, err
		}
		n.inputs = append(n.inputs, child)
	}
	if appends { // partitions that are read alike are one
		seen := map[string]bool{}
		n.inputs = slices.DeleteFunc(n.inputs, func(in *node) bool {
			text := in.text()
			again := seen[text]
			seen[text] = true
			return again
		})
	}
	return n, nil
}

// marks of MySQL's and MariaDB's objects that belong to the shape. Source: MySQL manual, 10.8.2 "EXPLAIN Output Format"; MariaDB
// "EXPLAIN FORMAT=JSON".
var marks = []string{"select_type", "join_type", "join_algorithm", "table_name", "access_type", "index_access_type", "key", "index_name", "key_length", "used_key_parts",
	"covering", "using_index", "using_index_condition", "using_index_for_group_by", "using_join_buffer", "join_buffer", "using_filesort", "using_temporary_table",
	"using_MRR", "not_exists", "first_match", "dependent", "cacheable", "message", "union", "distinct", "backward_scan", "reverse", "row_ordering", "materialize",
	"recursive", "deduplicate", "deduplication", "group_by", "subquery", "semijoin_strategy", "sort_index", "index_range_merge_strategy", "insert", "update", "delete"}

// operators are objects that stand for what is done even if nothing of them is known.
var operators = map[string]bool{"filesort": true, "temporary_table": true, "ordering_operation": true, "grouping_operation": true, "duplicates_removal": true,
	"windowing": true, "materialized": true, "materialized_from_subquery": true, "union_result": true, "recursive_union": true, "block-nl-join": true,
	"buffer_result": true, "duplicate_removal": true, "first_match": true, "window_functions_computation": true}

// costs are members that are never of the shape.
var costs = map[string]bool{"cost_info": true, "ref": true, "possible_keys": true, "used_columns": true, "ranges": true, "partitions": true, "query_plan": true,
	"optimization": true, "query_optimization": true, "lookup_references": true, "filter_columns": true}

func readMySQL(text string) (*node, error) {
	o, err := decode(text)
	if err != nil {
		return nil, err
	}
	for _, top := range []string{"query_block", "query_plan"} {
		if in, ok := o[top].(object); ok {
			n, err := mysqlNode("query", in, 0)
			if err == nil && n.what == "query" && len(n.inputs) == 0 {
				return nil, errors.New("it says nothing: of an UPDATE or DELETE MySQL tells in the first version of its format alone (explain_json_format_version = 1)")
			}
			return n, err
		}
	}
	if _, ok := o["operation"]; ok { // MySQL's version 2 has the topmost operator itself
		return mysqlNode("query", o, 0)
	}
	return nil, errors.New("it has no query_block: is it EXPLAIN FORMAT=JSON?")
}

func mysqlNode(name string, o object, depth int) (*node, error) {
	if depth > deepest {
		return nil, errDeep
	}
	n := &node{what: name}
	if name == "inputs" {
		n.what = "of"
	}
	known := operators[name] || depth == 0
	for _, m := range marks {
		switch v := o[m].(type) {
		case string:
			n.what += " " + m + "=" + v
			known = true
		case bool:
			if v {
				n.what += " " + m
			}
			known = true
		case json.Number:
			if m != "key_length" && v.String() != "0" {
				n.what += " " + m
			}
		case []any:
			if m == "used_key_parts" {
				n.what += fmt.Sprintf(" %s=%v", m, v)
			}
		}
	}
	for _, key := range members(o) {
		if costs[key] || strings.HasPrefix(key, "r_") {
			continue
		}
		list, ok := o[key].([]any)
		if !ok {
			list = []any{o[key]}
		}
		for _, v := range list {
			in, ok := v.(object)
			if !ok {
				continue
			}
			child, err := mysqlNode(key, in, depth+1)
			if err != nil {
				return nil, err
			}
			if child != nil {
				n.inputs = append(n.inputs, child)
			}
		}
	}
	switch {
	case !known && len(n.inputs) == 0:
		return nil, nil
	case !known && len(n.inputs) == 1 && (name == "nested_loop" || strings.HasPrefix(name, "inputs")):
		return n.inputs[0], nil
	}
	return n, nil
}

// members are an object's keys in order; what is put into an operator before what it puts out is a matter of lists, whose order stays.
func members(o object) []string {
	var keys []string
	for key := range o {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// readSQLite reads rows of EXPLAIN QUERY PLAN as JSON: [{"id": …, "parent": …, "detail": "…"}, …]. Their texts have no constants.
func readSQLite(text string) (*node, error) {
	var rows []struct {
		ID     int    `json:"id"`
		Parent int    `json:"parent"`
		Detail string `json:"detail"`
	}
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return nil, fmt.Errorf("it is not JSON: %w", err)
	}
	top := &node{what: "query"}
	nodes, depth := map[int]*node{0: top}, map[int]int{}
	for _, r := range rows {
		above := nodes[r.Parent]
		if above == nil || nodes[r.ID] != nil {
			return nil, fmt.Errorf("row %d stands under %d, which is not there, or stands there twice", r.ID, r.Parent)
		}
		if depth[r.ID] = depth[r.Parent] + 1; depth[r.ID] > deepest {
			return nil, errDeep
		}
		n := &node{what: r.Detail}
		nodes[r.ID] = n
		above.inputs = append(above.inputs, n)
	}
	return top, nil
}
