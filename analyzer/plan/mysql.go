package plan

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// mysqlAccess are MySQL's and MariaDB's words for how a table is read.
var mysqlAccess = map[string]Kind{
	"ALL": Scan, "index": FullIndex, "range": IndexScan, "ref": IndexScan, "ref_or_null": IndexScan, "fulltext": IndexScan,
	"index_subquery": IndexScan, "eq_ref": Lookup, "const": Lookup, "system": Lookup, "unique_subquery": Lookup, "index_merge": IndexMerge,
	"hash_ALL": Scan, "hash_index": FullIndex, "hash_range": IndexScan, "hash_index_merge": IndexMerge, "NULL": Rows,
}

// layer is a JSON key, and what is done there.
type layer struct {
	key  string
	kind Kind
}

// sets are the objects that hold several queries.
var sets = []layer{{"union_result", Append}, {"recursive_union", Recursive}, {"intersect_result", SetOp}, {"except_result", SetOp}, {"unary_result", Other}}

// layers are the objects that hold what they work on, outermost first where one object has several.
var layers = []layer{
	{"ordering_operation", ""}, {"grouping_operation", Aggregate}, {"duplicates_removal", Distinct}, {"windowing", Window}, {"buffer_result", Materialize},
	{"window_functions_computation", Window}, {"read_sorted_file", ""}, {"filesort", Sort}, {"temporary_table", Materialize}, {"expression_cache", Memoize},
	{"materialization", Materialize}, {"materialized", Materialize}, {"materialized_from_subquery", Materialize}, {"optimized_away", ""},
	{"query_block", ""}, {"insert_from", ""}, {"block-nl-join", ""},
}

func readMySQL(text []byte) (*Plan, error) {
	o, err := decode(text)
	if err != nil {
		return nil, err
	}
	if second := o.object("query_plan"); second != nil {
		return readMySQL2(second)
	}
	block := o.object("query_block")
	if block == nil {
		return nil, errors.New("the plan has no query_block")
	}
	said := block.text("message")
	if t := block.object("table"); t != nil && said == "" && t.text("table_name") == "" {
		said = t.text("message")
	}
	if said != "" {
		return nil, &Nothing{said}
	}
	root := mysqlBlock(block)
	if root == nil {
		root = &Node{Kind: Other}
	}
	if root.Cost == 0 {
		root.Cost = mysqlCost(block)
	}
	return &Plan{Root: root}, nil
}

func mysqlCost(o object) float64 {
	if c := o.object("cost_info"); c != nil {
		return max(c.number("query_cost"), c.number("prefix_cost"), c.number("sort_cost"))
	}
	return o.number("cost")
}

// mysqlBlock reads an object that holds tables, a join, or another layer; nil where it holds none.
func mysqlBlock(o object) *Node {
	n := mysqlInput(o)
	for _, key := range []string{"select_list_subqueries", "having_subqueries", "order_by_subqueries", "group_by_subqueries", "update_value_subqueries",
		"attached_subqueries", "subqueries"} {
		for _, s := range o.objects(key) {
			sub := &Node{Kind: Subplan, PerRow: s.yes("dependent") || s.has("expression_cache")}
			if in := mysqlBlock(s); in != nil {
				sub.Inputs = []*Node{in}
			}
			if n == nil {
				n = &Node{Kind: Other}
			}
			n.Inputs = append(n.Inputs, sub)
		}
	}
	return n
}

func mysqlInput(o object) *Node {
	if list := o.objects("nested_loop"); list != nil {
		return mysqlLoops(list)
	}
	for _, l := range layers {
		if in := o.object(l.key); in != nil && !(l.key == "insert_from" && o.has("table")) {
			return mysqlLayer(l.key, l.kind, in)
		}
	}
	if t := o.object("table"); t != nil {
		return mysqlTable(t, o.object("insert_from"))
	}
	for _, s := range sets {
		u := o.object(s.key)
		if u == nil {
			continue
		}
		n := &Node{Kind: s.kind, Word: s.key}
		for _, s := range u.objects("query_specifications") {
			if in := mysqlBlock(s); in != nil {
				n.Inputs = append(n.Inputs, in)
			}
		}
		if u.yes("using_temporary_table") {
			return &Node{Kind: Materialize, Word: s.key, Inputs: []*Node{n}}
		}
		return n
	}
	if said := o.text("message"); said != "" {
		return &Node{Kind: Rows, Word: said}
	}
	return nil
}

