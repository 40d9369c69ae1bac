package cel

// What covetsql knows of queries, tables and plans, as rules see it. The JSON names are the fields' names in rules; docs/vet.md
// lists them, and a test holds the list.

// own are the messages of covetsql's own, beside sqlc's. Their fields of sqlc's messages stand behind sqlc's.
var own = []message{
	{"Parameter", []field{{Name: "name", Type: text}, {Name: "type", Type: text}, {Name: "nullable", Type: yes}, {Name: "list", Type: yes},
		{Name: "table", Type: text}, {Name: "column", Type: text}}},
	{"Query", []field{
		{Name: "kind", Type: text}, {Name: "rows", Type: "Rows"}, {Name: "reads", Type: text, Of: repeated}, {Name: "writes", Type: text, Of: repeated},
		{Name: "locks", Type: yes}, {Name: "deterministic", Type: yes}, {Name: "star", Type: yes},
		{Name: "columns", Type: "ResultColumn", Of: repeated}, {Name: "tables", Type: "Use", Of: repeated}, {Name: "joins", Type: "Join", Of: repeated},
		{Name: "predicates", Type: "Predicate", Of: repeated}, {Name: "sets", Type: "Set", Of: repeated}, {Name: "order_by", Type: "Order", Of: repeated},
		{Name: "limit", Type: "Limit"}, {Name: "comments", Type: text, Of: repeated}, {Name: "file", Type: text},
	}},
	{"Rows", []field{{Name: "min", Type: long}, {Name: "max", Type: long}}},
	{"ResultColumn", []field{{Name: "name", Type: text}, {Name: "type", Type: text}, {Name: "nullable", Type: yes}, {Name: "table", Type: text}, {Name: "source", Type: text}}},
	{"Use", []field{{Name: "name", Type: text}, {Name: "schema", Type: text}, {Name: "alias", Type: text}}},
	{"Join", []field{{Name: "kind", Type: text}, {Name: "table", Type: text}, {Name: "condition", Type: text}}},
	{"Predicate", []field{{Name: "table", Type: text}, {Name: "alias", Type: text}, {Name: "column", Type: text}, {Name: "operator", Type: text},
		{Name: "with", Type: text}, {Name: "param", Type: long}, {Name: "value", Type: text}, {Name: "clause", Type: text}, {Name: "always", Type: yes}}},
	{"Set", []field{{Name: "table", Type: text}, {Name: "column", Type: text}}},
	{"Order", []field{{Name: "table", Type: text}, {Name: "column", Type: text}, {Name: "desc", Type: yes}, {Name: "text", Type: text}}},
	{"Limit", []field{{Name: "count", Type: long}, {Name: "param", Type: long}}},

	{"Schema", []field{{Name: "tables", Type: "Table", Of: repeated}}},
	{"Table", []field{
		{Name: "name", Type: text}, {Name: "schema", Type: text}, {Name: "kind", Type: text}, {Name: "comment", Type: text},
		{Name: "columns", Type: "Column", Of: repeated}, {Name: "primary_key", Type: text, Of: repeated}, {Name: "keys", Type: "Key", Of: repeated},
		{Name: "indexes", Type: "Index", Of: repeated}, {Name: "foreign_keys", Type: "ForeignKey", Of: repeated},
	}},
	{"Column", []field{{Name: "name", Type: text}, {Name: "type", Type: text}, {Name: "nullable", Type: yes}, {Name: "default", Type: text},
		{Name: "generated", Type: yes}, {Name: "comment", Type: text}}},
	{"Key", []field{{Name: "columns", Type: text, Of: repeated}}},
	{"Index", []field{{Name: "name", Type: text}, {Name: "columns", Type: text, Of: repeated}, {Name: "unique", Type: yes}, {Name: "where", Type: text}}},
	{"ForeignKey", []field{{Name: "columns", Type: text, Of: repeated}, {Name: "table", Type: text}, {Name: "references", Type: text, Of: repeated}, {Name: "on_delete", Type: text}}},

	{"Plan", []field{{Name: "cost", Type: double}, {Name: "nodes", Type: "Node", Of: repeated}}},
	{"Node", []field{{Name: "kind", Type: text}, {Name: "table", Type: text}, {Name: "alias", Type: text}, {Name: "index", Type: text}, {Name: "covering", Type: yes},
		{Name: "cond", Type: text}, {Name: "filter", Type: text}, {Name: "keys", Type: text, Of: repeated}, {Name: "rows", Type: double}, {Name: "read", Type: double},
		{Name: "cost", Type: double}, {Name: "per_row", Type: yes}, {Name: "depth", Type: long}}},
}

// Fields are the names of the fields that rules see beside sqlc's.
func Fields() []string {
	var out []string
	for _, m := range own {
		for _, f := range m.Fields {
			out = append(out, f.Name)
		}
	}
	return out
}

