package plan

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// SQLiteRow is a row of EXPLAIN QUERY PLAN.
type SQLiteRow struct {
	ID     int    `json:"id"`
	Parent int    `json:"parent"`
	Detail string `json:"detail"`
}

// readSQLite reads rows as JSON.
func readSQLite(text []byte) (*Plan, error) {
	var rows []SQLiteRow
	if err := json.Unmarshal(text, &rows); err != nil {
		return nil, fmt.Errorf("the plan is not JSON: %w", err)
	}
	nodes := map[int]*Node{}
	under := map[int][]*Node{}
	for _, r := range rows {
		n := sqliteNode(r.Detail)
		if _, again := nodes[r.ID]; again || r.ID == 0 || r.Parent == r.ID {
			return nil, fmt.Errorf("the plan has the row %d twice", r.ID)
		}
		if _, known := nodes[r.Parent]; r.Parent != 0 && !known {
			return nil, fmt.Errorf("the plan has no row %d", r.Parent)
		}
		nodes[r.ID] = n
		under[r.Parent] = append(under[r.Parent], n)
	}
	for _, r := range rows {
		if in := arrange(under[r.ID]); len(in) > 0 {
			nodes[r.ID].Inputs = append(in, nodes[r.ID].Inputs...)
		}
	}
	computed := map[string]bool{}
	for _, n := range nodes {
		if n.Kind == CTE || n.Kind == Subquery {
			computed[n.Alias] = true
		}
	}
	for _, n := range nodes {
		if n.Kind == Scan && computed[n.Alias] {
			n.Kind = CTEScan
		}
	}
	for _, n := range nodes { // what joins several indexes is called as what they read
		for in := n; n.Kind == IndexMerge && n.Called() == "" && len(in.Inputs) > 0; {
			in = in.Inputs[0]
			n.Table, n.Alias = in.Table, in.Alias
		}
	}
	top := arrange(under[0])
	switch len(top) {
	case 0:
		return &Plan{Root: &Node{Kind: Rows}}, nil
	case 1:
		return &Plan{Root: top[0]}, nil
	}
	return &Plan{Root: &Node{Kind: Other, Inputs: top}}, nil
}

// arrange makes a tree of the rows of one level, which SQLite lists in the order in which they are begun: tables are the loops
// of a join, each inside the one before, and subqueries stand behind the loop that runs them; what is sorted or gathered comes
// last and holds all before it.
func arrange(list []*Node) []*Node {
	var flow *Node // what the loops so far give
	var beside []*Node
	for _, n := range list {
		switch {
		case n.Reads() || n.Kind == CTEScan || n.Kind == Function || n.Kind == Rows:
			if flow != nil {
				flow = &Node{Kind: NestedLoop, Inputs: []*Node{flow, n}}
			} else {
				flow = n
			}
		case n.Word == "temp b-tree" && flow != nil:
			n.Inputs = []*Node{flow}
			flow = n
		case n.Kind == Subplan && flow != nil:
			flow.Inputs = append(flow.Inputs, n)
		default:
			beside = append(beside, n)
		}
	}
	if flow == nil {
		return beside
	}
	if len(beside) == 0 {
		return []*Node{flow}
	}
	return append(beside, flow)
}

var (
	sqliteRead = regexp.MustCompile(`^(SCAN|SEARCH)( TABLE| SUBQUERY)? (.*?)(?: AS (\S+))?(?: USING (.*?))?( LEFT-JOIN)?$`)
	sqliteUse  = regexp.MustCompile(`^(AUTOMATIC )?(?:PARTIAL )?(COVERING )?(?:INDEX ([^\s(]\S*)|INDEX|(INTEGER PRIMARY KEY|PRIMARY KEY|ROWID))?(?: \((.*)\))?(.*)$`)
	sqliteTemp = regexp.MustCompile(`USE TEMP B-TREE FOR (.*)$`)
)

// sqliteNode reads one line.
func sqliteNode(detail string) *Node {
	n := &Node{Word: detail, Kind: Other}
	starts := func(prefix string) bool { return strings.HasPrefix(detail, prefix) }
	switch {
	case starts("SCAN CONSTANT ROW"), starts("SCAN ") && strings.HasSuffix(detail, " CONSTANT ROWS"), starts("SCAN ") && strings.HasSuffix(detail, "-ROW VALUES CLAUSE"):
		n.Kind = Rows
	case starts("SCAN ") || starts("SEARCH "):
		sqliteAccess(n, detail)
	case sqliteTemp.MatchString(detail):
		n.Word = "temp b-tree"
		switch what := sqliteTemp.FindStringSubmatch(detail)[1]; {
		case strings.HasSuffix(what, "ORDER BY"):
			n.Kind = Sort
		case strings.HasPrefix(what, "GROUP BY"):
			n.Kind = Aggregate
		case strings.HasPrefix(what, "DISTINCT"):
			n.Kind = Distinct
		default:
			n.Kind = Materialize
		}
	case starts("CORRELATED "):
		n.Kind, n.PerRow = Subplan, true
	case starts("SCALAR SUBQUERY"), starts("LIST SUBQUERY"), starts("EXECUTE "), starts("REUSE LIST SUBQUERY"):
		n.Kind, n.PerRow = Subplan, starts("EXECUTE CORRELATED")
	case starts("MATERIALIZE "):
		n.Kind, n.Alias = CTE, strings.TrimPrefix(detail, "MATERIALIZE ")
	case starts("CO-ROUTINE "):
		n.Kind, n.Alias = Subquery, strings.TrimPrefix(detail, "CO-ROUTINE ")
	case starts("MULTI-INDEX OR"):
		n.Kind = IndexMerge
	case starts("COMPOUND QUERY"):
		n.Kind = Append
	case starts("MERGE ("), starts("UNION"), starts("EXCEPT"), starts("INTERSECT"):
		n.Kind = SetOp
	case starts("RECURSIVE STEP"):
		n.Kind = Recursive
	}
	return n
}

func sqliteAccess(n *Node, detail string) {
	if name, _, ok := strings.Cut(detail, " VIRTUAL TABLE INDEX "); ok {
		n.Kind, n.Alias = Function, strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(name, "SCAN "), "SEARCH "), "TABLE ")
		return
	}
	m := sqliteRead.FindStringSubmatch(detail)
	if m == nil {
		return
	}
	name, alias, using := m[3], m[4], m[5]
	if m[2] == " TABLE" {
		n.Table = name
	} else {
		n.Alias = name
	}
	if alias != "" {
		n.Table, n.Alias = name, alias
	}
	n.Kind = Scan
	if using == "" || strings.HasPrefix(n.Alias, "(") {
		return
	}
	u := sqliteUse.FindStringSubmatch(using)
	if u == nil {
		return
	}
	n.Covering, n.Index, n.Cond = u[2] != "", u[3], u[5]
	switch {
	case u[1] != "":
		n.Kind = AutoIndex
	case u[4] != "" && !strings.Contains(n.Cond, ">") && !strings.Contains(n.Cond, "<"):
		n.Kind = Lookup
	case m[1] == "SEARCH":
		n.Kind = IndexScan
	default:
		n.Kind = FullIndex
	}
}
