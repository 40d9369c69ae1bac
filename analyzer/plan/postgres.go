package plan

import (
	"errors"
	"strings"
)

// postgresKinds are what the nodes of PostgreSQL do; one that is not here is Other.
var postgresKinds = map[string]Kind{
	"Seq Scan": Scan, "Index Scan": IndexScan, "Index Only Scan": IndexScan, "Bitmap Heap Scan": Bitmap, "Bitmap Index Scan": BitmapIndex,
	"BitmapOr": IndexMerge, "BitmapAnd": IndexMerge, "Tid Scan": Lookup, "Tid Range Scan": IndexScan, "Sample Scan": Scan,
	"Nested Loop": NestedLoop, "Hash Join": HashJoin, "Merge Join": MergeJoin,
	"Sort": Sort, "Incremental Sort": Sort, "Materialize": Materialize, "Memoize": Memoize,
	"Aggregate": Aggregate, "GroupAggregate": Aggregate, "Group": Aggregate, "Unique": Distinct, "WindowAgg": Window, "Limit": Limit,
	"Append": Append, "Merge Append": Append, "SetOp": SetOp, "Recursive Union": Recursive, "WorkTable Scan": CTEScan,
	"CTE Scan": CTEScan, "Subquery Scan": Subquery, "Function Scan": Function, "Table Function Scan": Function, "Values Scan": Rows,
	"Result": Rows, "ModifyTable": Modify,
}

// through are the nodes that hand on what is below them: the one input stands for them.
var through = map[string]bool{"Hash": true, "Gather": true, "Gather Merge": true, "LockRows": true, "ProjectSet": true}

func readPostgres(text []byte) (*Plan, error) {
	o, err := decode(text)
	if err != nil {
		return nil, err
	}
	root := o.object("Plan")
	if root == nil {
		return nil, errors.New("the plan has no Plan")
	}
	return &Plan{Root: postgresNode(root, 1)}, nil
}

// postgresNode reads a node; share is by how many processes its rows are divided.
func postgresNode(o object, share float64) *Node {
	word := o.text("Node Type")
	below := o.objects("Plans")
	if through[word] && len(below) == 1 {
		if w := o.number("Workers Planned"); w > 0 {
			share = w + max(0, 1-0.3*w) // the process that asked does its part too, the less the more others there are
		}
		n := postgresNode(below[0], share)
		if word == "Hash" {
			measured(n, o)
		}
		return n
	}
	n := &Node{
		Kind: postgresKinds[word], Word: word, Schema: o.text("Schema"), Table: o.text("Relation Name"), Alias: o.text("Alias"), Index: o.text("Index Name"),
		Covering: word == "Index Only Scan", Rows: o.number("Plan Rows") * share, Cost: o.number("Total Cost"),
	}
	if n.Kind == "" {
		n.Kind = Other
	}
	if share > 1 && !o.yes("Parallel Aware") && n.Kind != NestedLoop && n.Kind != HashJoin && n.Kind != MergeJoin {
		n.Rows = o.number("Plan Rows")
	}
	n.Cond = first(o, "Index Cond", "Recheck Cond", "Hash Cond", "Merge Cond", "TID Cond", "Cache Key")
	n.Filter = both(o.text("Filter"), o.text("Join Filter"))
	n.Keys = o.texts("Sort Key")
	if n.Keys == nil {
		n.Keys = o.texts("Group Key")
	}
	if n.Kind == IndexScan && n.Cond == "" {
		n.Kind = FullIndex
		if order := o.text("Order By"); order != "" { // the nearest first, which an index finds as it goes
			n.Kind, n.Cond = IndexScan, order
		}
	}
	if o.has("Actual Loops") {
		loops := o.number("Actual Loops")
		n.Actual = &Actual{
			Rows: o.number("Actual Rows") * loops, Loops: loops, Exact: o.number("Exact Heap Blocks"), Lossy: o.number("Lossy Heap Blocks"),
			Removed: (o.number("Rows Removed by Filter") + o.number("Rows Removed by Join Filter")) * loops,
		}
		measured(n, o)
	}
	shown := n.Filter + " " + strings.Join(o.texts("Output"), " ") + n.Cond
	for _, b := range below {
		in := postgresNode(b, share)
		name := b.text("Subplan Name")
		wrap := &Node{Word: name, Rows: in.Rows, Cost: in.Cost, Inputs: []*Node{in}}
		switch relation := b.text("Parent Relationship"); {
		case strings.HasPrefix(name, "CTE "):
			wrap.Kind, wrap.Alias = CTE, strings.TrimPrefix(name, "CTE ")
		case relation == "InitPlan":
			wrap.Kind = Subplan
		case relation == "SubPlan":
			wrap.Kind, wrap.PerRow = Subplan, !strings.Contains(shown, "hashed "+name)
		default:
			wrap = in
		}
		n.Inputs = append(n.Inputs, wrap)
	}
	if n.Kind == Bitmap && len(n.Inputs) == 1 && n.Inputs[0].Kind == BitmapIndex {
		n.Index, n.Inputs = n.Inputs[0].Index, nil
	}
	if n.Kind == Rows {
		if len(n.Inputs) > 0 {
			n.Kind = Other
		}
		if o.text("One-Time Filter") == "false" {
			n.Word = "nothing"
		}
	}
	return n
}

// measured adds what a sort or a hash needed to the node that it belongs to.
func measured(n *Node, o object) {
	if n.Actual == nil {
		return
	}
	a := n.Actual
	if o.text("Sort Space Type") == "Disk" {
		a.Disk += o.number("Sort Space Used")
	}
	a.Disk += o.number("Disk Usage")
	a.Batches = max(a.Batches, o.number("Hash Batches"), o.number("HashAgg Batches"))
}

func first(o object, keys ...string) string {
	for _, k := range keys {
		if s := o.text(k); s != "" {
			return s
		}
	}
	return ""
}

func both(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " AND " + b
}