// Known is what is known of a query beyond what sqlc tells.
type Known struct {
	Query
	Kind          string         `json:"kind"`
	Rows          Rows           `json:"rows"`
	Reads         []string       `json:"reads"`
	Writes        []string       `json:"writes"`
	Locks         bool           `json:"locks"`
	Deterministic bool           `json:"deterministic"`
	Star          bool           `json:"star"`
	Columns       []ResultColumn `json:"columns"`
	Params        []Parameter    `json:"params"`
	Tables        []Use          `json:"tables"`
	Joins         []Join         `json:"joins"`
	Predicates    []Predicate    `json:"predicates"`
	Sets          []Set          `json:"sets"`
	OrderBy       []Order        `json:"order_by"`
	Limit         *Limit         `json:"limit,omitempty"`
	Comments      []string       `json:"comments"`
	File          string         `json:"file"`
}

// Rows bounds a number of rows; Max is -1 where nothing bounds it.
type Rows struct {
	Min int64 `json:"min"`
	Max int64 `json:"max"`
}

// Parameter is an argument. Table and Column are what it is compared with or assigned to.
type Parameter struct {
	Number   int    `json:"number"`
	Name     string `json:"name"`
	Type     string `json:"type"`
	Nullable bool   `json:"nullable"`
	List     bool   `json:"list"`
	Table    string `json:"table"`
	Column   string `json:"column"`
}

// ResultColumn is a column of the result; Table and Source are the table's column that it plainly is.
type ResultColumn struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Nullable bool   `json:"nullable"`
	Table    string `json:"table"`
	Source   string `json:"source"`
}

// Use is a table that the query names, once for each time.
type Use struct {
	Name   string `json:"name"`
	Schema string `json:"schema"`
	Alias  string `json:"alias"`
}

// Join is a join: inner, left, right, full or cross. Table is what is joined; empty for a subquery.
type Join struct {
	Kind      string `json:"kind"`
	Table     string `json:"table"`
	Condition string `json:"condition"`
}

// Predicate is a comparison of a column. With tells what it is compared with: param, constant, column, null or expression;
// Always that it holds for all rows that the query keeps, and does not stand under OR or NOT.
type Predicate struct {
	Table    string `json:"table"`
	Alias    string `json:"alias"`
	Column   string `json:"column"`
	Operator string `json:"operator"`
	With     string `json:"with"`
	Param    int    `json:"param"`
	Value    string `json:"value"`
	Clause   string `json:"clause"`
	Always   bool   `json:"always"`
}

// Set is a column that INSERT or UPDATE writes.
type Set struct {
	Table  string `json:"table"`
	Column string `json:"column"`
}

// Order is an item of ORDER BY of the outermost query; Column is empty for an expression.
type Order struct {
	Table  string `json:"table"`
	Column string `json:"column"`
	Desc   bool   `json:"desc"`
	Text   string `json:"text"`
}

// Limit is the LIMIT of the outermost query: a constant Count, or -1 and the number of a parameter.
type Limit struct {
	Count int64 `json:"count"`
	Param int   `json:"param"`
}

// Schema is all tables of a block.
type Schema struct {
	Tables []Table `json:"tables"`
}

// Table is a table or view.
type Table struct {
	Name        string       `json:"name"`
	Schema      string       `json:"schema"`
	Kind        string       `json:"kind"` // table, view, materialized view, virtual table
	Comment     string       `json:"comment"`
	Columns     []Column     `json:"columns"`
	PrimaryKey  []string     `json:"primary_key"`
	Keys        []Key        `json:"keys"` // unique ones, the primary key among them
	Indexes     []Index      `json:"indexes"`
	ForeignKeys []ForeignKey `json:"foreign_keys"`
}

// Column is a column of a table.
type Column struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	Nullable  bool   `json:"nullable"`
	Default   string `json:"default"`
	Generated bool   `json:"generated"`
	Comment   string `json:"comment"`
}

// Key is a primary or unique key.
type Key struct {
	Columns []string `json:"columns"`
}

// Index is an index; an expression among its columns is empty.
type Index struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Unique  bool     `json:"unique"`
	Where   string   `json:"where"`
}

// ForeignKey references columns of another table.
type ForeignKey struct {
	Columns    []string `json:"columns"`
	Table      string   `json:"table"`
	References []string `json:"references"`
	OnDelete   string   `json:"on_delete"`
}

// Plan is a plan of any engine; its nodes are listed from the top, each before those below it.
type Plan struct {
	Cost  float64 `json:"cost"`
	Nodes []Node  `json:"nodes"`
}

// Node is a node of a plan.
type Node struct {
	Kind     string   `json:"kind"`
	Table    string   `json:"table"`
	Alias    string   `json:"alias"`
	Index    string   `json:"index"`
	Covering bool     `json:"covering"`
	Cond     string   `json:"cond"`
	Filter   string   `json:"filter"`
	Keys     []string `json:"keys"`
	Rows     float64  `json:"rows"`
	Read     float64  `json:"read"`
	Cost     float64  `json:"cost"`
	PerRow   bool     `json:"per_row"`
	Depth    int      `json:"depth"`
}