func mysqlLayer(key string, kind Kind, o object) *Node {
	n := mysqlBlock(o)
	wrap := func(k Kind) {
		up := &Node{Kind: k, Word: key, Cost: mysqlCost(o)}
		if n != nil {
			up.Inputs = []*Node{n}
		}
		if s := o.text("sort_key"); k == Sort && s != "" {
			up.Keys = strings.Split(s, ", ")
		}
		n = up
	}
	sorts := o.yes("using_filesort")
	for _, w := range append(o.objects("windows"), o.objects("sorts")...) {
		sorts = sorts || w.yes("using_filesort") || w.has("filesort")
	}
	if o.yes("using_temporary_table") && kind != Materialize {
		wrap(Materialize)
	}
	if sorts {
		wrap(Sort)
	}
	if kind != "" {
		wrap(kind)
	}
	return n
}

// mysqlLoops makes the tree of a list of loops, each inside the one before.
func mysqlLoops(list []object) *Node {
	var flow *Node
	for _, o := range list {
		in, kind := mysqlBlock(o), NestedLoop
		cond := ""
		if b := o.object("block-nl-join"); b != nil {
			cond = b.text("attached_condition")
			if strings.HasPrefix(b.text("join_type"), "BNLH") || strings.HasPrefix(b.text("join_type"), "BKAH") {
				kind = HashJoin
			}
		}
		if in == nil {
			continue
		}
		if t := o.object("table"); t != nil && t.text("using_join_buffer") == "hash join" {
			kind = HashJoin
			if in.Reads() {
				cond, in.Filter = in.Filter, ""
			}
		}
		if flow == nil {
			flow = in
			continue
		}
		flow = &Node{Kind: kind, Word: "nested_loop", Inputs: []*Node{flow, in}, Filter: cond, Cost: max(flow.Cost, in.Cost)}
		if kind == HashJoin {
			flow.Cond, flow.Filter = cond, ""
		}
		if t := o.object("table"); t != nil {
			flow.Rows = t.number("rows_produced_per_join")
		}
	}
	return flow
}

func mysqlTable(o object, from object) *Node {
	word := o.text("access_type")
	n := &Node{
		Kind: mysqlAccess[word], Word: word, Alias: o.text("table_name"), Index: o.text("key"), Covering: o.yes("using_index"),
		Filter: o.text("attached_condition"), Read: max(o.number("rows_examined_per_scan"), o.number("rows")), Cost: mysqlCost(o),
	}
	if said := o.text("message"); n.Alias == "" && said != "" {
		n.Kind, n.Word = Rows, said
	}
	if n.Kind == "" {
		n.Kind = Other
	}
	if strings.HasPrefix(n.Alias, "<") { // <derived2>, <union1,2>, <subquery2>
		n.Kind = Subquery
	}
	if n.Index != "" && n.Kind != FullIndex {
		n.Cond = strings.Join(o.texts("used_key_parts"), ", ")
	}
	if n.Kind == FullIndex && n.Index == "PRIMARY" && !n.Covering {
		n.Kind = Scan // the rows are in the primary key
	}
	n.Rows = n.Read
	if o.has("filtered") {
		n.Rows = n.Read * o.number("filtered") / 100
	}
	if o.has("r_rows") {
		loops := o.number("r_loops")
		read := o.number("r_rows") * loops
		kept := read * o.number("r_filtered") / 100
		n.Actual = &Actual{Rows: kept, Loops: loops, Removed: read - kept}
	}
	for _, key := range []string{"materialized_from_subquery", "materialized"} {
		if m := o.object(key); m != nil {
			n.Kind = Subquery
			n.Inputs = append(n.Inputs, mysqlLayer(key, Materialize, m))
		}
	}
	for _, s := range o.objects("attached_subqueries") {
		sub := &Node{Kind: Subplan, PerRow: s.yes("dependent")}
		if in := mysqlBlock(s); in != nil {
			sub.Inputs = []*Node{in}
		}
		n.Inputs = append(n.Inputs, sub)
	}
	for _, what := range []string{"insert", "update", "delete", "replace"} {
		if !o.yes(what) {
			continue
		}
		up := &Node{Kind: Modify, Word: what, Alias: n.Alias, Cost: n.Cost}
		switch {
		case from != nil:
			if in := mysqlBlock(from); in != nil {
				up.Inputs = []*Node{in}
			}
		case what == "update" || what == "delete":
			up.Inputs = []*Node{n}
		}
		return up
	}
	return n
}

