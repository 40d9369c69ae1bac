package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// Bound is what binding made of the nodes of a statement's tree. It is kept for those who judge a statement part by part
// (Options.Bound); code generation and inspection need the whole only.
type Bound struct {
	values    map[ir.Expr]*Value
	blocks    map[ir.Query]*Block
	relations map[ir.TableExpr]*Relation
	owners    map[rel.ColID]*Block
	// list are the blocks in the order in which their binding began, around the block being bound.
	list   []*Block
	around *Block
}

// Value is what is known of an expression where it stands.
type Value struct {
	// Type is not known of a parameter or constant that takes its type from what is around it.
	Type types.Type
	Null types.Nullability
	// Column is set for a plain column, Constant for a constant, bare or behind a sign.
	Column   rel.ColID
	Constant *ir.Literal
	// Uses are the columns that it reads, of its own query block and of those around. Strict are those that make it NULL
	// where one of them is.
	Uses, Strict rel.ColSet
	// IfTrue and IfFalse are the columns that are not NULL where the condition is true, or false. The paddings of outer
	// joins are among them (rel.Join.PadL): those do not occur then.
	IfTrue, IfFalse rel.ColSet
	// NeverTrue and NeverFalse tell of a condition that no row can make it so.
	NeverTrue, NeverFalse bool
	// Volatile: it may differ from one evaluation to the next.
	Volatile bool
	// Args are the types that the operator or function takes, where it was chosen by those of the operands: an operand of another
	// type is cast.
	Args []types.Type
	// Aggregate tells of a call that it sums up the rows of a group; a window function does not.
	Aggregate bool
}

// Block is a query: the statement itself, or one in it.
type Block struct {
	Query ir.Query
	// Parent is the block that it stands in; nil for the statement.
	Parent *Block
	Node   rel.Node
	// Columns are those of its result.
	Columns []BlockColumn
	// Outer are the columns of blocks around it that it reads.
	Outer rel.ColSet
}

// BlockColumn is a column of a block's result.
type BlockColumn struct {
	ID   rel.ColID
	Name string
	Type types.Type
	Null types.Nullability
}

// Relation is an item of FROM, or the target of a statement that writes. Of a join it is nothing: its sides are.
type Relation struct {
	// Name is how the block calls it.
	Name string
	// Table is set for a table or view.
	Table *catalog.Table
	Node  rel.Node
	// Row is the identity of its rows, Columns its columns.
	Row     rel.ColID
	Columns rel.ColSet
	// Block is the one that it stands in.
	Block *Block
}

// Value is what became of an expression; nil where it was not bound.
func (n *Bound) Value(x ir.Expr) *Value { return n.values[x] }

// Block is what became of a query; nil where it was not bound.
func (n *Bound) Block(q ir.Query) *Block { return n.blocks[q] }

// Blocks lists the blocks, each behind the one that it stands in.
func (n *Bound) Blocks() []*Block { return n.list }

// Relation is what became of an item of FROM or of a target; nil for a join.
func (n *Bound) Relation(t ir.TableExpr) *Relation { return n.relations[t] }

// Owner is the block whose FROM has a column; nil for a computed one.
func (n *Bound) Owner(id rel.ColID) *Block { return n.owners[id] }

func newBound() *Bound {
	return &Bound{values: map[ir.Expr]*Value{}, blocks: map[ir.Query]*Block{}, relations: map[ir.TableExpr]*Relation{}, owners: map[rel.ColID]*Block{}}
}

// noteValue notes what became of an expression. An expression may be bound several times; the last time most is known.
func (b *binder) noteValue(x ir.Expr, v *value) {
	n := b.notes
	if n == nil || x == nil {
		return
	}
	out := &Value{Type: v.typ, Null: v.null, Constant: v.magnitude(), Uses: v.uses, Strict: v.strict,
		IfTrue: v.ifTrue.Union(v.strict), IfFalse: v.ifFalse.Union(v.strict), NeverTrue: v.notTrue, NeverFalse: v.notFalse, Volatile: v.volatile}
	if v.col != nil {
		out.Column = v.col.id
	}
	if before := n.values[x]; before != nil {
		out.Args, out.Aggregate = before.Args, before.Aggregate
	}
	n.values[x] = out
	if _, ok := x.(*ir.ColumnRef); !ok || out.Column == 0 {
		return
	}
	owner := n.owners[out.Column]
	for at := n.around; owner != nil && at != nil && at != owner; at = at.Parent {
		at.Outer = at.Outer.With(out.Column)
	}
}

// noteArgs notes what the operator or function at x takes.
func (b *binder) noteArgs(x ir.Node, args []types.Type) {
	if b.notes == nil || len(args) == 0 {
		return
	}
	e, ok := x.(ir.Expr)
	if !ok {
		return
	}
	v := b.notes.values[e]
	if v == nil {
		v = &Value{}
		b.notes.values[e] = v
	}
	v.Args = args
}

// noteAggregate notes that the call x is one of an aggregate.
func (b *binder) noteAggregate(x *ir.FuncCall) {
	if b.notes == nil {
		return
	}
	v := b.notes.values[x]
	if v == nil {
		v = &Value{}
		b.notes.values[x] = v
	}
	v.Aggregate = true
}

// beginBlock notes that a query's binding begins; what it gives ends it.
func (b *binder) beginBlock(q ir.Query) *Block {
	n := b.notes
	if n == nil {
		return nil
	}
	k := n.blocks[q]
	if k == nil {
		k = &Block{Query: q}
		n.blocks[q] = k
		n.list = append(n.list, k)
	}
	k.Parent, n.around = n.around, k
	return k
}

func (b *binder) endBlock(k *Block, out *output) {
	if k == nil {
		return
	}
	b.notes.around = k.Parent
	if out == nil {
		return
	}
	k.Node = out.node
	k.Columns = k.Columns[:0]
	for _, c := range out.cols {
		k.Columns = append(k.Columns, BlockColumn{ID: c.id, Name: c.name, Type: c.typ, Null: c.null})
	}
}

// noteFrame notes what an item of FROM gives.
func (b *binder) noteFrame(t ir.TableExpr, f *frame) {
	n := b.notes
	if n == nil {
		return
	}
	f.eachColumn(func(c *column) {
		if n.owners[c.id] == nil {
			n.owners[c.id] = n.around
		}
	})
	if _, join := t.(*ir.Join); !join && len(f.rels) == 1 {
		b.noteRelation(t, f.rels[0])
	}
}

func (b *binder) noteRelation(t ir.TableExpr, r *relation) {
	n := b.notes
	if n == nil {
		return
	}
	out := &Relation{Name: r.name, Table: r.table, Node: r.node, Row: r.row, Block: n.around}
	for _, c := range r.cols {
		out.Columns = out.Columns.With(c.id)
		n.owners[c.id] = n.around
	}
	n.relations[t] = out
}