// mysqlAccess2 are the kinds of nodes in MySQL's second form.
var mysqlAccess2 = map[string]Kind{
	"table": Scan, "sort": Sort, "limit": Limit, "aggregate": Aggregate, "temp_table_aggregate": Aggregate, "materialize": Materialize,
	"window": Window, "rows_fetched_before_execution": Rows, "zero_rows": Rows, "count_rows": Count, "insert_values": Modify,
	"scan_new_records": CTEScan, "append": Append, "materialized_table_function": Function, "remove_duplicates": Distinct, "stream": Materialize,
	"constant_row": Lookup, "rowid_union": IndexMerge, "rowid_intersection": IndexMerge, "index_merge": IndexMerge,
}

func readMySQL2(o object) (*Plan, error) {
	if o.text("access_type") == "zero_rows" || o.text("access_type") == "" && len(o.objects("inputs")) == 0 {
		return nil, &Nothing{o.text("operation")}
	}
	return &Plan{Root: mysqlNode2(o)}, nil
}

func mysqlNode2(o object) *Node {
	access := o.text("access_type")
	n := &Node{
		Kind: mysqlAccess2[access], Word: o.text("operation"), Schema: o.text("schema_name"), Table: o.text("table_name"), Alias: o.text("alias"), Index: o.text("index_name"),
		Covering: o.yes("covering"), Cond: o.text("lookup_condition"), Rows: o.number("estimated_rows"), Read: 0,
		Cost: o.number("estimated_total_cost"), Keys: o.texts("sort_fields"),
	}
	if n.Alias == "" {
		n.Alias = n.Table
	}
	switch access {
	case "index":
		n.Kind = IndexScan
		switch by := o.text("index_access_type"); {
		case by == "index_scan":
			n.Kind = FullIndex
		case strings.HasPrefix(n.Word, "Single-row") || strings.HasPrefix(n.Word, "Constant row"):
			n.Kind = Lookup
		case strings.Contains(by, "merge"):
			n.Kind = IndexMerge
		}
		if n.Cond == "" {
			n.Cond = strings.Join(o.texts("ranges"), " OR ")
		}
	case "join":
		n.Kind = NestedLoop
		if o.text("join_algorithm") == "hash" {
			n.Kind, n.Cond = HashJoin, strings.Join(o.texts("hash_condition"), " AND ")
		}
	case "":
		if strings.HasPrefix(n.Word, "Insert into") || strings.HasPrefix(n.Word, "Replace into") {
			n.Kind = Modify
		}
	}
	if n.Kind == "" {
		n.Kind = Other
	}
	if n.Reads() {
		n.Read = n.Rows
	}
	if o.has("actual_loops") {
		loops := o.number("actual_loops")
		n.Actual = &Actual{Rows: o.number("actual_rows") * loops, Loops: loops}
	}
	for _, in := range o.objects("inputs") {
		n.Inputs = append(n.Inputs, mysqlNode2(in))
	}
	for _, key := range slices.Sorted(maps.Keys(o)) {
		if !strings.HasPrefix(key, "inputs_from_") {
			continue
		}
		for _, s := range o.objects(key) {
			n.Inputs = append(n.Inputs, &Node{Kind: Subplan, PerRow: s.yes("dependent"), Word: s.text("heading"), Inputs: []*Node{mysqlNode2(s)}})
		}
	}
	if access == "filter" && len(n.Inputs) > 0 {
		in := n.Inputs[0]
		if in.Filter == "" {
			in.Filter, in.Rows = o.text("condition"), n.Rows
			in.Cost = max(in.Cost, n.Cost)
			in.Inputs = append(in.Inputs, n.Inputs[1:]...)
			return in
		}
		n.Filter = o.text("condition")
	}
	if n.Kind == IndexMerge && len(n.Inputs) > 0 {
		n.Table, n.Alias = n.Inputs[0].Table, n.Inputs[0].Alias
	} else if n.Reads() && len(n.Inputs) > 0 && n.Inputs[0].Kind != Subplan {
		n.Kind = Subquery // it reads what is computed below it
	}
	return n
}
